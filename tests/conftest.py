"""Tests see no plugin and no setting of the machine they run on, and share one cache of compiled triggers."""

from __future__ import annotations

import os

import hypothesis
import pytest

pytest_plugins = ["pytester"]


def pytest_configure(config: pytest.Config) -> None:
    """Before anything of datalint is imported."""
    for name in [n for n in os.environ if n.startswith("DATALINT_")]:
        del os.environ[name]
    os.environ["DATALINT_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ["DATALINT_CACHE_DIR"] = str(config.cache.mkdir("datalint")) if getattr(config, "cache", None) else ""
    hypothesis.settings.register_profile("datalint", deadline=None)  # machines are slow at their own times
    hypothesis.settings.load_profile("datalint")
