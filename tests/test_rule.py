"""Functions and classes become rules; what is wrong with them is said when they are loaded."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from datalint import bad, good, rule
from datalint.batch import Batch
from datalint.card import Option
from datalint.errors import RuleError
from datalint.model import Finding, Layout, Slot, Turn
from datalint.rule import Fixture, fixture, fixtures_in, rules_in, spec_of
from datalint.views import Message

RECORD = {"instruction": "Say hi.", "input": "", "output": "Hi"}
EXAMPLES = (bad(RECORD), good({**RECORD, "output": "Hello"}))


def declared(**more):
    return rule("ACM001", "curt-answer", category="suspicious", examples=EXAMPLES, **more)


LAYOUT = Layout("text", (Slot("text", "/text", 0),), (Turn("text", "/text", (0,)),), ((0,),))


def message_of(text: str) -> Message:
    return Batch(0, "x.jsonl", [b"{}"], [0], [{"text": text}], [LAYOUT], [text], [0, 1]).message(0)


def check(target, options=None, fixtures=None):
    spec = spec_of(target, "here.py")
    return list(spec.build(options or {}, fixtures or {}).check(message_of("Hi")))


def test_the_docstring_is_summary_and_rationale() -> None:
    @declared(roles=["assistant"])
    def check_curt(message):
        """Answer is curt.

        Nobody learns from it.
        """

    card = spec_of(check_curt, "here.py").card
    assert (card.code, card.name, card.summary, card.rationale) == (
        "ACM001", "curt-answer", "Answer is curt", "Nobody learns from it."
    )  # fmt: skip
    assert (card.unit, card.severity, card.scope, card.default) == ("message", "warning", "record", True)


def test_a_bare_function_is_a_rule_by_its_name() -> None:
    def check_has_words(message):
        """The answer has words."""

    card = spec_of(check_has_words, "x.py").card
    assert (card.code, card.name, card.summary, card.local) == ("has-words", "has-words", "The answer has words.", True)


@pytest.mark.parametrize(
    ("body", "messages"),
    [
        ("assert len(message.text) > 3", ["not true: len(message.text) > 3"]),
        ("assert len(message.text) > 3, 'too short'", ["too short"]),
        ("assert message.text", []),
        ("yield message.finding(None, 'one'); yield message.finding(None, 'two')", ["one", "two"]),
        ("yield message.finding(None, 'one'); assert False, 'two'", ["one", "two"]),
        ("return [message.finding(None, 'one')]", ["one"]),
        ("return None", []),
    ],
)
def test_what_a_function_does_becomes_findings(body, messages, tmp_path, monkeypatch) -> None:
    path = tmp_path / "mine.py"
    path.write_text(f"def check_it(message):\n    {body}\n")
    scope: dict = {"__name__": "mine"}
    exec(compile(path.read_text(), str(path), "exec"), scope)
    assert [f.message for f in check(scope["check_it"])] == messages


def test_options_and_fixtures_come_by_parameter_name() -> None:
    made = []

    @fixture
    def lexicon():
        made.append(1)
        return {"Hi"}

    @fixture(scope="message")
    def words(message):
        return message.text.split()

    @declared(options={"at-least": Option("int", 1, "words")})
    def check_curt(message, lexicon, words, at_least):
        """Answer is curt.

        Why not.
        """
        if len(words) < at_least or set(words) & lexicon:
            yield message.finding(None, f"{words} {at_least}")

    fixtures = {f.name: f for f in fixtures_in({"a": lexicon, "b": words, "c": 3})}
    assert [f.message for f in check(check_curt, {"at-least": 5}, fixtures)] == ["['Hi'] 5"]
    assert [f.message for f in check(check_curt, {}, fixtures)] == ["['Hi'] 1"]
    assert made == [1]


@pytest.mark.parametrize(
    ("function", "why"),
    [
        (lambda: None, "exactly one parameter"),
        (lambda message, record: None, "exactly one parameter"),
    ],
)
def test_a_function_judges_exactly_one_unit(function, why) -> None:
    function.__name__ = "check_x"
    with pytest.raises(RuleError, match=why):
        spec_of(function, "x.py")


def test_an_unknown_parameter_is_named_with_what_was_meant() -> None:
    def check_it(message, wrods):
        pass

    def words():
        return ()

    spec = spec_of(check_it, "x.py")
    with pytest.raises(RuleError, match=r"unknown parameter 'wrods'; did you mean 'words'\?") as caught:
        spec.build({}, {"words": Fixture("words", words, "session")})
    assert "message" in caught.value.hint


def test_a_fixture_that_asks_for_itself_is_refused() -> None:
    def loop(loop):
        return loop

    def check_it(message, loop):
        pass

    with pytest.raises(RuleError, match="asks for itself"):
        spec_of(check_it, "x.py").build({}, {"loop": Fixture("loop", loop, "session")})


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"code": "acm1"}, "no rule code"),
        ({"name": "Curt_Answer"}, "no rule name"),
        ({"name": "forbid-curt-answer"}, "read well after"),
        ({"examples": EXAMPLES[:1]}, "at least one bad and one good"),
        ({"fix": "safe"}, "how safe"),
        ({"options": {"n": Option("int", "3", "")}}, "default of option 'n'"),
        ({"doc": "Only a summary."}, "no rationale"),
        ({"doc": "x" * 101 + "\n\nWhy."}, "longer than 100"),
    ],
)
def test_a_card_that_says_too_little_is_refused(change, why) -> None:
    def check_curt(message):
        pass

    check_curt.__doc__ = change.pop("doc", "Answer is curt.\n\nWhy.")
    arguments = {"code": "ACM001", "name": "curt-answer", "category": "suspicious", "examples": EXAMPLES} | change
    with pytest.raises(RuleError, match=why):
        spec_of(rule(arguments.pop("code"), arguments.pop("name"), **arguments)(check_curt), "x.py")


def test_a_dataset_rule_is_a_class_with_three_methods() -> None:
    @declared(options={"limit": Option("int", 2, "how many")})
    class Count:
        """Too many records.

        It is a test.
        """

        def __init__(self, limit: int) -> None:
            self.limit = limit

        def map(self, batch: Batch, picked) -> int:
            return len(batch)

        def merge(self, one: int, other: int) -> int:
            return one + other

        def finish(self, state: int, records) -> Iterator[Finding]:
            if state > self.limit:
                yield Finding(f"{state} records")

    spec = spec_of(Count, "x.py")
    live = spec.build({"limit": 3}, {})
    assert (spec.card.unit, spec.card.scope, live.limit) == ("dataset", "dataset", 3)
    assert [f.message for f in live.finish(live.merge(2, 2), None)] == ["4 records"]


def test_a_dataset_class_without_merge_is_refused() -> None:
    @declared()
    class Count:
        """Too many records.

        It is a test.
        """

        def map(self, batch, picked): ...

        def finish(self, state, records): ...

    with pytest.raises(RuleError, match="no method merge"):
        spec_of(Count, "x.py").build({}, {})


def test_a_module_gives_the_rules_it_declares_itself() -> None:
    def check_mine(message):
        pass

    check_mine.__module__ = "mine"

    def check_foreign(message):
        pass

    check_foreign.__module__ = "elsewhere"
    names = {"check_mine": check_mine, "check_foreign": check_foreign, "other": 3}
    assert [s.card.name for s in rules_in(names, "mine", "mine.py")] == ["mine"]
