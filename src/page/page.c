/* SPDX-License-Identifier: MIT */
/* page: writes the HTML file: the template, the trace's data, and its policy. Independent of paths.
 *
 * The page contains three blocks of data, which a browser does not run: "code", the scripts of this folder without
 * comments, deflated and in base64; "meta", a JSON object (see print_meta); "data", the series and the table (see
 * payload.h), deflated and in base64. A small script inflates the code. The policy names the digests of both scripts
 * and of the style sheet, and allows nothing else: no request, and no script that a log might inject. */
#include "page/page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "analysis/findings_print.h"
#include "base/clock.h"
#include "base/serialize.h"
#include "base/units.h"
#include "base/utf8.h"
#include "figure/focus.h"
#include "figure/theme.h"
#include "payload.h"
#include "sha256.h"

/* NOLINTBEGIN(bugprone-macro-parentheses): symbols and strings cannot have any */
#define EMBED(symbol, lines)                                                                                           \
    __asm__(".section .rodata\n.global " #symbol "\n" #symbol ":\n" lines ".global " #symbol "_end\n" #symbol          \
            "_end:\n.byte 0\n.previous\n");                                                                            \
    extern const unsigned char symbol[], symbol##_end[]
/* NOLINTEND(bugprone-macro-parentheses) */

EMBED(memtrace_page_html, ".incbin \"src/page/page.html\"\n");
EMBED(memtrace_page_css, ".incbin \"src/page/page.css\"\n");
EMBED(memtrace_page_boot, ".incbin \"src/page/boot.js\"\n");
#ifdef PAGE_CODE /* all scripts, minified into one file */
EMBED(memtrace_page_code, ".incbin \"" PAGE_CODE "\"\n");
#else
EMBED(memtrace_page_code, ".incbin \"src/page/text.js\"\n.incbin \"src/page/scale.js\"\n.incbin \"src/page/data.js\"\n"
                          ".incbin \"src/page/draw.js\"\n.incbin \"src/page/page.js\"\n");
#endif

#define HEAT_STOPS      65
#define BUDGET_BYTES    378000 /* size of a page with few nodes, plus for each node: */
#define BUDGET_PER_NODE 205
#define META_BYTES      6000 /* reserved for the JSON without findings and events */
#define DATA_MIN_BYTES  60000

/* State while a page is written. */
struct printing {
    const struct page *page;
    FILE *file;
    struct payload payload;
    struct stats_values stats;
    size_t *order;
    struct focus named[FOCUS_MAX];
    size_t named_count;
    char *script;        /* the scripts without comments */
    unsigned char *code; /* the same, deflated */
    size_t script_size, code_size;
};

struct span {
    const unsigned char *bytes;
    size_t size;
};

/* An embedded file. The compiler sees its ends as two objects. */
/* NOLINTNEXTLINE(bugprone-macro-parentheses): a symbol cannot have any */
#define SPAN(symbol) ((struct span){symbol, (size_t)((uintptr_t)symbol##_end - (uintptr_t)symbol)})

/* Escapes text so that it cannot end an element or an attribute, and replaces what is not to be shown. */
static void print_text(FILE *file, const char *text)
{
    for (uint32_t character; (character = utf8_next(&text)) != 0;) {
        if (character < 0x80 && strchr("&<>\"'", (int)character) != NULL) {
            fprintf(file, "&#%d;", (int)character);
        } else {
            char bytes[4] = "";
            fwrite(bytes, 1, utf8_put(bytes, utf8_is_shown(character) ? character : UTF8_REPLACEMENT), file);
        }
    }
}

/* Prints "sha256-..." as a policy requires. */
static void print_digest(FILE *file, struct span span)
{
    unsigned char digest[SHA256_SIZE];
    sha256(span.bytes, span.size, digest);
    fputs("sha256-", file);
    serialize_base64(file, digest, sizeof digest);
}

static void print_key(FILE *file, const char *key)
{
    fprintf(file, ",\n\"%s\":", key);
}

static void print_number(FILE *file, const char *key, double value)
{
    print_key(file, key);
    serialize_json_number(file, value);
}

static void print_string(FILE *file, const char *key, const char *text)
{
    print_key(file, key);
    if (text == NULL)
        fputs("null", file);
    else
        serialize_json_string(file, text);
}

