"""In this process, one shard after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from datalint.readers import Shard
from datalint.scan import Scan, Worker

NAME = "serial"


def run(make: Callable[[], Worker], shards: Iterable[Shard], jobs: int) -> Iterator[Scan]:
    """It is ``map``."""
    return map(make().scan, shards)
