"""SCH104: a field that holds another type than its shape says."""

from __future__ import annotations

from collections.abc import Iterator

from datalint import Finding, Judged, Layout, Record, bad, good, rule


def _mistyped(layout: Layout) -> bool:
    return any(p.kind == "wrong-type" for p in layout.problems)


@rule(
    "SCH104",
    "wrong-type",
    category="correctness",
    gate=_mistyped,
    known_problems="Fields beside the texts (ids, scores, metadata) may be of any type and are not looked at.",
    references=(
        "https://huggingface.co/docs/trl/dataset_formats",
        "https://github.com/hiyouga/LLaMA-Factory/blob/main/data/README.md",
    ),
    judged=Judged(
        0,
        0,
        "nothing found in 46 public sets, 67,000 records, 2,700 of them conversations, where nothing is wrong of this kind",
    ),
    examples=(
        bad({"instruction": "How many legs has a spider?", "input": "", "output": None}, name="null for an answer"),
        bad({"instruction": "How many legs has a spider?", "input": "", "output": 8}, name="a number for an answer"),
        bad({"prompt": "Legs of a spider?", "completion": ["eight"]}, name="a list for an answer"),
        bad({"messages": "Legs of a spider? Eight."}, name="a text for a list of messages"),
        bad({"messages": [{"role": "user", "content": {"text": "Legs?"}}]}, name="an object for a text"),
        bad(
            {
                "conversations": [{"from": "human", "value": "Legs?"}, {"from": "gpt", "value": "Eight."}],
                "kto_tag": "true",
            },
            name="a tag in quotes",
        ),
        good({"instruction": "How many legs has a spider?", "input": None, "output": "Eight."}, name="optional, null"),
        good({"messages": [{"role": "user", "content": [{"type": "text", "text": "Legs?"}]}]}, name="parts"),
        good({"prompt": "Legs of a spider?", "completion": "Eight.", "score": 1}),
    ),
)
def check_wrong_type(record: Record) -> Iterator[Finding]:
    """A field holds another type than its shape says

    Null, a number or a list where a text belongs stops most trainers, and some turn it into the text "None" and train on
    that. A verdict written as "true" in quotes makes some loaders drop the record without a word.
    """
    for problem in record.layout.problems:
        if problem.kind == "wrong-type":
            yield record.finding(problem.message, pointer=problem.pointer or None)
