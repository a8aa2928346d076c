"""On worker processes: byte ranges go out, packed findings and states come back."""

from __future__ import annotations

import gc
import multiprocessing
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.pool import AsyncResult, MaybeEncodingError, Pool  # type: ignore[attr-defined]

from datalint.errors import DatalintError, RuleError
from datalint.executors import keep_freed_memory, swept
from datalint.readers import Shard
from datalint.scan import Scan, Worker

NAME = "processes"
_worker: Worker | None = None


class WorkerLost(DatalintError):
    """A worker was killed from outside."""

    exit_code = 3


def run(make: Callable[[], Worker], shards: Iterable[Shard], jobs: int) -> Iterator[Scan]:
    """Scans in the order of ``shards``."""
    global _worker
    keep_freed_memory()  # also for what dataset rules do in the end, here
    method = start_method()
    if method == "fork":
        _worker = make()  # made once, inherited by every worker
    pool = multiprocessing.get_context(method).Pool(jobs, _start, (make,))
    try:
        yield from _ordered(pool, shards, jobs)
        pool.close()
    except BaseException:
        pool.terminate()
        raise
    finally:
        pool.join()
        _worker = None


def start_method() -> str:
    """Forking starts in milliseconds, and is safe on Linux while this process has a single thread; else spawn."""
    alone = threading.active_count() == 1
    return "fork" if sys.platform == "linux" and alone else "spawn"


def _ordered(pool: Pool, shards: Iterable[Shard], jobs: int) -> Iterator[Scan]:
    """Results in order, with only a few shards under way, so that neither queue grows with the data."""
    workers = {child.pid for child in multiprocessing.active_children()}
    waiting: list[AsyncResult[Scan]] = []
    for shard in shards:
        waiting.append(pool.apply_async(_scan, (shard,)))
        if len(waiting) > 2 * jobs + 1:
            yield _result(waiting.pop(0), workers)
    for result in waiting:
        yield _result(result, workers)


def _result(result: AsyncResult[Scan], workers: set[int | None]) -> Scan:
    """A result when it is there. A pool would wait for ever for what a killed worker was to bring."""
    while not result.ready():
        result.wait(1.0)
        if not result.ready() and not workers <= {child.pid for child in multiprocessing.active_children()}:
            raise WorkerLost(
                "a worker process was killed, and what it was to check is not checked",
                hint="where memory ran out, fewer `--jobs` need less",
            )
    try:
        return result.get()
    except MaybeEncodingError as error:
        raise RuleError(
            f"a dataset rule keeps what cannot go from process to process: {error.exc}",
            hint="states are made of plain values; `--jobs 1` runs the rule as it is",
        ) from error


def _start(make: Callable[[], Worker]) -> None:
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    sys.stdout = sys.stderr  # whatever a rule prints, standard output is the report's
    keep_freed_memory()
    gc.disable()
    if _worker is None:
        _worker = make()
    gc.freeze()


def _scan(shard: Shard) -> Scan:
    if _worker is None:
        raise RuntimeError("this process was not started as a worker")
    return swept(_worker, shard)
