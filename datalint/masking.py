"""Masks for what sensitive rules matched. Every output goes through here and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from datalint.model import Edit

GIVEAWAY = 8  # so many first characters of a secret are masked even where the rest is cut off
CUT = ("", "…", ".", "'", '"', "`")  # what follows a quotation that was cut short
FEW = 20  # so many secrets are looked for one by one
SHORTEST = 3  # shorter matches are no secrets, and masking them would tear other words apart


def mask(secret: str) -> str:
    """``a***@***`` for what looks like an e-mail address, else the first character and three stars."""
    local, at, _ = secret.partition("@")
    return f"{secret[:1]}***@***" if local and at else f"{secret[:1]}***"


def blot(secret: str) -> str:
    """A mask of the same length, for places where columns must stay true."""
    return secret[:1] + "".join(c if c in "@\n" else "*" for c in secret[1:])


@dataclass(frozen=True)
class Masks:
    """The secrets of one record, or of many. Without any, everything stays as it is."""

    secrets: tuple[str, ...] = ()

    @classmethod
    def of(cls, matches: Iterable[str]) -> Masks:
        """Masks for these texts and for the ways that messages and JSON spell them."""
        spelled = {way for match in matches if len(match) >= SHORTEST for way in _spellings(match)}
        return cls(tuple(sorted(spelled, key=_longest_first)))

    def text(self, text: str) -> str:
        """``text`` with every secret masked."""
        for secret in self._in(text):
            text = _replaced(text, secret, mask(secret))
        return text

    def same_length(self, text: str) -> str:
        """``text`` with every secret masked, character for character."""
        for secret in self._in(text):
            text = _replaced(text, secret, None)
        return text

    def _in(self, text: str) -> tuple[str, ...]:
        """The secrets that may be in ``text``: of many, those whose first letters are."""
        if len(self.secrets) <= FEW:
            return self.secrets
        starts = {text[i : i + SHORTEST] for i in range(len(text) - SHORTEST + 1)}
        found = (secret for start in starts & self._starts.keys() for secret in self._starts[start])
        return tuple(sorted(found, key=_longest_first))

    @cached_property
    def _starts(self) -> dict[str, list[str]]:
        starts: dict[str, list[str]] = {}
        for secret in self.secrets:
            starts.setdefault(secret[:SHORTEST], []).append(secret)
        return starts

    def value(self, value: Any) -> Any:
        """A JSON value with every secret in it masked, keys as well."""
        if not self.secrets:
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(k): self.value(v) for k, v in value.items()}
        return [self.value(v) for v in value] if isinstance(value, (list, tuple)) else value

    def edit(self, edit: Edit) -> Edit:
        """An edit with every secret in it masked."""
        return edit._replace(pointer=self.text(edit.pointer), value=self.value(edit.value))


def strings_in(value: Any) -> Iterable[str]:
    """Every string of a JSON value, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings_in(item)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield str(value)


def _longest_first(secret: str) -> tuple[int, str]:
    return -len(secret), secret


def _spellings(match: str) -> set[str]:
    shown = {match, match.strip(), repr(match)[1:-1]}
    shown |= {json.dumps(match)[1:-1], json.dumps(match, ensure_ascii=False)[1:-1]}
    shown.add(match.encode("utf-8", "surrogatepass").decode("latin-1"))  # edits of bytes carry them so
    return {s for s in shown if len(s) >= SHORTEST}


def _replaced(text: str, secret: str, masked: str | None) -> str:
    """``text`` with ``masked`` (None: stars) for ``secret``, also where a quotation of it was cut short."""
    start = secret[:GIVEAWAY]
    at = text.find(start)
    if at < 0:
        return text
    parts: list[str] = []
    done = 0
    while at >= 0:
        end = at + len(start)
        while end < len(text) and end - at < len(secret) and text[end] == secret[end - at]:
            end += 1
        if end - at == len(secret) or text[end : end + 1] in CUT:
            parts += (text[done:at], blot(text[at:end]) if masked is None else masked)
            done = end
        at = text.find(start, end)
    parts.append(text[done:])
    return "".join(parts)
