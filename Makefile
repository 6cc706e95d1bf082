# The two commands of the README: `make demo` and `make test`. Python 3.11 or later and make are all they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: setup demo test test-quick lint types contracts variables docs lock clean

# Everything: to develop, test and run notebooks.
setup: $(VENV)/all.stamp

# What users need: the runtime set.
$(VENV)/runtime.stamp: requirements/runtime.txt pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes -r requirements/runtime.txt
	$(PIP) --no-deps --editable .
	touch $@

$(VENV)/all.stamp: requirements/all.txt pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes -r requirements/all.txt
	$(PIP) --no-deps --editable .
	touch $@ $(VENV)/runtime.stamp

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# The main job on synthetic files with a known truth.
demo: $(VENV)/runtime.stamp
	$(BIN)/cofactor demo --output output/demo

test: $(VENV)/all.stamp lint types contracts variables
	$(BIN)/python -m pytest -n 2

# The everyday round while writing: no linters, no slow tests, first failure stops.
test-quick: $(VENV)/all.stamp
	$(BIN)/python -m pytest -n 2 -x -q -m "not slow"

lint: $(VENV)/all.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/all.stamp
	$(BIN)/mypy

contracts: $(VENV)/all.stamp
	$(BIN)/lint-imports

# One page a variable, with its sources, counts, rule and cases, into docs/variables; fails where one is undocumented.
variables: $(VENV)/runtime.stamp
	$(BIN)/python -c "from cofactor.cohort import write_pages; write_pages('docs/variables')"

# The documentation site, offline, into docs/_build/html; pages and notebooks are run again where the package changed.
docs: $(VENV)/all.stamp
	$(BIN)/python -m sphinx -q -W --keep-going -j 2 -b html -d docs/_build/doctrees docs docs/_build/html

# Make the lock files anew from pyproject.toml (needs uv).
lock:
	uv pip compile pyproject.toml --universal --no-header --no-annotate --generate-hashes --quiet -o requirements/runtime.txt
	uv pip compile pyproject.toml --group dev --universal --no-header --no-annotate --generate-hashes --quiet -c requirements/runtime.txt -o requirements/all.txt

clean:
	rm -rf $(VENV) output build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
