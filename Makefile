# Every target is one line: run.py holds the logic, so `python3 run.py TARGET` does the same without make.
PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3)

.PHONY: help run setup test check bench bench-large long docs shots locks
help:         ## print this list
	@sed -n 's/^\([a-z-]*\):\( *\)## /  make \1\2/p' Makefile
run:          ## set up everything needed and start the demo city
	@$(PYTHON) run.py run
setup:        ## make .venv and install what the program needs
	@$(PYTHON) run.py setup
test:         ## run every test: SQLite, PostgreSQL, headless Chromium
	@$(PYTHON) run.py test
check:        ## the fast half: lint, types, arrows, rules tests
	@$(PYTHON) run.py check
bench:        ## every quoted figure, one line of JSON each
	@$(PYTHON) run.py bench
bench-large:  ## the figures at ten million cases
	@$(PYTHON) run.py bench-large
long:         ## what is too long for every run: hammers, mutation, journeys on PostgreSQL
	@$(PYTHON) run.py long
docs:         ## run the examples in the documents and follow their links
	@$(PYTHON) run.py docs
shots:        ## take the pictures of README and docs
	@$(PYTHON) run.py shots
locks:        ## write the lock files anew from pyproject.toml
	@$(PYTHON) run.py locks
