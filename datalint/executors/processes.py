"""On worker processes: byte ranges go out, packed findings and states come back."""

from __future__ import annotations

import gc
import multiprocessing
import signal
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.pool import Pool

from datalint.readers import Shard
from datalint.scan import Scan, Worker

NAME = "processes"
_worker: Worker | None = None


def run(make: Callable[[], Worker], shards: Iterable[Shard], jobs: int) -> Iterator[Scan]:
    """Scans in the order of ``shards``. Workers are spawned: no state is inherited, and it works the same everywhere."""
    context = multiprocessing.get_context("spawn")
    pool = context.Pool(jobs, _start, (make,))
    try:
        yield from _ordered(pool, shards, jobs)
        pool.close()
    except BaseException:
        pool.terminate()
        raise
    finally:
        pool.join()


def _ordered(pool: Pool, shards: Iterable[Shard], jobs: int) -> Iterator[Scan]:
    """Results in order, with only a few shards under way, so that neither queue grows with the data."""
    waiting = []
    for shard in shards:
        waiting.append(pool.apply_async(_scan, (shard,)))
        if len(waiting) > 2 * jobs + 1:
            yield waiting.pop(0).get()
    for result in waiting:
        yield result.get()


def _start(make: Callable[[], Worker]) -> None:
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    gc.disable()
    _worker = make()
    gc.freeze()


def _scan(shard: Shard) -> Scan:
    if _worker is None:
        raise RuntimeError("this process was not started as a worker")
    return _worker.scan(shard)
