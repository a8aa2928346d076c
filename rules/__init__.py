"""The rules that come with datalint. They use the door that every plugin uses: the entry point and the register hook."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def datalint_register_rules(register: Any) -> None:
    """All rules of this folder, one file each."""
    from datalint.plugins import rules_from_folder

    specs, _ = rules_from_folder(Path(__file__).parent, __name__)
    register(*specs)
