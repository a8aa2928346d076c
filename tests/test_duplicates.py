"""Duplicates: what is the same, what is alike, and that brute force finds nothing else."""

from __future__ import annotations

import json
import pickle
import random
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import running
from datalint_rules.duplicates import _clusters, _content, _form, _minhash, _words

from datalint.batch import Batch
from datalint.config_keys import Table
from datalint.model import Finding
from datalint.outcome import Outcome

WORDS = [a + b for a in ("ka", "lo", "mi", "ne", "ru", "ta", "vo") for b in ("bel", "dor", "fin", "gan", "hul", "jes")]
CODES = ("DUP101", "DUP102", "DUP103", "DUP104", "DUP105")


def chat(prompt: str, answer: str, **more: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": prompt}, {"role": "assistant", "content": answer}], **more}


def alpaca(prompt: str, answer: str, **more: Any) -> dict[str, Any]:
    return {"instruction": prompt, "input": "", "output": answer, **more}


def batch_of(folder: Path, *records: Any) -> Batch:
    lines = (json.dumps(record, ensure_ascii=False) for record in records)
    running.write(folder, {"some.jsonl": ("\n".join(lines) + "\n").encode()})
    (made,) = running.batches(folder / "some.jsonl")
    return made


def check(folder: Path, files: dict[str, list[Any]], **more: Any) -> Outcome:
    names = running.write(
        folder, {name: "".join(json.dumps(r) + "\n" for r in records).encode() for name, records in files.items()}
    )
    return running.scan(running.settings(folder, *names, **({"select": CODES} | more)))


def told(outcome: Outcome) -> list[tuple[str, str, int, str, int]]:
    """Code, path and line of each finding, and path and line of the record it names."""
    found = [f for f in outcome.findings if f.ref is not None]
    return [(f.code, *_place(outcome, f.ref), *_place(outcome, f.related[0].ref)) for f in found]


def _place(outcome: Outcome, ref: Any) -> tuple[str, int]:
    return outcome.paths[ref.source], ref.line


# ---- words ----


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The oak, the lime.", "the OAK the lime"),
        ("Caf\u00e9 noir", "Cafe\u0301 NOIR"),
        ("ﬁne — “so”", "fine so"),
        ("Ｆｕｌｌ　ｗｉｄｔｈ", "full width"),
        ("什么是人工智能？", "什么是人工智能?"),
        ("¿Qué tal?", "qué tal"),
        ("ماذا؟ نعم، لا", "ماذا نعم لا"),
        ("a\tb\n\nc", "a b c"),
        ("Straße", "STRASSE"),
    ],
)
def test_form_does_not_count(one: str, other: str, tmp_path: Path) -> None:
    made = _words.text_hashes(batch_of(tmp_path, {"text": one}, {"text": other}))
    assert made[0] == made[1] != 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the oak", "oak the"),
        ("a bc", "ab c"),
        ("什么", "么什"),
        ("supercalifragilistic", "supercalifragilistiX"),
        ("a" * 300, "a" * 301),
        ("x", "x x"),
    ],
)
def test_words_and_their_order_count(one: str, other: str, tmp_path: Path) -> None:
    made = _words.text_hashes(batch_of(tmp_path, {"text": one}, {"text": other}))
    assert made[0] != made[1]


def test_words_are_those_of_a_plain_split(tmp_path: Path) -> None:
    texts = ["One two, three.", "", "vierß 北京 five", "ไทย six", "7 eight9", "…", "Ærø æble øl"]
    made = _words.words(batch_of(tmp_path, *({"text": t} for t in texts)))
    split = [re.findall(r"[\u4e00-\u9fff\u0e00-\u0eff]|[^\W_\u4e00-\u9fff\u0e00-\u0eff]+", t.casefold()) for t in texts]
    assert np.diff(made.first).tolist() == [len(words) for words in split]
    hashes: dict[str, int] = {}
    for word, value in zip((w for words in split for w in words), made.hashes.tolist(), strict=True):
        assert hashes.setdefault(word, value) == value
    assert len(set(hashes.values())) == len(hashes)


def test_a_hash_does_not_depend_on_its_company(tmp_path: Path) -> None:
    records = [
        alpaca("Say hi.", "Hi!"),
        alpaca("Größe?", "1,80 m"),
        {"text": "what else"},
        chat("Hi", "a", tools=[{"n": 1}]),
        7,
    ]
    whole = batch_of(tmp_path, *records)
    for hashed in (_content.exact, _content.normal, _content.kinds):
        alone = [int(hashed(batch_of(tmp_path, record))[0]) for record in records]
        assert alone == hashed(whole).tolist()


# ---- content ----

