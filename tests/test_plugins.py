"""Plugins: what is loaded, in which order, and how failures are told."""

from __future__ import annotations

import inspect
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from datalint import hookspecs, plugins
from datalint.config import Settings, load
from datalint.errors import ConfigError, PluginError, RuleError

EXAMPLE = Path(__file__).parent / "example_plugin"
RULE = '''
from datalint import bad, fixture, good, rule

@fixture
def here():
    return "{here}"

@rule("{code}", "{name}", category="suspicious", examples=[bad({{}}), good({{}})])
def judge(message, here):
    """A summary.

    Why it matters.
    """
    yield message.finding(None, here)
'''
TOML = """
[rule]
code = "{code}"
name = "{name}"
summary = "A summary"
[docs]
why = "Why it matters."
[match]
any = [{{ phrases = ["x"] }}]
[[example]]
bad = "x"
[[example]]
good = "y"
"""


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATALINT_DISABLE_PLUGIN_AUTOLOAD", "1")


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def settings(cwd: Path, *options: str, **more: Any) -> Settings:
    return load({"plugins": ("no:builtin", *options), **more}, cwd=cwd)


def codes(loaded: plugins.Plugins) -> list[str]:
    """The rules that plugins brought; the cards of datalint itself are always there."""
    return [card.code for card in loaded.registry.cards if "datalint" not in card.tags]


def module(name: str, monkeypatch: pytest.MonkeyPatch, **hooks: Any) -> str:
    """Put a plugin module where ``-p NAME`` finds it."""
    made = ModuleType(name)
    vars(made).update(hooks)
    monkeypatch.setitem(sys.modules, name, made)
    return name


def test_a_folder_of_rules(tmp_path: Path) -> None:
    write(tmp_path / "rules/family/one.toml", TOML.format(code="ACM001", name="one"))
    write(tmp_path / "rules/family/two.py", RULE.format(code="ACM002", name="two", here="x"))
    write(tmp_path / "rules/plain.py", "def check_thing(record):\n    assert record.data\n")
    write(tmp_path / "rules/_helper.py", "raise RuntimeError('not a rule file')\n")
    write(tmp_path / "rules/.hidden/three.toml", "not toml")
    write(tmp_path / "rules/readme.md", "not a rule")
    loaded = plugins.load(settings(tmp_path))
    assert codes(loaded) == ["ACM001", "ACM002", "thing"]
    (folder,) = loaded.listing()
    assert (folder.name, folder.origin, folder.rules) == (
        str(tmp_path / "rules"),
        "rule-paths",
        ("ACM001", "ACM002", "thing"),
    )


def test_in_our_own_checkout_the_built_in_folder_is_loaded_once() -> None:
    root = Path(__file__).parent.parent
    loaded = plugins.load(load({}, cwd=root, isolated=True))
    assert [plugin.name for plugin in loaded.listing()] == ["builtin"]
    assert list(loaded.listing()[0].rules) == codes(loaded)


def test_in_another_checkout_the_built_in_folder_is_loaded_once(tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).parent.parent / "rules", tmp_path / "rules", symlinks=True)
    loaded = plugins.load(Settings(rule_paths=(tmp_path / "rules",)))
    assert [plugin.name for plugin in loaded.listing()] == ["builtin"]


def built(loaded: plugins.Plugins, code: str) -> Any:
    registry = loaded.registry
    return next(
        r for r in registry.build(registry.select(load({"select": (code,)}, cwd=Path.cwd(), isolated=True).policy))
    )


def test_the_nearest_fixture_wins(tmp_path: Path) -> None:
    maker = "from datalint import fixture\n@fixture\ndef here():\n    return {!r}\n"
    bare = "def check_{0}(message, here):\n    assert False, here\n"
    write(tmp_path / "rules/_fixtures.py", maker.format("top"))
    write(tmp_path / "rules/a/_fixtures.py", maker.format("a"))
    write(tmp_path / "rules/a/in_a.py", bare.format("in_a"))
    write(tmp_path / "rules/b/in_b.py", bare.format("in_b"))
    write(tmp_path / "rules/a/own.py", RULE.format(code="ACM001", name="own", here="own"))
    loaded = plugins.load(settings(tmp_path))
    for code, here in (("in-a", "a"), ("in-b", "top"), ("ACM001", "own")):
        assert built(loaded, code)._fixed == {"here": here}


