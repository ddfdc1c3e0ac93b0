# Every command of the house. `make` alone prints them.
# Compiled modules are kept: a start without them takes three times as long.
unexport PYTHONDONTWRITEBYTECODE
VENV ?= .venv
export VENV
BIN := $(VENV)/bin
PACKAGES := maillage contracts gateway services/appointments services/telesecretariat services/cooperation
PROJECTS := pyproject.toml $(addsuffix /pyproject.toml,$(PACKAGES))
STAGES ?= unit contract integration e2e faults

.DEFAULT_GOAL := help
.PHONY: help run console test lint lint-python lint-web format bench faults fuzz screenshots lock contracts migrations-lint env clean

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

$(VENV)/.installed: requirements.lock $(PROJECTS) deploy/environment.sh
	@sh deploy/environment.sh $(VENV)

run: $(VENV)/.installed web/dist/index.html ## Install what is missing, start everything, print addresses and accounts (Ctrl-C stops all of it)
	@exec $(BIN)/maillage up

console: web/dist/index.html ## Build the console into web/dist

web/dist/index.html: $(VENV)/.installed $(shell find web contracts/openapi contracts/schemas -type f -not -path '*/node_modules/*' -not -path 'web/dist/*' -not -path 'web/src/api/schema.d.ts' -not -path 'web/src/api/events.ts' 2>/dev/null)
	@sh web/run.sh build

test: $(VENV)/.installed ## Every test on its own database and broker; STAGES="unit contract" for some of them
	@sh tests/run.sh $(STAGES)

lint: $(VENV)/.installed ## Style, types, borders, rules of the house, the lock
	@$(MAKE) --no-print-directory -j 2 lint-web lint-python

lint-python:
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "Not formatted. Run: make format"; exit 1; }
	@$(BIN)/mypy $(foreach p,$(PACKAGES),$(p)/$(notdir $(p))) tests
	@$(BIN)/lint-imports
	@$(BIN)/python -m tests.rules.check
	@$(MAKE) --no-print-directory migrations-lint

lint-web:
	@sh web/run.sh check types

format: $(VENV)/.installed ## Write the code as the formatter wants it
	@$(BIN)/ruff check --fix-only --quiet . ; $(BIN)/ruff format --quiet .
	@sh web/run.sh format

bench: $(VENV)/.installed web/dist/index.html ## The ratios against the physical limit, one JSON line each
	@MAILLAGE_CHROMIUM="$$(sh deploy/chromium.sh)" exec $(BIN)/python -m bench $(RATIOS)

faults: $(VENV)/.installed ## Every fault scenario, the long ones too
	@exec $(BIN)/python -m pytest tests/faults --timeout=900

fuzz: $(VENV)/.installed ## Bad input for every operation; FUZZ_MINUTES=5 (for each service), SEED= and FUZZ_FROM= to go on
	@exec $(BIN)/python -m pytest -q -s -n 0 --timeout=0 tests/fuzz $(PYTEST_ARGS)

screenshots: $(VENV)/.installed web/dist/index.html ## Pictures of the screens, into docs/screens
	@export MAILLAGE_CHROMIUM="$$(sh deploy/chromium.sh)"; $(BIN)/python -m tests.e2e.web.screenshots && $(BIN)/python -m tests.e2e.console.screenshots

contracts: $(VENV)/.installed ## Generate OpenAPI, event schemas and AsyncAPI into contracts/
	@exec $(BIN)/maillage contracts

migrations-lint: $(VENV)/.installed ## squawk over the SQL of every migration
	@$(BIN)/python deploy/migrations_lint.py

lock: $(VENV)/.installed ## Compile requirements.lock again; LOCK_ARGS="--upgrade" for newer versions
	@sh deploy/lock.sh

env: $(VENV)/.installed ## Write .env with generated secrets for docker compose (never overwrites one)
	@$(BIN)/python deploy/make_env.py

clean: ## Remove what the tools leave behind; data and environment stay
	@find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
