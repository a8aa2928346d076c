"""PII402."""

from __future__ import annotations

from collections.abc import Iterator

from datalint_rules.personal._names import LANGUAGE, MIN_SCORE, MODEL, NER, SEED, found_in

from datalint import Batch, Finding, Option, bad, good, rule


@rule(
    "PII402",
    "location",
    category="pedantic",
    tags=["pii", "ner"],
    options={
        "places": Option("list[str]", [], "Places that are reported wherever they stand, with or without a model."),
        "ner": NER,
        "model": MODEL,
        "language": LANGUAGE,
        "min-score": MIN_SCORE,
        "seed": SEED,
    },
    fix="unsafe",
    fix_safety="The place is replaced by a pseudonym, the same for the same place. What is true of the place is lost.",
    sensitive=True,
    known_problems="A model reports every country and city, whoever lives there. It reads 50 to 250 texts a second.",
    references=["https://microsoft.github.io/presidio/analyzer/nlp_engines/spacy_stanza/"],
    examples=[
        bad(
            {"instruction": "Where is it?", "input": "", "output": "The clinic is in Unterwössen."},
            fixed={"instruction": "Where is it?", "input": "", "output": "The clinic is in <LOCATION_c5917f8a>."},
            options={"places": ["Unterwössen"]},
            name="a place on the list",
        ),
        good(
            {"instruction": "Where is it?", "input": "", "output": "The clinic is in Unterwössen."},
            name="no list and no model",
        ),
    ],
)
def check_location(
    batch: Batch, places: list[str], ner: bool, model: str, language: str, min_score: float, seed: str
) -> Iterator[Finding]:
    """Name of a place, by a list or by a model.

    With a date of birth and a sex, the place where somebody lives is often enough to tell who it is. With ``ner = true`` a
    model of spaCy finds places; without a model, those that the option names are found.
    """
    yield from found_in(batch, "LOCATION", "name of a place", places, ner, model, language, min_score, seed)
