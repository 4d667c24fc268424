# SPDX-License-Identifier: MIT
# Builds and runs the benchmark; included by the Makefile, whose variables it uses.
BENCH_LINKED = $(addprefix $(BUILD)/bench/,load_only png)
BENCH_PLAIN  = $(addprefix $(BUILD)/bench/,measure peer_read peer_getline gen_logs)

.PHONY: bench
bench: $(BINARY) $(BENCH_LINKED) $(BENCH_PLAIN) ## compare memtrace with its peers (see tests/bench/bench.sh)
	@CC='$(CC)' sh tests/bench/bench.sh $(BUILD) ./$(BINARY)
	@python3 tests/bench/page.py ./$(BINARY) $(BUILD)/bench/gen_logs

$(BENCH_LINKED): $(BUILD)/bench/%: tests/bench/%.c $(ARCHIVE) | $(BUILD)/bench
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -o $@ $< $(ARCHIVE) $(PACKAGE_LIBS) -lm

# Peers start without memtrace's libraries; so does measure, whose own memory would count as theirs.
$(filter-out %/gen_logs %/measure,$(BENCH_PLAIN)): $(BUILD)/bench/%: tests/bench/%.c | $(BUILD)/bench
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -o $@ $<

$(BUILD)/bench/measure: tests/bench/measure.c src/base/clock.c src/base/median.c | $(BUILD)/bench
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -o $@ $^ -lm

$(BUILD)/bench/gen_logs: tests/gen_logs.c | $(BUILD)/bench
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -o $@ $< -lm

$(BUILD)/bench:
	mkdir -p $@

-include $(wildcard $(BUILD)/bench/*.d)

.PHONY: bench-page
bench-page: $(BINARY) $(BUILD)/bench/gen_logs ## measure the page: sizes, time to write, first picture and frames in Chromium
	@python3 tests/bench/page.py ./$(BINARY) $(BUILD)/bench/gen_logs
