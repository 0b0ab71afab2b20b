# From nothing but Python 3.11-3.13 and gcc: make install | run | test | check | mutants | clean.
# PYTHON= chooses the interpreter.

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(if $(wildcard $(BIN)/python),$(BIN)/python,python3)
PORT ?= $(or $(IVIG_CDS_PORT),8080)

VERSION_OF = -c 'import sys; print("%d.%d" % sys.version_info[:2])'
VERSION := $(shell $(PYTHON) $(VERSION_OF))
STAMP := $(VENV)/.installed-$(VERSION)

# durable_rules names a C function that Python 3.13 no longer has; this gives it the name that it still has.
export CPPFLAGS := -DPyEval_CallObject=PyObject_CallObject $(CPPFLAGS)

.PHONY: install run test check mutants clean

install: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@case "$(VERSION)" in 3.11|3.12|3.13) ;; *) \
	  echo "$(PYTHON) is not Python 3.11, 3.12 or 3.13: say make PYTHON=python3.12 (or another)" >&2; exit 1;; esac
	@test "$$($(BIN)/python $(VERSION_OF) 2>/dev/null)" = "$(VERSION)" || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@rm -f $(VENV)/.installed-*
	@touch $@

run: $(STAMP)
	@IVIG_CDS_PORT=$(PORT) $(BIN)/ivig-cds serve

test: $(STAMP)
	$(BIN)/pytest -n auto --dist loadfile

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

mutants: $(STAMP)
	$(BIN)/python -m tests.mutants

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
