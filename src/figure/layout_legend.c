/* SPDX-License-Identifier: MIT */
/* layout_legend: owns the words beside a plot of lines. Knows no place on the sheet. */
#include "figure/layout_legend.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/units.h"

#define TEXT_PX 12.0

bool layout_wants_legend(const struct layout_request *request, const struct trace *trace)
{
    bool several = trace->count > 1 || (request->draw_swap && trace_max(trace, TRACE_SWAP) > 0);
    return request->legend == LEGEND_ON || (request->legend == LEGEND_AUTO && several);
}

bool legend_plan(struct legend_row **rows, size_t *count, const struct layout *layout,
                 const struct layout_request *request, const struct trace *trace, const size_t *order)
{
    *count = 0;
    *rows = calloc(2 * trace->count + 1, sizeof **rows);
    if (*rows == NULL)
        return false;
    int decimals = column_decimals(layout_max(request, trace, TRACE_MAIN) / request->unit_size);
    for (int swap = 0; swap <= (request->draw_swap ? 1 : 0); swap++) {
        for (size_t i = 0; i < trace->count; i++) {
            const struct node *node = &trace->node[order[i]];
            const struct series_stats *stats = &node->line[swap ? TRACE_SWAP : TRACE_MAIN].stats;
            if (swap && (stats->count == 0 || stats->max <= 0))
                continue;
            struct legend_row *row = &(*rows)[(*count)++];
            row->node = order[i];
            row->swap = swap != 0;
            char name[128];
            layout_fit(layout, name, sizeof name, node->name, 0.2 * layout->width_px, TEXT_PX);
            snprintf(row->name, sizeof row->name, "%s%s", name, swap ? " swap" : "");
            layout_peak(row->value, sizeof row->value, request, stats->max, decimals);
        }
    }
    return true;
}

bool levels_find(struct level_list *list, const struct trace *trace, enum trace_line line)
{
    size_t before = list->count;
    for (size_t i = 0; i < trace->count; i++) {
        const struct series_stats *stats = &trace->node[i].line[line].stats;
        if (stats->count == 0 || stats->max <= 0)
            continue; /* no swap is no level */
        size_t found = before;
        while (found < list->count && list->level[found].value != stats->max)
            found++;
        if (stats->min != stats->max || found == before + LEVELS_MAX / 2) {
            list->count = before;
            return false;
        }
        struct level *level = &list->level[found];
        if (found == list->count) {
            *level = (struct level){stats->max, i, 0, line == TRACE_SWAP_TOTAL};
            list->count++;
        }
        level->node_count++;
    }
    return true;
}

void level_text(char *text, size_t size, const struct level *level, const struct layout *layout,
                const struct layout_request *request, const struct trace *trace)
{
    char number[96], name[128];
    double bytes = level->value, unit_size = request->unit_size;
    const char *unit = request->unit;
    const struct unit *own = NULL;
    const struct series_stats *memory = &trace->node[level->node].line[TRACE_MEMORY].stats;
    if (trace->percent && !level->swap && trace_agrees(trace, TRACE_MEMORY, &bytes) && memory->count > 0) {
        own = unit_for(bytes);
        unit_size = own->bytes;
        unit = own->name;
    }
    format_size(number, sizeof number, bytes, unit_size, unit);
    int used = snprintf(text, size, "%s %s", level->swap ? "swap total" : "total", number);
    if (level->node_count > 1 || trace->count == 1 || used < 0 || (size_t)used >= size)
        return;
    layout_fit(layout, name, sizeof name, trace->node[level->node].name, 0.12 * layout->width_px, TEXT_PX);
    snprintf(text + used, size - (size_t)used, " (%s)", name);
}
