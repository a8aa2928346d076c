"""Plugins: the built-in rules, installed plugins and the project's own rules, all through the same hooks."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pluggy

from datalint import __version__, hookspecs, own_rules, rule_folders
from datalint.config import Settings, placed
from datalint.errors import ConfigError, PluginError
from datalint.foreign import foreign_code
from datalint.hookspecs import PREFIX, PROJECT
from datalint.registry import Registry
from datalint.rule import FIXTURE_MARK, Fixture, RuleSpec
from datalint.versions import normal, requirement, satisfies

if TYPE_CHECKING:
    from datalint.shapes import Shape

BUILTIN = "builtin"
_BUILTIN_MODULE = "datalint_rules"


@dataclass(frozen=True)
class Plugin:
    """One plugin: where it comes from and what it brought."""

    name: str
    version: str
    origin: str  # the distribution it was installed with, or its module
    hooks: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plugins:
    """All that plugins brought. Readers, reporters and executors are those of plugins, not datalint's own."""

    manager: pluggy.PluginManager
    registry: Registry
    guest_shapes: tuple[Shape, ...]
    readers: Mapping[str, Any]  # by NAME, as the following
    reporters: Mapping[str, Any]
    executors: Mapping[str, Any]
    notes: tuple[str, ...]  # what was left out on request
    loaded: tuple[Plugin, ...]

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """All shapes: datalint's own and those of plugins."""
        from datalint.shapes import builtin  # brings every shape; the commands about rules need none

        return (*builtin(), *self.guest_shapes)

    def listing(self) -> tuple[Plugin, ...]:
        """Every plugin in the order it was loaded; a folder of rules counts as one."""
        return self.loaded


class Manager(pluggy.PluginManager):
    """A plugin manager that takes every function called ``datalint_…`` for a hook, marked or not."""

    def __init__(self) -> None:
        super().__init__(PROJECT)
        self.add_hookspecs(hookspecs)
        if os.environ.get("DATALINT_TRACE_PLUGINS", "0") not in ("", "0"):
            self.add_hookcall_monitoring(_trace_before, _trace_after)

    def parse_hookimpl_opts(self, plugin: object, name: str) -> Any:
        """As pluggy does; a bare function with our prefix counts as marked."""
        if not name.startswith(PREFIX):
            return None
        return super().parse_hookimpl_opts(plugin, name) or _UNMARKED


_UNMARKED = {
    "wrapper": False, "hookwrapper": False, "optionalhook": False, "tryfirst": False, "trylast": False, "specname": None
}  # fmt: skip


def _trace_before(name: str, impls: Sequence[Any], arguments: Mapping[str, Any]) -> None:
    sys.stderr.write(f"datalint: hook {name}: {', '.join(i.plugin_name for i in impls) or 'nobody'}\n")


def _trace_after(outcome: Any, name: str, impls: Sequence[Any], arguments: Mapping[str, Any]) -> None:
    sys.stderr.write(f"datalint: hook {name} done: {outcome.exception or outcome.get_result()!r}\n")


def load(settings: Settings) -> Plugins:
    """Load everything ``settings`` ask for: built-in rules, installed plugins, ``-p`` modules, the project's rules.

    The same settings give the same rules in every process. Raises PluginError for anything that fails to load.
    """
    manager, loaded = load_manager(settings.plugins_on, settings.plugins_off)
    with placed(settings, "required-plugins"):
        _require(settings.required_plugins, loaded)
    specs: list[RuleSpec] = own_rules.specs()
    fixtures: dict[str, Fixture] = {}
    listed: list[Plugin] = []
    for plugin in loaded:
        own = [s for thing in _registered(manager, plugin, "rules") for s in _specs(thing, plugin)]
        specs += own
        fixtures |= dict(_fixture(thing, plugin) for thing in _registered(manager, plugin, "fixtures"))
        listed.append(replace(plugin, rules=tuple(sorted(s.card.code for s in own))))
    notes: list[str] = []
    for path in _rule_paths(settings):
        folder = rule_folders.read(path, python=settings.python_rules)
        specs += folder.specs
        fixtures |= folder.fixtures
        listed.append(Plugin(str(path), "", "rule-paths", rules=tuple(sorted(s.card.code for s in folder.specs))))
        if folder.skipped:
            notes.append(f"{folder.skipped} Python rule files in {path} were not loaded: python-rules is off")
    shapes = tuple(thing for plugin in loaded for thing in _registered(manager, plugin, "shapes"))
    readers, reporters, executors = (_named(manager, loaded, kind) for kind in ("readers", "reporters", "executors"))
    registry = Registry(specs, fixtures)
    return Plugins(manager, registry, shapes, readers, reporters, executors, tuple(notes), tuple(listed))


