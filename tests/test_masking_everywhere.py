"""What sensitive rules find leaves datalint masked: every reporter, every command that sees data, every byte."""

from __future__ import annotations

import json
import os
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from datalint.cli import main
from datalint.reporters import names

KEY_BODY = b64encode(b"\x30\x2e" + bytes((n * 37 + 11) % 256 for n in range(90))).decode()
PRIVATE = f"-----BEGIN PRIVATE KEY-----\n{KEY_BODY[:64]}\n{KEY_BODY[64:]}\n-----END PRIVATE KEY-----"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ0YW1zaW4iLCJpYXQiOjE3MTIzfQ.8tq2Jx0bVn3mLr5sKd7fHg1wQzYcXaUePiOvBnMlKjI"
# What is put into the data, and the part of it that must not come out.
SEEDED = {
    "PII101": ("zorvath.kimmel@brightmail.net", "orvath"),
    "PII102": ("phone 732-830-9763", "830-9763"),
    "PII103": ("host 91.64.201.17", "64.201.17"),
    "PII104": ("4417 Larkspur Hollow Lane, Dayton, OH 45419", "Larkspur Hollow"),
    "PII201": ("SSN 536-32-3165", "32-3165"),
    "PII301": ("card 4539 8123 7764 5015", "8123 7764"),
    "PII302": ("DE44500105175407324931", "0105175407"),
    "PII303": ("1LgcBePbBe9fdkPV5BPYe13U3BKohMzcYJ", "BPYe13U3BK"),
    "PII401": ("Perpetua Quillfeather", "erpetua"),
    "PII402": ("Unterwössen", "terwöss"),
    "SEC101": ("AKIA3VQ7LJ5RM2XT4WPD", "3VQ7LJ5RM2"),
    "SEC102": (PRIVATE, KEY_BODY[10:40]),
    "SEC103": (JWT, "8tq2Jx0bVn3mLr5s"),
    "SEC104": ("'q8Zt3LxW0vRk7NcYb2HdMf5Jp9Gs'", "t3LxW0vRk7Nc"),
    "SEC103 in an address": ("ftp://bob:kV7-qPx_Ze@files.lampwerk.de/a", "V7-qPx_Z"),
    "PII101 with an escape": ('"renée"+kim@brightmail.net', "e+kim@bright"),
}
CONFIG = """
preview = true
select = ["ALL"]
[rules.person-name]
names = ["Perpetua Quillfeather"]
[rules.location]
places = ["Unterwössen"]
"""
LOUD_RULE = '''
from datalint import rule, good, bad


@rule("ACM101", "loud-text", category="suspicious", fix="display-only", fix_safety="None.",
      examples=[bad({"text": "a"}), good({"text": ""})])
def check_loud_text(message):
    """Quotes all it sees.

    As careless rules do."""
    fix = message.replace([((0, 0), message.text)], message.text, "display-only")
    yield message.finding(None, f"this says {message.text!r}: {message.text}", fix=fix)


@rule("ACM102", "crashing", category="suspicious", examples=[bad({"text": "a"}), good({"text": ""})])
def check_crashing(message):
    """Raises what it sees.

    As careless rules do."""
    raise ValueError(message.text)
'''


