"""The examples of rules are their tests. Everything that can be said of a rule without knowing it is checked here.

``failures(spec)`` runs all examples of one rule; ``datalint test`` and the pytest plugin show what it yields.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from datalint import rounds
from datalint.card import Card, Example, Expect
from datalint.config import KEYS, Settings
from datalint.config_keys import Table, convert
from datalint.errors import DatalintError
from datalint.model import Finding
from datalint.outcome import Outcome
from datalint.plugins import Manager, Plugins
from datalint.readers import Source
from datalint.registry import Registry
from datalint.rule import Fixture, RuleSpec
from datalint.run import scan_paths


@dataclass(frozen=True)
class Failure:
    """An example that does not hold."""

    rule: str
    example: int
    name: str
    why: str

    def __str__(self) -> str:
        called = f" ({self.name})" if self.name else ""
        return f"{self.rule}::example[{self.example}]{called}: {self.why}"


@dataclass(frozen=True)
class Claim:
    """What examples say of a rule and what can be tried: one example, or all of them together."""

    spec: RuleSpec
    name: str  # example[2], card
    tried: Callable[[], list[str]]  # what does not hold


def claims(spec: RuleSpec, fixtures: Mapping[str, Fixture] | None = None) -> Iterator[Claim]:
    """Everything that can be tried of one rule, thing by thing. ``fixtures``: those it may ask for beside its own."""
    for number, example in enumerate(spec.card.examples):
        yield Claim(spec, f"example[{number}]", partial(_tried, example_failures, spec, example, fixtures))
    yield Claim(spec, "card", partial(_tried, card_failures, spec.card))


def _tried(failing: Callable[..., Iterator[str]], *arguments: Any) -> list[str]:
    try:
        return list(failing(*arguments))
    except DatalintError as error:  # a slip in the example itself, such as an unknown option
        return [str(error)]


def failures(spec: RuleSpec, fixtures: Mapping[str, Fixture] | None = None) -> Iterator[Failure]:
    """What is wrong with the examples of ``spec``, and with what they show of the rule."""
    card = spec.card
    for number, example in enumerate(card.examples):
        for why in example_failures(spec, example, fixtures):
            yield Failure(card.code, number, example.name, why)
    yield from (Failure(card.code, -1, "", why) for why in card_failures(card))


def card_failures(card: Card) -> Iterator[str]:
    """What is wrong with the examples as a whole."""
    texts = [
        (e.bad, e.good, repr([*sorted(e.options.items()), *sorted(e.settings.items()), *sorted(e.files.items())]))
        for e in card.examples
    ]
    if len(set(texts)) < len(texts):
        yield "two examples are the same"
    if card.fix in ("safe", "unsafe") and not any(e.fixed is not None for e in card.examples):
        yield "the rule offers fixes and no example shows one (fixed)"


def example_failures(spec: RuleSpec, example: Example, fixtures: Mapping[str, Fixture] | None = None) -> Iterator[str]:
    """What is wrong with one example."""
    text = example.bad if example.bad is not None else example.good
    if text is None or (example.bad is not None and example.good is not None):
        yield "an example is either bad or good"
        return
    with trial(spec, example, text, fixtures) as (path, check):
        before = path.read_bytes()
        outcome, _ = check()
        found = [f for f in outcome.findings if f.code == spec.card.code]
        yield from (f"the rule crashed: {n.why}" for n in outcome.not_checked if n.what.startswith("rule "))
        yield from _spans_outside(found, outcome)
        if example.good is not None:
            yield from (
                f"should be silent, but says at {f.pointer or 'the file'} {f.span or ''}: {f.message}" for f in found
            )
            return
        if not found:
            yield "should be found, but is not"
        yield from _unexpected(example.expect, found)
        yield from _fix_failures(spec.card, example, path, before, found, check)


def _fix_failures(
    card: Card, example: Example, path: Path, before: bytes, found: Sequence[Finding], check: Any
) -> Iterator[str]:
    offered = [f.fix for f in found if f.fix is not None]
    if offered and card.fix is None:
        yield "offers a fix, but the card says it has none"
    if any(f.applicability == "display-only" for f in offered) and card.fix != "display-only":
        return
    outcome, after = check(fix=True), path.read_bytes()
    yield from (f"fixing: {n.why}" for n in outcome.not_checked if n.what != "file")
    if example.fixed is None:
        if after != before:
            yield f"fixing changes it, and the example shows no fixed: {after.decode(errors='replace')!r}"
        return
    wanted = as_bytes(example.fixed, example)
    if after != wanted:
        yield f"fixing gives {after.decode(errors='replace')!r}, not {wanted.decode(errors='replace')!r}"
    left = sum(1 for f in outcome.findings if f.code == card.code)
    if left != example.remaining:
        yield f"after fixing {left} findings remain, not {example.remaining}"


def _unexpected(expected: Sequence[Expect], found: Sequence[Finding]) -> Iterator[str]:
    if not expected:
        return
    if len(expected) != len(found):
        yield f"expected {len(expected)} findings, got {len(found)}"
    for wanted, finding in zip(expected, found, strict=False):
        for name in ("pointer", "span", "message"):
            want, got = getattr(wanted, name), getattr(finding, name)
            if want is not None and want != got:
                yield f"expected {name} {want!r}, got {got!r}"
        if wanted.line is not None and (finding.ref is None or finding.ref.line != wanted.line):
            yield f"expected line {wanted.line}, got {finding.ref.line if finding.ref else None}"


def _spans_outside(found: Sequence[Finding], outcome: Outcome) -> Iterator[str]:
    for finding in found:
        if finding.ref is None or finding.span is None:
            continue
        record = outcome.records.at(finding.ref)
        text = next((m.text for m in record.messages if m.pointer == finding.pointer), None)
        if text is not None and not 0 <= finding.span[0] <= finding.span[1] <= len(text):
            yield f"span {finding.span} lies outside the text at {finding.pointer}"


@contextmanager
def trial(
    spec: RuleSpec, example: Example, text: str, fixtures: Mapping[str, Fixture] | None = None
) -> Iterator[tuple[Path, Any]]:
    """A file with ``text`` in a folder of its own, and a function that checks it with this one rule."""
    with tempfile.TemporaryDirectory(prefix="datalint-test-") as folder:
        path = Path(folder, "example.jsonl")
        path.write_bytes(as_bytes(text, example))
        for name, beside in example.files.items():
            Path(folder, name).parent.mkdir(parents=True, exist_ok=True)
            Path(folder, name).write_text(beside, encoding="utf-8")
        yield path, _Trial(spec, example, path, fixtures)


class _Trial:
    def __init__(self, spec: RuleSpec, example: Example, path: Path, fixtures: Mapping[str, Fixture] | None) -> None:
        registry = Registry([spec], fixtures)
        self._plugins = Plugins(Manager(), registry, (), {}, {}, {}, (), ())
        options = Table({spec.card.name: Table(example.options)}) if example.options else Table()
        self._settings = Settings(
            paths=(path.name,), cwd=path.parent, root=path.parent, isolated=True, select=(spec.card.code,),
            preview=True, rules=options, jobs=1, quarantine=path.parent / "quarantine.jsonl", output_format="concise",
            **_settings(example, path.parent),
        )  # fmt: skip

    def __call__(self, fix: bool = False) -> Any:
        def check() -> tuple[Outcome, Mapping[int, Source]]:
            return scan_paths(self._settings, self._plugins)

        if not fix:
            return check()
        return rounds.fix(replace(self._settings, fix=True, unsafe_fixes=True), self._plugins.registry, check)


def _settings(example: Example, folder: Path) -> dict[str, Any]:
    return {
        KEYS[name].field: convert(value, KEYS[name], folder, lambda at: "", (name,))
        for name, value in example.settings.items()
    }


def as_bytes(text: str, example: Example) -> bytes:
    """The bytes of an example's file: a final line feed is added to a text that has none, unless ``verbatim``."""
    if example.verbatim:
        try:
            return text.encode("latin-1") if any(0x80 <= ord(c) <= 0xFF for c in text) else text.encode()
        except UnicodeEncodeError:
            return text.encode()
    return text.encode() + (b"" if text.endswith("\n") else b"\n")
