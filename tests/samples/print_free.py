#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints logs as every free(1) there is would have written them, for the tests of the parser.

Usage: print_free.py DIRECTORY. Writes NAME.log, and NAME.want with the records that a reader must find in it, one a line:
label, time (- for none), total, used, available (- for none), used swap (- for none), in bytes, set apart by tabs.

Formats are made from format strings and widths: procps 3.2.8 to 4.0.4, busybox, toybox; srun, pdsh, clush, dshbak, parallel, ts, date.
"""
import os
import sys
import calendar
import time as clock

EPOCH = 1779883202  # Wed May 27 12:00:02 UTC 2026


def machine(i, swap=True):
    """What /proc/meminfo has at sample i, in KiB."""
    m = {"total": 52736180, "buffers": 215044 + 3 * i, "cached": 1843201 + 57 * i, "reclaim": 300117, "shared": 81220 + i}
    m["anon"] = 2090012 + 911317 * ((7 * i) % 23)
    m["free"] = m["total"] - m["anon"] - m["buffers"] - m["cached"] - m["reclaim"]
    m["available"] = m["free"] + (m["cached"] + m["reclaim"]) * 9 // 10
    m["swap_total"] = 8388604 if swap else 0
    m["swap_free"] = 8388604 - 1021 * i if swap else 0
    return m


class Record:
    """A record's text, and what must be read from it."""

    def __init__(self, lines, total, used, available, swap):
        self.lines, self.want = lines, [total, used, available, swap]


UNITS = {"b": 1, "k": 1024, "m": 1024 ** 2, "g": 1024 ** 3}


def human(kib, base, i_mark, zero="0B"):
    """-h: one decimal below 10, none above; returns the text and its bytes."""
    size, power = kib * 1024.0, 0
    if kib == 0:
        return zero, 0
    while size >= 1000:
        size /= base
        power += 1
    number = "%.1f" % size if round(size, 1) < 10 else "%d" % size
    mark = "BKMGTPE"[power] + (i_mark if power else "")
    return number + mark, float(number) * base ** power


def shown(kib, flags, zero="0B", si_mark=""):
    """A number in the unit asked for: text and bytes."""
    if "h" in flags:
        if "S" in flags:
            return human(kib, 1000, "", zero)
        return human(kib, 1024, "" if "H" in flags else "i", zero)
    unit = next((UNITS[f] for f in flags if f in UNITS), 1024)
    value = kib * 1024 // unit if kib >= 0 else -(-kib * 1024 // unit)
    return "%d" % value, value * unit


ENGLISH = {
    "head": ["total", "used", "free", "shared", "buff/cache", "available"], "wide": ["buffers", "cache"],
    "rows": {"mem": "Mem:", "low": "Low:", "high": "High:", "swap": "Swap:", "total": "Total:", "comm": "Comm:"}}


def columns(text):
    """Terminal columns of a text: letters of East Asia take two."""
    return sum(2 if "\u1100" <= c <= "\u115f" or "\u2e80" <= c <= "\ua4cf" or "\uac00" <= c <= "\ud7a3" or
               "\uff00" <= c <= "\uff60" else 1 for c in text)


def left(text, width):
    return text + " " * max(0, width - columns(text))


def right(text, width):
    return " " * max(0, width - columns(text)) + text


def new_free(i, flags="", label=9, used="available", words=ENGLISH, swap=True, decimal=".", meminfo=None):
    """procps 3.3.10 and later: `label` is 7 up to 3.3.16, then 9; `used` is what it leaves out."""
    m = meminfo or machine(i, swap)
    cache = m["cached"] + m["reclaim"]
    taken = m["total"] - (m["available"] if used == "available" else m["free"] + m["buffers"] + cache)
    names = words["head"]
    if "w" in flags:
        names = names[:4] + words["wide"] + names[5:]
        values = [m["total"], taken, m["free"], m["shared"], m["buffers"], cache, m["available"]]
    else:
        values = [m["total"], taken, m["free"], m["shared"], m["buffers"] + cache, m["available"]]

    def row(name, numbers):
        texts = [shown(v, flags)[0].replace(".", decimal) for v in numbers]
        if label == 7:
            return left(words["rows"][name], 7) + "".join(" %11s" % t for t in texts)
        return left(words["rows"][name], 9) + " ".join("%11s" % t for t in texts)

    lines = [" " * (label - (0 if label == 9 else 0)) + ("" if label == 9 else " ") +
             " ".join(right(n, 11) for n in names), row("mem", values)]
    used_swap = m["swap_total"] - m["swap_free"]
    if "l" in flags:
        lines += [row("low", [m["total"], m["total"] - m["free"], m["free"]]), row("high", [0, 0, 0])]
    lines.append(row("swap", [m["swap_total"], used_swap, m["swap_free"]]))
    if "t" in flags:
        lines.append(row("total", [m["total"] + m["swap_total"], taken + used_swap, m["free"] + m["swap_free"]]))
    if "v" in flags:
        lines.append(row("comm", [26368090, 30000000, 26368090 - 30000000]))
    return Record(lines, *[shown(v, flags)[1] for v in (m["total"], taken, m["available"], used_swap)])


