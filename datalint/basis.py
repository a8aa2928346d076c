"""What a scan depends on besides the data, as a digest: code, installed packages, rules with their options, settings."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cached_property
from pathlib import Path
from typing import Any

import datalint
from datalint.beside import Splits
from datalint.cache_folder import digest
from datalint.config import KEYS, Policy, Settings
from datalint.plugins import BUILTIN, Plugins
from datalint.readers import Source
from datalint.scan import Crew

VERSION = b"1"  # of what is kept and how; another one starts afresh
_WHOLE = 1 << 20  # bytes: of larger files beside the code only size and time are looked at
_SELECTING = (
    "select", "ignore", "extend_select", "extend_ignore", "never", "keyword", "preview", "scopes", "severity", "rules",
    "config",
)  # fmt: skip  # of a policy: what comes of them is known
_BESIDE = (
    "required-version extend per-file-ignores overrides fix unsafe-fixes fix-only show-fixes diff fixable unfixable",
    "extend-safe-fixes extend-unsafe-fixes quarantine exit-non-zero-on-fix output-format output-file reports statistics",
    "max-per-rule show-files show-suppressed redact color progress quiet silent verbose fail-level exit-zero max-warnings",
    "maxfail gates include exclude extend-exclude force-exclude respect-gitignore stdin-filename jobs executor cache",
    "cache-dir rule-paths required-plugins plugins-off plugins-on splits baseline ignore-file add-ignore",
)  # keys that change what is done with findings, or that are known by what comes of them
_PACKAGES = (".dist-info", ".egg-info")


class Basis:
    """The digests of one run. The code is read when the first of them is asked for."""

    def __init__(self, settings: Settings, loaded: Plugins, splits: Splits) -> None:
        self._settings = settings
        self._loaded = loaded
        self._splits = splits
        self._by_crew: dict[int, bytes] = {}

    def of(self, source: Source, policy: Policy, crew: Crew) -> bytes:
        """What the scans of one source depend on."""
        if crew.number not in self._by_crew:
            self._by_crew[crew.number] = self._of_crew(policy, crew)
        split, kinds = self._splits.of(source.number), self._splits.kinds()
        path = source.display if self._has_guests else ""  # rules of others may ask what it is called
        return digest(self._shared, self._by_crew[crew.number], _told((source.facts, repr(split), kinds, path)))

    def _of_crew(self, policy: Policy, crew: Crew) -> bytes:
        options = self._loaded.registry.select(policy).options
        rules = [(r.card.code, options[r.card.code], crew.severities[r.card.code]) for r in crew.rules]
        more = {f.name: getattr(policy, f.name) for f in fields(policy) if f.name not in _SELECTING}
        more["wheres"] = [(where.where, where.ignore) for where in policy.wheres]
        named = _named((options, more), self._settings)
        return digest(_told((rules, crew.odd, more)), *(part for path in named for part in _files(path)))

    @cached_property
    def _has_guests(self) -> bool:
        own = {plugin.name for plugin in self._loaded.listing()} <= {BUILTIN}
        return not own

    @cached_property
    def _shared(self) -> bytes:
        """What all scans of a run depend on: the code of the engine, of plugins and of rules, and what is installed."""
        settings = self._settings
        folders = [Path(datalint.__file__).parent, *_of_plugins(self._loaded), *settings.rule_paths]
        told: list[Any] = [sys.version, sys.platform, sys.byteorder, list(_installed())]
        told.append(os.environ.get("DATALINT_TRIGGER_ENGINE", ""))
        keys = [(name, getattr(settings, key.field)) for name, key in sorted(KEYS.items()) if self._counts(name)]
        files = (part for f in (*folders, *_named(keys, settings)) for part in _files(f))
        return digest(VERSION, _told((told, keys)), *files)

    def _counts(self, name: str) -> bool:
        """Whether a key of the config may change what rules say. A new one may, until it is known not to."""
        return name not in " ".join(_BESIDE).split() and not hasattr(Policy, KEYS[name].field)


def digests(
    settings: Settings, loaded: Plugins, splits: Splits, policies: Sequence[Policy], crews: Sequence[Crew]
) -> Callable[[Source], bytes]:
    """What the scans of a source depend on. ``policies`` and ``crews``: those of each source."""
    basis = Basis(settings, loaded, splits)
    return lambda source: basis.of(source, policies[source.number], crews[source.number])


def _told(value: Any) -> bytes:
    return repr(_ordered(value)).encode("utf-8", "backslashreplace")


def _ordered(value: Any) -> Any:
    """``value`` so that what is equal looks the same in every process."""
    if isinstance(value, Mapping):
        return sorted((str(name), _ordered(one)) for name, one in value.items())
    if isinstance(value, (set, frozenset)):
        return sorted(map(str, value))
    return [_ordered(one) for one in value] if isinstance(value, (list, tuple)) else value


def _installed() -> Iterator[str]:
    """Names and versions of all that is installed: what rules import comes from there."""
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        yield from sorted(name for name in names if name.endswith(_PACKAGES))


def _of_plugins(loaded: Plugins) -> Iterator[Path]:
    """The folder of each plugin's package; of a plugin that is a single file, the Python files beside it."""
    for name, module in loaded.manager.list_name_plugin():
        package = sys.modules.get(getattr(module, "__name__", name).partition(".")[0], module)
        file = getattr(package, "__file__", None)
        if hasattr(package, "__path__"):
            yield from map(Path, package.__path__)
        elif file:
            near = os.listdir(os.path.dirname(file))
            alone = any(name.endswith(_PACKAGES) for name in near)
            yield from sorted(Path(file).parent.glob("*.py")) if not alone else [Path(file)]


def _named(options: Any, settings: Settings) -> Iterator[Path]:
    """Files and folders that options of rules name, such as a list of seeds."""
    for text in _texts(options):
        for base in dict.fromkeys((settings.root, settings.cwd)):
            if text and "\0" not in text and len(text) < 1000 and os.path.exists(base / text):
                yield base / text


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, (str, Path)):
        yield str(value)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for one in value:
            yield from _texts(one)


def _files(path: Path) -> Iterator[bytes]:
    """Name and content of a file, or of all files in a folder."""
    if path.is_file():
        yield from _file(str(path), path.name)
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if name != "__pycache__" and not name.startswith("."))
        for name in sorted(names):
            full = os.path.join(folder, name)
            yield from _file(full, os.path.relpath(full, path))


def _file(path: str, name: str) -> Iterator[bytes]:
    yield _told(name)
    try:
        with open(path, "rb") as f:
            stat = os.fstat(f.fileno())
            yield f.read() if stat.st_size <= _WHOLE else _told((stat.st_size, stat.st_mtime_ns, stat.st_ino))
    except OSError as error:
        yield _told(error.errno)