static void print_flag(FILE *file, const char *key, bool flag)
{
    print_key(file, key);
    fputs(flag ? "true" : "false", file);
}

static unsigned int channel(double share)
{
    return (unsigned int)(fmin(fmax(share, 0), 1) * 255 + 0.5);
}

static void print_hex(FILE *file, struct colour colour)
{
    fprintf(file, "%02x%02x%02x", channel(colour.red), channel(colour.green), channel(colour.blue));
}

static void print_theme(FILE *file, const struct theme *theme)
{
    const struct {
        const char *key;
        struct colour colour;
    } colours[] = {
        {"background", theme->background},
        {"title", theme->title},
        {"text", theme->text},
        {"grid", theme->grid},
        {"axis", theme->axis},
        {"total", theme->total},
        {"limit", theme->limit},
        {"median", theme->median},
        {"missing", theme->missing},
        {"missing_hatch", theme->missing_hatch},
        {"band_pale", theme->band_pale},
        {"band_strong", theme->band_strong},
    };
    fputc('{', file);
    for (size_t i = 0; i < sizeof colours / sizeof colours[0]; i++) {
        fprintf(file, "\"%s\":\"#", colours[i].key);
        print_hex(file, colours[i].colour);
        fputs("\",", file);
    }
    fputs("\"node\":[", file);
    for (size_t i = 0; i < THEME_NODE_COLOURS; i++) {
        fputs(i > 0 ? ",\"#" : "\"#", file);
        print_hex(file, theme->node[i]);
        fputc('"', file);
    }
    fputs("]}", file);
}

static struct colour deviation_colour(double share)
{
    return theme_deviation(2 * share - 1);
}

/* Prints a colour scale from one end to the other. */
static void print_stops(FILE *file, const char *key, struct colour (*colour)(double share))
{
    print_key(file, key);
    fputc('"', file);
    for (size_t i = 0; i < HEAT_STOPS; i++)
        print_hex(file, colour((double)i / (HEAT_STOPS - 1)));
    fputc('"', file);
}

/* Prints the colours of both themes, so that the page looks like the plot. */
static void print_colours(struct printing *printing, FILE *file)
{
    print_key(file, "themes");
    fputs("{\"light\":", file);
    print_theme(file, theme_find(THEME_LIGHT));
    fputs(",\n\"dark\":", file);
    print_theme(file, theme_find(THEME_DARK));
    fputc('}', file);
    print_stops(file, "heat", theme_heat);
    print_stops(file, "deviation", deviation_colour);
    print_string(file, "theme", printing->page->theme);
    print_key(file, "colours"); /* one per row, if every node has a colour */
    fputc('[', file);
    for (size_t i = 0; i < printing->page->trace->count && printing->payload.columns == 0; i++)
        fprintf(file, i > 0 ? ",%zu" : "%zu", printing->order[i]);
    fputc(']', file);
}

static void print_table(struct printing *printing, FILE *file)
{
    const struct stats_values *stats = &printing->stats;
    print_key(file, "table");
    for (size_t i = 0; i < stats->column_count; i++) {
        fputs(i == 0 ? "[{\"heading\":" : ",{\"heading\":", file);
        serialize_json_string(file, stats->heading[i].heading);
        fprintf(file, ",\"key\":\"%s\",\"kind\":\"%s\"}", stats->heading[i].key, stats->heading[i].kind);
    }
    const char *growth = printing->page->trace->percent ? "growth_percent_per_s" : "growth_bytes_per_s";
    fprintf(file, ",{\"heading\":\"growth\",\"key\":\"%s\",\"kind\":\"rate\"}", growth);
    fputs(",{\"heading\":\"used means\",\"key\":\"used_means\",\"kind\":\"text\",\"words\":[", file);
    for (size_t i = 0; printing->payload.word[i] != NULL; i++) {
        fputs(i > 0 ? "," : "", file);
        serialize_json_string(file, printing->payload.word[i]);
    }
    fputs("]}]", file);
    print_string(file, "growth_key", growth);
}

