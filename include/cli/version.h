/* SPDX-License-Identifier: MIT */
/* version: what this binary is, for bug reports. */
#ifndef MEMTRACE_CLI_VERSION_H
#define MEMTRACE_CLI_VERSION_H

#include <stddef.h>

/* The text of --version: "memtrace 0.1.0", a line of features (+ has, - has not; avx2 is a
 * matter of the processor too) and one of the libraries as they are at run time. `text`
 * takes `size` bytes; what is too long is cut. */
void version_text(char *text, size_t size);

#endif