def lines() -> list[str]:
    """Records of several shapes, each value in some; one line is written twice, one with escapes, one in pieces."""
    made: list[Any] = []
    for text, _ in SEEDED.values():
        made.append(
            {
                "instruction": f"Look:\u0000  {text}  ",
                "input": "",
                "output": f"As an AI, I saw\u200b {text}.  \n\n\n\nI saw {text}.",
            }
        )
        made.append({"messages": [{"role": "user", "content": text}, {"role": "user", "content": f"<p>{text}</p>"}]})
        made.append({"prompt": text, "chosen": f"{text} ok", "rejected": text, "id": text})
        made.append({"instruction": "Which one?", "input": "", "output": text})
    made.append({"instruction": "All.", "input": "", "output": " | ".join(text for text, _ in SEEDED.values())})
    plain = [json.dumps(record, ensure_ascii=False) for record in made]
    return [*plain, *plain[:8], *(json.dumps(record) for record in made)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the seeded data, a config that runs every rule, and rules that quote all they see."""
    (tmp_path / "data.jsonl").write_text("\n".join(lines()) + "\n", encoding="utf-8")
    (tmp_path / "datalint.toml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "loud.py").write_text(LOUD_RULE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATALINT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("DATALINT_ALLOW_UNREDACTED", raising=False)
    return tmp_path


def run(*arguments: str) -> bytes:
    """Everything a command writes to both streams."""
    done = CliRunner().invoke(main, arguments)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code in (0, 1, 2, 3)
    return done.stdout_bytes + done.stderr_bytes


def leaked(written: bytes) -> list[str]:
    """Which values can be read in what was written, in any of the ways that JSON and Python spell them."""
    text = written.decode("utf-8", "replace")
    found = []
    for name, (_, core) in SEEDED.items():
        ways = {core, json.dumps(core)[1:-1], repr(core)[1:-1]}
        found += [f"{name}: {text[max(0, at - 60) : at + 40]!r}" for way in ways if (at := text.find(way)) >= 0]
    return found


def test_every_seed_is_found(folder: Path) -> None:
    told = run("check", "data.jsonl", "--output-format", "jsonl")
    codes = {json.loads(line).get("code") for line in told.splitlines() if line.startswith(b"{")}
    assert {name.split()[0] for name in SEEDED} <= codes
    assert "ACM101" in codes


@pytest.mark.parametrize("name", names())
def test_reporters_mask(folder: Path, name: str) -> None:
    written = run(
        "check", "data.jsonl", "--output-format", name, "--max-per-rule", "0", "--unsafe-fixes", "-vv", "--no-redact"
    )
    assert len(written) > 500
    assert leaked(written) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("--diff",),
        ("--diff", "--unsafe-fixes"),
        ("--diff", "--unsafe-fixes", "--output-format", "json"),
        ("--diff", "--unsafe-fixes", "--select", "PII,SEC,TXT"),
        ("--statistics",),
        ("--select", "PII,SEC,ACM", "--fix", "--unsafe-fixes", "--show-fixes", "-vv"),
        ("--select", "ACM102", "--extend-select", "PII,SEC"),
        ("-x",),
        ("--output-file", "out.txt"),
        ("--report", "json=out.json", "--report", "full=out.txt"),
    ],
    ids=" ".join,
)
def test_other_outputs_mask(folder: Path, arguments: tuple[str, ...]) -> None:
    written = run("check", "data.jsonl", *arguments)
    others = [
        p
        for p in folder.rglob("*")
        if p.is_file() and p.name not in ("data.jsonl", "datalint.toml", "quarantine.jsonl")
    ]
    written += b"".join(p.read_bytes() for p in others)
    assert leaked(written) == []


def test_masks_stay_when_the_data_changes_under_the_report(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record that cannot be read again cannot be masked: nothing of it is told."""
    from datalint import run as running
    from datalint.cli import check

    real = running.check

    def changed(*arguments: Any, **more: Any) -> Any:
        outcome = real(*arguments, **more)
        path = folder / "data.jsonl"
        os.truncate(path, path.stat().st_size // 2)
        return outcome

    monkeypatch.setattr(running, "check", changed)
    monkeypatch.setattr(check, "run", running, raising=False)
    for name in names():
        assert leaked(run("check", "data.jsonl", "--output-format", name, "--max-per-rule", "0")) == []


def test_the_environment_may_ask_for_the_truth(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATALINT_ALLOW_UNREDACTED", "1")
    assert leaked(run("check", "data.jsonl", "--no-redact", "--output-format", "full", "--max-per-rule", "0"))
    assert leaked(run("check", "data.jsonl", "--output-format", "full", "--max-per-rule", "0")) == []
