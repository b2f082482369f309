# The two commands: `make run` and `make test`. Everything else is below.
# Paths are relative and programs are called as modules: the checkout may lie in a path with spaces and accents.
# PYTHON=… names the Python of the virtual environment; else .ci/venv chooses.
PYTHON ?=
VENV := .venv/bin/python
MANAGE := $(VENV) manage.py
WORKERS ?= 2
# A Python that may not keep what it compiled compiles the application anew in every process: half a second each.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test lint soak bench lock clean venv venv-dev

help:
	@echo "make run    the application on this machine (PORT, DATA_DIR, DATABASE_URL, REDIS_URL…)"
	@echo "make test   every test, in parallel (WORKERS=2); browser journeys when Chromium is there"
	@echo "make lint   every check"
	@echo "make soak   races of a minute and random kills"
	@echo "make bench  ratios, into bench/results.json"
	@echo "make lock   requirements*.txt anew from requirements*.in"
	@echo "make clean  what was built, but neither .venv nor the data in .data"

run: venv
	@exec $(MANAGE) run

test: venv-dev
	@$(MANAGE) build_assets
	@exec $(VENV) -m pytest -n $(WORKERS) --dist loadscope -q $(ARGS)

soak: venv-dev
	@$(MANAGE) build_assets
	@exec $(VENV) -m pytest -m soak -q $(ARGS)

bench: venv-dev
	@exec $(VENV) -m bench $(ARGS)

lint: venv-dev
	@bash .ci/lint

venv:
	@PYTHON="$(PYTHON)" sh .ci/venv requirements.txt

venv-dev:
	@PYTHON="$(PYTHON)" sh .ci/venv requirements-dev.txt

# uv is needed here only, in an environment of its own: it writes locks for every platform at once.
lock:
	@[ -x .build/uv/bin/python ] || { $(or $(PYTHON),python3) -m venv .build/uv && .build/uv/bin/python -m pip install -q uv; }
	@for name in requirements requirements-dev; do \
		.build/uv/bin/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
			$$name.in -o $$name.txt || exit 1; \
	done

clean:
	@rm -rf .build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
