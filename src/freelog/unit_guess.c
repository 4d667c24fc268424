/* SPDX-License-Identifier: MIT */
/* unit_guess: infers the unit that a log was printed in. */
#include "unit_guess.h"

#include <math.h>
#include <stddef.h>

#include "base/array.h"

#define KIB_BYTES          1024.0
#define MIB_BYTES          1048576.0
#define GIB_BYTES          1073741824.0
#define TIB_BYTES          1099511627776.0
#define LEAST_BYTES        67108864.0 /* 64 MiB: only routers have less */
#define PROCESS_BYTES      1048576.0
#define ROUTER_BYTES       8388608.0
#define LARGE_MIB_BYTES    (4 * GIB_BYTES)  /* as KiB; as MiB it is 4 TiB, and few machines have more */
#define SMALL_BYTES        (16 * GIB_BYTES) /* below such a sum in KiB, numbers that are not pages are reported */
#define HUGE_MIB_BYTES     (32 * GIB_BYTES) /* below this one, if their sums are rounded, too */
#define TINY_BYTES         (GIB_BYTES / 2)  /* below this one, even if the total is a number of pages */
#define BYTES_AT           1099511627776.0  /* 1 TiB as KiB: from here on, numbers that are pages in bytes are bytes */
#define MOST_BYTES         1125899906842624.0 /* 1 PiB: no machine has more */
#define NUMBERS_LEAST      3
#define ROUNDINGS_MOST     3 /* by which the sum of four rounded numbers is off */
#define BYTE_NUMBERS_LEAST 5
#define KILO_NUMBERS_LEAST 6
#define PAGE_NUMBERS_LEAST 8
#define STEP_SLACK         0.005  /* tolerance for a change of unit, as opposed to another machine */
#define KNOWN_SLACK        0.07   /* "15Gi" may be nearly 16 */
#define KERNEL_SHARE       0.0275 /* of a large machine's memory, which the kernel keeps; of a small one's it is more */

static bool has(const struct freelog_record *record, enum freelog_column column)
{
    return (record->present >> column & 1) != 0;
}

/* Returns true if a number is a multiple of a power of two. The quotient is exact; fmod takes ten times as long. */
static bool is_multiple(double number, double of)
{
    return floor(number / of) == number / of;
}

/* Returns the total of a record, or of the parts that a record without one has. */
static double total_of(const struct freelog_record *record)
{
    static const enum freelog_column parts[] = {FREELOG_USED, FREELOG_FREE, FREELOG_BUFFERS, FREELOG_CACHED};
    double sum = 0;
    if (has(record, FREELOG_TOTAL))
        return record->value[FREELOG_TOTAL];
    for (size_t i = 0; i < COUNT(parts); i++)
        sum += has(record, parts[i]) ? record->value[parts[i]] : 0;
    return sum;
}

/* Compares the parts of a total with it. */
static void add_sums(struct unit_evidence *evidence, const struct freelog_record *record, double unit_bytes)
{
    const double *value = record->value;
    bool has_cache = has(record, FREELOG_BUFF_CACHE);
    double cache = has_cache                     ? value[FREELOG_BUFF_CACHE]
                   : has(record, FREELOG_CACHED) ? value[FREELOG_CACHED] + value[FREELOG_BUFFERS]
                                                 : 0;
    double rest = value[FREELOG_TOTAL] - value[FREELOG_USED];
    const double off[SUMS] = {
        has(record, FREELOG_AVAILABLE) ? (rest - value[FREELOG_AVAILABLE]) / unit_bytes : NAN,
        has(record, FREELOG_FREE) ? (rest - value[FREELOG_FREE] - cache) / unit_bytes : NAN,
    };
    for (int sum = 0; sum < SUMS && has(record, FREELOG_TOTAL) && has(record, FREELOG_USED); sum++) {
        evidence->exact[sum] += off[sum] == 0;
        evidence->rounded[sum] += off[sum] > 0 && off[sum] <= ROUNDINGS_MOST;
    }
}

