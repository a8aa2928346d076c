"""Why a rule is on or off for a file, and why a finding of it is not reported: in words, and with the place that says so."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datalint import config_file
from datalint.config import COMMAND_LINE, KEYS, Settings
from datalint.config_tables import Override
from datalint.globs import fits, literal
from datalint.registry import NEVER, Registry
from datalint.suppress import Suppressor

DEFAULT = "default"


@dataclass(frozen=True)
class Cause:
    """What decided. ``place``: a config with the line, the command line, or "default"."""

    on: bool
    why: str
    place: str = ""

    def __str__(self) -> str:
        return f"{self.why} ({self.place})" if self.place else self.why


class Causes:
    """The causes that hold for the data file at ``path``."""

    def __init__(self, settings: Settings, registry: Registry, path: Path) -> None:
        self._settings = settings.nearest(path)
        self._registry = registry
        self._path = Path(os.path.abspath(settings.cwd / path))
        self._policy = settings.policy_for(path)
        self.selection = registry.select(self._policy)

    def of(self, code: str) -> Cause:
        """Why the rule is on or off."""
        on = code in self.selection
        cause = self.selection.causes.get(code)
        if cause is None:
            return Cause(on, self.selection.reasons[code])
        key, selector = cause
        if key == NEVER:
            return Cause(on, *self._never(selector))
        said = f"left out by {key} = {selector!r}" if key in ("keyword", "scopes") else f"{key} = {selector!r}"
        return Cause(on, said, self._set_at(key, selector))

    def silence(self, code: str, data: Any) -> Cause | None:
        """Why findings of a rule that is on are silent on a record with this data, None if they are not."""
        for number, override in self._overrides():
            if override.where:
                codes = frozenset(c for selector in override.ignore for c in self._registry.resolve(selector))
                if Suppressor([(override.where, codes)]).silences(code, data):
                    said = ", ".join(f"{key} = {value!r}" for key, value in override.where.items())
                    return Cause(False, f"an override ignores it where {said}", self._override(number, "ignore"))
        return None

    def _overrides(self) -> Iterator[tuple[int, Override]]:
        root = self._settings.root
        return ((n, o) for n, o in enumerate(self._settings.overrides) if fits(self._path, o.files, root))

    def _never(self, selector: str) -> tuple[str, str]:
        for glob, selectors in self._settings.per_file_ignores.items():
            if selector in selectors and fits(self._path, (glob,), self._settings.root):
                said = self._plain(glob)
                place = self._of_file(("per-file-ignores", said)) or self._origin("per-file-ignores")
                return f"per-file-ignores of {said!r} = {selector!r}", place
        for number, override in self._overrides():
            if selector in override.ignore and not override.where:
                files = ", ".join(map(self._plain, override.files))
                return f"an override for {files!r} ignores {selector!r}", self._override(number, "ignore")
        return f"ignored for this file: {selector!r}", ""

    def _set_at(self, key: str, selector: str) -> str:
        """Where a selector was given: in an override of the file, else where the key was set."""
        if key in ("select", "extend-select"):
            for number, override in reversed([*self._overrides()]):
                given = override.select if key == "select" else override.extend_select
                if given is not None and selector in given:
                    return self._override(number, key)
                if key == "select" and given is not None:
                    break
        return self._origin(key)

    def _origin(self, key: str) -> str:
        return self._shown(self._settings.origins.get(key, DEFAULT))

    def _of_file(self, keys: tuple[str | int, ...]) -> str:
        path = self._settings.config_path
        return self._shown(config_file.place_of(path, keys)) if path is not None else ""

    def _override(self, number: int, key: str) -> str:
        """Where the override of this number stands: those that a config inherits come before its own."""
        path = self._settings.config_path
        for layer in config_file.layers(path, KEYS) if path is not None else ():
            own = len(layer.values.get("overrides", ()))
            if number < own and layer.path is not None:
                return self._shown(config_file.place_of(layer.path, ("overrides", number, key)))
            number -= own
        return config_file.INLINE

    def _plain(self, glob: str) -> str:
        """A glob as the config has it."""
        return glob.removeprefix(literal(self._settings.root.as_posix().rstrip("/")) + "/")

    def _shown(self, place: str) -> str:
        """A place without the folders that lead to the project."""
        path, colon, line = place.rpartition(":")
        if not colon or not line.isdigit() or place == COMMAND_LINE:
            return place
        near = os.path.relpath(path, self._settings.cwd)
        return f"{path if near.startswith('..') else near}:{line}"
