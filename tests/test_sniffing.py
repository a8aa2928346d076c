"""What the start of a file says about it."""

from __future__ import annotations

import gzip
import lzma
from pathlib import Path

import pytest
import zstandard
from reading import BOM, OBJECT, OTHER, opened

from datalint.batch import Facts
from datalint.readers.sniffing import holds_records, sniff

MESSAGES = b'[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]'
WIDE = '{"text": "one"}\n' * 3


@pytest.mark.parametrize(
    ("data", "suffix", "content"),
    [
        (OBJECT, ".jsonl", "jsonl"),
        (OBJECT + b"\n" + OTHER, ".jsonl", "jsonl"),
        (OBJECT + b"\n" + OTHER, ".json", "jsonl"),
        (b"\n\n" + OBJECT, ".jsonl", "jsonl"),
        (MESSAGES, ".jsonl", "jsonl"),
        (MESSAGES, ".json", "jsonl"),
        (MESSAGES + b"\n" + MESSAGES, ".jsonl", "jsonl"),
        (MESSAGES[:-10] + b"\n" + MESSAGES, ".jsonl", "jsonl"),  # the first line is cut off
        (MESSAGES[:-10], ".jsonl", "jsonl"),
        (b"[" + OBJECT + b"]\n[" + OBJECT + b"]", ".jsonl", "jsonl"),
        (b"[" + OBJECT + b", " + OTHER + b"]", ".jsonl", "array"),
        (b"[" + OBJECT + b", " + OTHER + b"]", ".json", "array"),
        (b"[" + OBJECT + b",\n" + OTHER + b"]", ".jsonl", "array"),
        (b"[" + OBJECT + b"\n, " + OTHER + b"]", ".jsonl", "array"),
        (b"[\n  " + OBJECT + b"\n]", ".jsonl", "array"),
        (BOM + b"[\n  " + OBJECT + b"\n]", ".jsonl", "array"),
        (b"[\n  {", ".jsonl", "array"),
        (b"[" + MESSAGES + b", " + MESSAGES + b"]", ".jsonl", "array"),
        (b"[\n" + MESSAGES + b"\n]", ".json", "array"),
        (b"[]", ".json", "array"),
        (b"[1, 2]", ".json", "array"),
        (b"[1, 2]", ".jsonl", "jsonl"),
        (b'["a"', ".jsonl", "jsonl"),
        (b"[" + OBJECT + b", " + OTHER, ".jsonl", "array"),  # cut off between two records
        (b"[", ".jsonl", "jsonl"),
        (b'[\n  {"role": "user",\n "content": "Hi"}\n]\n', ".json", "values"),
        (b'{\n  "a": 1\n}\n{\n  "b": 2\n}', ".jsonl", "values"),
        (b'{"a": 1,\n "b": 2}\n{"a": 1,\n "b": 2}', ".jsonl", "values"),
        (b'{\n  "a": 1,\n}', ".jsonl", "values"),
        (b'{"a": 1}{"b": 2}\n', ".jsonl", "jsonl"),
        (b'{"a": 1,\n{"a": 2}\n', ".jsonl", "jsonl"),
        (b'{"a": 1,}\n{"a": 2}\n', ".jsonl", "jsonl"),
        (b"a,b,c\n1,2,3\n", ".jsonl", "jsonl"),
        (b"", ".jsonl", "empty"),
        (BOM, ".jsonl", "empty"),
        (b"\n \r\n", ".jsonl", "empty"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", ".jsonl", "lfs-pointer"),
        (WIDE.encode("utf-16"), ".jsonl", "utf-16"),
        (WIDE.encode("utf-16-le"), ".jsonl", "utf-16"),
        (WIDE.encode("utf-16-be"), ".jsonl", "utf-16"),
        (WIDE.encode("utf-32"), ".jsonl", "utf-32"),
        (WIDE.encode("utf-32-le"), ".jsonl", "utf-32"),
        (WIDE.encode("utf-32-be"), ".jsonl", "utf-32"),
        ("\n中".encode("utf-16-le"), ".jsonl", "jsonl"),  # two characters tell nothing
        (b'{"\x00a": 1}', ".jsonl", "jsonl"),
        (b"\x00" * 100, ".jsonl", "jsonl"),
        (gzip.compress(OBJECT, mtime=0), ".jsonl", "gzip"),
        (zstandard.compress(OBJECT), ".jsonl", "zstd"),
        (lzma.compress(OBJECT), ".jsonl", "xz"),
        (b"PAR1....", ".jsonl", "parquet"),
        (b"PK\x03\x04....", ".jsonl", "zip"),
    ],
)
def test_what_a_file_is(data: bytes, suffix: str, content: str) -> None:
    assert sniff(data, suffix, whole=True) == Facts(suffix, content, data.startswith(BOM))


@pytest.mark.parametrize(
    ("data", "content"),
    [
        (b'[{"text": "' + b"x" * 70_000 + b'"}, {"text": "y"}]', "array"),
        (b"[" + OBJECT + b", " + OBJECT * 20_000 + b"]", "array"),
        (b'[{"role": "user", "content": "' + b"x" * 50_000 + b'"}, {"role": "assistant", "content": "' + b"y" * 50_000, "jsonl"),
        (b'{"text": "' + b"x" * 70_000 + b'"}\n', "jsonl"),
        (b" " * 70_000 + OBJECT, "jsonl"),
    ],
)  # fmt: skip
def test_what_a_file_is_by_the_start_of_a_long_line(tmp_path: Path, data: bytes, content: str) -> None:
    assert opened(tmp_path, data).facts.content == content


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b'[{"a": 1}]', True),
        (b"[\n  {", True),
        (b"[[{", True),
        (OBJECT + b"\n" + OBJECT, True),
        (OBJECT + b"\n", False),
        (b'{\n "a": 1\n}', False),
        (b'{"a": [1,\n{"b": 2}]}', False),
        (b"[1, 2]", False),
        (b'["a"]', False),
        (b"", False),
        (b"[", False),
    ],
)
def test_json_files_with_records(head: bytes, expected: bool) -> None:
    assert holds_records(head) is expected
    assert holds_records(BOM + b" " + head) is expected
