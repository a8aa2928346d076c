"""The language of rule files: what each word of it does, and what is refused."""

from __future__ import annotations

import pytest
import regex

from datalint.batch import Batch
from datalint.declarative import parse
from datalint.errors import RuleError
from datalint.model import ROLE_BIT, Layout, Slot, Turn
from datalint.views import Message

LAYOUT = Layout(
    "alpaca",
    (Slot("user", "/instruction", 0), Slot("user", "/input", 0), Slot("assistant", "/output", 1)),
    (Turn("user", "/instruction", (0, 1)), Turn("assistant", "/output", (2,))),
    ((0, 1),),
)
HEAD = """
[rule]
code = "ACM001"
name = "forbidden-word"
summary = "A word that has no place here"
category = "suspicious"
[docs]
why = "House style."
fix-safety = "Unsafe: text goes."
known-problems = "None known."
"""
TAIL = """
[[example]]
bad = '{"instruction": "a", "input": "", "output": "foo"}'
[[example]]
good = '{"instruction": "a", "input": "", "output": "bar"}'
"""


def rule(match: str, more: str = "", options=None):
    spec = parse(f"{HEAD}[match]\n{match}\n{more}\n{TAIL}", "here.toml")
    return spec.build(options or {}, {})


def message(text: str, prompt: str = "p", given: str = "") -> Message:
    texts = [prompt, given, text]
    return Batch(0, "x", [b"{}"], [0], [{}], [LAYOUT], texts, [0, 3]).message(2)


def found(live, *texts: str) -> list[tuple[tuple[int, int], str]]:
    return [(f.span, f.message) for f in live.check(message(*texts))]


SAID = "A word that has no place here"
FOO = 'any = [{ regex = "foo" }]'


@pytest.mark.parametrize(
    ("match", "texts", "expected"),
    [
        (FOO, ("bar",), []),
        (FOO, ("a foo",), [((2, 5), SAID)]),
        (FOO, ("foo foo foo",), [((0, 3), f"{SAID} (and 2 more)")]),
        (f"{FOO}\neach = true", ("foo foo",), [((0, 3), SAID), ((4, 7), SAID)]),
        ('any = [{ regex = "foo" }, { regex = "fo+bar" }]', ("foobar",), [((0, 3), f"{SAID} (and 1 more)")]),
        ('any = [{ phrases = ["foo", "foo bar"] }]', ("A Foo Bar!",), [((2, 9), SAID)]),
        ('any = [{ phrases = ["foo"] }]', ("foot afoo",), []),
        ('any = [{ equals = ["n/a", "none"] }]', (" N/A \n",), [((1, 4), SAID)]),
        ('any = [{ equals = ["n/a"] }]', ("n/a but more",), []),
        ('all = [{ regex = "foo" }, { regex = "bar" }]', ("foo",), []),
        ('all = [{ regex = "foo" }, { regex = "bar" }]', ("bar foo",), [((0, 3), f"{SAID} (and 1 more)")]),
        (f"{FOO}\nmessage = 'has {{match!r}}, {{match}}'", ("foo",), [((0, 3), "has 'foo', foo")]),
        (f"{FOO}\nunless = [{{ regex = '!$', of = 'line' }}]", ("foo!\nfoo",), [((5, 8), SAID)]),
        (f"{FOO}\nunless = [{{ regex = 'bar', of = 'text' }}]", ("foo\nbar",), []),
        (f"{FOO}\nunless = [{{ phrases = ['allow it'], of = 'prompt' }}]", ("foo", "Allow it."), []),
        (f"{FOO}\nunless = [{{ phrases = ['allow it'], of = 'prompt' }}]", ("foo", "p", "allow it"), []),
        (f"{FOO}\nunless = [{{ regex = 'bar', of = 'around' }}]", ("foo" + "x" * 90 + "bar",), [((0, 3), SAID)]),
        (f"{FOO}\nunless = [{{ regex = 'bar', of = 'around' }}]", ("foo" + "x" * 70 + "bar",), []),
        ("any = [{ regex = 'fo+' }]\nunless = [{ regex = 'ooo' }]", ("fooo foo",), [((5, 8), SAID)]),
        (f"{FOO}\noutside = ['code']", ("`foo` foo",), [((6, 9), SAID)]),
        (f"{FOO}\noutside = ['quotes']", ('"foo" foo',), [((6, 9), SAID)]),
    ],
)
def test_what_is_found(match, texts, expected) -> None:
    assert found(rule(match), *texts) == expected


@pytest.mark.parametrize(
    ("fix", "text", "edits"),
    [
        ("replace = { with = '' }", "foo a foo", [((0, 3), ""), ((6, 9), "")]),
        ("replace = { pattern = 'foo +', with = '' }", "foo  a foo", [((0, 5), "")]),
        ("replace = { pattern = '(fo)(o)', with = '\\\\2\\\\1' }", "foo", [((0, 3), "ofo")]),
    ],
)
def test_what_a_fix_replaces(fix, text, edits) -> None:
    live = rule(FOO, f"[fix]\ntitle = 'Change it'\napplicability = 'unsafe'\n{fix.replace(chr(92) * 2, chr(92))}")
    (finding,) = live.check(message(text))
    assert finding.fix.title == "Change it"
    assert [(e.span, e.value) for e in finding.fix.edits] == edits
    assert {e.pointer for e in finding.fix.edits} == {"/output"}


