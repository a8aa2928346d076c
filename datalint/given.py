"""What the config and the other files of a run give to rules, which ask for it by the names of their parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from datalint import sections
from datalint.beside import Splits, read_file, read_profile
from datalint.config import COMMAND_LINE, Policy, Settings, placed
from datalint.plugins import Plugins
from datalint.readers import Source
from datalint.rule import Fixture
from datalint.shapes import Detector
from datalint.templating import Side, Templates
from datalint.tokens import Tokens, tokens_of

_TEMPLATE_KEYS: tuple[tuple[str, Side], ...] = (("template", "train"), ("serve-template", "serve"))


def for_all(
    settings: Settings, sources: Sequence[Source], checked: int, detectors: Sequence[Detector], loaded: Plugins
) -> Mapping[str, Any]:
    """What is the same for all files. ``checked``: so many of the sources; ``detectors``: one for each."""
    return {
        "splits": Splits(settings.splits, sources, checked, detectors, settings),
        "read_beside": partial(read_file, settings, loaded.shapes),
        "tokens": Fixture("tokens", partial(_tokens, settings), "session"),
        "max_tokens": settings.max_tokens,
        "prompt_weight": settings.prompt_weight,
        "target": settings.target,
        **declared(settings),
    }


def for_files(policy: Policy, settings: Settings) -> Mapping[str, Any]:
    """What holds for the files of one policy."""
    return {"templates": _templates(policy, settings)}


def declared(settings: Settings) -> dict[str, Any]:
    """What the config says the data should be like, and how to read a profile. Raises ConfigError with its place."""
    made: dict[str, Any] = {"read_profile": partial(read_profile, settings)}
    for name in ("coverage", "quantity", "annotation", "provenance"):
        with placed(settings, name):
            made[name] = getattr(sections, name)(getattr(settings, name))
    return made


def _templates(policy: Policy, settings: Settings) -> Templates:
    """The chat templates that hold for the files of a policy. Raises ConfigError or UsageError where there is none."""
    made = Templates(policy.template, policy.serve_template, policy.now, lock=policy.lock)
    with placed(settings, "lock"):
        made.locked()
    for name, side in _TEMPLATE_KEYS:
        with placed(settings, name):
            made.renderer(side)
    return made


def _tokens(settings: Settings) -> Tokens:
    with placed(settings, "tokenizer"):
        told_here = settings.origins.get("tokenizer") == COMMAND_LINE
        return tokens_of(settings.tokenizer, settings.cwd if told_here else settings.root)
