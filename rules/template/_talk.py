"""Where an answer goes on as the user."""

from __future__ import annotations

from itertools import islice

import regex
from datalint_rules.template._rendered import headers

from datalint import Message, pattern, prose

_END = (
    r"(?:(?:<\|(?:im_end|eot_id|eot|end|endoftext|end_of_text)\|>|<end_of_turn>|<turn\|>|</s>|<｜end▁of▁sentence｜>"
    r"|\[\|endofturn\|\])\s*+)"
)
_TOKEN = pattern(
    rf"{_END}{{0,3}}(?:<\|(?:user|human|prompter)\|>|<\|im_(?:start|user)\|>[ ]?(?:user|human)\b"
    r"|<\|start_header_id\|>(?:user|human)<\|end_header_id\|>"
    r"|<\|header_start\|>user<\|header_end\|>|<start_of_turn>user\b|<\|turn>user\b|<｜User｜>|<\|START_OF_TURN_TOKEN\|><\|USER_TOKEN\|>"
    r"|<\|start_of_role\|>user<\|end_of_role\|>|<\|start\|>user<\|message\|>|\]~b\]user\b|\[\|(?:user|Human)\|\]|<seed:bos>user\b"
    r"|<\|user_start\|>|(?:<s>\s*)?(?P<inst>\[INST\]))"
)
_AFTER = 4_000  # characters after a label that say what it is
_MOST = 200  # places of a text that are looked at
# Words that name the user at the start of a line.
_USER = r"(?:User|USER|Human|HUMAN|Prompter)"
_ANSWERER = r"(?:Assistant|ASSISTANT|AI|Bot|Chatbot|ChatBot|GPT|ChatGPT|Model|Response|Answer|Computer|System)"
_LINE = pattern(
    rf"(?:{_END}{{0,3}}^|(?P<ended>{_END}{{1,3}}))(?:(?P<hash>#{{2,4}}[ ]*)|(?P<bold>\*\*))?"
    rf"{_USER}(?(bold)(?::\*\*|\*\*:)|:)[ \t]*(?P<said>\S[^\n]*|(?=\n[ \t]*\S))"
    r"|^(?:用户|人类|Пользователь|Utilisateur|Usuario)[ ]?[:：][ \t]*(?P<other>\S[^\n]*)",
    regex.M,
)
_REPLY = pattern(
    rf"^(?:#{{2,4}}[ ]*|\*\*)?(?:{_ANSWERER}(?:\*\*)?|助手|机器人|Ассистент|Assistante|Asistente)[ ]?(?:\*\*)?[:：]",
    regex.M,
)
_HASHED_REPLY = pattern(r"^#{2,4}[ ]*(?:Input|Output|Response|Answer|Assistant)\b", regex.M)
_FIELD = pattern(r"\s*(?:[-*•]\s*)?[\w ./-]{1,30}:(?:\s|$)")
_SPEAKER = pattern(
    rf"\A\s*(?:\*\*)?(?:{_USER}|{_ANSWERER}|[A-Z][\w. ]{{0,24}}|用户|助手)(?:\*\*)?\s?[:：]|^(?:\*\*)?{_USER}(?:\*\*)?:",
    regex.M,
)
_ASKED = pattern(
    r"(?i)\b(?:dialog\w*|conversation\w*|convo|chat(?:s|log|ting|bot\w*)?|scripts?|screenplay|interviews?|plays?|scenes?|skits?|"
    r"transcripts?|role-?play\w*|stor(?:y|ies)|interaction\w*|interact\w*|(?:messages?|calls?|exchanges?|talks?) between|"
    r"talk\w* (?:to|with)|debate|simulat\w+|pretend|act as|customer (?:service|support)|q ?& ?a|questions and answers|"
    r"persona\w*|(?:virtual|voice) assistants?|alexa|siri|few-?shot|prompts?|gespräch\w*|diálogo|entrevista|entretien|"
    r"conversación|диалог\w*|разговор\w*|интервью|бесед\w*)\b|对话|對話|会话|聊天|采访|剧本|访谈|交谈|会話|対話|대화|인터뷰"
)
_LABELLED_PROMPT = pattern(rf"(?:^|\n)\W{{0,4}}(?:{_USER}|用户)[ ]?[:：]")
_OPEN_PROMPT = pattern(rf"(?:^|\n)\W{{0,4}}(?:{_ANSWERER}|助手)[ ]?[:：]\s*\Z")


def talk_start(message: Message) -> int | None:
    """Where the answer goes on as the user, None where it does not."""
    text = message.text
    found = [_by_token(message, text), _by_words(message, text)]
    return min((at for at in found if at is not None), default=None)


def _by_token(message: Message, text: str) -> int | None:
    for match in islice(_TOKEN.finditer(text), _MOST):
        before = text[: match.start()].rstrip()
        if not before or headers().fullmatch(before + "\n"):
            return None  # it begins like that: another rule's
        if match["inst"] is not None and "[/INST]" not in text[match.end() :]:
            continue
        if not _is_mentioned(text, match) and not prose.in_code(message, match.span()):
            return len(before)
    return None


def _is_mentioned(text: str, match: regex.Match[str]) -> bool:
    """In quotation marks, or in the middle of a sentence."""
    start = match.end() - len(match.group().lstrip())
    before, after = text[:start], text[match.end() :]
    return before.endswith(('"', "'", "`", "“", "‘")) and after.startswith(('"', "'", "`", "”", "’"))


def _by_words(message: Message, text: str) -> int | None:
    for match in islice(_LINE.finditer(text), _MOST):
        before, after = text[: match.start()].rstrip(), text[match.end() : match.end() + _AFTER]
        if before and _is_turn(match, before, after):
            return None if _is_wanted(message, before, match) else len(before)
    return None


def _is_turn(match: regex.Match[str], before: str, after: str) -> bool:
    """Whether the line is a turn of a conversation rather than a field or an item."""
    if match["ended"] is not None:
        return True
    if match["hash"] is not None:
        return _HASHED_REPLY.search(after) is None  # with a reply it is a second record
    gap = match.string[len(before) : match.start()]
    last_line = before.rsplit("\n", 1)[-1]
    if _REPLY.search(after):
        return True
    said = match["said"] or match["other"] or ""
    next_line = next((line for line in after.split("\n") if line.strip()), "")
    if _FIELD.match(last_line) or _FIELD.match(next_line):
        return False
    return gap.count("\n") > 1 and len(said.split()) >= 3 and not next_line


def _is_wanted(message: Message, before: str, match: regex.Match[str]) -> bool:
    """Whether the answer was to be a dialogue, or is one from its start."""
    prompt = message.prompt
    if prose.in_code(message, match.span()) or _SPEAKER.search(before):
        return True
    if _LABELLED_PROMPT.search(prompt):
        return _OPEN_PROMPT.search(prompt) is None
    return _ASKED.search(prompt) is not None or _ASKED.search(message.history) is not None
