/* column: owns the names of what can be drawn. */
#include "load/column.h"

#include <strings.h>

bool load_column_find(const char *name, struct load_column *column)
{
    column->minus = FREELOG_COLUMN_COUNT;
    if (strcasecmp(name, "total-available") == 0 || strcasecmp(name, "total_available") == 0) {
        column->plus = FREELOG_TOTAL;
        column->minus = FREELOG_AVAILABLE;
        return true;
    }
    column->plus = freelog_column_find(name);
    return column->plus != FREELOG_COLUMN_COUNT;
}
