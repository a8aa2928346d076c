"""The lock: what the templates print around the texts of a data set, written down, so that a change of either is noticed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from datalint.errors import UsageError
from datalint.templating.behaviour import Renders, around, behaviour

if TYPE_CHECKING:
    from datalint.templating import Rendered

VERSION = 1
EXAMPLES = 8  # records whose rendered text is written down: those with the smallest hashes
SIDES: tuple[tuple[Literal["train", "serve"], str], ...] = (("train", "template"), ("serve", "serve-template"))


def facts(renderer: Renders) -> dict[str, Any]:
    """What is written down of one template."""
    template = renderer.template
    return {
        "name": template.name,
        "sha256": template.digest,
        "tokens": dict(sorted(template.tokens.items())),
        "adds-first-token": template.adds_bos,
        "behaviour": behaviour(renderer),
        "around": {called: [edge.before, edge.after] for called, edge in around(renderer).items()},
    }


def of_raw(raw: bytes) -> str:
    """The hash by which a record is known."""
    return hashlib.sha256(raw.strip()).hexdigest()[:32]


def of_text(told: Iterable[Rendered]) -> str:
    """The hash of all that a record is rendered to."""
    said = [rendered.error or rendered.text for rendered in told]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


def text_of(lock: Mapping[str, Any]) -> str:
    """The lock as it is written."""
    return json.dumps({"version": VERSION, **lock}, indent=2, ensure_ascii=False) + "\n"


def read(path: Path) -> dict[str, Any]:
    """A lock that was written. Raises UsageError."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"the lock {path} cannot be read", hint="`datalint lock` writes it") from error
    except ValueError as error:
        raise UsageError(f"{path} is no lock: {error}") from error
    if not isinstance(value, dict) or value.get("version") != VERSION:
        raise UsageError(f"{path} is no lock of this version", hint="`datalint lock` writes it anew")
    return value


def differences(locked: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """What one template does that it did not when it was locked, in words, and whether it prints something else."""
    changed: dict[tuple[str, str], str] = {}
    was, now = dict(_edges(locked["around"])), dict(_edges(found["around"]))
    for place in [*was, *(p for p in now if p not in was)]:
        if was.get(place) != now.get(place):
            changed.setdefault((_shown(was.get(place)), _shown(now.get(place))), place)
    for (one, other), place in changed.items():
        yield f"{place}: {one} was locked, {other} is printed now", True
    for name, fact in found["behaviour"].items():
        if not changed and locked["behaviour"].get(name) != fact:
            yield f"{name}: {_plain(locked['behaviour'].get(name))} was locked, {_plain(fact)} it is now", True
    for name, said in (("tokens", "special tokens"), ("adds-first-token", "the tokenizer adds a first token")):
        if locked[name] != found[name]:
            yield f"{said}: {locked[name]} was locked, {found[name]} it is now", True
    same = not changed and locked["behaviour"] == found["behaviour"]
    if same and locked["sha256"] != found["sha256"]:
        yield (
            f"the template is another one than was locked ({locked['name']}), and does the same in all that is compared",
            False,
        )


def _edges(around: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What stands before each text and after the last, by where it is."""
    for called, (before, after) in around.items():
        role, number, *rest = called.split()
        where = f"{role} text {int(number) + 1}{' of a conversation with a system message' if rest else ''}"
        yield f"before {where}", before
        yield f"after {where}", after


def _shown(edge: str | None) -> str:
    return "nothing" if edge is None else repr(edge)


def _plain(fact: Any) -> str:
    return repr(str(fact).replace("*", ""))
