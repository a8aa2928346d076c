"""TPL205: roles that the template does not know and prints as they are."""

from __future__ import annotations

from collections.abc import Iterator

from datalint import Batch, Edit, Finding, Fix, Judged, Record, Rendered, Templates, bad, good, rule

_CHATML = {"template": "chatml"}
_ANSWER = {"role": "assistant", "content": "An oak."}
_HUMAN = {"messages": [{"role": "human", "content": "Which tree?"}, _ANSWER]}
_USER = {"messages": [{"role": "user", "content": "Which tree?"}, _ANSWER]}
_DEVELOPER = {"messages": [{"role": "developer", "content": "Be brief."}, *_USER["messages"]]}
_SYSTEM = {"messages": [{"role": "system", "content": "Be brief."}, *_USER["messages"]]}
_KNOWN = frozenset({"system", "user", "assistant", "tool"})
_MEANT = {
    "human": "user", "gpt": "assistant", "model": "assistant", "bot": "assistant", "ai": "assistant",
    "chatgpt": "assistant", "prompter": "user", "developer": "system", "function": "tool", "observation": "tool",
}  # fmt: skip


@rule(
    "TPL205",
    "verbatim-role",
    category="correctness",
    fix="unsafe",
    fix_safety="The role becomes the one it stands for; what was meant by it is for you to say.",
    known_problems="A model may have been tuned with a role of its own that its template prints without naming it.",
    references=("https://github.com/huggingface/trl/issues/5213",),
    judged=Judged(0, 0, "what a template prints is a fact of it"),
    examples=(
        bad(_HUMAN, fixed=_USER, settings=_CHATML),
        bad(_DEVELOPER, fixed=_SYSTEM, settings={"template": "llama-3"}, name="a role of other models"),
        good(_USER, settings=_CHATML),
        good(
            {"conversations": [{"from": "human", "value": "Which tree?"}, {"from": "gpt", "value": "An oak."}]},
            settings=_CHATML, name="ShareGPT's names are mapped by whoever reads them",
        ),
        good(_DEVELOPER, settings={"template": "gpt-oss"}, name="a template that knows it"),
    ),
)  # fmt: skip
def check_verbatim_role(batch: Batch, templates: Templates) -> Iterator[Finding]:
    """The chat template prints a role it does not know

    Templates such as ChatML's take any role and print it into the header of the message. The model reads a speaker it has
    never met, and learns to answer to `human`, which nobody will ever be when it is served.
    """
    for k, told in enumerate(templates.batch(batch)):
        if told and not all(_KNOWN.issuperset(rendered.roles) for rendered in told):
            yield from _strange(batch.record(k), told, templates.source)


def _strange(record: Record, told: tuple[Rendered, ...], source: str) -> Iterator[Finding]:
    seen: set[str] = set()
    for rendered in told:
        end = 0
        for piece, part in zip(rendered.pieces, rendered.parts, strict=False):
            if part.span is None:
                continue
            header, end = rendered.text[end : part.span[0]], part.span[1]
            role = rendered.roles[piece.message]
            pointer = record.layout.turns[record.layout.slots[piece.slots[0]].turn].pointer
            if not role or role in _KNOWN or role not in header or pointer in seen:
                continue
            if f"'{role}'" not in source and f'"{role}"' not in source:
                seen.add(pointer)
                said = f"the template does not know the role {role!r} and prints it as it is"
                yield record.finding(said, pointer=pointer, fix=_renamed(pointer, role))


def _renamed(pointer: str, role: str) -> Fix | None:
    meant = _MEANT.get(role.casefold())
    return Fix(f"Write {meant!r}", "unsafe", (Edit("set", f"{pointer}/role", None, meant),)) if meant else None
