"""In this process, one shard after the other."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator

from datalint.executors import keep_freed_memory, swept
from datalint.readers import Shard
from datalint.scan import Scan, Worker

NAME = "serial"


def run(make: Callable[[], Worker], shards: Iterable[Shard], jobs: int) -> Iterator[Scan]:
    """It is ``map``, with the garbage collector at rest within a shard."""
    keep_freed_memory()
    worker = make()
    collecting = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        for shard in shards:
            yield swept(worker, shard)
    finally:
        gc.unfreeze()
        if collecting:
            gc.enable()
