# The only door: `make run` opens the app, `make test` checks everything. Both set up what is missing.
PYTHON ?= python3
export PYTHON
VENV := .venv
BIN := $(VENV)/bin
# The first time this fetches some 5 GB (torch), so it shows what it does; later it is quiet.
PIP_INSTALL = $(BIN)/python -m pip install $(if $(wildcard $(VENV)/.app),--quiet)

.DEFAULT_GOAL := help
.PHONY: help package setup run test lint bench pictures translations docs

help:  ## say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.dev  ## install what the app, its tests and the laboratory need
	@./packaging/system-packages dev

run: $(VENV)/.app  ## open the app; without a display, stream the sample meeting in the terminal
	@./packaging/system-packages app
	@if [ "$$(uname)" = Linux ] && [ -z "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
		$(BIN)/crosstalk transcribe --live resources/sample/meeting.flac; \
	else \
		$(BIN)/crosstalk; \
	fi

test: setup lint  ## run the linters and all tests
	$(BIN)/pytest

lint: $(VENV)/.dev  ## check style, types and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

pictures: setup  ## draw the views for the documentation; FOLDER=... for all, in every look
	$(BIN)/python -m tests.gui.make_screenshots $(FOLDER)

translations: setup  ## collect what is to be translated, and list what is not yet
	$(BIN)/python packaging/translations.py

docs: setup  ## build the documentation into build/site; a broken link fails
	$(BIN)/mkdocs build --strict

package:  ## build the app without Python into dist/; as root, try it in a bare Debian as well
	@./packaging/system-packages venv
	@./packaging/system-packages app
	@./packaging/system-packages package
	$(PYTHON) packaging/build.py
	@if [ "$$(id -u)" = 0 ]; then $(PYTHON) packaging/smoke.py dist/crosstalk_*.deb; else \
		echo "To try it in a bare Debian: sudo $(PYTHON) packaging/smoke.py dist/crosstalk_*.deb"; fi

bench: setup  ## measure speed, latency, start-up and memory
	$(BIN)/python -m tests.bench

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Crosstalk needs Python 3.11 or newer: make PYTHON=/path/to/python3.11"; exit 2; }
	@./packaging/system-packages venv
	$(PYTHON) -m venv $(VENV)

# A stamp is newer than pyproject.toml when its packages are installed. The tests' packages include
# the app's, so .dev makes .app too.
$(VENV)/.app: pyproject.toml | $(BIN)/python
	$(PIP_INSTALL) --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	@./packaging/system-packages build
	$(PIP_INSTALL) --editable '.[dev]'
	@touch $(VENV)/.app $@
