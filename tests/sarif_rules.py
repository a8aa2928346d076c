"""What SARIF 2.1.0 asks of the objects that reports hold, and GitHub of those it shows: a table of our own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import regex

Check = Callable[[Any], bool]
LEVELS = ("none", "note", "warning", "error")


def text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def number(least: int) -> Check:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= least


def one_of(*words: str) -> Check:
    return lambda value: value in words


def uri(value: Any) -> bool:
    return (
        isinstance(value, str)
        and regex.fullmatch(r"(file://)?([\w.~/-]|%[0-9A-F]{2})+", value, regex.ASCII) is not None
    )


def texts(most: int) -> Check:
    return lambda value: isinstance(value, list) and len(value) == len({*value}) <= most and all(map(text, value))


# Object: its members. A member that must be there has "!" behind its name, a list of objects stands in a list.
TABLE: dict[str, dict[str, Any]] = {
    "log": {"$schema!": text, "version!": one_of("2.1.0"), "runs!": ["run"]},
    "run": {
        "tool!": "tool", "automationDetails": "details", "columnKind!": one_of("unicodeCodePoints"),
        "originalUriBaseIds!": "bases", "invocations!": ["invocation"], "properties": dict, "results!": ["result"],
    },
    "tool": {"driver!": "driver"},
    "driver": {"name!": text, "version!": text, "semanticVersion": text, "rules!": ["rule"], "notifications!": ["kind"]},
    "kind": {"id!": text, "shortDescription!": "message"},
    "rule": {
        "id!": text, "name": text, "shortDescription!": "message", "fullDescription!": "short", "help!": "message",
        "defaultConfiguration!": "configuration", "properties!": "facts",
    },
    "facts": {
        "tags!": texts(10), "problem.severity!": one_of("error", "warning", "recommendation"),
        "precision": one_of("very-high", "high", "medium", "low"),
        "security-severity": lambda v: isinstance(v, str) and 0 < float(v) <= 10,
    },
    "message": {"text!": text, "markdown": text},
    "short": {"text!": lambda value: text(value) and len(value) <= 1024},
    "configuration": {"level!": one_of(*LEVELS)},
    "details": {"id!": text},
    "bases": {"%SRCROOT%": "base"},
    "base": {"description!": "message"},
    "invocation": {
        "executionSuccessful!": lambda v: isinstance(v, bool), "exitCode!": number(0), "exitCodeDescription": text,
        "toolExecutionNotifications!": ["notification"],
    },
    "notification": {
        "descriptor!": "reference", "level!": one_of(*LEVELS), "message!": "message", "locations": ["aside"],
        "associatedRule": "reference",
    },
    "reference": {"id!": text},
    "result": {
        "ruleId!": text, "ruleIndex!": number(0), "level!": one_of(*LEVELS), "message!": "message",
        "locations!": ["location"], "partialFingerprints!": "fingerprints", "relatedLocations": ["related"],
        "fixes": ["fix"], "suppressions": ["suppression"], "properties": dict,
    },
    "fingerprints": {"primaryLocationLineHash!": text, "datalintFinding/v1!": text},
    "location": {"physicalLocation!": "place", "logicalLocations": ["logical"], "properties": dict},
    "logical": {"fullyQualifiedName!": text, "kind!": text},
    "place": {"artifactLocation!": "artifact", "region!": "region"},
    "artifact": {"uri!": uri, "uriBaseId": one_of("%SRCROOT%")},
    "region": {"startLine!": number(1), "startColumn!": number(1), "endLine!": number(1), "endColumn!": number(1)},
    "line": {"startLine!": number(1)},
    "related": {"id!": number(1), "message!": "message", "physicalLocation!": "beside"},
    "beside": {"artifactLocation!": "artifact", "region": "line"},
    "aside": {"physicalLocation!": "beside"},
    "fix": {"description!": "message", "artifactChanges!": ["change"]},
    "change": {"artifactLocation!": "artifact", "replacements!": ["replacement"]},
    "replacement": {"deletedRegion!": "region", "insertedContent!": "content"},
    "content": {"text!": lambda value: isinstance(value, str)},
    "suppression": {"kind!": one_of("external", "inSource"), "status": text, "justification": text},
}  # fmt: skip


def wrong(value: Any, kind: str = "log", at: str = "") -> Iterator[str]:
    """Where a document is not as the table has it."""
    known = {name.rstrip("!"): check for name, check in TABLE[kind].items()}
    if not isinstance(value, dict):
        yield f"{at}: no object"
        return
    yield from (f"{at}/{name}: unknown in {kind}" for name in value.keys() - known.keys())
    yield from (f"{at}/{n[:-1]}: missing in {kind}" for n in TABLE[kind] if n.endswith("!") and n[:-1] not in value)
    for name, check in known.items():
        if name in value:
            yield from _member(value[name], check, f"{at}/{name}")


def _member(value: Any, check: Any, at: str) -> Iterator[str]:
    if isinstance(check, list):
        if not isinstance(value, list):
            yield f"{at}: no list"
            return
        for n, item in enumerate(value):
            yield from wrong(item, check[0], f"{at}/{n}")
    elif isinstance(check, str):
        yield from wrong(value, check, at)
    elif not (isinstance(value, dict) if check is dict else check(value)):
        yield f"{at}: {value!r}"
