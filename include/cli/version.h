/* SPDX-License-Identifier: MIT */
/* version: what this binary is, for bug reports. */
#ifndef MEMTRACE_CLI_VERSION_H
#define MEMTRACE_CLI_VERSION_H

#include <stddef.h>

/* The text of --version: "memtrace 0.1.0", a line of features (+ present, - absent; avx2 also depends on the processor)
 * and a line of the library versions in use. `text` has `size` bytes; longer text is truncated. */
void version_text(char *text, size_t size);

#endif
