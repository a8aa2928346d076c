"""Where reports go: standard output and files. Nothing else of the commands prints findings."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TextIO

import click

from datalint.config import Settings, placed
from datalint.errors import DatalintError, UsageError
from datalint.fixing_files import mode_of_new_files
from datalint.outcome import Outcome
from datalint.report import Report
from datalint.reporters import Reporter, names, reporter
from datalint.terminal import Look, count, duration, visible, wants_color
from datalint.verdict import closing, from_plugins, not_checked

CHUNK = 1 << 16  # characters written at once
WIDEST = 160
TRACES = 5  # tracebacks of rules that --verbose shows
PLAIN_WIDTH = 100


@dataclass(frozen=True)
class Outlets:
    """The reports that were asked for: the one to show, and those that go to files."""

    shown: Reporter
    files: tuple[tuple[Reporter, Path], ...]
    to_file: bool


def outlets(settings: Settings) -> Outlets:
    """What to write where. Raises before any work is done for a format that there is not, or a file that cannot be."""
    with placed(settings, "output-format"):
        shown = _chosen(settings, "statistics" if settings.statistics else settings.output_format)
    with placed(settings, "reports"):
        wanted = [(_chosen(settings, name), path) for name, paths in settings.reports.items() for path in paths]
    files = [(made, path) for made, path in wanted if path.name != "-"]
    to_file = settings.output_file is not None and settings.output_file.name != "-"
    if settings.output_file is not None and to_file:
        files.append((shown, settings.output_file))
    if streamed := [made for made, path in wanted if path.name == "-"]:
        if len(streamed) > 1:
            raise UsageError("only one report can go to standard output", hint="give the others a file")
        shown, to_file = streamed[0], False
    _writable([path for _, path in files])
    return Outlets(shown, tuple(files), to_file)


def _writable(paths: Sequence[Path]) -> None:
    """Raise for a report that could not be written, or that another one would replace."""
    for path in paths:
        if hint := _hint(path):
            raise DatalintError(f"cannot write {path}", hint=hint)
    for name, times in Counter(os.path.realpath(path) for path in paths).items():
        if times > 1 and _is_plain(Path(name)):
            raise UsageError(f"{times} reports would go to the same file", place=name)


def tell(outcome: Outcome, settings: Settings, out: Outlets, made: type[Report] = Report) -> int:
    """Write every report that was asked for; gives the exit code."""
    data = {os.path.realpath(settings.cwd / path) for path in outcome.paths}
    for _, path in out.files:
        if os.path.realpath(path) in data:
            raise UsageError(f"a report would replace the data in {path}")
    for wanted, path in out.files:
        write_file(path, wanted.render(made(outcome, settings, redact=redacts(settings, None))))
    report = made(outcome, settings, look(sys.stdout, settings), redact=redacts(settings, sys.stdout))
    if not settings.silent:
        _say(report, out.shown, to_file=out.to_file)
    return report.exit_code


def _say(report: Report, chosen: Reporter, *, to_file: bool) -> None:
    """What goes to the terminal: the report or the diff, and on standard error what is no part of it."""
    settings = report.settings
    aside = type(report)(report.outcome, settings, look(sys.stderr, settings), redact=redacts(settings, sys.stderr))
    _to_stderr(f"note: {visible(note, aside.look)}\n" for note in report.outcome.trouble)
    if settings.verbose:
        _to_stderr(_details(aside))
    machine = chosen.MACHINE or (settings.statistics and settings.output_format in ("json", "jsonl"))
    if settings.diff and (to_file or not machine):
        write(_diffs(report), sys.stdout)
        if not to_file:
            _to_stderr(chosen.render(aside))
            return
    elif not to_file:
        write(chosen.render(report), sys.stdout, "utf-8" if machine else "")
    if settings.quiet:
        _to_stderr(line + "\n" for line in not_checked(aside, notes=False))
    elif machine or to_file:
        _to_stderr(closing(aside, shown=False))


def look(stream: TextIO, settings: Settings) -> Look:
    """What ``stream`` can show."""
    tty = stream.isatty()
    width = min(WIDEST, max(40, shutil.get_terminal_size((PLAIN_WIDTH, 24)).columns)) if tty else PLAIN_WIDTH
    return Look(wants_color(settings.color, tty, os.environ), getattr(stream, "encoding", None) or "utf-8", width)


def redacts(settings: Settings, stream: TextIO | None) -> bool:
    """Whether to mask: always, but on a terminal or with leave from the environment the user may have it otherwise."""
    allowed = os.environ.get("DATALINT_ALLOW_UNREDACTED") == "1" or (stream is not None and stream.isatty())
    return settings.redact or not allowed


def _chosen(settings: Settings, name: str) -> Reporter:
    """The reporter called ``name``, from a plugin if it is none of ours."""
    if name in names():
        return reporter(name)
    from datalint import plugins

    return reporter(name, plugins.load(settings).reporters)


def _details(report: Report) -> Iterator[str]:
    """What ``--verbose`` adds: the config, the rules, the shapes found, and with ``-vv`` what took how long."""
    settings, outcome, stats = report.settings, report.outcome, report.stats
    yield f"config: {settings.config_path or 'none'}\n"
    yield f"rules: {len(outcome.rules_run)} of {len(outcome.cards)}\n"
    shapes = ", ".join(f"{name} {number:,}" for name, number in stats.shapes.most_common())
    yield f"formats: {visible(shapes, report.look) or 'none'}\n"
    yield from (line + "\n" for line in from_plugins(report, "datalint_report_header", settings=settings))
    if not settings.redact and report.redact:
        yield "--no-redact needs a terminal, or DATALINT_ALLOW_UNREDACTED=1\n"
    for trace, times in Counter(outcome.traces).most_common(TRACES):
        yield "".join(visible(line, report.look) + "\n" for line in report.masked(trace).splitlines())
        yield f"(raised {count(times, 'time')})\n" if times > 1 else ""
    if settings.verbose > 1:
        for code, seconds in sorted(stats.seconds_by_rule.items(), key=lambda item: -item[1])[:20]:
            yield f"  {duration(seconds):>9}  {code}  {report.card(code).name}\n"


def _diffs(report: Report) -> Iterator[str]:
    for diff in report.diffs():
        for line in diff.removesuffix("\n").split("\n"):
            shown = visible(line, report.look)
            color = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
            yield (report.look.paint(shown, fg=color) if color else shown) + "\n"


def files(settings: Settings) -> int:
    """List the files that would be checked."""
    from datalint import sources

    found = sources.find(settings)
    write((f"{visible(path, look(sys.stdout, settings))}\n" for path in found.paths), sys.stdout)
    return 0


def collected(settings: Settings) -> int:
    """List the rules and files that would be used."""
    from datalint import plugins, sources

    found = sources.find(settings)
    registry = plugins.load(settings).registry
    policies = list(dict.fromkeys(settings.policy_for(Path(path)) for path in found.paths))
    codes = {code for policy in policies or [settings.policy_for(Path())] for code in registry.select(policy).codes}
    shown = look(sys.stdout, settings)
    lines = [f"{card.code}  {card.name}" for card in registry.cards if card.code in codes]
    lines += ["", *(visible(path, shown) for path in found.paths)]
    lines += ["", f"{count(len(codes), 'rule')}, {count(len(found.paths), 'file')}."]
    write((line + "\n" for line in lines), sys.stdout)
    return 0


# ---- writing ----


def write(pieces: Iterable[str], stream: TextIO, encoding: str = "") -> None:
    """Write pieces of text to a standard stream, in its own encoding unless told; what it cannot show is spelled out."""
    buffer: Any = getattr(stream, "buffer", None)
    encoding = encoding or getattr(stream, "encoding", None) or "utf-8"
    stream.flush()
    try:
        for text in _chunks(pieces):
            if buffer is None:
                stream.write(text)
            else:
                buffer.write(text.encode(encoding, "backslashreplace"))
        stream.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise DatalintError(f"cannot write the report: {error.strerror}") from error


def write_file(path: Path, pieces: Iterable[str]) -> None:
    """Write a file whole or not at all. Devices, pipes and links are written through, never replaced."""
    try:
        if _is_plain(path):
            _replace(path, pieces)
        else:
            with open(path, "wb") as f:
                _pour(pieces, f)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise DatalintError(f"cannot write {path}: {error.strerror}", hint=_hint(path)) from error


def _is_plain(path: Path) -> bool:
    """Whether ``path`` is a regular file of one name, or is still to be made."""
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return True
    return stat.S_ISREG(found.st_mode) and found.st_nlink == 1 and os.access(path.parent, os.W_OK)


def _replace(path: Path, pieces: Iterable[str]) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as f:
            _pour(pieces, f)
        Path(name).chmod(_mode(path))
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def _mode(path: Path) -> int:
    """The permissions of the file as it is, else those of a new file."""
    with suppress(OSError):
        return stat.S_IMODE(os.stat(path).st_mode)
    return mode_of_new_files()


def _pour(pieces: Iterable[str], f: IO[bytes]) -> None:
    for text in _chunks(pieces):
        f.write(text.encode("utf-8", "backslashreplace"))


def _chunks(pieces: Iterable[str]) -> Iterator[str]:
    """The same text in fewer, larger pieces."""
    kept: list[str] = []
    size = 0
    for piece in pieces:
        kept.append(piece)
        size += len(piece)
        if size >= CHUNK:
            yield "".join(kept)
            kept, size = [], 0
    yield "".join(kept)


def _hint(path: Path) -> str:
    if path.is_dir():
        return "it is a folder"
    return f"the folder {path.parent} does not exist" if not path.parent.exists() else ""


def _to_stderr(lines: Iterable[str]) -> None:
    text = "".join(lines)
    if text:
        click.echo(text, err=True, nl=False, color=True)
