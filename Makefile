# What one does with Countersign from a clone. `make help` lists it.
# Needs Python 3.11 or later, make, bash and the package registries; everything else it gets itself.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

export PORT ?= 8000
VENV ?= .venv
BIN := $(VENV)/bin

# The first Python that is new enough; say `make PYTHON=/where/it/is …` to choose another.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$python; break; }; done)

PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
LOCK := $(BIN)/uv pip compile setup.cfg --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --custom-compile-command "make lock"
CATALOGUES := $(wildcard web/translations/*/LC_MESSAGES/*.po)

.PHONY: help
help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# Setting up. A stamp file says what was done, so that a second run starts in seconds.

$(VENV)/made:
	@test -n "$(PYTHON)" || { echo "Countersign needs Python 3.11 or later; none was found (make PYTHON=… names one)." >&2; exit 1; }
	@echo "· Making $(VENV) with $$($(PYTHON) --version)" >&2
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/installed: requirements.txt $(VENV)/made
	@echo "· Installing what Countersign runs on (requirements.txt)" >&2
	@$(PIP) install --require-hashes -r requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	@echo "· Installing what its tests and checks need (requirements-dev.txt)" >&2
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/linked: setup.cfg pyproject.toml $(VENV)/installed
	@echo "· Linking the command countersign" >&2
	@$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(VENV)/translated: $(CATALOGUES) $(VENV)/installed
	@test -z "$(CATALOGUES)" || { echo "· Compiling the translations" >&2; $(BIN)/pybabel --quiet compile --directory web/translations; }
	@touch $@

.PHONY: setup setup-dev
setup: $(VENV)/linked $(VENV)/translated
setup-dev: setup $(VENV)/installed-dev

# A home that keeps a secret of its own is a demo; who sets COUNTERSIGN_SECRET_KEY wants a real one.
DEMO := $(if $(COUNTERSIGN_SECRET_KEY),,--demo)

.PHONY: run
run: setup  ## set up and serve everything on http://127.0.0.1:8000 (PORT=… for another)
	@$(BIN)/countersign init $(DEMO)
	@echo "· Countersign on http://$${COUNTERSIGN_HOST:-127.0.0.1}:$(PORT) (Ctrl-C ends it)" >&2
	@trap 'kill $$(jobs -p) 2>/dev/null; wait' EXIT; trap 'exit 0' HUP INT TERM; \
		$(BIN)/countersign scheduler & $(BIN)/countersign serve & wait -n

.PHONY: test
test: setup-dev  ## every test, on SQLite and PostgreSQL and in a browser
	@$(BIN)/python -m tests.support.machine
	@$(BIN)/python -m pytest -n auto --dist worksteal $(or $(TESTS),--complete)

.PHONY: lint
lint: setup-dev  ## style, types, arrows, security rules
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	# B108 and B608 are ruff's S108 and S608 too, whose exceptions stand in the code with a reason.
	$(BIN)/bandit --quiet --recursive --severity-level medium --skip B108,B608 engine forms storage web

.PHONY: format
format: setup-dev  ## put every file into its one form, and mend what can be mended by rule
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: wheel
wheel: setup  ## an installable wheel in dist/, translations compiled
	@$(BIN)/python -m pip --disable-pip-version-check -qq wheel --no-deps --no-build-isolation --wheel-dir dist .

.PHONY: bench
bench: setup  ## what a decision costs, beside a raw commit and SpiffWorkflow (minutes)
	@$(BIN)/countersign bench

.PHONY: soak
soak: setup-dev  ## the random tests at length (HYPOTHESIS_PROFILE=soak)
	@$(BIN)/python -m tests.support.machine
	@HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest -n auto --dist worksteal $(TESTS)

.PHONY: lock
lock: setup-dev  ## write requirements*.txt anew from setup.cfg
	$(LOCK) --extra build --output-file requirements.txt
	$(LOCK) --extra build --extra test --extra dev --constraint requirements.txt --output-file requirements-dev.txt

.PHONY: clean
clean:  ## remove what was installed and built; the data in var/ stays
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
