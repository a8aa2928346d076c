"""A portrait as text: blocks side by side on a terminal, tables in Markdown, a table as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from textwrap import wrap
from typing import Any, NamedTuple

from datalint import axes
from datalint.portrait import OPENINGS, TOLD, Group, Lengths, Portrait
from datalint.terminal import Look, clip, count, pad, size, text_width, visible

ROOM = 38  # columns a block needs
LABEL = 16  # columns of what a row is about
WIDE = 24  # the same where texts of the data are shown
ROWS = 8  # values shown of one axis
GROUPS = 20  # values of a field that a table shows
_GAP = 2
_ORDERED = {"instruction-length": axes.BAND_NAMES, "answer-length": axes.BAND_NAMES, "turns": axes.TURNS,
            "system": ("with", "without")}  # fmt: skip
_TITLES = {"instruction-length": "words of the prompt", "answer-length": "words of the answer",
           "turns": "turns of the user", "system": "system prompt", "task": "first verb of the prompt",
           "format": "format of the answer"}  # fmt: skip
_EIGHTHS = " ▏▎▍▌▋▊▉█"


@dataclass(frozen=True)
class Told:
    """All there is to tell: the portrait, and what rules and the run know. ``copies``: by rule, None: not looked for."""

    portrait: Portrait
    files: Mapping[str, int] = field(default_factory=dict)
    shapes: Mapping[str, int] = field(default_factory=dict)
    copies: Mapping[str, int] | None = None
    bytes: int = 0
    source: str = ""  # the field that says where a record comes from
    by: str = ""

    @property
    def records(self) -> int:
        """How many records there are."""
        return self.portrait.profile.records


class Bar(NamedTuple):
    """A row of a block: a value, how many there are, and their share; the bar is drawn to ``part``."""

    label: str
    records: int
    share: float
    part: float


class Block(NamedTuple):
    """Some rows under a title. Rows that are texts stand as they are, the first of them a head."""

    title: str
    bars: Sequence[Bar] = ()
    lines: Sequence[str] = ()
    wide: bool = False


# ---- what is shown ----


def blocks(told: Told) -> Iterator[Block]:
    """All blocks, in order."""
    profile = told.portrait.profile
    alike = dict(constant(told))
    yield Block("lengths in words", lines=_lengths_table(told.portrait.lengths))
    if len(told.shapes) > 1:
        yield _bars("record formats", told.shapes)
    yield Block("texts by role", lines=_roles(told.portrait))
    for axis, counts in profile.axes.items():
        if axis in told.portrait.many:
            yield Block(_TITLES.get(axis, axis), lines=("", f"more than {axes_limit()} different values"))
        elif axis not in alike and (axis != told.by or axis in axes.AXES):
            yield _bars(_TITLES.get(axis, axis), counts, _ORDERED.get(axis, ()))
    note = f", of {OPENINGS:,} records" if profile.records > OPENINGS else ""
    for what, name in (("prompt", "prompts"), ("answer", "answers")):
        found = [one for one in told.portrait.most_common(what)[:ROWS] if one[1] > 1]
        yield _rows(f"openings of {name}{note}", found, len(told.portrait.openings), wide=True)
    if told.copies is not None:
        copies = [(name.removesuffix("-duplicate"), n) for name, n in told.copies.items()]
        yield _rows("copies of other records", copies, profile.records)
    if len(told.files) > 1:
        folder = _folder(told.files)
        names = {name[len(folder) :]: n for name, n in told.files.items()}
        yield _bars(f"files of {folder[:-1]}" if folder else "files", names, wide=True)


def constant(told: Told) -> Iterator[tuple[str, str]]:
    """What all records have in common that have it at all, by axis."""
    if len(told.shapes) == 1:
        yield "record format", next(iter(told.shapes))
    for axis, counts in told.portrait.profile.axes.items():
        if len(counts) == 1 and axis != told.by:
            yield axis, next(iter(counts))


def _folder(names: Iterable[str]) -> str:
    """The folder that all these files are in, with the slash; "" where they have none in common."""
    shared = []
    for parts in zip(*(name.split("/")[:-1] for name in names), strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(f"{parts[0]}/")
    return "".join(shared)


def axes_limit() -> str:
    """From how many values on an axis is not told."""
    from datalint.portrait import VALUES

    return f"{VALUES:,}"


def _bars(title: str, counts: Mapping[str, int], order: Sequence[str] = (), *, wide: bool = False) -> Block:
    total = sum(counts.values())
    if order:
        shown = [(value, counts.get(value, 0)) for value in order]
        there = [n for n, (_, number) in enumerate(shown) if number]
        return _rows(title, shown[there[0] : there[-1] + 1] if there else [], total)
    ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    rest = ranked[ROWS - 1 :] if len(ranked) > ROWS else []
    more = [(f"{len(rest):,} others", sum(n for _, n in rest))] if rest else []
    return _rows(title, ranked[: len(ranked) - len(rest)], total, more, wide=wide)


def _rows(
    title: str, counts: Sequence[tuple[str, int]], total: int, more: Sequence[tuple[str, int]] = (), *,
    wide: bool = False,
) -> Block:  # fmt: skip
    most = max((n for _, n in counts), default=0)
    bars = [Bar(name, n, n / total if total else 0.0, n / most if most else 0.0) for name, n in counts]
    return Block(title, [*bars, *(Bar(name, n, n / total, 0.0) for name, n in more)], wide=wide)


def _lengths_table(found: Mapping[str, Lengths]) -> list[str]:
    heads = ("p5", "p50", "p95", "p99", "max")
    rows: list[tuple[str, ...]] = [("", *heads)]
    for name in TOLD:
        if name in found:
            told = found[name]
            rows.append((name, *(_brief(told.at(share)) for share in (0.05, 0.5, 0.95, 0.99, 1))))
    return [f"{row[0]:<8}" + "".join(f"{cell:>6}" for cell in row[1:]) for row in rows]


def _roles(portrait: Portrait) -> list[str]:
    rows = [("", "texts", "words", "each")]
    for role, n in portrait.texts.items():
        words = portrait.words.get(role, 0)
        rows.append((role, _brief(n), _brief(words), f"{words / n:,.0f}"))
    return [f"{a:<10}{b:>10}{c:>9}{d:>7}" for a, b, c, d in rows]


def _brief(number: int) -> str:
    """A number in six columns."""
    if number < 100_000:
        return f"{number:,}"
    for unit in ("k", "M", "G"):
        number_ = number / 1000
        if number_ < 999.5 or unit == "G":
            return f"{number_:.1f}{unit}" if number_ < 100 else f"{number_:.0f}{unit}"
        number = round(number_)
    return ""


# ---- on a terminal ----


def table(told: Told, look: Look) -> list[str]:
    """The portrait for a terminal, or a file that is read."""
    head = f"{count(told.records, 'record')} in {count(len(told.files), 'file')}, {size(told.bytes)}"
    if not told.records:
        return ["There are no records."]
    lines = [look.paint(head, bold=True)]
    alike = ", ".join(f"{axis} {value}" for axis, value in constant(told))
    lines += [*(visible(line, look) for line in wrap(f"all: {alike}", look.width - 1)), ""] if alike else [""]
    if unknown := told.shapes.get("unknown", 0):
        lines += [f"{count(unknown, 'record')} of no known format: `datalint formats` lists those there are", ""]
    columns = max(1, (look.width + _GAP) // (ROOM + _GAP))
    width = (look.width - _GAP * (columns - 1)) // columns
    made = [_drawn(block, width, look) for block in blocks(told) if block.bars or len(block.lines) > 1]
    lines += _side_by_side(made, columns, width)
    for axis, groups in told.portrait.groups.items():
        title = look.paint(f"by {visible(axis, look)}", bold=True)
        title += " (words: median of prompts and answers, p95 of answers)"
        lines += [title, *_by(axis, groups, told.records, look), ""]
    return [line.rstrip() for line in lines[:-1]]


def _drawn(block: Block, width: int, look: Look) -> list[str]:
    lines = [look.paint(clip(block.title, width, look), bold=True)]
    for n, line in enumerate(block.lines):
        if line.strip():
            lines.append(look.paint(line, dim=True) if n == 0 else line)
    room = min(WIDE, width - 18) if block.wide else LABEL
    for bar in block.bars:
        label = pad(clip(bar.label, room, look), room)
        numbers = f"{_brief(bar.records):>7} {bar.share:6.1%}"
        drawn = bar_of(bar.part, width - room - text_width(numbers) - 2, look)
        lines.append(f"{label} {numbers} {look.paint(drawn, fg='cyan')}")
    return [*lines, ""]


def bar_of(part: float, width: int, look: Look) -> str:
    """A bar as long as its part of ``width``; whatever is there at all has one."""
    if width <= 0 or part <= 0:
        return ""
    if not look.unicode:
        return "#" * max(1, round(part * width))
    eighths = max(1, round(part * width * 8))
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def _side_by_side(made: Sequence[Sequence[str]], columns: int, width: int) -> list[str]:
    """The blocks in columns, each below the shortest one so far."""
    stacks: list[list[str]] = [[] for _ in range(columns)]
    for lines in made:
        min(stacks, key=len).extend(lines)
    gap = " " * _GAP
    return [gap.join(_padded(cell, width) for cell in row) for row in zip_longest(*stacks, fillvalue="")]


def _padded(text: str, width: int) -> str:
    import click

    return text + " " * (width - text_width(click.unstyle(text)))


def _by(axis: str, groups: Mapping[str, Group], total: int, look: Look) -> list[str]:
    rows = [_heads(axis), *(_group(axis, name, group, total) for name, group in _ranked(groups))]
    room = max(LABEL, min(_NAME, look.width - sum(_WIDTHS) - 1))
    lines = [
        pad(clip(name, room, look), room) + "".join(f"{cell:>{w}}" for cell, w in zip(cells, _WIDTHS, strict=True))
        for name, *cells in rows
    ]
    more = len(groups) - GROUPS
    return [look.paint(lines[0], dim=True), *lines[1:], *([f"and {more:,} others"] if more > 0 else [])]


_WIDTHS = (9, 7, 8, 8, 7, 10, 15)
_NAME = 40  # columns of a value, at most
_KINDS = ("language", "topic", "format")


def _kinds(axis: str) -> list[str]:
    """The axes of which the most common value is told beside those of ``axis``."""
    return [kind for kind in _KINDS if kind != axis][:2]


def _heads(axis: str) -> tuple[str, ...]:
    return ("", "records", "share", "prompt", "answer", "p95", *_kinds(axis))


def _ranked(groups: Mapping[str, Group]) -> list[tuple[str, Group]]:
    return sorted(groups.items(), key=lambda one: (-one[1].records, one[0]))[:GROUPS]


def _group(axis: str, name: str, group: Group, total: int) -> tuple[str, ...]:
    told = (group.prompt.at(0.5), group.answer.at(0.5), group.answer.at(0.95))
    first = (_first(group.kinds.get(kind, {})) for kind in _kinds(axis))
    return (name, _brief(group.records), f"{group.records / total:.1%}", *map(_brief, told), *first)


def _first(counts: Mapping[str, int]) -> str:
    return min(counts, key=lambda value: (-counts[value], value), default="-")


# ---- for other programs, and pages ----


def markdown(told: Told) -> list[str]:
    """The portrait as tables of a page."""
    lines = [f"**{count(told.records, 'record')}** in {count(len(told.files), 'file')}, {size(told.bytes)}", ""]
    rows = [f"| {name} | " + " | ".join(f"{v:,}" for v in found.as_json().values()) + " |"
            for name, found in told.portrait.lengths.items()]  # fmt: skip
    if rows:
        heads = list(Lengths().as_json())
        lines += [f"| words | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|", *rows, ""]
    for block in blocks(told):
        if block.bars:
            lines += [f"| {_cell(block.title)} | records | share |", "|---|---:|---:|"]
            lines += [f"| {_cell(bar.label)} | {bar.records:,} | {bar.share:.1%} |" for bar in block.bars]
            lines.append("")
    for axis, groups in told.portrait.groups.items():
        lines += [f"| {_cell(axis)} | {' | '.join(_heads(axis)[1:])} |", "|---|" + "---:|" * len(_WIDTHS)]
        lines += [f"| {' | '.join(map(_cell, _group(axis, name, g, told.records)))} |" for name, g in _ranked(groups)]
        lines.append("")
    return lines[:-1]


def _cell(text: str) -> str:
    """Text that is one cell of a table."""
    return "".join("\\" + c if c in "|\\`*_<>[]" else c for c in " ".join(text.split()))


def as_json(told: Told) -> dict[str, Any]:
    """The portrait as JSON: a saved profile, and more."""
    portrait = told.portrait
    made: dict[str, Any] = portrait.profile.as_json()
    made["axes"] = {axis: counts for axis, counts in made["axes"].items() if axis not in portrait.many}
    made |= {
        "files": dict(told.files), "bytes": told.bytes, "shapes": dict(told.shapes),
        "texts": dict(portrait.texts), "words": dict(portrait.words),
        "lengths": {name: found.as_json() for name, found in portrait.lengths.items()},
        "openings": {f"{what}s": _pairs(portrait.most_common(what)[:ROWS]) for what in ("prompt", "answer")},
        "openings-of": len(portrait.openings),
        "too-many-values": sorted(portrait.many),
    }  # fmt: skip
    if told.copies is not None:
        made["copies"] = dict(told.copies)
    if portrait.groups:
        made["by"] = {axis: {name: _group_json(g) for name, g in groups.items()}
                      for axis, groups in portrait.groups.items()}  # fmt: skip
    return made


def _pairs(found: Iterable[tuple[str, int]]) -> list[dict[str, Any]]:
    return [{"opening": text, "records": n} for text, n in found]


def _group_json(group: Group) -> dict[str, Any]:
    return {
        "records": group.records, "prompt": group.prompt.as_json(), "answer": group.answer.as_json(),
        **{axis: dict(counts) for axis, counts in group.kinds.items()},
    }  # fmt: skip