SAME = [
    (alpaca("Say hi.", "Hi!", id=1), {"output": "Hi!", "instruction": "Say hi.", "id": 2, "input": ""}),
    (alpaca("Say hi.", "Hi!"), chat("Say hi.", "Hi!")),
    (chat("Hi", "Hello", tools=[]), chat("Hi", "Hello")),
    ({"odd": {"b": 1, "a": [2]}}, {"odd": {"a": [2], "b": 1}}),
]
DIFFERENT = [
    (alpaca("Say hi.", "Hi!"), alpaca("Say hi.", "Hi")),
    (chat("Hi", "Hello", tools=[{"name": "a"}]), chat("Hi", "Hello", tools=[{"name": "b"}])),
    (chat("Hi", "Hello"), {"messages": [{"role": "assistant", "content": "Hi"}, {"role": "user", "content": "Hello"}]}),
    (chat("<image>Who?", "Me", images=["a.png"]), chat("<image>Who?", "Me", images=["b.png"])),
    ({"prompt": "Hi", "completion": "Hm", "label": True}, {"prompt": "Hi", "completion": "Hm", "label": False}),
    ({"text": "ab"}, {"text": "a b"}),
    ({"odd": 1}, {"odd": 2}),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_equal_content_is_found(one: Any, other: Any, tmp_path: Path) -> None:
    assert told(check(tmp_path, {"a.jsonl": [one, other]})) == [("DUP101", "a.jsonl", 2, "a.jsonl", 1)]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_other_content_is_not(one: Any, other: Any, tmp_path: Path) -> None:
    assert [t for t in told(check(tmp_path, {"a.jsonl": [one, other]})) if t[0] == "DUP101"] == []


def test_several_files_are_one_set(tmp_path: Path) -> None:
    oak, lime = alpaca("Name a tree.", "Oak."), alpaca("Name a tree.", "Lime.")
    outcome = check(tmp_path, {"a.jsonl": [lime, oak], "b.jsonl": [chat("x", "y"), oak]}, select=("DUP101",))
    assert told(outcome) == [("DUP101", "b.jsonl", 2, "a.jsonl", 2)]
    (finding,) = outcome.findings
    assert finding.message == "the same as a.jsonl:2"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Name two trees.", "name two trees"),
        ("- **Oak**\n- lime", "oak lime"),
        ("What is 5-3?", "what is 5 - 3"),
        ("3 * 4 = 12", "3 * 4 = 12"),
        ("the C++ and the C# of it", "the c + + and the c # of it"),
        ("It costs -5 €", "it costs - 5 €"),
        ("well-known", "well known"),
        ("```\nx = 1\n```", "```x=1```"),
    ],
)
def test_form(text: str, form: str) -> None:
    assert _form.form(text) == form


# ---- near ----


def sentence(rng: random.Random, count: int) -> list[str]:
    return [rng.choice(WORDS) for _ in range(count)]


def similar(count: int, seed: int) -> Iterator[dict[str, str]]:
    """Records of random words; a third of them are earlier ones with some words exchanged."""
    rng = random.Random(seed)
    made: list[dict[str, str]] = []
    for _ in range(count):
        if made and rng.random() < 0.33:
            old = rng.choice(made)
            words = old["output"].split()
            for _ in range(rng.randint(1, 1 + len(words) // 15)):
                words[rng.randrange(len(words))] = rng.choice(WORDS)
            record = {"instruction": old["instruction"], "output": " ".join(words)}
        else:
            record = {
                "instruction": " ".join(sentence(rng, rng.randint(3, 12))),
                "output": " ".join(sentence(rng, rng.randint(4, 150))),
            }
        made.append(record)
        yield record


def shingles(record: dict[str, str]) -> frozenset[tuple[str, ...]]:
    words = " ".join(record.values()).split()
    span = 2 if len(words) < 8 else 3
    return frozenset(tuple(words[n : n + span]) for n in range(len(words) - span + 1))


def truth(records: list[dict[str, str]]) -> dict[tuple[int, int], int]:
    """All pairs that are alike, with their similarity in percent."""
    sets = [shingles(r) for r in records]
    said = [frozenset(r["output"].split()) for r in records]
    found = {}
    for a, b in combinations(range(len(records)), 2):
        shared, either = len(sets[a] & sets[b]), len(sets[a] | sets[b])
        if 5 * shared >= 4 * either and 5 * len(said[a] & said[b]) >= 4 * len(said[a] | said[b]):
            found[a, b] = 100 * shared // either
    return found


def test_near_duplicates_are_those_of_brute_force(tmp_path: Path) -> None:
    records = list(similar(600, 5))
    wanted = truth(records)
    found = list(check(tmp_path, {"a.jsonl": records}, select=("DUP101", "DUP103")).findings)
    reported = {_line(f) for f in found}
    hit = sum(a in reported or b in reported for a, b in wanted)
    assert len(wanted) > 80
    assert hit / len(wanted) >= 0.98
    for finding in found:
        if finding.code == "DUP103":
            one, other = sorted((_line(finding), finding.related[0].ref.line - 1))
            assert finding.message.startswith(f"{wanted[one, other]} % the same as line")
    kept = {f.related[0].ref.line - 1 for f in found if f.code == "DUP103"}
    near = {_line(f) for f in found if f.code == "DUP103"}
    assert kept & near == set(), "a record that is kept is not reported"


def _line(finding: Finding) -> int:
    assert finding.ref is not None
    return finding.ref.line - 1


def steps(words: list[str], count: int) -> Iterator[dict[str, str]]:
    """Texts of which each is like the one before; the ends have little in common."""
    yield {"text": " ".join(words)}
    for n in range(count):
        words = [*words[: 9 * n], f"step{n}a", f"step{n}b", f"step{n}c", *words[9 * n + 3 :]]
        yield {"text": " ".join(words)}


def test_the_longest_is_kept_and_a_chain_is_no_clique(tmp_path: Path) -> None:
    chain = list(steps(sentence(random.Random(2), 60), 6))
    found = told(check(tmp_path, {"a.jsonl": chain}, select=("DUP103",)))
    reported, kept = {t[2] for t in found}, {t[4] for t in found}
    assert found
    assert reported.isdisjoint(kept)
    left = [shingles(record) for n, record in enumerate(chain, 1) if n not in reported]
    assert all(5 * len(a & b) < 4 * len(a | b) for a, b in combinations(left, 2)), "nothing alike is left"


def test_huge_clusters_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_clusters, "ROUNDS", 1)
    rng = random.Random(2)
    words = sentence(rng, 60)
    found = told(check(tmp_path, {"a.jsonl": list(steps(words, 6))}, select=("DUP103",)))
    assert {t[2] for t in found}.isdisjoint({t[4] for t in found})
    assert len(found) >= 2


def test_little_room_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"a.jsonl": list(similar(300, 8))}
    wanted = told(check(tmp_path, files, select=("DUP103",)))
    for name, value in (("_ROOM", 10), ("_READ", 4), ("_SLICE", 2)):
        monkeypatch.setattr(_clusters, name, value)
    assert told(check(tmp_path, files, select=("DUP103",))) == wanted != []