static void print_quantities(struct printing *printing, FILE *file)
{
    const struct payload *payload = &printing->payload;
    print_key(file, "quantities");
    for (size_t i = 0; i < payload->quantity_count; i++) {
        const struct payload_quantity *quantity = &payload->quantity[i];
        fprintf(file, "%s{\"key\":", i == 0 ? "[" : ",");
        serialize_json_string(file, quantity->key);
        fputs(",\"name\":", file);
        serialize_json_string(file, quantity->name);
        fprintf(file, ",\"base\":%d,\"columns\":%zu", quantity->is_rest ? 0 : -1, payload_columns(payload, quantity));
        print_flag(file, "isLow", quantity->is_low);
        fputc('}', file);
    }
    fputc(']', file);
    print_number(file, "error_percent", 0.2); /* half a step of PAYLOAD_LEVELS */
    print_flag(file, "is_every_sample", payload->is_every_sample);
    print_number(file, "stretch_s", payload->stretch_s);
}

static void print_events(struct printing *printing, FILE *file)
{
    const struct layout_request *request = printing->page->request;
    print_key(file, "events");
    fputc('[', file);
    for (size_t i = 0; i < request->event_count; i++) {
        fputs(i > 0 ? ",{\"at_s\":" : "{\"at_s\":", file);
        serialize_json_number(file, request->event[i].time_s);
        fputs(",\"text\":", file);
        serialize_json_string(file, request->event[i].text);
        fputc('}', file);
    }
    fputc(']', file);
}

/* Prints the rows of the nodes that the plot names, with the reasons. */
static void print_named(struct printing *printing, FILE *file)
{
    bool is_first = true;
    print_key(file, "named");
    fputc('[', file);
    for (size_t i = 0; i < printing->named_count; i++) {
        for (size_t row = 0; row < printing->page->trace->count; row++) {
            if (printing->order[row] != printing->named[i].node)
                continue;
            fprintf(file, "%s{\"node\":%zu,\"reason\":", is_first ? "" : ",", row);
            serialize_json_string(file, printing->named[i].reason);
            fputc('}', file);
            is_first = false;
        }
    }
    fputc(']', file);
}

/* Prints the baselines: `columns` of the maximum and the median, or 0 and one line per node, each with the row of the
 * same node (-1: none) and its total. */
static void print_runs(struct printing *printing, FILE *file)
{
    const struct trace *trace = printing->page->trace;
    const struct runs *runs = printing->page->request->against;
    print_key(file, "runs");
    fputc('[', file);
    for (size_t i = 0; runs != NULL && i < runs->count; i++) {
        const struct trace *other = &runs->run[i].trace;
        size_t columns = payload_run_columns(trace, other);
        fputs(i > 0 ? ",{\"name\":" : "{\"name\":", file);
        serialize_json_string(file, runs_name(runs, i));
        fprintf(file, ",\"columns\":%zu", columns);
        print_number(file, "peak", trace_max(other, TRACE_MAIN));
        print_number(file, "news", trace_news(other));
        print_number(file, "total", trace_max(other, TRACE_TOTAL));
        print_key(file, "nodes");
        fputc('[', file);
        for (size_t node = 0; columns == 0 && node < other->count; node++) {
            size_t same = runs_same_node(trace, other, node), row = 0;
            while (row < trace->count && printing->order[row] != same)
                row++;
            fprintf(file, "%s{\"same\":%d,\"name\":", node > 0 ? "," : "", row < trace->count ? (int)row : -1);
            serialize_json_string(file, other->node[node].name);
            print_number(file, "total", other->node[node].line[TRACE_TOTAL].stats.max);
            fputc('}', file);
        }
        fputs("]}", file);
    }
    fputc(']', file);
    print_flag(file, "runs_are_lines", runs_are_lines(runs, trace));
}

/* Prints the prefix and suffix that all node names share. */
static void print_cut(const struct trace *trace, FILE *file)
{
    print_key(file, "cut");
    for (size_t i = 0; i < 2; i++) {
        fputs(i == 0 ? "[" : ",", file);
        serialize_json_string(file, trace->cut[i]);
    }
    fputc(']', file);
}

static void print_limit(const struct layout_request *request, FILE *file)
{
    print_key(file, "limit");
    if (!isfinite(request->limit)) {
        fputs("null", file);
        return;
    }
    fputs("{\"value\":", file);
    serialize_json_number(file, request->limit);
    fputs(",\"text\":", file);
    serialize_json_string(file, request->limit_text);
    fputc('}', file);
}

