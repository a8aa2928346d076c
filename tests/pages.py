"""Console blocks on pages: what they show is what happens. ``python tests/pages.py`` runs them and writes what they say."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES = (
    "README.md", "examples/README.md", "docs/baseline.md", "docs/fixes.md", "docs/getting-started.md", "docs/stats.md",
    "docs/subsets.md", "docs/templates.md", "docs/writing-rules.md",
)  # fmt: skip
BLOCK = re.compile(r"(?ms)^```console\n(\$ datalint .*?)^```$")
SETTING = {"COLUMNS": "100", "DATALINT_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONUTF8": "1"}


def blocks(text: str) -> list[str]:
    """The console blocks of a page that run datalint."""
    return BLOCK.findall(text)


def run(block: str) -> str:
    """The block with what its commands print, in a copy of the examples."""
    commands = [part.partition("\n")[0] for part in re.split(r"(?m)^\$ ", block)[1:]]
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "examples", Path(folder, "examples"))
        return "".join(f"$ {command}\n{_output(command, folder)}\n" for command in commands)


def _output(command: str, folder: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *shlex.split(command)],
        capture_output=True, encoding="utf-8", cwd=folder, env=os.environ | SETTING,
    )  # fmt: skip
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{command} ends with {done.returncode}: {done.stderr}")
    return done.stdout.rstrip()


def timeless(text: str) -> list[str]:
    """The lines of a block without the time that things took."""
    return re.sub(r"\bin [\d.,]+ m?s\b", "in 0.1 s", text).rstrip().split("\n")


def main() -> None:
    """Bring all pages up to date."""
    for name in PAGES:
        path = ROOT / name
        text = path.read_text(encoding="utf-8")
        for block in blocks(text):
            now = run(block)
            if timeless(now) != timeless(block):
                text = text.replace(block, now)
                print(f"written: {name}: {block.partition(chr(10))[0]}")
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
