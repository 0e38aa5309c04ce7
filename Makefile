# Short names for the commands of the README. Each target makes the environment it needs.

PYTHON ?= python3
VENV ?= .venv
EXTRAS ?= test
BIN = $(VENV)/bin

.PHONY: demo test lowest lint types images clean

demo: $(VENV)/.installed
	$(BIN)/busim run scenarios/science_city.toml

test: $(VENV)/.tests-installed
	$(BIN)/python -m pytest

# The tests with the oldest releases that pyproject.toml admits, in an environment of their own.
lowest:
	mkdir -p build
	$(PYTHON) .ci/lowest.py > build/lowest.txt
	PIP_CONSTRAINT=build/lowest.txt $(MAKE) test VENV=build/lowest EXTRAS=test,fast,parquet,pandas,dask

lint: $(VENV)/.tests-installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(VENV)/.tests-installed
	$(BIN)/mypy

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.tests-installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[$(EXTRAS)]'
	touch $@

images: $(VENV)/.installed
	rm -rf build/images
	$(BIN)/busim run scenarios/science_city.toml --out build/images
	cp build/images/plots/day.png docs/images/day.png
	$(BIN)/busim map plot scenarios/science_city.toml --out docs/images/map.png

clean:
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache .mypy_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
