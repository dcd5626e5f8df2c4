# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SETUP := $(VENV)/.setup-done
DEV := $(VENV)/.dev-done
PYTEST_WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-fast tryton test-database check format types imports tidy lock migrations clean

help: ## List the commands
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; name one with: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "The venv module is missing; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

$(SETUP): $(VENV)/bin/python requirements/base.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(DEV): $(SETUP) requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

setup: $(SETUP) ## Set up .venv with the product (shared by demo and test)

demo: $(SETUP) ## Set up everything and open the demo company 示例机电
	$(BIN)/tradecredit demo

test: $(DEV) ## Set up everything and run the whole test suite
	$(BIN)/python -m pytest -n $(PYTEST_WORKERS) --dist loadgroup

test-fast: $(DEV) ## Only the pure rules: seconds
	$(BIN)/python -m pytest tests/core tests/policies tests/architecture -n $(PYTEST_WORKERS)

tryton: $(SETUP) ## A real Tryton server beside us: read while readers are killed, both sides equal (minutes)
	@test -x .venv-tryton/bin/trytond || { $(PYTHON) -m venv .venv-tryton && .venv-tryton/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/tryton.txt; }
	$(BIN)/tradecredit torture tryton $(TRYTON_ARGS)

test-database: $(DEV) ## The part of the suite that needs the database (against DATABASE_URL when set)
	$(BIN)/python -m pytest tests/plumbing tests/apps tests/flows tests/analytics tests/doors -n $(PYTEST_WORKERS) --dist loadgroup

check: $(DEV) format types imports tidy ## What CI checks besides the tests

format: $(DEV) ## Formatting and lint
	$(BIN)/ruff format --check src tests
	$(BIN)/ruff check src tests

types: $(DEV) ## Types, strictly
	$(BIN)/mypy

imports: $(DEV) ## The storeys and rooms
	$(BIN)/lint-imports

tidy: $(DEV) ## Sizes, names, glossary, foreign keys
	$(BIN)/python -m pytest tests/architecture

lock: $(VENV)/bin/python ## Make the locks with hashes from requirements/*.in
	$(BIN)/python -m pip install --quiet uv
	cd requirements && for name in base dev tryton; do ../$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header $$name.in -o $$name.txt; done

migrations: $(SETUP) ## Write migrations for changed models
	DJANGO_SETTINGS_MODULE=tradecredit.config.settings.test DATABASE_URL=postgresql:///unused TRADECREDIT_AS_OWNER=1 $(BIN)/python -m django makemigrations

clean: ## Remove what was set up here (not the data directory)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