/* Begins with a record, whose unit is `times_finer` times smaller than that of the records before it. */
static void begin(struct unit_evidence *evidence, const struct freelog_record *record, double times_finer,
                  double unit_bytes)
{
    double finer = evidence->finer > 0 ? evidence->finer * times_finer : 1, known_bytes = evidence->known_bytes;
    *evidence = (struct unit_evidence){.total = total_of(record) / unit_bytes,
                                       .finer = finer,
                                       .known_bytes = known_bytes,
                                       .lacks_total = !has(record, FREELOG_TOTAL) &&
                                                      !(has(record, FREELOG_USED) && has(record, FREELOG_FREE)),
                                       .is_sum = !has(record, FREELOG_TOTAL),
                                       .is_new = has(record, FREELOG_AVAILABLE)};
    if (has(record, FREELOG_SWAP_TOTAL))
        evidence->swap_total = record->value[FREELOG_SWAP_TOTAL] / unit_bytes;
    if (has(record, FREELOG_SHARED))
        evidence->shared = record->value[FREELOG_SHARED] / unit_bytes;
    if (has(record, FREELOG_BUFFERS))
        evidence->buffers = record->value[FREELOG_BUFFERS] / unit_bytes;
}

void unit_evidence_add(struct unit_evidence *evidence, const struct freelog_record *record, double unit_bytes)
{
    const double total = total_of(record) / unit_bytes;
    if (record->has_units && has(record, FREELOG_TOTAL))
        evidence->known_bytes = record->value[FREELOG_TOTAL];
    if (record->has_units || !(total > 0))
        return;
    /* The smallest unit of a log shows most: whether its numbers are pages. */
    double step = evidence->records > 0 ? unit_guess_step(evidence->total, 1, total, 1) : 1;
    if (evidence->records == 0 || step < 1)
        begin(evidence, record, 1 / step, unit_bytes);
    double ratio = total / evidence->total;
    if (ratio > 64 || ratio < 1.0 / 64 || evidence->records == 64)
        return;
    evidence->records++;
    add_sums(evidence, record, unit_bytes);
    for (int column = 0; column < FREELOG_COLUMN_COUNT; column++) {
        double number = record->value[column] / unit_bytes;
        /* A sum of two rounded numbers is none that was printed. */
        bool is_sum = column == FREELOG_BUFF_CACHE && has(record, FREELOG_BUFFERS);
        if (!has(record, (enum freelog_column)column) || number == 0 || is_sum)
            continue;
        evidence->numbers++;
        evidence->of_pages += is_multiple(number, 4);
        evidence->of_bytes += is_multiple(number, 1024);
        evidence->of_byte_pages += is_multiple(number, 4096);
        evidence->of_round += is_multiple(number, 1048576);
        evidence->of_tens += is_multiple(number, 10);
        evidence->of_kilo_pages += floor(ceil(number * 1000 / 4096) * 4096 / 1000) == number;
    }
}

const char *unit_guess_name(double bytes)
{
    return bytes == 1           ? "B"
           : bytes == 1000      ? "kB"
           : bytes == KIB_BYTES ? "KiB"
           : bytes == MIB_BYTES ? "MiB"
           : bytes == GIB_BYTES ? "GiB"
           : bytes == TIB_BYTES ? "TiB"
                                : "";
}

static const double units[] = {1, KIB_BYTES, MIB_BYTES, GIB_BYTES, TIB_BYTES};

double unit_guess_step(double from_bytes, double from_resolution, double to_bytes, double to_resolution)
{
    for (size_t i = 1; i < COUNT(units) - 1; i++) {
        double step = units[i];
        /* Of a larger unit, 1 GiB may be nearly 2. */
        double most = (from_bytes + from_resolution) / (to_bytes - fmin(to_resolution, to_bytes / 2));
        double least = (from_bytes - fmin(from_resolution, from_bytes / 2)) / (to_bytes + to_resolution);
        if (most > step * (1 - STEP_SLACK) && least < step * (1 + STEP_SLACK))
            return step;
        if (most * step > 1 - STEP_SLACK && least * step < 1 + STEP_SLACK)
            return 1 / step;
    }
    return 1;
}

