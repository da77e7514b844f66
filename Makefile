# import-leverage: `make help` lists the targets. Needs git, make and Python 3.11-3.13.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
# The newest supported Python on this machine; override with `make PYTHON=/path/to/python3.12 test`.
PYTHON ?= $(shell for v in 3.13 3.12 3.11; do p=$$(command -v python$$v) && $$p -c 'import venv, ensurepip' 2>/dev/null && echo $$p && break; done || true)
export UV_PROJECT_ENVIRONMENT := $(VENV)
export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export DO_NOT_TRACK := 1
export NO_MKDOCS_2_WARNING := 1

.PHONY: help install demo test test-full drivers dev bench bench-parties bench-alerts lint format docs wheel lock clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

install: $(VENV)/.run ## Install the locked packages; the command is .venv/bin/leverage

demo: $(VENV)/.run ## Run the whole job on the embedded sample and show the results
	@$(BIN)/leverage demo

test: $(VENV)/.test ## Run the tests (some 8 minutes on two cores)
	@$(BIN)/python -m pytest -m 'not full' -n auto --dist worksteal

test-full: $(VENV)/.dev ## Run every test: browser, fault sweeps, scale, old drivers
	@$(BIN)/python -m tests.bi.drivers --build oldest
	@$(BIN)/python -m pytest -n auto --dist worksteal

drivers: $(VENV)/.test ## Read the BI copy with DuckDB 1.0.0 to 2.0.0 and compare; BI=file reads another copy
	@$(BIN)/python -m tests.bi.drivers $(if $(BI),"$(BI)")

dev: $(VENV)/.run ## Start the Dagster UI and daemon at http://127.0.0.1:3000
	@$(BIN)/python -m pipeline.runs.develop

bench: $(VENV)/.test ## Measure speed and memory as ratios to a floor of the same run
	@$(BIN)/python -m bench
	@$(BIN)/python -m bench.crowd
	@$(BIN)/python -m bench.week
	@$(BIN)/python -m bench.alerts.size

bench-parties: $(VENV)/.test ## Measure how well companies are matched; LABELLED=folder adds labelled sets
	@$(BIN)/python -m bench.parties $(if $(LABELLED),--labelled "$(LABELLED)")

bench-alerts: $(VENV)/.test ## Measure what the alerts find and how many are false, in invented worlds
	@$(BIN)/python -m bench.alerts

lint: $(VENV)/.dev ## Lock, formatter, linter, import layers, type checker, SQL linter
	@$(BIN)/uv lock --check -q
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@PYTHONPATH=. $(BIN)/lint-imports --no-logo --no-cache
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint --disable-progress-bar --processes 2 dbt_project

format: $(VENV)/.dev ## Format Python and SQL
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(BIN)/sqlfluff fix --disable-progress-bar --quiet dbt_project

docs: $(VENV)/.dev ## Generate the data dictionary and the architecture picture, build the site into site/
	@$(BIN)/python -m tools.generate_docs
	@$(BIN)/mkdocs build -q

wheel: $(VENV)/.run ## Build the wheel into dist/; `pip install dist/*.whl && leverage demo` needs no checkout
	@$(BIN)/hatchling build -t wheel

lock: $(VENV)/bin/uv ## Resolve the dependencies again
	@$(BIN)/uv lock
	@$(BIN)/uv export -q --frozen --no-header --only-group installer -o tools/uv.txt

clean: ## Remove everything that make creates, except data
	@rm -rf $(VENV) .drivers dist site .pytest_cache .ruff_cache .mypy_cache .hypothesis dbt_project/target dbt_project/logs

# Each stamp installs packages from uv.lock, verified by hash, and keeps those of the other stamps.
$(VENV)/.run: GROUP := build
$(VENV)/.test: GROUP := test
$(VENV)/.dev: GROUP := dev
$(VENV)/.run $(VENV)/.test $(VENV)/.dev: uv.lock pyproject.toml $(VENV)/bin/uv
	@echo "Installing the $(GROUP) packages (once) ..."
	@$(BIN)/uv sync -q --frozen --inexact --compile-bytecode --group $(GROUP)
	@touch $@

$(VENV)/bin/uv: tools/uv.txt | $(VENV)/bin/python
	@$(BIN)/python -m pip install -q --no-deps --require-hashes -r $<
	@touch $@

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "No Python 3.11, 3.12 or 3.13 with venv was found. Install one (Debian: apt install python3 python3-venv), or name it: make PYTHON=/path/to/python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
