/* SPDX-License-Identifier: MIT */
/* version: the text of --version. Uses the libraries only for their versions. */
#include "cli/version.h"

#include <cairo.h>
#include <ft2build.h>
#include <png.h>
#include <stdio.h>
#include <zlib.h>
#include FT_FREETYPE_H

#include "freelog/fast/simd.h"

#ifndef MEMTRACE_VERSION
#define MEMTRACE_VERSION "unknown" /* defined by the Makefile */
#endif

#if SIMD_NEON
#define LANES "+neon"
#elif SIMD_SSE2
#define LANES "+sse2"
#else
#define LANES "-sse2"
#endif
#ifdef MEMTRACE_STATIC
#define IS_STATIC "+"
#else
#define IS_STATIC "-"
#endif

void version_text(char *text, size_t size)
{
    FT_Library freetype;
    FT_Int major = 0, minor = 0, patch = 0;
    if (FT_Init_FreeType(&freetype) == 0) {
        FT_Library_Version(freetype, &major, &minor, &patch);
        FT_Done_FreeType(freetype);
    }
    snprintf(text, size,
             "memtrace " MEMTRACE_VERSION "\n"
             "features: +png +svg +pdf +gzip " LANES " %cavx2 " IS_STATIC "static\n"
             "libraries: cairo %s, freetype %d.%d.%d, libpng %s, zlib %s\n",
             simd_have_avx2() ? '+' : '-', cairo_version_string(), major, minor, patch, png_get_libpng_ver(NULL),
             zlibVersion());
}
