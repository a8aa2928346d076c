"""Lists put in order, letters counted and turned round, words taken from a text: what is right, wrong and left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import running
from datalint_rules.answer._asked import items_of
from datalint_rules.answer._letters import judged
from datalint_rules.answer._order import in_order, order_of, sorted_by
from hypothesis import given
from hypothesis import strategies as st

LISTS = [
    ("plum, fig and pear", ["plum", "fig", "pear"]),
    ("plum, fig, and pear.", ["plum", "fig", "pear"]),
    ("[3, -1, 2]", ["3", "-1", "2"]),
    ("3,6, 1,8", ["3", "6", "1", "8"]),
    ("1,000, 2,500", ["1,000", "2,500"]),
    ("100,200", None),
    ("Numbers: 4 9 2", ["4", "9", "2"]),
    ('"plum", "fig"', ["plum", "fig"]),
    ("- plum\n- fig", ["plum", "fig"]),
    ("1. plum\n2. fig", ["plum", "fig"]),
    ("plum\nfig", ["plum", "fig"]),
    ("5、3、9", ["5", "3", "9"]),
    ("a sentence without any list", None),
    ("[[1, 2], [3]]", None),
    ("", None),
]
ORDERS = [
    ("Sort the words in alphabetical order.", "alphabetical"),
    ("Arrange them in reverse alphabetical order.", "reverse alphabetical"),
    ("Sort by the alphabet.", "alphabetical"),
    ("Sort the numbers in ascending order.", "ascending"),
    ("Order from least to greatest.", "ascending"),
    ("Sort in non-decreasing order.", "ascending"),
    ("Sort from the highest to the lowest.", "descending"),
    ("从大到小排序", "descending"),
    ("Sort from smallest to largest population by country, based on the census.", None),
    ("Sort by price in ascending order.", None),
    ("Rank in order of importance, descending.", None),
    ("Sort the books alphabetically by author.", None),
    ("Sort them ascending, then descending.", None),
    ("Sort the list.", None),
]
ALPHABETICAL = [
    (["apple", "Banana", "cherry"], True),
    (["Banana", "apple"], True),  # capitals first
    (["The Apple", "Boat"], True),
    (["Apple", "The Boat", "Car"], True),
    (["éclair", "fig"], True),
    (["ice cream", "iceberg"], True),
    (["fig", "apple"], False),
    (["图", "书"], None),
]
SORTS = [
    ("Sort the words alphabetically.", "plum, fig, apple", "apple, plum, fig", "alphabetical order"),
    ("Sort the words alphabetically.", "plum, fig, apple", "1. Apple\n2. Fig\n3. Plum", ""),
    ("Sort the words alphabetically.", "plum, fig, apple", "The sorted list is: apple, fig, plum.", ""),
    ("Sort the numbers from least to greatest.", "[4, -2, 10]", "[-2, 4, 10]", ""),
    ("Sort the numbers from least to greatest.", "[4, -2, 10]", "[4, -2, 10]", "ascending order"),
    ("Sort in descending order.", "1/2, 3/4, 0.6", "3/4, 0.6, 1/2", ""),
    ("Sort in descending order.", "1/2, 3/4, 0.6", "3/4, 1/2, 0.6", "descending order"),
    ("Sort the numbers in ascending order.", "5, 3, 9, 1", "1, 3, 9", "lost"),
    ("Sort the numbers in ascending order.", "5, 3, 9, 1", "1, 3, 5, 7, 9", "invented"),
    ("Sort the numbers in ascending order.", "5, 3, 9, 1", "Use a sorting network.", ""),
    ("Sort the fruits by sweetness in ascending order.", "plum, fig", "plum, fig", ""),
    ("Sort the words in the sentence alphabetically.", "Rain fell on us", "fell on Rain us", ""),
    ("Sort the words in the sentence alphabetically.", "Rain fell on us", "us fell on Rain", "alphabetical order"),
    ("Reverse the list.", "a, b, c", "c, b, a", ""),
    ("Reverse the list.", "a, b, c", "c, a, b", "reverse"),
    ("Remove the duplicates from the list.", "a, b, a, c", "a, b, c", ""),
    ("Remove the duplicates from the list.", "a, b, a, c", "b, c", ""),  # whatever occurs twice is removed
    ("Remove the duplicates from the list.", "a, b, a, c", "a, b, a", "still there"),
    ("Remove the duplicates from the list.", "a, b, a, c, d", "a, b, c", "lost"),
    ("Sort into two categories in alphabetical order.", "plum, ant", "plum, ant", ""),
    ("Write a program that sorts in ascending order.", "3, 1", "3, 1", ""),
]
LETTERS = [
    ("Reverse the word.", "harbour", "ruobrah", ""),
    ("Reverse the word.", "harbour", "roubrah", "ruobrah"),
    ('Reverse the word "tide".', "", "The reversed word is 'edit'.", ""),
    ("Reverse the word.", "harbour", "A port is a harbour.", ""),
    ("Create an anagram of the word.", "listen", "silent", ""),
    ("Create an anagram of the word.", "listen", "tinsels", "no anagram"),
    ("How many words are in the sentence?", "Rain fell on us.", "4", ""),
    ("How many words are in the sentence?", "Rain fell on us.", "There are five words, that is 5.", "words in"),
    ("How many words are in the sentence?", "A well-known town", "4", ""),
    ("Count the vowels.", "harbour", "3", ""),
    ("Count the vowels.", "harbour", "The word has 4 vowels.", "vowels in"),
    ("Count the characters in the text.", "old mill", "8", ""),
    ("Count the characters in the text.", "old mill", "7", ""),
    ("Count the characters in the text.", "old mill", "11", "characters in"),
    ("How many words start with a vowel?", "an old mill", "3", ""),
    ('How many times does the letter "l" occur in the text?', "old mill", "3 times", ""),
    ('How many times does the letter "l" occur in the text?', "old mill", "2 times", "'l' in"),
    ("Remove all the vowels from the text.", "old mill", "ld mll", ""),
    ("Remove all the vowels from the text.", "old mill", "ld mill", "without its vowels"),
    ("Convert the text to uppercase.", "old mill", "OLD MILL", ""),
    ("Convert the text to uppercase.", "old mill", "Old Mill", "upper case"),
    ("Create a palindrome.", "", "Never odd or even", ""),
    ("Create a palindrome.", "", "An old mill", "no palindrome"),
    ("Find the fewest deletions that make it a palindrome.", "abca", "1", ""),
    ("Reverse the order of the words.", "rain fell on us", "us on fell rain", ""),
    ("Reverse the order of the words.", "rain fell on us", "us fell on rain", "us on fell rain"),
]
TAKEN = [
    ("Find the adjectives in the sentence.", "The old boat left.", "old", False),
    ("Find the adjectives in the sentence.", "The old boat left.", "ancient", True),
    ("Find the verbs in the sentence.", "She was running.", "run", False),
    ("Find the verb in the sentence.", "Close the door!", "There is no verb.", False),
    ("Find the nouns in the sentence.", "The old boat left.", "The noun is 'boat'.", False),
    ("Find the synonyms of the words in the sentence.", "The old boat left.", "ancient", False),
]
TEXT = "word " * 40


@pytest.mark.parametrize(("text", "items"), LISTS)
def test_lists_are_read(text: str, items: list[str] | None) -> None:
    """In the ways people write them."""
    assert items_of(text) == items


@pytest.mark.parametrize(("task", "name"), ORDERS)
def test_orders_are_told_from_their_words(task: str, name: str | None) -> None:
    """Only those that can be computed."""
    order = order_of(task)
    assert (order and order.name) == name


@pytest.mark.parametrize(("items", "sorted_"), ALPHABETICAL)
def test_alphabets_have_several_orders(items: list[str], sorted_: bool | None) -> None:
    """Each usual one is right."""
    order = order_of("in alphabetical order")
    assert order is not None
    assert in_order(items, order) is sorted_


@given(st.lists(st.integers(-999, 999), min_size=2, max_size=8), st.sampled_from(["ascending", "descending"]))
def test_sorted_numbers_are_in_order(numbers: list[int], name: str) -> None:
    """And no others."""
    order = order_of(f"in {name} order")
    assert order is not None
    items = [str(n) for n in numbers]
    assert in_order(sorted_by(items, order), order)
    assert in_order(items, order) is (numbers == sorted(numbers, reverse=order.down))


@pytest.mark.parametrize(("task", "data", "answer", "said"), SORTS)
def test_sorted_lists(tmp_path: Path, task: str, data: str, answer: str, said: str) -> None:
    """Whether a list is in order and whole."""
    check(tmp_path, "QLT504", task, data, answer, said)


@pytest.mark.parametrize(("task", "data", "answer", "said"), LETTERS)
def test_letters(tmp_path: Path, task: str, data: str, answer: str, said: str) -> None:
    """Whether letters are counted and placed rightly."""
    check(tmp_path, "QLT507", task, data, answer, said)


@pytest.mark.parametrize(("task", "data", "answer", "strange"), TAKEN)
def test_words_taken_from_a_text(tmp_path: Path, task: str, data: str, answer: str, strange: bool) -> None:
    """Whether they are in it."""
    check(tmp_path, "QLT505", task, data, answer, "the input has no" if strange else "")


@pytest.mark.parametrize(
    ("task", "more", "said"),
    [("Summarise the text.", 1, "41 words"), ("Summarise the text.", 0, ""), ("Expand the text.", 9, "")],
)
def test_summaries_are_shorter(tmp_path: Path, task: str, more: int, said: str) -> None:
    """Than their texts."""
    check(tmp_path, "QLT508", task, TEXT, TEXT + "word " * more, said)


def check(folder: Path, code: str, task: str, data: str, answer: str, said: str) -> None:
    """One record as instruction data and as a conversation: the finding says ``said``, "" for none."""
    record = {"instruction": task, "input": data, "output": answer}
    running.write(folder, {"a.jsonl": json.dumps(record).encode() + b"\n"})
    outcome = running.scan(running.settings(folder, "a.jsonl", select=(code,)))
    messages = [f.message for f in outcome.findings]
    assert len(messages) == bool(said)
    assert all(said in m for m in messages)
    assert not outcome.not_checked


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from([task for task, *_ in LETTERS]))
def test_no_text_breaks_it(data: str, answer: str, task: str) -> None:
    """Spans lie in the answer."""
    slip = judged(task, data, answer)
    assert slip is None or 0 <= slip.span[0] <= slip.span[1] <= len(answer)
