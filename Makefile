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
WERROR     ?= -Werror
ALL_CPPFLAGS = -D_GNU_SOURCE -DMEMTRACE_VERSION='"$(VERSION)"' -Iinclude $(PACKAGE_CFLAGS) $(CPPFLAGS)
ALL_CFLAGS  = -std=c11 $(WARNINGS) -pthread -fPIE -fno-math-errno -ffp-contract=off $(CFLAGS)
PACKAGE_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PACKAGES))
PACKAGE_LIBS   := $(shell $(PKG_CONFIG) --libs $(PACKAGES))

BUILD      ?= build
BINARY     ?= memtrace
OBJECTS     = $(patsubst src/%.c,$(BUILD)/%.o,$(sort $(wildcard src/*.c)))
ROOMS       = $(filter-out $(BUILD)/main.o,$(OBJECTS))
UNITS       = $(patsubst tests/test_%.c,$(BUILD)/test_%,$(wildcard tests/test_*.c))
SOURCES     = $(wildcard src/*.c include/*.h tests/*.c tests/*.h)

.PHONY: all units test check lint format install uninstall clean help
all: $(BINARY) ## build ./memtrace (the default)

$(BINARY): $(OBJECTS)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(PACKAGE_LIBS) -lm

$(BUILD)/%.o: src/%.c Makefile | $(BUILD)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/font.o: $(wildcard src/fonts/*.ttf)

$(BUILD)/test_%: tests/test_%.c $(ROOMS) Makefile | $(BUILD)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -o $@ $< $(ROOMS) $(PACKAGE_LIBS) -lcmocka -lm

$(BUILD):
	mkdir -p $@

# For tests/formats.bats.
$(BUILD)/free_dump: tests/free_dump.c $(ROOMS) Makefile | $(BUILD)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -o $@ $< $(ROOMS) $(PACKAGE_LIBS) -lm

units: $(UNITS) $(BUILD)/free_dump ## build the unit tests of the rooms, in build/

test check: ## run all tests (tests/run.sh also installs what they need)
	tests/run.sh --no-install

lint: ## cppcheck, clang-tidy and shellcheck
	tests/lint.sh

format: ## lay out the C sources with clang-format
	clang-format -i $(SOURCES)

# What is installed: MODE:FILE:PLACE.
BINDIR      = $(PREFIX)/bin
MANDIR      = $(PREFIX)/share/man
BASHDIR     = $(PREFIX)/share/bash-completion/completions
ZSHDIR      = $(PREFIX)/share/zsh/site-functions
FISHDIR     = $(PREFIX)/share/fish/vendor_completions.d
INSTALLED   = 755:$(BINARY):$(BINDIR)/memtrace 755:run.sh:$(BINDIR)/memtrace-run 755:slurm.sh:$(BINDIR)/memtrace-slurm \
              $(foreach page,$(wildcard man/*.1),644:$(page):$(MANDIR)/man1/$(notdir $(page))) \
              $(foreach name,memtrace memtrace-run memtrace-slurm,644:completions/memtrace.bash:$(BASHDIR)/$(name)) \
              $(foreach file,$(wildcard completions/*.fish),644:$(file):$(FISHDIR)/$(notdir $(file))) \
              644:completions/_memtrace:$(ZSHDIR)/_memtrace

install: $(BINARY) ## install below PREFIX (/usr/local), staged into DESTDIR
	@set -e; for entry in $(INSTALLED); do IFS=:; set -- $$entry; install -D -m "$$1" "$$2" "$(DESTDIR)$$3"; done

uninstall: ## take away what install put
	@for entry in $(INSTALLED); do rm -f "$(DESTDIR)$${entry##*:}"; done

clean: ## remove what was built
	rm -rf $(BUILD) $(BINARY)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z -]+:.*## /{printf "  %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

include tests/bench/bench.mk packaging/packages.mk packaging/static/static.mk tests/fuzz/fuzz.mk
-include $(wildcard $(BUILD)/*.d)
