"""Executors: a ``map`` over shards. The report is the same whichever runs it."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Protocol, cast

from datalint.readers import Shard
from datalint.scan import Scan, Worker

BUILTIN = ("serial", "processes")


class Executor(Protocol):
    """Runs ``worker.scan`` over shards, in their order. A module with ``NAME`` and ``run`` is one."""

    NAME: str

    def run(self, make: Callable[[], Worker], shards: Iterable[Shard], jobs: int) -> Iterator[Scan]:
        """The scan of each shard, in order. ``make`` is a picklable recipe that builds a worker in any process."""


def builtin(name: str) -> Executor:
    """The executor of ours with this name; what only the other one needs is not imported."""
    made: Executor = cast(Executor, import_module(f"{__name__}.{name}"))
    return made


# glibc's mallopt: size from which memory comes from the kernel one piece at a time, and how much freed memory is kept.
_MMAP_THRESHOLD, _TRIM_THRESHOLD, _TOP_PAD = -3, -1, -2


def swept(worker: Worker, shard: Shard) -> Scan:
    """The scan of a shard, and after it the cycles collected that parsers of rules leave behind. Batches themselves hold
    none, and walking them all the time would cost a third of it: call this with the garbage collector off."""
    scan = worker.scan(shard)
    gc.collect()
    return scan


def keep_freed_memory() -> None:
    """Let the process keep some 64 MB of freed memory, where the allocator is glibc's.

    It would hand the memory of each batch back to the kernel and have it zeroed again for the next: with rules that work
    on columns of numbers that takes half of their time.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for what, size in ((_MMAP_THRESHOLD, 32 << 20), (_TRIM_THRESHOLD, 64 << 20), (_TOP_PAD, 16 << 20)):
            mallopt(what, size)
