# `make` alone prints the targets. Nothing is needed but python3 (3.11 or newer) with pip and venv, and make;
# `make refresh-catalog` also needs node's npm.

PYTHON ?= python3
VENV ?= .venv
SDK_VENV ?= .venv-sdk
JOBS ?= 2
PART ?= 1/1

BIN := $(VENV)/bin
RUNS := $(VENV)/.runs
READY := $(VENV)/.ready
SDK_READY := $(SDK_VENV)/.ready
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## print this list
	@echo "usage: make TARGET"
	@echo
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1|\2/p' $(firstword $(MAKEFILE_LIST)) | while IFS='|' read -r name what; do printf '  %-16s %s\n' "$$name" "$$what"; done

.PHONY: setup
setup: $(READY) ## make the virtual environment (.venv) from the hashed locks

$(RUNS): requirements/core.txt requirements/build.txt pyproject.toml
	@echo "setting up $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "sagepass needs Python 3.11 or newer; say which with: make PYTHON=python3.12 …")'
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements/core.txt -r requirements/build.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(READY): $(RUNS) requirements/dev.txt
	@echo "adding what the tests need"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

.PHONY: demo
demo: $(RUNS) ## explain the denials in examples/, without and with a snapshot
	@PATH="$(abspath $(BIN)):$$PATH" sh examples/demo.sh

.PHONY: test
test: lint types imports pytest ## everything that has to pass: linters, types, imports, tests

.PHONY: lint
lint: $(READY) ## check style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

.PHONY: types
types: $(READY) ## check the types
	$(BIN)/mypy

.PHONY: imports
imports: $(READY) ## check that imports go one way
	@PYTHONPATH=src $(BIN)/lint-imports --no-logo

.PHONY: pytest
pytest: $(READY) ## run the tests alone
	$(BIN)/pytest -n $(JOBS)

.PHONY: format
format: $(READY) ## format the code and repair what the linter can repair
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

.PHONY: bench
bench: $(READY) ## run the benchmarks, one after the other
	@set -e; for script in benchmarks/*.py; do echo "== $$script"; PYTHONPATH=src:. $(BIN)/python $$script; done

.PHONY: proof-corpus
proof-corpus: $(READY) ## compare all versions of all AWS managed policies, and verify every proof (needs npm); PART=1/4 takes a part
	@PYTHONPATH=src:. $(BIN)/python -m support.proof_corpus $(PART)

.PHONY: fuzz
fuzz: $(READY) ## random policies and requests against the proof engine, 100,000 of them
	@PYTHONPATH=src:. $(BIN)/python -m support.proof_fuzz 100000 0

$(SDK_READY): requirements/sdk.txt
	@echo "setting up $(SDK_VENV)"
	@$(PYTHON) -m venv $(SDK_VENV)
	@$(SDK_VENV)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements/sdk.txt
	@touch $@

.PHONY: sdk-compat
sdk-compat: $(READY) $(SDK_READY) ## the SageMaker Python SDK against the local endpoint (a large download)
	@PYTHONPATH=src:. $(BIN)/python -m support.sdk_compat $(SDK_VENV)/bin/python

.PHONY: lock
lock: ## write the hashed locks anew from requirements/*.in
	sh requirements/lock.sh $(PYTHON)

.PHONY: refresh-catalog
refresh-catalog: $(READY) ## rebuild the tables of what AWS defines (needs npm)
	$(BIN)/python -m support.refresh_catalog

.PHONY: clean
clean: ## remove the virtual environment, caches and builds
	rm -rf $(VENV) $(SDK_VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests support benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
