"""QLT507: letters counted, turned round or put together wrongly."""

from __future__ import annotations

from collections.abc import Iterator

from datalint_rules.answer._asked import asked
from datalint_rules.answer._letters import judged

from datalint import Finding, Judged, Message, Related, bad, good, rule

_EXAMPLES = [
    bad({"instruction": "Reverse the word.", "input": "account", "output": "tcunoa"}, name="backwards"),
    bad(
        {
            "instruction": "How many words are in this sentence?",
            "input": "Rain fell on the old mill.",
            "output": "There are 5 words.",
        },
        name="words",
    ),
    bad({"instruction": "Count the vowels in the given string.", "input": "harbour", "output": "4"}, name="vowels"),
    bad(
        {
            "instruction": 'How many times does the letter "e" appear in the sentence?',
            "input": "We see the sea.",
            "output": "4 times",
        },
        name="a letter",
    ),
    bad(
        {"instruction": "Create an anagram of this word.", "input": "garden", "output": "danger us"}, name="an anagram"
    ),
    bad({"instruction": "Make a palindrome.", "input": "", "output": "A red lorry"}, name="a palindrome"),
    bad(
        {
            "instruction": "Reverse the order of the words in the sentence.",
            "input": "Boats leave at dawn",
            "output": "dawn leave at Boats",
        },
        name="words in reverse",
    ),
    bad(
        {"instruction": "Remove all the vowels from this text.", "input": "quiet harbour", "output": "qt hrbr y"},
        name="vowels left out",
    ),
    bad(
        {"instruction": "Convert this text to uppercase.", "input": "boats at dawn", "output": "BOATS at DAWN"},
        name="capitals",
    ),
    good(
        {"instruction": "Reverse the word.", "input": "account", "output": "The reversed word is 'tnuocca'."},
        name="right",
    ),
    good(
        {"instruction": "Count the characters.", "input": "Hi there", "output": "7 characters"},
        name="spaces counted or not",
    ),
    good(
        {"instruction": "Reverse the string.", "input": "old mill", "output": "mill old"}, name="its words turned round"
    ),
    good(
        {"instruction": "How many words start with a vowel?", "input": "old mill", "output": "1"},
        name="some of the words",
    ),
    good(
        {"instruction": "Create an anagram of this word.", "input": "listen", "output": "silent"},
        name="an anagram that is one",
    ),
    good(
        {"instruction": "Write a function that reverses a word.", "input": "abc", "output": "w[::-1]"}, name="a program"
    ),
]


@rule(
    "QLT507",
    "wrong-letters",
    category="suspicious",
    roles=["user"],
    triggers=(
        r"(?i)anagram|palindrom",
        r"(?i)revers[a-z]{1,3} (the |this |a )?(following |given |input )?(order of|letters|characters|string"
        r"|word)|reverse(d)? order|reverse it|backwards",
        r"(?i)(how many|number of|count) .{0,30}(vowels|consonants|words|letters|characters|times|occurrences|letter)",
        r"(?i)(remov|delet|eliminat|omit).{0,20}vowels",
        r"(?i)(upper ?-?case|lower ?-?case|capital letters)",
    ),
    fix="display-only",
    fix_safety="The right text or number is only shown.",
    known_problems="Syllables and rhymes are not counted, and counts that may leave something out are taken in every usual way.",
    judged=Judged(12, 12, "all findings in 23 public sets"),
    examples=_EXAMPLES,
)
def check_wrong_letters(message: Message) -> Iterator[Finding]:
    """Letters or words are counted, reversed or put together wrongly.

    Models see tokens, not letters, and such answers are often wrong; what they teach is to make letters up. Anagrams,
    palindromes, reversed words, counted letters and words, dropped vowels and capitals are done again and compared. Where a
    count has several usual meanings, as with or without spaces, each of them is right.
    """
    task = asked(message)
    slip = judged(task.task, task.given, task.answer.text) if task is not None else None
    if task is None or slip is None:
        return
    fix = task.answer.replace([(slip.span, slip.right)], f"Write {slip.right}", "display-only") if slip.right else None
    told = (Related(message.record.ref, "asked for here", message.pointer, (0, len(message.text))),)
    yield task.answer.finding(slip.span, slip.said, fix=fix, related=told)
