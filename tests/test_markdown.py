"""Markdown: it shows the texts and nothing else, in as many characters as it may have."""

from __future__ import annotations

import html

import pytest
import regex
from markdown_it import MarkdownIt
from messy import ATTACKS, many, messy, told
from outcomes import settings

from datalint.markdown import body, code, plain
from datalint.outcome import NotChecked
from datalint.report import Report


def rendered(text: str) -> str:
    return MarkdownIt("commonmark").enable("table").render(text)


def test_markdown_shows_the_texts_and_nothing_else() -> None:
    page = rendered(told("markdown", messy()))
    outside = regex.sub(r"(?s)<code>.*?</code>", "", page)
    assert {*regex.findall(r"</?(\w+)", page)} <= {
        "h2", "table", "thead", "tbody", "tr", "th", "td", "code", "details", "summary", "p", "ul", "li", "strong"
    }  # fmt: skip
    assert "@octocat" not in outside
    assert "evil" not in outside
    inside = html.unescape(" ".join(regex.findall(r"(?s)<code>(.*?)</code>", page)))
    for text in (ATTACKS[0][:40], "`code` ``` a | b \\| c `", "@octocat see #1, [click](https://evil.example)"):
        assert text in inside
    assert {row.count("<td") for row in page.split("<tr>")[2:] if "<td" in row} == {3, 6}


@pytest.mark.parametrize("text", [*ATTACKS, "a`b|c", "``", " ", "", "|"])
def test_code_is_code_whatever_it_holds(text: str) -> None:
    page = rendered(f"| a | b |\n|---|---|\n| {code(text)} | c |\n")
    assert page.count("<td") == 2
    assert regex.sub(r"(?s)<code>.*?</code>|</?(table|thead|tbody|tr|th|td)>|[abc\s]", "", page) == ""
    assert "<" not in plain(text)


@pytest.mark.parametrize("most", [1_500, 4_000, 65_000])
def test_markdown_keeps_within_its_length(most: int) -> None:
    made = many({"TXT201": 400, "QLT101": 300, "CHT102": 200, "DUP101": 100, "JSN104": 50})
    said = body(Report(made, settings()), most)
    assert len(said) <= most
    assert "| `CHT102` Summary of consecutive-roles | error | 200 | 200 |" in said
    assert said.rstrip().endswith("exit code 1.")


def test_details_make_way_before_rules() -> None:
    made = many({"TXT201": 40, "QLT101": 30, "CHT102": 20})
    said = body(Report(made, settings()), 1_400)
    assert said.count("\n| `") >= 3
    assert "more findings" in said or "<details>" not in said


def test_markdown_tells_what_was_not_checked() -> None:
    notes = [NotChecked("file", f"is broken {n}", f"f{n}.jsonl") for n in range(30)]
    said = told("markdown", many({}, not_checked=notes))
    assert said.startswith("## datalint: not everything was checked in 1 record\n")
    assert "- … and 20 more\n" in said