/* Returns the unit in which a total is that of the records with units, 0 if there is none. */
static double known_unit(const struct unit_evidence *evidence)
{
    double bytes = 0, rounding = KNOWN_SLACK * evidence->known_bytes;
    if (evidence->is_sum || !(evidence->known_bytes > 0))
        return 0;
    for (size_t i = 0; i < COUNT(units); i++)
        if (i == 0 ? fabs(evidence->known_bytes - evidence->total) < rounding
                   : unit_guess_step(evidence->known_bytes, rounding, evidence->total, 1) == units[i])
            bytes = units[i];
    return bytes;
}

/* Returns true if a total is a little less than a size that is installed in machines with a small kernel. */
static bool is_large_machine(double total)
{
    double installed = 64;
    while (installed < total)
        installed = fmod(installed, 3) == 0 ? installed / 1.5 * 2 : installed * 1.5;
    return total >= (1 - KERNEL_SHARE) * installed && total < 0.997 * installed;
}

/* Returns MiB or GiB: absurdly large swap or shared memory indicates the smaller unit, as does a total above 16 TiB. */
static double larger_unit(const struct unit_evidence *evidence)
{
    double total = evidence->total;
    /* toybox runs on telephones, whose memory is not hundreds of GiB; swap of a few MiB is that of nobody. */
    if (evidence->is_toybox && total >= 64)
        return MIB_BYTES;
    if (evidence->swap_total > 0 && evidence->swap_total < 64)
        return GIB_BYTES;
    bool has_fraction = evidence->shared > 0 && evidence->shared < 1; /* a fraction of a GiB, printed with decimals */
    if (total < 64 || (has_fraction && total < 1100 && evidence->swap_total <= 1.5 * total))
        return GIB_BYTES;
    if (total > 16384 || evidence->swap_total > 1.5 * total || (!evidence->is_new && evidence->buffers > total / 64))
        return MIB_BYTES;
    if (total < 1100 && evidence->is_new && is_large_machine(total))
        return GIB_BYTES;
    if (evidence->shared > 0 && evidence->shared < total / 16)
        return MIB_BYTES;
    return total < 1100 ? GIB_BYTES : MIB_BYTES;
}

/* Returns true if the numbers are those of a machine of less than 1 GiB, or of a process, in bytes: all are pages in
 * bytes, which numbers in KiB practically never are unless a person rounded them. */
static bool are_few_bytes(const struct unit_evidence *evidence)
{
    bool is_process = evidence->lacks_total;
    return evidence->numbers >= (is_process ? BYTE_NUMBERS_LEAST - 1 : BYTE_NUMBERS_LEAST) &&
           evidence->of_byte_pages == evidence->numbers && evidence->of_round < evidence->numbers &&
           2 * evidence->of_tens <= evidence->numbers &&
           evidence->total >= (is_process         ? PROCESS_BYTES
                               : evidence->is_sum ? LEAST_BYTES
                                                  : ROUTER_BYTES);
}

/* Returns true if the numbers are those of a router of less than 64 MiB in KiB: all are pages, and not because a person
 * rounded them. */
static bool are_few_pages(const struct unit_evidence *evidence)
{
    return evidence->numbers >= PAGE_NUMBERS_LEAST && evidence->of_pages == evidence->numbers &&
           2 * evidence->of_tens <= evidence->numbers && evidence->total * KIB_BYTES >= ROUTER_BYTES;
}

/* Returns true if the numbers were rounded to a larger unit: their sums are off by a little in about half of the
 * records. */
static bool has_rounding(const struct unit_evidence *evidence)
{
    bool is_found = false;
    for (int sum = 0; sum < SUMS; sum++)
        is_found |= evidence->rounded[sum] > 0 && evidence->exact[sum] + evidence->rounded[sum] == evidence->records;
    return is_found;
}