static void print_clock(const struct trace *trace, FILE *file)
{
    print_key(file, "clock");
    if (!isfinite(trace->start_epoch_s) || !clock_has_date(trace->start_epoch_s)) {
        fputs("null", file);
        return;
    }
    fputs("{\"epoch_s\":", file);
    serialize_json_number(file, trace->start_epoch_s);
    fputs(",\"zone_s\":", file);
    serialize_json_number(file, clock_zone_at(trace->start_epoch_s));
    fputc('}', file);
}

/* Prints the JSON object that the page needs in addition to the data. Values are bytes or percent, times are seconds of
 * the plot; nodes are row numbers, in the order of their peaks. */
static void print_meta(struct printing *printing, FILE *file)
{
    const struct page *page = printing->page;
    const struct trace *trace = page->trace;
    const struct layout_request *request = page->request;
    static const char *const heat[] = {[HEAT_AUTO] = "auto", [HEAT_VALUE] = "value", [HEAT_DEVIATION] = "deviation"};
    double begin_s = trace->begin_s, end_s = trace->end_s;
    runs_extend(request->against, &begin_s, &end_s);
    fprintf(file, "{\"nodes\":%zu", trace->count);
    print_string(file, "title", request->title);
    print_string(file, "facts", request->subtitle);
    print_key(file, "unit");
    fputs("{\"name\":", file);
    serialize_json_string(file, request->unit);
    fputs(",\"size\":", file);
    serialize_json_number(file, request->unit_size);
    fputc('}', file);
    print_flag(file, "unit_is_chosen", page->unit_is_chosen);
    print_flag(file, "percent", trace->percent);
    print_number(file, "begin_s", begin_s);
    print_number(file, "end_s", end_s);
    print_number(file, "interval_s", trace_interval(trace));
    print_number(file, "follow_s", page->follow_s);
    print_clock(trace, file);
    print_flag(file, "show_clock", isfinite(request->clock_epoch_s));
    print_flag(file, "show_total", request->draw_total);
    print_limit(request, file);
    findings_print_json(file, trace, page->findings, page->summary);
    print_named(printing, file);
    print_runs(printing, file);
    print_cut(trace, file);
    print_string(file, "heat_mode", heat[request->heat]);
    print_events(printing, file);
    print_quantities(printing, file);
    print_table(printing, file);
    print_colours(printing, file);
    fputs("}", file);
}

/* Escapes the JSON so that it cannot end its element. */
static bool print_meta_safely(struct printing *printing)
{
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    if (memory == NULL)
        return false;
    print_meta(printing, memory);
    bool ok = fclose(memory) == 0;
    for (size_t i = 0; ok && i < size; i++) {
        if (strchr("<>&", text[i]) != NULL && text[i] != '\0')
            fprintf(printing->file, "\\u%04x", (unsigned int)text[i]);
        else
            fputc(text[i], printing->file);
    }
    free(text);
    return ok;
}

static bool is_name(const char *name, size_t length, const char *known)
{
    return strlen(known) == length && memcmp(name, known, length) == 0;
}

/* Prints the replacement of a name in the template. */
static bool print_part(struct printing *printing, const char *name, size_t length)
{
    const struct page *page = printing->page;
    FILE *file = printing->file;
    const struct span css = SPAN(memtrace_page_css), boot = SPAN(memtrace_page_boot);
    const struct span code = {(const unsigned char *)printing->script, printing->script_size};
    if (is_name(name, length, "TITLE"))
        print_text(file, page->request->title);
    else if (is_name(name, length, "FACTS"))
        print_text(file, page->request->subtitle);
    else if (is_name(name, length, "VERSION"))
        fputs(MEMTRACE_VERSION, file);
    else if (is_name(name, length, "STYLE"))
        fwrite(css.bytes, 1, css.size, file);
    else if (is_name(name, length, "BOOT"))
        fwrite(boot.bytes, 1, boot.size, file);
    else if (is_name(name, length, "STYLE_HASH"))
        print_digest(file, css);
    else if (is_name(name, length, "BOOT_HASH"))
        print_digest(file, boot);
    else if (is_name(name, length, "CODE_HASH"))
        print_digest(file, code);
    else if (is_name(name, length, "PICTURE"))
        serialize_base64(file, page->png, page->png_size);
    else if (is_name(name, length, "CODE"))
        serialize_base64(file, printing->code, printing->code_size);
    else if (is_name(name, length, "DATA"))
        serialize_base64(file, printing->payload.data, printing->payload.size);
    else
        return print_meta_safely(printing);
    return true;
}

