# SPDX-License-Identifier: MIT
# The static binary: one file that runs on any Linux of its architecture, even in an empty root directory. Included by the Makefile,
# whose variables it uses. Needs the .a files of the libraries (part of Debian's -dev packages) and of glibc. The build is
# reproducible: the same sources, compiler and libraries give the same bytes.
STATIC_BUILD   = build/static
STATIC_BINARY  = $(STATIC_BUILD)/memtrace
STATIC_LIBS   ?= -lcairo -lpixman-1 -lfontconfig -lexpat -lfreetype -lpng16 -lz
STATIC_CFLAGS  = -O2 -DMEMTRACE_STATIC -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables -ffile-prefix-map=$(CURDIR)=. $(HARDENING)
# No table of unwinding information: no thread is cancelled, and C has no exceptions. It saves 55 KB.
STATIC_LDFLAGS = -static-pie -s -Wl,--gc-sections,--no-eh-frame-hdr,-z,relro,-z,now$(STATIC_RELR)

# Saves a tenth of a megabyte if the start-up code of glibc (2.36 and later) supports packed relocations.
STATIC_GLIBC   = $(subst ., ,$(lastword $(shell getconf GNU_LIBC_VERSION 2>/dev/null)))
STATIC_RELR    = $(shell [ "$$($(CC) -dumpmachine)" = x86_64-linux-gnu ] && set -- $(STATIC_GLIBC) && [ "$${2:-0}" -ge 36 ] && \
                 ld --help | grep -q pack-relative-relocs && echo ,-z,pack-relative-relocs)

STATIC_MAKE    = $(MAKE) BUILD=$(STATIC_BUILD) BINARY=$(STATIC_BINARY) PARTS=$(STATIC_BUILD)/parts.o CFLAGS='$(STATIC_CFLAGS)' CPPFLAGS= \
                 LDFLAGS='$(STATIC_LDFLAGS)' PACKAGE_LIBS='$(STATIC_LIBS)'

.PHONY: static static-aarch64 install-static
static: ## build build/static/memtrace, one file without dependencies
	+$(STATIC_MAKE) $(STATIC_BINARY)

install-static: static ## build and install build/static/memtrace instead of ./memtrace
	+$(MAKE) install BINARY=$(STATIC_BINARY)

$(STATIC_BINARY): $(PARTS)

# Optimised for size where speed does not matter.
$(foreach folder,analysis base cli figure freelog/other page term,$(STATIC_BUILD)/$(folder)/%.o): ALL_CFLAGS += -Os
$(addprefix $(STATIC_BUILD)/,$(addsuffix .o,main model/export model/events model/groups model/resample model/runs model/trace load/load \
    load/file load/gunzip load/ingest load/input load/rotation load/split load/steps load/moved load/tail load/window \
    $(addprefix draw/,coverage draw draw_lines draw_mask draw_overview draw_panels guard noise output picture simplify svg svg_overlay) $(addprefix freelog/,time_forms time_find timestamp \
    timestamp_clock month_name line_times line_prefix line_scan line_classifier log_header log_profile log_event label_words row_values \
    unit_guess vocabulary node_names record parser line_quotes node_table number record_builder))): \
    ALL_CFLAGS += -Os

# The scripts of the page without most of the comments and indentation, which the page does not contain anyway.
$(STATIC_BUILD)/page/code.js: $(foreach part,text scale data draw page,src/page/$(part).js)
	@mkdir -p $(@D)
	awk '{ sub(/^ +/, "") } is_comment { if (sub(/^.*\*\//, "")) is_comment = 0; else next } \
	    /^\/\*\*/ && !/\*\// { is_comment = 1; next } /^\/\// || /^\/\*\*[^*]*\*\/$$/ || !NF { next } \
	    { gsub(/\/\*\* @[^*]*\*\/ ?/, ""); print }' $^ >$@

$(STATIC_BUILD)/page/page.o: $(STATIC_BUILD)/page/code.js
$(STATIC_BUILD)/page/page.o: ALL_CFLAGS += -DPAGE_CODE='"$(STATIC_BUILD)/page/code.js"'

$(STATIC_BUILD)/parts.o: packaging/static/parts.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Cross-built on Debian with its arm64 packages, which fetch.sh unpacks into a folder: neither root nor multiarch is needed.
ARM64       = build/arm64
ARM64_FLAGS = $(addprefix -I$(ARM64)/usr/include,/cairo /freetype2 /libpng16) -isystem $(ARM64)/usr/include
static-aarch64: $(ARM64)/complete ## cross-build build/static-aarch64/memtrace for 64-bit Arm (on Debian)
	+$(MAKE) static STATIC_BUILD=build/static-aarch64 CC=aarch64-linux-gnu-gcc AR=aarch64-linux-gnu-ar \
	    PACKAGE_CFLAGS='$(ARM64_FLAGS)' STATIC_LIBS='-L$(ARM64)/usr/lib/aarch64-linux-gnu $(STATIC_LIBS)'

$(ARM64)/complete: packaging/static/fetch.sh
	packaging/static/fetch.sh arm64 $(ARM64)
