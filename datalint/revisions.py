"""What git knows: revisions, their files, and which of these the working tree has as they were. Git is asked, never a
shell."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import regex

from datalint.errors import UsageError

_PLAIN = ("100644", "100755")  # modes of files that are no links
_APART = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
)  # hooks set these, and they hold for one folder only
_QUIET = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
_POINTER, _POINTER_BYTES = b"version https://git-lfs.github.com/", 1024  # how one begins, and how long it may be
_PARENT = regex.compile(r"[~^@:]")  # what follows is counted from a revision
_DEEPEN = (
    "this clone is shallow: `git fetch --unshallow` brings the rest, `git fetch --depth=1 origin {0}` this one; in GitHub "
    "Actions set `fetch-depth: 0` for actions/checkout, in GitLab `GIT_DEPTH: 0`"
)


@dataclass(frozen=True)
class Repository:
    """A git repository; ``top`` is the folder of its working tree."""

    top: str

    @classmethod
    def around(cls, folder: str) -> Repository:
        """The repository that ``folder`` is in. Raises UsageError."""
        done = _git(["rev-parse", "--show-toplevel"], folder)
        if done.returncode == 0:
            return cls(os.path.realpath(os.fsdecode(done.stdout.removesuffix(b"\n"))))
        said = _said(done)
        if "not a git repository" in said or "must be run in a work tree" in said:
            raise UsageError(f"{folder} is in no git repository, and only git knows what was there before")
        raise _trouble(done)

    def path(self, file: str) -> str | None:
        """The path of a file as git has it, None for one outside; links are followed."""
        whole = os.path.realpath(file)
        if os.path.commonpath([whole, self.top]) != self.top:
            return None
        return os.path.relpath(whole, self.top).replace(os.sep, "/")

    def tree(self, revision: str) -> str:
        """The id of all files of a revision: a commit, a branch, a tag, a tree. Raises UsageError."""
        return self._resolved(revision, "tree")

    def merge_base(self, ref: str) -> str:
        """The commit where HEAD and ``ref`` parted. Raises UsageError."""
        done = self._git("merge-base", self._resolved(ref, "commit"), self._resolved("HEAD", "commit"))
        if done.returncode == 0:
            return done.stdout.decode().strip()
        if done.returncode > 1:
            raise _trouble(done)
        hint = _DEEPEN.format(ref) if self._shallow() else "--new-from-rev compares with the revision itself"
        raise UsageError(f"no common ancestor of {ref} and HEAD is there", hint=hint)

    def short(self, revision: str) -> str:
        """A short name of a commit or tree."""
        done = self._git("rev-parse", "--short", revision)
        return done.stdout.decode().strip() if done.returncode == 0 else revision

    def files(self, tree: str) -> dict[str, str]:
        """The plain files of a tree: path -> id of what is in them."""
        found: dict[str, str] = {}
        for entry in self._asked("ls-tree", "-r", "-z", "--full-tree", tree).split(b"\0"):
            facts, _, path = entry.partition(b"\t")
            mode, _, rest = facts.decode().partition(" ")
            if mode in _PLAIN:
                found[os.fsdecode(path)] = rest.partition(" ")[2]
        return found

    def changed(self, tree: str) -> frozenset[str]:
        """The files of which the working tree does not have what the tree has; files git does not track are not named."""
        given = ["--no-ext-diff", "--no-textconv", "--no-renames", "--no-relative", "--ignore-submodules=all"]
        names = self._asked("diff", *given, "--name-only", "-z", tree, "--")
        return frozenset(os.fsdecode(name) for name in names.split(b"\0") if name)

    def fetch(self, blob: str, file: Path, called: str) -> None:
        """Write what is in a file of some revision, that of Git LFS for its pointers, to ``file``. ``called``: what to call
        it in messages. Raises UsageError where this clone does not have it."""
        with open(file, "wb") as out:
            done = subprocess.run(
                ["git", "cat-file", "blob", blob], stdout=out, stderr=subprocess.PIPE, cwd=self.top,
                env=_environment(), check=False,
            )  # fmt: skip
        if done.returncode:
            raise _trouble(done)
        if file.stat().st_size > _POINTER_BYTES or not (text := file.read_bytes()).startswith(_POINTER):
            return
        kept = self._large_file(text)
        if kept is None:
            hint = "`git lfs fetch origin REV` brings that of a revision"
            raise UsageError(f"{called} is a Git LFS pointer, and its data is not here", hint=hint)
        shutil.copyfile(kept, file)

    def _large_file(self, pointer: bytes) -> str | None:
        """Where this clone keeps what a Git LFS pointer stands for, None if it does not."""
        oid = next((line[11:] for line in pointer.split(b"\n") if line.startswith(b"oid sha256:")), b"").decode()
        common = os.fsdecode(self._asked("rev-parse", "--git-common-dir").removesuffix(b"\n"))
        kept = os.path.join(self.top, common, "lfs", "objects", oid[:2], oid[2:4], oid)
        return kept if oid.isalnum() and os.path.isfile(kept) else None

    def _resolved(self, revision: str, kind: str) -> str:
        if not revision.strip() or revision.startswith("-"):
            raise UsageError(f"{revision!r} is no revision")
        done = self._git("rev-parse", "--verify", "--quiet", f"{revision}^{{{kind}}}")
        if done.returncode:
            raise UsageError(f"git knows no revision {revision!r}", hint=self._hint(revision))
        return done.stdout.decode().strip()

    def _hint(self, revision: str) -> str:
        names = self._asked("for-each-ref", "--format=%(refname:short)").decode(errors="replace").split()
        base = next(iter(_PARENT.split(revision)))
        if same := [name for name in names if name.endswith(f"/{base}") and base not in ("HEAD", *names)]:
            return f"did you mean {same[0]!r}?"
        if self._shallow():
            return _DEEPEN.format(revision)
        if self._git("rev-parse", "--verify", "--quiet", "HEAD").returncode:
            return "the repository has no commit yet"
        if near := get_close_matches(base, {"HEAD", *names} - {base}, n=1, cutoff=0.75):
            return f"did you mean {near[0]!r}?"
        return (
            f"`git fetch origin {base}` if it is elsewhere" if base == revision else f"{base} does not go so far back"
        )

    def _shallow(self) -> bool:
        return self._git("rev-parse", "--is-shallow-repository").stdout.strip() == b"true"

    def _asked(self, *command: str) -> bytes:
        done = self._git(*command)
        if done.returncode:
            raise _trouble(done)
        return done.stdout

    def _git(self, *command: str) -> subprocess.CompletedProcess[bytes]:
        return _git(command, self.top)


def _git(command: Sequence[str], folder: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", *command], capture_output=True, cwd=folder, env=_environment(), check=False)
    except FileNotFoundError as error:
        raise UsageError("git is not installed, and only git knows what an older revision holds") from error


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in _APART} | _QUIET


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    return done.stderr.decode(errors="replace").strip()


def _trouble(done: subprocess.CompletedProcess[bytes]) -> UsageError:
    first, _, rest = _said(done).partition("\n")
    hint = " ".join(line.strip() for line in rest.split("\n") if line.strip())
    return UsageError(f"git says: {first.removeprefix('fatal: ') or 'nothing'}", hint=hint)
