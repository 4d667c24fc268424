/* SPDX-License-Identifier: MIT */
/* month_name: the names of months and of days of the week. */
#include "month_name.h"

#include <strings.h>

#include "base/array.h"
#include "text.h"

/* ASCII letters only: abbreviations, and full names, of which a word may be the beginning. */
static const struct {
    const char *abbreviations, *names;
} ascii_months[12] = {
    {"jan ene gen ian sty", "january januar januari janvier gennaio enero janeiro ianuarie styczen"},
    {"feb fev lut", "february februar februari febrero febbraio fevereiro februarie luty lutego"},
    {"mar mrt", "march marz mars marzo marco marec maart martie marzec marca"},
    {"apr abr avr kwi", "april aprile abril avril aprilie"},
    {"may mai mag maj mei", "may mai maj mei mayo maggio maio maja"},
    {"jun juin cze giu iun", "june juni juin junio junho giugno iunie czerwiec czerwca"},
    {"jul juil lip lug iul", "july juli juillet julio julho luglio iulie lipiec lipca"},
    {"aug ago sie", "august agosto augustus"},
    {"sep set wrz", "september septembre septiembre settembre setembro septembrie"},
    {"oct okt out ott", "october oktober octobre octubre ottobre outubro octombrie"},
    {"nov noi lis", "november novembre noviembre novembro noiembrie listopad listopada"},
    {"dec dez dic gru", "december dezember decembre diciembre dicembre dezembro decembrie"},
};

/* The beginnings of names with other letters, in UTF-8, ISO 8859-1 and 8859-2. */
static const struct {
    const char *start;
    int month;
} other_months[] = {
    {"fév", 2},
    {"mär", 3},
    {"aoû", 8},
    {"paź", 10},
    {"déc", 12},
    {"січ", 1},
    {"лют", 2},
    {"бер", 3},
    {"кві", 4},
    {"тра", 5},
    {"чер", 6},
    {"лип", 7},
    {"сер", 8},
    {"вер", 9},
    {"жов", 10},
    {"лис", 11},
    {"гру", 12},
    {"янв", 1},
    {"фев", 2},
    {"мар", 3},
    {"апр", 4},
    {"мая", 5},
    {"май", 5},
    {"июн", 6},
    {"июл", 7},
    {"авг", 8},
    {"сен", 9},
    {"окт", 10},
    {"ноя", 11},
    {"дек", 12},
    {"f\xe9v", 2},
    {"m\xe4r", 3},
    {"ao\xfb", 8},
    {"pa\xbc", 10},
    {"d\xe9"
     "c",
     12},
    {"იან", 1},
    {"თებ", 2},
    {"მარ", 3},
    {"აპრ", 4},
    {"მაი", 5},
    {"ივნ", 6},
    {"ივლ", 7},
    {"აგვ", 8},
    {"სექ", 9},
    {"ოქტ", 10},
    {"ნოე", 11},
    {"დეკ", 12},
    {"stycze", 1},
    {"wrze", 9},
    {"wrzesie", 9},
    {"pa\xc5\xba", 10},
};

/* Returns true if one of the blank-separated words of `list` is [at, end), ignoring case, or begins like it when
 * `is_part`. */
static bool is_listed(const char *at, const char *end, const char *list, bool is_part)
{
    size_t length = (size_t)(end - at);
    while (*list != '\0') {
        size_t size = strcspn(list, " ");
        if ((length == size || (is_part && length < size)) && strncasecmp(at, list, length) == 0)
            return true;
        list += size + (list[size] == ' ');
    }
    return false;
}

static bool has_high(const char *at, const char *end)
{
    for (; at < end; at++)
        if (text_is_high(*at))
            return true;
    return false;
}

static int find_other(const char *at, const char *end)
{
    char lower[12] = "";
    size_t length = end - at < 11 ? (size_t)(end - at) : 11;
    for (size_t i = 0; i < length; i++)
        lower[i] = at[i] >= 'A' && at[i] <= 'Z' ? (char)(at[i] - 'A' + 'a') : at[i];
    for (size_t i = 0; i < COUNT(other_months); i++)
        if (text_starts(lower, lower + length, other_months[i].start))
            return text_is_high(*at) || end - at <= 12 ? other_months[i].month : 0;
    return 0;
}

int month_name_find(const char *at, const char *end)
{
    if (end > at && end[-1] == '.')
        end--;
    if (end - at < 3 || end - at > 40)
        return 0;
    if (has_high(at, end))
        return find_other(at, end);
    for (int month = 0; month < 12; month++)
        if (is_listed(at, end, ascii_months[month].abbreviations, false))
            return month + 1;
    for (int month = 0; month < 12; month++)
        if (is_listed(at, end, ascii_months[month].names, true))
            return month + 1;
    return 0;
}

int weekday_name_find(const char *at, const char *end)
{
    static const char *const days[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
    if (end > at && (end[-1] == ',' || end[-1] == '.'))
        end--;
    size_t length = (size_t)(end - at);
    for (int day = 0; day < 7; day++)
        if (length >= 3 && length <= strlen(days[day]) && strncasecmp(at, days[day], length) == 0)
            return day + 1;
    return 0;
}
