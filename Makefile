# Everything a developer does here. `make` alone prints this help; only python3 and make are needed.
.DEFAULT_GOAL := help
.SUFFIXES:
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
# Byte code is kept: without it, every command takes twice as long to start.
unexport PYTHONDONTWRITEBYTECODE
# Tools of the environment come first; node and npm may be among them.
export PATH := $(CURDIR)/$(BIN):$(PATH)
PYTEST := pytest -q -n 2
SPA := backend/web/spa/index.html
SPA_SOURCES := $(shell find frontend -type f -not -path '*/node_modules/*' -not -path '*/paraglide/*' -not -path 'frontend/tests/*' -not -name '*.tsbuildinfo' 2>/dev/null) backend/schema/schema.graphql

help: ## Print this help
	@grep -hE '^[a-z0-9 -]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: .venv/run.stamp $(SPA) ## Install what the portal needs and build the app for the browser

run: setup ## Serve the demo world on http://localhost:8000
	kundenportal sandbox

test: test-python test-frontend test-e2e ## Run every test: Python, frontend, browser, PostgreSQL, S3, mail

test-python: .venv/dev.stamp frontend/node_modules/.stamp ## Run the Python tests on SQLite, PostgreSQL, a real S3 and a real mail server
	$(PYTEST) tests -m 'not e2e'

test-frontend: $(SPA) ## Run the frontend's unit tests
	cd frontend && npm run --silent unit

test-e2e e2e: .venv/dev.stamp $(SPA) ## Use the portal in a real browser; writes docs/screens
	@./tools/debian-packages
	@# Two browsers, each with a sandbox of its own, share the files. A browser on a busy machine can
	@# miss a moment: what failed is asked once more, alone.
	$(PYTEST) --dist loadfile tests/e2e || $(PYTEST) -n 0 tests/e2e --last-failed

check: .venv/dev.stamp $(SPA) ## Lint, types, layers, schema, docs, size budget
	@# Two at a time; each says all it has to say when it has ended. The build has generated already.
	@$(MAKE) --no-print-directory -j2 $(if $(filter output-sync,$(.FEATURES)),-Otarget) \
	  check-types check-python check-frontend

check-types: ## Check the types of the built frontend
	cd frontend && npm run --silent types

check-python: ## Check everything of Python's, and the printed schema
	ruff check .
	ruff format --check .
	mypy
	lint-imports
	deptry .
	kundenportal export-schema | diff - backend/schema/schema.graphql

check-frontend: ## Check everything else of the built frontend
	cd frontend && npm run --silent lint

bench: .venv/dev.stamp $(SPA) ## Measure; prints ratios, judges nothing
	python -m bench

attack: .venv/dev.stamp ## Attack a running portal on this machine; fails when a bound is broken
	python -m attack

schema: .venv/run.stamp ## Print the GraphQL schema into backend/schema/schema.graphql
	kundenportal export-schema > backend/schema/schema.graphql

migration: .venv/run.stamp ## Write a migration for changed models: make migration m="Add something"
	kundenportal new-migration "$(m)"

format: .venv/dev.stamp ## Format Python and TypeScript
	ruff format .
	ruff check --fix-only .
	cd frontend && npm run --silent format

lock: .venv/tools.stamp ## Pin the newest allowed versions of everything, with hashes and no addresses
	uv pip compile -q --no-header pyproject.toml --extra sandbox -o requirements/run.txt
	uv pip compile -q --no-header pyproject.toml --extra sandbox --group dev -c requirements/run.txt -o requirements/dev.txt
	cd frontend && npm install --package-lock-only

clean: ## Remove what was built and installed; data/ stays
	rm -rf .venv frontend/node_modules backend/web/spa .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/tools.stamp: requirements/tools.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/tools.txt
	@touch $@

.venv/run.stamp: .venv/tools.stamp requirements/run.txt pyproject.toml
	uv pip install --quiet --compile-bytecode --require-hashes -r requirements/run.txt
	uv pip install --quiet --no-deps --editable .
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements/dev.txt
	uv pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

# Node from the machine if it is new enough, else from a wheel.
.venv/node.stamp: .venv/tools.stamp requirements/node.txt
	@node -e 'process.exit(process.versions.node.split(".")[0] >= 20 ? 0 : 1)' 2>/dev/null \
	  || uv pip install --quiet --require-hashes -r requirements/node.txt
	@touch $@

# Not `npm ci`: it insists on the binaries of every platform, which not every registry mirror has.
# The versions and hashes of the lock hold all the same.
frontend/node_modules/.stamp: .venv/node.stamp frontend/package-lock.json
	cd frontend && npm install --no-save --silent --no-audit --no-fund
	@touch $@

$(SPA): frontend/node_modules/.stamp $(SPA_SOURCES)
	cd frontend && npm run --silent build
	@touch $@

.PHONY: help setup run test test-python test-frontend test-e2e e2e check check-types check-python check-frontend bench attack schema migration format lock clean
