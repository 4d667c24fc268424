# SPDX-License-Identifier: MIT
# memtrace: `make` builds ./memtrace, `make help` lists the rest.
VERSION     = 0.1.0
PREFIX     ?= /usr/local
DESTDIR    ?=
CC         ?= cc
PKG_CONFIG ?= pkg-config
HARDENING   = -fstack-protector-strong -fstack-clash-protection -D_FORTIFY_SOURCE=2
CFLAGS     ?= -O2 -g $(HARDENING)
LDFLAGS    ?= -pie -Wl,-z,relro,-z,now
PACKAGES    = cairo freetype2 libpng zlib

WARNINGS    = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes \
              -Wmissing-prototypes -Wvla -Wformat=2 -Wundef -Wwrite-strings $(WERROR)
WERROR     ?= # -Werror in CI and make lint, never in a user's build
ALL_CPPFLAGS = -D_GNU_SOURCE -DMEMTRACE_VERSION='"$(VERSION)"' -I$(SRC)include $(PACKAGE_CFLAGS) $(CPPFLAGS)
ALL_CFLAGS  = -std=c11 $(WARNINGS) -pthread -fPIE -fno-math-errno -ffp-contract=off $(CFLAGS)
PACKAGE_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PACKAGES) 2>/dev/null)
PACKAGE_LIBS   := $(shell $(PKG_CONFIG) --libs $(PACKAGES) 2>/dev/null)

# One readable error instead of the first compiler error.
ifneq ($(filter-out clean help format install install-static uninstall lint dist compile_commands.json,$(or $(MAKECMDGOALS),all)),)
MISSING     := $(shell for package in $(PACKAGES); do $(PKG_CONFIG) --exists "$$package" 2>/dev/null || echo "$$package"; done)
ifneq ($(and $(MISSING),$(if $(PACKAGE_LIBS),,none)),)
$(error memtrace needs $(MISSING). Debian, Ubuntu: apt-get install pkg-config libcairo2-dev libfreetype-dev libpng-dev zlib1g-dev. \
    Fedora: dnf install pkgconf cairo-devel freetype-devel libpng-devel zlib-devel)
endif
endif

