# SPDX-License-Identifier: MIT
# Builds and runs the fuzz targets; included by the Makefile, whose variables it uses.
FUZZ_SECONDS ?= 60
FUZZ_BUILD    = $(BUILD)/fuzz
# The flags of the build with sanitizers in tests/run.sh, whose objects ccache then provides.
FUZZ_FLAGS    = $(SANITIZE) $(SANITIZERS),fuzzer-no-link
FUZZ_OBJECTS  = $(patsubst src/%.c,$(FUZZ_BUILD)/%.o,$(wildcard $(addsuffix /*.c,$(addprefix src/,base freelog freelog/fast freelog/other load model))))
FUZZERS       = $(patsubst tests/fuzz/%.c,$(FUZZ_BUILD)/%,$(wildcard tests/fuzz/fuzz_*.c))

.PHONY: fuzz fuzzers
fuzz: fuzzers ## feed damaged logs to the readers, FUZZ_SECONDS (60) for each of them
	tests/fuzz/fuzz.sh $(FUZZ_BUILD) $(FUZZ_BUILD)/work $(FUZZ_SECONDS)

fuzzers: # build them only
	+$(MAKE) $(FUZZERS) CC=clang BUILD=$(FUZZ_BUILD) FUZZ_BUILD=$(FUZZ_BUILD) CFLAGS='$(FUZZ_FLAGS)'

$(FUZZ_BUILD)/fuzz_%: tests/fuzz/fuzz_%.c tests/fuzz/fuzz.h $(FUZZ_OBJECTS)
	$(CC) $(ALL_CPPFLAGS) -Isrc $(ALL_CFLAGS) -fsanitize=fuzzer -o $@ $< $(FUZZ_OBJECTS) -lz -lm
