"""One pass over data that judges nothing: states of our own, and of rules that know which records belong together.

A rule with the tag ``copies`` has ``copies(state, records)``: pairs of keys of records of which one repeats the other. A
rule with the tag ``leaks`` has ``leaks(state, records, parts)``: pairs that must not stand in different parts; ``parts``
gives the part of each of an array of keys. They may name more pairs than stand apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from datalint import plugins as plugin_loading
from datalint import sources
from datalint.batch import Batch
from datalint.beside import Split
from datalint.card import Card
from datalint.config import SCOPES, Policy, Settings
from datalint.lookup import Placed, RecordLookup
from datalint.outcome import FindingStore, NotChecked, Outcome, Stats
from datalint.readers import Source
from datalint.readers.opening import changed
from datalint.rule import DatasetRule
from datalint.run import Progress, Recipe, absorb, execute, open_all, shards_of
from datalint.scan import Crew
from datalint.shapes import Detector

COPIES, LEAKS = "copies", "leaks"
_ALL = Split("all", "train")


class _Undivided:
    """All data is one split, whatever it is called: what rules are given that ask for ``splits``."""

    def of(self, source: int) -> Split:
        """The one there is."""
        return _ALL

    def is_checked(self, source: int) -> bool:
        """All are."""
        return True

    def kinds(self) -> frozenset[str]:
        """One kind."""
        return frozenset({_ALL.kind})

    def read(self, wanted: Callable[[int], bool]) -> Iterator[Batch]:
        """There is nothing beside it."""
        return iter(())


def card(name: str, summary: str) -> Card:
    """The card of a state that is no rule of anybody's."""
    return Card(name, name, summary, "", "suspicious", "dataset", severity="info", local=True)


@dataclass
class _Recipe(Recipe):
    """Builds workers that hold our own states beside the rules with certain tags."""

    asked: Sequence[DatasetRule] = ()
    tags: tuple[str, ...] = ()

    def crews(self) -> list[Crew]:
        """Our own states in all of them; rules with the options of their policy."""
        loaded = self.loaded or plugin_loading.load(self.settings)
        self.loaded = loaded
        keepers: dict[Any, int] = {}
        made = []
        for n, policy in enumerate(self.policies):
            chosen = loaded.registry.select(_asking(policy, self.tags))
            rules = [*self.asked, *loaded.registry.build(chosen, {"splits": _Undivided()})]
            keeper = {code: keepers.setdefault((code, chosen.options[code]), n) for code in chosen.codes}
            keeper |= {state.card.code: 0 for state in self.asked}
            made.append(Crew(n, Detector(loaded.shapes, policy.format, policy.fields), rules, {}, None, keeper))
        return made


def _asking(policy: Policy, tags: Sequence[str]) -> Policy:
    """The policy with just the rules that have one of ``tags``."""
    return replace(
        policy, select=tuple(f"tag:{tag}" for tag in tags), ignore=(), extend_select=(), extend_ignore=(), never=(),
        keyword="", preview=True, scopes=frozenset(SCOPES),
    )  # fmt: skip


@dataclass
class Surveyed:
    """What a pass brings home."""

    records: RecordLookup
    stats: Stats
    sources: Sequence[Source]
    not_checked: list[NotChecked]
    states: dict[tuple[int, str], Any] = field(default_factory=dict)
    live: dict[tuple[int, str], Any] = field(default_factory=dict)

    def state(self, code: str, nothing: Any) -> Any:
        """The merged state of one of our own, ``nothing`` where there was no shard at all."""
        return self.states.get((0, code), nothing)

    def tagged(self, tag: str) -> Iterator[tuple[Any, Any]]:
        """The rules with a tag and their states, by code."""
        for key in sorted(self.states, key=lambda key: (key[1], key[0])):
            if tag in self.live[key].card.tags:
                yield self.live[key], self.states[key]

    @property
    def incomplete(self) -> list[NotChecked]:
        """What was asked for and could not be read."""
        return [one for one in self.not_checked if not one.note]


def survey(
    settings: Settings, asked: Sequence[DatasetRule], tags: tuple[str, ...] = (), progress: Progress | None = None
) -> Surveyed:
    """Go over everything ``settings`` name once. Raises DatalintError for a user's slip."""
    loaded = plugin_loading.load(settings)
    guests = tuple(loaded.readers.values())
    found = sources.find(settings, [suffix for guest in guests for suffix in guest.SUFFIXES])
    opened, not_checked = open_all(found, settings, guests)
    recipe = _recipe(settings, opened, loaded, asked, tags)
    crews = recipe.crews()
    placed = Placed()
    lookup = RecordLookup(
        opened, placed.shards, [crews[n].detector for n in recipe.policy_of], settings.max_record_bytes
    )
    stats = Stats(files=len(opened), bytes=sum(s.stamp.size for s in opened))
    outcome = Outcome({}, {}, tuple(s.display for s in opened), lookup, FindingStore(), stats, not_checked=not_checked)
    made = Surveyed(lookup, stats, opened, not_checked)
    made.live = {(crew.number, rule.card.code): rule for crew in crews for rule in crew.rules}
    lost: dict[int, str] = {}
    done = 0
    for result in execute(recipe, loaded, shards_of(recipe, lost)):
        absorb(result, placed.add(result), outcome, made.states, made.live)
        if result.lost:
            lost[result.shard.source] = result.lost
        done += result.shard.stop - result.shard.start
        if progress is not None:
            progress(done, stats.bytes, stats.records)
    for source in opened:
        if why := lost.get(source.number) or ("" if source.spooled else changed(source)):
            not_checked.append(NotChecked("file", why, source.display))
    return made


def _recipe(
    settings: Settings,
    opened: Sequence[Source],
    loaded: plugin_loading.Plugins,
    asked: Sequence[DatasetRule],
    tags: tuple[str, ...],
) -> _Recipe:
    policies: dict[Policy, int] = {}
    policy_of = [policies.setdefault(settings.policy_for(Path(s.display)), len(policies)) for s in opened]
    return _Recipe(settings, opened, list(policies), policy_of, len(opened), loaded, asked=asked, tags=tags)
