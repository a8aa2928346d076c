# What a bare machine needs: make and Python 3.10 or newer. Everything else goes into .venv.
#
#   make demo    install datalint and run it over examples/
#   make test    everything that CI runs
#   make lint    the quick half of it: style, types, layers, generated pages
#   make docs    write the generated pages, and what commands print on the others
#   make bench   how fast, on data made up on the spot

PYTHON ?= python3
JOBS ?= 2
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help demo test lint docs bench clean

help:
	@sed -n 's/^#   make /  make /p' Makefile

# ---- what is installed; made again when the files that declare it change ----

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || { \
	  echo "datalint needs Python 3.10 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1 || true)." >&2; \
	  echo "Name another one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/installed: .venv/made pyproject.toml setup.py
	$(BIN)/python -m pip install --quiet .
	@touch $@

.venv/installed-for-tests: .venv/made pyproject.toml setup.py
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	@touch $@ .venv/installed

# ---- what is done with it ----

demo: .venv/installed
	@echo '$$ datalint check examples/'
	@$(BIN)/datalint check examples/; code=$$?; echo; \
	if [ $$code -ge 2 ]; then echo "datalint could not check everything (exit code $$code)." >&2; exit $$code; fi; \
	echo "These examples are meant to be messy: datalint itself ended with exit code $$code, the demo is fine."

lint: .venv/installed-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m datalint.docs --check

test: lint
	$(BIN)/pytest -n $(JOBS)

docs: .venv/installed-for-tests
	$(BIN)/python -m datalint.docs
	$(BIN)/python tests/pages.py

bench: .venv/installed-for-tests
	$(BIN)/python benchmarks/speed.py

clean:
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
