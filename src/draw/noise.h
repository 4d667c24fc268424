/* SPDX-License-Identifier: MIT */
/* noise: whether a line goes up and down so often that its stroke would be a block. */
#ifndef MEMTRACE_DRAW_NOISE_H
#define MEMTRACE_DRAW_NOISE_H

#include <stddef.h>

#include "model/series.h"

/* Counts how often a series turns from rising to falling or back by more than `least`. */
size_t noise_turns(const struct series *series, double least);

#endif