def test_long_records_are_compared_too(tmp_path: Path) -> None:
    rng = random.Random(3)
    long = sentence(rng, 2 * _minhash.NARROW)
    changed = [w if n % 60 else "other" for n, w in enumerate(long)]
    found = told(check(tmp_path, {"a.jsonl": [{"text": " ".join(t)} for t in (long, changed)]}, select=("DUP103",)))
    assert [t[0] for t in found] == ["DUP103"]


def test_signatures_estimate_similarity() -> None:
    rng = np.random.default_rng(1)
    values = rng.integers(0, 1 << 63, 120, dtype=np.uint64)
    both = np.concatenate((values[:100], values[20:]))  # 80 of 120 in common
    kept = _minhash.signature(_minhash.Shingles(both, np.array([0, 100, 200, 200], dtype=np.int64)))
    share = (kept.marks[0] == kept.marks[1]).mean()
    assert 0.4 < share < 0.9
    assert kept.bands.shape == (_minhash.BANDS, 3)


# ---- states ----


@pytest.mark.parametrize("code", CODES)
def test_states_hold_numbers_only(code: str, tmp_path: Path) -> None:
    batch = batch_of(tmp_path, *similar(200, 1))
    rule = running.live(running.built_in().registry.get(code))
    state = running.state(rule, batch)
    for table in state:
        assert all(isinstance(column, np.ndarray) and column.dtype.kind in "uib" for column in table.values())
    assert len(pickle.dumps(state, 5)) < 150 * 200 + 2000


@pytest.mark.parametrize("records", [[], [{"text": "a"}], [{"text": ""}], [{"odd": None}], [{"text": "a"}] * 3])
def test_small_sets(records: list[Any], tmp_path: Path) -> None:
    outcome = check(tmp_path, {"a.jsonl": records})
    assert outcome.not_checked == []
    assert len(told(outcome)) == max(len(records) - 1, 0)


# ---- prompts and answers ----


def test_a_second_answer_in_other_words_is_one_finding_a_prompt(tmp_path: Path) -> None:
    records = [
        chat("Why?", "Because of the weather."),
        chat("why", "Nobody can say."),
        chat("Why?", "because of the weather"),
    ]
    (finding,) = check(tmp_path, {"a.jsonl": records}, select=("DUP104",)).findings
    assert finding.message == "2 different answers to this prompt"
    assert _line(finding) == 0
    assert [r.ref.line for r in finding.related] == [2]


def test_shares_are_counted_over_all_answers(tmp_path: Path) -> None:
    records = [chat(f"Is {n} even?", "Yes" if n % 5 else "No") for n in range(200)]
    options = {"DUP105": {"share": 80}}
    (finding,) = check(tmp_path, {"a.jsonl": records}, select=("DUP105",), rules=Table(options)).findings
    assert finding.message == "160 different prompts have this answer"
    options = {"DUP105": {"share": 81}}
    assert not list(check(tmp_path, {"a.jsonl": records}, select=("DUP105",), rules=Table(options)).findings)


def test_seeds_need_their_file(tmp_path: Path) -> None:
    pytest.importorskip("rapidfuzz")
    options = Table({"DUP106": Table({"seeds": "nowhere.jsonl"})})
    with pytest.raises(Exception, match=r"nowhere\.jsonl"):
        check(tmp_path, {"a.jsonl": [chat("Hi", "Ho")]}, select=("DUP106",), rules=options)
