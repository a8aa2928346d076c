"""A parser for plain arithmetic with units and currency: a formula out of the tokens of a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from datalint_rules.answer._arithmetic_words import ARTICLES, SMALL_UNITS, STOPS
from datalint_rules.answer._numbers import VULGAR
from datalint_rules.answer._tokens import STARTS, TOKEN, Token, Unread

MOST_DEPTH = 12  # brackets in brackets
_UNIT_WORDS = 5


@dataclass(frozen=True, slots=True)
class Node:
    """A formula. ``parts`` are its operands, each with the operator before it."""

    kind: str  # sum, product, power, minus, percent, root, factorial, number, mixed, fraction
    parts: tuple[tuple[str, Node], ...] = ()
    text: str = ""
    more: str = ""

    @property
    def operators(self) -> frozenset[str]:
        """All binary operators in it."""
        own = {o for o, _ in self.parts if o}
        return frozenset(own.union(*(n.operators for _, n in self.parts))) if self.parts else frozenset()


class Side(NamedTuple):
    """One side of an equation: its formula and where it stands."""

    node: Node
    first: int  # tokens
    stop: int
    units: frozenset[str]
    currency: bool


class Parser:
    """Reads one formula from the token ``at`` on; ``at`` then is the token after it."""

    def __init__(self, line: Sequence[Token], at: int) -> None:
        self.line = line
        self.at = at
        self.units: set[str] = set()
        self.currency = False
        self._depth = 0
        self._kinds = [token.kind for token in line] + [""] * 4

    def side(self) -> Side:
        """The formula that starts here. Raises Unread."""
        first = self.at
        node = self._sum()
        return Side(node, first, self.at, frozenset(self.units), self.currency)

    def _kind(self, ahead: int = 0) -> str:
        return self._kinds[self.at + ahead]

    def _sum(self) -> Node:
        parts = [("", self._product())]
        while self._kind() in ("plus", "minus") and self._goes_on(1):
            operator = self._kind()
            self.at += 1
            parts.append((operator, self._product()))
        return Node("sum", tuple(parts)) if len(parts) > 1 else parts[0][1]

    def _goes_on(self, ahead: int) -> bool:
        return self._kind(ahead) in STARTS

    def _product(self) -> Node:
        parts = [("", self._power())]
        while True:
            kind = self._kind()
            if kind in ("times", "divide") and self._goes_on(1):
                parts.append((self._bound(kind), self._power()))
            elif kind == "open" and parts[-1][1].kind != "percent" and self._touches():
                parts.append(("touching", self._power()))
            elif kind == "word" and parts[-1][1].kind == "percent" and (skipped := self._of()):
                self.at += skipped
                parts.append(("of", self._power()))
            elif kind == "num" and parts[-1][1].kind == "percent" and len(parts) == 1:
                raise Unread  # 17 % 5: a remainder, as programmers write it
            else:
                break
        if any(o == "power" for o, _ in parts):
            if len(parts) != 2:
                raise Unread
            return Node("power", (("", parts[0][1]), ("power", parts[1][1])))
        return Node("product", tuple(parts)) if len(parts) > 1 else parts[0][1]

    def _bound(self, kind: str) -> str:
        """Pass the operator here and say what it does; a division sign without spaces makes a fraction."""
        sign, before, after = self.line[self.at], self.line[self.at - 1], self.line[self.at + 1]
        self.at += 1
        if sign.text == "**":
            return "power"
        return "fraction" if sign.text == "/" and before.end == sign.start and sign.end == after.start else kind

    def _touches(self) -> bool:
        token = self.line[self.at]
        return (
            token.text == "("
            and self.line[self.at - 1].end == token.start
            and self.line[self.at - 1].kind in ("num", "close")
        )

    def _of(self) -> int:
        if self.line[self.at].text.lower() != "of":
            return 0
        ahead = 1
        while ahead < 3 and self._kind(ahead) == "word" and self.line[self.at + ahead].text.lower() in ARTICLES:
            ahead += 1
        return ahead if self._goes_on(ahead) else 0

    def _power(self) -> Node:
        if self._kind() == "minus":
            self.at += 1
            return Node("minus", (("", self._power()),))
        base = self._atom()
        kind = self._kind()
        if kind == "sup":
            text = self.line[self.at].text
            self.at += 1
            digits = "".join(str("⁰¹²³⁴⁵⁶⁷⁸⁹".index(c)) for c in text)
            return Node("power", (("", base), ("power", Node("number", text=digits))))
        if kind == "power" and self._kind(1) in ("num", "open", "minus"):
            self.at += 1
            return Node("power", (("", base), ("power", self._power())))
        if kind == "bang":
            self.at += 1
            return Node("factorial", (("", base),))
        return base

    def _atom(self) -> Node:
        kind = self._kind()
        if kind == "root":
            self.at += 1
            return Node("root", (("", self._atom()),))
        if kind == "open":
            node = self._bracket()
        else:
            if kind == "currency":
                self.currency = True
                self.at += 1
                kind = self._kind()
            if kind == "num":
                node = self._number()
            elif kind == "frac":
                match = TOKEN.fullmatch(self.line[self.at].text)
                if match is None:
                    raise Unread
                node = Node("fraction", text=match["top"], more=match["bottom"])
                self.at += 1
            else:
                raise Unread
        if self._kind() == "percent":
            self.at += 1
            node = Node("percent", (("", node),))
        elif self._kind() == "currency" and self.line[self.at - 1].kind == "num" and self._kind(1) != "num":
            self.currency = True
            self.at += 1
        if self._kind() != "word" or (node.kind == "percent" and self.line[self.at].text.lower() == "of"):
            return node
        self._skip_units()
        return node

    def _bracket(self) -> Node:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise Unread
        self.at += 1
        node = self._sum()
        if self._kind() != "close":
            raise Unread
        self.at += 1
        self._depth -= 1
        return node if node.kind != "number" else Node("sum", (("", node),))

    def _number(self) -> Node:
        token = self.line[self.at]
        self.at += 1
        if self._kind() == "num":
            behind = self.line[self.at]
            if behind.text in VULGAR and token.text.isdigit():
                self.at += 1
                return Node("mixed", text=token.text, more=behind.text)
            if (
                self._kind(1) == "divide" and self._kind(2) == "num" and behind.start - token.end == 1
                and behind.text.isdigit() and self.line[self.at + 2].text.isdigit()
                and int(behind.text) < int(self.line[self.at + 2].text) <= 1000
            ):  # fmt: skip
                self.at += 3
                return Node("mixed", text=token.text, more=f"{behind.text}/{self.line[self.at - 1].text}")
            raise Unread
        return Node("number", text=token.text)

    def _skip_units(self) -> None:
        """Pass the words after a number if an operator, a relation or a bracket's end follows them."""
        at = self.at
        names: list[str] = []
        while at < len(self.line) and len(names) < _UNIT_WORDS:
            token = self.line[at]
            if token.kind == "divide" and at + 1 < len(self.line) and self.line[at + 1].kind == "word":
                at += 1
                continue
            if token.kind != "word":
                break
            word = token.text.lower()
            if word in STOPS or any(c.isdigit() for c in word[:-1]) or _is_letter(token.text):
                break
            names.append(word if len(word) > 1 else token.text)
            at += 1
        if at < len(self.line) and self.line[at].kind in ("plus", "minus", "times", "divide", "rel", "weak", "close"):
            self.at = at
            self.units.update(names)


def _is_letter(text: str) -> bool:
    """Whether a word is a single letter that stands for a number rather than for a unit."""
    return len(text) == 1 and text not in SMALL_UNITS and text < "\u2e80"
