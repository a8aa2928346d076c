"""Where code that is not datalint's own is imported or called."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from datalint.errors import DatalintError, PluginError


@contextmanager
def foreign_code(doing: str, file: str = "") -> Iterator[None]:
    """Turn whatever the code within raises into a PluginError that says what was being done, and where in ``file``."""
    try:
        yield
    except DatalintError:
        raise
    # A plugin may raise anything, SystemExit as well, and a gate must not pass because a plugin is broken.
    except (Exception, SystemExit) as error:
        said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        raise PluginError(f"{doing}: {said}", place=_line(file, error) if file else "") from error


def _line(file: str, error: BaseException) -> str:
    """``file`` with the last line of it that the traceback goes through."""
    line = error.lineno if isinstance(error, SyntaxError) else None
    trace = error.__traceback__
    while trace is not None:
        if os.path.realpath(trace.tb_frame.f_code.co_filename) == os.path.realpath(file):
            line = trace.tb_lineno
        trace = trace.tb_next
    return f"{file}:{line}" if line else file
