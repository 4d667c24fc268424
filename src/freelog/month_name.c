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

/* The beginnings of names with other letters, in UTF-8, ISO 8859-1 and 8859-2; the longest counts. */
static const char *const other_months[12] = {
    "січ янв იან stycze jän яну ιαν Ιαν j\xe4n janu janv",
    "fév лют фев f\xe9v თებ úno şub Şub φεβ Φεβ febru",
    "mär бер мар m\xe4r მარ bře març márc μαρ Μαρ μάρ Μάρ",
    "кві апр აპრ ápr απρ Απρ balan",
    "тра мая май მაი kvě máj maí μαΐ Μαΐ μάι Μάι geguž may",
    "чер июн ივნ kesä jún jūn čer юни ιουν Ιουν ιούν Ιούν birž",
    "červenc лип июл ივლ heinä čec júl jūl юли ιουλ Ιουλ ιούλ Ιούλ hein",
    "aoû сер авг ao\xfb აგვ ağu αυγ Αυγ αύγ Αύγ rugpj",
    "вер сен სექ wrze wrzesie zář σεπ Σεπ rugs eyl",
    "paź жов окт pa\xbc ოქტ pa\xc5\xba říj οκτ Οκτ",
    "лис ноя ნოე νοε Νοε νοέ Νοέ",
    "déc гру дек d\351c დეკ aral δεκ Δεκ gruod",
};

/* Returns true if one of the blank-separated words of `list` is [at, end), ignoring case, or begins like it when
 * `is_part`. */
static bool is_listed(const char *at, const char *end, const char *list, bool is_part)
{
    size_t length = (size_t)(end - at), size;
    for (; *list != '\0'; list += size + (list[size] == ' ')) {
        for (size = 0; list[size] != '\0' && list[size] != ' ';)
            size++;
        if ((length == size || (is_part && length < size)) && (*at | 0x20) == *list &&
            strncasecmp(at, list, length) == 0)
            return true;
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
    size_t length = end - at < 11 ? (size_t)(end - at) : 11, longest = 0;
    int found = 0;
    for (size_t i = 0; i < length; i++)
        lower[i] = at[i] >= 'A' && at[i] <= 'Z' ? (char)(at[i] - 'A' + 'a') : at[i];
    if (!text_is_high(*at) && end - at > 16)
        return 0;
    for (int month = 0; month < 12; month++)
        for (const char *word = other_months[month]; *word != '\0';) {
            const size_t size = strcspn(word, " ");
            if (size > longest && size <= length && memcmp(word, lower, size) == 0) {
                longest = size;
                found = month + 1;
            }
            word += size + (word[size] == ' ');
        }
    return found;
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
