"""States that count what a template does to the records of a file, and speak of all of them at once where it is most."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from datalint import Batch, Finding, Move, Record, Records, Ref, Related, Rendered, Templates

KEPT = 10_000  # places remembered of one thing in one file: the first ones
MANY = 5  # records from which one finding may speak for all
SHOWN = 3  # of them, places it names
CALLED = {
    "system": "the system message", "user": "a user message", "assistant": "an answer", "tool": "a tool's result",
    "unknown": "a message",
}  # fmt: skip


class Place(NamedTuple):
    """One record in which something was seen."""

    key: int
    pointer: str | None
    message: str
    severity: str


class Seen(NamedTuple):
    """How many records show it, and the first of them. ``of``: which records could."""

    of: str
    number: int
    places: tuple[Place, ...]


class State(NamedTuple):
    """By file: how many records could show something, and what was seen."""

    able: dict[tuple[int, str], int]
    seen: dict[tuple[int, str], Seen]


class Count:
    """A state in the making, for one batch."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self._able: dict[str, int] = {}
        self._current: set[str] = set()  # what the record at hand could show
        self._seen: dict[str, tuple[str, list[Place]]] = {}

    def begin(self) -> None:
        """The next record."""
        self._current.clear()

    def able(self, of: str) -> None:
        """The record at hand could show it, however often this is said."""
        if of not in self._current:
            self._current.add(of)
            self.several(of, 1)

    def several(self, of: str, number: int) -> None:
        """So many records could show it."""
        self._able[of] = self._able.get(of, 0) + number

    def saw(
        self, what: str, of: str, record: Record, message: str, pointer: str | None = None, severity: str = ""
    ) -> None:
        """A record shows it; each record counts once."""
        places = self._seen.setdefault(what, (of, []))[1]
        key = record.ref.key
        if not places or places[-1].key != key:
            places.append(Place(key, pointer, message, severity))

    def state(self) -> State:
        """What was counted."""
        source = self.batch.source
        return State(
            {(source, of): number for of, number in self._able.items()},
            {(source, what): Seen(of, len(p), tuple(p[:KEPT])) for what, (of, p) in self._seen.items()},
        )


class Rule:
    """What the rules share whose states are tallies: ``look`` counts one record."""

    always = False  # one finding a file, however few records show it

    def __init__(self, templates: Templates | None = None) -> None:
        self._templates = templates

    def look(self, record: Record, told: tuple[Rendered, ...], count: Count) -> None:
        """Count what one record shows. ``told``: its conversations as the template prints them."""

    def map(self, batch: Batch, picked: Any) -> State:
        """What the records of the batch show."""
        count = Count(batch)
        for k, told in enumerate(self._templates.batch(batch) if self._templates is not None else ()):
            if told:
                count.begin()
                self.look(batch.record(k), told, count)
        return count.state()

    def merge(self, one: State, other: State) -> State:
        """Both together."""
        able = dict(one.able)
        for of, number in other.able.items():
            able[of] = able.get(of, 0) + number
        seen = dict(one.seen)
        for what, more in other.seen.items():
            known = seen.get(what)
            if known is not None:
                more = Seen(more.of, known.number + more.number, tuple(sorted((*known.places, *more.places))[:KEPT]))
            seen[what] = more
        return State(able, seen)

    def moved(self, state: State, to: Move) -> State:
        """The same of records elsewhere."""
        seen = {
            (to.source, what): more._replace(places=tuple([p._replace(key=p.key + to.keys) for p in more.places]))
            for (_, what), more in state.seen.items()
        }
        return State({(to.source, of): number for (_, of), number in state.able.items()}, seen)

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding for a file where most of its records show it, else one a record."""
        for (source, what), seen in sorted(state.seen.items()):
            able = state.able.get((source, seen.of), seen.number)
            if self.always or seen.number > KEPT or (seen.number >= MANY and 2 * seen.number > able):
                yield _of_file(source, f"{what} in {seen.number:,} of {able:,} {seen.of}", seen, records)
            else:
                for ref, place in _located(seen.places, records):
                    yield Finding(place.message, ref, place.pointer, severity=_level(place.severity))


def _of_file(source: int, message: str, seen: Seen, records: Records) -> Finding:
    worst = "error" if any(p.severity == "error" for p in seen.places) else seen.places[0].severity
    related = [Related(ref, place.message, place.pointer) for ref, place in _located(seen.places[:SHOWN], records)]
    return Finding(message, source=source, related=tuple(related), severity=_level(worst))


def _located(places: Iterable[Place], records: Records) -> Iterator[tuple[Ref, Place]]:
    by_key = {place.key: place for place in places}
    for ref, _ in records.located(by_key):
        yield ref, by_key[ref.key]


def _level(severity: str) -> Any:
    return severity or None


def pointer_of(record: Record, rendered: Rendered, piece: int) -> str:
    """Where the first text of a piece is in the record."""
    return record.layout.slots[rendered.pieces[piece].slots[0]].pointer


def excerpt(text: str, most: int = 60) -> str:
    """The start of a text, on one line."""
    shown = " ".join(text[: most + 1].split())
    return repr(shown if len(text) <= most else f"{shown[:most]}…")
