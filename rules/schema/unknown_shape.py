"""SCH101: records that no trainer would understand."""

from __future__ import annotations

from collections.abc import Iterator

from datalint import Finding, Judged, Layout, Record, bad, good, rule


def _strange(layout: Layout) -> bool:
    return any(p.kind == "unknown-shape" for p in layout.problems)


@rule(
    "SCH101",
    "unknown-shape",
    category="correctness",
    gate=_strange,
    known_problems="""
    Data of your own making is unknown until the config names its fields (`fields`) or a plugin brings its shape. Files that
    hold no training data at all (labels, notes) are best left out with `exclude`.
    """,
    references=(
        "https://huggingface.co/docs/trl/dataset_formats",
        "https://github.com/hiyouga/LLaMA-Factory/blob/main/data/README.md",
    ),
    judged=Judged(
        20,
        20,
        "four public files that hold no training data: labels, notes on entities, encoding tests; nothing in 46 training sets",
    ),
    examples=(
        bad({"full_text": "Water boils at 100 °C.", "spans": []}, name="no key that any shape has"),
        bad({"output": "It boils at 100 °C.", "score": 3}, name="half an Alpaca record"),
        bad({"instructions": "When does water boil?", "output": "At 100 °C."}, name="a misspelt key"),
        bad("{}", name="an empty record"),
        good({"instruction": "When does water boil?", "input": "", "output": "At 100 °C."}),
        good({"messages": [{"role": "user", "content": "Boil?"}, {"role": "assistant", "content": "100 °C."}]}),
        good({"instruction": "When does water boil?", "output": None}, name="the shape is plain, a field is broken"),
    ),
)
def check_unknown_shape(record: Record) -> Iterator[Finding]:
    """No known shape fits this record

    A trainer finds the texts of a record by the names of its fields. Where no shape fits, it stops, skips the record or,
    worse, trains on the wrong field. The message names the shape that comes nearest and what the record lacks for it.
    """
    for problem in record.layout.problems:
        if problem.kind == "unknown-shape":
            yield record.finding(problem.message)