/* Prints the template, replacing each @NAME@. */
static bool print_template(struct printing *printing)
{
    const struct span html = SPAN(memtrace_page_html);
    const char *at = (const char *)html.bytes, *end = at + html.size;
    while (at < end) {
        const char *mark = memchr(at, '@', (size_t)(end - at));
        const char *close = mark == NULL ? NULL : memchr(mark + 1, '@', (size_t)(end - mark - 1));
        if (close == NULL)
            break;
        fwrite(at, 1, (size_t)(mark - at), printing->file);
        if (!print_part(printing, mark + 1, (size_t)(close - mark - 1)))
            return false;
        at = close + 1;
    }
    fwrite(at, 1, (size_t)(end - at), printing->file);
    return true;
}

static bool starts_with(const char *line, const char *end, const char *word)
{
    return (size_t)(end - line) >= strlen(word) && memcmp(line, word, strlen(word)) == 0;
}

/* Copies the scripts without indentation and comment lines, which only developers need. Returns the size. */
static size_t strip_code(char *out, struct span code)
{
    const char *at = (const char *)code.bytes, *end = at + code.size;
    char *to = out;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at)), *next = stop == NULL ? end : stop + 1;
        const char *comment_end = starts_with(at, end, "/**") ? memmem(at, (size_t)(end - at), "*/", 2) : NULL;
        if (*at == ' ' || *at == '\n') {
            at++;
        } else if (comment_end != NULL) {
            at = comment_end + 2;
        } else {
            size_t size = starts_with(at, end, "//") ? 0 : (size_t)(next - at);
            memcpy(to, at, size);
            to += size;
            at = next;
        }
    }
    return (size_t)(to - out);
}

static bool deflate_code(struct printing *printing)
{
    const struct span code = SPAN(memtrace_page_code);
    uLongf size = compressBound((uLong)code.size);
    printing->script = malloc(code.size);
    printing->code = malloc(size);
    if (printing->script == NULL || printing->code == NULL)
        return false;
    printing->script_size = strip_code(printing->script, code);
    if (compress2(printing->code, &size, (const Bytef *)printing->script, (uLong)printing->script_size, 9) != Z_OK)
        return false;
    printing->code_size = size;
    return true;
}

/* Returns how many bytes of deflated data keep the page within its size limit. */
static size_t data_budget(const struct printing *printing)
{
    double text =
        (double)(SPAN(memtrace_page_html).size + SPAN(memtrace_page_css).size + SPAN(memtrace_page_boot).size);
    double packed = (double)(printing->page->png_size + printing->code_size) * 4 / 3;
    double words = META_BYTES + 200.0 * (double)printing->page->request->event_count;
    double all = BUDGET_BYTES + BUDGET_PER_NODE * (double)printing->page->trace->count;
    return (size_t)(fmax(all - text - packed - words, DATA_MIN_BYTES) * 3 / 4);
}

static bool prepare(struct printing *printing)
{
    const struct page *page = printing->page;
    printing->order = trace_order_by_peak(page->trace);
    if (printing->order == NULL || !deflate_code(printing) ||
        !stats_values_fill(&printing->stats, page->trace, page->request->against, printing->order))
        return false;
    if (page->trace->count > PAYLOAD_EXACT_MAX)
        printing->named_count = focus_find(printing->named, page->request, page->trace);
    const struct payload_request request = {
        .trace = page->trace,
        .order = printing->order,
        .stats = &printing->stats,
        .growth_per_s = page->findings->growth_per_s,
        .against = page->request->against,
        .budget_bytes = data_budget(printing),
    };
    return payload_make(&printing->payload, &request);
}

bool page_print(void *page, FILE *file, struct error *error)
{
    struct printing printing = {.page = page, .file = file};
    bool ok = prepare(&printing) && print_template(&printing);
    payload_free(&printing.payload);
    stats_values_free(&printing.stats);
    free(printing.order);
    free(printing.script);
    free(printing.code);
    if (!ok)
        return error_memory(error, NULL);
    return serialize_written(file, error);
}
