PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TODAY ?= 2026-11-23
# Tests with a browser, a kernel or a database wait more than they compute.
WORKERS = $(shell $(BIN)/python -c 'import os; print(1 + (os.cpu_count() or 1))')
PYTEST = $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

.PHONY: help demo quick test mutants lint format docs tools clean

help:  ## List what there is to make
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

demo: $(VENV)/.ready  ## Review the example workloads, and show where their reports are
	@$(BIN)/orr report checkout loyalty-points image-resizer --today $(TODAY) || [ $$? -eq 1 ]
	@echo
	@echo "Open the reports in a browser:"
	@for workload in checkout loyalty-points image-resizer; do echo "  $(CURDIR)/reports/$$workload/report.html"; done

quick: $(VENV)/.ready  ## Run the tests that need no browser, kernel, database or more than a second
	$(PYTEST) -m "not (browser or kernel or database or slow)" --hypothesis-profile quick --durations 5

test: $(VENV)/.ready  ## Run all tests; what they need of Debian is installed where it is missing
	@sh tests/install-tools.sh --missing || $(MAKE) --no-print-directory tools
	$(PYTEST)

mutants: $(VENV)/.ready  ## Change the rule in every small way, and list what no test notices (takes an hour)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[mutants]'
	$(BIN)/mutmut run
	$(BIN)/mutmut results

lint: $(VENV)/.ready  ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.ready  ## Mend what style can be mended by program
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/.docs  ## Build the documentation into site/, in both languages
	$(BIN)/python -m tools.site site
	@echo "Open the documentation in a browser: $(CURDIR)/site/index.html"

tools:  ## Install what the tests need of Debian: Chromium, Firefox, Node, PostgreSQL, systemd
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

clean:  ## Delete the environment, what was built and the reports
	rm -rf $(VENV) build dist reports site