def old_free(i, flags="", swap=True):
    """procps 3.2.x to 3.3.9."""
    m = machine(i, swap)
    cached = m["cached"]
    taken = m["total"] - m["free"]

    def row(name, numbers, start=7):
        return name.ljust(start) + "".join(" %10s" % shown(v, flags)[0] for v in numbers)

    lines = ["%18s%11s%11s%11s%11s%11s" % ("total", "used", "free", "shared", "buffers", "cached"),
             row("Mem:", [m["total"], taken, m["free"], m["shared"], m["buffers"], cached])]
    if "l" in flags:
        lines += [row("Low:", [m["total"], taken, m["free"]]), row("High:", [0, 0, 0])]
    used = taken
    if "o" not in flags:
        used = taken - m["buffers"] - cached
        lines.append(row("-/+ buffers/cache:", [used, m["free"] + m["buffers"] + cached], 18))
    used_swap = m["swap_total"] - m["swap_free"]
    lines.append(row("Swap:", [m["swap_total"], used_swap, m["swap_free"]]))
    if "t" in flags:
        lines.append(row("Total:", [m["total"] + m["swap_total"], taken + used_swap, m["free"] + m["swap_free"]]))
    return Record(lines, shown(m["total"], flags)[1], shown(used, flags)[1], None, shown(used_swap, flags)[1])


def line_free(i):
    """procps 4.0.4 and later with -L. The last number has a blank behind it."""
    m = machine(i)
    used_swap, taken = m["swap_total"] - m["swap_free"], m["total"] - m["available"]
    cache = m["buffers"] + m["cached"] + m["reclaim"]
    text = "SwapUse %11d CachUse %11d  MemUse %11d MemFree %11d " % (used_swap, cache, taken, m["free"])
    return Record([text], None, taken * 1024, None, used_swap * 1024)


def busybox(i, version, flags=""):
    m = machine(i)
    if "T" in flags:  # a machine of terabytes, whose bytes stick together
        for key in m:
            m[key] *= 50
    taken, used_swap = m["total"] - m["free"], m["swap_total"] - m["swap_free"]
    unit = 1 if "b" in flags else 1024

    def number(kib):
        return kib * 1024 // unit

    def row(name, width, numbers):
        return name + "".join("%*d" % (width, number(v)) for v in numbers)

    memory = [m["total"], taken, m["free"], m["shared"], m["buffers"]]
    swaps = [m["swap_total"], used_swap, m["swap_free"]]
    head = ["total", "used", "free", "shared", "buffers"]
    used = taken
    if version < 119:
        lines = ["%6s" % "" + "".join("%13s" % h for h in head), row("%6s" % "Mem:", 13, memory),
                 row("%6s" % "Swap:", 13, swaps),
                 row("%6s" % "Total:", 13, [m["total"] + m["swap_total"], taken + used_swap, m["free"] + m["swap_free"]])]
    elif version < 124:
        used = taken - m["buffers"]
        lines = ["     " + "".join("%13s" % h for h in head), row("Mem: ", 13, memory),
                 row("-/+ buffers:      ", 13, [used, m["free"] + m["buffers"]]), row("Swap:", 13, swaps)]
    else:
        used = taken - m["buffers"] - m["cached"]
        lines = ["       " + "".join("%11s" % h for h in head + ["cached"]), row("Mem:   ", 11, memory + [m["cached"]]),
                 row("-/+ buffers/cache:", 11, [used, m["free"] + m["buffers"] + m["cached"]]), row("Swap:  ", 11, swaps)]
    return Record(lines, m["total"] * 1024, used * 1024, None, used_swap * 1024)


