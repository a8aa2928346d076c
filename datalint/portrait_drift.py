"""Two profiles side by side: which axes have moved, by how much, and what chance explains of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from datalint import profile
from datalint.config import Settings
from datalint.errors import UsageError
from datalint.profile import Profile
from datalint.readers.opening import reason
from datalint.terminal import Look, clip, count, pad

SHOWN = 4  # values that are shown of an axis that has moved
_HEAD = 1 << 12


class Moved(NamedTuple):
    """An axis: the share of records that would have to change their value, what two random draws differ by, and the
    values with their shares then and now, those that moved most first."""

    axis: str
    shift: float
    chance: float
    values: Sequence[tuple[str, float, float]]

    @property
    def real(self) -> bool:
        """Whether chance does not explain it."""
        return self.shift > 2 * self.chance


def read(settings: Settings, name: str) -> Profile | Settings:
    """The profile in a file, or settings to go over it where it is data. Raises UsageError for a broken profile."""
    path = settings.cwd / name
    if path.is_file() and name.endswith(".json"):
        try:
            with open(path, "rb") as f:
                is_profile = f'"{profile.FORMAT}"'.encode() in f.read(_HEAD)
            if is_profile:
                return profile.read(path.read_bytes(), name)
        except OSError as error:
            raise UsageError(f"{name} cannot be read: {reason(error)}") from error
    return replace(settings, paths=(name,))


def rows(then: Profile, now: Profile) -> list[Moved]:
    """All axes that both have, those that moved most first."""
    made = []
    for axis in then.axes:
        if axis in now.axes and then.axes[axis] and now.axes[axis]:
            before, after = (_shares(p, axis) for p in (then, now))
            values = [(v, before.get(v, 0.0), after.get(v, 0.0)) for v in {**before, **after}]
            values.sort(key=lambda one: (-abs(one[1] - one[2]), one[0]))
            made.append(Moved(axis, profile.shift(then, now, axis), profile.noise(then, now, axis), values))
    return sorted(made, key=lambda one: (-one.shift, one.axis))


def _shares(one: Profile, axis: str) -> dict[str, float]:
    total = sum(one.axes[axis].values())
    return {value: n / total for value, n in one.axes[axis].items()}


def table(name: str, then: Profile, now: Profile, found: Sequence[Moved], look: Look) -> list[str]:
    """The comparison for a terminal."""
    lines = [look.paint(clip(_head(name, then, now), look.width, look), bold=True), ""]
    for moved in found:
        said = f"{pad(moved.axis, 20)} moved by {moved.shift:6.1%}"
        if not moved.real:
            lines.append(look.paint(f"{said}, no more than chance (2 x {moved.chance:.1%})", dim=True))
            continue
        lines.append(look.paint(said, bold=True) + f"; chance explains {moved.chance:.1%}")
        for value, before, after in moved.values[:SHOWN]:
            if before != after:
                arrow = "▲" if after > before else "▼"
                arrow = arrow if look.unicode else ("+" if after > before else "-")
                lines.append(f"  {pad(clip(value, 24, look), 24)}{before:7.1%} -> {after:6.1%} {arrow}")
    if not found:
        lines.append("They have no axis in common.")
    return lines


def _head(name: str, then: Profile, now: Profile) -> str:
    return f"{count(then.records, 'record')} in {name}, {now.records:,} now"


def markdown(name: str, then: Profile, now: Profile, found: Sequence[Moved]) -> list[str]:
    """The comparison as a table of a page."""
    lines = [_head(name, then, now), "", "| axis | moved | by chance | most |", "|---|---:|---:|---|"]
    for moved in found:
        most = ", ".join(f"{v} {a:.1%} → {b:.1%}" for v, a, b in moved.values[:SHOWN] if a != b) if moved.real else ""
        lines.append(f"| {moved.axis} | {moved.shift:.1%} | {moved.chance:.1%} | {most} |")
    return lines


def as_json(then: Profile, now: Profile, found: Sequence[Moved]) -> dict[str, Any]:
    """The comparison for other programs."""
    axes = [
        {"axis": m.axis, "shift": round(m.shift, 6), "chance": round(m.chance, 6), "moved": m.real,
         "values": [{"value": v, "then": round(a, 6), "now": round(b, 6)} for v, a, b in m.values]}
        for m in found
    ]  # fmt: skip
    return {"records-then": then.records, "records-now": now.records, "axes": axes}
