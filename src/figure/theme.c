/* SPDX-License-Identifier: MIT */
/* theme: owns the colours. Knows no trace, and not what is painted with them. */
#include "figure/theme.h"

#include <math.h>

#define RGB(hex)                                                                                                       \
    {                                                                                                                  \
        ((hex) >> 16 & 255) / 255.0, ((hex) >> 8 & 255) / 255.0, ((hex)&255) / 255.0                                   \
    }

static const struct theme themes[] =
    {
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
                .missing = RGB(0xc9ccd1),
                .node = {RGB(0x0072b2), RGB(0xd55e00), RGB(0x009e73), RGB(0xcc79a7), RGB(0xe69f00), RGB(0x56b4e9),
                         RGB(0x6a3d9a), RGB(0x4d4d4d), RGB(0x8c564b), RGB(0xa6a000), RGB(0x882255), RGB(0x1b4f72)},
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
                .missing = RGB(0x5a5f68),
                .node = {RGB(0x4aa8e0), RGB(0xf0813a), RGB(0x2fc79b), RGB(0xe39cc4), RGB(0xf2b735), RGB(0x9ad4f5),
                         RGB(0xb08ae0), RGB(0xc8ccd2), RGB(0xa8743a), RGB(0x9aa53a), RGB(0xd0608f), RGB(0x5f86b5)},
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

struct colour theme_pale(const struct theme *theme, struct colour colour)
{
    const struct colour *ground = &theme->background;
    const double share = 0.65; /* of the background */
    return (struct colour){colour.red + (ground->red - colour.red) * share,
                           colour.green + (ground->green - colour.green) * share,
                           colour.blue + (ground->blue - colour.blue) * share};
}

#define STEPS 8

/* The scale "viridis" of matplotlib (S. van der Walt and N. Smith, CC0), in nine steps: its lightness grows evenly, so
 * that it reads in grey and for colour-blind eyes alike. */
static const struct colour viridis[STEPS + 1] = {
    {0.267, 0.005, 0.329}, {0.283, 0.157, 0.470}, {0.243, 0.287, 0.537}, {0.192, 0.408, 0.556}, {0.148, 0.511, 0.557},
    {0.121, 0.620, 0.536}, {0.209, 0.718, 0.473}, {0.431, 0.808, 0.346}, {0.993, 0.906, 0.144},
};

static double mix(double a, double b, double share)
{
    return a + (b - a) * share;
}

struct colour theme_heat(double share)
{
    double place = fmin(fmax(share, 0), 1) * STEPS;
    size_t step = (size_t)fmin(floor(place), STEPS - 1);
    const struct colour *low = &viridis[step], *high = &viridis[step + 1];
    double rest = place - (double)step;
    return (struct colour){mix(low->red, high->red, rest), mix(low->green, high->green, rest),
                           mix(low->blue, high->blue, rest)};
}
