# Each target is one command of tools/, which also runs where there is no make:
#   python -m tools book
# PORT=8123 chooses the port of `make book` and `make lite`; PART=chapters and LONG=1 what `make test` runs.
#
# The Python is the one that .venv was made with, or else 3.11 or newer. PYTHON=python3.12 names another, with which
# .venv is then made anew.
MADE_WITH := $(shell sed -n 's/^executable = //p' .venv/pyvenv.cfg 2>/dev/null)
PYTHON ?= $(shell for python in "$(MADE_WITH)" python3.11 python3.12 python3.13 python3; do \
            command -v "$$python" && exit; done; echo python3)
export PORT PART LONG TORCH_INDEX

COMMANDS := book site slides zip test lab chapters check class lite new bench vendor lint format clean
.PHONY: help $(COMMANDS)
help:
	@$(PYTHON) -m tools help

$(COMMANDS):
	@$(PYTHON) -m tools $@
