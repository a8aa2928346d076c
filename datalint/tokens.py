"""How many tokens texts have: by the tokenizer the config names, else estimated. Rules ask for it as ``tokens``.

tokenizer = "models/mine"        a folder with a tokenizer.json, or such a file
tokenizer = "o200k"              a vocabulary that needs no file
(not set)                        an estimate; ``exact`` is False and ``said`` marks every number
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datalint.errors import PluginError, UsageError
from datalint.foreign import foreign_code

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from datalint.batch import Batch

NAMED = {"cl100k": "cl100k_base", "o200k": "o200k_base"}
INSTALL = "pip install 'llm-datalint[tokens]'"
_KEPT = 1 << 14  # texts that came twice, of which the count is kept
_LONG = 1 << 14  # characters of a text that is kept, at most
Count = Callable[[Sequence[str]], Sequence[int]]


class Tokens:
    """Counts tokens of texts. ``name``: what counts them, as a person would say it."""

    def __init__(self, name: str = "", count: Count | None = None) -> None:
        self.name = name
        self._count = count
        self._again: dict[str, int] = {}  # texts that came more than once, such as system texts

    @property
    def exact(self) -> bool:
        """Whether a tokenizer counts. Otherwise numbers are estimates, and are shown as such."""
        return self._count is not None

    def of(self, batch: Batch) -> npt.NDArray[np.int64]:
        """Tokens of each text of a batch; worked out once for all rules."""
        if "tokens" not in batch.cache:
            batch.cache["tokens"] = self.lengths(batch.texts) if self.exact else self._estimate(batch)
        made: npt.NDArray[np.int64] = batch.cache["tokens"]
        return made

    def lengths(self, texts: Sequence[str]) -> npt.NDArray[np.int64]:
        """Tokens of each text, without those that a tokenizer or a template adds."""
        import numpy as np

        if self._count is None:
            return _estimated([text.encode() for text in texts])
        return np.array(self._counted(texts, self._count), dtype=np.int64)

    def said(self, count: float) -> str:
        """A number of tokens for a message: marked unless a tokenizer counted."""
        return f"{count:,.0f} tokens" if self.exact else f"about {count:,.0f} tokens (est.)"

    def _estimate(self, batch: Batch) -> npt.NDArray[np.int64]:
        from datalint import estimate

        return estimate.lengths(batch.joined, batch.starts)

    def _counted(self, texts: Sequence[str], count: Count) -> list[int]:
        """One count for each distinct text, remembered for those that come again and again."""
        distinct = dict.fromkeys(texts, -1)
        new = [text for text in distinct if text and text not in self._again]
        fresh = dict(zip(new, count(new), strict=True)) if new else {}
        made = [fresh.get(text, -1) if text else 0 for text in texts]
        made = [n if n >= 0 else self._again[text] for n, text in zip(made, texts, strict=True)]
        if len(distinct) < len(texts) and len(self._again) < _KEPT:
            seen: set[str] = set()
            for text in texts:
                if text in seen and text in fresh and len(text) <= _LONG:
                    self._again[text] = fresh[text]
                seen.add(text)
        return made


def _estimated(encoded: Sequence[bytes]) -> npt.NDArray[np.int64]:
    import numpy as np

    from datalint import estimate

    sizes = np.fromiter(map(len, encoded), dtype=np.int64, count=len(encoded))
    starts = np.zeros(len(encoded), dtype=np.int64)
    np.cumsum(sizes[:-1] + 1, out=starts[1:])
    return estimate.lengths(b"\n".join(encoded), starts)


def tokens_of(tokenizer: str, root: Path) -> Tokens:
    """What counts tokens: the tokenizer that the config names, from the folder ``root``. Raises UsageError."""
    if not tokenizer:
        return Tokens()
    if tokenizer in NAMED:
        return Tokens(tokenizer, _vocabulary(tokenizer))
    path = root / Path(tokenizer).expanduser()
    if not path.exists():
        near = get_close_matches(tokenizer, NAMED, n=1)
        raise UsageError(
            f"there is no tokenizer {tokenizer!r}",
            hint=f"did you mean {near[0]!r}?" if near else f"a tokenizer.json, a folder with one, or {_or(NAMED)}",
        )
    return Tokens(tokenizer, _from_file(_file_of(path, tokenizer)))


def _or(names: Sequence[str] | dict[str, str]) -> str:
    return " or ".join(f'"{name}"' for name in names)


def _file_of(path: Path, said: str) -> Path:
    if not path.is_dir():
        return path
    file = path / "tokenizer.json"
    if file.is_file():
        return file
    others = [name for name in ("tokenizer.model", "tekken.json", "vocab.json") if (path / name).is_file()]
    hint = "save it with transformers: AutoTokenizer.from_pretrained(…).save_pretrained(…) writes a tokenizer.json"
    found = f"; it has {' and '.join(others)}" if others else ""
    raise UsageError(f"the folder {said} has no tokenizer.json{found}", hint=hint if others else "")


def _from_file(path: Path) -> Count:
    if find_spec("tokenizers") is None:
        raise UsageError(f"reading {path.name} takes the package tokenizers", hint=INSTALL)
    stat = path.stat()
    tokenizer = _loaded(str(path), stat.st_mtime_ns, stat.st_size)

    def count(texts: Sequence[str]) -> list[int]:
        return [len(e) for e in tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]

    return count


@lru_cache(maxsize=2)
def _loaded(path: str, changed: int, size: int) -> Any:
    """The tokenizer of a file, read once in a process unless the file changes."""
    from tokenizers import Tokenizer

    try:
        with foreign_code(f"{path} is no tokenizer"):
            tokenizer: Any = Tokenizer.from_file(path)
    except PluginError as error:
        raise UsageError(error.message, hint=_what_it_is(Path(path).name, size)) from error
    # A file may say that texts are cut or filled up, which a count must not be.
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _what_it_is(name: str, size: int) -> str:
    """What a file is that is no tokenizer.json, as far as its name and size tell."""
    if name.endswith("config.json") or name == "special_tokens_map.json":
        return "the file that is meant is called tokenizer.json"
    return "is it a pointer of git LFS? git lfs pull" if size < 300 else ""


def _vocabulary(name: str) -> Count:
    if find_spec("quicktok") is None:
        raise UsageError(f"the tokenizer {name!r} takes the package quicktok-v1", hint=INSTALL)
    import quicktok

    encoding = quicktok.get_encoding(NAMED[name])

    def count(texts: Sequence[str]) -> Sequence[int]:
        made: Sequence[int] = quicktok.count_batch(encoding, list(texts)).tolist()
        return made

    return count
