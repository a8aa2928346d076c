"""The sieves of a run: which there are, how they are set up, and what they say in the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from datalint import baseline, ignores, newonly, sources
from datalint.config import Settings, placed
from datalint.identity import relative
from datalint.model import Finding, Ref
from datalint.outcome import Gate, Outcome
from datalint.readers import GuestReader, Source
from datalint.registry import Registry
from datalint.sifting import Ran, Sieve, Sifter
from datalint.views import Record

REST = "the rest"  # of the data, where a run stops early


def made(
    settings: Settings, registry: Registry, opened: Sequence[Source], guests: Sequence[GuestReader]
) -> list[Sieve]:
    """What holds findings back here, in the order they are asked; new ones for every pass over the data.

    ``opened``: all sources of the run; ``guests``: readers of plugins."""
    return [*_ignores(settings, registry), *_baseline(settings), *newonly.sieves(settings, opened, guests)]


def gates(settings: Settings, registry: Registry) -> tuple[Gate, ...]:
    """The budgets. Raises for a rule that there is not."""
    with placed(settings, "gates"):
        return tuple(Gate(t["rules"], registry.codes(t["rules"]), t["max-rate"]) for t in settings.gates)


def _baseline(settings: Settings) -> Iterator[Sieve]:
    if settings.baseline is None or settings.no_baseline or settings.no_suppressions:
        return
    shown = relative(str(settings.baseline), settings)
    with placed(settings, "baseline"):
        yield baseline.Known(baseline.read(settings.baseline, shown), shown)


def _ignores(settings: Settings, registry: Registry) -> Iterator[Sieve]:
    path = settings.ignore_file
    if path is None or settings.no_suppressions or (settings.add_ignore and not path.exists()):
        return
    shown = relative(str(path), settings)
    with placed(settings, "ignore-file"):
        yield ignores.Accepted(ignores.read(path, shown, registry), shown, settings.root, date.today())


def sifter(
    chosen: Sequence[Sieve],
    outcome: Outcome,
    bare: Callable[[Sequence[Ref]], Iterator[Record | None]],
    settings: Settings,
) -> Sifter:
    """What passes the findings of ``outcome`` through sieves."""

    @cache
    def path(source: int | None) -> str:
        return relative(outcome.paths[source], settings) if source is not None else ""

    ready = Sifter(chosen, bare, path, outcome.id_fields, outcome.cards, settings.show_suppressed)
    outcome.aside, outcome.why_aside = ready.aside, ready.why
    return ready


def last_words(ready: Sifter, outcome: Outcome, settings: Settings, checked: Sequence[str]) -> None:
    """Let the sieves speak: findings of rules that are on, and closing lines. ``checked``: the files, as shown."""

    def numbered(path: str) -> int:
        if path not in outcome.paths:
            outcome.paths += (path,)
        return outcome.paths.index(path)

    def is_whole() -> bool:
        return is_complete and {*sources.find(replace(settings, paths=())).paths} <= {*checked}

    is_complete = not any(not n.note or n.what == REST for n in outcome.not_checked)
    outcome.stats.suppressed.update(ready.suppressed)
    ran = Ran(frozenset(outcome.rules_run), tuple(checked), is_complete, is_whole, numbered)
    said = list(ready.finish(ran))
    outcome.notes += [one for one in said if isinstance(one, str)]
    outcome.add_late([one for one in said if isinstance(one, Finding) and one.code in ran.rules], set())
