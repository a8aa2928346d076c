"""What the data should be like, as ``[coverage]``, ``[quantity]``, ``[annotation]`` and ``[provenance]`` declare it.

Rules ask for these values by name: ``coverage``, ``quantity``, ``annotation``, ``provenance``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from datalint.axes_topics import TOPICS
from datalint.config_keys import Key, Table
from datalint.errors import ConfigError

METHODS = {"pilot": 50, "peft": 300, "full": 10_000}  # records a method needs at the least
SCALES = ("nominal", "ordinal", "interval")
QUANTITY_KEYS = (
    Key("method", "str", "What the data is for: a first try, adapters, or all weights.", choices=tuple(METHODS)),
    Key("min", "int", "Records there must be, whatever the method.", least=0),
    Key("strata", "table", "By axis and value, records there must be of it.", of="table"),
)
ANNOTATION_KEYS = (
    Key("item", "str", "Field that names what was annotated; by default each record is an item."),
    Key("annotator", "str", "Field that names who annotated, of the record or of each entry of `annotations`."),
    Key("label", "list", "Fields with what was said, of the record or of each entry of `annotations`."),
    Key("annotations", "str", "Field with all annotations of a record: a list, or a table by annotator."),
    Key("scale", "str", "What labels are: names, ranks or measures.", choices=SCALES),
)
PROVENANCE_KEYS = (
    Key("source", "str", "Field that says where a record comes from."),
    Key("licence", "str", "Field that names its licence."),
    Key("generator", "str", "Field that names the model that wrote it."),
    Key("synthetic", "str", "Field that says whether a model wrote it; by default those with a generator are taken."),
    Key("synthetic-values", "list", "Values of that field that mean yes, besides true."),
    Key("allowed-licences", "list", "SPDX identifiers of the licences the data may have."),
    Key("max-synthetic", "float", "Share of the records that may be written by a model.", least=0),
)


@dataclass(frozen=True)
class Target:
    """A share or a number of records that must have one of ``values`` on ``axis``."""

    axis: str
    name: str
    values: tuple[str, ...]
    low: float = 0
    high: float = 1


@dataclass(frozen=True)
class Quantity:
    """How many records there must be, and of which kinds."""

    method: str = ""
    least: int = 0
    strata: tuple[Target, ...] = ()


@dataclass(frozen=True)
class Annotation:
    """Where annotations stand."""

    item: str = ""
    annotator: str = ""
    labels: tuple[str, ...] = ()
    annotations: str = ""
    scale: str = "nominal"


@dataclass(frozen=True)
class Provenance:
    """Where the origin of a record stands, and what it may be."""

    source: str = ""
    licence: str = ""
    generator: str = ""
    synthetic: str = ""
    synthetic_values: tuple[str, ...] = ("synthetic", "generated", "model", "ai", "llm", "machine", "yes", "true")
    allowed_licences: tuple[str, ...] = ()
    max_synthetic: float = 1.0


def coverage(table: Mapping[str, Any]) -> tuple[Target, ...]:
    """The targets of ``[coverage]``. Raises ConfigError for what cannot be meant."""
    made = tuple(_targets("coverage", table, _shares))
    for axis in table:
        told = [t for t in made if t.axis == axis]
        apart = len({v for t in told for v in t.values}) == sum(len(t.values) for t in told)
        total = sum(t.low for t in told)
        if apart and total > 1 + 1e-9:
            raise ConfigError(f"[coverage.{axis}]: the least shares add up to {total:g}", hint="a share is 1 at most")
    return made


def quantity(table: Mapping[str, Any]) -> Quantity:
    """What ``[quantity]`` says."""
    least = table.get("min")
    method = table.get("method", "")
    strata = tuple(_targets("quantity.strata", table.get("strata", {}), _numbers))
    return Quantity(method, METHODS.get(method, 0) if least is None else least, strata)


def annotation(table: Mapping[str, Any]) -> Annotation:
    """What ``[annotation]`` says. Raises ConfigError where labels or their annotators cannot be told."""
    if table and not table.get("annotations") and not (table.get("item") and table.get("label")):
        raise ConfigError(
            "[annotation] needs 'annotations', or 'item' and 'label'",
            hint='item = "task_id", annotator = "worker", label = "rating"',
        )
    return Annotation(
        table.get("item", ""), table.get("annotator", ""), table.get("label", ()), table.get("annotations", ""),
        table.get("scale", "nominal"),
    )  # fmt: skip


def provenance(table: Mapping[str, Any]) -> Provenance:
    """What ``[provenance]`` says. Raises ConfigError for a limit whose field is not named."""
    for limit, needed in (("allowed-licences", ("licence",)), ("max-synthetic", ("generator", "synthetic"))):
        if limit in table and not any(table.get(name) for name in needed):
            raise ConfigError(f"[provenance] has {limit!r} and no {' or '.join(map(repr, needed))}")
    return Provenance(**{name.replace("-", "_"): value for name, value in table.items()})


Bounds = tuple[float, float]


def _targets(section: str, table: Mapping[str, Any], read: Callable[[str, Any], Bounds]) -> Iterator[Target]:
    for axis, wanted in table.items():
        if not isinstance(wanted, Table):
            raise ConfigError(f"{section}.{axis}: expected a table of values", hint=_HINT[section])
        for name, said in wanted.items():
            low, high = read(f"{section}.{axis}.{name}", said)
            yield Target(axis, name, _values(section, axis, name), low, high)


_HINT = {"coverage": "code = { min = 0.2, max = 0.5 }", "quantity.strata": "code = 100"}
_CLOSED = {
    "topic": TOPICS,
    "format": ("prose", "list", "table", "json", "code", "label", "number", "none"),
    "system": ("with", "without"),
}


def _values(section: str, axis: str, name: str) -> tuple[str, ...]:
    """The values a name stands for: one, or several joined by " + "; topics and formats by a hyphen too."""
    parts = [part.strip() for part in name.split("+")] if "+" in name else [name]
    known = _CLOSED.get(axis)
    if known is None:
        return tuple(parts)
    if parts == [name] and name not in known:
        parts = name.split("-")
    for part in parts:
        if part not in known:
            near = get_close_matches(part, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"one of {', '.join(known)}"
            raise ConfigError(f"{section}.{axis}: {part!r} is no value of this axis", hint=hint)
    return tuple(parts)


def _shares(at: str, said: Any) -> Bounds:
    if not isinstance(said, Table) or not said or not set(said) <= {"min", "max"}:
        raise ConfigError(f"{at}: expected min and max", hint=_HINT["coverage"])
    low, high = said.get("min", 0), said.get("max", 1)
    for value in (low, high):
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value <= 1:
            raise ConfigError(f"{at}: expected a share between 0 and 1, got {value!r}")
    if low > high:
        raise ConfigError(f"{at}: min {low:g} is above max {high:g}")
    return float(low), float(high)


def _numbers(at: str, said: Any) -> Bounds:
    if not isinstance(said, int) or isinstance(said, bool) or said < 1:
        raise ConfigError(f"{at}: expected a number of records, got {said!r}", hint=_HINT["quantity.strata"])
    return float(said), float("inf")
