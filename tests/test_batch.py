"""The views of a record: what each message answers, follows and belongs to."""

from __future__ import annotations

import gc
import json
import weakref
from typing import Any

import pytest

from datalint.batch import UNREAD, Batch, Facts
from datalint.loading import load_batch
from datalint.model import Edit
from datalint.readers import Block
from datalint.shapes import Detector, builtin

CHAT = {
    "messages": [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Hello."},
        {"role": "user", "content": "More?"},
        {"role": "assistant", "content": "Yes."},
    ]
}
ALPACA = {"instruction": "Add.", "input": "1 2", "output": "3"}
PAIR = {"prompt": "Hi", "chosen": "Hello.", "rejected": "What?"}


def batch(*lines: dict | str) -> Batch:
    raws = [(line if isinstance(line, str) else json.dumps(line)).encode() for line in lines]
    offsets = [sum(len(r) + 1 for r in raws[:k]) for k in range(len(raws))]
    block = Block(raws, offsets, 5, 4, None, True, True)
    return load_batch(2, "x.jsonl", block, Detector(builtin()), Facts())


@pytest.mark.parametrize(
    ("record", "number", "prompt", "history", "answer"),
    [
        (CHAT, 0, "", "", "Hello."),
        (CHAT, 1, "Be kind.", "Be kind.", "Hello."),
        (CHAT, 2, "Be kind.\nHi", "Be kind.\nHi", "Yes."),
        (CHAT, 3, "", "Be kind.\nHi\nHello.", "Yes."),
        (CHAT, 4, "More?", "Be kind.\nHi\nHello.\nMore?", ""),
        (ALPACA, 0, "", "", "3"),
        (ALPACA, 2, "Add.\n1 2", "Add.\n1 2", ""),
        (PAIR, 1, "Hi", "Hi", ""),
        (PAIR, 2, "Hi", "Hi", ""),
    ],
)
def test_what_surrounds_a_message(record, number, prompt, history, answer) -> None:
    message = batch(record).message(number)
    assert (message.prompt, message.history, message.answer) == (prompt, history, answer)


def test_texts_of_one_turn_are_siblings() -> None:
    instruction, given, output = batch(ALPACA).record(0).messages
    assert [m.pointer for m in given.siblings] == ["/instruction"]
    assert [m.text for m in instruction.siblings] == ["1 2"]
    assert output.siblings == ()


def test_a_rejected_answer_is_the_assistants_but_has_a_bit_of_its_own() -> None:
    _, chosen, rejected = batch(PAIR).record(0).messages
    assert (chosen.role, chosen.rejected, rejected.role, rejected.rejected) == ("assistant", False, "assistant", True)
    assert chosen.slot.bit != rejected.slot.bit


def test_a_preference_record_has_two_conversations_that_share_their_prompt() -> None:
    one, other = batch(PAIR).record(0).conversations
    assert [m.text for m in one.messages] == ["Hi", "Hello."]
    assert [m.text for m in other.messages] == ["Hi", "What?"]


def test_messages_of_a_batch_are_found_across_records() -> None:
    made = batch(ALPACA, "", CHAT, "{broken", PAIR)
    assert [made.message(i).text for i in range(len(made.texts))] == made.texts
    assert made.message(3).record.ref.line == 7
    assert made.message(8).record.ref.line == 9
    assert made.message(0) is made.message(0)


def test_columns_fit_the_texts() -> None:
    made = batch({**ALPACA, "input": "é\nü"}, PAIR)
    joined, starts = made.joined, made.starts.tolist()
    assert [joined[s : s + len(t.encode())].decode() for s, t in zip(starts, made.texts, strict=True)] == made.texts
    assert made.owners.tolist() == [0, 0, 0, 1, 1, 1]
    assert made.bits.tolist() == [2, 2, 4, 2, 4, 64]


@pytest.mark.parametrize(("start", "stop"), [(0, 5), (1, 3), (2, 2), (4, 5)])
def test_a_slice_is_the_batch_of_these_lines(start, stop) -> None:
    lines = [ALPACA, "", CHAT, "{broken", PAIR]
    whole = batch(*lines)
    part = whole.slice(start, stop)
    assert part.texts == [t for k in range(start, stop) for t in whole.record(k).texts]
    assert [part.ref(k) for k in range(len(part))] == [whole.ref(k) for k in range(start, stop)]
    assert [layout is UNREAD for layout in part.layouts] == [lines[k] in ("", "{broken") for k in range(start, stop)]
    assert sorted(part.refusals) == [k - start for k in range(start, stop) if k in whole.refusals]
    assert list(part.blanks) == [k - start for k in range(start, stop) if k in whole.blanks]


def test_findings_and_fixes_carry_their_place() -> None:
    message = batch(ALPACA).message(2)
    fix = message.replace([((0, 1), "4")], "correct it", "safe")
    finding = message.finding(None, "wrong", fix=fix, score=0.5)
    assert (finding.ref, finding.pointer, finding.span) == (message.record.ref, "/output", (0, 1))
    assert finding.fix.edits == (Edit("replace-text", "/output", (0, 1), "4"),)


def test_released_views_are_made_anew() -> None:
    made = batch(ALPACA)
    before = made.message(0)
    made.release()
    assert made.message(0) is not before
    assert made.message(0).text == before.text


def test_what_rules_keep_on_views_goes_with_the_batch() -> None:
    """Without the garbage collector, which rests while a shard is scanned."""
    made = batch(ALPACA)
    message = made.message(0)
    message.cache["mine"] = (message,)
    message.record.cache["mine"] = [message.record]
    gone = [weakref.ref(Watched(message.cache)), weakref.ref(Watched(message.record.cache))]
    gc.disable()
    try:
        del message
        made.release()
        assert [one() for one in gone] == [None, None]
    finally:
        gc.enable()


class Watched:
    """Something with a weak reference that lives as long as the cache it is put into."""

    def __init__(self, cache: dict[str, Any]) -> None:
        cache["watched"] = self
