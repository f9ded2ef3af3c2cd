# Each target is one command of tools/, which also runs where there is no make:
#   python -m tools book
# PORT=8123 chooses the port of `make book`.
PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3)
export PORT

.PHONY: help book site test lab chapters check bench lint clean
help:
	@$(PYTHON) -m tools help

book site test lab chapters check bench lint clean:
	@$(PYTHON) -m tools $@
