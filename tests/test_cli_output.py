"""Files that reports are written to: replaced whole, or written through."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from datalint.cli import _output


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
