"""Why a line is refused: the words, the kind and the column."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datalint.batch import Refusal
from datalint.readers.refusal import refuse


@pytest.mark.parametrize(
    ("line", "at", "words"),
    [
        ('{"a": 1,}', ",}", "a trailing comma before }"),
        ("[1, ]", ", ]", "a trailing comma before ]"),
        ("[1,,2]", ",2]", "a comma with no value before it"),
        ("{'a': 1}", "'a'", "' is no quotation mark of JSON: strings take double quotes"),
        ('{"a": “x”}', "“", "“ is no quotation mark of JSON: strings take double quotes"),
        ('{"a": NaN}', "NaN", "NaN is not JSON: write null"),
        ('{"a": -Infinity}', "-Inf", "-Infinity is not JSON: write null"),
        ('{"a": True}', "True", "True is not JSON: write true"),
        ('{"a": None, "b": 1}', "None", "None is not JSON: write null"),
        ('{"a": yes}', "yes", "yes is no value of JSON: a string takes double quotes"),
        ('{"é中😀": "x\ty"}', "\t", "an unescaped tab in a string"),
        ('{"a": "x\ry"}', "\r", "an unescaped carriage return in a string"),
        ('{"a": "x\x07y"}', "\x07", "an unescaped control character U+0007 in a string"),
        (r'{"a": "C:\Users"}', "\\U", r"\U is no escape of JSON: a backslash is written \\"),
        (r'{"a": "\u12"}', r"\u12", r'\u12"} is no escape: \u takes four hexadecimal digits'),
        ('{"a": "abc', "c", "the line stops before the value is complete"),
        ('{"a": {"b": 1}  ', "}", "the line stops before the value is complete"),
        ('{"a": 1} {"b": 2}', '{"b"', "a second value on the same line: one line holds one record"),
        ('{"a": 1},', ",", "a comma after the record, as between the items of an array"),
        ('{"a": 1}}', "}", "} closes nothing"),
        ('{"a": 1} // why', "//", "a comment, and JSON has none"),
        ("# a comment", "#", "a comment, and JSON has none"),
        ('"a": 1', ": 1", "the braces around the record are missing"),
        ('{"a" 1}', "1}", "the colon after the key is missing"),
        ('{"a": 1 "b": 2}', '"b"', "a comma is missing before this"),
        ('{"a": "say "hi" now"}', 'hi"', "a quotation mark in the string before this is not escaped, or a comma is missing"),
        ("{a: 1}", "a:", "a key that is no string in double quotes"),
        ("{1: 2}", "1:", "a key that is no string in double quotes"),
        ('{"a": 01}', "01", "01 is no number of JSON"),
        ('{"a": 1.}', "1.", "1. is no number of JSON"),
        ('{"a": .5}', ".5", ".5 is no number of JSON"),
        ('{"a": 0x1F}', "0x", "0x1F is no number of JSON"),
        ('{"a": 1e999}', "1e9", "the number 1e999 is too large"),
        ('{"a": }', "}", "the value is missing before }"),
        ('{"a": [1}', "}", "} stands where something else must come: brackets do not pair, or a part is missing"),
        ("a,b,c", "a", "this is no JSON: a record starts with a brace"),
        ("<html>", "<", "this is no JSON: a record starts with a brace"),
        (",", ",", "a comma with no value before or after it"),
        ("}\n{", "}", "no comma between two values"),
        ("]\n[", "]", "a second array begins here"),
        ("]", "]", "the brackets do not pair here: this one closes nothing, or the array around it is never closed"),
        ("[" * 100_000, None, "nested deeper than the parser goes (1024 levels)"),
        ('{"a":' * 100_000, None, "nested deeper than the parser goes (1024 levels)"),
    ],
)  # fmt: skip
def test_words_for_lines_that_are_no_json(line: str, at: str | None, words: str) -> None:
    why = refused(line.encode())
    assert (why.kind, why.message) == ("json", words)
    if at is not None:
        assert line.encode()[why.column :].startswith(at.encode())
        assert line.encode().rfind(at.encode()) == why.column or line.count(at) > 1


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        (b'{"a": "caf\xe9 noir"}', 10, "not UTF-8: byte 0xe9 ('é' in Windows-1252)"),
        (b'{"a": "it\x92s"}', 9, "not UTF-8: byte 0x92 ('’' in Windows-1252)"),
        (b'{"a": "\xff\xfe\xfd"}', 7, "not UTF-8: byte 0xff"),
        (b'{"a": "\xe4\xb8', 7, "not UTF-8: the last character is cut off (byte 0xe4)"),
        (b'{"a": "\xed\xa0\x80"}', 7, "not UTF-8: half of a surrogate pair is encoded as a character of its own"),
        (b'{"a": "\x00"}', 7, "a NUL byte stands in the line"),
        (b"\x00", 0, "a NUL byte stands in the line"),
        (rb'{"a": "\ud83d"}', 7, r"\ud83d is half of a surrogate pair: the character is lost"),
        (rb'{"a": "\ude00"}', 7, r"\ude00 is half of a surrogate pair: the character is lost"),
        (rb'{"a": "\uD83D\uD83D\uDE00"}', 7, r"\uD83D is half of a surrogate pair: the character is lost"),
        (rb'{"a": "\\\ud83d x"}', 9, r"\ud83d is half of a surrogate pair: the character is lost"),
        (rb'{"a": "\ud83d\ude00", "b": "\udc00"}', 28, r"\udc00 is half of a surrogate pair: the character is lost"),
    ],
)
def test_words_for_lines_that_are_no_text(line: bytes, column: int, words: str) -> None:
    assert refused(line) == Refusal("encoding", words, column)


def refused(line: bytes) -> Refusal:
    with pytest.raises(orjson.JSONDecodeError) as caught:
        orjson.loads(line)
    return refuse(line, caught.value.msg, caught.value.pos)


PIECES = st.lists(
    st.sampled_from(
        [
            b'"',
            b"{",
            b"}",
            b"[",
            b"]",
            b",",
            b":",
            b"1",
            b"-",
            b".",
            b"e",
            b"\\",
            b"\\u",
            b"d83d",
            b"x",
            b" ",
            b"\t",
            b"\xff",
        ]
    )
).map(b"".join)


@given(st.binary(max_size=40) | PIECES)
def test_every_refused_line_has_words_and_a_column(line: bytes) -> None:
    error = complaint(line)
    if error is None:
        return
    why = refuse(line, error.msg, error.pos)
    assert why.message
    assert 0 <= why.column <= max(len(line) - 1, 0)
    assert refuse(line, error.msg, error.pos, error.doc or None) == why
    assert refuse(line, "words of another parser", error.pos).kind in ("json", "encoding")


def complaint(line: bytes) -> orjson.JSONDecodeError | None:
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return error
    return None
