"""The renderer: chat templates as ``apply_chat_template`` of transformers renders them, in a sandbox and with a fixed clock.

Knows nothing of records, so that a process without anything else can run it (see ``worker``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any, NoReturn

import regex
from jinja2 import nodes, pass_eval_context
from jinja2.exceptions import SecurityError, TemplateError, UndefinedError
from jinja2.ext import Extension, loopcontrols
from jinja2.filters import do_format
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace

from datalint.templating.jobs import Answer, Job

MAX_SOURCE = 256 << 10  # characters of a template
MAX_TEXT = 64 << 20  # characters a conversation may be rendered to
MAX_PRODUCT = 1 << 24  # length of what a repetition may make, and digits of a power
_REASONING = ("reasoning_content", "thinking", "reasoning")
_WIDE = regex.compile(r"%[-+ #0]*(\*|\d{6,}|\d*\.(\*|\d{6,}))|\{[^{}]*:[^{}]*(\d{6,}|\{)")
_MADE_OF_DATA = (TypeError, ValueError, KeyError, IndexError, AttributeError, ZeroDivisionError, OverflowError)


class LimitError(TemplateError):
    """A template that takes more than it is given."""


class _Generation(Extension):
    """``{% generation %}``: remembers which characters stand in such blocks, while somebody listens."""

    tags = {"generation"}  # noqa: RUF012

    def __init__(self, environment: Any) -> None:
        super().__init__(environment)
        self.blocks: list[str] | None = None
        self.spans: list[tuple[int, int]] = []
        environment.extend(generation=self)

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        call = nodes.CallBlock(self.call_method("_said"), [], [], body)
        return call.set_lineno(line)

    @pass_eval_context
    def _said(self, context: Any, caller: Callable[[], str]) -> str:
        text = caller()
        if self.blocks is not None:
            start = sum(map(len, self.blocks))
            self.spans.append((start, start + len(text)))
        return text

    @contextmanager
    def listening(self) -> Iterator[list[str]]:
        """The blocks of the text as they come; spans count from their start."""
        self.blocks, self.spans = [], []
        try:
            yield self.blocks
        finally:
            self.blocks = None


class _Dict:
    """``dict(…)`` of a template, without the attributes of the class."""

    def __call__(self, *args: Any, **more: Any) -> dict[Any, Any]:
        return dict(*args, **more)

    def fromkeys(self, *args: Any) -> dict[Any, Any]:
        """A dict with these keys."""
        return dict.fromkeys(*args)


class _Namespace(Namespace):
    """``namespace(…)`` of a template, without attributes that start with an underscore."""

    def __init__(*args: Any, **more: Any) -> None:
        self, rest = args[0], args[1:]
        attributes = dict(*rest, **more)
        for name in attributes:
            _check_name(name)
        Namespace.__init__(self, attributes)

    def __setitem__(self, name: str, value: Any) -> None:
        _check_name(name)
        super().__setitem__(name, value)


def _check_name(name: object) -> None:
    if isinstance(name, str) and name.startswith("_"):
        raise SecurityError(f"a namespace holds no attribute that starts with an underscore: {name!r}")


class _Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox of transformers; what multiplies beyond measure is refused before it is made."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """``left operator right``, unless it would be huge."""
        if operator == "*":
            for one, other in ((left, right), (right, left)):
                if isinstance(other, int) and isinstance(one, (str, list, tuple)) and len(one) * other > MAX_PRODUCT:
                    raise LimitError("a repetition makes too much")
                if isinstance(one, int) and isinstance(other, int) and one.bit_length() + other.bit_length() > 1 << 16:
                    raise LimitError("a product is too large")
        elif operator == "**":
            if isinstance(left, int) and isinstance(right, int) and left.bit_length() * abs(right) > 1 << 16:
                raise LimitError("a power is too large")
        elif isinstance(left, str):
            _check_format(left)
        return super().call_binop(context, operator, left, right)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """``s.format``, unless it asks for much."""
        wrapped: Callable[..., str] | None = super().wrap_str_format(value)
        if wrapped is None:
            return None
        known = wrapped

        def checked(*args: Any, **more: Any) -> str:
            _check_format(value.__self__)
            return known(*args, **more)

        return checked


def _check_format(form: str) -> None:
    if _WIDE.search(form) is not None:
        raise LimitError("a format asks for too much")


def _format(value: Any, *args: Any, **more: Any) -> str:
    _check_format(str(value))
    return do_format(value, *args, **more)


def _raise(message: str) -> NoReturn:
    raise TemplateError(message)


def _tojson(
    value: Any, ensure_ascii: bool = False, indent: Any = None, separators: Any = None, sort_keys: bool = False
) -> str:
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


class Compiled:
    """A template ready to render. ``now``: what the clock says, always."""

    def __init__(self, source: str, now: datetime) -> None:
        if len(source) > MAX_SOURCE:
            raise LimitError(f"the template has {len(source):,} characters, {MAX_SOURCE:,} are allowed")
        made = _Sandbox(trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, loopcontrols])
        made.filters |= {"tojson": _tojson, "format": _format}
        made.filters.pop("random", None)  # a rendering that differs from run to run is none
        made.globals = {
            "range": made.globals["range"], "cycler": made.globals["cycler"], "joiner": made.globals["joiner"],
            "dict": _Dict(), "namespace": _Namespace, "raise_exception": _raise,
            "strftime_now": lambda form: now.strftime(form),
        }  # fmt: skip
        self._listening = made.generation  # type: ignore[attr-defined]
        try:
            self._template = made.from_string(source)
        except (RecursionError, MemoryError) as error:
            raise LimitError("the template is nested too deeply") from error

    def render(self, job: Job) -> Answer:
        """The text of one conversation, or why there is none."""
        try:
            return self._render(job)
        except LimitError as error:
            return Answer(error=str(error), kind="limit")
        except (TemplateError, SecurityError) as error:
            undefined = isinstance(error, (UndefinedError, SecurityError))
            return Answer(error=error.message or type(error).__name__, kind="crash" if undefined else "raise")
        except RecursionError:
            return Answer(error="the template calls itself too often", kind="limit")
        except MemoryError:
            return Answer(error="the template takes too much memory", kind="limit")
        except _MADE_OF_DATA as error:
            return Answer(error=f"{type(error).__name__}: {error}", kind="crash")

    def _render(self, job: Job) -> Answer:
        size = 0
        with self._listening.listening() as blocks:
            for block in self._template.generate(
                **job.variables, messages=aliased(job.messages), tools=job.tools, documents=job.documents,
                add_generation_prompt=job.prompt,
            ):  # fmt: skip
                blocks.append(block)
                size += len(block)
                if size > MAX_TEXT:
                    raise LimitError(f"the text is longer than {MAX_TEXT:,} characters")
            return Answer("".join(blocks), tuple(self._listening.spans))


def aliased(messages: Sequence[Any]) -> Sequence[Any]:
    """The messages with their reasoning under every name that templates read it by."""
    if not any(key in m for m in messages for key in _REASONING):
        return messages
    made = []
    for message in messages:
        said = next((message[key] for key in _REASONING if message.get(key) is not None), None)
        made.append(message if said is None else {"thinking": said, **message, "reasoning_content": said})
    return made


@lru_cache(maxsize=32)
def compiled(source: str, now: datetime) -> Compiled:
    """The template, compiled once a process. Raises TemplateError where it is none."""
    return Compiled(source, now)
