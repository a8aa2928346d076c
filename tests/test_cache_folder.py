"""Files that are right or not there, and taking them away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from datalint import cache_folder
from datalint.cli import main

WRITER = """
import sys
from pathlib import Path
from datalint import cache_folder
while True:
    for n in range(50):
        cache_folder.write(Path(sys.argv[1]) / f"{n:032x}", bytes([n]) * (1 << 18))
"""


def test_what_is_written_is_read(tmp_path: Path) -> None:
    cache_folder.write(tmp_path / "a", b"body")
    assert cache_folder.read(tmp_path / "a") == b"body"
    assert cache_folder.read(tmp_path / "b") is None


def test_killed_and_parallel_writers_leave_whole_files_only(tmp_path: Path) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)]) for _ in range(2)]
    until = time.monotonic() + 20
    while time.monotonic() < until and len(list(tmp_path.glob("0*"))) < 10:
        time.sleep(0.01)
    for writer in writers:
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    found = [path for path in tmp_path.iterdir() if not path.name.endswith(cache_folder.LEFT)]
    assert len(found) >= 10
    for path in found:
        assert cache_folder.read(path) == bytes([int(path.name, 16)]) * (1 << 18)


def test_a_file_that_could_not_be_written_is_taken_away(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(OSError):
        cache_folder.write(tmp_path / "a", b"body")
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def filled(root: Path) -> None:
    """A folder with what datalint keeps, and with what it does not know."""
    cache_folder.make(root / "scans")
    (root / "scans" / ("ab" * 16)).mkdir()
    cache_folder.write(root / "scans" / ("ab" * 16) / ("cd" * 16 + "z"), b"entry")
    (root / "scans/lung.png").write_bytes(b"mine")
    (root / "scans/more").mkdir()
    (root / "scans/more" / ("cd" * 16)).write_bytes(b"mine as well")
    (root / "triggers").mkdir()
    cache_folder.write(root / "triggers" / ("ef" * 16), b"database")


def test_clean_removes_what_datalint_wrote_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATALINT_CACHE_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    filled(tmp_path)
    done = CliRunner().invoke(main, ["clean", "--isolated"])
    assert done.exit_code == 0
    assert done.output == f"Removed 3 files, 0.0 MB: {tmp_path}\n"
    left = sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file())
    assert left == ["scans/lung.png", f"scans/more/{'cd' * 16}"]
    done = CliRunner().invoke(main, ["clean", "--isolated"])
    assert done.output == f"There is nothing to remove: {tmp_path}\n"


def test_clean_knows_the_folder_of_the_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATALINT_CACHE_DIR", str(tmp_path / "usual"))
    monkeypatch.delenv("DATALINT_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "datalint.toml").write_text('cache-dir = "kept"\n')
    filled(tmp_path / "kept")
    done = CliRunner().invoke(main, ["clean"])
    assert done.exit_code == 0, done.output
    assert f"There is nothing to remove: {tmp_path / 'datalint'}\n" in done.output
    assert f"Removed 3 files, 0.0 MB: {tmp_path / 'kept'}\n" in done.output


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="may do anything")
def test_clean_says_what_it_cannot_remove(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATALINT_CACHE_DIR", str(tmp_path))
    filled(tmp_path)
    (tmp_path / "triggers").chmod(0o500)
    done = CliRunner().invoke(main, ["clean", "--isolated"])
    assert done.exit_code == 2
    assert "cannot remove" in done.output
