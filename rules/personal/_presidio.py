"""presidio's recognisers one at a time, without the engines around them, without a model and without the network.

``import presidio_analyzer`` takes more than a second, for it loads spaCy. A recogniser of patterns needs five small modules
of it, which take 40 ms: they are imported with bare packages in the place of presidio's own, and the bare ones are taken
away at once, so that whoever imports presidio in the same process gets all of it.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import regex

from datalint import pattern

_NAME = "presidio_analyzer"
_PREDEFINED = f"{_NAME}.predefined_recognizers"
_HOMES = {
    "AnalysisExplanation": "analysis_explanation",
    "EntityRecognizer": "entity_recognizer",
    "LocalRecognizer": "local_recognizer",
    "Pattern": "pattern",
    "PatternRecognizer": "pattern_recognizer",
    "RecognizerResult": "recognizer_result",
}
CONTEXT_GAIN = 0.35  # what presidio adds to a score for a word of the context
_bare: dict[str, ModuleType] = {}


class Hit(NamedTuple):
    """A span that a recogniser takes for its entity."""

    start: int
    end: int
    score: float


class _Package(ModuleType):
    """A package of presidio whose ``__init__`` has not run."""

    def __getattr__(self, name: str) -> Any:
        if self.__name__ == _NAME and name in _HOMES:
            return getattr(import_module(f"{_NAME}.{_HOMES[name]}"), name)
        if name == "NlpArtifacts":  # recognisers of patterns name it in annotations only
            return object
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")


@cache
def part(module: str, name: str) -> Any:
    """A class of presidio: ``part("generic.iban_recognizer", "IbanRecognizer")``; ``module`` is "" for the basic ones."""
    path = f"{_PREDEFINED}.{module}" if module else f"{_NAME}.{_HOMES[name]}"
    quiet()
    if _NAME in sys.modules:
        return getattr(import_module(path), name)
    sys.modules.update(_bare or _packages())
    try:
        return getattr(import_module(path), name)
    except (AttributeError, ImportError):  # a presidio that is built otherwise: all of it, then
        _take_away()
        return getattr(import_module(path), name)
    finally:
        if isinstance(sys.modules.get(_NAME), _Package):
            _bare.update(_take_away())


def quiet() -> None:
    """Keep presidio's log to itself: it would write what was matched into the log of whoever listens."""
    log = logging.getLogger("presidio-analyzer")
    log.propagate = False
    log.setLevel(logging.CRITICAL)


def _packages() -> dict[str, ModuleType]:
    spec = find_spec(_NAME)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"No module named {_NAME!r}", name=_NAME)
    root = Path(spec.origin).parent
    folders = [f for f in ("nlp_engine", "predefined_recognizers/generic") if (root / f).is_dir()]
    folders += [str(p.relative_to(root)) for p in sorted(root.glob("predefined_recognizers/country_specific/*/"))]
    made: dict[str, ModuleType] = {}
    for folder in ("", "predefined_recognizers", "predefined_recognizers/country_specific", *folders):
        name = ".".join((_NAME, *Path(folder).parts))
        made[name] = _Package(name)
        made[name].__path__ = [str(root / folder)]
    return made


def _take_away() -> dict[str, ModuleType]:
    names = [n for n in sys.modules if n == _NAME or n.startswith(f"{_NAME}.")]
    return {n: sys.modules.pop(n) for n in names}


def hits(recogniser: Any, text: str, start: int = 0, end: int | None = None) -> list[Hit]:
    """What ``recogniser`` finds in ``text[start:end]``, in order, as places in ``text``; of overlapping ones "
    "the best."""
    found = recogniser.analyze(text[start:end], recogniser.supported_entities, None)
    chosen: list[Hit] = []
    for one in sorted(found, key=lambda r: (-r.score, r.start - r.end, r.start)):
        hit = Hit(one.start + start, one.end + start, float(one.score))
        if not any(hit.start < other.end and other.start < hit.end for other in chosen):
            chosen.append(hit)
    return sorted(chosen)


def patterns(entity: str, patterns: Sequence[tuple[str, str, float]], *, base: Any = None) -> Any:
    """A recogniser of our own, made of presidio's parts: name, pattern and score of each pattern."""
    made = [part("", "Pattern")(*p) for p in patterns]
    return (base or part("", "PatternRecognizer"))(supported_entity=entity, patterns=made)


@cache
def _words(words: tuple[str, ...]) -> regex.Pattern[str]:
    joined = "|".join(regex.escape(w) for w in sorted(words, key=len, reverse=True))
    return pattern(rf"(?i)(?<![\p{{L}}\d])(?:{joined})(?![\p{{Ll}}])")


def speaks_of(words: tuple[str, ...], text: str, hit: tuple[int, ...], before: int = 60, after: int = 25) -> bool:
    """Whether one of ``words`` stands near the hit, before it rather than after."""
    pattern = _words(words)
    around = text[max(0, hit[0] - before) : hit[0]]
    return bool(pattern.search(around, timeout=1) or pattern.search(text[hit[1] : hit[1] + after], timeout=1))
