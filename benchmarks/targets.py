"""Predictions of what trainers do, held against the trainers' own code, record by record.

    python benchmarks/targets.py --python VENV/bin/python [--records FILE.jsonl] [--show]

VENV has the trainers (see targets_trainers.py); those it has not are skipped. The records are made here: conversations,
instructions and pairs with one defect each; FILE adds others. Only records whose format a target reads are compared.
"""

from __future__ import annotations

import argparse
import copy
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from datalint_rules.target._predicted import predicted
from datalint_rules.target._targets import TARGETS

from datalint.loading import load_batch
from datalint.readers import reader
from datalint.readers.opening import open_source
from datalint.shapes import Detector, builtin

Data = dict[str, Any]
CALL = {"id": "abcdef123", "type": "function", "function": {"name": "grow", "arguments": '{"tree": "oak"}'}}
TOOL = {"type": "function", "function": {"name": "grow", "description": "Grow.", "parameters": {"type": "object"}}}


def said(role: str, text: Any = "Which tree bears acorns?", **more: Any) -> Data:
    """One message."""
    return {"role": role, "content": text, **more}


def conversations() -> Iterator[list[Any]]:
    """Lists of messages, sound ones first."""
    user, oak = said("user"), said("assistant", "The oak.")
    yield from (
        [user, oak], [said("system", "You know trees."), user, oak], [user, oak, user, oak],
        [user, said("assistant", "", tool_calls=[CALL]), said("tool", "ok", tool_call_id="abcdef123"), oak],
        [user, {"role": "assistant", "tool_calls": [CALL]}, said("tool", "ok", tool_call_id="abcdef123"), oak],
        [user, said("assistant", None, tool_calls=[CALL]), said("tool", "ok", tool_call_id="abcdef123"), oak],
        [], [user], [oak], [oak, user], [user, oak, user], [user, user, oak], [user, oak, oak], [oak, user, oak],
        [user, said("system", "You know trees."), oak], [said("system", "You know trees.")],
        [said("system", "You know trees."), said("system", "You know shrubs."), user, oak],
        [said("system", "You know trees."), oak], [said("human"), oak], [user, said("gpt", "The oak.")],
        [said("developer", "Know trees."), user, oak], [user, said("narrator", "The oak.")],
        [user, said("assistant", "")], [said("user", ""), oak], [user, said("assistant", None)], [said("user", None), oak],
        [user, {"role": "assistant"}], [{"content": "Which?"}, oak], [user, said("assistant", 3)], [user, "The oak."],
        [None, oak], [user, said("assistant", ["The oak."])], [user, said("assistant", "The oak.", weight=0)],
        [user, said("assistant", "The oak.", weight=2)], [said("user", weight=1), oak],
        [user, said("assistant", "The oak.", weight=0.5)],
        [user, said("assistant", "Well.", tool_calls=[CALL]), said("tool", "ok", tool_call_id="abcdef123"), oak],
        [user, said("assistant", "", tool_calls=[{**CALL, "id": "1"}]), said("tool", "ok", tool_call_id="1"), oak],
        [user, said("assistant", "", tool_calls=[CALL]), oak], [user, said("tool", "ok", tool_call_id="abcdef123"), oak],
        [user, said("assistant", "", tool_calls=[{**CALL, "function": {"name": "grow", "arguments": "{tree"}}]),
         said("tool", "ok", tool_call_id="abcdef123"), oak],
        [user, said("assistant", "", tool_calls=[{**CALL, "function": {"name": "grow", "arguments": {"tree": "oak"}}}]),
         said("tool", "ok", tool_call_id="abcdef123"), oak],
        [user, said("assistant", "", tool_calls=[CALL])],
    )  # fmt: skip


def defects() -> Iterator[Data]:
    """All records that are made."""
    roles = {"user": "human", "assistant": "gpt", "tool": "observation"}
    for messages in conversations():
        yield {"messages": messages}
        turns = [
            {new: roles.get(str(m[old]), m[old]) for old, new in (("role", "from"), ("content", "value")) if old in m}
            if isinstance(m, dict) else m
            for m in messages
        ]  # fmt: skip
        yield {"conversations": turns}
    plain = [said("user"), said("assistant", "The oak.")]
    for value in (None, "", "none", 3, {}, {"role": "user"}):
        yield {"messages": value}
        yield {"conversations": value}
    for tools in ([TOOL], [], json.dumps([TOOL]), "{broken", {"name": "grow"}, None):
        yield {"messages": plain, "tools": tools}
    alpaca = {"instruction": "Which tree bears acorns?", "input": "", "output": "The oak."}
    for key in alpaca:
        for value in (None, "", 3, ["The oak."], {"text": "The oak."}):
            yield {**alpaca, key: value}
    for history in ([], [["Hi", "Hello."]], [["Hi"]], ["Hi"], None):
        yield {**alpaca, "history": history}
    for prompt in ("Which tree? ", "", None, [said("user")], [], 3):
        for completion in ("The oak.", "", None, [said("assistant", "The oak.")], [], 3):
            yield {"prompt": prompt, "completion": completion}
    for text in ("Oaks bear acorns.", "", None, 3, ["Oaks."]):
        yield {"text": text}
    yield {"text": "Oaks bear acorns.", "messages": plain}
    better = {"prompt": "Which tree?", "chosen": "The oak.", "rejected": "The ash."}
    for key in better:
        for value in (None, "", 3, [said("assistant", "The oak.")], []):
            yield {**better, key: value}
        yield {k: v for k, v in better.items() if k != key}


