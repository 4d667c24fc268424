# memtrace: `make` builds ./memtrace, `make help` lists the rest.
VERSION    = 0.1.0
PREFIX    ?= /usr/local
CC        ?= cc
PKG_CONFIG ?= pkg-config
CFLAGS    ?= -O2 -g
PACKAGES   = cairo freetype2 libpng zlib

WARNINGS   = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes \
             -Wmissing-prototypes -Wvla -Wformat=2 -Wundef -Wwrite-strings -Werror
ALL_CPPFLAGS = -D_GNU_SOURCE -DMEMTRACE_VERSION='"$(VERSION)"' -Iinclude $(PACKAGE_CFLAGS) $(CPPFLAGS)
ALL_CFLAGS = -std=c11 $(WARNINGS) -pthread -fno-math-errno -ffp-contract=off $(CFLAGS)
PACKAGE_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PACKAGES))
PACKAGE_LIBS   := $(shell $(PKG_CONFIG) --libs $(PACKAGES))

BUILD      = build
OBJECTS    = $(patsubst src/%.c,$(BUILD)/%.o,$(wildcard src/*.c))
ROOMS      = $(filter-out $(BUILD)/main.o,$(OBJECTS))
UNITS      = $(patsubst tests/test_%.c,$(BUILD)/test_%,$(wildcard tests/test_*.c))

.PHONY: all test units check clean
all: memtrace ## build ./memtrace

memtrace: $(OBJECTS)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(PACKAGE_LIBS) -lm

$(BUILD)/%.o: src/%.c Makefile | $(BUILD)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/test_%: tests/test_%.c $(ROOMS) Makefile | $(BUILD)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -o $@ $< $(ROOMS) $(PACKAGE_LIBS) -lcmocka -lm

$(BUILD):
	mkdir -p $@

units: $(UNITS) ## build and run the unit tests of the rooms
	@for t in $(UNITS); do ./$$t || exit 1; done

include tests/bench/bench.mk

clean: ## remove what was built
	rm -rf $(BUILD) memtrace

-include $(wildcard $(BUILD)/*.d)
