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
    {"jan ene gen ian sty oca saus", "january januar januari janvier gennaio enero janeiro ianuarie styczen ocak ledna "
                                     "sausio tammikuuta gener stycznia jaanuar"},
    {"feb fev lut vas",
     "february februar februari febrero febbraio fevereiro februarie luty lutego vasario helmikuuta febrer veebruar"},
    {"mar mrt kov", "march marz mars marzo marco marec maart martie marzec marca marts maret maaliskuuta kovo"},
    {"apr abr avr kwi nis bal", "april aprile abril avril aprilie kwietnia dubna nisan huhtikuuta aprill aprilis"},
    {"may mai mag maj mei geg", "may mai maj mei mayo maggio maio maja toukokuuta maijs maig"},
    {"jun juin cze giu iun haz", "june juni juin junio junho giugno iunie czerwiec czerwca juuni haziran juny junij"},
    {"jul juil lip lug iul tem liep",
     "july juli juillet julio julho luglio iulie lipiec lipca juuli juliol julij temmuz liepos"},
    {"aug ago sie avg agu",
     "august agosto augustus agustus augusti augusts augusztus avgust sierpnia srpna elokuuta agost"},
    {"sep set wrz eyl rugs",
     "september septembre septiembre settembre setembro septembrie septembris syyskuuta setembre szeptember"},
    {"oct okt out ott eki spal",
     "october oktober oktoober oktobris octobre octubre ottobre outubro octombrie lokakuuta ekim spalio"},
    {"nov noi lis kas lapkr",
     "november novembre noviembre novembro noiembrie novembris listopad listopada listopadu marraskuuta"},
    {"dec dez dic gru des ara gruod", "december dezember decembre diciembre dicembre dezembro decembrie grudnia "
                                      "desember decembris detsember joulukuuta prosince desembre"},
};

/* The beginnings of names with other letters, in UTF-8, ISO 8859-1 and 8859-2. */
static const struct {
    const char *start;
    int month;
} other_months[] = {
    {"červenc", 7},
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
    {"jän", 1},
    {"úno", 2},
    {"bře", 3},
    {"març", 3},
    {"márc", 3},
    {"ápr", 4},
    {"kvě", 5},
    {"máj", 5},
    {"maí", 5},
    {"kesä", 6},
    {"jún", 6},
    {"jūn", 6},
    {"heinä", 7},
    {"čec", 7},
    {"čer", 6},
    {"júl", 7},
    {"jūl", 7},
    {"ağu", 8},
    {"zář", 9},
    {"říj", 10},
    {"aral", 12},
    {"şub", 2},
    {"Şub", 2},
    {"яну", 1},
    {"юни", 6},
    {"юли", 7},
    {"ιαν", 1},
    {"Ιαν", 1},
    {"φεβ", 2},
    {"Φεβ", 2},
    {"μαρ", 3},
    {"Μαρ", 3},
    {"μάρ", 3},
    {"Μάρ", 3},
    {"απρ", 4},
    {"Απρ", 4},
    {"μαΐ", 5},
    {"Μαΐ", 5},
    {"μάι", 5},
    {"Μάι", 5},
    {"ιουν", 6},
    {"Ιουν", 6},
    {"ιούν", 6},
    {"Ιούν", 6},
    {"ιουλ", 7},
    {"Ιουλ", 7},
    {"ιούλ", 7},
    {"Ιούλ", 7},
    {"αυγ", 8},
    {"Αυγ", 8},
    {"αύγ", 8},
    {"Αύγ", 8},
    {"σεπ", 9},
    {"Σεπ", 9},
    {"οκτ", 10},
    {"Οκτ", 10},
    {"νοε", 11},
    {"Νοε", 11},
    {"νοέ", 11},
    {"Νοέ", 11},
    {"δεκ", 12},
    {"Δεκ", 12},
    {"rugpj", 8},
    {"birž", 6},
    {"balan", 4},
    {"geguž", 5},
    {"rugs", 9},
    {"j\xe4n", 1},
    {"eyl", 9},
    {"hein", 7},
    {"janu", 1},
    {"janv", 1},
    {"febru", 2},
    {"gruod", 12},
    {"may", 5},
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
            return text_is_high(*at) || end - at <= 16 ? other_months[i].month : 0;
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
