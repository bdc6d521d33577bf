# The few commands a person types. `make` or `make help` prints them.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
PORT ?= 8000

help: ## print this
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1	\2/p' Makefile

run: set-up ## set up what is missing, make the demo if there is none, serve it on http://127.0.0.1:8000
	@$(BIN)/walkapp run-demo --port $(PORT)

test: set-up-dev ## set up what is missing and run every test
	@$(BIN)/pytest -n 2 --dist loadgroup

check: set-up-dev ## style, types, stairs, front-end rules: fast, no server
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/mypy
	@cd static && node build.mjs --check

lock: ## renew the lock files from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --extra build --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements.lock
	uv pip compile pyproject.toml --extra build --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements-dev.lock

set-up: .venv/set-up static/dist/assets.json .venv/words
set-up-dev: .venv/set-up-dev static/dist/assets.json .venv/words

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "walkapp needs Python 3.11 or newer")'
	@$(PYTHON) -m venv .venv || { echo "the venv module is missing: apt install python3-venv"; exit 1; }

.venv/set-up: requirements.lock pyproject.toml | .venv/bin/python
	@$(BIN)/pip install -q --require-hashes -r requirements.lock
	@$(BIN)/pip install -q --no-deps --no-build-isolation --editable .
	@touch $@

.venv/set-up-dev: requirements-dev.lock .venv/set-up
	@$(BIN)/pip install -q --require-hashes -r requirements-dev.lock
	@touch $@

static/node_modules/.package-lock.json: static/package-lock.json | .venv/set-up
	@cd static && npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

static/dist/assets.json: static/node_modules/.package-lock.json static/build.mjs .venv/words $(shell find static/src -type f)
	@cd static && node build.mjs

.venv/words: $(wildcard walkapp/translations/*/*.po) | .venv/set-up
	@$(BIN)/python -m walkapp.kernel.words
	@touch $@

.PHONY: help run test check lock set-up set-up-dev
