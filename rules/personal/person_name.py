"""PII401."""

from __future__ import annotations

from collections.abc import Iterator

from datalint_rules.personal._names import LANGUAGE, MIN_SCORE, MODEL, NER, SEED, found_in

from datalint import Batch, Finding, Option, bad, good, rule


@rule(
    "PII401",
    "person-name",
    category="pedantic",
    tags=["pii", "ner"],
    options={
        "names": Option("list[str]", [], "Names that are reported wherever they stand, with or without a model."),
        "ner": NER,
        "model": MODEL,
        "language": LANGUAGE,
        "min-score": MIN_SCORE,
        "seed": SEED,
    },
    fix="unsafe",
    fix_safety="The name is replaced by a pseudonym, the same for the same name. Stories lose their people.",
    sensitive=True,
    known_problems="A model knows nothing of privacy: it reports Cleopatra as it reports your customer, and "
    "misses names it never saw. "
    "It reads 50 to 250 texts a second.",
    references=["https://microsoft.github.io/presidio/analyzer/nlp_engines/spacy_stanza/"],
    examples=[
        bad(
            {
                "instruction": "Who called?",
                "input": "",
                "output": "It was Tamsin Okafor; tamsin okafor will call again.",
            },
            fixed={
                "instruction": "Who called?",
                "input": "",
                "output": "It was <PERSON_2c893f00>; <PERSON_2c893f00> will call again.",
            },
            options={"names": ["Tamsin Okafor"]},
            name="a name on the list",
        ),
        good(
            {"instruction": "Who called?", "input": "", "output": "It was Tamsin Okafor."}, name="no list and no model"
        ),
        good(
            {"instruction": "Who called?", "input": "", "output": "Tamsin's."},
            options={"names": ["Tam"]},
            name="whole words only",
        ),
    ],
)
def check_person_name(
    batch: Batch, names: list[str], ner: bool, model: str, language: str, min_score: float, seed: str
) -> Iterator[Finding]:
    """Name of a person, by a list or by a model.

    Names make a text personal. With ``ner = true`` a model of spaCy finds them; without a model, those that the option
    names are found. The rule is for data that must not name anybody, not for stories.
    """
    yield from found_in(batch, "PERSON", "name of a person", names, ner, model, language, min_score, seed)
