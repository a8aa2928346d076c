"""Hand-made outcomes: a few records of our own, the findings put on them, and everything a run would have counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from datalint.batch import Batch, Facts
from datalint.card import Card
from datalint.config import Settings
from datalint.loading import load_batch
from datalint.model import Edit, Finding, Fix, Ref, Related
from datalint.outcome import FindingStore, NotChecked, Outcome, Stats
from datalint.packing import pack
from datalint.readers import Block, Shard
from datalint.shapes import Detector, builtin
from datalint.views import Record

ROOT = Path("/project")


def card(code: str, name: str, category: str, severity: str, **more: Any) -> Card:
    """A card that says no more than reports need."""
    return Card(code, name, f"Summary of {name}", "Why.", category, "message", severity=severity, **more)  # type: ignore[arg-type]


CARDS = {
    c.code: c
    for c in (
        card("BAL101", "one-source", "suspicious", "info"),
        card("CHT102", "consecutive-roles", "correctness", "error"),
        card("DUP101", "exact-duplicate", "suspicious", "warning", fix="unsafe"),
        card("JSN104", "duplicate-key", "correctness", "error"),
        card("JSN203", "final-newline", "style", "info", fix="safe"),
        card("PII101", "email-address", "safety", "error", fix="unsafe", sensitive=True),
        card("QLT101", "ai-self-reference", "suspicious", "warning", fix="unsafe"),
        card("TXT201", "trailing-blanks", "style", "info", fix="safe"),
    )
}


class Files:
    """Files in memory, read as a run reads them; this is the ``records`` of an outcome."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        detector = Detector(builtin())
        self.paths = tuple(files)
        self.batches = [self._batch(n, path, files[path], detector) for n, path in enumerate(self.paths)]

    @staticmethod
    def _batch(number: int, path: str, content: bytes, detector: Detector) -> Batch:
        raws = content.split(b"\n")[: None if not content.endswith(b"\n") else -1]
        offsets = [sum(len(r) + 1 for r in raws[:k]) for k in range(len(raws))]
        return load_batch(number, path, Block(raws, offsets, 1, 0, None, True, True), detector, Facts())

    def ref(self, line: int, path: str = "") -> Ref:
        """The reference of a line, of the first file unless another is named."""
        return self.batches[self.paths.index(path) if path else 0].ref(line - 1)

    def at(self, ref: Ref) -> Record:
        """As ``Records.at``."""
        return self.batches[ref.source].record(ref.index)

    def record(self, key: int) -> Record:
        """As ``Records.record``."""
        batch = self.batches[key >> 48]
        return batch.record(list(batch.offsets).index(key & (1 << 48) - 1))

    def on(self, code: str, line: int, pointer: str, needle: str, message: str, **more: Any) -> Finding:
        """A finding on the first occurrence of ``needle`` in the text at ``pointer``."""
        value: Any = self.at(self.ref(line)).data
        for token in pointer.split("/")[1:]:
            value = value[int(token)] if isinstance(value, list) else value[token]
        start = value.index(needle)
        return Finding(message, self.ref(line), pointer, (start, start + len(needle)), code=code, **more)


def outcome(files: Files, findings: Sequence[Finding], **more: Any) -> Outcome:
    """The outcome of a run that gave these findings."""
    store = FindingStore()
    whole = Shard(1 << 29, 0, 1 << 40, 1, 0, True)
    store.add_chunk(whole, pack(list(findings)), Counter(f.code for f in findings))
    severities = {code: c.severity for code, c in CARDS.items()}
    stats = Stats(
        files=len(files.paths),
        records=sum(len(b) for b in files.batches),
        lines=sum(len(b) for b in files.batches),
        bytes=sum(len(r) + 1 for b in files.batches for r in b.raws),
        seconds=0.31,
        findings=Counter(f.code for f in findings),
        severities=Counter(f.severity or severities[f.code] for f in findings),
        records_with_findings=len({f.ref for f in findings if f.ref is not None}),
        by_rule_records=Counter(code for code, _ in {(f.code, f.ref) for f in findings if f.ref is not None}),
        fixable=Counter(f"{f.code} {f.fix.applicability}" for f in findings if f.fix is not None),
        shapes=Counter({"messages": sum(len(b) for b in files.batches)}),
    )
    made = Outcome(CARDS, severities, files.paths, files, store, stats, rules_run=tuple(CARDS))
    for name, value in more.items():
        setattr(made, name, value)
    return made


def settings(**more: Any) -> Settings:
    """Settings of a project at ``ROOT``."""
    return Settings(**{"cwd": ROOT, "root": ROOT, "output_format": "concise"} | more)


def story() -> Outcome:
    """A small data set in which a bit of everything is wrong."""
    content = "\n".join(
        [
            '{"id": "t-0001", "messages": [{"role": "user", "content": "Name a colour."}, '
            '{"role": "assistant", "content": "Blue."}]}',
            '{"id": "t-0002", "messages": [{"role": "user", "content": "Are you sad?"}, '
            '{"role": "assistant", "content": "As an AI language model, I cannot feel."}]}',
            '{"id": "t-0003", "messages": [{"role": "user", "content": "Write to ada@example.org, '
            'not to ada@example.org.uk."}, {"role": "assistant", "content": "谢谢。\\nDone.  \\nBye."}]}',
            '{"id": "t-0004", "messages": [{"role": "user", "content": "Hi"}, {"role": "user", "content": "Hello?"}, '
            '{"role": "assistant", "content": "Hello."}]}',
            '{"id": "t-0005", "messages": [{"role": "user", "content": "Name a colour."}, '
            '{"role": "assistant", "content": "Blue."}]}',
            '{"id": "t-0006", "role": "x", "role": "y", "messages": [{"role": "user", "content": "Hi"}, '
            '{"role": "assistant", "content": "Hello."}]}',
        ]
    )
    files = Files({"data/train.jsonl": content.encode()})
    quoted = "As an AI language model"
    mail = "ada@example.org"
    findings = [
        files.on("QLT101", 2, "/messages/1/content", quoted, f"Assistant reply contains {quoted!r}",
                 fix=Fix("delete the clause", "unsafe", (Edit("replace-text", "/messages/1/content", (0, 25), ""),))),
        files.on("PII101", 3, "/messages/0/content", mail, f"E-mail address {mail} in user turn", score=0.9,
                 fix=Fix(f"replace {mail} with [EMAIL]", "unsafe",
                         (Edit("replace-text", "/messages/0/content", (9, 24), "[EMAIL]"),))),
        files.on("TXT201", 3, "/messages/1/content", "  ", "2 blanks at the end of a line",
                 fix=Fix("strip the line", "safe", (Edit("replace-text", "/messages/1/content", (9, 11), ""),))),
        Finding("Turn 1 repeats role 'user'", files.ref(4), "/messages/1/role", code="CHT102"),
        Finding("Same content as line 1", files.ref(5), code="DUP101", related=(Related(files.ref(1), "first here"),),
                fix=Fix("delete the record", "unsafe", (Edit("delete-record"),))),
        Finding('Duplicate key "role"', files.ref(6), None, raw_span=(30, 36), code="JSN104"),
        Finding("The last line does not end", source=0, code="JSN203",
                fix=Fix("end the last line", "safe", whole_file="final-newline")),
        Finding("All records come from one source", code="BAL101"),
    ]  # fmt: skip
    return outcome(
        files,
        findings,
        id_fields={0: "id"},
        not_checked=[
            NotChecked("file", "is a Git LFS pointer", "data/old.jsonl"),
            NotChecked("3 files", "excluded", note=True),
        ],
    )
