"""TPL104: answers that go on as the user."""

from __future__ import annotations

from collections.abc import Iterator

from datalint_rules.template._markers import Mark, is_about, is_by_hand
from datalint_rules.template._rendered import rendering
from datalint_rules.template._talk import talk_start

from datalint import Finding, Judged, Message, bad, good, rule


def _chat(prompt: str, answer: str) -> dict[str, list[dict[str, str]]]:
    return {"messages": [{"role": "user", "content": prompt}, {"role": "assistant", "content": answer}]}


@rule(
    "TPL104",
    "self-talk",
    category="suspicious",
    roles=["assistant"],
    triggers=[
        r"<\|[A-Za-z]",
        "<｜",
        r"\[INST\]|<start_of_turn>|\]~b\]|\[\|(user|Human)\|\]|<seed:bos>",
        r"(</s>|<end_of_turn>|<turn\|>|\[\|endofturn\|\])\s{0,3}(\*\*|#{2,4} ?)?(User|USER|Human|HUMAN|Prompter)(\*\*)?:",
        r"^(\*\*|#{2,4} ?)?(User|USER|Human|HUMAN|Prompter)(\*\*)?:",
        r"^(用户|人类|Пользователь|Utilisateur|Usuario) ?(:|：)",
    ],
    fix="unsafe",
    fix_safety="Cuts the answer where the user begins to speak. Wrong where the rest was meant to be a dialogue.",
    known_problems="""
    A dialogue that was asked for in words that the rule does not know is found. Only labels that name the user are known:
    an answer that goes on as "Q:" or as a named person is not.
    """,
    examples=(
        bad(
            _chat("Is ice wet?", "When it melts.\n\nUser: And below zero?\nAssistant: Then it is dry."),
            fixed=_chat("Is ice wet?", "When it melts."),
            name="the next exchange",
        ),
        bad(
            _chat("Is ice wet?", "When it melts.\n<|user|>\nAnd below zero?"),
            fixed=_chat("Is ice wet?", "When it melts."),
            name="a token",
        ),
        bad(
            _chat("Is ice wet?", "When it melts.<|im_end|>\n<|im_start|>user\nAnd below zero?<|im_end|>"),
            fixed=_chat("Is ice wet?", "When it melts."),
            name="the end of the turn and the next one",
        ),
        bad(
            _chat("Is ice wet?", "When it melts.\n\nHuman: Tell me why it is dry below zero."),
            fixed=_chat("Is ice wet?", "When it melts."),
            name="a question of its own",
        ),
        bad(
            _chat("Is ice wet?", "When it melts.\n### Human: And below zero?"),
            fixed=_chat("Is ice wet?", "When it melts."),
            name="a heading",
        ),
        bad(
            _chat("冰是湿的吗？", "融化时是。\n用户：零度以下呢？\n助手：那时是干的。"),
            fixed=_chat("冰是湿的吗？", "融化时是。"),
            name="Chinese",
        ),
        good(
            _chat("Write a dialogue about ice.", "Here it is:\n\nUser: Is ice wet?\nAssistant: When it melts."),
            name="a dialogue that was asked for",
        ),
        good(_chat("Write a short play.", "A kitchen.\n\nHUMAN: Is ice wet?\nAI: When it melts."), name="a play"),
        good(
            _chat("How do I log in?", "Use these values.\n\nHost: example.org\nUser: guest\nPort: 22"),
            name="a list of fields",
        ),
        good(
            _chat("Who may write?", "Three kinds of accounts exist.\n\nAdmin: everything\nUser: only their own pages"),
            name="a list of terms",
        ),
        good(
            _chat(
                "Continue.\nUser: Is ice wet?\nBot: When it melts.",
                "Bot: Ask more.\n\nUser: And below zero?\nBot: Dry.",
            ),
            name="the prompt is a dialogue",
        ),
        good(
            {
                "prompt": "Is ice wet?",
                "chosen": "Yes.",
                "rejected": "Yes.\n\nHuman: Tell me why it is so.\n\nAssistant: No.",
            },
            name="the worse answer of a pair",
        ),
    ),
    judged=Judged(1, 1, "all its findings on 46 public sets, 74,000 records"),
)
def check_self_talk(message: Message) -> Iterator[Finding]:
    """The answer goes on as the user

    A model that did not stop wrote the next question too, or two turns were joined. Whoever trains on it gets a model that
    talks to itself. Dialogues, scripts and interviews that the prompt asks for are left alone.
    """
    start = talk_start(message)
    if start is None or rendering(message) is not None or is_by_hand(message):
        return
    text = message.text
    begin = start + len(text[start:]) - len(text[start:].lstrip())
    if is_about(message, [Mark("", (begin, len(text)))]):
        return
    shown = " ".join(text[begin:].split())[:50]
    fix = message.replace([((start, len(text)), "")], "cut the answer before the user speaks")
    yield message.finding((begin, len(text)), f"the answer goes on as the user: {shown!r}", fix=fix)
