"""Which findings count: after the rules have spoken and before anybody reports, each finding passes sieves.

A sieve holds findings back for one reason: they are in the baseline, somebody accepted them, … What no sieve holds back
is new: it alone is reported, counted, fixed and decides the exit code. Findings pass in their order, shard by shard
while the run goes on, and those of dataset rules last; only the findings of one shard are in memory.

To add a sieve, write a class as ``Sieve`` says and make it in ``sieves.made``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import groupby
from typing import Protocol

from datalint import own_rules
from datalint.card import Card
from datalint.identity import Identity
from datalint.model import Finding, Ref, Severity
from datalint.outcome import NEW, FindingStore
from datalint.packing import order, pack, tally, unpack
from datalint.scan import Scan
from datalint.views import Record

AT_ONCE = 256  # records read again in one go


class Sieve(Protocol):
    """Holds findings back."""

    @property
    def status(self) -> str:
        """What they are then, in reports and in ``stats.suppressed``: one word, as "baseline"."""

    @property
    def codes(self) -> frozenset[str] | None:
        """The rules whose findings it may hold back, None for all: records with others are not even read again."""

    def catches(self, finding: Finding, identity: Identity) -> bool:
        """Whether this finding is held back. Asked once for each finding that the sieves before let through, in order.

        ``identity.record`` is the record with ``data`` and ``raw`` (its messages are not made out), None for findings on
        a file or the data set, and where the source has changed since."""

    def why(self, finding: Finding, identity: Identity) -> str:
        """What somebody said why, for a finding that was held back; "" if nobody did. May be asked at any time."""

    def finish(self, ran: Ran) -> Iterable[Finding | str]:
        """After the last finding: what this sieve has to say itself, as findings of ``own_rules`` or as closing lines."""


@dataclass(frozen=True)
class Ran:
    """What a run has seen. ``rules``: codes that judged; ``paths``: the files, as shown; ``source``: the number that
    findings on a file by this path may have; ``is_whole``: whether all data of the project was judged to the end."""

    rules: frozenset[str]
    paths: tuple[str, ...]
    is_complete: bool
    is_whole: Callable[[], bool]
    source: Callable[[str], int]


class Sifter:
    """Passes findings through sieves. ``bare``: reads records again, by sorted references; ``path``: of a source;
    ``keeps_all``: reports show what was held back."""

    def __init__(
        self,
        sieves: Sequence[Sieve],
        bare: Callable[[Sequence[Ref]], Iterator[Record | None]],
        path: Callable[[int | None], str],
        id_fields: Mapping[int, str],
        cards: Mapping[str, Card],
        keeps_all: bool,
    ) -> None:
        self._sieves = sieves
        self._bare = bare
        self._path = path
        self._id_fields = id_fields
        self._cards = cards
        self._keeps_all = keeps_all
        self._codes = _codes(sieves, cards)
        self.aside: dict[str, FindingStore] = {}
        self.suppressed: Counter[str] = Counter()

    def sift_scan(self, scan: Scan, shift: int, severities: Mapping[str, Severity]) -> int:
        """Take out of a scan what the sieves hold back. ``shift``: lines of its source before the shard; gives how many
        the findings that stay must still be shifted by."""
        if self._codes.isdisjoint(scan.tally.by_rule):
            return shift
        kept, held = self._sifted(unpack(scan.findings, shift))
        if not held:
            return shift
        scan.tally = tally(kept, severities, {line + shift for line in scan.blanks})
        scan.findings = pack(kept)
        for status, findings in held.items():
            if wanted := self._wanted(findings):
                self._store(status).add_chunk(scan.shard, pack(wanted), Counter(f.code for f in wanted))
        return 0

    def sift_late(self, late: Sequence[Finding]) -> list[Finding]:
        """The findings of dataset rules that no sieve holds back, in order."""
        kept, held = self._sifted(sorted(late, key=order))
        for status, findings in held.items():
            self._store(status).add_late(self._wanted(findings))
        return kept

    def why(self, status: str, finding: Finding, identity: Identity) -> str:
        """Why a finding was held back."""
        return next((sieve.why(finding, identity) for sieve in self._sieves if sieve.status == status), "")

    def finish(self, ran: Ran) -> Iterator[Finding | str]:
        """What the sieves have to say."""
        for sieve in self._sieves:
            yield from sieve.finish(ran)

    def _sifted(self, found: Sequence[Finding]) -> tuple[list[Finding], dict[str, list[Finding]]]:
        """What counts, and what is held back by status; ``found`` is in order."""
        kept: list[Finding] = []
        held: dict[str, list[Finding]] = {}
        for identity, findings in self._with_identity(found):
            for finding in findings:
                status = self._status(finding, identity) if identity is not None else NEW
                if status == NEW:
                    kept.append(finding)
                else:
                    held.setdefault(status, []).append(finding)
        self.suppressed.update({status: len(findings) for status, findings in held.items()})
        return kept, held

    def _status(self, finding: Finding, identity: Identity) -> str:
        for sieve in self._sieves if finding.code in self._codes else ():
            if (sieve.codes is None or finding.code in sieve.codes) and sieve.catches(finding, identity):
                return sieve.status
        return NEW

    def _with_identity(self, found: Sequence[Finding]) -> Iterator[tuple[Identity | None, list[Finding]]]:
        """The findings by record; no identity where no sieve would ask for it."""
        groups = [(key, list(group)) for key, group in groupby(found, key=_home)]
        for start in range(0, len(groups), AT_ONCE):
            part = [
                (key, group, not self._codes.isdisjoint(_codes_of(group)))
                for key, group in groups[start : start + AT_ONCE]
            ]
            records = _Records(self._bare, [key for key, _, wanted in part if wanted and isinstance(key, Ref)])
            for key, group, wanted in part:
                if not wanted:
                    yield None, group
                elif isinstance(key, Ref):
                    id_field = self._id_fields.get(key.source, "")
                    yield Identity(None, self._path(key.source), id_field, partial(records.at, key)), group
                else:
                    yield Identity(None, self._path(key)), group

    def _wanted(self, held: list[Finding]) -> list[Finding]:
        """What reports need of findings that were held back: all if they show them, else those that tell what to mask."""
        return held if self._keeps_all else [f for f in held if self._cards[f.code].sensitive]

    def _store(self, status: str) -> FindingStore:
        return self.aside.setdefault(status, FindingStore())


class _Records:
    """Some records, all read when a sieve asks for the first of them."""

    def __init__(self, bare: Callable[[Sequence[Ref]], Iterator[Record | None]], refs: Sequence[Ref]) -> None:
        self._bare = bare
        self._refs = refs

    def at(self, ref: Ref) -> Record | None:
        """The record at one of the places."""
        return self._found[ref]

    @cached_property
    def _found(self) -> dict[Ref, Record | None]:
        return dict(zip(self._refs, self._bare(self._refs), strict=True))


def _codes(sieves: Sequence[Sieve], cards: Mapping[str, Card]) -> frozenset[str]:
    """The rules that any of the sieves asks about. What went wrong in the run itself is never held back."""
    asked = [cards.keys() if sieve.codes is None else sieve.codes for sieve in sieves]
    return frozenset[str]().union(*asked) - {card.code for card in own_rules.CARDS}


def _home(finding: Finding) -> Ref | int | None:
    return finding.ref if finding.ref is not None else finding.source


def _codes_of(findings: Sequence[Finding]) -> set[str]:
    return {finding.code for finding in findings}
