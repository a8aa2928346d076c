"""Files that reports are written to: replaced whole, or written through."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from datalint.cli import _output, main


def test_a_file_is_replaced_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("old")
    path.chmod(0o640)

    def broken() -> Any:
        yield "half"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _output.write_file(path, broken())
    assert path.read_text() == "old"
    _output.write_file(path, ["né", "w\udcff"])
    assert path.read_bytes() == "néw".encode() + b"\\udcff"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_is_as_open_as_any(tmp_path: Path) -> None:
    _output.write_file(tmp_path / "out", ["x"])
    (tmp_path / "other").write_text("x")
    assert (tmp_path / "out").stat().st_mode == (tmp_path / "other").stat().st_mode


@pytest.mark.parametrize("kind", ["symlink", "hard link", "pipe"])
def test_links_and_pipes_are_written_through(tmp_path: Path, kind: str) -> None:
    path, real = tmp_path / "out", tmp_path / "real"
    if kind == "pipe":
        os.mkfifo(path)
        reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        _output.write_file(path, ["new"])
        assert os.read(reader, 10) == b"new"
        os.close(reader)
        assert stat.S_ISFIFO(path.lstat().st_mode)
        return
    real.write_text("old")
    if kind == "symlink":
        path.symlink_to(real)
    else:
        os.link(real, path)
    _output.write_file(path, ["new"])
    assert real.read_text() == "new"
    assert path.is_symlink() or path.samefile(real)


def test_devices_are_written_through() -> None:
    _output.write_file(Path(os.devnull), ["x"])
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


# ---- several reports of one run ----


@pytest.fixture
def checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """``datalint check`` over a file with a finding."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.jsonl").write_text('{"prompt": "Hi", "completion": ""}\n')
    return lambda *arguments: CliRunner().invoke(main, ["check", "a.jsonl", "--isolated", *arguments])


def test_reports_may_be_repeated_and_one_may_go_to_standard_output(checked: Callable[..., Result]) -> None:
    done = checked("--report", "json=a", "--report", "json=b", "--report", "gitlab=-", "-o", "text")
    assert isinstance(json.loads(done.stdout), list)
    assert Path("a").read_bytes() == Path("b").read_bytes()
    assert Path("text").read_text().startswith("a.jsonl:1:")
    assert "Checked 1 record" in done.stderr


def test_a_report_on_standard_output_takes_the_place_of_the_text(checked: Callable[..., Result]) -> None:
    assert checked("--report", "rdjsonl=-").stdout == checked("--output-format", "rdjsonl").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--report", "json=-", "--report", "gitlab=-"], "only one report can go to standard output"),
        (["--report", "json=x", "--report", "gitlab=./x"], "2 reports would go to the same file"),
        (["--report", "json=x", "-o", "x"], "2 reports would go to the same file"),
        (["--report", "json=a.jsonl"], "a report would replace the data in"),
        (["--report", "jsn=x"], "did you mean 'json'?"),
        (["--report", "json=none/x"], "does not exist"),
        (["--report", "json=."], "it is a folder"),
    ],
)
def test_reports_that_cannot_be_written(checked: Callable[..., Result], arguments: list[str], said: str) -> None:
    before = Path("a.jsonl").read_bytes()
    done = checked(*arguments)
    assert (done.exit_code, said in done.stderr) == (2, True), done.stderr
    assert Path("a.jsonl").read_bytes() == before
    assert not Path("x").exists()


def test_devices_may_be_named_twice(checked: Callable[..., Result]) -> None:
    assert checked("--report", "json=/dev/null", "--report", "gitlab=/dev/null").exit_code == 1
