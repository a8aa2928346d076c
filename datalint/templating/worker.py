"""The process in which templates of strangers are rendered: little memory, little time, nothing to steal.

Reads lines of JSON from standard input and answers each with a line: first the template and its clock, then jobs.
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from datalint.templating.engine import Compiled
from datalint.templating.jobs import Answer, Job

MEMORY = 1 << 29  # bytes of address space
SECONDS = 0.5  # of processor time for one conversation
STRIKES = 3  # a template that takes too long so often is not asked again
_SLOW = Answer(error="the template takes too long", kind="limit")


class _Late(BaseException):
    """Time is up; no ``except`` of a template's filters may stop it."""


def main() -> None:
    """Answer until nobody asks any more."""
    _limit_memory()
    compiled: Compiled | None = None
    strikes = 0
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        if "source" in asked:
            compiled, said = _compile(asked)
            _tell(said)
            continue
        answers = []
        for job in asked["jobs"]:
            answer = _SLOW if compiled is None or strikes >= STRIKES else _render(compiled, Job(*job))
            strikes += answer == _SLOW
            answers.append(answer)
        _tell(answers)


def _compile(asked: Any) -> tuple[Compiled | None, Answer]:
    try:
        with _hurry():
            return Compiled(asked["source"], datetime.fromisoformat(asked["now"])), Answer()
    except _Late:
        return None, _SLOW
    except (RecursionError, MemoryError):
        return None, Answer(error="the template is nested too deeply", kind="limit")
    except Exception as error:
        if type(error).__module__.startswith("jinja2"):
            return None, Answer(error=str(error), kind="raise")
        raise


def _render(compiled: Compiled, job: Job) -> Answer:
    try:
        with _hurry():
            return compiled.render(job)
    except _Late:
        return _SLOW


def _tell(value: Any) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def _limit_memory() -> None:
    """Where the system can do it: Linux keeps the limit, macOS takes note of it only, Windows knows none."""
    try:
        import resource
    except ImportError:
        return
    for what in (resource.RLIMIT_AS, resource.RLIMIT_DATA):
        try:
            resource.setrlimit(what, (MEMORY, MEMORY))
        except (ValueError, OSError):
            continue
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


@contextmanager
def _hurry() -> Iterator[None]:
    if not hasattr(signal, "setitimer"):  # Windows: whoever asked waits only so long
        yield
        return
    signal.signal(signal.SIGPROF, _ring)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _ring(number: int, frame: Any) -> None:
    raise _Late


if __name__ == "__main__":
    main()
