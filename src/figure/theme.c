/* SPDX-License-Identifier: MIT */
/* theme: the colours. Independent of traces and of what is painted. */
#include "figure/theme.h"

#include <math.h>

#include "base/array.h"

#define RGB(hex)                                                                                                       \
    {                                                                                                                  \
        ((hex) >> 16 & 255) / 255.0, ((hex) >> 8 & 255) / 255.0, ((hex)&255) / 255.0                                   \
    }

static const struct theme themes[] = {
    [THEME_LIGHT] =
        {
            .background = RGB(0xffffff),
            .title = RGB(0x1f2430),
            .text = RGB(0x5b6270),
            .grid = RGB(0xe3e5e9),
            .axis = RGB(0xa3a8b2),
            .total = RGB(0x6b7280),
            .limit = RGB(0xb3261e),
            .band_pale = RGB(0xdbe4ee),
            .band_strong = RGB(0xaebfd2),
            .median = RGB(0x4a5a70),
            .missing = RGB(0xffffff),
            .missing_hatch = RGB(0x9aa1ab),
            .node = {RGB(0x0072b2), RGB(0xc14d00), RGB(0x005c46), RGB(0xc53f8f), RGB(0x6b5900), RGB(0x5b2a91)},
        },
    [THEME_DARK] =
        {
            .background = RGB(0x15181d),
            .title = RGB(0xe8eaee),
            .text = RGB(0xa6adba),
            .grid = RGB(0x2b3038),
            .axis = RGB(0x5c6470),
            .total = RGB(0x98a0ad),
            .limit = RGB(0xff6b5e),
            .band_pale = RGB(0x252c36),
            .band_strong = RGB(0x3a4757),
            .median = RGB(0x9fb0c4),
            .missing = RGB(0x0b0d10),
            .missing_hatch = RGB(0x7d8590),
            .node = {RGB(0x4aa8e0), RGB(0xf0813a), RGB(0x59dfb5), RGB(0xd772ad), RGB(0xf5d04a), RGB(0x8a66ff)},
        },
};

const struct theme *theme_find(enum theme_name name)
{
    return &themes[name];
}

struct colour theme_node(const struct theme *theme, size_t node)
{
    return theme->node[node % THEME_NODE_COLOURS];
}

struct colour theme_mix(const struct theme *theme, struct colour colour, double share)
{
    const struct colour *ground = &theme->background;
    return (struct colour){colour.red + (ground->red - colour.red) * share,
                           colour.green + (ground->green - colour.green) * share,
                           colour.blue + (ground->blue - colour.blue) * share};
}

struct colour theme_pale(const struct theme *theme, struct colour colour)
{
    return theme_mix(theme, colour, 0.65);
}

struct colour theme_shade(const struct theme *theme, struct colour colour)
{
    return theme_mix(theme, colour, 0.92);
}

/* The scale "viridis" of matplotlib (S. van der Walt and N. Smith, CC0): its lightness changes evenly, so that it is
 * readable in greyscale prints and for colour-blind readers. */
static const struct colour viridis[] = {
    RGB(0x440154), RGB(0x481a6c), RGB(0x472f7d), RGB(0x414487), RGB(0x39568c), RGB(0x31688e),
    RGB(0x2a788e), RGB(0x23888e), RGB(0x1f988b), RGB(0x22a884), RGB(0x35b779), RGB(0x54c568),
    RGB(0x7ad151), RGB(0xa5db36), RGB(0xd2e21b), RGB(0xfde725),
};

/* Blue below, red above, after "RdBu" by C. Brewer. The middle is not white, because white means missing data; blue
 * gets less dark than red, so that a greyscale print shows which outliers are above. */
static const struct colour diverging[] = {
    RGB(0x2166ac), RGB(0x3f8ac2), RGB(0x6aaed6), RGB(0xa3cde4), RGB(0xdfe3e8),
    RGB(0xf4a582), RGB(0xd6604d), RGB(0xb2182b), RGB(0x67001f),
};

static double mix(double a, double b, double share)
{
    return a + (b - a) * share;
}

/* The colour at a share, 0 to 1, of a row of colours with even steps. */
static struct colour interpolate(const struct colour *colour, size_t count, double share)
{
    double place = fmin(fmax(share, 0), 1) * (double)(count - 1);
    size_t step = (size_t)fmin(floor(place), (double)(count - 2));
    const struct colour *low = &colour[step], *high = &colour[step + 1];
    double rest = place - (double)step;
    return (struct colour){mix(low->red, high->red, rest), mix(low->green, high->green, rest),
                           mix(low->blue, high->blue, rest)};
}

struct colour theme_heat(double share)
{
    return interpolate(viridis, COUNT(viridis), share);
}

struct colour theme_deviation(double share)
{
    return interpolate(diverging, COUNT(diverging), (share + 1) / 2);
}
