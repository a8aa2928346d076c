"""JSN106: files that are something else than their name says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from datalint import Batch, Finding, Judged, Move, Records, bad, good, rule

State = Mapping[int, tuple[str, str, int]]  # by source: content, suffix, number of records

_LINES = (".jsonl", ".ndjson")
_SAID = {
    "array": "one JSON array, not a record a line: `jq -c '.[]' FILE` writes JSON Lines",
    "values": "JSON spread over several lines, not a record a line: `jq -c . FILE` writes JSON Lines",
    "lfs-pointer": "a Git LFS pointer, not the data: `git lfs pull` gets it",
    "gzip": "compressed with gzip, and its name does not say so: add .gz to it",
    "zstd": "compressed with Zstandard, and its name does not say so: add .zst to it",
    "xz": "compressed with xz, and its name does not say so: add .xz to it",
    "bzip2": "compressed with bzip2: unpack it first",
    "zip": "a ZIP archive: unpack it first",
    "parquet": "a Parquet file: write it out as JSON Lines first",
    "arrow": "an Arrow file: write it out as JSON Lines first",
    "sqlite": "an SQLite database: write it out as JSON Lines first",
}


@rule(
    "JSN106",
    "not-jsonl",
    category="correctness",
    tags=("file",),
    known_problems="""
    The start of a file decides what it is. Records of an array, or over several lines, are checked all the same.
    """,
    references=("https://jsonlines.org/", "https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md"),
    judged=Judged(
        4,
        4,
        "8 public files with known defects and 46 sets: an array named .jsonl, a Git LFS pointer, JSON Lines named .json",
    ),
    examples=(
        bad('[\n  {"text": "one"},\n  {"text": "two"}\n]', name="an array over several lines"),
        bad('[{"text": "one"}, {"text": "two"}]', name="an array on one line"),
        bad('{\n  "text": "one"\n}\n{\n  "text": "two"\n}', name="records over several lines"),
        bad(
            "version https://git-lfs.github.com/spec/v1\n"
            "oid sha256:0d1c5f8e1f6b2b9c3f0e6f1a7a4b2c6d8e9f0a1b2c3d4e5f60718293a4b5c6d7\nsize 4096",
            name="a Git LFS pointer",
        ),
        good('{"text": "one"}\n{"text": "two"}'),
        good(
            '[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]', name="a list of messages"
        ),
        good('{"text": "one",}\n{"text": "two"}', name="a broken first line is JSN101"),
    ),
)
class NotJsonl:
    """The file is not what its name says

    A file named `.jsonl` holds one record a line; loaders that read it line by line stop at the first bracket of an array.
    A Git LFS pointer is a note of three lines that stands for data nobody downloaded. JSON Lines named `.json` is a
    warning only: some loaders take it, a JSON parser does not.
    """

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """Note what the file is, and count its records."""
        facts = batch.facts
        return {batch.source: (facts.content, facts.suffix, len(batch) - len(batch.blanks))}

    def merge(self, one: State, other: State) -> State:
        """Add the counts."""
        both = dict(one)
        for source, (content, suffix, count) in other.items():
            both[source] = (content, suffix, count + (both[source][2] if source in both else 0))
        return both

    def moved(self, state: State, to: Move) -> State:
        """The same of another source."""
        return dict.fromkeys([to.source], *state.values()) if state else {}

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding a file."""
        for source, (content, suffix, count) in sorted(state.items()):
            readable = content in ("jsonl", "array", "values")
            if suffix in _LINES or not readable:
                if content in _SAID:
                    yield Finding(f"the file is {_SAID[content]}", source=source)
            elif suffix == ".json" and content != "array" and count > 1:
                said = f"the file holds {count:,} JSON values one after the other, not one: name it .jsonl"
                if content == "values":
                    said = f"the file holds {count:,} JSON values one after the other, not one: put them in an array"
                yield Finding(said, source=source, severity="warning")
