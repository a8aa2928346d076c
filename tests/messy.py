"""A small messy set: texts that try to be markup, commands or control characters wherever a report lands."""

from __future__ import annotations

import json
from typing import Any

from outcomes import Files, outcome, settings

from datalint.model import Edit, Finding, Fix, Related
from datalint.outcome import NotChecked, Outcome
from datalint.report import Report
from datalint.reporters import reporter

ATTACKS = (
    "<script>alert(1)</script><img src=x onerror=alert(2)></code></details><!--",
    "::error file=x::owned\n##[error]owned",
    "\x1b[31mred\x1b[0m\x07\r\n\x9b2J",
    "`code` ``` a | b \\| c `",
    "]]> <![CDATA[ &amp; &#0; &undefined;",
    "nul \0, noncharacter \uffff, half \ud83d",
    "\u202egnp.exe\u2066\u200b\ufeff",
    "@octocat see #1, [click](https://evil.example) ![x](https://evil.example/p.png) www.evil.example",
    "$`x`$ :smile: ~~gone~~ ***loud*** {0} {{1}}",
    "%0A::warning::late, a:b,c=d",
)
NAME = "data/tr`a|i n#%2C:,[1].jsonl"
MAIL = "ada@example.org"
CODES = ("QLT101", "CHT102", "DUP101", "JSN104")


def lines() -> list[bytes]:
    """One record for each attack, then one with a secret, two that are equal, and one with letters of several bytes."""
    texts = [*ATTACKS, f"write to {MAIL}", "twice", "twice", "naïve 😀 日本 end"]
    return [
        json.dumps(
            {"id": text, "messages": [{"role": "user", "content": text}]}, ensure_ascii="\ud83d" in text
        ).encode()
        for text in texts
    ]


def findings(files: Files) -> list[Finding]:
    """A finding with each attack as its message, and others on records, bytes, the file and the data set."""
    content = "/messages/0/content"
    mail, twice, wide = len(ATTACKS) + 1, len(ATTACKS) + 2, len(ATTACKS) + 4
    made = [
        Finding(f"says {text}", files.ref(n), content, (0, 3), code=CODES[n % len(CODES)])
        for n, text in enumerate(ATTACKS, 1)
    ]
    first = made[0]
    secret = Fix(f"mask {MAIL}", "unsafe", (Edit("replace-text", content, (9, 24), "[EMAIL]"),))
    cut = Fix("cut <b>both</b>", "safe",
              (Edit("replace-text", content, (6, 8), ""), Edit("replace-text", content, (10, 14), ".")))  # fmt: skip
    return [
        first._replace(related=(Related(files.ref(2), ATTACKS[7], content),)),
        *made[1:],
        Finding(f"address {MAIL}", files.ref(mail), content, (9, 24), secret, 0.9, code="PII101"),
        Finding("seen before", files.ref(twice), code="DUP101", fix=Fix("drop it", "unsafe", (Edit("delete-record"),))),
        Finding("seen before", files.ref(twice + 1), code="DUP101"),
        Finding("two letters too many", files.ref(wide), content, (6, 7), cut, code="TXT201"),
        Finding("bytes", files.ref(wide), raw_span=(0, 6), code="JSN104"),
        Finding("no line feed at the end", source=0, code="JSN203"),
        Finding("one source", code="BAL101"),
    ]


def messy() -> Outcome:
    """The outcome of a run over it."""
    files = Files({NAME: b"\n".join(lines())})
    notes = [
        NotChecked("file", f"says {ATTACKS[1]}", "data/``` |.jsonl"),
        NotChecked("record", f"is too long {ATTACKS[0]}", NAME, 3),
        NotChecked("2 files", "excluded", note=True),
    ]
    ran = {NAME: ("CHT102", "JSN203", "QLT101", "TXT201", "TXT202")}
    return outcome(files, findings(files), not_checked=notes, id_fields={0: "id"}, rules_by_path=ran)


def told(name: str, made: Outcome, **more: Any) -> str:
    """What a reporter says of an outcome."""
    return "".join(reporter(name).render(Report(made, settings(output_format=name, **more))))


def many(numbers: dict[str, int], **more: Any) -> Outcome:
    """An outcome with so many findings of each rule, one a record."""
    raw = b'{"messages": [{"role": "user", "content": "Hi"}]}\n'
    files = Files({"a.jsonl": raw * max(numbers.values(), default=1)})
    found = [
        Finding("m", files.ref(k + 1), "/messages/0/content", (0, 2), code=c)
        for c, n in numbers.items()
        for k in range(n)
    ]
    return outcome(files, found, **more)
