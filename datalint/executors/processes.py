"""On worker processes: byte ranges go out, packed findings and states come back."""

from __future__ import annotations

import gc
import multiprocessing
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.pool import AsyncResult, MaybeEncodingError, Pool

from datalint.errors import RuleError
from datalint.readers import Shard
from datalint.scan import Scan, Worker

NAME = "processes"
_worker: Worker | None = None


def run(make: Callable[[], Worker], shards: Iterable[Shard], jobs: int) -> Iterator[Scan]:
    """Scans in the order of ``shards``."""
    global _worker
    method = start_method()
    if method == "fork":
        _worker = make()  # made once, inherited by every worker
    pool = multiprocessing.get_context(method).Pool(jobs, _start, (make,))
    try:
        yield from _ordered(pool, shards, jobs)
        pool.close()
    except MaybeEncodingError as error:
        raise RuleError(
            f"a dataset rule keeps what cannot go from process to process: {error.exc}",
            hint="states are made of plain values; `--jobs 1` runs the rule as it is",
        ) from error
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
    waiting: list[AsyncResult[Scan]] = []
    for shard in shards:
        waiting.append(pool.apply_async(_scan, (shard,)))
        if len(waiting) > 2 * jobs + 1:
            yield waiting.pop(0).get()
    for result in waiting:
        yield result.get()


def _start(make: Callable[[], Worker]) -> None:
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    sys.stdout = sys.stderr  # whatever a rule prints, standard output is the report's
    gc.disable()
    if _worker is None:
        _worker = make()
    gc.freeze()


def _scan(shard: Shard) -> Scan:
    if _worker is None:
        raise RuntimeError("this process was not started as a worker")
    return _worker.scan(shard)