def records_of(path: str | None) -> list[Data]:
    """The records made here, and those of a file (each itself, or under "record")."""
    made = [copy.deepcopy(record) for record in defects()]
    for line in Path(path).read_text(encoding="utf-8").splitlines() if path else ():
        data = json.loads(line)
        data = data.get("record", data) if isinstance(data, dict) else data
        if isinstance(data, dict):
            made.append(data)
    return made


def predictions(records: list[Data], name: str) -> dict[int, str]:
    """What is predicted for each record that the target reads."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.jsonl")
        path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
        source = open_source(0, str(path), path.name, limit=1 << 24)
        cut, detector = reader(source.reader), Detector(builtin())
        blocks = (b for s in cut.shards(source, 1 << 30) for b in cut.blocks(source, s, 1 << 30, 1 << 24))
        (batch,) = (load_batch(0, path.name, block, detector, source.facts) for block in blocks)
    read = TARGETS[name].takes | {"unknown"}
    made = {k: "takes" for k, layout in enumerate(batch.layouts) if layout.shape in read and _ours(records[k], name)}
    return made | {k: f"{p.kind}: {p.why}" for k, _, p in predicted(batch, name) if k in made}


def _ours(record: Data, name: str) -> bool:
    """Whether the record is of a format for which the trainer's code is called here."""
    keys = {"messages", "conversations", "instruction"}
    if name in ("axolotl", "mistral", "openai"):
        keys = {"messages"} if name != "axolotl" else {"messages", "conversations"}
    elif name in ("trl", "together"):
        keys = {"messages", "conversations", "prompt", "text", "chosen", "rejected", "input"}
        keys -= {"conversations"} if name == "together" else set()
    text = json.dumps(record)
    if name == "together" and ("tool_calls" in text or '"role": "tool"' in text):
        return False  # it takes calls by now, as its documentation says; this version did not
    if name == "trl" and "prompt" in record and not {"completion", "chosen", "rejected"} & record.keys():
        return False  # prompts alone are for other trainers
    if "instruction" in record and not {"output", "chosen"} & record.keys():
        return False  # a matter of the names that are declared
    pair = "chosen" in record or "rejected" in record
    return bool(keys & record.keys()) and not (pair and name in ("axolotl", "torchtune"))


def main() -> None:
    """One line a target."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--python", default=sys.executable)
    asked.add_argument("--records")
    asked.add_argument("--show", action="store_true")
    asked.add_argument("targets", nargs="*")
    given = asked.parse_args()
    records = records_of(given.records)
    worker = Path(__file__).with_name("targets_trainers.py")
    for name in given.targets or [n for n in TARGETS if n not in ("unsloth", "fireworks")]:
        guessed = predictions(records, name)
        lines = "".join(json.dumps(records[k]) + "\n" for k in guessed)
        done = subprocess.run([given.python, worker, name], input=lines, capture_output=True, text=True, check=False)
        if done.returncode or not done.stdout.strip():
            print(f"{name}: skipped, not installed {done.stderr.strip()[-300:] if given.show else ''}")
            continue
        count: Counter[str] = Counter()
        for (k, guess), real in zip(guessed.items(), json.loads(done.stdout.splitlines()[-1]), strict=True):
            one, other = guess.partition(":")[0], real.partition(":")[0]
            count["same"] += one == other
            count["both"] += one != "takes" and other != "takes"
            count["told"] += one != "takes"
            count["real"] += other != "takes"
            if given.show and one != other:
                print(f"  {json.dumps(records[k])[:160]}\n    predicted {guess}\n    {name}: {real}")
        print(
            f"{name}: {len(guessed)} records, {count['same'] / len(guessed):.1%} as predicted; precision "
            f"{count['both'] / max(1, count['told']):.3f}, recall {count['both'] / max(1, count['real']):.3f}"
        )


if __name__ == "__main__":
    main()
