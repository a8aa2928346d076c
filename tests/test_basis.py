"""What scans depend on: any change of it, and nothing else, makes another digest."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import running

from datalint import basis, given, plugins
from datalint.basis import Basis
from datalint.beside import Splits
from datalint.config import Settings
from datalint.config_keys import Table
from datalint.plugins import Plugins
from datalint.readers.opening import open_source
from datalint.scan import Crew
from datalint.shapes import Detector

RULE = b'"""Rules."""\n\n\ndef check_own(line):\n    """Falls."""\n    assert b"a" in line.raw\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A file, a rule and a list of seeds."""
    running.write(
        tmp_path, {"a.jsonl": b'{"text": "a"}\n', "rules/own.py": RULE, "rules/words.txt": b"a", "seeds.jsonl": b"{}\n"}
    )
    return tmp_path


def settings(project: Path, **more: Any) -> Settings:
    common = {"rule_paths": (project / "rules",), "rules": Table({"seed-copy": {"seeds": "seeds.jsonl"}})}
    return running.settings(project, "a.jsonl", **(common | more))


def digest(wanted: Settings, name: str = "a.jsonl") -> bytes:
    loaded = plugins.load(wanted)
    source = open_source(0, str(wanted.cwd / name), name, limit=1 << 20)
    return Basis(wanted, loaded, Splits((), [source], 1)).of(source, wanted.policy, crew(wanted, loaded))


def crew(wanted: Settings, loaded: Plugins) -> Crew:
    """The rules as a run makes them."""
    policy, registry = wanted.policy, loaded.registry
    known = {**given.for_all(wanted, [], 0, [], loaded), **given.for_files(policy, wanted)}
    rules = registry.build(registry.select(policy), known)
    severities = {r.card.code: registry.severity_of(r.card, policy) for r in rules}
    return Crew(0, Detector(()), rules, severities)


CHANGES: dict[str, Callable[[Path], object]] = {
    "a rule": lambda project: (project / "rules/own.py").write_bytes(RULE.replace(b'b"a"', b'b"b"')),
    "a file beside a rule": lambda project: (project / "rules/words.txt").write_bytes(b"b"),
    "another file beside it": lambda project: (project / "rules/more.txt").write_bytes(b""),
    "a file that an option names": lambda project: (project / "seeds.jsonl").write_bytes(b"[]\n"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_files_count(project: Path, change: str) -> None:
    before = digest(settings(project))
    CHANGES[change](project)
    assert digest(settings(project)) != before


MORE: dict[str, dict[str, Any]] = {
    "rules": {"select": ("TXT",)},
    "an option": {"rules": Table({"seed-copy": {"seeds": "seeds.jsonl", "similarity": 61}})},
    "a severity": {"severity": Table({"TXT": "error"})},
    "the limit": {"max_record_bytes": 17},
    "the format": {"format": "text"},
}


@pytest.mark.parametrize("change", MORE)
def test_settings_count(project: Path, change: str) -> None:
    assert digest(settings(project, **MORE[change])) != digest(settings(project))


@pytest.mark.parametrize("more", [{"jobs": 3}, {"output_format": "json"}, {"fix": True}, {"fail_level": "info"}])
def test_what_changes_no_scan_does_not_count(project: Path, more: dict[str, Any]) -> None:
    assert digest(settings(project, **more)) == digest(settings(project))


def test_names_count_for_rules_of_others_only(project: Path) -> None:
    (project / "b.jsonl").write_bytes((project / "a.jsonl").read_bytes())
    assert digest(settings(project)) != digest(settings(project), "b.jsonl")
    own = replace(settings(project), rule_paths=())
    assert digest(own) == digest(own, "b.jsonl")


def test_what_is_installed_counts(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = digest(settings(project))
    (project / "site/new-1.0.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(str(project / "site"))
    assert digest(settings(project)) != before


def test_it_is_the_same_in_every_process(project: Path) -> None:
    ask = (
        "import sys; sys.path[:0] = sys.argv[1:2]; import test_basis; from pathlib import Path\n"
        "print(test_basis.digest(test_basis.settings(Path(sys.argv[2]))).hex())"
    )
    folder = str(Path(__file__).parent)
    said = {
        subprocess.run([sys.executable, "-c", ask, folder, str(project)], capture_output=True, text=True, check=True,
                       env=env).stdout
        for env in ({**os.environ, "PYTHONHASHSEED": seed} for seed in ("1", "2"))
    }  # fmt: skip
    assert len(said) == 1


@pytest.mark.parametrize(("one", "other"), [({"a": 1, "b": 2}, {"b": 2, "a": 1}), (frozenset("abc"), frozenset("cba"))])
def test_order_that_means_nothing_does_not_count(one: Any, other: Any) -> None:
    assert basis._told(one) == basis._told(other)
