# Everything a newcomer needs: `make demo` shows the main job, `make test` runs the whole check.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# pytest keeps the modules that it rewrote, even where the environment asks Python to keep none.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test lint types imports unit clients fuzz bench readme install clean

install: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	$(BIN)/python -m compileall -q simulator
	touch $@

demo: install
	$(BIN)/sandbooks replay scenarios/quickstart --report build/report

test: install lint types imports unit

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install
	$(BIN)/mypy

imports: install
	$(BIN)/lint-imports

unit: install
	$(BIN)/pytest -n 3 --dist worksteal

clients: install
	$(BIN)/pytest -m clients tests/clients

fuzz: install
	FUZZ_DRAWN=40 FUZZ_COVERED=200 $(BIN)/pytest -n 2 tests/properties -k contracts_fuzzed
	DAMAGE=12 $(BIN)/pytest -n 2 tests/platforms tests/hub

bench: install
	$(BIN)/python -m bench

gallery: install
	$(BIN)/python -m tests.harness.gallery

readme: install
	$(BIN)/python docs/readme.py

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
