"""All trainers and providers by name."""

from __future__ import annotations

from datalint_rules.target._axolotl import AXOLOTL
from datalint_rules.target._facts import Target
from datalint_rules.target._llama_factory import LLAMA_FACTORY
from datalint_rules.target._mistral import MISTRAL
from datalint_rules.target._providers import FIREWORKS, OPENAI, TOGETHER
from datalint_rules.target._torchtune import TORCHTUNE
from datalint_rules.target._trl import TRL, UNSLOTH

TARGETS: dict[str, Target] = {
    target.name: target
    for target in (TRL, AXOLOTL, LLAMA_FACTORY, UNSLOTH, TORCHTUNE, TOGETHER, FIREWORKS, OPENAI, MISTRAL)
}
