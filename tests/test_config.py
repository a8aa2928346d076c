"""Settings: where they come from, which one wins, and how mistakes are told."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

from datalint import __version__
from datalint.config import KEYS, Policy, Settings, load
from datalint.config_file import find, line_of
from datalint.config_keys import Table, thaw
from datalint.config_tables import Override
from datalint.errors import ConfigError, DatalintError, UsageError


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_defaults(tmp_path: Path) -> None:
    settings = load({}, cwd=tmp_path)
    assert settings.select == ("DEFAULT",)
    assert settings.scopes == {"record", "file", "dataset"}
    assert (settings.root, settings.config_path) == (tmp_path, None)
    assert settings.quarantine == tmp_path / ".datalint/quarantine.jsonl"
    assert settings.rule_paths == (tmp_path / "rules",)
    assert settings.output_format == "concise"
    assert settings.policy == Policy()


def test_every_key_is_documented_and_has_a_default_of_its_kind() -> None:
    for key in KEYS.values():
        assert key.doc.endswith("."), key.name
        assert key.default == getattr(Settings(), key.field), key.name


def test_settings_are_values(tmp_path: Path) -> None:
    write(tmp_path / "datalint.toml", 'select = ["TXT"]\n[rules.a-rule]\nphrases = ["x"]\n[rules.b]\nt = { k = [1] }\n')
    one, other = load({}, cwd=tmp_path), load({}, cwd=tmp_path)
    assert one == other
    assert hash(one) == hash(other)
    policy = one.policy_for(Path("a.jsonl"))
    assert pickle.loads(pickle.dumps(one)) == one
    assert pickle.loads(pickle.dumps(policy)) == policy
    assert {policy: 1}[other.policy_for(Path("b.jsonl"))] == 1
    assert thaw(one.rules) == {"a-rule": {"phrases": ["x"]}, "b": {"t": {"k": [1]}}}


@pytest.mark.parametrize(
    ("present", "found"),
    [
        ([], None),
        (["pyproject.toml"], "pyproject.toml"),
        (["pyproject.toml", "datalint.toml"], "datalint.toml"),
        (["pyproject.toml", "datalint.toml", ".datalint.toml"], ".datalint.toml"),
    ],
)
def test_the_first_of_three_names_in_one_folder(tmp_path: Path, present: list[str], found: str | None) -> None:
    for name in present:
        write(tmp_path / name, "[tool.datalint]\n" if name == "pyproject.toml" else "")
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert find(below) == (tmp_path / found if found else None)


def test_a_pyproject_without_the_table_is_no_config(tmp_path: Path) -> None:
    write(tmp_path / "datalint.toml", "")
    write(tmp_path / "a/pyproject.toml", '[project]\nname = "not-datalint"\n')
    assert find(tmp_path / "a") == tmp_path / "datalint.toml"


MISTAKES = [
    ("selekt = []", 1, "unknown key 'selekt'", "did you mean 'select'?"),
    ("rule_paths = []", 1, "unknown key 'rule_paths'", "did you mean 'rule-paths'?"),
    ("zzzzzz = 1", 1, "unknown key 'zzzzzz'", "`datalint config` lists all keys"),
    ("\n\nselect = 3", 3, "select: expected a list of strings, got 3", ""),
    ('preview = "yes"', 1, "preview: expected true or false, got 'yes'", ""),
    ("max-per-rule = true", 1, "max-per-rule: expected a whole number, got true", ""),
    ("jobs = 0", 1, 'jobs: expected "auto" or a number above 0, got 0', ""),
    ('fail-level = "eror"', 1, "fail-level: 'eror' is not a choice", "did you mean 'error'?"),
    ('scopes = ["files"]', 1, "scopes: 'files' is not a choice", "did you mean 'file'?"),
    ("# x\n[severity]\nfatal = []", 3, "severity: 'fatal' is not a choice", "error, warning, info"),
    ("rules = 3", 1, "rules: expected a table, got 3", "write [rules]"),
    ("overrides = 3", 1, "overrides: expected tables, got 3", "write [[overrides]]"),
    ('[[overrides]]\nfiles=["a"]\n\n[[overrides]]\nfiles=["b"]\nignor=["c"]', 6, "unknown key 'ignor'",
     "did you mean 'ignore'?"),
    ('[[overrides]]\nignore=["c"]', 1, "no 'files' in [[overrides]]", ""),
    ('[[overrides]]\nfiles=["a"]\nwhere={a=1}\nselect=["b"]', 4,
     "an override with 'where' only ignores rules; it cannot set 'select'", ""),
    ("diff = true", 1, "'diff' cannot be set in a config", "use --diff on the command line"),
    ("select = [", 1, "not valid TOML", ""),
    ('required-version = ">=99"\nkey-of-the-future = 1', 1, "this config is for datalint >=99", ""),
    ('extend = "nowhere.toml"', 1, "does not exist", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "message", "hint"), MISTAKES)
@pytest.mark.parametrize("name", ["datalint.toml", "pyproject.toml"])
def test_mistakes_have_a_place(tmp_path: Path, name: str, text: str, line: int, message: str, hint: str) -> None:
    head = ""
    if name == "pyproject.toml":
        head = "[project]\nname = 'x'\n[tool.datalint]\n"
        text = text.replace("[severity]", "[tool.datalint.severity]").replace("[[", "[[tool.datalint.")
    path = write(tmp_path / name, head + text + "\n")
    with pytest.raises(ConfigError) as caught:
        load({}, cwd=tmp_path)
    assert message in caught.value.message
    assert caught.value.hint == hint
    assert caught.value.place.startswith(f"{path}:{line + head.count(chr(10))}")


def test_extend(tmp_path: Path) -> None:
    write(tmp_path / "shared/base.toml", """
        select = ["A"]
        extend-select = ["B"]
        exclude = ["old/**"]
        rule-paths = ["house"]
        [rules.one]
        x = 1
        y = 1
        [[overrides]]
        files = ["a.jsonl"]
        """)  # fmt: skip
    write(tmp_path / "project/datalint.toml", """
        extend = "../shared/base.toml"
        select = ["C"]
        extend-select = ["D"]
        [rules.one]
        y = 2
        [[overrides]]
        files = ["b.jsonl"]
        """)  # fmt: skip
    settings = load({}, cwd=tmp_path / "project")
    assert (settings.select, settings.extend_select) == (("C",), ("B", "D"))
    assert settings.rule_paths == (tmp_path / "shared/house",)
    assert settings.exclude == (f"{tmp_path.as_posix()}/shared/old/**",)
    assert thaw(settings.rules) == {"one": {"x": 1, "y": 2}}
    assert [o.files for o in settings.overrides] == [("a.jsonl",), ("b.jsonl",)]
    assert settings.origins["exclude"] == f"{tmp_path}/shared/base.toml:4"


def test_extending_in_a_circle(tmp_path: Path) -> None:
    write(tmp_path / "datalint.toml", 'extend = "other.toml"')
    write(tmp_path / "other.toml", 'extend = "datalint.toml"')
    with pytest.raises(ConfigError, match="extend each other"):
        load({}, cwd=tmp_path)


def config(tmp_path: Path, text: str, cli: dict[str, Any] | None = None) -> Settings:
    write(tmp_path / "datalint.toml", text)
    return load(cli or {}, cwd=tmp_path)


@pytest.mark.parametrize(
    ("cli", "field", "value"),
    [
        ({"select": ("A,B", "C")}, "select", ("A", "B", "C")),
        ({"select": ("A",)}, "ignore", ()),
        ({"ignore": ("X",)}, "ignore", ("I", "X")),
        ({"extend_select": ("I",)}, "ignore", ()),
        ({"exclude": ("a/*.{x,y},b",)}, "exclude", ("{cwd}/a/*.{x,y}", "b")),
        ({"per_file_ignores": ("a/*:A,B", "a/*:C")}, "per_file_ignores", {"{cwd}/a/*": ("A", "B", "C")}),
        ({"reports": ("sarif=out/a.sarif",)}, "reports", {"sarif": (Path("{cwd}/out/a.sarif"),)}),
        (
            {"reports": ("json=a", "json=b", "full=-")},
            "reports",
            {"json": (Path("{cwd}/a"), Path("{cwd}/b")), "full": (Path("{cwd}/-"),)},
        ),
        ({"jobs": "4"}, "jobs", 4),
        ({"scopes": ("record,file",)}, "scopes", frozenset({"record", "file"})),
        ({"plugins": ("no:a", "b")}, "plugins_off", ("a",)),
        ({"plugins": ("no:a", "b")}, "plugins_on", ("b",)),
        ({"preview": None}, "preview", True),
        ({"preview": False}, "preview", False),
        ({"format": "alpaca"}, "fields", {}),
        ({"paths": ("x",)}, "paths", ("x",)),
        ({"output_file": "o.txt"}, "output_file", Path("{cwd}/o.txt")),
    ],
)
def test_the_command_line_wins(tmp_path: Path, cli: dict[str, Any], field: str, value: Any) -> None:
    text = 'select = ["S"]\nignore = ["I"]\npreview = true\nformat = { shape = "messages", role = "who" }\n'
    found = getattr(config(tmp_path, text, cli), field)
    here = str(tmp_path)
    if isinstance(value, dict):
        value = {k.replace("{cwd}", here): tuple(Path(str(p).replace("{cwd}", here)) if isinstance(p, Path) else p for p in v)
                 for k, v in value.items()}  # fmt: skip
        assert dict(found) == value
    elif isinstance(value, tuple):
        assert found == tuple(v.replace("{cwd}", here) for v in value)
    else:
        assert found == (Path(str(value).replace("{cwd}", here)) if isinstance(value, Path) else value)


@pytest.mark.parametrize(
    ("cli", "message"),
    [
        ({"per_file_ignores": ("abc",)}, "--per-file-ignores: 'abc' is not of the form GLOB:SELECTORS"),
        ({"reports": ("sarif",)}, "--report: 'sarif' is not of the form FORMAT=PATH"),
        ({"scopes": ("rekord",)}, "--scope: 'rekord' is not a choice"),
        ({"jobs": "many"}, "--jobs: expected"),
    ],
)
def test_slips_on_the_command_line(tmp_path: Path, cli: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        load(cli, cwd=tmp_path)
    assert message in str(caught.value)


def test_inline_config_is_over_the_file_and_under_the_options(tmp_path: Path) -> None:
    write(tmp_path / "datalint.toml", 'select = ["A"]\npreview = false\n[rules.r]\nx = 1\ny = 1\n')
    settings = load({"preview": False}, cwd=tmp_path, config=["preview = true", "rules.r.y = 2", 'select = ["B"]'])
    assert (settings.select, settings.preview) == (("B",), False)
    assert thaw(settings.rules) == {"r": {"x": 1, "y": 2}}
    assert settings.origins["select"] == "--config:1"


@pytest.mark.parametrize(
    ("config", "isolated", "message"),
    [
        ("missing.toml", False, "the config missing.toml does not exist"),
        (["a.toml", "b.toml"], False, "more than one file"),
        ("a.toml", True, "--config FILE and --isolated"),
        ("slect = []", False, "unknown key 'slect'"),
    ],
)
def test_slips_with_config(tmp_path: Path, config: Any, isolated: bool, message: str) -> None:
    write(tmp_path / "a.toml", "")
    with pytest.raises(DatalintError, match=message):
        load({}, cwd=tmp_path, config=config, isolated=isolated)


def test_isolated_reads_no_file(tmp_path: Path) -> None:
    write(tmp_path / "datalint.toml", 'select = ["A"]')
    settings = load({}, cwd=tmp_path, isolated=True, config="preview = true")
    assert (settings.select, settings.preview, settings.config_path) == (("DEFAULT",), True, None)
    assert settings.policy_for(Path("a.jsonl")).select == ("DEFAULT",)


def test_an_environment_variable_switches_python_rules_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATALINT_NO_PYTHON_RULES", "1")
    assert load({}, cwd=tmp_path).python_rules is False


def test_the_config_nearest_to_a_file_holds_for_it(tmp_path: Path) -> None:
    write(tmp_path / "datalint.toml", 'select = ["A"]\nid-field = "id"')
    write(tmp_path / "near/datalint.toml", 'select = ["B"]')
    settings = load({"ignore": ("X",)}, cwd=tmp_path)
    assert settings.policy_for(Path("far/a.jsonl")).select == ("A",)
    near = settings.policy_for(Path("near/deep/a.jsonl"))
    assert (near.select, near.ignore, near.id_field) == (("B",), ("X",), "")
    assert near.config == tmp_path / "near/datalint.toml"
    only = load({}, cwd=tmp_path, config="datalint.toml")
    assert only.policy_for(Path("near/a.jsonl")).select == ("A",)


OVERRIDES = """
    ignore = ["I"]
    [rules.one]
    x = 1
    y = 1
    [per-file-ignores]
    "data/old/**" = ["TXT"]
    [[overrides]]
    files = ["data/synthetic/**"]
    select = ["S"]
    ignore = ["Q"]
    format = { shape = "sharegpt", role = "from" }
    rules.one.y = 2
    severity.error = ["TXT1"]
    [[overrides]]
    files = ["*.raw.jsonl"]
    where = { "/meta/source" = ["a", "b"] }
    ignore = ["W"]
