/* SPDX-License-Identifier: MIT */
/* panels_plan: the order of panels and their captions. Independent of pixels and characters. */
#include "figure/panels_plan.h"

#include <stdio.h>

bool panels_is_alarming(const struct focus *focus, size_t count, size_t node)
{
    for (size_t i = 0; i < count; i++)
        if (focus[i].node == node)
            return focus[i].is_alarming;
    return false;
}

void panels_order(size_t *node, const struct trace *trace, const size_t *order, const struct focus *focus, size_t count)
{
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        if (focus[i].is_alarming)
            node[used++] = focus[i].node;
    for (size_t i = 0; i < trace->count; i++)
        if (!panels_is_alarming(focus, count, order[i]))
            node[used++] = order[i];
}

void panels_captions(struct panels_captions *captions, const struct layout_request *request, const struct trace *trace,
                     size_t shown, const char *note)
{
    const char *separator = *note != '\0' ? " \u00b7 " : "";
    char which[96] = "", peak[96];
    if (trace->count > shown)
        snprintf(which, sizeof which, "%zu of %zu nodes: ", shown, trace->count);
    snprintf(peak, sizeof peak, "%s in %.64s", trace_news_word(trace), request->unit);
    snprintf(captions->text[0], sizeof captions->text[0],
             "%sfindings first, then the %s; %s at the right of each name%s%s", which,
             trace_low_is_news(trace) ? "lowest lows" : "highest peaks", peak, separator, note);
    snprintf(captions->text[1], sizeof captions->text[1], "%sfindings first; %s%s%s", which, peak, separator, note);
    snprintf(captions->text[2], sizeof captions->text[2], "%s%s", which, peak);
    for (size_t i = 0; i < 3; i++)
        captions->choice[i] = captions->text[i];
    captions->choice[3] = NULL;
}
