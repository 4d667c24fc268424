# SPDX-License-Identifier: MIT
# Generates the lists of options in the documents from src/cli/option_table.c. Included by the Makefile, whose variables it uses.
OPTION_DOCS = man:man/memtrace.1 readme:README.md bash:completions/memtrace.bash zsh:completions/_memtrace fish:completions/memtrace.fish

.PHONY: docs
docs: $(BUILD)/option_docs ## write the option lists of README, man page and completions from the table of options
	@set -e; for entry in $(OPTION_DOCS); do \
	    $(BUILD)/option_docs "$${entry%%:*}" "$(SRC)$${entry#*:}" >$(BUILD)/docs.new; \
	    cmp -s $(BUILD)/docs.new "$(SRC)$${entry#*:}" || cat $(BUILD)/docs.new >"$(SRC)$${entry#*:}"; \
	done

$(BUILD)/option_docs: $(SRC)packaging/docs/option_docs.c $(ARCHIVE)
	$(CC) $(ALL_CPPFLAGS) -I$(SRC)src $(ALL_CFLAGS) -o $@ $< $(ARCHIVE) $(PACKAGE_LIBS) -lm
