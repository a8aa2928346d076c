"""Renders templates of strangers in a process of their own, which is ended when it does not answer."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from datalint.templating.jobs import Answer, Job

COMMAND: tuple[str, ...] = ("-m", "datalint.templating.worker")
STRIKES = 3  # conversations that end the process, after which it is not started any more
PATIENCE = 10.0  # seconds by the clock to wait for an answer that takes one at most
_CRASHED = Answer(error="the template takes too much memory or time: its process was ended", kind="limit")


class Isolated:
    """One template in its process. Rendering never raises: a template that ends its process gives an error instead."""

    def __init__(self, source: str, now: datetime) -> None:
        self._hello = {"source": source, "now": now.isoformat()}
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._failed = 0
        atexit.register(self.close)

    def mistake(self) -> str:
        """What is wrong with the template itself, "" if nothing is."""
        self._start()
        return self._mistake

    def render(self, jobs: Sequence[Job]) -> list[Answer]:
        """The text of each conversation, or why there is none."""
        if not jobs:
            return []
        if self._failed >= STRIKES:
            return [_CRASHED] * len(jobs)
        self._start()
        if self._mistake:
            return [Answer(error=self._mistake, kind="raise")] * len(jobs)
        said = self._ask({"jobs": jobs}, PATIENCE + 0.01 * len(jobs))
        if said is not None:
            return [Answer(a[0], tuple((s, e) for s, e in a[1]), a[2], a[3]) for a in said]
        if len(jobs) == 1:
            self._failed += 1
            return [_CRASHED]
        middle = len(jobs) // 2
        return self.render(jobs[:middle]) + self.render(jobs[middle:])

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None and self._owner == os.getpid():
            process.kill()
            process.communicate()

    def _start(self) -> None:
        if self._process is not None and self._owner == os.getpid():
            return
        self._owner = os.getpid()  # a fork has no process of its own yet
        self._process = subprocess.Popen(
            [sys.executable, *COMMAND],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, close_fds=True,
            env=environment(),
        )  # fmt: skip
        said = self._ask(self._hello, PATIENCE)
        self._mistake = _CRASHED.error if said is None else str(said[2])

    def _ask(self, question: Any, patience: float) -> Any:
        """The answer, None where none comes in time. Whatever interrupts it ends the process: half an answer is none."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            return None
        timer = threading.Timer(patience, process.kill)
        timer.start()
        try:
            process.stdin.write(json.dumps(question).encode() + b"\n")
            process.stdin.flush()
            line = process.stdout.readline()
            said = json.loads(line) if line.endswith(b"\n") else None
        except (BrokenPipeError, ConnectionResetError):
            said = None
        except BaseException:
            self.close()
            raise
        finally:
            timer.cancel()
        if said is None:
            self.close()
        return said


def environment() -> dict[str, str]:
    """What of the environment the process is told: where Python is, and nothing that may be secret."""
    return {name: value for name, value in os.environ.items() if name in _HARMLESS}


_HARMLESS = ("PATH", "PYTHONPATH", "PYTHONHOME", "SYSTEMROOT", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV")
