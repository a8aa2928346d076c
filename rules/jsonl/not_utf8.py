"""JSN103: bytes or escapes that are no text."""

from __future__ import annotations

from collections.abc import Iterator

from datalint import Batch, Finding, Judged, bad, good, rule

_WIDE = {"utf-16": "UTF-16", "utf-32": "UTF-32"}


@rule(
    "JSN103",
    "not-utf8",
    category="correctness",
    known_problems="""
    The encoding a byte is read in (Windows-1252) is a guess from one byte. An escaped `\\u0000` is valid JSON and left to
    control-character.
    """,
    references=("https://www.rfc-editor.org/rfc/rfc8259#section-8",),
    judged=Judged(0, 0, "nothing found in 46 public sets, all of them UTF-8"),
    examples=(
        bad('{"text": "caf\xe9 au lait"}\n', name="Latin-1", verbatim=True),
        bad('{"text": "it\x92s late"}\n', name="Windows-1252", verbatim=True),
        bad('{"text": "a smile: \\ud83d"}', name="half of a surrogate pair"),
        bad('{"text": "\\ude00\\ud83d"}', name="the halves in the wrong order"),
        good('{"text": "café au lait, it’s late"}'),
        good('{"text": "a smile: \\ud83d\\ude00"}', name="a whole surrogate pair"),
        good('{"text": "\\u0000"}', name="an escaped NUL is JSON"),
        good('{"text": "\\\\ud83d"}', name="a backslash and some letters"),
    ),
)
def check_not_utf8(batch: Batch) -> Iterator[Finding]:
    """The file or line is not UTF-8, or holds characters that do not exist

    JSON travels as UTF-8. Other bytes make loaders stop, or become replacement characters that a model learns to write.
    Half of a surrogate pair stands for no character: some writers make it when they cut a text in the middle of one.
    """
    wide = _WIDE.get(batch.facts.content)
    if wide is not None and batch.last:
        how = f"iconv -f {wide} -t UTF-8"
        yield Finding(
            f"the file is {wide}, not UTF-8: nothing in it was checked ({how} converts it)", source=batch.source
        )
    for k, refusal in batch.refusals.items():
        if refusal.kind == "encoding":
            end = min(refusal.column + 1, len(batch.raws[k]))
            yield batch.line_view(k).finding((min(refusal.column, end), end), refusal.message)
