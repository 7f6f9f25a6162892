# What people call; the work is done by CMake presets, npm and the scripts in tools/.
# Everything that is built lands under build/ and web/dist.
SHELL := /bin/bash
export PATH := $(CURDIR)/build/deps/node/bin:$(PATH)

.PHONY: help run build test test-tsan torture bench fuzz lint format package clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

run: ## install what is missing, build, and start the demo on this machine
	@tools/install-deps run
	@tools/build release parley
	@tools/build-web
	@exec build/release/parley demo $(ARGS)

build: ## build server and web without starting anything
	@tools/install-deps run
	@tools/build release parley
	@tools/build-web

test: ## the whole test suite in one run; the last line counts
	@tools/install-deps test
	@tools/run-tests $(STAGES)

test-tsan: ## unit, store and server tests under ThreadSanitizer
	@tools/install-deps test
	@tools/run-tests unit-tsan store-tsan server-tsan

torture: ## kill, cut and crash the server under load, with full counts; goes on where it was stopped
	@tools/install-deps test
	@tools/run-torture $(ARGS)

bench: ## measure, and compare with other programs; writes build/bench/results.json
	@tools/install-deps bench
	@tools/run-bench $(ARGS)

fuzz: ## every fuzz target for FUZZ_SECONDS (default 600) each
	@tools/install-deps test
	@tools/run-fuzz $${FUZZ_SECONDS:-600} $(ARGS)

lint: ## formatting, clang-tidy, layers, words, web
	@tools/install-deps test
	@PARLEY_TIDY_SECONDS=0 tools/run-tests format lint tidy web-lint

format: ## rewrite the C++ sources in the house format
	@git ls-files -z -- '*.cpp' '*.hpp' | xargs -0 -r clang-format-19 -i

package: ## a Debian package in build/package
	@tools/install-deps package
	@tools/build release parley
	@tools/build-web
	@tools/build-package

clean: ## remove what was built, but not what was downloaded
	@find build -mindepth 1 -maxdepth 1 ! -name deps -exec rm -rf {} + 2>/dev/null || true
	@rm -rf web/dist