def busybox_human(i):
    """busybox 1.34 and later with -h: one decimal always, a bare 0."""
    m = machine(i, False)
    cache = m["cached"] + m["reclaim"] + m["buffers"]
    taken = m["total"] - m["free"] - cache

    def text(kib):
        size, power = kib * 1024.0, 0
        while size >= 1024:
            size /= 1024
            power += 1
        return ("%.1f%s" % (size, "BKMGT"[power]), float("%.1f" % size) * 1024 ** power) if kib else ("0", 0)

    values = [m["total"], taken, m["free"], m["shared"], cache, m["available"]]
    lines = ["       " + "".join(" %11s" % h for h in ENGLISH["head"]),
             "Mem:   " + "".join(" %11s" % text(v)[0] for v in values), "Swap:  " + " %11s %11s %11s" % ("0", "0", "0")]
    return Record(lines, text(m["total"])[1], text(taken)[1], text(m["available"])[1], 0)


def toybox(i):
    m = machine(i)
    taken, used_swap = m["total"] - m["free"], m["swap_total"] - m["swap_free"]
    b = 1024
    lines = ["\t\ttotal        used        free      shared     buffers",
             "Mem:%17s%12s%12s%12s%12s" % (m["total"] * b, taken * b, m["free"] * b, m["shared"] * b, m["buffers"] * b),
             "-/+ buffers/cache:%15s%12s" % ((taken - m["buffers"]) * b, (m["free"] + m["buffers"]) * b),
             "Swap:%16s%12s%12s" % (m["swap_total"] * b, used_swap * b, m["swap_free"] * b)]
    return Record(lines, m["total"] * b, (taken - m["buffers"]) * b, None, used_swap * b)


LANGUAGES = {
    "de": ("Speicher: Niedrig: Hoch: Swap: Gesamt: Comm:", "gesamt benutzt frei gemns. Puffer/Cache verfügbar", "Puffer Cache"),
    "es": ("Mem: Baja: Alta: Inter: Total: Conf:", "total usado libre compartido búf/caché disponible", "búferes caché"),
    "es_old": ("Memoria: Baja: Alta: Inter: Total: Conf:", "total usado libre compartido búf/caché disponible", "búferes caché"),
    "fr": ("Mem: Basse: Haute: Échange: Total: Dédié:", "total utilisé libre partagé tamp/cache disponible", "tampons cache"),
    "fr_old": ("Mem: Basse: Haute: Partition_d'échange: Total: Dédié:", "total utilisé libre partagé tamp/cache disponible",
               "tampons cache"),
    "pl": ("Pamięć: Niska: Wysoka: Wymiana: Razem: Zajęta:", "razem użyte wolne dzielone buf/cache dostępne", "bufory w_cache"),
    "pt_BR": ("Mem.: Baixa: Alta: Swap: Total: Comm:", "total usada livre compart. buff/cache disponível", "buffers cache"),
    "sv": ("Minne: Lågt:_ Högt:_ Växl.:_ Totalt: Til.:", "totalt använt fritt delat buff/cache tillgängl.", "buffertar cache"),
    "uk": ("Пам.: Нижня: Верхня: Своп.: Загалом: Comm:", "загалом використ. вільна спільна буфери/кеш дост.", "буфери кеш"),
    "vi": ("BNhớ: Thấp: Cao: Tráo_đổi: Tổng: Comm:", "tổng dùng trống chsẻ đệm/tạm sẵn_sàng", "đệm nhớ_tạm"),
    "zh_CN": ("内存： 低： 高： 交换： 总量： Comm:", "总计 已用 空闲 共享 缓冲/缓存 可用", "缓冲 缓存"),
    "zh_CN_new": ("内存： 低： 高： 交换： 总计： 分配：", "总计 已用 空闲 共享 缓冲/缓存 可用", "缓冲 缓存"),
    "ko": ("메모리: 하__위: 상__위: 스__왑: 총__계: 커__밋:", "총계 사용 여분 공유 버퍼/캐시 가용", "버퍼 캐시"),
    "ka": ("მეხს: დაბალი: მაღალი: სვოპი: ჯამი: ბრძანება:", "სულl გამოყ თავის გაზიარ ბუფ/ქეში ხელმისაწვდომი", "ბუფერი ქეში"),
    "ro": ("Mem: Low: High: Swap: Total: Com.:", "total utilizată liberă partajată buff/cache disponibilă", "buffers cache"),
    "ru": ("Память: Low: High: Подкачка: Total: Comm:", "всего занято свободно общая буф./врем. доступно", "буферы кэш"),
    "unknown": ("Muisti: Ala: Ylä: Heitto: Kaikki: Lup:", "kaikki käytössä vapaana jaettu puskuri/välim. saatavilla",
                "puskurit välimuisti"),
}


