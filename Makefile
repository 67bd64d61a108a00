# Two commands for a newcomer: `make demo` and `make test`. Both set up what they need first.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN    := .venv/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check
LOCKED := .venv/.locked
READY  := .venv/.ready
PROJECTS := pyproject.toml client/pyproject.toml sandbox/pyproject.toml

.PHONY: demo test check lock docs clean setup
.DEFAULT_GOAL := demo

setup: $(READY)

# A half-made environment has no stamp, so the next run makes it anew.
$(LOCKED): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Acca needs Python 3.11 or newer; name one with: make PYTHON=python3.12" >&2; exit 1; }
	rm -rf .venv
	$(PYTHON) -m venv .venv
	$(PIP) install --quiet --require-hashes -r requirements.lock
	@touch $@

$(READY): $(LOCKED) $(PROJECTS)
	$(PIP) install --quiet --no-deps --no-build-isolation -e . -e client -e sandbox
	@touch $@

# make demo DATA=folder plays real matches; make demo ARGS=--exit ends at once.
demo: $(READY)
	$(BIN)/acca demo $(if $(DATA),--data "$(DATA)") $(ARGS)

test: check
	$(BIN)/pytest -n 2 --dist worksteal

check: $(READY)
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports --no-cache

# The lock names versions and hashes and no registry, so that any mirror serves it.
lock:
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-emit-package acca-client --group dev $(PROJECTS) -o requirements.lock

# Tables in docs/ that the code knows better than a writer.
docs: $(READY)
	$(BIN)/python tests/written.py

clean:
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis .import_linter_cache
