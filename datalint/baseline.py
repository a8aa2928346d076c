"""The baseline: findings that were there when somebody drew a line, so that only new ones count.

A text file, a line a finding: code and name of the rule, fingerprint, how many there are. Nothing in it changes when the
data is shuffled, split or moved, and two versions of it merge by taking the lines of both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from datalint.errors import ConfigError
from datalint.identity import Identity
from datalint.model import Finding
from datalint.patterns import pattern
from datalint.sifting import Ran
from datalint.terminal import count

HEADER = "# datalint baseline 1"
STALE = "DLT105"
_LINE = pattern(r"([A-Z]{2,5}[0-9]{3}) (\S+) ([0-9a-f]{16}) ([1-9][0-9]{0,17})")
_OTHER = pattern(r"# datalint baseline (\d+)\s*")


class Entry(NamedTuple):
    """So many equal findings of one rule."""

    code: str
    name: str
    number: int


Entries = Mapping[str, Entry]  # by fingerprint


def read(path: Path, shown: str) -> dict[str, Entry]:
    """The baseline at ``path``, which is called ``shown``. Raises ConfigError with the line that is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ConfigError(
            f"the baseline {shown} does not exist", hint="`datalint baseline create` writes it"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        said = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror
        raise ConfigError(f"cannot read the baseline {shown}: {said}") from error
    return parse(text, shown)


def parse(text: str, shown: str) -> dict[str, Entry]:
    """The entries of a baseline. Of an entry that stands there twice, as after a merge, the greater number holds."""
    found: dict[str, Entry] = {}
    headed = False
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line == HEADER:
            headed |= bool(line.strip())
            continue
        fits = _LINE.fullmatch(line)
        if not headed or (fits is None and not line.startswith("#")):
            raise _mistake(line, f"{shown}:{number}")
        if fits is not None:
            known = found.get(fits[3])
            found[fits[3]] = Entry(fits[1], fits[2], max(int(fits[4]), known.number if known else 0))
    return found


def _mistake(line: str, place: str) -> ConfigError:
    other = _OTHER.fullmatch(line)
    if other:
        hint = "update datalint, or write it anew with `datalint baseline create`"
        return ConfigError(
            f"this baseline is of version {other[1]}, and only version 1 is known", place=place, hint=hint
        )
    if line.startswith(("<<<<<<<", "=======", ">>>>>>>", "|||||||")):
        hint = "keep the lines of both sides; `merge=union` in .gitattributes does it by itself"
        return ConfigError("a merge left its marks in the baseline", place=place, hint=hint)
    said = line if len(line) <= 60 else line[:57] + "…"
    hint = f"its first line is {HEADER!r}, and then each line has code, name, fingerprint and number"
    return ConfigError(f"{said!r} is no line of a baseline", place=place, hint=hint)


def text(entries: Entries) -> Iterator[str]:
    """The lines of a baseline: the same entries always give the same text."""
    yield HEADER + "\n"
    for fingerprint, entry in sorted(entries.items(), key=lambda item: (item[1].code, item[0])):
        yield f"{entry.code} {entry.name} {fingerprint} {entry.number}\n"


@dataclass
class Known:
    """Holds back as many findings as the baseline has; of more that are equal, the last ones are new."""

    entries: Entries
    shown: str
    status: str = "baseline"
    codes: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.codes = frozenset(entry.code for entry in self.entries.values())
        self._left = {fingerprint: entry.number for fingerprint, entry in self.entries.items()}

    def catches(self, finding: Finding, identity: Identity) -> bool:
        """Whether one such finding is left in the baseline."""
        fingerprint = identity.fingerprint(finding)
        left = self._left.get(fingerprint, 0)
        if left:
            self._left[fingerprint] = left - 1
        return left > 0

    def why(self, finding: Finding, identity: Identity) -> str:
        """Nothing: a baseline has no reasons."""
        return ""

    def finish(self, ran: Ran) -> Iterator[Finding | str]:
        """How many entries no finding was found for, if all was looked at."""
        stale = sum(left for key, left in self._left.items() if left and self.entries[key].code in ran.rules)
        if stale and ran.is_whole():
            said = f"{count(stale, 'finding')} of the baseline no longer occur{'s' * (stale == 1)}"
            yield f"{said}: `datalint baseline prune` takes {'it' if stale == 1 else 'them'} out."
            yield Finding(said, source=ran.source(self.shown), code=STALE)


@dataclass
class Census:
    """Holds nothing back, and counts all findings by fingerprint."""

    status: str = "counted"
    codes: None = None
    found: Counter[str] = field(default_factory=Counter)
    code_of: dict[str, str] = field(default_factory=dict)
    ran: Ran | None = None

    def catches(self, finding: Finding, identity: Identity) -> bool:
        """Never."""
        fingerprint = identity.fingerprint(finding)
        self.found[fingerprint] += 1
        self.code_of[fingerprint] = finding.code
        return False

    def why(self, finding: Finding, identity: Identity) -> str:
        """Nothing."""
        return ""

    def finish(self, ran: Ran) -> Iterable[Finding | str]:
        """Nothing; remembers what was looked at."""
        self.ran = ran
        return ()


def extended(old: Entries, census: Census, names: Mapping[str, str]) -> dict[str, Entry]:
    """``old`` with all that was counted of the rules in ``names`` (code -> name); nothing is taken out."""
    made = dict(old)
    for fingerprint, number in census.found.items():
        code = census.code_of[fingerprint]
        if code in names:
            before = old[fingerprint].number if fingerprint in old else 0
            made[fingerprint] = Entry(code, names[code], max(before, number))
    return made


def pruned(old: Entries, census: Census, codes: frozenset[str]) -> dict[str, Entry]:
    """``old`` without what was not found again of the rules in ``codes``; nothing is added."""
    left = {
        fingerprint: entry._replace(number=min(entry.number, census.found[fingerprint]))
        for fingerprint, entry in old.items()
        if entry.code in codes
    }
    return {key: entry for key, entry in (dict(old) | left).items() if entry.number}


def total(entries: Entries) -> int:
    """How many findings they are."""
    return sum(entry.number for entry in entries.values())