def language(name):
    rows, head, wide = LANGUAGES[name]
    names = [r.replace("_", " ") for r in rows.split(" ")]
    return {"rows": dict(zip(["mem", "low", "high", "swap", "total", "comm"], names)),
            "head": [h.replace("_", " ") for h in head.split(" ")], "wide": [w.replace("_", " ") for w in wide.split(" ")]}


SAMPLES = {}


def sample(name, text, want, encoding="utf-8"):
    """`want`: (label, time or None, [total, used, available, swap])."""
    SAMPLES[name] = (text if isinstance(text, bytes) else text.encode(encoding), want)


def plain(name, records, encoding="utf-8", blank_last=False, newline="\n", blanks=True):
    """Records one after the other, with blank lines between them."""
    text = ("\n\n" if blanks else "\n").join("\n".join(r.lines) for r in records) + "\n" + ("\n" if blank_last else "")
    sample(name, text.replace("\n", newline), [("", None, r.want) for r in records], encoding)


N = 24


def formats():
    for flags in ["", "b", "k", "m", "g", "o", "l", "t", "lt", "ot", "mlt"]:
        unit = [f for f in flags if f in UNITS and f != "k"]
        name = "procps-3.2.8" + ("-" + flags if flags else "")
        plain(name + ("@" + unit[0] if unit else ""), [old_free(i, flags) for i in range(N)], blank_last=True)
    plain("procps-3.3.9", [old_free(i) for i in range(N)])
    plain("procps-3.3.9-h", [old_free(i, "hH", swap=False) for i in range(N)])
    for flags in ["", "b", "m", "g", "w", "l", "t", "wlt", "bw"]:
        unit = [f for f in flags if f in UNITS]
        tail = ("-" + flags if flags else "") + ("@" + unit[0] if unit else "")
        plain("procps-3.3.12" + tail, [new_free(i, flags, 7, "cache") for i in range(N)])
        plain("procps-4.0.0" + tail, [new_free(i, flags, 9, "cache") for i in range(N)])
        plain("procps-4.0.4" + tail.replace("l", "lv"), [new_free(i, flags.replace("l", "lv"), 9) for i in range(N)])
    plain("procps-3.3.12-h", [new_free(i, "hH", 7, "cache") for i in range(N)])
    plain("procps-3.3.16-h", [new_free(i, "h", 7, "cache") for i in range(N)])
    plain("procps-4.0.4-h", [new_free(i, "h") for i in range(N)])
    plain("procps-4.0.4-h-comma", [new_free(i, "h", decimal=",") for i in range(N)])
    plain("procps-4.0.4-h-si", [new_free(i, "hS", 9, swap=False) for i in range(N)])
    plain("procps-4.0.4-hw", [new_free(i, "hwtv") for i in range(N)])
    plain("no-swap", [new_free(i, swap=False) for i in range(N)])
    plain("no-blank-lines", [new_free(i) for i in range(N)], blanks=False)
    plain("no-blank-lines-old", [old_free(i) for i in range(N)], blanks=False)
    plain("one-record", [new_free(3)])
    plain("busybox-1.30", [new_free(i, "", 7, "cache") for i in range(N)], blanks=False)
    for name, digits in ("comm-wrapped", "18014398509481346"), ("comm-wrapped-b@b", "18446744073705919706"):
        flags = "vb" if "@b" in name else "v"
        wrapped = [new_free(i, flags) for i in range(N)]
        for record in wrapped:
            record.lines[-1] = record.lines[-1].rsplit(" ", 1)[0].rstrip() + " " + digits
        plain(name, wrapped)
    lines = [line_free(i) for i in range(N)]
    sample("procps-4.0.4-L", "\n".join(r.lines[0] for r in lines), [("", None, r.want) for r in lines])
    for version in 115, 120, 125:
        plain("busybox-1.%d" % (version - 100), [busybox(i, version) for i in range(N)], blanks=False)
    plain("busybox-1.25-b-glued@b", [busybox(i, 125, "bT") for i in range(N)], blanks=False)
    plain("busybox-1.35-h", [busybox_human(i) for i in range(N)], blanks=False)
    plain("toybox", [toybox(i) for i in range(N)], blanks=False)


