"""Files that are fixed when something is in the way: nothing is lost, and what could not be done is said."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from fixes import DELETE, THREE, of, run, upper

from datalint import fixing, fixing_files
from datalint.errors import FixError
from datalint.fixing import Chosen, rewrite, stamp


def test_a_changed_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    path.write_bytes(THREE)
    read = stamp(path)
    path.write_bytes(THREE + b"{}\n")
    with pytest.raises(FixError, match=r"d\.jsonl changed since it was read; nothing was written"):
        rewrite(path, [of(0, THREE, upper())], expected=read)
    assert path.read_bytes() == THREE + b"{}\n"


def test_a_file_that_changes_meanwhile_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "d.jsonl"
    synced = fixing_files.sync

    def sync_late(file: Any) -> None:
        synced(file)
        path.write_bytes(b"{}\n")

    monkeypatch.setattr(fixing_files, "sync", sync_late)
    with pytest.raises(FixError, match="changed since it was read"):
        run(path, THREE, [of(0, THREE, upper())])
    assert path.read_bytes() == b"{}\n"
    assert [p.name for p in tmp_path.iterdir()] == ["d.jsonl"]


def test_a_link_stays_and_leads_to_the_fixed_file(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target, link = tmp_path / "real" / "d.jsonl", tmp_path / "link.jsonl"
    target.write_bytes(THREE)
    link.symlink_to(target)
    rewrite(link, [of(0, THREE, upper())], expected=stamp(link))
    assert link.is_symlink()
    assert target.read_bytes() == THREE.replace(b'"a"', b'"X"')


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664, 0o755])
def test_the_mode_stays(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "d.jsonl"
    path.write_bytes(THREE)
    path.chmod(mode)
    rewrite(path, [of(0, THREE, upper())], expected=stamp(path))
    assert path.stat().st_mode & 0o777 == mode
    assert path.read_bytes() != THREE


def test_long_names_fit(tmp_path: Path) -> None:
    path = tmp_path / ("é" * 120 + ".jsonl")
    assert run(path, THREE, [of(0, THREE, upper())]).changed


@pytest.mark.parametrize("name", ["d.jsonl.gz", "d.jsonl.zst", "d.jsonl.XZ"])
def test_compressed_files_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(FixError, match="is compressed"):
        run(tmp_path / name, THREE, [])


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    nothing = fixing.Stamp(0, 0, 0)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path, why in ((pipe, "not a regular file"), (tmp_path, "not a regular file"), (tmp_path / "-", "No such file")):
        with pytest.raises(FixError, match=why):
            rewrite(path, [], expected=nothing)


def test_read_only_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    with pytest.raises(FixError, match="read-only; nothing was written"):
        run(tmp_path / "d.jsonl", THREE, [of(0, THREE, upper())])
    assert run(tmp_path / "d.jsonl", THREE, [of(0, THREE, upper())], dry=True).diff


def test_unreadable_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.R_OK)
    with pytest.raises(FixError, match="may not be read"):
        run(tmp_path / "d.jsonl", THREE, [])


def test_a_source_is_no_quarantine(tmp_path: Path) -> None:
    with pytest.raises(FixError, match="its own quarantine"):
        run(tmp_path / "d.jsonl", THREE, [of(0, THREE, DELETE)], quarantine=tmp_path / "d.jsonl")


def test_unknown_changes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FixError, match="strip-tabs: no change of a whole file"):
        run(tmp_path / "d.jsonl", THREE, [], whole_file=frozenset({"strip-tabs"}))


@pytest.mark.parametrize("moved", [-1, 1])
def test_references_that_do_not_fit_are_refused(tmp_path: Path, moved: int) -> None:
    one = of(0, THREE, upper())
    wrong = Chosen(one.ref._replace(length=one.ref.length + moved), one.code, one.fix)
    with pytest.raises(FixError, match="not where it was found"):
        run(tmp_path / "d.jsonl", THREE, [wrong])
    with pytest.raises(FixError, match="not where it was found"):
        run(tmp_path / "d.jsonl", THREE, [of(1, THREE, upper()), one])
    assert (tmp_path / "d.jsonl").read_bytes() == THREE


def fail(code: int) -> Any:
    def failing(*_: Any, **__: Any) -> Any:
        raise OSError(code, os.strerror(code))

    return failing


@pytest.mark.parametrize(
    ("function", "code"),
    [
        ("tempfile.mkstemp", errno.EACCES),
        ("tempfile.mkstemp", errno.EROFS),
        ("datalint.fixing_files.sync", errno.ENOSPC),
        ("os.fsync", errno.EIO),
        ("os.replace", errno.EPERM),
    ],
)
def test_a_failing_disk_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str, code: int
) -> None:
    path, quarantine = tmp_path / "d.jsonl", tmp_path / "q.jsonl"
    quarantine.write_bytes(b"{}\n")
    monkeypatch.setattr(function, fail(code))
    with pytest.raises(FixError, match=os.strerror(code)) as caught:
        run(path, THREE, [of(0, THREE, DELETE)], quarantine=quarantine)
    assert caught.value.exit_code == 3
    assert THREE[:10] in path.read_bytes() + quarantine.read_bytes()
    assert path.read_bytes() == THREE
    assert sorted(p.name for p in tmp_path.iterdir()) == ["d.jsonl", "q.jsonl"]


def test_a_full_disk_while_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "d.jsonl"
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    real = os.fdopen

    def full(handle: int, mode: str) -> Any:
        os.close(handle)
        return real(os.open("/dev/full", os.O_WRONLY), mode)

    monkeypatch.setattr(os, "fdopen", full)
    with pytest.raises(FixError, match="No space left"):
        run(path, THREE, [of(0, THREE, upper())])
    assert path.read_bytes() == THREE
    assert [p.name for p in tmp_path.iterdir()] == ["d.jsonl"]


def test_a_full_disk_cuts_the_quarantine_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, quarantine = tmp_path / "d.jsonl", tmp_path / "q.jsonl"
    quarantine.write_bytes(b"{}\n")
    synced = fixing_files.sync

    def sync_source_only(file: Any) -> None:
        synced(file)
        if file.name == str(quarantine):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(fixing_files, "sync", sync_source_only)
    with pytest.raises(FixError, match=r"deleted records could not be kept in .*: No space left"):
        run(path, THREE, [of(0, THREE, DELETE)], quarantine=quarantine)
    assert (path.read_bytes(), quarantine.read_bytes()) == (THREE, b"{}\n")


def test_deleted_records_are_kept_before_the_file_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, quarantine = tmp_path / "d.jsonl", tmp_path / "q.jsonl"
    seen: list[tuple[bytes, bytes]] = []
    put = fixing_files.put_in_place

    def watch(new: Path, target: Path) -> None:
        assert new.name.startswith(".d.jsonl.datalint-")
        assert new.suffix == ".tmp"
        seen.append((quarantine.read_bytes(), target.read_bytes()))
        put(new, target)

    monkeypatch.setattr(fixing_files, "put_in_place", watch)
    run(path, THREE, [of(0, THREE, DELETE)], quarantine=quarantine)
    assert seen == [(b'{"t": "a"}\n', THREE)]


def test_an_interrupt_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "d.jsonl", THREE, [of(0, THREE, upper())])
    assert (tmp_path / "d.jsonl").read_bytes() == THREE
    assert [p.name for p in tmp_path.iterdir()] == ["d.jsonl"]
