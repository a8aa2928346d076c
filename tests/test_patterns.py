"""A lazy pattern does what the compiled one does, and is compiled once, when needed."""

from __future__ import annotations

import pickle

import pytest
import regex

from datalint.patterns import bytes_pattern, pattern


@pytest.mark.parametrize("text", ["", "foo", "a Foo b foo"])
def test_it_does_what_a_pattern_does(text: str) -> None:
    lazy, eager = pattern(r"f(o+)", regex.I), regex.compile(r"f(o+)", regex.I)
    assert [m.span() for m in lazy.finditer(text)] == [m.span() for m in eager.finditer(text)]
    assert lazy.sub("x", text) == eager.sub("x", text)
    assert (lazy.search(text) is None) == (eager.search(text) is None)
    assert (lazy.pattern, lazy.flags, lazy.groups) == (eager.pattern, eager.flags, eager.groups)


def test_it_is_compiled_at_first_use_and_once(monkeypatch) -> None:
    calls = []
    compile_now = regex.compile
    monkeypatch.setattr(regex, "compile", lambda *given: calls.append(given) or compile_now(*given))
    lazy = bytes_pattern(rb"\d+")
    assert calls == []
    assert lazy.search(b"a1")
    assert lazy.match(b"1")
    assert len(calls) == 1


def test_a_mistake_shows_at_first_use() -> None:
    with pytest.raises(regex.error):
        pattern("(").search("x")


def test_it_can_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(pattern("a"))).search("ba").start() == 1
