# `make` lists what can be made. Nothing here needs a key; only package registries are asked.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
ADDR ?= 127.0.0.1:8080
DATA ?= data
PAGES := frontend/dist/index.html
PAGE_SOURCES := $(shell find frontend -path frontend/node_modules -prune -o -path frontend/dist -prune -o -type f -print)

BENCHES := bench/solver bench/search bench/orders bench/dispatch bench/web

.PHONY: help run build test check lint fuzz soak tales bench $(BENCHES) screenshots openapi clean

help: ## this list
	@grep -hE '^[a-z/]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

run: build ## builds, plays the story into ./data on the first start, opens on http://127.0.0.1:8080 (ADDR=, DATA=)
	@[ -e $(DATA)/jishi.db ] || bin/jishi demo --data $(DATA)
	bin/jishi serve --data $(DATA) --addr $(ADDR) --demo

build: $(PAGES) ## the program with its pages, as bin/jishi
	CGO_ENABLED=0 go build -trimpath -o bin/jishi ./server

$(PAGES): $(PAGE_SOURCES) | frontend/node_modules
	cd frontend && npm run --silent build

test: ## every test and the lint; installs what they need, or says what is missing
	scripts/test.sh

check: ## the quick half: vet and Go tests on SQLite alone, what can't run is skipped by name
	go vet ./... && go test ./...

lint: ## golangci-lint with the arrows of ARCHITECTURE.md as rules
	scripts/lint.sh

soak: ## ten minutes of going round the pages in Chromium: nothing that was left may be held
	JISHI_SOAK_MINUTES=10 scripts/browser.sh --project soak

fuzz: ## each fuzz test for 60 s
	scripts/fuzz.sh 60s

tales: ## 1,000 new random stories of money, from the lot to the last payout: every fen accounted for (TALES=, SEED= of the first)
	go test ./server/app -run EveryFen -timeout 60m -v -tales $(or $(TALES),1000) -tale.seed $(or $(SEED),0)

bench: $(BENCHES) ## every benchmark; docs/benchmarks.md tells what they gave

$(BENCHES): bench/%:
	scripts/bench.sh $*

screenshots: build ## the pictures of the README, made from the story
	scripts/screenshots.sh

openapi: | frontend/node_modules ## docs/openapi.json from the program, and the pages' types from that
	mkdir -p bin && go run ./server openapi > bin/openapi.json && mv bin/openapi.json docs/openapi.json
	cd frontend && npm run --silent types

frontend/node_modules: frontend/package-lock.json
	cd frontend && npm ci --no-audit --no-fund --loglevel=error && touch node_modules

clean: ## removes what was built; leaves ./data
	rm -rf bin frontend/dist/* coverage.out
