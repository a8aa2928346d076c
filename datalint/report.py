"""The report: an outcome whose findings know their line, column, identity and masks. All that reporters read.

Findings come sorted by record, so a record is read again and indexed once, and only if one of its findings is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from heapq import merge
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, cast

from datalint import jsonspan
from datalint.card import Card
from datalint.exit_codes import exit_code
from datalint.foreign import foreign_code
from datalint.identity import Identity, relative, value_at
from datalint.masking import Masks, strings_in
from datalint.model import Applicability, Edit, Finding, Fix, Ref, Related, Severity, Span
from datalint.outcome import NEW, NotChecked, Outcome
from datalint.packing import order
from datalint.places import position
from datalint.terminal import Look
from datalint.views import Record

if TYPE_CHECKING:
    from datalint.config import Settings

RULE_URL = "docs/rules/{name}.md"


class Told(NamedTuple):
    """A finding and whether it counts."""

    finding: Finding
    status: str = NEW


@dataclass(frozen=True, slots=True)
class Place:
    """Another place that explains a finding."""

    path: str
    line: int
    pointer: str | None
    span: Span | None
    message: str


@dataclass(frozen=True, slots=True)
class Located:
    """A finding with its place in the file, its identity and everything sensitive masked.

    Lines and columns count from 1, columns in code points; they are None for findings on a file or the data set.
    ``raw_span`` is the place in the bytes of the record, ``on_bytes`` tells that the rule itself counted in bytes.
    ``ref``, ``record`` and ``masks`` are for frames and for the bytes of fixes only.
    """

    code: str
    name: str
    category: str
    severity: Severity
    message: str
    path: str
    line: int | None
    column: int | None
    end_line: int | None
    end_column: int | None
    pointer: str | None
    span: Span | None
    raw_span: Span | None
    on_bytes: bool
    record_index: int | None
    record_id: str | None
    score: float | None
    related: tuple[Place, ...]
    fingerprint: str
    sensitive: bool
    url: str
    fix: Fix | None
    ref: Ref | None
    record: Record | None
    masks: Masks
    status: str = NEW
    why: str = ""  # what somebody said why it was held back

    @property
    def where(self) -> str:
        """``path:line:column``, or the path alone, or "data set"."""
        return f"{self.path}:{self.line}:{self.column}" if self.line is not None else self.path or "data set"


class Report:
    """One outcome, ready to be told. ``redact=False`` shows what sensitive rules matched."""

    def __init__(self, outcome: Outcome, settings: Settings, look: Look | None = None, *, redact: bool = True) -> None:
        self.outcome = outcome
        self.settings = settings
        self.stats = outcome.stats
        self.look = look or Look()
        self.redact = redact

    def __iter__(self) -> Iterator[Located]:
        """All findings, in order of place; those that were held back only where the settings want them shown."""
        for known, group in self._groups():
            if wanted := [one for one in group if self._is_wanted(one)]:
                yield from sorted(map(known.located, wanted), key=_by_column)

    def shown(self) -> Iterator[Located]:
        """As many findings of each rule as text output shows; ``hidden`` counts the others."""
        limit = self.settings.max_per_rule
        return self.first(self.stats.findings - self.hidden, limit) if limit else iter(self)

    def first(self, wanted: Mapping[str, int], aside: int | None = None) -> Iterator[Located]:
        """The first so many findings of each rule, and ``aside`` of those that were held back where they are shown (None:
        as many as of the rule with most); those left out are not located."""
        left = Counter(wanted)
        limit = max(wanted.values(), default=0) if aside is None else aside
        also: Counter[str] = Counter()  # shown though held back
        for known, group in self._groups(lambda counts: any(left[code] for code in counts)):
            taken: list[Told] = []
            for one in group:
                if one.status == NEW and left[one.finding.code]:
                    left[one.finding.code] -= 1
                    taken.append(one)
                elif one.status != NEW and self.settings.show_suppressed and also[one.finding.code] < limit:
                    also[one.finding.code] += 1
                    taken.append(one)
            if taken:
                yield from sorted(map(known.located, taken), key=_by_column)
            if not any(left.values()) and not self.settings.show_suppressed:
                return

    def on(self, wanted: Callable[[Finding], bool]) -> Iterator[tuple[Finding, Located]]:
        """All findings of the records, or files, where one is ``wanted``, whatever holds them back; in order of place."""
        for known, group in self._groups():
            if any(wanted(one.finding) for one in group):
                yield from sorted(
                    ((one.finding, known.located(one)) for one in group), key=lambda pair: _by_column(pair[1])
                )

    def _is_wanted(self, one: Told) -> bool:
        return one.status == NEW or self.settings.show_suppressed

    @cached_property
    def hidden(self) -> Counter[str]:
        """How many findings of each rule text output leaves out."""
        limit = self.settings.max_per_rule
        return Counter({code: n - limit for code, n in self.stats.findings.items() if 0 < limit < n})

    @cached_property
    def fixable(self) -> Counter[str]:
        """How many findings have a fix, by rule and by how safe it counts as here: ``TXT201 safe``."""
        found: Counter[str] = Counter()
        for key, number in self.stats.fixable.items():
            code, _, declared = key.partition(" ")
            found[f"{code} {self.applicability(code, cast(Applicability, declared))}"] += number
        return found

    def applicability(self, code: str, declared: Applicability) -> Applicability:
        """How safe a rule's fix counts as under the settings."""
        return self.outcome.fix_policy.applicability(code, declared)

    @cached_property
    def exit_code(self) -> int:
        """The exit code of the run; a plugin may have another opinion."""
        code = exit_code(self.outcome, self.settings)
        if self.outcome.hooks is None:
            return code
        with foreign_code("a plugin failed in datalint_exit_code"):
            other = self.outcome.hooks.datalint_exit_code(report=self, exit_code=code)
        return code if other is None else int(other)

    def diffs(self) -> Iterator[str]:
        """What fixes would change, with everything masked that sensitive rules found."""
        if self.outcome.diffs:
            yield from map(self.masks.text, self.outcome.diffs)

    @cached_property
    def masks(self) -> Masks:
        """Masks for whatever the sensitive rules matched anywhere. Reads every record that has such a finding."""
        return Masks.of(text for known in self._everything() for text in known.secrets())

    @cached_property
    def not_checked(self) -> tuple[NotChecked, ...]:
        """What was not checked, and why; what rules said of a record is masked."""
        return tuple(n._replace(why=self.masked(n.why)) if n.line else n for n in self.outcome.not_checked)

    def masked(self, text: str) -> str:
        """What a rule said of the data, masked; nothing of it where a record with secrets cannot be read again."""
        return "the data has changed since" if self._veiled else self.masks.text(text)

    @cached_property
    def _veiled(self) -> bool:
        return any(known.is_veiled for known in self._everything())

    def card(self, code: str) -> Card:
        """The card of a rule; findings that the engine makes itself have none."""
        found = self.outcome.cards.get(code)
        return found or Card(code, code, code, "", "correctness", "record", severity="error", local=True)

    def path(self, source: int | None) -> str:
        """Path of a source below the project's root, with ``/``; "" for the data set."""
        return self._paths[source] if source is not None else ""

    @cached_property
    def _paths(self) -> tuple[str, ...]:
        return tuple(relative(path, self.settings) for path in self.outcome.paths)

    def _groups(
        self, wanted: Callable[[Mapping[str, int]], bool] = lambda counts: True
    ) -> Iterator[tuple[Known, list[Told]]]:
        """The findings, all of one record at a time; ``wanted``: of shards with such counts by rule."""
        if not self.settings.fix_only:
            for _, group in groupby(self._told(wanted), key=_home):
                told = list(group)
                yield Known(self, [one.finding for one in told]), told

    def _everything(self) -> Iterator[Known]:
        """All records with findings, whatever is reported of them."""
        for _, group in groupby(self._told(), key=_home):
            yield Known(self, [one.finding for one in group])

    def _told(self, wanted: Callable[[Mapping[str, int]], bool] = lambda counts: True) -> Iterator[Told]:
        """New findings and those that were held back, in order."""
        new = (Told(finding) for finding in self.outcome.findings.of(wanted))
        if not self.outcome.aside:
            return new
        held = [map(partial(Told, status=status), store) for status, store in sorted(self.outcome.aside.items())]
        return merge(new, *held, key=lambda one: order(one.finding))


