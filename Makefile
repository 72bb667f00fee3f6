# The one door: `make help` says what there is.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

export CARGO_TARGET_DIR ?= $(CURDIR)/target
export TOOLS ?= $(CURDIR)/.tools
export PATH := $(TOOLS)/bin:$(PATH)

SITE := $(CARGO_TARGET_DIR)/site
DATA ?= data
WASM_BINDGEN := $(shell sed -n '/^name = "wasm-bindgen"$$/{n;s/version = "\(.*\)"/\1/p;}' Cargo.lock)
# cargo-nextest where it is installed: its summary is shorter and it runs the tests side by side.
RUN_TESTS := $(shell command -v cargo-nextest >/dev/null 2>&1 && echo 'cargo nextest run --no-tests=pass' || echo 'cargo test')

# $(call stage,heading,command): a heading, the command, and how long it took.
define stage
@printf '\n\033[1m== %s\033[0m\n' '$(1)'; start=$$SECONDS; \
if ( $(2) ); then printf '== %s: ok in %d s\n' '$(1)' "$$((SECONDS - start))"; \
else printf '== %s: FAILED after %d s\n' '$(1)' "$$((SECONDS - start))"; exit 1; fi
endef

.PHONY: help serve test check bench screenshots build site tools system fmt clean \
        stage-check stage-rules stage-stories stage-site stage-browser

help: ## what there is
	@echo 'Xianghe 祥和'
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | column -t -s '|'

serve: build ## the app with a demo community, at http://127.0.0.1:3000
	exec $(CARGO_TARGET_DIR)/release/xianghe serve --data $(DATA) --demo --site $(SITE)

build: tools site ## the site and the server, for production
	cargo build --release -p xianghe-server --bin xianghe

site: tools ## WASM, JavaScript, stylesheet and public files alone
	@node frontend/build.mjs --out $(SITE)

test: system tools stage-check stage-rules stage-stories stage-site stage-browser ## every test: rules, stores, stories, weight, browser
	@printf '\nall tests passed\n'

check: tools ## formatting and lints
	cargo fmt --all --check
	cargo clippy -p app -- -D warnings
	cargo clippy -p app --features ssr -- -D warnings
	cargo clippy -p xianghe-server -p migrations -p tests --all-targets -- -D warnings
	cargo clippy -p frontend --target wasm32-unknown-unknown -- -D warnings

bench: system tools site ## load, against the real server: pages, a floor beside them, reports, memory
	@command -v wrk >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get install -y -qq wrk >/dev/null; } || \
	    { echo 'Missing: wrk. Install with: sudo apt-get install wrk' >&2; exit 1; }
	cargo build --release -p xianghe-server -p tests --bin xianghe --bin xianghe-bench
	XIANGHE_BIN=$(CARGO_TARGET_DIR)/release/xianghe XIANGHE_SITE=$(SITE) $(CARGO_TARGET_DIR)/release/xianghe-bench $(BENCH)
	XIANGHE_BIN=$(CARGO_TARGET_DIR)/release/xianghe XIANGHE_SITE=$(SITE) node tests/browser/cold.mjs

screenshots: system build ## pictures of the main pages: phone and desk, normal, care, dark
	XIANGHE_BIN=$(CARGO_TARGET_DIR)/release/xianghe XIANGHE_SITE=$(SITE) node tests/browser/screenshots.mjs

fmt: ## formats the source
	cargo fmt --all

clean: ## removes what was built (not the tools, not the data)
	cargo clean
	rm -rf $(SITE) frontend/node_modules

# --- the stages of `make test`; the workspace is never built as one: `ssr` and `hydrate` would unify ---

stage-check:
	$(call stage,formatting and lints,$(MAKE) check)

stage-rules:
	$(call stage,rules,$(RUN_TESTS) -p app)

stage-stories:
	$(call stage,stores and stories,$(RUN_TESTS) -p tests -p xianghe-server -p migrations)

stage-site:
	$(call stage,site,node frontend/build.mjs --out $(SITE) --check-weight)

# The server is built together with the tests, so that nothing is compiled twice.
stage-browser:
	$(call stage,browser,cargo build -p tests -p xianghe-server --bins && \
	XIANGHE_BIN=$(CARGO_TARGET_DIR)/debug/xianghe XIANGHE_SITE=$(SITE) node tests/browser/all.mjs)

# --- what the machine needs ---

# $(call need,program,how to install it)
define need
command -v $(1) >/dev/null || { echo 'Missing: $(1). Install it with: $(2)' >&2; exit 1; }
endef

tools: ## what building needs: WASM target, wasm-bindgen, npm packages
	@$(call need,cc,apt-get install build-essential)
	@$(call need,cargo,curl -sSf https://sh.rustup.rs | sh)
	@$(call need,node,apt-get install nodejs npm    (version 20 or newer; nodejs.org where the system has an older one))
	@$(call need,npm,apt-get install npm)
	@node -e 'if (parseInt(process.versions.node) < 20) { console.error(`Node $${process.versions.node} is too old: 20 or newer is needed (nodejs.org)`); process.exit(1) }'
	@test -d "$$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown" || { \
	    $(call need,rustup,curl -sSf https://sh.rustup.rs | sh); rustup target add wasm32-unknown-unknown; }
	@test "$$($(TOOLS)/bin/wasm-bindgen --version 2>/dev/null)" = 'wasm-bindgen $(WASM_BINDGEN)' || { \
	    echo 'wasm-bindgen $(WASM_BINDGEN): about two minutes, once'; \
	    CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
	    CARGO_TARGET_DIR=$(TOOLS)/build cargo install wasm-bindgen-cli --version $(WASM_BINDGEN) --root $(TOOLS) --force && \
	    rm -rf $(TOOLS)/build; }
	@cmp -s frontend/package-lock.json frontend/node_modules/.installed-lock || { \
	    cd frontend && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error && cp package-lock.json node_modules/.installed-lock; }

system: ## what the tests need from the system: browsers, Chinese fonts, PostgreSQL
	@missing=(); \
	command -v chromium >/dev/null || missing+=(chromium); \
	command -v firefox-esr >/dev/null || command -v firefox >/dev/null || missing+=(firefox-esr); \
	command -v WebKitWebDriver >/dev/null || missing+=(webkit2gtk-driver); \
	command -v Xvfb >/dev/null || missing+=(xvfb); \
	compgen -G '/usr/share/fonts/opentype/noto/NotoSansCJK*' >/dev/null || missing+=(fonts-noto-cjk); \
	compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql); \
	test $${#missing[@]} -gt 0 || exit 0; \
	sudo=; test "$$(id -u)" = 0 || sudo='sudo -n'; \
	if command -v apt-get >/dev/null && $$sudo true 2>/dev/null; then \
	    echo "installing $${missing[*]}"; $$sudo apt-get update -qq; \
	    $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$${missing[@]}" >/dev/null; \
	else echo "Missing: $${missing[*]}. Install with: sudo apt-get install $${missing[*]}" >&2; exit 1; fi