def test_without_python_rules(tmp_path: Path) -> None:
    write(tmp_path / "rules/one.toml", TOML.format(code="ACM001", name="one"))
    write(tmp_path / "rules/two.py", "raise RuntimeError('this must not run')\n")
    loaded = plugins.load(settings(tmp_path, python_rules=False))
    assert codes(loaded) == ["ACM001"]
    assert loaded.notes == (f"1 Python rule files in {tmp_path / 'rules'} were not loaded: python-rules is off",)


def test_rule_paths(tmp_path: Path) -> None:
    write(tmp_path / "house/one.toml", TOML.format(code="ACM001", name="one"))
    write(tmp_path / "single.toml", TOML.format(code="ACM002", name="two"))
    write(tmp_path / "datalint.toml", 'rule-paths = ["house", "single.toml"]\n')
    assert codes(plugins.load(settings(tmp_path))) == ["ACM001", "ACM002"]
    write(tmp_path / "datalint.toml", 'rule-paths = ["nowhere"]\n')
    with pytest.raises(ConfigError, match="does not exist"):
        plugins.load(settings(tmp_path))


def test_the_same_settings_give_the_same_rules_in_every_process(tmp_path: Path) -> None:
    write(tmp_path / "rules/b.py", RULE.format(code="ACM002", name="two", here="x"))
    write(tmp_path / "rules/a.toml", TOML.format(code="ACM001", name="one"))
    made = settings(tmp_path)
    again = pickle.loads(pickle.dumps(made))
    assert plugins.load(made).registry.cards == plugins.load(again).registry.cards


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("x = 1\n1 / 0\n", "ZeroDivisionError: division by zero", 2),
        ("import nothing_of_the_kind\n", "ModuleNotFoundError: No module named 'nothing_of_the_kind'", 1),
        ("x = (\n", "SyntaxError", 1),
    ],
)
def test_a_rule_file_that_fails(tmp_path: Path, text: str, message: str, line: int) -> None:
    path = write(tmp_path / "rules/broken.py", text)
    with pytest.raises(PluginError) as caught:
        plugins.load(settings(tmp_path))
    assert message in caught.value.message
    assert caught.value.place == f"{path}:{line}"


def test_a_rule_error_keeps_its_own_words(tmp_path: Path) -> None:
    write(tmp_path / "rules/broken.toml", "[rule]\nkode = 1\n")
    with pytest.raises(RuleError, match="kode"):
        plugins.load(settings(tmp_path))


def test_every_kind_of_thing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Thing:
        NAME = "thing"

    thing = Thing()
    hooks = {f"datalint_register_{kind}": lambda register: register(thing)
             for kind in ("shapes", "readers", "reporters", "executors")}  # fmt: skip
    loaded = plugins.load(settings(tmp_path, module("full", monkeypatch, **hooks, __version__="2.0")))
    assert loaded.shapes[-1] is thing
    assert loaded.readers == loaded.reporters == loaded.executors == {"thing": thing}
    (plugin,) = loaded.listing()
    assert (plugin.name, plugin.version, plugin.hooks) == ("full", "2.0", tuple(sorted(hooks)))


@pytest.mark.parametrize(
    ("hooks", "message"),
    [
        ({"datalint_register_rules": lambda register: 1 / 0},
         "plugin bad 2.0 failed in datalint_register_rules: ZeroDivisionError"),
        ({"datalint_register_rules": lambda register: register(3)}, "bad registered 3, which is no rule"),
        ({"datalint_register_fixtures": lambda register: register(3)}, "bad registered 3, which is no fixture"),
        ({"datalint_register_reporters": lambda register: register(3)}, "has no NAME"),
        ({"datalint_register_rulez": lambda register: None}, "did you mean 'datalint_register_rules'?"),
        ({"datalint_register_rules": lambda registrar: None}, "failed to load: PluginValidationError"),
    ],
)  # fmt: skip
def test_a_plugin_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hooks: dict[str, Any], message: str
) -> None:
    with pytest.raises(PluginError) as caught:
        plugins.load(settings(tmp_path, module("bad", monkeypatch, **hooks, __version__="2.0")))
    assert message in str(caught.value)


def test_a_module_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match="plugin nowhere failed to load: ModuleNotFoundError"):
        plugins.load(settings(tmp_path, "nowhere"))