def languages():
    for name in LANGUAGES:
        words = language(name)
        plain("language-" + name, [new_free(i, "ltv", words=words) for i in range(N)])
        plain("language-%s-w" % name, [new_free(i, "w", words=words) for i in range(N)])
        plain("language-%s-old" % name, [new_free(i, "", 7, "cache", words) for i in range(N)])
        mixed = {"rows": words["rows"], "head": ENGLISH["head"], "wide": ENGLISH["wide"]}
        plain("language-%s-english-header" % name, [new_free(i, "l", words=mixed) for i in range(N)])
    for name, encoding in [("de", "iso-8859-1"), ("fr", "iso-8859-1"), ("pl", "iso-8859-2"), ("uk", "koi8-u"), ("uk", "cp1251"),
                           ("zh_CN", "gb18030"), ("ko", "euc-kr"), ("sv", "iso-8859-1"), ("ru", "koi8-r")]:
        plain("language-%s-%s" % (name, encoding), [new_free(i, "l", words=language(name)) for i in range(N)], encoding)
    big = machine(0)
    big = {key: value * 1250 for key, value in big.items()}
    glued = [new_free(i, "", words=language("de"), meminfo=big) for i in range(3)]
    assert "Speicher:65920225000" in glued[0].lines[1], glued[0].lines
    plain("language-de-glued-label", glued)


NODES = ["n1", "n2", "n10"]


def interleaved(records, prefix):
    """Lines of several nodes in turn: node k's line j, as a fast and a slow one write them."""
    out = []
    for i in range(N):
        texts = [(n, line) for n in range(len(NODES)) for line in records[n][i].lines + [""]]
        # A fixed disorder that keeps each node's own order.
        order = sorted(range(len(texts)), key=lambda t: (t % 4 + (texts[t][0] * 7 + i) % 3, t))
        order = [t for t in order]
        taken = {n: [x for x in texts if x[0] == n] for n in range(len(NODES))}
        for t in order:
            n = texts[t][0]
            line = taken[n].pop(0)
            out.append(prefix(n, i) + line[1])
    return "\n".join(out) + "\n"


def nodes(kind=new_free):
    return [[kind(i + 5 * n) for i in range(N)] for n in range(len(NODES))]


