"""The house rules: what can be said of every file, checked like code."""

from __future__ import annotations

import ast
import re
import shlex
import shutil
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pages
import pytest
import running

import datalint
from datalint import hookspecs
from datalint.card import Card
from datalint.cli import main

ROOT = Path(__file__).parent.parent
FOLDERS = ("datalint", "rules", "tests", "benchmarks", "examples", "docs")
TOP = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "Makefile",
    "pyproject.toml",
    "setup.py",
    ".pre-commit-hooks.yaml",
)
TEXTS = (".py", ".toml", ".md", ".yaml", ".jsonl", ".json")


def files(*suffixes: str, under: tuple[str, ...] = FOLDERS) -> list[Path]:
    found = [p for folder in under for p in sorted((ROOT / folder).rglob("*")) if p.suffix in suffixes and p.is_file()]
    return [p for p in found if "__pycache__" not in p.parts]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


PYTHON = files(".py")
ENGINE = files(".py", under=("datalint",))
RULES = files(".py", under=("rules",))
ALL = [*files(*TEXTS), *(ROOT / n for n in TOP if (ROOT / n).is_file())]


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def tree(path: Path) -> ast.Module:
    return ast.parse(read(path))


def comments(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of each comment of a Python or TOML file."""
    if path.suffix == ".py":
        with path.open("rb") as f:
            yield from ((t.start[0], t.string) for t in tokenize.tokenize(f.readline) if t.type == tokenize.COMMENT)
    else:
        yield from ((n, line) for n, line in enumerate(read(path).split("\n"), 1) if line.startswith("#"))


# ---- form ----


def test_no_file_is_too_long() -> None:
    sizes = {name(p): read(p).count("\n") for p in files(".py", ".toml")}
    assert {n: size for n, size in sizes.items() if size > 400} == {}


def test_nothing_is_left_to_do() -> None:
    words = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
    left = [f"{name(p)}:{n}" for p in files(".py", ".toml") for n, text in comments(p) if words.search(text)]
    assert left == []


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    paths = re.compile(r"/(?:wor" r"k|ro" r"ot|home/(?!me/)\w+|opt/\w+)/\w")
    assert [name(p) for p in ALL if paths.search(read(p))] == []


# around rules, around the code of plugins, and around everything for the sake of the exit code
BROAD = {"datalint/scan.py": 2, "datalint/run.py": 1, "datalint/foreign.py": 1, "datalint/cli/__init__.py": 1,
         "datalint/kept_states.py": 2}  # fmt: skip


def test_nothing_is_swallowed() -> None:
    found: dict[str, int] = {}
    for path in [*ENGINE, *RULES]:
        lines = read(path).split("\n")
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ExceptHandler) and _is_broad(node) and not _is_raised_again(node):
                found[name(path)] = found.get(name(path), 0) + 1
                around = lines[node.lineno - 2 : node.lineno]
                assert any("#" in line for line in around), f"{name(path)}:{node.lineno} does not say why"
    assert found == BROAD


def _is_broad(handler: ast.ExceptHandler) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(t is None or getattr(t, "id", "") in ("Exception", "BaseException") for t in caught)


def _is_raised_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_public_things_say_what_they_are() -> None:
    silent = [f"{name(p)}: {what}" for p in [*ENGINE, *RULES] for what in _undocumented(tree(p), "")]
    assert silent == []


def _undocumented(node: Any, inside: str) -> Iterator[str]:
    if isinstance(node, ast.Module) and node.body and ast.get_docstring(node) is None:
        yield "the module"
    for child in node.body:
        if isinstance(child, (ast.FunctionDef, ast.ClassDef)) and not child.name.startswith("_"):
            if ast.get_docstring(child) is None:
                yield f"{inside}{child.name}"
            if isinstance(child, ast.ClassDef):
                yield from _undocumented(child, f"{inside}{child.name}.")


# ---- words ----

SYNONYMS = re.compile(r"(?i)(?<![\w-])(issues?|violations?|checkers?|linter-rules?|samples?)(?![\w-])")
OF_OTHERS = re.compile(r"(?i)[`'\"(/.]|issues? tracker|github|gitlab|in a row|datalint sample")  # quoted, or a name


def test_one_word_for_one_thing() -> None:
    wrong = []
    for path in [*ENGINE, *files(".md", under=("docs",))]:
        for number, text in _prose(path):
            for found in SYNONYMS.finditer(text):
                around = text[max(0, found.start() - 12) : found.end() + 12]
                if not OF_OTHERS.search(around):
                    wrong.append(f"{name(path)}:{number}: {around}")
    assert wrong == []


def _prose(path: Path) -> Iterator[tuple[int, str]]:
    """What a file says to people: docstrings and comments, and the text of pages without their code."""
    if path.suffix == ".md":
        fenced = False
        for number, line in enumerate(read(path).split("\n"), 1):
            fenced ^= line.startswith("```")
            if not fenced:
                yield number, line
        return
    yield from comments(path)
    for node in ast.walk(tree(path)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
            yield getattr(node, "lineno", 1), ast.get_docstring(node) or ""


# ---- who may know whom ----


def test_rules_come_in_through_the_front_door() -> None:
    wrong = []
    for path in RULES:
        if path == ROOT / "rules/__init__.py":
            continue  # it is the door itself: the hook that registers the folder
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "datalint":
                names = [a.name for a in node.names]
                if node.module != "datalint" or set(names) - set(datalint.__all__):
                    wrong.append(f"{name(path)}: from {node.module} import {', '.join(names)}")
            if isinstance(node, ast.Import) and any(a.name.split(".")[0] == "datalint" for a in node.names):
                wrong.append(f"{name(path)}: import datalint")
    assert wrong == []


def test_patterns_on_data_cannot_hang() -> None:
    wrong = [name(p) for p in [*ENGINE, *RULES] for module in _imports(p) if module == "re"]
    assert wrong == [], "use regex, which has timeouts"


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_only_commands_and_reporters_print() -> None:
    prints = [
        f"{name(p)}:{node.lineno}"
        for p in [*ENGINE, *RULES]
        if "cli" not in p.parts and "reporters" not in p.parts
        for node in ast.walk(tree(p))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print"
    ]
    assert prints == []


def test_the_front_door_opens() -> None:
    for thing in datalint.__all__:
        assert getattr(datalint, thing) is not None
    with pytest.raises(AttributeError, match="nothing_of_ours"):
        _ = datalint.nothing_of_ours


HEAVY = {
    "numpy",
    "orjson",
    "pluggy",
    "regex",
    "hyperscan",
    "ftfy",
    "langdetect",
    "presidio_analyzer",
    "zstandard",
    "spacy",
}


@pytest.mark.parametrize(
    ("doing", "free_of"),
    [
        ("import datalint", HEAVY | {"click"}),
        ("import datalint.cli", HEAVY),
        ("import datalint.pytest_plugin", HEAVY | {"click"} - {"pluggy"}),
        ("from datalint.cli import main; main(['--version'], standalone_mode=False)", HEAVY),
        (
            "from datalint.cli import main; main(['rules'], standalone_mode=False)",
            HEAVY - {"pluggy", "regex", "orjson"},
        ),
    ],
    ids=["datalint", "datalint.cli", "pytest plugin", "--version", "rules"],
)
def test_heavy_things_are_imported_where_they_are_used(doing: str, free_of: set[str]) -> None:
    ask = f"import sys\ntry:\n    {doing}\nexcept SystemExit: pass\nprint('loaded:', *{{m.split('.')[0] for m in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = set(done.stdout.rpartition("loaded:")[2].split())
    assert loaded & (free_of - {"pluggy"} if "pytest" in doing else free_of) == set()


# ---- cards ----

CARDS = [spec.card for spec in running.specs()]
SURE = 0.9


@pytest.mark.parametrize("card", [c for c in CARDS if c.default and c.origin], ids=lambda c: c.code)
def test_rules_that_are_on_were_judged(card: Card) -> None:
    """A share of right findings on real data, or the reason why there is none."""
    judged = card.judged
    file = name(Path(card.origin))
    if judged is None or len(judged.on) < len("no real data"):
        pytest.fail(f"{file}: [judged] says how many findings were read, or why none")
    assert judged.right >= SURE * judged.read, f"{file}: {judged.right} of {judged.read} is not enough"


def test_codes_belong_to_families() -> None:
    homes: dict[str, set[str]] = {}
    for card in (c for c in CARDS if c.origin):
        homes.setdefault(card.code[:3], set()).add(Path(card.origin).parent.name)
    assert {prefix: found for prefix, found in homes.items() if len(found) > 1} == {}


def test_files_are_called_like_their_rules() -> None:
    files = {Path(c.origin): c for c in CARDS if c.origin}
    assert [name(path) for path, card in files.items() if path.stem != card.name.replace("-", "_")] == []


def test_every_file_of_the_rules_is_installed() -> None:
    inside = [p for p in (ROOT / "rules").rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    assert {p.suffix for p in inside} <= {".toml", ".py"}, "setup.py installs no others"


# ---- pages ----


def page(path: str) -> str:
    return read(ROOT / path)


def commands() -> dict[str, click.Command]:
    context = click.Context(main)
    return {n: command for n in main.list_commands(context) if (command := main.get_command(context, n)) is not None}


def section(text: str, title: str) -> str:
    """The part of a page under the heading ``title``."""
    found = re.search(rf"(?ms)^(#+) {re.escape(title)}$(.*?)(?=^#{{1,2}} |\Z)", text)
    assert found, f"no heading {title!r}"
    return found[2]


@pytest.mark.parametrize("command", sorted(commands()))
def test_every_option_is_documented(command: str) -> None:
    said = section(page("docs/commands.md"), f"datalint {command}")
    options = [
        o for p in commands()[command].params if isinstance(p, click.Option) for o in (*p.opts, *p.secondary_opts)
    ]
    assert [o for o in options if f"`{o}`" not in said and f"`{o} " not in said and f" {o}`" not in said] == []


def test_no_option_is_made_up() -> None:
    every = [one for c in commands().values() for one in (c, *getattr(c, "commands", {}).values())]
    known = {o for c in every for p in c.params for o in (*p.opts, *p.secondary_opts)} | {
        "--help",
        "--version",
    }
    said = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", page("docs/commands.md")))
    assert said - known == set()


def test_every_exit_code_is_documented() -> None:
    said = section(page("docs/commands.md"), "Exit codes")
    assert re.findall(r"(?m)^\| (\d+) \|", said) == ["0", "1", "2", "3", "130", "141"]


def test_every_hook_is_documented() -> None:
    said = page("docs/plugins.md")
    for node in tree(ROOT / "datalint/hookspecs.py").body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith(hookspecs.PREFIX):
            arguments = ", ".join(a.arg for a in node.args.args)
            assert f"`{node.name}({arguments})`" in said, f"{node.name}({arguments})"


def test_every_environment_variable_is_documented() -> None:
    used = {v for p in ENGINE for v in re.findall(r"\bDATALINT_[A-Z_]+\b", read(p))}
    assert [v for v in sorted(used) if f"`{v}`" not in page("docs/configuration.md")] == []


def test_links_lead_somewhere() -> None:
    broken = []
    for path in [*files(".md", under=("docs", "examples")), *(ROOT / n for n in TOP if n.endswith(".md"))]:
        text = re.sub(r"(?s)```.*?```|`[^`\n]*`", "", read(path))
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
            if "://" not in target and not (path.parent / target).exists():
                broken.append(f"{name(path)}: {target}")
    assert broken == []


def blocks(path: str, language: str) -> list[str]:
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", page(path))


CONSOLE = [(path, block) for path in pages.PAGES for block in pages.blocks(page(path))]


@pytest.mark.parametrize(("path", "block"), CONSOLE, ids=[f"{p}-{b[2:42].splitlines()[0]}" for p, b in CONSOLE])
def test_what_pages_show_is_what_happens(path: str, block: str) -> None:
    assert pages.timeless(pages.run(block)) == pages.timeless(block), "`make docs` brings the pages up to date"


@pytest.mark.parametrize("path", ["README.md", "docs/configuration.md"])
def test_configs_on_pages_are_valid(path: str, tmp_path: Path) -> None:
    from datalint import plugins
    from datalint.config import load

    for number, block in enumerate(b for b in blocks(path, "toml") if not b.startswith("[[repos]]")):
        folder = tmp_path / str(number)
        (folder / "rules").mkdir(parents=True)
        (folder / "datalint.toml").write_text(block, encoding="utf-8")
        settings = load({}, cwd=folder)
        plugins.load(settings).registry.select(settings.policy)


HOOKS = re.findall(r"(?s)- id: ([\w-]+)\n.*?entry: (datalint [^\n]+)", read(ROOT / ".pre-commit-hooks.yaml"))


@pytest.mark.parametrize(("hook", "entry"), HOOKS, ids=[h for h, _ in HOOKS])
def test_pre_commit_hooks_run(hook: str, entry: str, tmp_path: Path) -> None:
    """With names of files where the hook takes them, in a copy of the examples, which has rules of its own too."""
    shutil.copytree(ROOT / "examples", tmp_path / "here")
    block = section_of_hook(hook)
    named = [] if "pass_filenames: false" in block else ["chat.jsonl", "sharegpt.jsonl"]
    pattern = re.search(r"files: (\S+)", block)
    assert pattern
    assert all(re.search(pattern[1], path) for path in named or ["rules/a.toml" if "rules" in hook else "a.jsonl"])
    done = subprocess.run(
        [sys.executable, "-m", *shlex.split(entry), *named], capture_output=True, text=True, cwd=tmp_path / "here"
    )
    assert done.returncode in (0, 1), done.stderr
    assert f"`{hook}`" in page("docs/pre-commit.md")


def section_of_hook(hook: str) -> str:
    return page(".pre-commit-hooks.yaml").partition(f"- id: {hook}\n")[2].partition("\n- id:")[0]


def test_the_version_is_one() -> None:
    assert f'version = "{datalint.__version__}"' in page("pyproject.toml")
    assert f"## {datalint.__version__}" in page("CHANGELOG.md")
