# SPDX-License-Identifier: MIT
# Judges the findings on made-up jobs whose stories are known; included by the Makefile, whose variables it uses.
SEED      ?= 1
SCENARIOS ?= 500
JOB_ROWS  ?=

.PHONY: scenarios
scenarios: $(BINARY) $(BUILD)/scenarios ## judge the findings on SCENARIOS (500) made-up jobs from each SEED (1) on; JOB_ROWS=1: with rows of the job
	@folder=$$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d) && { $(BUILD)/scenarios -n $(SCENARIOS) $(if $(JOB_ROWS),-j) ./$(BINARY) "$$folder" $(SEED); status=$$?; rm -rf "$$folder"; exit $$status; }

$(BUILD)/scenarios: $(wildcard $(SRC)tests/scenarios/*.[ch]) $(ARCHIVE) $(SRC)Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -o $@ $(filter %.c,$^) $(ARCHIVE) $(PACKAGE_LIBS) -lm
