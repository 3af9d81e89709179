# Every target sets up what it needs by itself; run `make` to see them all.
PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
SETUP := $(PYTHON) installers/setup.py
WORKERS ?= auto
# Some machines forbid Python to keep what it compiled. Hundreds of our processes start in a test run, and that saves each a fifth of its start.
unexport PYTHONDONTWRITEBYTECODE
# A file's tests share what its fixtures start, so they stay together; files in the order that tests/conftest.py gives them. Five thousand patient tests on a busy machine: one that fails is tried
# once more and named in the summary (RERUN), for it is unsteady and wants mending; one that fails twice is broken.
PARALLEL := -n $(WORKERS) --dist loadfile --no-loadscope-reorder --reruns 1 -raR
# A choice of tests may leave one of the two runs without any (pytest answers 5); without a choice that is an error.
NONE_CHOSEN = $(if $(ARGS),|| test $$? -eq 5)

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-setup test-python test-web chaos app server check clients bench screenshots clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: ## set everything up and do nothing else: leaves .venv/bin/heddle and .venv/bin/heddle-server
	@$(SETUP) --extras client,desktop,server,ai,web --system record,virtual,speech,app --web

demo: ## record a screen, upload it while it is recorded, play it from a link; ARGS="--exit --seconds 8 --json FILE"
	@$(SETUP) --extras client,server,web --system record,virtual,speech --web
	@$(BIN)/heddle demo $(ARGS)

test: test-python test-web ## set up what tests need and run all of them; ARGS goes to pytest

test-setup:
	@$(SETUP) --extras client,desktop,server,ai,dev --system record,virtual,speech,app,test --web --peers

test-python: test-setup
	@$(BIN)/python -m pytest $(PARALLEL) -m "not scenario" $(ARGS) $(NONE_CHOSEN)
	@$(BIN)/python -m pytest $(PARALLEL) -m scenario $(ARGS) $(NONE_CHOSEN)

test-web: test-setup
	@$(BIN)/python installers/npm.py server/web run check

chaos: ## kill the recorder 200 times at random moments and the server at every step, damage 500 films, ask the API 10,000 things, judge every answer
	@$(SETUP) --extras client,desktop,server,ai,dev --system record,virtual,speech,app,test
	@HEDDLE_CHAOS_FLIPS=500 $(BIN)/python -m pytest --timeout 3600 tests/unit/media/test_corpus.py
	@HEDDLE_CHAOS_REQUESTS=50 $(BIN)/python -m pytest --timeout 3600 tests/unit/server/test_schemathesis.py
	@HEDDLE_CHAOS_EXAMPLES=1000 $(BIN)/python -m pytest --timeout 1800 $$(grep -rl "^@fuzzed" tests/unit)
	@HEDDLE_TEST_ALL_MOMENTS=1 $(BIN)/python -m pytest tests/scenarios/test_processing_crashes.py
	@HEDDLE_CHAOS_KILLS=200 $(BIN)/python -m pytest -s tests/scenarios/test_chaos.py $(ARGS)

app: ## open the recorder's window
	@$(SETUP) --extras client,desktop --system record,app
	@$(BIN)/heddle app $(ARGS)

server: ## run the server in the foreground; ARGS="--host 0.0.0.0 --port 8080 --data DIR"
	@$(SETUP) --extras server,ai,web --web
	@$(BIN)/heddle-server serve $(ARGS)

check: ## ruff, mypy --strict, bandit and the import contracts
	@$(SETUP) --extras client,desktop,server,ai,dev --no-system
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/bandit -q -c pyproject.toml -r server capture uploader desktop media installers -x server/web

audit: ## ask the public database of vulnerabilities about what is installed; needs the network
	@$(SETUP) --extras client,desktop,server,ai,dev --no-system
	@$(BIN)/pip-audit --strict --skip-editable || { echo "Either a package above has a known vulnerability, or the database of vulnerabilities at PyPI could not be asked from here (then nothing was found about any package): run this where it can be reached." >&2; exit 1; }

clients: ## write the API's Python and TypeScript clients anew, from the server's description
	@$(SETUP) --extras client,desktop,server,ai,dev --no-system
	@$(BIN)/python installers/clients.py

bench: ## measure speed and memory against the peers; prints ratios; ARGS="recorder --size 1080p30 --content typing --peer ssr"
	@$(SETUP) --extras client,desktop,server,ai,dev --system record,virtual,speech,app,test,recorders --web --peers
	@$(BIN)/python -m tests.benchmarks $(ARGS)

screenshots: ## draw every view of the app, light and dark, at 100 and 200 %, into docs/images/app; ARGS="settings"
	@$(SETUP) --extras client,desktop,dev --system app
	@$(BIN)/python -m tests.screenshots $(ARGS)

clean: ## remove the virtual environment and everything that was built
	rm -rf .venv server/web/dist server/web/node_modules tests/node/node_modules build dist
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
