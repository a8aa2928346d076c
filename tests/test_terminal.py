"""Text for terminals: nothing in data can command one, and underlines stand below what they mean."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datalint.terminal import (
    Look,
    Progress,
    clip,
    count,
    duration,
    excerpt,
    pad,
    progress_line,
    size,
    text_width,
    visible,
    wants_color,
    wants_progress,
)

PLAIN = Look()
ASCII = Look(encoding="ascii")


@pytest.mark.parametrize(
    ("choice", "tty", "environ", "wanted"),
    [
        ("auto", True, {}, True),
        ("auto", False, {}, False),
        ("auto", True, {"NO_COLOR": "1"}, False),
        ("auto", True, {"NO_COLOR": ""}, True),
        ("auto", True, {"TERM": "dumb"}, False),
        ("auto", False, {"FORCE_COLOR": "1"}, True),
        ("auto", False, {"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, True),
        ("auto", False, {"FORCE_COLOR": "0"}, False),
        ("always", False, {"NO_COLOR": "1"}, True),
        ("never", True, {"FORCE_COLOR": "1"}, False),
    ],
)
def test_color_precedence(choice: str, tty: bool, environ: dict[str, str], wanted: bool) -> None:
    assert wants_color(choice, tty, environ) is wanted


@pytest.mark.parametrize(
    ("choice", "tty", "environ", "wanted"),
    [
        (None, True, {}, True),
        (None, False, {}, False),
        (True, False, {}, False),
        (False, True, {}, False),
        (None, True, {"CI": "true"}, False),
        (None, True, {"PRE_COMMIT": "1"}, False),
        (None, True, {"TERM": "dumb"}, False),
        (True, True, {"CI": "true"}, True),
    ],
)
def test_progress_only_where_somebody_looks(
    choice: bool | None, tty: bool, environ: dict[str, str], wanted: bool
) -> None:
    assert wants_progress(choice, tty, environ) is wanted


@pytest.mark.parametrize(
    ("text", "unicode", "ascii_only"),
    [
        ("plain text", "plain text", "plain text"),
        ("a\x1b[31mb", "a␛[31mb", "a\\x1b[31mb"),
        ("nul\x00", "nul␀", "nul\\x00"),
        ("one\ntwo\r\n", "one↵two␍↵", "one\\ntwo\\r\\n"),
        ("del\x7f c1\x9b", "del␡ c1<U+009B>", "del\\x7f c1<U+009B>"),
        ("\u202eevil\u2066", "<U+202E>evil<U+2066>", "<U+202E>evil<U+2066>"),
        ("zero\u200bwidth\ufeff", "zero<U+200B>width<U+FEFF>", "zero<U+200B>width<U+FEFF>"),
        ("tag\U000e0041", "tag<U+E0041>", "tag<U+E0041>"),
        ("lone\ud800", "lone<U+D800>", "lone<U+D800>"),
        ("byte\udcff", "byte<FF>", "byte<FF>"),
        ("谢谢 é", "谢谢 é", "<U+8C22><U+8C22> <U+00E9>"),
        ("می\u200cروم", "می\u200cروم", "<U+0645><U+06CC><U+200C><U+0631><U+0648><U+0645>"),
    ],
)
def test_visible(text: str, unicode: str, ascii_only: str) -> None:
    assert visible(text, PLAIN) == unicode
    assert visible(text, ASCII) == ascii_only


@given(st.text())
def test_nothing_a_terminal_obeys_is_left(text: str) -> None:
    for look in (PLAIN, ASCII, Look(encoding="latin-1")):
        shown = visible(text, look)
        shown.encode(look.encoding)
        assert not any(c < " " or "\x7f" <= c <= "\x9f" or c in "\u2028\u2029\u202a\u202e\u2066\u2069" for c in shown)


@given(st.text(), st.integers(1, 40))
def test_clip_keeps_to_its_width(text: str, width: int) -> None:
    assert text_width(clip(text, width, PLAIN)) <= width


def rows(text: str, span: tuple[int, int] | None, room: int = 40, **more: int) -> str:
    """An excerpt as one block of text."""
    found = excerpt(text, span, room, PLAIN, **more)
    return "\n".join(line for row in found for line in (row.text, row.mark) if line or row.text == line)


@pytest.mark.parametrize(
    ("text", "span", "wanted"),
    [
        ("all of it", (0, 9), "all of it\n^^^^^^^^^"),
        ("谢谢 you", (1, 4), "谢谢 you\n  ^^^^"),
        ("one\ntwo\nthree\nfour", (4, 7), "one↵\ntwo↵\n^^^\nthree↵"),
        ("ends  \n\n", (4, 8), "ends  ↵\n    ^^^\n↵\n^"),
        ("here", (4, 4), "here\n    ^"),
        ("", (0, 0), "\n^"),
        ("a\x1bb", (1, 2), "a␛b\n ^"),
        ("no\u200djoin", (2, 3), "no<U+200D>join\n  ^^^^^^^^"),
        ("1\n2\n3\n4\n5\n6", (0, 11), "1↵\n^^\n2↵\n^^\n3↵\n^^\n…"),
        ("x" * 90 + "BAD" + "y" * 90, (90, 93), "…xxxxxxxxxxxxBADyyyyyyyyyyyyyyyyyyyyyyy…\n" + " " * 13 + "^^^"),
        ("BAD" + "y" * 90, (0, 3), "BAD" + "y" * 35 + "…\n^^^"),
    ],
)
def test_excerpt(text: str, span: tuple[int, int], wanted: str) -> None:
    assert rows(text, span) == wanted


@given(st.text(st.sampled_from("ab中\n\u0301\x1b 😀"), max_size=120), st.data())
def test_marks_stay_inside_the_room(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = excerpt(text, (start, end), 30, PLAIN)
    assert any(row.mark for row in found)
    for row in found:
        assert text_width(row.text) <= 30
        assert len(row.mark) <= 31


def test_a_huge_text_costs_a_window() -> None:
    text = "谢" * 100_000
    assert text_width(rows(text, (50_000, 50_001)).split("\n")[0]) <= 40


def test_padding_counts_columns() -> None:
    assert pad("谢", 4) == "谢  "


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        (count(1, "record"), "1 record"),
        (count(1203444, "record"), "1,203,444 records"),
        (duration(0.314), "0.31 s"),
        (duration(41.23), "41.2 s"),
        (duration(192), "3 min 12 s"),
        (size(900), "900 B"),
        (size(1_234_567), "1.2 MB"),
        (size(512_000_000), "512 MB"),
    ],
)
def test_numbers(made: str, wanted: str) -> None:
    assert made == wanted


def test_progress_is_silent_for_a_second_and_leaves_nothing_behind() -> None:
    now = [0.0]
    stream = io.StringIO()
    progress = Progress(stream, PLAIN, clock=lambda: now[0])
    progress(1, 10, 1)
    progress.close()
    assert stream.getvalue() == ""
    now[0] = 1.5
    progress(5, 10, 30)
    progress(6, 10, 31)
    progress.close()
    assert stream.getvalue() == f"\r{progress_line(5, 10, 30, 1.5, PLAIN)}\x1b[K\r\x1b[K"


def test_progress_line() -> None:
    assert progress_line(430_000_000, 10**9, 300_000, 10, Look(width=120)) == (
        "██████████░░░░░░░░░░░░░░  43%  430 MB of 1.0 GB  30,000 records/s  0:14 left"
    )
    assert text_width(progress_line(1, 2, 3, 4, Look(width=40, encoding="ascii"))) < 40
