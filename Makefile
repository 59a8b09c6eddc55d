PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TODAY ?= 2026-11-23
# Tests with a browser, a kernel or a database wait more than they compute.
WORKERS = $(shell $(BIN)/python -c 'import os; print(1 + (os.cpu_count() or 1))')

.PHONY: demo test lint format docs tools clean

demo: $(VENV)/.ready
	@$(BIN)/orr report checkout loyalty-points image-resizer --today $(TODAY) || [ $$? -eq 1 ]
	@echo
	@echo "Open the reports in a browser:"
	@for workload in checkout loyalty-points image-resizer; do echo "  $(CURDIR)/reports/$$workload/report.html"; done

test: $(VENV)/.ready tools
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

lint: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The documentation as a site that needs no network, in both languages.
docs: $(VENV)/.docs  ## Build the documentation into site/
	$(BIN)/python -m tools.site site
	@echo "Open the documentation in a browser: $(CURDIR)/site/index.html"

# The tests want Chromium, Node and PostgreSQL: found, or installed where that is allowed.
tools:
	@sh tests/install-tools.sh

$(VENV)/.ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "orr needs Python 3.11 or later; say which with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[test,dev]'
	@touch $@

$(VENV)/.docs: $(VENV)/.ready
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[docs]'
	@touch $@

clean:
	rm -rf $(VENV) build dist reports site