class Known:
    """What several findings of one record share: the record, the index of its bytes, its id and its secrets."""

    def __init__(self, report: Report, findings: Sequence[Finding]) -> None:
        self._report = report
        self._findings = findings
        self._ref = findings[0].ref

    @cached_property
    def record(self) -> Record | None:
        """The record, None for findings on a file and where the source has changed since."""
        if self._ref is None:
            return None
        try:
            return self._report.outcome.records.at(self._ref)
        except KeyError:
            return None

    @cached_property
    def masks(self) -> Masks:
        """Masks for whatever the sensitive rules matched in this record."""
        return Masks.of(self.secrets())

    @cached_property
    def is_veiled(self) -> bool:
        """Whether the record has secrets and cannot be read again: what is said of it may hold them."""
        secret = self._report.redact and any(self._report.card(f.code).sensitive for f in self._findings)
        return secret and self._ref is not None and self.record is None

    def secrets(self) -> Iterator[str]:
        """What the sensitive rules matched in this record."""
        for finding in self._findings:
            if self._report.redact and self._report.card(finding.code).sensitive:
                yield from self._matched(finding)

    def _matched(self, finding: Finding) -> Iterator[str]:
        if self.record is None:
            return
        place = self.bytes_of(finding)
        if place is not None:
            yield self.record.raw[place[0] : place[1]].decode("utf-8", "replace").strip('"')
        if finding.raw_span is None and finding.pointer is not None:
            value = value_at(self.record.data, finding.pointer)[0]
            if isinstance(value, str) and finding.span is not None:
                yield value[finding.span[0] : finding.span[1]]
            else:
                yield from strings_in(value)

    @cached_property
    def _index(self) -> jsonspan.Index | None:
        try:
            return jsonspan.locate(self.record.raw) if self.record is not None else None
        except ValueError:
            return None

    @cached_property
    def record_id(self) -> str | None:
        """The value of the id field, else a hash of the content."""
        if self._ref is None or self.record is None:
            return None
        given = self.identity.given_id
        return self.identity.content if given is None else self.masks.text(given)

    @cached_property
    def identity(self) -> Identity:
        """What the record and the findings are called wherever they lie."""
        source = self._ref.source if self._ref is not None else self._findings[0].source
        return Identity(self.record, self._report.path(source), self._report.outcome.id_fields.get(source or 0, ""))

    def bytes_of(self, finding: Finding) -> Span | None:
        """The bytes of the raw record that the finding is about, None for all of it."""
        if finding.raw_span is not None or finding.pointer is None or self.record is None or self._index is None:
            return finding.raw_span
        try:
            value = self._index.value(finding.pointer)
        except (KeyError, ValueError):
            return None
        try:
            if finding.span is None or self.record.raw[value[0] : value[0] + 1] != b'"':
                return value
            return jsonspan.text_span(self.record.raw, value, finding.span)
        except ValueError:  # the text is shorter
            return value

    def located(self, told: Told) -> Located:
        """The finding with all that a reporter may want to know."""
        report, (finding, status) = self._report, told
        ref = finding.ref
        card = report.card(finding.code)
        raw_span = self.bytes_of(finding) if ref is not None else None
        line, column, end_line, end_column = self._region(ref, raw_span)
        index = report.outcome.record_index(ref) if ref is not None else None
        masks = self.masks
        return Located(
            code=finding.code,
            name=card.name,
            category=card.category,
            severity=finding.severity or report.outcome.severities[finding.code],
            message=card.summary if self.is_veiled else masks.text(finding.message),
            path=report.path(ref.source if ref is not None else finding.source),
            line=line,
            column=column,
            end_line=end_line,
            end_column=end_column,
            pointer=masks.text(finding.pointer) if finding.pointer is not None and ref is not None else None,
            span=finding.span,
            raw_span=raw_span,
            on_bytes=finding.raw_span is not None,
            record_index=index,
            record_id=self.record_id if index is not None else None,
            score=finding.score,
            related=tuple(self._place(r) for r in finding.related),
            fingerprint=self.fingerprint(finding),
            sensitive=card.sensitive,
            url="" if card.local else RULE_URL.format(name=card.name),
            fix=None if self.is_veiled else self._fix(finding),
            ref=ref,
            record=self.record,
            masks=masks,
            status=status,
            why=masks.text(report.outcome.why_aside(status, finding, self.identity)) if status != NEW else "",
        )

    def _region(self, ref: Ref | None, raw_span: Span | None) -> tuple[int | None, int | None, int | None, int | None]:
        if ref is None:
            return None, None, None, None
        raw = self.record.raw if self.record is not None else b""
        before = self._report.outcome.before(ref)
        places = [position(raw, ref.line, byte) for byte in raw_span or (0, len(raw.rstrip(b"\r")))]
        (line, column), (end_line, end_column) = ((n, at + before if n == ref.line else at) for n, at in places)
        return line, column, end_line, end_column

    def _place(self, related: Related) -> Place:
        path = self._report.path(related.ref.source)
        return Place(path, related.ref.line, related.pointer, related.span, self.masks.text(related.message))

    def _fix(self, finding: Finding) -> Fix | None:
        fix = finding.fix
        if fix is None:
            return None
        fix = fix._replace(applicability=self._report.applicability(finding.code, fix.applicability))
        if not self.masks.secrets:
            return fix
        edits: tuple[Edit, ...] = tuple(map(self.masks.edit, fix.edits))
        return fix._replace(title=self.masks.text(fix.title), edits=edits)

    def fingerprint(self, finding: Finding) -> str:
        """What the finding is called wherever it lies."""
        return self.identity.fingerprint(finding)


def _home(one: Told) -> Ref | int | None:
    """What one group of findings has in common: the record, else the file, else the data set."""
    return one.finding.ref if one.finding.ref is not None else one.finding.source


def _by_column(found: Located) -> tuple[int, int, str]:
    return found.line or 0, found.column or 0, found.code
