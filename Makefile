# Payom's commands. `make run` is all a newcomer needs; `make help` lists the rest.
PYTHON ?= python3
PORT ?= 8000
PYTEST_ARGS ?=
SEEDS ?= 1 2 3
RECIPIENTS ?= 10000
KILLS ?= 50
PY := .venv/bin/python
MAKEFLAGS += --no-print-directory
export PORT

# Runs a command in silence; what it said is shown only when it fails.
quiet = out=$$($(1) 2>&1) || { printf '%s\n' "$$out"; exit 1; }
# True when $(PYTHON) can run $(1); asked when a recipe runs, so that the answer to "no" is one line.
python_can = $(shell $(PYTHON) -c "$(1)" >/dev/null 2>&1 && echo yes)

.PHONY: help run setup install test test-sqlite test-grown check check-spam format lock bench faults demo-reset messages clean

help: ## list the commands
	@sed -n 's/^\([a-z%-]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

# These sign nothing and keep nothing, so they need no key of their own in var/.
check install setup messages: export SECRET_KEY := only-for-commands-that-sign-nothing-and-keep-nothing-at-all
check: export DATABASE_URL := sqlite://:memory:

run demo-reset: export DEMO := 1
run demo-reset: export DEBUG := 1

run: .venv/.runtime ## set up what is missing, start everything, print the address (PORT=8000)
	@$(PY) -m config.supervisor

setup: .venv/.dev ## prepare .venv and the assets, start nothing
	@$(PY) manage.py prepare

install: .venv/.runtime ## what a server needs: the packages and the assets, nothing of the tests
	@$(PY) manage.py prepare

test: test-sqlite test-grown ## all tests: on SQLite, then on PostgreSQL, Redis and Celery

test-sqlite: setup ## the tests on SQLite (PYTEST_ARGS=…)
	@env -u TEST_DATABASE_URL -u TEST_REDIS_URL $(PY) -m pytest -n auto --dist worksteal -m "not grown" $(PYTEST_ARGS)

test-grown: setup ## the tests on PostgreSQL and Redis, started for them
	@$(PY) -m tests.grown -n auto --dist worksteal -m "not browser and not sqlite" $(PYTEST_ARGS)

check-spam: setup ## what a real SpamAssassin thinks of the letters (SPAM_TEXTS=folder of more texts)
	@SPAM_TEXTS="$(SPAM_TEXTS)" $(PY) -m pytest -q -s -m spam tests/mailings/pipeline/test_spam.py

check: setup ## format, lint, import contract, migrations, templates, catalogues: silent when good
	@$(call quiet,.venv/bin/ruff format --check .)
	@$(call quiet,.venv/bin/ruff check .)
	@$(call quiet,.venv/bin/lint-imports --no-logo)
	@$(call quiet,$(PY) manage.py makemigrations --check --dry-run)
	@$(call quiet,SITE_URL=https://payom.test $(PY) manage.py check --deploy --fail-level WARNING)
	@$(call quiet,$(PY) manage.py messages check)
	@$(call quiet,.venv/bin/djlint --lint --quiet templates)

format: .venv/.dev ## write the code the way `make check` wants it
	@.venv/bin/ruff check --quiet --fix .
	@.venv/bin/ruff format --quiet .

messages: .venv/.dev ## gather the strings to translate into locale/
	@$(PY) manage.py messages update

bench: setup ## run every benchmark
	@$(PY) -m bench

bench-%: setup ## run bench/%.py
	@$(PY) -m bench $*

faults: setup ## kill senders at random, on both databases and with Celery: nothing lost, nothing twice (SEEDS="1 2 3" RECIPIENTS=10000 KILLS=50)
	@failed=0; for seed in $(SEEDS); do for where in sqlite postgresql "postgresql --celery"; do \
		$(PY) -m tests.faults --database $$where --seed $$seed --recipients $(RECIPIENTS) --kills $(KILLS) || failed=1; \
	done; done; exit $$failed

demo-reset: .venv/.runtime ## empty the demo and fill it afresh
	@$(PY) manage.py demo reset

lock: .venv/.dev ## compile requirements*.txt from requirements*.in
	@.venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
		--python-version 3.11 --custom-compile-command "make lock" requirements.in -o requirements.txt
	@.venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
		--python-version 3.11 --custom-compile-command "make lock" requirements-dev.in -o requirements-dev.txt

clean: ## remove .venv and what was built; var/ with your data stays
	@rm -rf .venv assets staticfiles .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/pip:
	$(if $(call python_can,),,$(error Payom needs Python 3.11 or newer, and "$(PYTHON)" was not found))
	$(if $(call python_can,import sys; sys.exit(sys.hexversion < 0x030b0000)),,$(error Payom needs Python 3.11 or newer; "$(PYTHON)" is older. Name another: make PYTHON=python3.12 …))
	$(if $(call python_can,import venv; import ensurepip),,$(error Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv))
	@$(PYTHON) -m venv .venv

.venv/.runtime: requirements.txt | .venv/bin/pip
	@echo "Installing what Payom needs (once, about a minute) …"
	@.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/.dev: requirements.txt requirements-dev.txt | .venv/bin/pip
	@echo "Installing what Payom and its tests need (once, about two minutes) …"
	@.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt -r requirements-dev.txt
	@touch .venv/.runtime $@
