"""The files that `datalint init` writes: a config for the data that is there, hooks for pre-commit, a workflow for CI."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import regex

from datalint import __version__
from datalint.docs_settings import toml
from datalint.inventory import Counted, Inventory, suffix_of
from datalint.terminal import Look, count, pad, size, text_width, visible

LISTED = 20  # files that the config names
PACKAGE = "llm-datalint"
_LOOK = Look()


def config(found: Inventory) -> str:
    """A config with comments that say what is there and what may be changed."""
    return "\n".join([*_data(found), *_names(found), *_formats(found), *_RULES, *_splits(found), *_REST]) + "\n"


def _data(found: Inventory) -> Iterator[str]:
    yield "# What `datalint check` does here. `datalint config` explains all keys, `datalint config --show` what is set."
    yield ""
    if not found.files:
        yield "# No data was found. What is checked when no path is given:"
        yield '# include = ["data/**/*.jsonl"]'
        yield ""
        return
    total = size(sum(file.size for file in found.files))
    yield f"# The data: {count(len(found.files), 'file')}, {total}."
    yield from _table(found.files)
    if found.hidden:
        yield "# git ignores these files; what `include` names is read all the same."
    yield f"include = {_listed(found.include)}"
    yield '# exclude = ["data/raw/**"]'
    yield ""


def _table(files: Sequence[Counted]) -> Iterator[str]:
    rows = [(visible(file.path, _LOOK), size(file.size), _about(file)) for file in files[:LISTED]]
    wide = [max(text_width(row[k]) for row in rows) for k in (0, 1)]
    for path, bytes_, about in rows:
        yield f"#   {pad(path, wide[0])}  {bytes_:>{wide[1]}}  {about}".rstrip()
    if len(files) > LISTED:
        yield f"#   and {len(files) - LISTED:,} more"


def _about(file: Counted) -> str:
    if file.trouble:
        return f"not checked: {visible(file.trouble, _LOOK)}"
    if file.shapes is None:
        return "not looked into"
    names = ", ".join(sorted(file.shapes, key=lambda name: -(file.shapes or {})[name])) or ""
    return f"{'' if file.exact else 'about '}{count(file.records, 'record')}, {names}"


def _listed(globs: Sequence[str]) -> str:
    whole = toml(list(globs))
    if len(whole) < 100:
        return whole
    return "[\n" + "".join(f"  {toml(glob)},\n" for glob in globs) + "]"


def _names(found: Inventory) -> Iterator[str]:
    yield "# The field that tells one record from all others. Reports name records by it, and so does the ignore file."
    if found.id_field:
        yield f"# In the {count(found.read, 'record')} that were read it is never the same twice."
        yield f"id-field = {toml(found.id_field)}"
    else:
        yield "# None was found, so a hash of the whole record stands for it."
        yield '# id-field = "id"'
    yield ""


def _formats(found: Inventory) -> Iterator[str]:
    shapes = found.shapes
    yield "# The format of each record is found by itself; `datalint formats` lists them."
    if len(shapes) == 1 and "unknown" not in shapes:
        yield "# All records that were read have this one. To hear of any that has not:"
        yield f"# format = {toml(next(iter(shapes)))}"
    elif "unknown" in shapes:
        yield "# Some records have none that is known. Where only the names of fields are other ones:"
        yield '# format = { shape = "alpaca", instruction = "query", output = "reply" }'
    else:
        yield '# format = "alpaca"'
    yield ""


def _splits(found: Inventory) -> Iterator[str]:
    kinds = sorted({file.split for file in found.files if file.split})
    if kinds:
        yield f"# By the names of the files there are splits: {', '.join(kinds)}. Rules tell what is in two of them."
    else:
        yield "# Rules tell what is trained on and tested on alike, where they know which files are which."
    yield "# [[splits]]"
    yield '# name = "test"'
    yield '# files = ["data/test*.jsonl"]'
    yield ""


_RULES = """\
# The rules: DEFAULT is all but pedantic and preview ones. `datalint rules` lists them, `datalint rule NAME` explains one.
select = ["DEFAULT"]
# ignore = ["TXT202"]

# From which severity on a finding fails the run: error, warning or info.
fail-level = "error"

# [severity]
# error = ["DUP"]
# info = ["TXT"]

# A budget: rules that fail the run only where they find more than so much for each record.
# [[gates]]
# rules = ["QLT"]
# max-rate = 0.01

""".splitlines()

_REST = """\
# What holds for some files, or for some records of them.
# [[overrides]]
# files = ["data/synthetic/**"]
# ignore = ["ai-self-reference"]
""".splitlines()


def pre_commit(found: Inventory, folder: str) -> str:
    """Hooks for pre-commit that install this version; ``folder``: the config's, from the root of the repository."""
    files = json.dumps(_matching(found, folder), ensure_ascii=False)
    return "repos:\n  - repo: local\n    hooks:\n" + "".join(_hook(*one, folder, files) for one in _HOOKS)


_HOOKS = (
    ("datalint-check", "check --force-exclude --scope record,file", ""),
    (
        "datalint-dataset",
        "check --scope dataset",
        "        pass_filenames: false\n        stages: [pre-push, manual]\n",
    ),
)
_ANYWHERE = (".jsonl", ".ndjson")  # files that are data wherever they lie


def _matching(found: Inventory, folder: str) -> str:
    """The pattern of the files that a hook is for: those that are data by their names, and others in folders with data."""
    other: dict[str, set[str]] = {}
    for file in found.files:
        top, slash, name = file.path.rpartition("/")
        suffix = suffix_of(name)
        if suffix not in _ANYWHERE:
            other.setdefault(suffix, set()).add(regex.escape(top.partition("/")[0]) + "/.*" if slash else "[^/]*")
    below = regex.escape(folder) + "/" if folder else ""
    parts = [f"{'.*' if not below else below + '.*'}[.](jsonl|ndjson)"]
    parts += [f"{below}({'|'.join(sorted(tops))}){regex.escape(suffix)}" for suffix, tops in sorted(other.items())]
    return f"^({'|'.join(parts)})$"


def _hook(name: str, arguments: str, more: str, folder: str, files: str) -> str:
    named = f" --config {json.dumps(folder + '/datalint.toml', ensure_ascii=False)}" if folder else ""
    return f"""\
      - id: {name}
        name: {name}
        entry: {json.dumps(f"datalint {arguments}{named}", ensure_ascii=False)}
        language: python
        additional_dependencies: ["{PACKAGE}=={__version__}"]
        files: {files}
        require_serial: true
{more}"""


def workflow(folder: str, branch: str) -> str:
    """A workflow for GitHub Actions that checks pull requests, and what is pushed to ``branch``."""
    where = f"    defaults:\n      run:\n        working-directory: {json.dumps(folder)}\n" if folder else ""
    return f"""\
name: datalint
on:
  pull_request:
  push:
    branches: [{json.dumps(branch)}]
permissions:
  contents: read
jobs:
  datalint:
    runs-on: ubuntu-latest
{where}    steps:
      - uses: actions/checkout@v4
        with:
          lfs: true
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: python -m pip install {PACKAGE}=={__version__}
      - run: datalint check --output-format github
"""
