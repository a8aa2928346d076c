"""Selectors: what stands in ``select`` and ``ignore``, which rules one means, and how specific it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from datalint.card import Card
from datalint.errors import UsageError
from datalint.model import CATEGORY_SEVERITY

ALL, DEFAULT, TAG = "ALL", "DEFAULT", "tag:"
EXACT = 100  # how specific a code, a name or an alias is


class Index:
    """The cards of a registry by everything that can select them."""

    def __init__(self, cards: Sequence[Card]) -> None:
        self._cards = cards
        self._exact: dict[str, str] = {}
        for card in cards:
            self._exact |= dict.fromkeys((*card.aliases, card.name, card.code), card.code)
        self._tags = {tag for card in cards for tag in card.tags}

    def code(self, selector: str) -> str | None:
        """The code of the one rule with this code, name or alias."""
        return self._exact.get(selector)

    def resolve(self, selector: str, *, preview: bool = True) -> frozenset[str]:
        """The codes ``selector`` means; preview rules with ``preview`` or when named. Raises UsageError if unknown."""
        if selector in self._exact:
            return frozenset((self._exact[selector],))
        found = [card for card in self._cards if _means(selector, card)]
        if not found and not self._known_group(selector):
            raise UsageError(f"no rule, category or tag is called {selector!r}", hint=self.hint(selector))
        return frozenset(card.code for card in found if preview or card.status != "preview")

    def specificity(self, selector: str) -> int:
        """How specific ``selector`` is: ALL, DEFAULT, category, tag, start of a code by its length, one rule."""
        if selector in self._exact:
            return EXACT
        if selector in (ALL, DEFAULT):
            return 0 if selector == ALL else 1
        if selector in CATEGORY_SEVERITY:
            return 2
        return 3 if selector.startswith(TAG) else 3 + len(selector)

    def hint(self, selector: str) -> str:
        """The selector that was probably meant."""
        known = {word.lower(): word for word in self._all()}
        near = get_close_matches(selector.lower(), known, n=1)
        return f"did you mean {known[near[0]]!r}?" if near else "`datalint rules` lists all rules"

    def _known_group(self, selector: str) -> bool:
        return selector in (ALL, DEFAULT) or selector in CATEGORY_SEVERITY or selector.removeprefix(TAG) in self._tags

    def _all(self) -> Iterator[str]:
        yield from (ALL, DEFAULT, *CATEGORY_SEVERITY, *self._exact)
        yield from (TAG + tag for tag in sorted(self._tags))
        yield from sorted({_letters(card.code) for card in self._cards if not card.local})


def _means(selector: str, card: Card) -> bool:
    if selector == DEFAULT:
        return card.category != "pedantic"
    if selector.startswith(TAG):
        return selector.removeprefix(TAG) in card.tags
    if selector in (ALL, card.category):
        return True
    return not card.local and card.code.startswith(selector) and _letters(card.code) == _letters(selector)


def _letters(code: str) -> str:
    return code.rstrip("0123456789")