def load_manager(on: Sequence[str] = (), off: Sequence[str] = ()) -> tuple[Manager, tuple[Plugin, ...]]:
    """The built-in rules, installed plugins and the modules ``on``, without those ``off``, in this order."""
    manager = Manager()
    loaded = []
    for plugin, get in _candidates(on, off):
        if manager.has_plugin(plugin.name):
            raise PluginError(f"two plugins are called {plugin.name!r}", place=plugin.origin)
        with foreign_code(f"plugin {plugin.name}{plugin.version and ' ' + plugin.version} failed to load"):
            module = get()
            manager.register(module, plugin.name)
        version = plugin.version or str(getattr(module, "__version__", ""))
        callers = manager.get_hookcallers(module) or []
        loaded.append(replace(plugin, version=version, hooks=tuple(sorted(c.name for c in callers))))
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        near = get_close_matches(str(error).split("'")[1], _hook_names(), n=1)
        raise PluginError(str(error), hint=f"did you mean {near[0]!r}?" if near else "") from error
    return manager, tuple(loaded)


def add_commands(cli: Any) -> None:
    """Let installed plugins add their commands to the click group ``cli``."""
    manager, loaded = load_manager(off=(BUILTIN,))
    for plugin in loaded:
        _call(manager, plugin, "datalint_register_commands", cli=cli)


Candidate = tuple[Plugin, Callable[[], Any]]


def _candidates(on: Sequence[str], off: Sequence[str]) -> Iterator[Candidate]:
    """Each plugin to load, in order. The built-in one is imported by its name: looking it up would cost a scan."""
    if BUILTIN not in off:
        yield Plugin(BUILTIN, __version__, _BUILTIN_MODULE), lambda: importlib.import_module(_BUILTIN_MODULE)
    auto = os.environ.get("DATALINT_DISABLE_PLUGIN_AUTOLOAD", "0") in ("", "0")
    installed = {plugin.name: (plugin, get) for plugin, get in _installed()} if auto or on else {}
    if auto:
        _known(off, installed)
    for name, candidate in installed.items():
        if (auto or name in on) and not {name, candidate[0].origin} & set(off):
            yield candidate
    for name in on:
        if name not in installed and name not in off:
            yield Plugin(name, "", name), partial(importlib.import_module, name)


def _installed() -> Iterator[Candidate]:
    if not any(_brings_plugins(folder) for folder in sys.path):
        return
    from importlib import metadata  # costs more than the rest of datalint's start; few have plugins

    for entry in sorted(metadata.entry_points(group=PROJECT), key=lambda e: e.name):
        if entry.value != _BUILTIN_MODULE:
            origin, version = (entry.dist.name, entry.dist.version) if entry.dist is not None else (entry.value, "")
            yield Plugin(entry.name, version, origin), entry.load


def _brings_plugins(folder: str) -> bool:
    """Whether distributions in ``folder`` name plugins of datalint beside the built-in one; an archive may do so."""
    try:
        names = os.listdir(folder or ".")
    except NotADirectoryError:
        return True
    except OSError:
        return False
    return any(
        _names_plugin(Path(folder, n, "entry_points.txt")) for n in names if n.endswith((".dist-info", ".egg-info"))
    )


def _names_plugin(path: Path) -> bool:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    section = ""
    for line in map(str.strip, lines):
        if line.startswith("["):
            section = line
        elif section == f"[{PROJECT}]" and "=" in line and line.partition("=")[2].strip() != _BUILTIN_MODULE:
            return True
    return False


