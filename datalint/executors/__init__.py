"""Executors: a ``map`` over shards. The report is the same whichever runs it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from datalint.readers import Shard
from datalint.scan import Scan, Worker


class Executor(Protocol):
    """Runs ``worker.scan`` over shards, in their order. A module with ``NAME`` and ``run`` is one."""

    NAME: str

    def run(self, make: Callable[[], Worker], shards: Iterable[Shard], jobs: int) -> Iterator[Scan]:
        """The scan of each shard, in order. ``make`` is a picklable recipe that builds a worker in any process."""