/* Returns the unit of the numbers, 0 if it is `unit_bytes`, the one of the log's format. */
static double find_bytes(const struct unit_evidence *evidence, double unit_bytes, bool are_odd)
{
    double numbers = (double)evidence->numbers, known = known_unit(evidence);
    bool are_pages = (double)evidence->of_pages >= 0.9 * numbers;
    bool are_bytes = evidence->of_bytes == evidence->numbers;
    bool is_odd_total = !is_multiple(evidence->total, 4);
    double in_kib = evidence->total * KIB_BYTES;
    struct unit_evidence with_format = *evidence;
    with_format.is_toybox = unit_bytes == 1;
    if (known > 0)
        return known;
    if ((in_kib > MOST_BYTES && !evidence->lacks_total) ||
        (are_bytes && evidence->numbers >= NUMBERS_LEAST && in_kib > BYTES_AT) || are_few_bytes(evidence))
        return 1;
    if (evidence->lacks_total)
        return 0;
    if (in_kib >= LEAST_BYTES && are_odd && evidence->numbers >= KILO_NUMBERS_LEAST &&
        evidence->of_kilo_pages == evidence->numbers)
        return 1000;
    if ((in_kib < LEAST_BYTES && !are_few_pages(evidence)) || (in_kib < TINY_BYTES && are_odd) ||
        (are_odd && in_kib < HUGE_MIB_BYTES && has_rounding(evidence)) ||
        (are_odd && is_odd_total && in_kib < LARGE_MIB_BYTES))
        return larger_unit(&with_format);
    if (unit_bytes == 1 && !are_bytes)
        return are_pages ? KIB_BYTES : MIB_BYTES;
    return 0;
}

struct unit_guess unit_guess_find(const struct unit_evidence *evidence, double unit_bytes)
{
    struct unit_guess guess = {0};
    bool are_odd = evidence->numbers >= NUMBERS_LEAST && (double)evidence->of_pages <= 0.6 * (double)evidence->numbers;
    if (evidence->records == 0 || evidence->total < 1)
        return guess;
    double bytes = find_bytes(evidence, unit_bytes, are_odd);
    guess.is_weak = bytes == 0 && are_odd && !is_multiple(evidence->total, 4) && unit_bytes == KIB_BYTES &&
                    !evidence->lacks_total && (!evidence->is_sum || evidence->total * KIB_BYTES < SMALL_BYTES);
    bytes = bytes > 0 ? bytes : unit_bytes;
    guess.total_bytes = evidence->is_sum ? 0 : evidence->total * bytes;
    if (*unit_guess_name(bytes * evidence->finer) != '\0')
        bytes *= evidence->finer;
    guess.bytes = bytes == unit_bytes ? 0 : bytes;
    guess.name = guess.bytes > 0 ? unit_guess_name(guess.bytes) : NULL;
    return guess;
}

/* Returns true if a total from `least` to `most` bytes is plausible for a machine: a little less than a power of two,
 * or than one and a half times that. `is_lenient` also allows other quarters and somewhat less memory. */
static bool is_machine(double least, double most, bool is_lenient)
{
    double power = 1;
    while (power * 2 <= most)
        power *= 2;
    for (int quarter = 4; quarter <= 8; quarter++) {
        double installed = power * quarter / 4, share = quarter % 2 == 0 && is_lenient ? 0.88 : 0.93;
        if ((quarter % 2 == 0 || is_lenient) && most > share * installed &&
            (least < 0.9995 * installed || (is_lenient && least == installed)))
            return true;
    }
    return false;
}

bool unit_guess_is_decimal(const struct number *total)
{
    double binary = number_factor(1024, total->power), decimal = number_factor(1000, total->power);
    bool has_decimals = total->resolution < 1; /* decimals are rounded, whole numbers truncated */
    double least = total->value - (has_decimals ? total->resolution / 2 : 0), most = least + total->resolution;
    return total->power >= 2 && total->value >= 1 && !is_machine(least * binary, most * binary, true) &&
           is_machine(least * decimal, most * decimal, false);
}
