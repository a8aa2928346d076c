"""Whatever a rule yields, the run goes on: nonsense is a crash of the rule, on the record it was yielded for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from datalint.model import Edit, Finding, Fix, Ref, Related
from datalint.soundness import all_sound, sound

REF = Ref(0, 0, 10, 1, 0)
GONE = (Edit("delete-record"),)


def on(**more: Any) -> Finding:
    return Finding(**{"message": "said", "ref": REF} | more)


GOOD = [
    (on(), on(code="ACM001")),
    (on(code="QLT101"), on(code="ACM001")),
    (on(pointer="/a", span=(np.int64(1), np.int64(3))), on(pointer="/a", span=(1, 3), code="ACM001")),
    (on(raw_span=[0, 2]), on(raw_span=(0, 2), code="ACM001")),
    (on(score=np.float32(0.5)), on(score=0.5, code="ACM001")),
    (on(ref=None), on(ref=None, code="ACM001")),
    (on(ref=None, source=np.int64(0)), on(ref=None, source=0, code="ACM001")),
    (on(related=[Related(REF, "here")]), on(related=(Related(REF, "here"),), code="ACM001")),
    (on(fix=Fix("go", "unsafe", list(GONE))), on(fix=Fix("go", "unsafe", GONE), code="ACM001")),
]


@pytest.mark.parametrize(("given", "wanted"), GOOD)
def test_a_finding_becomes_one_of_its_rule_with_plain_numbers(given: Finding, wanted: Finding) -> None:
    found = sound(given, "ACM001", 1)
    assert found == wanted
    assert [type(n) for n in found.span or ()] in ([], [int, int])


BAD = [
    None, 5, "said", ("said", REF), on(message=None), on(message=b"said"), on(ref=(0, 0, 10, 1, 0)),
    on(ref=REF._replace(source=1)), on(ref=None, source=-1), on(span=(3, 1)), on(span=(-1, 2)),
    on(span=(0.5, 2)), on(span="ab"), on(span=(1,)), on(raw_span=(4, 2)), on(pointer="a/b"), on(pointer=3),
    on(score=float("nan")), on(score="high"), on(severity="fatal"), on(related=("here",)), on(fix="strip it"),
    on(fix=Fix("go", "certain")), on(fix=Fix(None, "safe")), on(fix=Fix("go", "safe", ("strip",))),
    on(fix=Fix("go", "safe", (Edit("explode", "/a"),))), on(fix=Fix("go", "safe", (Edit("set", "/a", None, {1}),))),
    on(fix=Fix("go", "safe", (Edit("set", "a"),))), on(fix=Fix("go", "safe", GONE)),
]  # fmt: skip


@pytest.mark.parametrize("given", BAD)
def test_nonsense_is_refused(given: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        sound(given, "ACM001", 1)


PLAIN = [
    on(), on(pointer="/a", span=(1, 3)), on(related=(Related(REF, "here"),)), on(fix=Fix("go", "unsafe", GONE)),
    on(pointer="/a", span=(0, 0), fix=Fix("go", "safe", (Edit("replace-text", "/a", (0, 1), "b"),))),
]  # fmt: skip


@pytest.mark.parametrize("more", [[], [(PLAIN[1], PLAIN[1]._replace(code="ACM001"))], *([one] for one in GOOD)])
def test_many_are_what_each_is(more: list[tuple[Finding, Finding]]) -> None:
    """Among so many that they are looked at together."""
    given = [*PLAIN * 4, *(one for one, _ in more)]
    wanted = [*(one._replace(code="ACM001") for one in PLAIN * 4), *(one for _, one in more)]
    assert all_sound(given, "ACM001", 1) == wanted


@pytest.mark.parametrize("kind", range(len(PLAIN)))
@pytest.mark.parametrize("given", BAD)
def test_nonsense_is_found_among_many(given: Any, kind: int) -> None:
    with pytest.raises((TypeError, ValueError)):
        all_sound([PLAIN[kind]] * 20 + [given], "ACM001", 1)
