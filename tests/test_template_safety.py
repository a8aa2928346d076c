"""A chat template is code of strangers. Each attack here would do harm without what stops it."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import pytest
from jinja2 import Environment

from datalint.errors import UsageError
from datalint.templating import Renderer, Templates, isolated, worker
from datalint.templating.engine import MAX_SOURCE, Compiled
from datalint.templating.jobs import Answer, Job
from datalint.templating.template import Template

HELLO = Job([{"role": "user", "content": "Hello"}])
NOW = datetime(2026, 1, 1)


def answer(source: str, job: Job = HELLO) -> Answer:
    """In this process, by the sandbox alone."""
    return Compiled(source, NOW).render(job)


def told(source: str, *jobs: Job) -> list[Answer]:
    """In a process of its own, as templates of strangers are."""
    process = isolated.Isolated(source, NOW)
    try:
        return process.render(jobs or [HELLO])
    finally:
        process.close()


# ---- reaching out of the template ----

ESCAPES = (
    "{{ ''.__class__.__mro__[1].__subclasses__() | length }}",
    "{{ messages.__class__ }}",
    "{{ messages[0].__init__.__globals__ }}",
    "{{ raise_exception.__globals__['json'] }}",
    "{{ strftime_now.__globals__ }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ dict.__subclasses__() }}",
    "{{ namespace.__init__ }}",
    "{{ namespace(__class__=1) }}",
    "{{ '{0.__class__.__mro__}'.format(messages) }}",
    "{{ '{a.__class__}'.format_map({'a': 1}) }}",
    "{{ ''|attr('__class__') }}",
    "{{ ('{0.__cl' ~ 'ass__}').format(1) }}",
    "{{ self._TemplateReference__context.environment }}",
    "{{ lipsum.__globals__ }}",
)


@pytest.mark.parametrize("source", ESCAPES)
def test_nothing_leads_out_of_the_sandbox(source: str) -> None:
    said = answer(source)
    assert said.error or "class" not in said.text, said
    assert "<module" not in said.text
    assert "object at" not in said.text


@pytest.mark.parametrize("source", [ESCAPES[0], ESCAPES[9]])
def test_the_same_leads_out_without_it(source: str) -> None:
    assert Environment().from_string(source).render(messages=[1])


@pytest.mark.parametrize("source", ["{% include '/etc/passwd' %}", "{% import 'x' as x %}", "{% extends 'x' %}"])
def test_no_file_is_read(source: str) -> None:
    assert answer(source).error


def test_what_the_record_holds_cannot_be_changed() -> None:
    messages = [{"role": "user", "content": "Hello"}]
    for source in (
        "{% set _ = messages.append(1) %}",
        "{% set _ = messages[0].update(a=1) %}",
        "{% set _ = messages.pop() %}",
    ):
        assert answer(source, Job(messages)).error
    assert messages == [{"role": "user", "content": "Hello"}]


def test_text_of_a_record_is_never_code() -> None:
    job = Job([{"role": "user", "content": "{{ 7 * 7 }}{% raw %}"}])
    assert answer("{{ messages[0].content }}", job).text == "{{ 7 * 7 }}{% raw %}"


def test_a_template_sees_nothing_of_the_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATALINT_SECRET", "hidden")
    assert "DATALINT_SECRET" not in isolated.environment()
    assert isolated.environment()["PATH"]


# ---- taking too much ----

GREEDY = (
    "{{ 'a' * 2000000000 }}",
    "{{ 2000000000 * 'a' }}",
    "{{ [0] * 2000000000 }}",
    "{{ 9 ** 2000000000 }}",
    "{{ '%2000000000d' % 1 }}",
    "{{ '%2000000000d' | format(1) }}",
    "{{ '{:2000000000}'.format(1) }}",
    "{{ '{:{}}'.format(1, 2000000000) }}",
    "{{ range(2000000000) | list }}",
)


@pytest.mark.parametrize("source", GREEDY)
def test_what_would_be_huge_is_refused_before_it_is_made(source: str) -> None:
    start = time.process_time()
    assert answer(source).error
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize(
    "source",
    [
        "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}",
        "{% set f = namespace(x='') %}{% for i in range(100000) %}{% set f.x = f.x ~ ('a' * 10000) %}{% endfor %}{{ f.x | length }}",
    ],
)
def test_recursion_and_doubling_end_in_an_error(source: str) -> None:
    assert told(source)[0].kind == "limit"


SLOW = "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}"


def test_a_loop_without_end_is_stopped_and_not_tried_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    start = time.perf_counter()
    answers = told(SLOW, *[HELLO] * 200)
    assert {a.kind for a in answers} == {"limit"}
    assert time.perf_counter() - start < 20 * worker.SECONDS * worker.STRIKES


@pytest.mark.skipif(not hasattr(worker.signal, "setitimer"), reason="limits of memory are those of the system")
def test_memory_is_limited() -> None:
    doubling = "{% set f = namespace(x='abcdefgh') %}{% for i in range(40) %}{% set f.x = f.x ~ f.x %}{% endfor %}{{ f.x | length }}"
    assert told(doubling)[0].kind == "limit"


def test_a_process_that_does_not_answer_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated, "PATIENCE", 0.5)
    monkeypatch.setattr(isolated, "COMMAND", ("-c", "import time; time.sleep(60)"))
    start = time.perf_counter()
    assert told("{{ messages }}", HELLO, HELLO)[1].kind in ("limit", "raise")
    assert time.perf_counter() - start < 20


def test_a_process_that_dies_is_an_error_of_the_record_that_killed_it(monkeypatch: pytest.MonkeyPatch) -> None:
    dying = (
        "import sys, json\n"
        "for line in sys.stdin:\n"
        "    asked = json.loads(line)\n"
        "    if 'source' in asked: print(json.dumps(['', [], '', '']), flush=True)\n"
        "    elif any(job[0][0]['content'] == 'die' for job in asked['jobs']): sys.exit(1)\n"
        "    else: print(json.dumps([['fine', [], '', ''] for _ in asked['jobs']]), flush=True)\n"
    )
    monkeypatch.setattr(isolated, "COMMAND", ("-c", dying))
    jobs = [Job([{"role": "user", "content": said}]) for said in ("a", "die", "b")]
    assert [a.text or a.kind for a in told("x", *jobs)] == ["fine", "limit", "fine"]


def test_the_text_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("datalint.templating.engine.MAX_TEXT", 1000)
    assert answer("{% for i in range(90000) %}{{ 'aaaaaaaaaa' }}{% endfor %}").kind == "limit"


# ---- templates that are none ----


@pytest.mark.parametrize(
    "source", ["{{ x", "{% for %}", "{" * 3, "{{ " + "(" * 5000 + ")" * 5000 + " }}", "a" * (MAX_SOURCE + 1)]
)
def test_a_template_that_is_none_is_told_before_anything_is_checked(source: str) -> None:
    with pytest.raises(UsageError, match="is no chat template"):
        Renderer(Template("mine", source)).check()


def test_whoever_names_such_a_template_is_told(tmp_path: Any) -> None:
    (tmp_path / "mine.jinja").write_text("{{ x")
    with pytest.raises(UsageError, match="no chat template"):
        Templates("mine.jinja", base=tmp_path).renderer()


# ---- nothing depends on the day, or on luck ----


def test_the_clock_stands_still() -> None:
    assert answer("{{ strftime_now('%Y-%m-%d %H:%M:%S') }}").text == "2026-01-01 00:00:00"
    assert told("{{ strftime_now('%Y-%m-%d') }}")[0].text == "2026-01-01"


@pytest.mark.parametrize("source", ["{{ [1, 2, 3] | random }}", "{{ lipsum() }}"])
def test_luck_has_no_place(source: str) -> None:
    with pytest.raises(UsageError, match="no chat template") if "random" in source else pytest.MonkeyPatch.context():
        renderer = Renderer(Template("mine", source))
        renderer.check()
        assert renderer.answers([HELLO])[0].error