def test_a_fix_may_delete_the_record() -> None:
    (finding,) = rule(FOO, "[fix]\ntitle = 'Delete it'\ndelete-record = true").check(message("foo"))
    assert [e.op for e in finding.fix.edits] == ["delete-record"]


def test_options_reach_patterns() -> None:
    more = '[options.words]\ntype = "list[str]"\ndefault = ["foo"]\ndoc = "Words."'
    match = 'any = [{ phrases = { option = "words" } }]'
    assert found(rule(match, more), "foo bar") == [((0, 3), SAID)]
    assert found(rule(match, more, {"words": ["bar"]}), "foo bar") == [((4, 7), SAID)]


def test_the_card_says_all_that_the_file_says() -> None:
    target = '[target]\nroles = ["assistant"]\n[judged]\nread = 10\nright = 9\non = "a set"'
    card = parse(f"{HEAD}[match]\ntriggers = ['foo']\n{FOO}\n{target}\n{TAIL}", "here.toml").card
    assert (card.code, card.roles, card.triggers) == ("ACM001", ROLE_BIT["assistant"], ("foo",))
    assert (card.judged.read, card.judged.right, card.rationale) == (10, 9, "House style.")
    assert [(e.bad is None, e.good is None) for e in card.examples] == [(False, True), (True, False)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x = [", "not valid TOML"),
        ("[rule]\n[docs]", r"no \[match\] table"),
        (f"{HEAD}[match]\n{FOO}\nwhenever = 1\n{TAIL}", "unknown key .match. 'whenever'"),
        (f"{HEAD}[match]\n{TAIL}", "needs any or all"),
        (f"{HEAD}[match]\nany = [{{ regex = '(' }}]\n{TAIL}", "does not compile"),
        (f"{HEAD}[match]\nany = [{{ like = 'x' }}]\n{TAIL}", "unknown key 'like' in 'any'"),
        (f"{HEAD}[match]\n{FOO}\noutside = ['space']\n{TAIL}", "unknown context 'space'"),
        (f"{HEAD}[match]\n{FOO}\nunless = [{{ regex = 'x', of = 'soul' }}]\n{TAIL}", "unknown 'of': 'soul'"),
        (f"{HEAD}[target]\nroles = ['human']\n[match]\n{FOO}\n{TAIL}", "unknown role 'human'"),
        (f"{HEAD}[options.n]\ntype = 'int'\n[match]\n{FOO}\n{TAIL}", "option 'n' has no 'default'"),
        (f"{HEAD}[match]\n{FOO}", "at least one bad and one good"),
        (f"{HEAD}[match]\nany = 'foo'\n{TAIL}", "'any': expected a list, got 'foo'\n  --> here.toml:12"),
        (f"{HEAD}[match]\nany = [3]\n{TAIL}", "'any': expected tables, got 3\n  --> here.toml:12"),
        (f"{HEAD}[match]\nany = [{{ regex = 3 }}]\n{TAIL}", "regex: expected a string, got 3"),
        (f"{HEAD}[match]\nany = [{{ regex = {{ option = 'n' }} }}]\n{TAIL}", "there is no option 'n'"),
        (f"{HEAD}[match]\n{FOO}\ntriggers = [3]\n{TAIL}", "'triggers': expected strings, got 3"),
        (f"{HEAD}[match]\n{FOO}\n[[docs.why]]\n{TAIL}", "not valid TOML: .*\n  --> here.toml:13"),
        (f"{HEAD}[match]\n{FOO}\n[fix]\ntitle = 't'\nreplace = {{ pattern = 'x' }}\n{TAIL}", "'replace' holds 'with'"),
        (f"{HEAD}[match]\n{FOO}\n[fix]\ndelete-record = true\n{TAIL}", "no 'title'"),
        (f"{HEAD}[match]\n{FOO}\n[judged]\nread = 3\n{TAIL}", "no 'right'"),
        (f"{HEAD}[match]\n{FOO}\n[target]\nunit = 'record'\n{TAIL}", "looks at messages, not at 'record'"),
        (f"{HEAD}[match]\n{FOO}\n{TAIL}".replace("suspicious", "sus"), "'sus' is no category"),
        (f"{HEAD}[match]\n{FOO}\n{TAIL}".replace("[docs]", "status = 'new'\n[docs]"), "'new' is no status"),
        (f"{HEAD}[match]\n{FOO}\n{TAIL}".replace("summary =", "sumary ="), "'sumary'\n  --> here.toml:5\n.*'summary'"),
    ],
)
def test_what_is_refused(text, why) -> None:
    with pytest.raises(RuleError) as caught:
        parse(text, "here.toml")
    assert regex.search(why, str(caught.value))
