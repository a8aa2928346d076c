"""What the tests of fixing share: fixes of numbered records, and a run over a file made for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from datalint.fixing import Chosen, Rewritten, rewrite, stamp
from datalint.jsonspan import locate
from datalint.model import Edit, Fix, Ref

BOM = b"\xef\xbb\xbf"


def of(number: int, raw: bytes, *edits: Edit, code: str = "ABC101", array: bool = False) -> Chosen:
    """A fix of the record with this number in the file that holds ``raw``."""
    if array:
        start, end = locate(raw).value(f"/{number}")
    else:
        lines = raw.split(b"\n")
        start = sum(len(line) + 1 for line in lines[:number])
        end = start + len(lines[number])
    return Chosen(Ref(0, start, end - start, number + 1, number), code, Fix("repair", "safe", edits))


def upper(new: str = "X") -> Edit:
    return Edit("replace-text", "/t", (0, 1), new)


DELETE, DROP = Edit("delete-record"), Edit("delete-line")


def run(path: Path, raw: bytes, chosen: list[Chosen], **options: Any) -> Rewritten:
    path.write_bytes(raw)
    return rewrite(path, chosen, expected=stamp(path), **options)


THREE = b'{"t": "a"}\n{"t":"b\\u00e9"}\n{ "t": "c"}\n'
