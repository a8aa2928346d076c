"""JUnit XML: a test case for each rule and file, so that passes are seen and many findings stay few cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from datalint.model import SEVERITIES
from datalint.outcome import NotChecked
from datalint.pipelines import Paths, about, harmless, said, unsaid
from datalint.report import Report
from datalint.terminal import count

NAME = "junit"
SUMMARY = "JUnit XML: a test case for each rule and file"
MACHINE = True

SHOWN = 20  # findings that a test case tells
PASSES = 10_000  # test cases that tell of no finding, at most
WHOLE = "data set"


@dataclass
class _Case:
    """The findings of one rule in one file."""

    failing: int = 0
    others: int = 0
    failures: list[str] = field(default_factory=list)
    output: list[str] = field(default_factory=list)

    def add(self, text: str, fails: bool) -> None:
        """Count a finding, and keep what is told of it while there is room."""
        self.failing += fails
        self.others += not fails
        kept = self.failures if fails else self.output
        if len(kept) < SHOWN:
            kept.append(text)


def render(report: Report) -> Iterator[str]:
    """A suite a file. The counts stand before what they count, so findings are gathered first: twenty of a case."""
    suites = _suites(report)
    apart = report.not_checked
    cases = [case for suite in suites.values() for case in suite.values()]
    failures = sum(case.failing > 0 for case in cases)
    errors = sum(not n.note for n in apart)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<testsuites name="datalint" tests="{len(cases) + len(apart)}" failures="{failures}" errors="{errors}">\n'
    for path, suite in suites.items():
        yield from _suite(report, path, suite)
    if apart:
        skipped = len(apart) - errors
        yield f'<testsuite name="not checked" tests="{len(apart)}" failures="0" errors="{errors}" skipped="{skipped}">\n'
        yield from map(_not_checked, apart)
        yield "</testsuite>\n"
    yield "</testsuites>\n"


def _suites(report: Report) -> dict[str, dict[str, _Case]]:
    """By path and rule, with a case for each rule that ran on a file and found nothing there."""
    fails = _failing(report)
    paths = Paths(report)
    suites: dict[str, dict[str, _Case]] = _silent(report, paths)
    for found in report:
        path = paths(found.path) if found.path else WHOLE
        case = suites.setdefault(path, {}).setdefault(found.code, _Case())
        place = f"{path}:{found.line}:{found.column}" if found.line is not None else path
        where = about(found)
        text = f"{place}: {found.severity}: {said(found)}" + (f" ({where})" if where else "")
        case.add(text, found.severity in fails)
    return suites


def _silent(report: Report, paths: Paths) -> dict[str, dict[str, _Case]]:
    """The cases that may turn out to be passes, of files in order; none if they were too many."""
    ran: Mapping[str, tuple[str, ...]] = report.outcome.rules_by_path
    many = sum(map(len, ran.values())) > PASSES
    known = {report.path(n): path for n, path in enumerate(report.outcome.paths)}
    return {
        paths(path): {} if many else {code: _Case() for code in ran[display] if report.card(code).scope != "dataset"}
        for path, display in known.items()
        if display in ran
    }


def _failing(report: Report) -> tuple[str, ...]:
    level = report.settings.fail_level
    return () if level == "never" else SEVERITIES[: SEVERITIES.index(level) + 1]


def _suite(report: Report, path: str, suite: Mapping[str, _Case]) -> Iterator[str]:
    failures = sum(case.failing > 0 for case in suite.values())
    tests = f'tests="{len(suite)}" failures="{failures}" errors="0" skipped="0"'
    yield f"<testsuite name={_quoted(path)} {tests}>\n"
    classname = _quoted(path.replace(".", "_").replace("/", "."))
    for code, case in sorted(suite.items()):
        yield from _case(report, classname, code, case)
    yield "</testsuite>\n"


def _case(report: Report, classname: str, code: str, case: _Case) -> Iterator[str]:
    card = report.card(code)
    name = f"{code} {card.name}" if code != card.name else code
    head = f"<testcase classname={classname} name={_quoted(name)}"
    if not case.failing and not case.others:
        yield head + "/>\n"
        return
    yield head + ">\n"
    if case.failing:
        message = f"{count(case.failing, 'finding')}: {card.summary}"
        text = _text(case.failures, case.failing)
        yield f'<failure message={_quoted(message)} type="{card.category or "rule"}">{text}</failure>\n'
    if case.others:
        yield f"<system-out>{_text(case.output, case.others)}</system-out>\n"
    yield "</testcase>\n"


def _text(lines: list[str], number: int) -> str:
    more = [f"and {number - len(lines):,} more"] if number > len(lines) else []
    return "\n".join(_escaped(line) for line in [*lines, *more])


def _not_checked(item: NotChecked) -> str:
    kind = "skipped" if item.note else "error"
    head = f'<testcase classname="not checked" name={_quoted(f"{item.what} {item.path}".strip())}>'
    return f"{head}<{kind} message={_quoted(unsaid(item))}/></testcase>\n"


def _escaped(text: str) -> str:
    """``text`` for XML, which knows no control characters: they are spelled out."""
    return escape(harmless(text))


def _quoted(text: str) -> str:
    return '"' + _escaped(text).replace('"', "&quot;") + '"'
