"""SCH105: roles that the shape of the record does not have."""

from __future__ import annotations

from collections.abc import Iterator

from datalint import Edit, Finding, Fix, Judged, Layout, Record, bad, good, rule


def _strange(layout: Layout) -> bool:
    return any(p.kind == "unknown-role" for p in layout.problems)


@rule(
    "SCH105",
    "unknown-role",
    category="correctness",
    gate=_strange,
    fix="unsafe",
    fix_safety="Writes the role that the name stands for. Wrong where the loader of this data maps the old name itself.",
    known_problems="Roles that a trainer is told to accept in its own config (role mappings) are found all the same.",
    references=(
        "https://github.com/openai/openai-cookbook/blob/main/examples/Chat_finetuning_data_prep.ipynb",
        "https://docs.axolotl.ai/docs/dataset-formats/conversation.html",
    ),
    judged=Judged(
        0,
        0,
        "nothing found in 46 public sets, 67,000 records, 2,700 of them conversations, where nothing is wrong of this kind",
    ),
    examples=(
        bad(
            {"messages": [{"role": "human", "content": "Is ice wet?"}, {"role": "gpt", "content": "When it melts."}]},
            fixed={
                "messages": [
                    {"role": "user", "content": "Is ice wet?"},
                    {"role": "assistant", "content": "When it melts."},
                ]
            },
            name="ShareGPT roles in messages",
        ),
        bad(
            {
                "conversations": [
                    {"from": "prompter", "value": "Is ice wet?"},
                    {"from": "gpt", "value": "When it melts."},
                ]
            },
            fixed={
                "conversations": [{"from": "human", "value": "Is ice wet?"}, {"from": "gpt", "value": "When it melts."}]
            },
            name="another name in ShareGPT",
        ),
        bad(
            {
                "messages": [
                    {"role": "User", "content": "Is ice wet?"},
                    {"role": "assistant", "content": "When it melts."},
                ]
            },
            fixed={
                "messages": [
                    {"role": "user", "content": "Is ice wet?"},
                    {"role": "assistant", "content": "When it melts."},
                ]
            },
            name="capitals",
        ),
        bad(
            {"messages": [{"role": "narrator", "content": "Ice melts."}, {"role": "assistant", "content": "Yes."}]},
            name="a role nobody knows",
            remaining=1,
        ),
        good(
            {
                "messages": [
                    {"role": "user", "content": "Is ice wet?"},
                    {"role": "assistant", "content": "When it melts."},
                ]
            }
        ),
        good(
            {"conversations": [{"from": "human", "value": "Is ice wet?"}, {"from": "gpt", "value": "When it melts."}]}
        ),
        good(
            {
                "conversations": [
                    {"from": "human", "value": "Is ice wet?"},
                    {"from": "function_call", "value": '{"name": "melt"}'},
                    {"from": "observation", "value": "water"},
                    {"from": "gpt", "value": "When it melts."},
                ]
            },
            name="tools in ShareGPT",
        ),
    ),
)
def check_unknown_role(record: Record) -> Iterator[Finding]:
    """A role that this shape does not have

    Chat templates know a handful of roles. Of a message with another one some raise, some drop it, and some print the
    name as a header that the model has never seen. One finding speaks of all messages of the record with that role.
    """
    strange: dict[str, list[tuple[str, str]]] = {}
    for problem in record.layout.problems:
        if problem.kind == "unknown-role":
            strange.setdefault(problem.message, []).append((problem.pointer, problem.value))
    for message, places in strange.items():
        times = f" ({len(places)} messages)" if len(places) > 1 else ""
        edits = tuple(Edit("set", pointer, value=value) for pointer, value in places if value)
        fix = Fix(f"write `{edits[0].value}`", "unsafe", edits) if edits else None
        yield record.finding(message + times, pointer=places[0][0], fix=fix)
