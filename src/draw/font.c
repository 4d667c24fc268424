/* SPDX-License-Identifier: MIT */
/* font: the embedded typeface, with the system's fonts as a fallback. Independent of what is written with it. */
#include "draw/font.h"

#include <cairo-ft.h>
#include <ft2build.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "guard.h"
#include FT_FREETYPE_H

/* The font files are embedded in the binary: compute nodes often have no fonts, and plots look the same everywhere. */
/* NOLINTBEGIN(bugprone-macro-parentheses): symbols and strings take none */
#define EMBED(symbol, path)                                                                                            \
    __asm__(".section .rodata\n.balign 16\n.global " #symbol "\n" #symbol ":\n.incbin \"" path "\"\n.global " #symbol  \
            "_end\n" #symbol "_end:\n.byte 0\n.previous\n");                                                           \
    extern const unsigned char symbol[], symbol##_end[]
/* NOLINTEND(bugprone-macro-parentheses) */

EMBED(memtrace_font_regular, "src/draw/fonts/DejaVuSans-subset.ttf");
EMBED(memtrace_font_bold, "src/draw/fonts/DejaVuSans-Bold-subset.ttf");

#define MEASURE_SIZE_PX 100.0

struct face {
    FT_Face ft;
    cairo_font_face_t *embedded, *system;
    cairo_scaled_font_t *measure, *measure_system; /* the system's fonts are opened when first needed */
};

struct font {
    FT_Library library;
    bool has_system;
    struct face face[2]; /* regular, bold */
};

static cairo_font_options_t *font_options(void)
{
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    return options;
}

static cairo_scaled_font_t *scaled_font(cairo_font_face_t *face, double size_px)
{
    cairo_matrix_t size, identity;
    cairo_matrix_init_scale(&size, size_px, size_px);
    cairo_matrix_init_identity(&identity);
    cairo_font_options_t *options = font_options();
    cairo_scaled_font_t *scaled = cairo_scaled_font_create(face, &size, &identity, options);
    cairo_font_options_destroy(options);
    return scaled;
}

static bool face_open(struct face *face, FT_Library library, const unsigned char *bytes, const unsigned char *end)
{
    if (FT_New_Memory_Face(library, bytes, (FT_Long)(end - bytes), 0, &face->ft) != 0)
        return false;
    face->embedded = cairo_ft_font_face_create_for_ft_face(face->ft, FT_LOAD_NO_HINTING);
    face->measure = scaled_font(face->embedded, MEASURE_SIZE_PX);
    return cairo_scaled_font_status(face->measure) == CAIRO_STATUS_SUCCESS;
}

static void face_close(struct face *face)
{
    if (face->measure_system != NULL)
        cairo_scaled_font_destroy(face->measure_system);
    if (face->system != NULL)
        cairo_font_face_destroy(face->system);
    if (face->measure != NULL)
        cairo_scaled_font_destroy(face->measure);
    if (face->embedded != NULL)
        cairo_font_face_destroy(face->embedded);
}

/* Returns false if the static binary runs on a machine without fontconfig's configuration: fontconfig would print
 * warnings and find no font. */
static bool system_has_fonts(void)
{
#ifdef MEMTRACE_STATIC
    const char *file = getenv("FONTCONFIG_FILE");
    return access(file != NULL ? file : "/etc/fonts/fonts.conf", R_OK) == 0;
#else
    return true; /* the shared library comes with its configuration, wherever that is */
#endif
}

/* The typefaces are embedded, so only memory can be missing. */
static bool open_faces(void *user, struct error *error)
{
    struct font *font = user;
    return (FT_Init_FreeType(&font->library) == 0 &&
            face_open(&font->face[0], font->library, memtrace_font_regular, memtrace_font_regular_end) &&
            face_open(&font->face[1], font->library, memtrace_font_bold, memtrace_font_bold_end)) ||
           error_memory(error, NULL);
}

struct font *font_open(struct error *error)
{
    struct font *font = calloc(1, sizeof *font);
    if (font == NULL)
        error_memory(error, NULL);
    if (font == NULL || !guard_run(open_faces, font, error)) {
        font_close(font);
        return NULL;
    }
    font->has_system = system_has_fonts();
    return font;
}

void font_close(struct font *font)
{
    if (font == NULL || guard_has_crashed())
        return;
    face_close(&font->face[0]);
    face_close(&font->face[1]);
    /* Cairo caches scaled fonts after their last use; they must be freed before their FT_Face. */
    cairo_debug_reset_static_data();
    if (font->library != NULL)
        FT_Done_FreeType(font->library);
    free(font);
}

/* The system's sans-serif, for characters that the embedded typeface lacks. Opening it starts fontconfig, which is
 * slow. */
static cairo_scaled_font_t *system_measure(struct face *face, bool bold)
{
    if (face->measure_system == NULL) {
        face->system = cairo_toy_font_face_create("sans-serif", CAIRO_FONT_SLANT_NORMAL,
                                                  bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
        face->measure_system = scaled_font(face->system, MEASURE_SIZE_PX);
    }
    return face->measure_system;
}

/* A part of a text whose characters all come from one typeface. */
struct font_run {
    char text[256];
    bool system;
};

/* Takes the next run from `*text`; returns false at the end. A long run is returned in several parts. */
static bool run_next(struct font *font, bool bold, const char **text, struct font_run *run)
{
    size_t length = 0;
    run->system = false;
    while (length < sizeof run->text - 8) {
        const char *before = *text;
        uint32_t code = utf8_next(text);
        code = code == 0 || utf8_is_shown(code) ? code : UTF8_REPLACEMENT;
        if (code == 0)
            break;
        bool system = font->has_system && FT_Get_Char_Index(font->face[bold].ft, code) == 0;
        if (length == 0) {
            run->system = system;
        } else if (run->system != system) {
            *text = before;
            break;
        }
        length += utf8_put(run->text + length, code);
    }
    run->text[length] = '\0';
    return length > 0;
}

static double run_width(struct font *font, const struct font_run *run, double size_px, bool bold)
{
    struct face *face = &font->face[bold];
    cairo_text_extents_t extents;
    cairo_scaled_font_text_extents(run->system ? system_measure(face, bold) : face->measure, run->text, &extents);
    return extents.x_advance * size_px / MEASURE_SIZE_PX;
}

double font_text_width(void *font, const char *text, double size_px, bool bold)
{
    double width_px = 0;
    struct font_run run;
    while (run_next(font, bold, &text, &run))
        width_px += run_width(font, &run, size_px, bold);
    return width_px;
}

typedef void draw_run(cairo_t *cr, const char *text);

static void each_run(struct font *font, cairo_t *cr, double x_px, double y_px, const char *text, double size_px,
                     bool bold, draw_run *draw)
{
    struct font_run run;
    cairo_font_options_t *options = font_options();
    cairo_set_font_options(cr, options);
    cairo_font_options_destroy(options);
    while (run_next(font, bold, &text, &run)) {
        double width_px = run_width(font, &run, size_px, bold);
        cairo_set_font_face(cr, run.system ? font->face[bold].system : font->face[bold].embedded);
        cairo_set_font_size(cr, size_px);
        cairo_move_to(cr, x_px, y_px);
        draw(cr, run.text);
        x_px += width_px;
    }
}

void font_draw(struct font *font, cairo_t *cr, double x_px, double y_px, const char *text, double size_px, bool bold)
{
    each_run(font, cr, x_px, y_px, text, size_px, bold, cairo_show_text);
}

void font_path(struct font *font, cairo_t *cr, double x_px, double y_px, const char *text, double size_px, bool bold)
{
    each_run(font, cr, x_px, y_px, text, size_px, bold, cairo_text_path);
}
