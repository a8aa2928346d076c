"""SCH106: two keys for one thing."""

from __future__ import annotations

from collections.abc import Iterator

from datalint import Finding, Judged, Layout, Record, bad, good, rule


def _double(layout: Layout) -> bool:
    return any(p.kind == "rival-keys" for p in layout.problems)


@rule(
    "SCH106",
    "rival-keys",
    category="correctness",
    gate=_double,
    known_problems="Keys with equal values are found too: which of them is read still depends on the trainer.",
    references=("https://github.com/hiyouga/LLaMA-Factory/blob/main/data/README.md",),
    judged=Judged(21, 21, "a public code set with every answer under output and response; nothing in 45 other sets"),
    examples=(
        bad({"instruction": "Name a metal.", "input": "", "output": "Tin.", "response": "Zinc."}, name="two answers"),
        bad({"prompt": "A metal, please.", "instruction": "Name a metal.", "output": "Tin."}, name="two prompts"),
        bad(
            {
                "messages": [{"role": "user", "content": "A metal?"}, {"role": "assistant", "content": "Tin."}],
                "conversations": [{"from": "human", "value": "A metal?"}, {"from": "gpt", "value": "Zinc."}],
            },
            name="two conversations",
        ),
        good({"instruction": "Name a metal.", "input": "", "output": "Tin."}),
        good({"instruction": "Name a metal.", "output": "Tin.", "response": None}, name="the other one is null"),
        good({"instruction": "Name a metal.", "output": "Tin.", "text": "Name a metal. Tin."}, name="a rendered text"),
    ),
)
def check_rival_keys(record: Record) -> Iterator[Finding]:
    """Two keys of this record hold the same kind of text

    Which of the two a trainer reads is its own affair, and the other is silently ignored. Mostly this is left over from
    merging data of two formats: keep one.
    """
    for problem in record.layout.problems:
        if problem.kind == "rival-keys":
            yield record.finding(problem.message, pointer=problem.pointer)
