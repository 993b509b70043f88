# Two commands: `make film` shows what Storyreel does, `make test` runs every test.
PYTHON ?= python3
BIN := .venv/bin
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
endif

.PHONY: film test test-env check bench docs clean

film: .venv/core
	$(BIN)/studio make -p projects/gull-rock
	@echo "the film:  projects/gull-rock/film.mp4"
	@echo "the tool:  $(BIN)/studio --help"

test: test-env
	OMP_NUM_THREADS=1 HF_HUB_OFFLINE=1 $(BIN)/python -m pytest

test-env: .venv/test

check: test-env
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: test-env
	$(BIN)/python docs/commands.py > docs/commands.md

bench: test-env
	$(BIN)/python bench/results.py

.venv/core: pyproject.toml
	test -d .venv || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

.venv/test: pyproject.toml requirements-test.txt .venv/core
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-test.txt -e '.[dev]'
	# it asks for a second opencv beside the headless one; one is enough
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps scenedetect==0.7.2
	@touch $@

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache build dist