def _known(off: Sequence[str], installed: Mapping[str, Candidate]) -> None:
    names = {BUILTIN, *installed, *(plugin.origin for plugin, _ in installed.values())}
    for name in off:
        if name not in names and (near := get_close_matches(name, names, n=1)):
            raise PluginError(f"no plugin is called {name!r}", hint=f"did you mean {near[0]!r}?")


def _require(wanted: Sequence[str], loaded: Sequence[Plugin]) -> None:
    for text in wanted:
        name, versions = requirement(text)
        found = [p for p in loaded if name in (normal(p.name), normal(p.origin))]
        if not found:
            raise PluginError(f"the required plugin {text!r} is not installed", hint=f"pip install {text!r}")
        version = found[0].version
        if versions and not (version and satisfies(version, versions)):
            raise PluginError(f"plugin {name} {version or 'of no version'} is installed, and {text!r} is required")


def _hook_names() -> list[str]:
    return [name for name in vars(hookspecs) if name.startswith(PREFIX)]


def _registered(manager: Manager, plugin: Plugin, kind: str) -> list[Any]:
    things: list[Any] = []
    _call(manager, plugin, f"datalint_register_{kind}", register=lambda *new: things.extend(new))
    return things


def _named(manager: Manager, loaded: Sequence[Plugin], kind: str) -> dict[str, Any]:
    """What plugins registered of one kind, by its NAME; the same name twice is an error."""
    made: dict[str, Any] = {}
    for plugin in loaded:
        for thing in _registered(manager, plugin, kind):
            name = getattr(thing, "NAME", None)
            if not isinstance(name, str) or name in made:
                said = f"has no NAME: {thing!r}" if not isinstance(name, str) else f"is called {name!r} like another"
                raise PluginError(f"plugin {plugin.name} registered one of {kind} that {said}")
            made[name] = thing
    return made


def _call(manager: Manager, plugin: Plugin, hook: str, **arguments: Any) -> None:
    """Call one hook of one plugin, so that a failure has a name."""
    if hook in plugin.hooks:
        others = [p for name, p in manager.list_name_plugin() if name != plugin.name and p is not None]
        with foreign_code(f"plugin {plugin.name}{plugin.version and ' ' + plugin.version} failed in {hook}"):
            manager.subset_hook_caller(hook, others)(**arguments)


def _specs(thing: Any, plugin: Plugin) -> Iterator[RuleSpec]:
    """The rules that a plugin registered as ``thing``."""
    if isinstance(thing, RuleSpec):
        yield thing
    elif isinstance(thing, ModuleType):
        yield from rule_folders.specs_in(thing)
    else:
        yield rule_folders.spec_in_module(thing, plugin.name)


def _fixture(thing: Any, plugin: Plugin) -> tuple[str, Fixture]:
    found = thing if isinstance(thing, Fixture) else getattr(thing, FIXTURE_MARK, None)
    if not isinstance(found, Fixture):
        raise PluginError(
            f"plugin {plugin.name} registered {thing!r}, which is no fixture", hint="mark it with @fixture"
        )
    return found.name, found


def _rule_paths(settings: Settings) -> Iterator[Path]:
    """The project's folders of rules; the built-in folder, found from within a checkout of datalint, is not one of them."""
    builtin = importlib.util.find_spec(_BUILTIN_MODULE)
    own = {os.path.realpath(p) for p in (builtin.submodule_search_locations or ())} if builtin is not None else set()
    for path in settings.rule_paths:
        if os.path.realpath(path) in own or any(_same_package(path, Path(folder)) for folder in own):
            continue
        if path.exists():
            yield path
        elif "rule-paths" in settings.origins:
            raise ConfigError(f"rule-paths: {path} does not exist", place=settings.origins["rule-paths"])


def _same_package(one: Path, other: Path) -> bool:
    """Whether two folders hold the same package, one of them perhaps the checkout that the other was installed from."""
    try:
        return (one / "__init__.py").read_bytes() == (other / "__init__.py").read_bytes()
    except OSError:
        return False


def rules_from_folder(folder: Path | str, package: str = "") -> tuple[tuple[RuleSpec, ...], Mapping[str, Fixture]]:
    """The rules in ``folder`` and the fixtures of its ``_fixtures.py``; Python files are modules of ``package``."""
    found = rule_folders.read(Path(folder), package)
    return found.specs, found.fixtures
