"""Globs: which paths they fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from datalint.globs import fits

ROOT = Path("/home/me/data/project")


@pytest.mark.parametrize(
    ("glob", "path", "fit"),
    [
        ("data", "x.jsonl", False),  # "data" above the root does not count
        ("data", "data/x.jsonl", True),
        ("*.jsonl", "a/b/x.jsonl", True),
        ("*.jsonl", "a/x.json", False),
        ("x?.jsonl", "x1.jsonl", True),
        ("[xy].jsonl", "y.jsonl", True),
        ("[!xy].jsonl", "y.jsonl", False),
        ("*.{json,jsonl}", "y.json", True),
        ("*.{json,jsonl}", "y.jso", False),
        ("old/", "old/x.jsonl", True),
        ("/home/me/data/project/a/*.jsonl", "a/x.jsonl", True),
        ("/home/me/data/project/a/*.jsonl", "a/b/x.jsonl", False),
        ("/home/me/data/project/a/**", "a/b/x.jsonl", True),
        ("/home/me/data/project/**/x.jsonl", "x.jsonl", True),
        ("/home/me/data/project/**/x.jsonl", "a/b/x.jsonl", True),
        ("/home/me/data/project/a/**/x.jsonl", "a/x.jsonl", True),
        ("/home/me/data/project/a", "a/b/x.jsonl", True),
        ("/home/me/data/project/a", "ab/x.jsonl", False),
        ("a+b.jsonl", "a+b.jsonl", True),
        ("a.b", "axb", False),
    ],
)
def test_fits(glob: str, path: str, fit: bool) -> None:
    assert fits(ROOT / path, [glob], ROOT) is fit


def test_outside_the_root_a_bare_name_fits_the_file_name_only() -> None:
    assert fits(Path("/elsewhere/x.jsonl"), ["x.jsonl"], ROOT)
    assert not fits(Path("/elsewhere/x.jsonl"), ["elsewhere"], ROOT)
