"""The rules about chat templates: what they say of whole files, and that nobody sees how the data was cut."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
import running
from click.testing import CliRunner

from datalint import run
from datalint.cli import main
from datalint.model import Finding
from datalint.outcome import order
from datalint.rule import given
from datalint.templating import Templates

TPL = [spec for spec in running.specs() if spec.card.code.startswith("TPL2")]
DATASET = [spec for spec in TPL if spec.card.unit == "dataset"]
ASKED = {"role": "user", "content": "Which tree? "}
SAID = {"role": "assistant", "content": "An oak."}
SYSTEM = {"role": "system", "content": "You know trees."}
THOUGHT = {"role": "assistant", "content": "<think>\nLobed.\n</think>\n\nAn oak."}
KINDS: list[dict[str, Any]] = [
    {"messages": [SYSTEM, ASKED, SAID]},
    {"messages": [ASKED, SAID]},
    {"messages": [ASKED, THOUGHT, ASKED, SAID]},
    {"messages": [{"role": "human", "content": "x"}, SAID]},
    {"messages": [ASKED, SAID], "tools": [{"type": "function", "function": {"name": "find_leaf"}}]},
    {"conversations": [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}]},
    {"instruction": "Add.", "input": "1 2", "output": "3"},
    {"prompt": "Which?", "chosen": "Oak.", "rejected": "Fir."},
    {"text": "<s>plain"},
    {"nonsense": 1},
]
BOTH = {"template": "mistral-v3", "serve_template": "llama-2"}


def lines(number: int) -> bytes:
    return b"".join(json.dumps(KINDS[n * 7 % len(KINDS)] | {"id": n}).encode() + b"\n" for n in range(number))


def live(spec: Any, templates: Templates) -> Any:
    options = {name: option.default for name, option in spec.card.options.items()}
    return spec.build(options, {"templates": given("templates", templates)})


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("templates") / "data.jsonl"
    made.write_bytes(lines(120))
    return made


@pytest.mark.parametrize("spec", DATASET, ids=lambda s: s.card.code)
@pytest.mark.parametrize("template", ["mistral-v3", "qwen3", "glm-4.5"])
def test_states_do_not_tell_how_the_data_was_cut(spec: Any, template: str, path: Path) -> None:
    rule = live(spec, Templates(template, "chatml"))
    records = running.scan(running.settings(path.parent, path.name, select=())).records

    def said(state: Any) -> list[Finding]:
        return sorted(rule.finish(state, records), key=order)

    whole = [running.state(rule, batch) for batch in running.batches(path, 1 << 30)]
    parts = [running.state(rule, batch) for batch in running.batches(path, 1 << 12)]
    assert len(whole) == 1
    assert len(parts) > 2
    for some in permutations(range(3)):
        first, *rest = [*(parts[n] for n in some), *parts[3:]]
        for state in rest:
            first = rule.merge(first, state)
        assert said(first) == said(whole[0])


def test_processes_tell_what_one_process_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.jinja").write_text("{% for m in messages %}[{{ m.role }}]{{ m.content | trim }}{% endfor %}")
    running.write(tmp_path, {"a.jsonl": lines(300), "b.jsonl": lines(40)})
    wanted = running.settings(tmp_path, "a.jsonl", "b.jsonl", select=("TPL",), template=str(tmp_path / "mine.jinja"))
    one = running.told(running.scan(wanted), wanted)
    monkeypatch.setattr(run, "PARALLEL_BYTES", 0)
    monkeypatch.setattr(run, "SHARD_BYTES", 1 << 13)
    assert running.told(running.scan(replace(wanted, jobs=2)), wanted) == one
    assert one.count("\n") >= 4


def test_what_most_records_show_is_said_once(tmp_path: Path) -> None:
    records = [KINDS[0]] * 9 + [KINDS[1]] * 3
    running.write(tmp_path, {"a.jsonl": b"".join(json.dumps(r).encode() + b"\n" for r in records)})
    wanted = running.settings(tmp_path, "a.jsonl", select=("TPL202",), template="mistral-v3")
    found = list(running.scan(wanted).findings)
    assert [f.message for f in found] == ["the template leaves out the system message in 9 of 9 records that have one"]
    assert [r.ref.line for r in found[0].related] == [1, 2, 3]


def test_what_few_records_show_is_said_of_each(tmp_path: Path) -> None:
    records = [KINDS[1]] * 9 + [{"messages": [ASKED, ASKED, SAID]}]
    running.write(tmp_path, {"a.jsonl": b"".join(json.dumps(r).encode() + b"\n" for r in records)})
    wanted = running.settings(tmp_path, "a.jsonl", select=("TPL201",), template="mistral-v1")
    assert [f.ref.line for f in running.scan(wanted).findings if f.ref] == [10]


def test_without_a_template_nothing_is_said(path: Path) -> None:
    wanted = running.settings(path.parent, path.name, select=("TPL2",))
    assert list(running.scan(wanted).findings) == []


# ---- the commands ----


def command(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == code, result.output
    return result.stdout


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data.jsonl").write_bytes(lines(30))
    source = "{% for m in messages %}<{{ m.role }}>{{ m.content }}</>{% endfor %}"
    (tmp_path / "mine.jinja").write_text(source)
    return tmp_path


def test_families_are_listed() -> None:
    told = command("template", "--isolated")
    assert told.startswith("chatml ")
    assert json.loads(command("template", "--isolated", "--output-format", "json"))["llama-3.1"]["aliases"]
    assert "| qwen3 | kept |" in command("template", "--isolated", "--table")


def test_a_template_is_told(folder: Path) -> None:
    assert "system             dropped" in command("template", "mistral-v3", "--isolated")
    told = json.loads(command("template", "mine.jinja", "--isolated", "--output-format", "json"))
    assert told["template"] == "mine.jinja"
    assert told["around"]["user 0"] == {"before": "<user>", "after": "</><assistant>"}
    assert "did you mean 'gemma'" in CliRunner().invoke(main, ["template", "gema", "--isolated"]).stderr


def test_a_record_is_shown_as_the_model_reads_it(folder: Path) -> None:
    told = command("template", "mistral-v3", "--record", "data.jsonl:1", "--isolated")
    assert "<s>[INST] Which tree? [/INST] An oak.</s>" in told
    assert "system at /messages/0/content: its content is left out" in told
    said = json.loads(
        command("template", "--record", "data.jsonl:1", "--config", 'template = "chatml"', "--output-format", "json")
    )
    assert said[0]["trained"] == [[107, 125]]
    assert [t["state"] for t in said[0]["texts"]] == ["whole"] * 3
    command("template", "chatml", "--record", "data.jsonl:999", "--isolated", code=2)
    command("template", "chatml", "--record", "data.jsonl", "--isolated", code=2)
    command("template", "--record", "data.jsonl:1", "--isolated", code=2)


def test_what_was_locked_stays_or_fails(folder: Path) -> None:
    check = (
        "check",
        "data.jsonl",
        "--select",
        "TPL211",
        "--isolated",
        "--template",
        "mine.jinja",
        "--lock",
        "datalint.lock",
    )
    command("lock", "data.jsonl", "--isolated", code=2)
    command("lock", "data.jsonl", "--template", "mine.jinja", "--isolated")
    written = (folder / "datalint.lock").read_text()
    assert "An oak" not in written
    assert "All checks passed" in command(*check)
    command("lock", "data.jsonl", "--template", "mine.jinja", "--isolated")
    assert (folder / "datalint.lock").read_text() == written
    (folder / "mine.jinja").write_text("{% for m in messages %}<{{ m.role }}> {{ m.content }}</>{% endfor %}")
    assert "before user text 1: '<user>' was locked, '<user> ' is printed now" in command(*check, code=1)
    (folder / "mine.jinja").write_text("{% for m in messages %}<{{ m.role }}>{{ m.content | trim }}</>{% endfor %}")
    assert "trims: 'no' was locked, 'system, user, assistant' it is now" in command(*check, code=1)
    assert "serve-template: none was locked, one is named now" in command(*check, "--serve-template", "chatml", code=1)
    (folder / "data.jsonl").write_bytes(lines(3))
    assert "locked records are not in the data any more" in command(*check, code=1)
    (folder / "datalint.lock").write_text("{}")
    command(*check, code=2)
