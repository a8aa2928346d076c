"""SARIF 2.1.0, within the limits of GitHub's code scanning: the gravest findings first, what is left out is said."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from datalint import __version__, document
from datalint.card import Card
from datalint.model import Severity, Span
from datalint.outcome import NotChecked
from datalint.pipelines import Paths, about, harmless, precision, severity, shares, stated, unsaid
from datalint.replacements import in_code_points, replacements
from datalint.report import Located, Report
from datalint.terminal import count

NAME = "sarif"
SUMMARY = "SARIF 2.1.0 for code scanning, the gravest 5,000 findings"
MACHINE = True

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
RESULTS = 5_000  # that GitHub keeps of a run; with more than 25,000 it refuses the file
FIXES = 10_000_000  # characters of fixes: with the rest, a file stays below the 10 MB (packed) that GitHub takes
TAGS = 10
RELATED = 10
LONGEST = 1_000  # characters of a description
NOTIFICATIONS = 100
LEVEL: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
WEIGHT: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "recommendation"}
SECURITY: dict[Severity, str] = {"error": "8.0", "warning": "5.5", "info": "2.0"}
ROOT = "%SRCROOT%"
EXIT = {
    0: "nothing failed the run", 1: "findings failed the run", 2: "wrong use or config", 3: "something was not checked",
    130: "interrupted",
}  # fmt: skip


def render(report: Report) -> Iterator[str]:
    """One run: the rules and what was not checked first, then a result a line."""
    told = {} if report.settings.fix_only else shares(report, RESULTS)
    codes = sorted({*told, *report.outcome.rules_run})
    paths = Paths(report)
    run = {
        "tool": {"driver": _driver(report, codes)},
        "automationDetails": {"id": f"datalint/{paths.folder}/" if paths.folder else "datalint/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the repository."}}},
        "invocations": [_invocation(report, told, paths)],
        "properties": {"stats": document.stats(report)},
    }
    yield document.dumps({"$schema": SCHEMA, "version": "2.1.0"})[:-1] + ',"runs":[\n'
    yield document.dumps(run)[:-1] + ',\n"results":['
    number = {code: n for n, code in enumerate(codes)}
    times: Counter[str] = Counter()
    room = FIXES
    comma = "\n"
    for found in report.first(told):
        times[found.fingerprint] += 1
        made = _result(report, found, number[found.code], times[found.fingerprint], paths)
        if room > 0 and (fix := _fix(report, found, paths)):
            room -= len(document.dumps(fix))
            made["fixes"] = [fix]
        yield comma + document.dumps(made)
        comma = ",\n"
    yield "\n]}]}\n"


# ---- rules ----


def _driver(report: Report, codes: list[str]) -> dict[str, Any]:
    return {
        "name": "datalint",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(report, report.card(code)) for code in codes],
        "notifications": [
            {"id": "not-checked", "shortDescription": {"text": "Something was asked for and not checked."}},
            {"id": "left-out", "shortDescription": {"text": "Findings that are not among the results."}},
        ],
    }


def _rule(report: Report, card: Card) -> dict[str, Any]:
    level = severity(report, card.code)
    summary = harmless(card.summary).rstrip(".") + "."
    made = {
        "id": card.code,
        "name": card.name,
        "shortDescription": {"text": summary},
        "fullDescription": {"text": _cut(_lines(card.rationale) or summary)},
        "help": {"text": _help(card), "markdown": _help(card, markdown=True)},
        "defaultConfiguration": {"level": LEVEL[level]},
        "properties": _properties(card, level),
    }
    return made if card.name != card.code else {k: v for k, v in made.items() if k != "name"}


def _properties(card: Card, level: Severity) -> dict[str, Any]:
    safety = card.category == "safety"
    tags = dict.fromkeys(filter(None, (*(("security",) if safety else ()), card.category, *card.tags)))
    made: dict[str, Any] = {"tags": list(tags)[:TAGS], "problem.severity": WEIGHT[level]}
    if word := precision(card):
        made["precision"] = word
    return made | ({"security-severity": SECURITY[level]} if safety else {})


def _help(card: Card, *, markdown: bool = False) -> str:
    """Why, how safe the fix is and what it gets wrong; the page of the rule holds the examples."""
    parts = [
        ("Why", card.rationale), ("How safe the fix is", card.fix_safety), ("Known problems", card.known_problems),
        ("References", "\n".join(f"- {reference}" for reference in card.references)),
    ]  # fmt: skip
    sign = "## " if markdown else ""
    said = [f"{sign}{title}\n\n{_lines(text)}" for title, text in parts if text.strip()]
    ticks = "`" if markdown else ""
    return "\n\n".join([*said, f"{ticks}datalint rule {card.name}{ticks} shows examples and options."])


def _lines(text: str) -> str:
    return "\n".join(harmless(line) for line in text.strip().split("\n"))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


# ---- the run ----


def _invocation(report: Report, told: Mapping[str, int], paths: Paths) -> dict[str, Any]:
    code = report.exit_code
    left = {c: n - told.get(c, 0) for c, n in sorted(report.stats.findings.items()) if n > told.get(c, 0)}
    notes = [_left_out(report, c, n) for c, n in left.items()] if not report.settings.fix_only else []
    apart = [_not_checked(item, paths) for item in report.not_checked]
    if len(apart) > NOTIFICATIONS:
        said = f"{len(apart) - NOTIFICATIONS:,} more things were not checked."
        apart = [*apart[:NOTIFICATIONS], _notification("not-checked", "error", said)]
    return {
        "executionSuccessful": code in (0, 1),
        "exitCode": code,
        **({"exitCodeDescription": EXIT[code]} if code in EXIT else {}),
        "toolExecutionNotifications": [*apart, *notes],
    }


def _left_out(report: Report, code: str, number: int) -> dict[str, Any]:
    said = (
        f"{count(number, 'more finding')} of {code} {report.card(code).name} left out: a run shows {RESULTS:,} results."
    )
    return _notification("left-out", "warning", said) | {"associatedRule": {"id": code}}


def _not_checked(item: NotChecked, paths: Paths) -> dict[str, Any]:
    made = _notification("not-checked", "note" if item.note else "error", unsaid(item))
    if not item.path:
        return made
    place: dict[str, Any] = {"artifactLocation": _artifact(paths(item.path))}
    return made | {
        "locations": [{"physicalLocation": place | ({"region": {"startLine": item.line}} if item.line else {})}]
    }


def _notification(kind: str, level: str, text: str) -> dict[str, Any]:
    return {"descriptor": {"id": kind}, "level": level, "message": {"text": _message(text)}}


# ---- results ----


def _result(report: Report, found: Located, rule: int, time: int, paths: Paths) -> dict[str, Any]:
    where = about(found)
    made: dict[str, Any] = {
        "ruleId": found.code,
        "ruleIndex": rule,
        "level": LEVEL[found.severity],
        "message": {"text": _message(stated(found).rstrip(".") + (f". In {where}." if where else "."))},
        "locations": [_location(found, paths)],
        "partialFingerprints": {
            "primaryLocationLineHash": f"{found.fingerprint}:{time}", "datalintFinding/v1": found.fingerprint
        },
    }  # fmt: skip
    if found.related:
        made["relatedLocations"] = [
            {
                "id": n,
                "message": {"text": _message(place.message)},
                "physicalLocation": {
                    "artifactLocation": _artifact(paths(place.path)), "region": {"startLine": place.line}
                },
            }
            for n, place in enumerate(found.related[:RELATED], 1)
        ]  # fmt: skip
    if found.status != "new":
        made["suppressions"] = [{"kind": "external", "status": "accepted", "justification": found.why or found.status}]
    if found.score is not None:
        made["properties"] = {"score": found.score}
    return made


def _location(found: Located, paths: Paths) -> dict[str, Any]:
    """GitHub wants a place and all four members of it; a finding on a file, or on the data set, is put at its start."""
    region = {
        "startLine": found.line or 1, "startColumn": found.column or 1,
        "endLine": found.end_line or found.line or 1, "endColumn": found.end_column or found.column or 1,
    }  # fmt: skip
    made: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": _artifact(paths(found.path)), "region": region},
    }
    if found.line is None:
        made["properties"] = {"on": "file" if found.path else "data set"}
    elif found.record_id is not None:
        name = harmless(f"{found.record_id}{found.pointer or ''}")
        made["logicalLocations"] = [{"fullyQualifiedName": name, "kind": "value" if found.pointer else "object"}]
    return made


def _artifact(path: str) -> dict[str, str]:
    """Below the root of the repository as a relative reference, elsewhere as an absolute one."""
    encoded = quote(os.fsencode(path), safe="/~")
    if path.startswith("/"):
        return {"uri": f"file://{encoded}"}
    return {"uri": encoded, "uriBaseId": ROOT}


def _message(text: str) -> str:
    """Text in which brackets make no link."""
    return harmless(text).replace("[", "\\[").replace("]", "\\]")


def _fix(report: Report, found: Located, paths: Paths) -> dict[str, Any] | None:
    parts = replacements(found)
    if not parts or found.fix is None:
        return None
    changes = [
        {"deletedRegion": _region(report, found, part.span), "insertedContent": {"text": part.text}} for part in parts
    ]
    return {
        "description": {"text": _message(f"{found.fix.title} ({found.fix.applicability} fix)")},
        "artifactChanges": [{"artifactLocation": _artifact(paths(found.path)), "replacements": changes}],
    }


def _region(report: Report, found: Located, span: Span) -> dict[str, int]:
    line, column, last, end = in_code_points(report, found, span)
    return {"startLine": line, "startColumn": column, "endLine": last, "endColumn": end}
