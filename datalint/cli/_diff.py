"""How a comparison of two versions is told: as text, as Markdown for a comment, as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from datalint import jsonspan, markdown
from datalint.comparison import Change, Comparison, Seen
from datalint.document import header
from datalint.identity import relative
from datalint.nearest import Loose
from datalint.pipelines import PLAIN
from datalint.terminal import Look, clip, count, visible

MARK = "<!-- datalint diff -->"  # by which a bot finds its comment again
LARGEST = 65_000  # bytes of a comment: a bit less than code hosts take
FIELDS, SHIFTS = 10, 12  # pointers, and values of axes, that are listed
_EXCERPT, _BEFORE = 100, 20  # columns of a text; characters shown before the first difference
_MISSING = "(not there)"
Row = tuple[str, ...]


# ---- what both texts say ----


def _sums(told: Comparison) -> list[Row]:
    """Records and what they are like, before and now."""
    sides = (told.old, told.new)
    rows = [_row("records", *(s.records for s in sides)), _row("files", *(len(s.version.paths) for s in sides))]
    for share in told.old.lengths:
        name = "bytes of a record, median" if share == 50 else f"bytes of {share} % of them, at most"
        rows.append(_row(name, *(s.lengths[share] for s in sides)))
    for shape in sorted({*told.old.outcome.stats.shapes, *told.new.outcome.stats.shapes}):
        rows.append(_row(f"of the format {shape}", *(s.outcome.stats.shapes[shape] for s in sides)))
    return rows


def _row(name: str, old: int, new: int) -> Row:
    return name, f"{old:,}", f"{new:,}", f"{new - old:+,}" if new != old else ""


def _verdict(told: Comparison) -> str:
    """``3 records added, 1 removed, 2 changed, 994 as they were.``"""
    said = f"{count(len(told.added), 'record')} added, {len(told.removed):,} removed, {len(told.changed):,} changed"
    rest = f" (of these {told.rewritten:,} written otherwise)" if told.rewritten else ""
    return f"{said}, {told.same:,} as they were{rest}."


def _paired(told: Comparison) -> str:
    if told.id_field:
        return f"Records are the same if their {told.id_field} is."
    return "Records that share most of their texts count as changed." if told.changed else ""


def _findings(told: Comparison) -> tuple[list[Row], int, int]:
    """The table of rules, and how many findings are new and gone in all."""
    rules = list(told.rules())
    rows: list[Row] = [
        (r.code, r.name, f"{r.introduced:,}", f"{r.fixed:,}", f"{r.old:,}", f"{r.new:,}", _masked(told.new, r.place))
        for r in rules
    ]
    return rows, sum(r.introduced for r in rules), sum(r.fixed for r in rules)


def _fields(told: Comparison) -> list[tuple[str, int]]:
    return [(_masked(told.new, name), n) for name, n in told.fields().most_common(FIELDS)]


def _shifts(told: Comparison) -> list[Row]:
    """What the records that came and went are like."""
    return [
        (axis, value, f"{came:,}", f"{gone:,}", f"{came - gone:+,}")
        for axis, value, gone, came in islice(told.shifts(), SHIFTS)
    ]


def _masked(seen: Seen, text: str) -> str:
    return seen.report.masked(text)


def _place(one: Loose, seen: Seen, field: str) -> tuple[str, str]:
    """Where a record is, and its id."""
    own = one.id_at(field) if field else None
    return seen.place(one), _masked(seen, own) if own is not None else ""


def _excerpts(change: Change, told: Comparison) -> tuple[str, str]:
    """The first value that differs, before and after, from a little before the difference."""
    pointer = next(iter(change.fields), "")
    old, new = _value(change.old, pointer, told.old), _value(change.new, pointer, told.new)
    same = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    start = max(0, same - _BEFORE)
    return _from(old, start), _from(new, start)


def _value(one: Loose, pointer: str, seen: Seen) -> str:
    value = dict(one.leaves).get(pointer, _MISSING)
    return _masked(seen, value if isinstance(value, str) else jsonspan.canonical(value).decode(errors="replace"))


def _from(text: str, start: int) -> str:
    return ("…" if start else "") + text[start : start + 2 * _EXCERPT]


# ---- as text ----


def as_text(told: Comparison, look: Look, most: int) -> Iterator[str]:
    """Lines for a terminal."""
    yield look.paint(f"{visible(told.old.version.called, look)} -> {visible(told.new.version.called, look)}", bold=True)
    yield ""
    yield from _table([("", "before", "now", ""), *_sums(told)], look)
    rows, introduced, fixed = _findings(told)
    if rows:
        yield ""
        head = ("code", "name", "new", "gone", "before", "now", "first new one")
        yield from _table([head, *((*row[:6], clip(row[6], _EXCERPT, look)) for row in rows)], look)
    if told.changed:
        yield ""
        yield from _table(
            [("records", "changed in"), *((f"{n:,}", visible(name or "the whole", look)) for name, n in _fields(told))],
            look,
        )
    if shifts := _shifts(told):
        yield ""
        yield from _table([("records", "with", "new", "gone", ""), *shifts], look)
    for title, sign, color, some, seen in (
        ("Added", "+", "green", told.added, told.new), ("Removed", "-", "red", told.removed, told.old),
    ):  # fmt: skip
        yield from _listed(title, len(some), most, look)
        for one in some[:most]:
            place, own = _place(one, seen, told.id_field)
            yield look.paint(f"  {sign} {visible(place, look)}  {clip(own, 30, look)}".rstrip(), fg=color)
            yield f"      {clip(_masked(seen, one.text), _EXCERPT, look)}"
    yield from _listed("Changed", len(told.changed), most, look)
    for change in told.changed[:most]:
        place, own = _place(change.new, told.new, told.id_field)
        names = clip(", ".join(_masked(told.new, f) for f in change.fields), _EXCERPT, look)
        yield "  ~ " + "  ".join(filter(None, (visible(place, look), clip(own, 30, look), names)))
        for sign, color, text in zip("-+", ("red", "green"), _excerpts(change, told), strict=True):
            yield look.paint(f"      {sign} {clip(text, _EXCERPT, look)}", fg=color)
    yield ""
    if said := _paired(told):
        yield visible(said, look)
    yield visible(_verdict(told), look)
    yield f"{count(introduced, 'finding')} new, {fixed:,} gone."


def _listed(title: str, number: int, most: int, look: Look) -> Iterator[str]:
    if number and most:
        yield ""
        yield look.paint(f"{title} ({most:,} of {number:,})" if number > most else title, bold=True)


def _table(rows: Sequence[Row], look: Look) -> Iterator[str]:
    """Columns: numbers to the right, all else to the left; the first row is the head."""
    columns = list(zip(*rows, strict=True))
    right = [all(not c or c.lstrip("+-")[:1].isdigit() for c in column[1:]) for column in columns]
    widths = [max(map(len, column)) for column in columns]
    for n, row in enumerate(rows):
        cells = (c.rjust(w) if r else c.ljust(w) for c, w, r in zip(row, widths, right, strict=True))
        line = "  ".join(cells).rstrip()
        yield look.paint(line, dim=True) if n == 0 else line


# ---- as Markdown ----


def as_markdown(told: Comparison, most: int) -> str:
    """A comment for a pull request, no longer than hosts take: examples are dropped before tables are."""
    while True:
        text = "\n".join(_markdown(told, most)) + "\n"
        if len(text.encode()) <= LARGEST or not most:
            return text if len(text.encode()) <= LARGEST else _cut(text)
        most = min(most, max(len(told.added), len(told.removed), len(told.changed))) // 2


def _cut(text: str) -> str:
    whole = text.encode()[: LARGEST - 100].decode(errors="ignore").rpartition("\n")[0]
    return f"{whole}\n\n… and more than fits into a comment.\n"


def _markdown(told: Comparison, most: int) -> Iterator[str]:
    rows, introduced, fixed = _findings(told)
    yield MARK
    yield f"## datalint: {count(introduced, 'new finding')}, {fixed:,} gone"
    yield ""
    yield f"{code(told.old.version.called)} → {code(told.new.version.called)}: {_verdict(told)}"
    yield ""
    yield from _grid(("", "before", "now", "change"), [(name, *cells) for name, *cells in _sums(told)], "l")
    if rows:
        yield from ("", "### Findings", "")
        made = [(code(c), n, came, went, old, new, code(place)) for c, n, came, went, old, new, place in rows]
        yield from _grid(("rule", "name", "new", "gone", "before", "now", "first new one"), made, "ll----l")
    if told.changed:
        yield from ("", "### Changed values", "")
        yield from _grid(
            ("where", "records"), [(code(name or "the whole"), f"{n:,}") for name, n in _fields(told)], "l-"
        )
    if shifts := _shifts(told):
        yield from ("", "### Kinds of records", "")
        rows = [(axis, code(value), *numbers) for axis, value, *numbers in shifts]
        yield from _grid(("", "", "new", "gone", "change"), rows, "ll")
    for title, some, line in (
        ("Added", told.added, _mark_one(told.new, told.id_field)),
        ("Removed", told.removed, _mark_one(told.old, told.id_field)),
        ("Changed", told.changed, _mark_change(told)),
    ):
        if some and most:
            number = f"{most:,} of {len(some):,}" if len(some) > most else f"{len(some):,}"
            yield from ("", "<details>", f"<summary>{title}: {number}</summary>", "")
            for one in islice(some, most):
                yield from line(one)
            yield from ("", "</details>")
    if said := _paired(told):
        yield from ("", said if not told.id_field else f"Records are the same if their {code(told.id_field)} is.")


def _mark_one(seen: Seen, field: str) -> Callable[[Any], Iterator[str]]:
    def lines(one: Loose) -> Iterator[str]:
        place, own = _place(one, seen, field)
        yield f"- {code(place)} {code(own)}".rstrip()
        yield f"  {code(_masked(seen, one.text))}"

    return lines


def _mark_change(told: Comparison) -> Callable[[Any], Iterator[str]]:
    def lines(change: Change) -> Iterator[str]:
        place, own = _place(change.new, told.new, told.id_field)
        names = ", ".join(code(_masked(told.new, f)) for f in change.fields[:FIELDS])
        yield f"- {' '.join(filter(None, (code(place), code(own), names)))}"
        for word, text in zip(("before", "now"), _excerpts(change, told), strict=True):
            yield f"  - {word}: {code(text)}"

    return lines


def _grid(head: Row, rows: Sequence[Row], kinds: str) -> Iterator[str]:
    """A table; ``kinds``: l for columns of text, the others are numbers."""
    aligned = ["---" if kind == "l" else "--:" for kind in kinds.ljust(len(head), "-")]
    for row in (head, aligned, *rows):
        yield f"| {' | '.join(row)} |"


def code(text: str) -> str:
    """Text of the data as code, in which nothing is markup, mentions nobody and links nowhere; "" for none."""
    return markdown.code(clip(text, _EXCERPT, PLAIN).strip())


# ---- as JSON ----


def as_json(told: Comparison, most: int) -> dict[str, Any]:
    """One document."""
    rules = [r._asdict() | {"place": _masked(told.new, r.place) or None} for r in told.rules()]
    return {
        **header("diff"),
        "old": _version(told.old),
        "new": _version(told.new),
        "records": {
            "added": len(told.added), "removed": len(told.removed), "changed": len(told.changed), "same": told.same,
            "rewritten": told.rewritten, "id_field": told.id_field or None,
        },
        "findings": {
            "introduced": sum(r["introduced"] for r in rules), "fixed": sum(r["fixed"] for r in rules), "by_rule": rules,
        },
        "fields": dict(_fields(told)),
        "profile": {"gone": told.gone.axes, "came": told.came.axes},
        "added": [_json_place(one, told.new, told.id_field) for one in told.added[:most]],
        "removed": [_json_place(one, told.old, told.id_field) for one in told.removed[:most]],
        "changed": [
            {"old": _json_place(c.old, told.old, told.id_field), "new": _json_place(c.new, told.new, told.id_field),
             "fields": [_masked(told.new, f) for f in c.fields]}
            for c in told.changed[:most]
        ],
    }  # fmt: skip


def _version(seen: Seen) -> dict[str, Any]:
    stats = seen.outcome.stats
    return {
        "name": seen.version.called, "files": list(seen.version.paths), "records": seen.records, "bytes": stats.bytes,
        "findings": seen.census.found.total(), "shapes": dict(sorted(stats.shapes.items())),
        "lengths": {f"p{share}": length for share, length in seen.lengths.items()},
        "not_checked": [n._asdict() for n in seen.report.not_checked],
    }  # fmt: skip


def _json_place(one: Loose, seen: Seen, field: str) -> dict[str, Any]:
    own = one.id_at(field) if field else None
    return {
        "path": relative(one.path, seen.report.settings),
        "line": one.line,
        "id": _masked(seen, own) if own is not None else None,
    }