BUILD      ?= build
BINARY     ?= memtrace
SRC        := $(dir $(firstword $(MAKEFILE_LIST)))
OBJECTS     = $(patsubst $(SRC)src/%.c,$(BUILD)/%.o,$(sort $(foreach depth,* */* */*/*,$(wildcard $(SRC)src/$(depth).c))))
ARCHIVE     = $(BUILD)/libmemtrace.a
UNITS       = $(patsubst $(SRC)tests/%.c,$(BUILD)/tests/%,$(wildcard $(SRC)tests/*/test_*.c))
SOURCES     = $(foreach folder,src include tests,$(foreach depth,* */* */*/*,$(wildcard $(SRC)$(folder)/$(depth).[ch])))

.PHONY: all units quick asan tsan test check lint format install uninstall clean help
all: $(BINARY) ## build ./memtrace (the default)

$(BINARY): $(OBJECTS)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(PACKAGE_LIBS) -lm

$(BUILD)/%.o: $(SRC)src/%.c $(SRC)Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -Wa,-I$(SRC) -MMD -MP -c -o $@ $<

$(BUILD)/draw/font.o: $(wildcard $(SRC)src/draw/fonts/*.ttf)
$(BUILD)/page/page.o: $(wildcard $(SRC)src/page/*.js $(SRC)src/page/page.html $(SRC)src/page/page.css)

$(ARCHIVE): $(filter-out $(BUILD)/main.o,$(OBJECTS))
	@rm -f $@
	$(AR) rcs $@ $^

# Test code gains nothing from optimization, except where it repeats much. Compiled and linked in two steps, because ccache caches
# only the first.
TEST_CFLAGS = -O0 -U_FORTIFY_SOURCE
$(BUILD)/tests/freelog/%.o: TEST_CFLAGS =
$(BUILD)/tests/%.o: $(SRC)tests/%.c $(SRC)Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) -I$(SRC)src -I$(SRC)tests $(filter-out -Wp%,$(ALL_CFLAGS)) $(TEST_CFLAGS) -MMD -MP -c -o $@ $<

.PRECIOUS: $(BUILD)/tests/%.o
$(BUILD)/tests/%: $(BUILD)/tests/%.o $(ARCHIVE)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(PACKAGE_LIBS) $(if $(findstring /test_,$@),-lcmocka) -lm

$(BUILD)/tests/%.so: $(SRC)tests/%.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -fPIC -shared -o $@ $<

units: $(UNITS) $(BUILD)/tests/freelog_dump ## build the unit tests, in build/tests/

test check: ## run all tests (tests/run.sh also installs what they need)
	tests/run.sh --no-install

quick: ## build, and test the units and the command line, without the slowest tests
	tests/quick.sh

SANITIZE    = -O1 -g1 -fno-omit-frame-pointer -fno-sanitize-recover=all
SANITIZERS  = -fsanitize=address,undefined,float-cast-overflow
asan: ## build everything with AddressSanitizer and UBSan in build/asan/
	+$(MAKE) all units BUILD=build/asan BINARY=build/asan/memtrace \
	    CFLAGS='$(SANITIZE) $(SANITIZERS)'

tsan: ## build everything with ThreadSanitizer in build/tsan/
	+$(MAKE) all units BUILD=build/tsan BINARY=build/tsan/memtrace CFLAGS='$(SANITIZE) -fsanitize=thread'

compile_commands.json: Makefile $(SOURCES) # for clangd and other tools
	@$(MAKE) -nB $(OBJECTS) | sed -En 's/\\/\\\\/g; s/"/\\"/g; s|^(.* -c -o .* ([^ ]+\.c))$$|{"directory": "$(CURDIR)", "file": "\2", "command": "\1"},|p' | \
	    sed '1s/^/[/; $$s/,$$/]/' >$@

lint: ## cppcheck, clang-tidy, shellcheck and tsc
	tests/lint.sh

format: ## lay out the C sources with clang-format
	clang-format -i $(SOURCES)

# What is installed: MODE:FILE:PLACE.
BINDIR      = $(PREFIX)/bin
MANDIR      = $(PREFIX)/share/man
BASHDIR     = $(PREFIX)/share/bash-completion/completions
ZSHDIR      = $(PREFIX)/share/zsh/site-functions
FISHDIR     = $(PREFIX)/share/fish/vendor_completions.d
INSTALLED   = 755:$(TO_INSTALL):$(BINDIR)/memtrace 755:run.sh:$(BINDIR)/memtrace-run 755:slurm.sh:$(BINDIR)/memtrace-slurm \
              $(foreach page,$(wildcard man/*.1),644:$(page):$(MANDIR)/man1/$(notdir $(page))) \
              $(foreach name,memtrace memtrace-run memtrace-slurm,644:completions/memtrace.bash:$(BASHDIR)/$(name)) \
              $(foreach file,$(wildcard completions/*.fish),644:$(file):$(FISHDIR)/$(notdir $(file))) \
              644:completions/_memtrace:$(ZSHDIR)/_memtrace

# Installs an existing binary as it is, preferring ./memtrace to the static one; builds ./memtrace only if neither exists.
TO_INSTALL  = $(or $(firstword $(wildcard $(BINARY) $(STATIC_BINARY))),$(BINARY))
install: ## install ./memtrace or the static binary below PREFIX (/usr/local), staged into DESTDIR
	@test -e $(TO_INSTALL) || $(MAKE) $(TO_INSTALL)
	@[ -z "$$(find src include -newer $(TO_INSTALL) -name '*.[ch]')" ] || echo "note: $(TO_INSTALL) is older than its source; run make to rebuild it"
	@set -e; for entry in $(INSTALLED); do IFS=:; set -- $$entry; install -D -m "$$1" "$$2" "$(DESTDIR)$$3"; \
	    echo "installed $$2 as $(DESTDIR)$$3"; done

uninstall: ## remove what install installed
	@for entry in $(INSTALLED); do rm -f "$(DESTDIR)$${entry##*:}"; done

clean: ## remove what was built
	rm -rf $(BUILD) $(BINARY)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z -]+:.*## /{printf "  %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

include $(addprefix $(SRC),tests/bench/bench.mk packaging/packages.mk packaging/static/static.mk packaging/docs/docs.mk tests/fuzz/fuzz.mk tests/scenarios/scenarios.mk)
-include $(foreach depth,* */* */*/*,$(wildcard $(BUILD)/$(depth).d))