def labels():
    for name, kind in [("", new_free), ("-old", old_free)]:
        for style, text, label in [
                ("srun", lambda n, i: "%*d: " % (2, n), lambda n: str(n)),
                ("srun-zeros", lambda n, i: "%0*d: " % (2, n), lambda n: "%02d" % n),
                ("srun-het", lambda n, i: "P%d %d: " % (n // 2, n % 2), lambda n: "P%d %d" % (n // 2, n % 2)),
                ("pdsh", lambda n, i: NODES[n] + ": ", lambda n: NODES[n]),
                ("tag", lambda n, i: NODES[n] + "\t", lambda n: NODES[n]),
                ("ts-srun", lambda n, i: "May 27 12:00:%02d %2d: " % (2 + i, n), lambda n: str(n)),
                ("pdsh-ts", lambda n, i: "%s: 2026-05-27 12:00:%02d " % (NODES[n], 2 + i), lambda n: NODES[n])]:
            records = nodes(kind)
            stamped = "ts" in style
            want = [(label(n), ("00-05-27 12:00:%02d" if style == "ts-srun" else "26-05-27 12:00:%02d") % (2 + i)
                     if stamped else None, records[n][i].want) for n in range(len(NODES)) for i in range(N)]
            sample("label-" + style + name, interleaved(records, text), want)
    records = nodes()
    want = [(NODES[n], None, r.want) for n in range(len(NODES)) for r in records[n]]
    text = ""
    for n in range(len(NODES)):
        rule = "-" * 16
        text += rule + "\n" + NODES[n] + "\n" + rule + "\n" + "\n\n".join("\n".join(r.lines) for r in records[n]) + "\n"
    sample("label-dshbak", text, want)
    # pssh -P marks a chunk, not each line.
    chunks = "".join("%s: %s\n\n" % (NODES[n], "\n".join(records[n][i].lines)) for i in range(N) for n in range(len(NODES)))
    sample("label-pssh", chunks, want)
    # clush -b after each round: the same nodes again.
    blocks = "".join("%s\n%s\n%s\n%s\n" % ("-" * 15, NODES[n], "-" * 15, "\n".join(records[n][i].lines)) for i in range(N)
                     for n in range(len(NODES)))
    sample("label-clush-b", blocks, want)
    rows = "".join("%s-mem.log:%s\n" % (NODES[n], records[n][i].lines[1]) for n in range(len(NODES)) for i in range(N))
    sample("label-grep", rows, [(NODES[n] + "-mem.log", None, r.want[:3] + [None]) for n in range(len(NODES)) for r in records[n]])


def stamps():
    records = [new_free(i) for i in range(N)]

    def at(form, i, step=5):
        return clock.strftime(form, clock.gmtime(EPOCH + step * i))

    def when(i, step=5, year="26"):
        return year + at("-%m-%d %H:%M:%S", i, step)

    def prefixed(name, stamp, times):
        text = "".join("".join(stamp(i) + line + "\n" for line in records[i].lines + [""]) for i in range(N))
        sample("ts-" + name, text, [("", times(i), records[i].want) for i in range(N)])

    prefixed("default", lambda i: at("%b %d %H:%M:%S ", i), lambda i: when(i, year="00"))
    prefixed("iso", lambda i: at("%Y-%m-%dT%H:%M:%S ", i), when)
    prefixed("iso-zone", lambda i: clock.strftime("%Y-%m-%dT%H:%M:%S+0200 ", clock.gmtime(EPOCH + 7200 + 5 * i)),
             lambda i: "%d" % (EPOCH + 5 * i))
    prefixed("bracket", lambda i: at("[%Y-%m-%d %H:%M:%S] ", i), when)
    prefixed("epoch", lambda i: "%d.%06d " % (EPOCH + 5 * i, 250000), lambda i: "%d.250" % (EPOCH + 5 * i))
    prefixed("elapsed", lambda i: "%02d:%02d:%02d " % (5 * i // 3600, 5 * i // 60 % 60, 5 * i % 60), lambda i: "+%d" % (5 * i))
    prefixed("elapsed-fraction", lambda i: "%d.500000 " % (5 * i), lambda i: "+%d.500" % (5 * i))
    prefixed("time-of-day", lambda i: clock.strftime("%H:%M:%S ", clock.gmtime(86400 - 30 + 5 * i)),
             lambda i: "day +%d" % (86400 - 30 + 5 * i))
    # ts -i: only the first line of a record comes after a pause.
    text = "".join("".join("00:00:%02d %s\n" % (5 if j == 0 and i > 0 else 0, line)
                           for j, line in enumerate(records[i].lines + [""])) for i in range(N))
    sample("ts-increment", text, [("", "+%d" % (5 * i), records[i].want) for i in range(N)])
    rows = "".join("00:00:%02d %s\n" % (5 if i else 0, records[i].lines[1]) for i in range(N))
    sample("ts-increment-grep", rows, [("", "+%d" % (5 * i), records[i].want[:3] + [None]) for i in range(N)])

    english = "%a %b %e %H:%M:%S UTC %Y"
    forms = {"c": english, "en_US": "%a %b %d %I:%M:%S %p UTC %Y", "en_US-new": "%a %d %b %Y %I:%M:%S %p UTC",
             "rfc": "%a, %d %b %Y %H:%M:%S +0000", "iso": "%Y-%m-%dT%H:%M:%S+00:00", "german": "Mi 27. Mai %H:%M:%S UTC 2026",
             "french": "mer. 27 mai 2026 %H:%M:%S UTC", "spanish": "mié 27 may 2026 %H:%M:%S UTC",
             "polish": "śro, 27 maj 2026, %H:%M:%S UTC", "portuguese": "qua 27 mai 2026 %H:%M:%S UTC",
             "ukrainian": "середа, 27 травня 2026 %H:%M:%S +0000", "russian": "Ср 27 мая 2026 %H:%M:%S UTC",
             "georgian": "2026 წლის 27 მაისი, %H:%M:%S UTC", "romanian": "miercuri 27 mai 2026, %H:%M:%S +0000",
             "chinese": "2026年 05月 27日 星期三 %H:%M:%S UTC", "korean": "2026. 05. 27. (수) %H:%M:%S UTC",
             "vietnamese": "Thứ tư, 27 Tháng 5 năm 2026 %H:%M:%S UTC", "swedish": "ons 27 maj 2026 %H:%M:%S UTC"}
    local = {"space": "%Y-%m-%d %H:%M:%S", "dots": "%d.%m.%Y %H:%M:%S", "slashes": "%d/%m/%Y %H:%M:%S", "us": "%m/%d/%Y %H:%M:%S",
             "ymd-slashes": "%Y/%m/%d %H:%M:%S", "tight": "%Y%m%d-%H%M%S", "tight-t": "%Y%m%dT%H%M%S", "banner": "=== %Y-%m-%d %H:%M:%S ===",
             "prefix": "Date: %Y-%m-%d %H:%M:%S"}
    for name, form in forms.items():
        text = "".join(at(form, i) + "\n" + "\n".join(records[i].lines) + "\n" for i in range(N))
        sample("date-" + name, text, [("", "%d" % (EPOCH + 5 * i), records[i].want) for i in range(N)])
    for name, form in local.items():
        text = "".join(at(form, i) + "\n" + "\n".join(records[i].lines) + "\n-----\n" for i in range(N))
        sample("date-" + name, text, [("", when(i), records[i].want) for i in range(N)])
    epochs = "".join("%d\n%s\n" % (EPOCH + 5 * i, "\n".join(records[i].lines)) for i in range(N))
    sample("date-epoch", epochs, [("", "%d" % (EPOCH + 5 * i), records[i].want) for i in range(N)])
    millis = "".join("%d123\n%s\n" % (EPOCH + 5 * i, "\n".join(records[i].lines)) for i in range(N))
    sample("date-epoch-ms", millis, [("", "%d.123" % (EPOCH + 5 * i), records[i].want) for i in range(N)])
    for name, form in ("c", english), ("iso", "%Y-%m-%dT%H:%M:%S+00:00"), ("epoch", "%s"):
        stamp = lambda i: "%d" % (EPOCH + 5 * i) if name == "epoch" else at(form, i)
        text = "".join("%s\n%s %s\n%s\n" % (records[i].lines[0], records[i].lines[1], stamp(i), records[i].lines[2])
                       for i in range(N))
        sample("suffix-" + name, text, [("", "%d" % (EPOCH + 5 * i), records[i].want) for i in range(N)])
    table = "date       time     " + " ".join(records[0].lines[0].split()) + "\n"
    table += "".join(at("%Y-%m-%d %H:%M:%S  ", i) + " ".join(records[i].lines[1].split()[1:]) + "\n" for i in range(N))
    sample("table", table, [("", when(i), records[i].want[:3] + [None]) for i in range(N)])
    rows = "".join(r.lines[1] + "\n" for r in records)
    sample("mem-rows-only", rows, [("", None, r.want[:3] + [None]) for r in records])
    old = [old_free(i, "o") for i in range(N)]
    sample("mem-rows-only-old", "".join(r.lines[1] + "\n" for r in old), [("", None, r.want[:3] + [None]) for r in old])
    squeezed = "".join(" ".join(" ".join(r.lines).split()) + "\n" for r in records)
    sample("echo-one-line", squeezed, [("", None, r.want) for r in records])
    olds = [old_free(i) for i in range(N)]
    sample("echo-one-line-old", "".join(" ".join(" ".join(r.lines).split()) + "\n" for r in olds),
           [("", None, r.want) for r in olds])
    dated = "".join(at(english, i) + " " + " ".join(" ".join(records[i].lines).split()) + "\n" for i in range(N))
    sample("echo-date-one-line", dated, [("", "%d" % (EPOCH + 5 * i), records[i].want) for i in range(N)])


def damage():
    records = [new_free(i) for i in range(N)]
    text = "\n\n".join("\n".join(r.lines) for r in records) + "\n"
    want = [("", None, r.want) for r in records]
    sample("crlf", text.replace("\n", "\r\n"), want)
    sample("bom-utf8", "\ufeff" + text, want)
    sample("bom-utf16le", ("\ufeff" + text).encode("utf-16-le"), want)
    sample("bom-utf16be", ("\ufeff" + text).encode("utf-16-be"), want)
    sample("no-last-newline", text[:-1], want)
    # The disk is full in the middle of a row; later it goes on in the middle of a header.
    cut = len("\n\n".join("\n".join(r.lines) for r in records[:7])) + 2 + len(records[7].lines[0]) + 40
    again = len("\n\n".join("\n".join(r.lines) for r in records[:11])) + 2 + 30
    sample("disk-full", text[:cut] + text[again:], want[:7] + want[11:])
    # `: > log` while free runs.
    start = len("\n\n".join("\n".join(r.lines) for r in records[:9]))
    sample("nul-hole", b"\0" * start + text[start:].encode(), want[9:])
    # free | grep Mem, killed: full blocks only.
    rows = "".join(r.lines[1] + "\n" for r in records)
    sample("grep-killed", rows[:-25], [(l, t, w[:3] + [None]) for l, t, w in want[:-1]])
    sample("grep-killed-digit", rows[:-2], [(l, t, w[:3] + [None]) for l, t, w in want[:-1]])
    # Two writers of different formats.
    two = [r for i in range(N) for r in (new_free(i), old_free(i))]
    plain("two-writers", two, blanks=False)
    noise = ("srun: job 4711 queued and waiting for resources\n", "slurmstepd: error: Detected 1 oom_kill event in StepId=7.0\n",
             "bash: line 3: 4711 Killed ./program\n")
    noisy = "".join("\n".join(r.lines) + "\n\n" + noise[i % 3] for i, r in enumerate(records))
    noisy += "slurmstepd: error: *** STEP 7.0 ON n1 CANCELLED AT 2024-05-04T12:00:02 DUE TO TIME LIMIT ***\n"
    sample("slurm-noise", noisy, want)
    colour = "".join("\x1b[01;31m\x1b[K%s\x1b[m\x1b[K%s\n" % (r.lines[1][:4], r.lines[1][4:]) for r in records)
    sample("grep-colour", colour, [(l, t, w[:3] + [None]) for l, t, w in want])
    wrap = old_free(1)
    wrap.lines[-1] = "Swap:  %10d %10d %10d" % (8388604, 18014398509480984, 8388604 + 1000)
    wrap.want[3] = 0
    minus = old_free(2)
    minus.lines[-1] = "Swap:  %10d %10d %10d" % (8388604, -1000, 8388604 + 1000)
    minus.want[3] = 0
    plain("swap-wrapped", [old_free(0), wrap, minus, old_free(3)])
    lxc = machine(0)
    lxc.update(cached=60000000)  # more than the container has
    lxc_record = new_free(0, meminfo=lxc)
    plain("lxc", [lxc_record] * 3)
    huge = machine(0)
    huge = {key: value * 41000 for key, value in huge.items()}  # 2 PiB
    plain("huge-b@b", [new_free(0, "b", meminfo=huge)] * 4)
    trace = "# memtrace 1 host=a%20b start=1732320000.123 interval=2 job=4711\n"
    sample("trace", trace + text + "# memtrace end=1732320048.456\n", want)


def main():
    directory = sys.argv[1]
    os.makedirs(directory, exist_ok=True)
    formats()
    languages()
    labels()
    stamps()
    damage()

    def told(time):
        """The time as the tests compare it: seconds since 1970, of a clock in an unknown zone, or since the start."""
        if time is None:
            return "-"
        if time.startswith("+"):
            return "after %.3f" % float(time[1:])
        if time.startswith("day +"):
            return "local %.3f" % (calendar.timegm((2000, 1, 1, 0, 0, 0)) + float(time[5:]))
        if " " in time:
            return "local %.3f" % calendar.timegm(clock.strptime("20" + time, "%Y-%m-%d %H:%M:%S"))
        return "epoch %.3f" % float(time)

    for name, (text, want) in SAMPLES.items():
        with open(os.path.join(directory, name + ".log"), "wb") as file:
            file.write(text)
        with open(os.path.join(directory, name + ".want"), "w", encoding="utf-8") as file:
            for label, time, values in want:
                file.write("\t".join([label, told(time)] + ["-" if v is None else "%.0f" % v for v in values]) + "\n")


if __name__ == "__main__":
    main()
