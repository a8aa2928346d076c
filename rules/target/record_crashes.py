"""TGT101: the trainer stops on this record."""

from __future__ import annotations

from collections.abc import Iterator

from datalint_rules.target._predicted import predicted

from datalint import Batch, Finding, Judged, bad, good, rule

ASKED = {"role": "user", "content": "Which tree bears acorns?"}
OAK = {"role": "assistant", "content": "The oak."}
EMPTY: dict[str, list[str]] = {"messages": []}
TWICE = {"messages": [ASKED, ASKED, OAK]}
CALL = {
    "role": "assistant",
    "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{"}}],
}


@rule(
    "TGT101",
    "record-crashes",
    category="correctness",
    known_problems="""
    The predictions are of one version of each trainer and of its settings as they come, with names of columns and roles
    declared as the data has them; what a chat template does with a record is not among them.
    """,
    references=("https://huggingface.co/docs/trl/dataset_formats", "https://docs.axolotl.ai/docs/dataset-formats/"),
    examples=(
        bad(EMPTY, settings={"target": "trl"}),
        bad({"messages": [ASKED, CALL, OAK]}, settings={"target": "axolotl"}, name="arguments that are no JSON"),
        bad({"instruction": "Hi", "output": "Hello.", "history": [["Hi"]]}, settings={"target": "llama-factory"}),
        bad(TWICE, settings={"target": "torchtune"}, name="two turns of the user"),
        bad(TWICE, settings={"target": "together"}, name="refused after upload"),
        bad({"messages": [{**ASKED, "weight": 1}, OAK]}, settings={"target": "openai"}, name="a weight on a prompt"),
        bad({"messages": [ASKED, {**OAK, "weight": 2}]}, settings={"target": "fireworks"}, name="no such weight"),
        bad({"messages": [OAK, ASKED]}, settings={"target": "mistral"}, name="no answer at the end"),
        good(TWICE, settings={"target": "trl"}, name="it takes any order"),
        good({"messages": [ASKED, OAK]}, settings={"target": "together"}),
        good(EMPTY, name="no target is named"),
    ),
    judged=Judged(0, 0, "compared with the trainers' own code: see docs/targets.md"),
)
def check_record_crashes(batch: Batch, target: str) -> Iterator[Finding]:
    """The trainer stops on this record, or the provider refuses the file

    One record that a trainer cannot read ends a run after everything before it was tokenised, and tells of it in a
    traceback that names no record. With `target` set, what the trainer's own code does with each record is predicted;
    the finding says which version and which file of it.
    """
    for k, said, found in predicted(batch, target):
        if found.kind == "stops":
            yield batch.record(k).finding(
                f"{said.called} {said.stops}: {found.why} ({found.source})", pointer=found.pointer or None
            )
