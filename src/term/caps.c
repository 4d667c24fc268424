/* SPDX-License-Identifier: MIT */
/* caps: what can be known about a terminal without a query. Independent of plots. */
#include "term/caps.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/units.h"

#define SIDE_MAX 2000 /* terminals may report nonsense as their size */

static const char *environment(const char *name)
{
    const char *value = getenv(name);
    return value == NULL ? "" : value;
}

bool caps_size(int fd, size_t *columns, size_t *rows)
{
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0)
        return false;
    *columns = size.ws_col < SIDE_MAX ? size.ws_col : SIDE_MAX;
    *rows = size.ws_row < SIDE_MAX ? size.ws_row : SIDE_MAX;
    return true;
}

/* Reads how many pixels a cell has, if the terminal reports a plausible size. */
static void find_cell(struct caps *caps, int fd)
{
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0)
        return;
    double width = (double)size.ws_xpixel / size.ws_col, height = (double)size.ws_ypixel / size.ws_row;
    if (width < 4 || height < 8 || width > 100 || height > 200)
        return;
    caps->cell_width_px = width;
    caps->cell_height_px = height;
}

static size_t environment_number(const char *name, size_t otherwise)
{
    double number;
    if (!parse_number(environment(name), &number) || number < 1 || number > SIDE_MAX)
        return otherwise;
    return (size_t)number;
}

static bool says_utf8(const char *text)
{
    return strcasestr(text, "UTF-8") != NULL || strcasestr(text, "UTF8") != NULL;
}

/* Returns true if the locale's encoding is UTF-8. Trusts the locale's name: it may not be installed, as on many login
 * nodes, and the static binary's C library reports "ANSI_X3.4-1968" for C.UTF-8. */
static bool locale_is_utf8(void)
{
    const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (*environment(names[i]) != '\0') {
            if (says_utf8(environment(names[i])))
                return true;
            break;
        }
    locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    if (locale == (locale_t)0)
        return false;
    bool is_utf8 = says_utf8(nl_langinfo_l(CODESET, locale));
    freelocale(locale);
    return is_utf8;
}

static enum cell_colours find_colours(const struct caps *caps, const char *term, enum colour_wish wish)
{
    const char *colorterm = environment("COLORTERM");
    if (wish == COLOUR_NEVER)
        return COLOURS_NONE;
    if (wish == COLOUR_AUTO && (!caps->is_terminal || caps->is_dumb || *environment("NO_COLOR") != '\0'))
        return COLOURS_NONE;
    if (strcmp(colorterm, "truecolor") == 0 || strcmp(colorterm, "24bit") == 0 || strstr(term, "-direct") != NULL)
        return COLOURS_TRUE;
    return strstr(term, "256color") != NULL ? COLOURS_256 : COLOURS_16;
}

/* COLORFGBG is "foreground;background" or "foreground;other;background", in numbers of the 16 colours. */
static bool find_light(void)
{
    const char *ground = strrchr(environment("COLORFGBG"), ';');
    return ground != NULL && (strcmp(ground, ";7") == 0 || strcmp(ground, ";15") == 0);
}

void caps_detect(struct caps *caps, int fd, enum colour_wish wish)
{
    const char *term = environment("TERM");
    *caps = (struct caps){
        .is_terminal = isatty(fd) == 1,
        .is_dumb = *term == '\0' || strcmp(term, "dumb") == 0,
        .is_light = find_light(),
        .columns = environment_number("COLUMNS", 80),
        .rows = environment_number("LINES", 24),
        .cell_width_px = 8,
        .cell_height_px = 16,
    };
    caps->is_ascii = !locale_is_utf8() || (caps->is_terminal && strcmp(term, "linux") == 0);
    caps->colours = find_colours(caps, term, wish);
    if (!caps->is_terminal)
        return;
    caps_size(fd, &caps->columns, &caps->rows);
    find_cell(caps, fd);
}
