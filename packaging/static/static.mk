# One file that runs on any Linux of its processor, in an empty folder too; included by the Makefile, whose variables it uses. Needs the
# .a files of the libraries (Debian's -dev packages have them) and of glibc. The same sources, compiler and libraries give the same bytes.
STATIC_BUILD   = build/static
STATIC_BINARY  = $(STATIC_BUILD)/memtrace
STATIC_LIBS   ?= -lcairo -lpixman-1 -lfontconfig -lexpat -lfreetype -lpng16 -lz
STATIC_CFLAGS  = -O2 -DMEMTRACE_STATIC -ffunction-sections -fdata-sections -ffile-prefix-map=$(CURDIR)=. $(HARDENING)
STATIC_LDFLAGS = -static-pie -s -Wl,--gc-sections,-z,relro,-z,now

STATIC_MAKE    = $(MAKE) BUILD=$(STATIC_BUILD) BINARY=$(STATIC_BINARY) PARTS=$(STATIC_BUILD)/parts.o CFLAGS='$(STATIC_CFLAGS)' CPPFLAGS= \
                 LDFLAGS='$(STATIC_LDFLAGS)' PACKAGE_LIBS='$(STATIC_LIBS)'

.PHONY: static install-static
static: ## build build/static/memtrace, one file that needs nothing else
	+$(STATIC_MAKE) $(STATIC_BINARY)

install-static: ## install that one instead of ./memtrace
	+$(STATIC_MAKE) install

$(STATIC_BINARY): $(PARTS)

$(STATIC_BUILD)/parts.o: packaging/static/parts.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
