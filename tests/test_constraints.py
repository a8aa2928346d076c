"""What prompts say of the form of their answers, and whether the answers keep to it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import running
from datalint_rules.constraints import _bounds, _count, _items, _options, _wording
from hypothesis import given
from hypothesis import strategies as st

MUCH = 10**9
AMOUNTS = [
    ("Describe it in exactly five words.", ("word", 5, 5)),
    ("Describe it in 5 words or less.", ("word", 0, 5)),
    ("Use fewer than 50 words.", ("word", 0, 50)),
    ("Write no more than 1,000 words.", ("word", 0, 1000)),
    ("Write at least 200 words.", ("word", 200, MUCH)),
    ("Write 200 words or more.", ("word", 200, MUCH)),
    ("Write between 50 and 100 words.", ("word", 50, 100)),
    ("Write a 50-100 word story.", ("word", 50, 100)),
    ("Write a 500-word essay.", ("word", 300, 751)),
    ("Write about 100 words.", ("word", 50, 171)),
    ("Shorten it to 20 words.", ("word", 0, 20)),
    ("Write a 3-sentence story.", ("sentence", 3, 3)),
    ("Explain it in 2 to 3 sentences.", ("sentence", 2, 3)),
    ("Explain it in one or two sentences.", ("sentence", 1, 2)),
    ("Explain it in one sentence.", ("sentence", 1, 1)),
    ("Write two paragraphs on rain.", ("paragraph", 2, 2)),
    ("Combine the two sentences.", None),
    ("Rewrite these three sentences.", None),
    ("Write one sentence for each word.", None),
    ("Find a five-word phrase.", None),
    ("Think of two words that mean the same.", None),
    ("Come up with five word pairs.", None),
    ("What is the structure of a five-paragraph essay?", None),
    ("Write a poem with a 5-word title.", None),
    ("Type 60 words per minute.", None),
    ("Write 3 sentences, then 2 sentences.", None),
    ("Say it in other words.", None),
    ("How many words are in two sentences?", None),
]
CHINESE = [
    ("写一个不超过150字的故事。", (0, 150)),
    ("用50字以内描述大海。", (0, 50)),
    ("写至少300字。", (300, MUCH)),
    ("写一篇200字的文章。", (100, 341)),
    ("写100到200字。", None),
    ("总结这篇1000字的文章。", None),
    ("每句20字。", None),
]
COUNTED = [
    ("words", "Well-known, it rains.", (3, 4)),
    ("words", "1. One two\n2. Three", (3, 3)),
    ("words", "red, green, and blue", (3, 4)),
    ("words", "大海很深", (4, 4)),
    ("words", "", (0, 0)),
    ("sentences", "It rained. We left!", (2, 2)),
    ("sentences", "Dr. Low left at 5 p.m. today.", (1, 1)),
    ("sentences", "It cost 3.50 euros.", (1, 2)),
    ("sentences", "- One\n- Two", (1, 2)),
    ("sentences", '"Go!" he said.', (1, 2)),
    ("sentences", "下雨了。我们走了。", (2, 2)),
    ("paragraphs", "One\n\nTwo", (1, 2)),
]
LISTS = [
    ("List three rivers.", 3),
    ("Name 5 of them.", None),
    ("Can you give me ten ideas for a party?", 10),
    ("Please suggest a list of four good books.", 4),
    ("List at least three rivers.", 3),
    ("List three to five rivers.", None),
    ("List three pros and three cons.", None),
    ("Write three sentences.", None),
    ("Give two examples of each.", None),
    ("Compare two rivers.", None),
    ("Name the two longest rivers and their lengths.", 2),
    ("List a river.", None),
    ("列出三个原因。", 3),
    ("列出至少三个原因。", None),
]
ANSWERS = [
    ("1. a\n2. b\n3. c", 3),
    ("Here:\n1) a\n2) b", 2),
    ("1. a\n2. b\n1. c", None),
    ("They are: 1) red ones, 2) blue ones.", 2),
    ("- a\n- b\n- c", 3),
    ("- a\n  - b\n- c\nMore\nText", None),
    ("Red and blue.", None),
    ("It rose from 1. 5 to 2. 5", None),
]
NAMES = [
    ("red, green, blue", 3),
    ("red, green and blue.", 3),
    ("red, green, and light blue", 3),
    ("Orville and Wilbur Wright, Marie Curie", None),
    ("red\ngreen", 2),
    ("It is red, as it always was, and green.", None),
    ("red", None),
    ("red (dark), green", None),
]
CHOICES = [
    ("Classify it as positive or negative.", ("positive", "negative")),
    ("Classify the animal as a mammal, a bird, or a fish.", ("mammal", "bird", "fish")),
    ("Decide whether it is string or percussion.", ("string", "percussion")),
    ("What is it?\nLabels: calm, angry, sad", ("calm", "angry", "sad")),
    ("Identify what this is: my dog is big and fat.", None),
    ("Choose a number between one and ten.", None),
    ("Classify these words as nouns or verbs.", None),
    ("Classify it as true or false. Output 1 for true.", None),
    ("Tell me a story or a joke.", None),
]
# Code, task, data, answer, what is said ("" for nothing).
CASES = [
    ("QLT512", "Describe the sea in five words.", "", "Deep, wide, blue, cold, calm.", ""),
    ("QLT512", "Describe the sea in five words.", "", "The sea is very deep and blue.", "7 words"),
    ("QLT512", "Describe the sea in five words.", "", "Here you go:\n\nThe sea is so deep.", ""),
    ("QLT512", "Write a six-word story.", "", '"We left before the rain came."', ""),
    ("QLT512", "Explain rain in one sentence.", "", "Rain falls. It is wet.", "2 sentences"),
    ("QLT512", "Explain rain in one sentence.", "", "Rain falls; it is wet.", ""),
    ("QLT512", "Write a two-sentence story.", "", "The Rain\n\nIt rained. We left.", ""),
    ("QLT512", "List three rivers.", "", "1. Po\n2. Rhine", "2 items"),
    ("QLT512", "List three rivers.", "", "Po, Rhine, Elbe", ""),
    ("QLT512", "List up to three rivers.", "", "Po, Rhine", ""),
    ("QLT512", "Write three tips.", "", "1. a\n2. b\n3. c\n4. d", ""),  # texts of their own may hold longer lists
    ("QLT512", "Write a function in 5 words.", "", "def f(): pass", ""),
    ("QLT513", "Give the person as JSON.", "Ann, 31", "Ann is 31.", "no JSON"),
    ("QLT513", "Give the person as JSON.", "Ann, 31", '{"name": "Ann"}', ""),
    ("QLT513", "Explain the structure of JSON.", "", "Pairs of names and values.", ""),
    ("QLT513", "Summarize it in bullet points.", "Rain fell.", "Rain fell.", "no list"),
    ("QLT513", "Summarize it in bullet points.", "Rain fell.", "• Rain fell.", ""),
    ("QLT513", "Summarize the table in a few words.", "a | b", "It has two columns.", ""),
    ("QLT513", "Write a greeting in all caps.", "", "HELLO", ""),
    ("QLT513", "Write a greeting in all caps.", "", "Hello there", "small letters"),
    ("QLT513", "Write a greeting in lowercase.", "", "Hello there", "capitals"),
    ("QLT514", "Classify it as positive or negative.", "I like it.", "The sentence is positive.", ""),
    ("QLT514", "Classify it as positive or negative.", "A chair.", "Neutral", "none of the options"),
    ("QLT514", "Classify it as positive or negative.", "A chair.", "Neither", ""),
    ("QLT514", "Classify it as positive or negative.", "A chair.", "It is hard to say, for a chair is neither here nor there at all.", ""),
    ("QLT514", "Answer yes or no: is ice warm?", "", "Cold", "neither yes nor no"),
    ("QLT514", "Answer yes or no: is ice warm?", "", "It is not.", ""),
    ("QLT503", 'Write a sentence that starts with "Despite".', "", "Despite rain, we left.", ""),
    ("QLT503", 'Write a sentence that starts with "Despite".', "", "We left.", "does not start"),
    ("QLT503", 'Write a story that ends with "the end".', "", "It rained. The end.", ""),
    ("QLT503", 'Write a story that ends with "the end".', "", "It rained.", "does not end"),
    ("QLT503", 'Write a sentence using the words "explore" and "sea".', "", "Exploring seas is fun.", ""),
    ("QLT503", 'Write a sentence using the words "explore" and "sea".', "", "Exploring lakes is fun.", "'sea' is missing"),
    ("QLT503", "Write a sentence using the following words.", "harbour, lamp", "The harbour lamps shone.", ""),
    ("QLT503", "Write a sentence using the following words.", "harbour, lamp", "The lamps shone.", "'harbour' is missing"),
    ("QLT503", 'Write it without using the word "very".', "Very cold.", "Icy.", ""),
    ("QLT503", 'Write it without using the word "very".', "Very cold.", "Very icy.", "rules out"),
    ("QLT503", 'Write it without using the letter "e".', "The end.", "That was that.", ""),
    ("QLT503", 'Write it without using the letter "e".', "The end.", "The last.", "rules out"),
    ("QLT503", 'Name two fruits that begin with the letter "P".', "", "Pear and plum", ""),
    ("QLT503", 'Name two fruits that begin with the letter "P".', "", "Pear, kiwi", "'kiwi' does not start"),
    ("QLT503", 'Replace the words using the word "sea".', "x", "The lake.", ""),
    ("QLT515", "Translate the sentence into German.", "Where is the boat?", "Wo ist das Boot?", ""),
    (
        "QLT515", "Translate the sentence into German.", "Where is the boat?",
        "The boat is where it always was, at the pier of the old town.", "in English where the prompt asks for German",
    ),
    ("QLT515", 'Translate "boat" into German.', "", 'In German one would say that this is a "Boot".', ""),
]  # fmt: skip


@pytest.mark.parametrize(("task", "wanted"), AMOUNTS)
def test_amounts_are_read(task: str, wanted: tuple[str, int, int] | None) -> None:
    """Those of the answer, and no others."""
    found = [(b.unit, b.low, b.high) for b in _bounds.bounds(task)]
    assert found == ([wanted] if wanted else [])


@pytest.mark.parametrize(("task", "wanted"), CHINESE)
def test_amounts_of_characters(task: str, wanted: tuple[int, int] | None) -> None:
    """In Chinese."""
    assert [(b.low, b.high) for b in _bounds.han_bounds(task)] == ([wanted] if wanted else [])


@pytest.mark.parametrize(("what", "text", "wanted"), COUNTED)
def test_texts_are_counted(what: str, text: str, wanted: tuple[int, int]) -> None:
    """Between the fewest and the most."""
    assert getattr(_count, what)(text) == wanted


@pytest.mark.parametrize(("task", "n"), LISTS)
def test_lists_that_are_asked_for(task: str, n: int | None) -> None:
    """With one number."""
    amount = _items.amount(task)
    assert (amount and amount.n) == n


@pytest.mark.parametrize(("text", "n"), ANSWERS)
def test_lists_in_answers(text: str, n: int | None) -> None:
    """Numbered or bulleted, one of them."""
    assert _items.listed(text) == n


@pytest.mark.parametrize(("text", "n"), NAMES)
def test_names_in_answers(text: str, n: int | None) -> None:
    """And nothing else."""
    assert _items.named(text) == n


@pytest.mark.parametrize(("task", "names"), CHOICES)
def test_options_are_read(task: str, names: tuple[str, ...] | None) -> None:
    """Where one of them is to be chosen."""
    options = _options.options(task)
    assert (options and options.names) == names


@pytest.mark.parametrize(("code", "task", "data", "answer", "said"), CASES)
def test_what_is_said(tmp_path: Path, code: str, task: str, data: str, answer: str, said: str) -> None:
    """Of one record, with the words of the prompt beside it."""
    record = {"instruction": task, "input": data, "output": answer}
    running.write(tmp_path, {"a.jsonl": json.dumps(record).encode() + b"\n"})
    outcome = running.scan(running.settings(tmp_path, "a.jsonl", select=(code,)))
    assert not outcome.not_checked
    found = list(outcome.findings)
    assert len(found) == bool(said), [f.message for f in found]
    for finding in found:
        assert said in finding.message
        (related,) = finding.related
        assert related.pointer == "/instruction"
        assert related.span is not None
        assert 0 <= related.span[0] < related.span[1] <= len(task)


def test_each_turn_of_a_conversation(tmp_path: Path) -> None:
    """Has its own constraint."""
    turns = ["List two rivers.", "Po, Rhine, Elbe", "Now say why in one sentence.", "They are long. They are old."]
    messages = [{"role": "assistant" if n % 2 else "user", "content": t} for n, t in enumerate(turns)]
    running.write(tmp_path, {"a.jsonl": json.dumps({"messages": messages}).encode() + b"\n"})
    found = running.scan(running.settings(tmp_path, "a.jsonl", select=("QLT512",))).findings
    assert sorted((f.pointer, f.message.partition(" where")[0]) for f in found) == [
        ("/messages/1/content", "3 items"),
        ("/messages/3/content", "2 sentences"),
    ]


@given(st.text(max_size=80), st.sampled_from(list(_count.COUNTS)))
def test_the_fewest_are_no_more_than_the_most(text: str, unit: str) -> None:
    """In any text."""
    low, high = _count.COUNTS[unit](text)
    assert 0 <= low <= high


@given(st.text(max_size=120), st.text(max_size=60))
def test_no_text_breaks_it(task: str, text: str) -> None:
    """Tasks and answers of any kind."""
    list(_bounds.bounds(task))
    _items.amount(task)
    _options.options(task)
    assert all(_wording.breaks(text, [text], w) is not None for w in _wording.wanted(task, text))
