# SPDX-License-Identifier: MIT
# Builds and runs the fuzz targets; included by the Makefile, whose variables it uses.
FUZZ_SECONDS ?= 60
FUZZ_BUILD    = $(BUILD)/fuzz
FUZZ_FLAGS    = -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
FUZZ_OBJECTS  = $(patsubst src/%.c,$(FUZZ_BUILD)/%.o,$(wildcard $(addsuffix /*.c,$(addprefix src/,base freelog freelog/fast freelog/other load model))))
FUZZERS       = $(patsubst tests/fuzz/%.c,$(FUZZ_BUILD)/%,$(wildcard tests/fuzz/fuzz_*.c))

.PHONY: fuzz fuzzers
fuzz: fuzzers ## feed damaged logs to the readers, FUZZ_SECONDS (60) for each of them
	tests/fuzz/fuzz.sh $(FUZZ_BUILD) $(FUZZ_BUILD)/work $(FUZZ_SECONDS)

fuzzers: $(FUZZERS) # build them only

$(FUZZ_BUILD)/fuzz_%: tests/fuzz/fuzz_%.c tests/fuzz/fuzz.h $(FUZZ_OBJECTS)
	clang $(ALL_CPPFLAGS) -Isrc $(filter-out $(CFLAGS),$(ALL_CFLAGS)) $(FUZZ_FLAGS) -fsanitize=fuzzer -o $@ $< $(FUZZ_OBJECTS) -lz -lm

$(FUZZ_BUILD)/%.o: src/%.c Makefile
	@mkdir -p $(@D)
	clang $(ALL_CPPFLAGS) $(filter-out $(CFLAGS),$(ALL_CFLAGS)) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link -MMD -MP -c -o $@ $<

-include $(FUZZ_OBJECTS:.o=.d)