def test_rules_and_fixtures_of_a_plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(EXAMPLE))
    loaded = plugins.load(settings(tmp_path, "datalint_example"))
    assert codes(loaded) == ["EXA001"]
    assert loaded.registry.get("ticket-number").card.origin == str(EXAMPLE / "datalint_example_rules.py")
    assert built(loaded, "EXA001")._fixed["ticket_pattern"].pattern == r"\bEXA-\d+\b"
    assert loaded.reporters["count"].SUMMARY == "The number of findings"


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("datalint-example", ""),
        ("Datalint_Example>=1.2,<2", ""),
        ("datalint-example>=2", "plugin datalint-example 1.2.0 is installed, and 'datalint-example>=2' is required"),
        ("datalint-other", "the required plugin 'datalint-other' is not installed"),
    ],
)
def test_required_plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: str, message: str) -> None:
    monkeypatch.syspath_prepend(str(install(tmp_path / "site")))
    monkeypatch.delenv("DATALINT_DISABLE_PLUGIN_AUTOLOAD")
    write(tmp_path / "datalint.toml", f'required-plugins = ["{wanted}"]\n')
    if message:
        with pytest.raises(ConfigError) as caught:
            plugins.load(settings(tmp_path))
        assert message in str(caught.value)
    else:
        assert "EXA001" in codes(plugins.load(settings(tmp_path)))


@pytest.mark.parametrize("name", ["example", "datalint-example"])
def test_a_plugin_can_be_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.syspath_prepend(str(install(tmp_path / "site")))
    monkeypatch.delenv("DATALINT_DISABLE_PLUGIN_AUTOLOAD")
    assert [p.name for p in plugins.load(settings(tmp_path)).listing()] == ["example"]
    assert plugins.load(settings(tmp_path, f"no:{name}")).listing() == ()
    with pytest.raises(PluginError, match="no plugin is called 'exampel'"):
        plugins.load(settings(tmp_path, "no:exampel"))


def test_without_autoload_a_plugin_can_be_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(install(tmp_path / "site")))
    assert plugins.load(settings(tmp_path)).listing() == ()
    (plugin,) = plugins.load(settings(tmp_path, "example")).listing()
    assert (plugin.name, plugin.version, plugin.origin) == ("example", "1.2.0", "datalint-example")


def test_hook_calls_can_be_watched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATALINT_TRACE_PLUGINS", "1")
    name = module("watched", monkeypatch, datalint_exit_code=lambda exit_code: exit_code + 1)
    manager = plugins.load(settings(tmp_path, name)).manager
    assert manager.hook.datalint_exit_code(report=None, exit_code=1) == 2
    assert capsys.readouterr().err.splitlines()[0] == "datalint: hook datalint_exit_code: watched"


def test_every_hook_is_documented() -> None:
    hooks = {name: hook for name, hook in vars(hookspecs).items() if name.startswith("datalint_")}
    assert len(hooks) == 10
    for name, hook in hooks.items():
        assert inspect.getdoc(hook), name
        assert "record" not in inspect.signature(hook).parameters, name


def install(site: Path) -> Path:
    """The example plugin as an installer would lay it down."""
    site.mkdir(parents=True, exist_ok=True)
    for path in EXAMPLE.glob("*.py"):
        shutil.copy(path, site)
    info = site / "datalint_example-1.2.0.dist-info"
    write(info / "METADATA", "Metadata-Version: 2.1\nName: datalint-example\nVersion: 1.2.0\n")
    write(info / "entry_points.txt", "[datalint]\nexample = datalint_example\n")
    return site


def run(site: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    root = str(Path(__file__).parent.parent)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DATALINT_")}
    environment["PYTHONPATH"] = os.pathsep.join((str(site), root))
    code = "from datalint.cli import main; main(prog_name='datalint')"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def test_an_installed_plugin_works_from_the_command_line(tmp_path: Path) -> None:
    site, cwd = install(tmp_path / "site"), tmp_path / "project"
    record = '{"messages": [{"role": "user", "content": "Done?"}, {"role": "assistant", "content": "See EXA-7."}]}\n'
    write(cwd / "a.jsonl", record)
    assert run(site, cwd, "hello").stdout == "Hello from a plugin.\n"
    done = run(site, cwd, "check", "-p", "no:builtin", "a.jsonl", "--select", "EXA001", "--output-format", "count")
    assert (done.stdout, done.returncode) == ("1\n", 0)
    assert "example" in run(site, cwd, "plugins", "-p", "no:builtin").stdout