"""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("data/a.jsonl", {"select": ("DEFAULT",), "ignore": ("I",), "never": (), "format": "auto", "wheres": ()}),
        ("data/old/x/a.jsonl", {"never": ("TXT",)}),
        ("data/synthetic/a.jsonl", {
            "select": ("S",), "ignore": ("I",), "never": ("Q",), "format": "sharegpt",
            "fields": Table({"role": "from"}), "rules": Table({"one": {"x": 1, "y": 2}}),
            "severity": Table({"TXT1": "error"}),
        }),
    ],
)  # fmt: skip
def test_overrides(tmp_path: Path, path: str, expected: dict[str, Any]) -> None:
    policy = config(tmp_path, OVERRIDES).policy_for(Path(path))
    assert {name: getattr(policy, name) for name in expected} == expected


def test_where_only_ignores(tmp_path: Path) -> None:
    policy = config(tmp_path, OVERRIDES).policy_for(Path("x/y.raw.jsonl"))
    (where,) = policy.wheres
    assert (thaw(where.where), where.ignore, policy.never) == ({"/meta/source": ["a", "b"]}, ("W",), ())


def test_select_on_the_command_line_beats_overrides_but_not_their_ignores(tmp_path: Path) -> None:
    policy = config(tmp_path, OVERRIDES, {"select": ("Z",), "format": "alpaca"}).policy_for(
        Path("data/synthetic/a.jsonl")
    )
    assert (policy.select, policy.never, policy.format) == (("Z",), ("Q",), "alpaca")


def test_required_version(tmp_path: Path) -> None:
    assert config(tmp_path, f'required-version = "=={__version__}"').required_version == f"=={__version__}"


def test_an_override_is_a_value() -> None:
    assert hash(Override(("a",))) == hash(Override(("a",)))


LINES = """\
select = ["A"]
a.b = 1
[rules]
first = { x = 1 }
[rules."se cond"]  # comment
x = 1
[[o]]
f = 1
[[o]]
f = 2
"""


@pytest.mark.parametrize(
    ("keys", "line", "exact"),
    [
        (("select",), 1, True),
        (("a",), 2, True),
        (("a", "b"), 2, True),
        (("rules", "first"), 4, True),
        (("rules", "first", "x"), 4, False),
        (("rules", "se cond", "x"), 6, True),
        (("o", 0, "f"), 8, True),
        (("o", 1, "f"), 10, True),
        (("o", 1, "g"), 9, False),
        (("nothing",), 1, False),
    ],
)
def test_the_line_of_a_key(keys: tuple[str | int, ...], line: int, exact: bool) -> None:
    assert line_of(LINES, keys) == (line, exact)
