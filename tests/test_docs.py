"""Pages of rules: what they say, and that generated ones are told when they are out of date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from datalint import docs
from datalint.card import Card, Example, Judged, Option
from datalint.config import KEYS
from datalint.docs_settings import settings_page, toml

CARD = Card(
    "ACM001", "ticket-id", "The answer names a ticket", "Tickets mean nothing outside.", "suspicious", "message",
    roles=4, fix="unsafe", fix_safety="Deletes text.", aliases=("old-name",), tags=("crm",), sensitive=True,
    options={"words": Option("list[str]", ["a", "b"], "Which words.", ("a", "b", "c"))},
    known_problems="It knows one form only.", references=("https://example.com/tickets",),
    examples=(
        Example(bad="a\n", name="plain"),
        Example(good="b\n", options={"words": ["c"]}),
        Example(bad="T-1\u200b", fixed=""),
        Example(good="two\n"),
    ),
    judged=Judged(40, 38, "a set of chats; the wrong ones were part numbers"),
)  # fmt: skip

PAGE = """\
# ticket-id (ACM001)

The answer names a ticket.

- Category: suspicious, severity warning
- Default: on
- Looks at: each message
- Roles: assistant
- Fix: unsafe
- Since: 0.1.0
- Also called: old-name
- Tags: crm
- Sensitive: what it finds is masked in every output

## Why

Tickets mean nothing outside.

## Example

Found:

```json
T-1\\u200b
```

Fixed: nothing is left of it.

Not found:

```json
b
```

With `words = ["c"]`.

## How safe the fix is

Deletes text.

## Options

### words

Which words.

Type `list[str]`, one of `a`, `b`, `c`; default `["a", "b"]`.

```toml
[rules.ticket-id]
words = ["a", "b"]
```

## How often it is right

Of 40 findings that were read, 38 were right (95%): a set of chats; the wrong ones were part numbers.

## Known problems

It knows one form only.

## References

- https://example.com/tickets

## More examples

Found (plain):

```json
a
```

Not found:

```json
two
```
"""


def test_the_whole_page() -> None:
    assert docs.page(CARD) == PAGE


def test_a_page_leaves_out_what_is_not_there() -> None:
    bare = Card("my-check", "my-check", "A check", "", "suspicious", "dataset", local=True)
    assert docs.page(bare).splitlines()[0] == "# my-check"
    assert "##" not in docs.page(bare)


def test_the_table_of_rules() -> None:
    assert docs.table([CARD], link="rules/").splitlines()[1:] == [
        "| --- | --- | --- | --- | --- | --- | --- |",
        "| ACM001 | [ticket-id](rules/ticket-id.md) | suspicious | warning | unsafe | on | The answer names a ticket |",
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain \n text", "plain \n text"),
        ("é 日本", "é 日本"),
        ("\u200b\ufeff", "\\u200b\\ufeff"),
        ("a\tb\r\n", "a\\u0009b\\u000d\n"),
        ("\u00a0", "\\u00a0"),
        ("\U000e0041", "\\udb40\\udc41"),
        ("\ud800", "\\ud800"),
    ],
)
def test_what_does_not_show_is_spelled(text: str, shown: str) -> None:
    assert docs.spelled(text) == shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (3, "3"),
        (0.5, "0.5"),
        ('a "b"', '"a \\"b\\""'),
        (["a", 1], '["a", 1]'),
        ({"a-b": 1, "c d": [2]}, '{ a-b = 1, "c d" = [2] }'),
        ({}, "{}"),
    ],
)
def test_toml(value: Any, text: str) -> None:
    assert toml(value) == text


def test_pages_are_written_checked_and_cleared_away(tmp_path: Path) -> None:
    wanted = docs.pages([CARD])
    assert list(wanted) == [
        "rules/ticket-id.md", "rules.md", "settings.md", "template-families.md", "datalint.schema.json"
    ]  # fmt: skip
    old = tmp_path / "rules" / "gone.md"
    old.parent.mkdir()
    old.write_text("old")
    assert docs.stale(tmp_path, wanted) == [
        "datalint.schema.json", "rules.md", "rules/gone.md", "rules/ticket-id.md", "settings.md", "template-families.md"
    ]  # fmt: skip
    docs.write(tmp_path, wanted)
    assert docs.stale(tmp_path, wanted) == []
    assert not old.exists()
    (tmp_path / "rules.md").write_text("changed")
    assert docs.stale(tmp_path, wanted) == ["rules.md"]


def test_every_key_of_a_config_is_on_the_settings_page() -> None:
    page = settings_page(KEYS)
    assert [line.removeprefix("## ") for line in page.splitlines() if line.startswith("## ")] == [
        key.name for key in KEYS.values() if key.file
    ]


def test_main_checks_before_it_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert docs.main(["--check", str(tmp_path)]) == 1
    assert "out of date: " in capsys.readouterr().out
    assert not any(tmp_path.iterdir())
    assert docs.main([str(tmp_path)]) == 0
    assert docs.main(["--check", str(tmp_path)]) == 0
