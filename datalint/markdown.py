"""A report as Markdown of limited length, for comments and job pages. Nothing in it that data says becomes markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from datalint.model import SEVERITIES
from datalint.pipelines import PLAIN, harmless, ranked, said, severity, unsaid
from datalint.report import Located, Report
from datalint.terminal import clip, count
from datalint.verdict import fixable

FIX = {"safe": "safe", "unsafe": "unsafe", "display-only": "shown"}
MESSAGE = 200  # characters of a message
PLACE = 160  # of a path
EACH = (50, 20, 10, 5, 3, 2, 1)  # findings of each rule: as many as there is room for
INERT = " ,.;?!'\"%/()-"  # punctuation that is no markup by itself, once brackets and colons are spelled out
NOT_CHECKED = 10  # lines about what was not checked


def body(report: Report, most: int) -> str:
    """The whole report in at most so many characters; details make way first, then rules."""
    head = _head(report)
    tail = _tail(report)
    left = most - _size(head + tail) - 500  # for what is said of what is left out
    codes = ranked(report) if not report.settings.fix_only else []
    found = _first(report, codes)
    table = list(_fitting(_table(report, codes, found), left))
    left -= sum(map(_size, table))
    parts = [*head, *table]
    if (missing := len(codes) - len(table) + 2) > 0 and table:
        parts += [f"\n… and {missing} more rules.\n"]
    return "".join([*parts, *_details(report, codes, found, left), *tail])


def _size(text: str | list[str]) -> int:
    """Length as those count who set the limits: in units of UTF-16."""
    return sum(map(_size, text)) if isinstance(text, list) else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _fitting(rows: Iterable[str], room: int) -> Iterator[str]:
    for row in rows:
        room -= _size(row)
        if room < 0:
            return
        yield row


def _head(report: Report) -> list[str]:
    stats = report.stats
    numbers = [count(stats.severities[s], s) for s in SEVERITIES if stats.severities[s]]
    hit = stats.records_with_findings + report.outcome.findings.records_late_only()
    where = f" in {hit:,} of {count(stats.records, 'record')}" if numbers else f" in {count(stats.records, 'record')}"
    grave = [n for n in report.not_checked if not n.note]
    nothing = "nothing found" if not grave else "not everything was checked"
    return [f"## datalint: {', '.join(numbers) or nothing}{where}\n"]


def _tail(report: Report) -> list[str]:
    able, done = fixable(report), report.stats.fixed.total()
    lines = [f"{count(done, 'finding')} fixed."] if done else []
    if able["safe"] or able["unsafe"]:
        lines.append(f"`--fix` mends {able['safe']:,}, with `--unsafe-fixes` {able['safe'] + able['unsafe']:,}.")
    made = [f"\n{' '.join(lines)}\n"] if lines else []
    grave = [n for n in report.not_checked if not n.note]
    if grave:
        made.append("\n**Not checked:**\n\n")
        made += [f"- {code(unsaid(item))}\n" for item in grave[:NOT_CHECKED]]
        made += [f"- … and {len(grave) - NOT_CHECKED:,} more\n"] if len(grave) > NOT_CHECKED else []
    stats = report.stats
    made.append(
        f"\nChecked {count(stats.records, 'record')} in {count(stats.files, 'file')}; exit code {report.exit_code}.\n"
    )
    return made


def _first(report: Report, codes: list[str]) -> dict[str, list[Located]]:
    """The first findings of each rule, without the records they are in."""
    found: dict[str, list[Located]] = {code: [] for code in codes}
    for one in report.first(dict.fromkeys(codes, EACH[0])):
        found.setdefault(one.code, []).append(one)
    return found


def _table(report: Report, codes: list[str], found: dict[str, list[Located]]) -> Iterator[str]:
    if codes:
        yield "\n| rule | severity | findings | records | fix | first |\n"
        yield "|---|---|--:|--:|---|---|\n"
    for one in codes:
        card = report.card(one)
        fix = FIX.get(report.applicability(one, card.fix), "") if card.fix else ""
        place = next(map(_place, found[one]), "")
        records = report.stats.by_rule_records[one]
        cells = (
            f"{code(one)} {plain(clip(card.summary, 120, PLAIN))}", severity(report, one),
            f"{report.stats.findings[one]:,}", f"{records:,}" if records else "", fix, place,
        )  # fmt: skip
        yield f"| {' | '.join(cells)} |\n"


def _details(report: Report, codes: list[str], found: dict[str, list[Located]], room: int) -> list[str]:
    for each in EACH:
        shown = [one for code in codes for one in islice(found[code], each)]
        rows = [f"| {code(one.code)} | {_place(one)} | {code(said(one, MESSAGE))} |\n" for one in shown]
        if sum(map(_size, rows)) <= room:
            break
    else:
        rows = list(_fitting(rows, room))
    if not rows:
        return []
    left = report.stats.findings.total() - len(rows)
    rest = [f"\n… and {count(left, 'more finding')}.\n"] if left > 0 else []
    head = "\n<details><summary>Findings</summary>\n\n| rule | where | what |\n|---|---|---|\n"
    return [head, *rows, *rest, "\n</details>\n"]


def _place(found: Located) -> str:
    where = code(clip(found.where, PLACE, PLAIN))
    return f"{where} {code(clip(found.record_id, 40, PLAIN))}" if found.record_id else where


def code(text: str) -> str:
    """``text`` as code, in which no Markdown, link or mention is seen."""
    text = harmless(text)
    if not text.strip():
        return ""
    return f"`{text}`" if "`" not in text and "|" not in text else f"<code>{plain(text)}</code>"


def plain(text: str) -> str:
    """``text`` with everything spelled out that could be markup."""
    return "".join(c if c.isalnum() or c in INERT or c > "\x7f" else f"&#{ord(c)};" for c in harmless(text))
