"""Everything datalint raises on purpose.

DatalintError                exit 2 unless a subclass says otherwise
├── UsageError               a wrong option, path or selector
├── ConfigError              a wrong key or value in a config file; carries its place
├── RuleError                a rule or its card is malformed
├── PluginError              a plugin did not load
└── FixError                 a fix could not be applied safely
"""

from __future__ import annotations


class DatalintError(Exception):
    """A user's slip: shown as one clear message, never as a traceback."""

    exit_code = 2

    def __init__(self, message: str, *, place: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.hint = hint

    def __str__(self) -> str:
        lines = [self.message]
        if self.place:
            lines.append(f"  --> {self.place}")
        if self.hint:
            lines.append(f"  = help: {self.hint}")
        return "\n".join(lines)


class UsageError(DatalintError):
    """A wrong option, path or selector."""


class ConfigError(DatalintError):
    """A wrong key or value in a config file."""


class RuleError(DatalintError):
    """A rule, its card or its examples are malformed."""


class PluginError(DatalintError):
    """A plugin could not be loaded."""


class FixError(DatalintError):
    """A fix could not be applied without risk to the data; nothing was written."""

    exit_code = 3
