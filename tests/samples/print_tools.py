#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints invented logs of sar, sadf, vmstat and top in the layouts of several versions.

Usage: print_tools.py FOLDER. The numbers are pseudo-random, but always the same; each log is made from one of the few facts that
differ between versions, languages and options: columns, units, clocks, midnight, repeated headings, several hosts.
"""
import datetime
import os
import random
import sys

SAR = ["kbmemfree", "kbavail", "kbmemused", "%memused", "kbbuffers", "kbcached", "kbcommit", "%commit", "kbactive", "kbinact", "kbdirty"]
START = datetime.datetime(2026, 3, 2, 23, 58, 30)
TOTAL = 16265820  # KiB


def memory(rng):
    """Free, available, buffers, cached, slab and swapped memory in KiB, whole pages."""
    pages = TOTAL // 4
    cached, buffers, slab = rng.randrange(pages // 4), rng.randrange(pages // 50), rng.randrange(pages // 20)
    free = rng.randrange(pages // 10, pages // 3)
    used = pages - cached - buffers - slab - free
    return {"free": free * 4, "avail": (pages - used - slab // 2) * 4, "buffers": buffers * 4, "cached": cached * 4, "slab": slab * 4,
            "swapped": rng.randrange(1000) * 4}


def sar_values(now, is_old, comma):
    used = TOTAL - now["free"] - (0 if is_old else now["buffers"] + now["cached"] + now["slab"])
    values = {"kbmemfree": now["free"], "kbavail": now["avail"], "kbmemused": used, "%memused": "%.2f" % (100 * used / TOTAL),
              "kbbuffers": now["buffers"], "kbcached": now["cached"], "%commit": "12.34"}
    return [str(values.get(name, 4000)).replace(".", comma) for name in sar_names(is_old)]


def sar_names(is_old):
    return [name for name in SAR if not (is_old and name == "kbavail")]


def print_sar(rng, twelve, is_old, date, comma, step):
    def clock(at):
        return at.strftime("%I:%M:%S %p" if twelve else "%H:%M:%S")
    head = "   " + " ".join("%9s" % name for name in sar_names(is_old))
    lines = ["Linux 6.1.0-18-amd64 (cn01) \t%s \t_x86_64_\t(4 CPU)" % START.strftime(date), "", clock(START) + head]
    for i in range(1, 9):
        at = START + datetime.timedelta(seconds=step * i)
        if i == 5:
            lines += ["", clock(at - datetime.timedelta(seconds=1)) + head]
        values = sar_values(memory(rng), is_old, comma)
        lines.append("%s   %s" % (clock(at), " ".join("%9s" % value for value in values)))
    lines.append("Average:   %s" % " ".join("%9s" % value for value in values))
    return lines


def print_sadf(rng, hosts, is_epoch, is_old):
    lines = ["# hostname;interval;timestamp;" + ";".join(sar_names(is_old))]
    for i in range(6):
        for host in hosts:
            at = START + datetime.timedelta(seconds=60 * i)
            stamp = str(int(at.replace(tzinfo=datetime.timezone.utc).timestamp())) if is_epoch else at.strftime("%Y-%m-%d %H:%M:%S UTC")
            lines.append(";".join([host, "60", stamp] + sar_values(memory(rng), is_old, ".")))
        if i == 3:
            lines.append("%s;-1;%s;LINUX-RESTART\t(4 CPU)" % (hosts[0], at.strftime("%Y-%m-%d %H:%M:%S UTC")))
    return lines


def print_vmstat(rng, has_times, is_wide, is_active, repeat):
    width = 12 if is_wide else 7
    third = ["inact", "active"] if is_active else ["buff", "cache"]
    head = ["procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----" + (" -----timestamp-----" if has_times else ""),
            " r  b %s   si   so    bi    bo   in   cs us sy id wa st" % " ".join("%*s" % (width, name) for name in ["swpd", "free"] + third) +
            ("                 UTC" if has_times else "")]
    lines = list(head)
    for i in range(7):
        now = memory(rng)
        if i and i % repeat == 0:
            lines += head
        numbers = [now["swapped"], now["free"], now["buffers"], now["cached"]]
        lines.append(" 1  0 %s    0    0   532  1205  434  919 53 37 10  0  0" % " ".join("%*d" % (width, n) for n in numbers) +
                     ((START + datetime.timedelta(seconds=30 * i)).strftime(" %Y-%m-%d %H:%M:%S") if has_times else ""))
    return lines


def print_top(rng, form):
    lines = []
    for i in range(6):
        now, at = memory(rng), START + datetime.timedelta(seconds=40 * i)
        used = TOTAL - now["free"] - now["buffers"] - now["cached"]
        cache = now["buffers"] + now["cached"]
        lines.append("top - %s up 12 days,  3:04,  1 user,  load average: 0.00, 0.01, 0.05" % at.strftime("%H:%M:%S"))
        lines.append("Tasks: 268 total,   1 running, 267 sleeping,   0 stopped,   0 zombie")
        if form == "old":
            lines.append("Mem:  %9dk total, %9dk used, %9dk free, %9dk buffers" % (TOTAL, TOTAL - now["free"], now["free"], now["buffers"]))
            lines.append("Swap: %9dk total, %9dk used, %9dk free, %9dk cached" % (2000000, 0, 2000000, now["cached"]))
        else:
            scale = {"KiB": 1, "MiB": 1024, "GiB": 1024 ** 2}[form]
            number = "%9d" if form == "KiB" else "%9.1f"
            values = [number % (n / scale if scale > 1 else n) for n in (TOTAL, now["free"], used, cache)]
            lines.append("%s Mem : %s total, %s free, %s used, %s buff/cache" % ((form,) + tuple(values)))
            lines.append("%s Swap: %s total, %s free, %s used. %s avail Mem" % (form, number % 0, number % 0, number % 0, number % (now["avail"] / scale)))
        lines += ["", "    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND",
                  "   2291 root      20   0 1684140  52288   9216 R  90.0   0.2  23:59:59 free", ""]
    return lines


def main():
    rng, logs = random.Random(12), {}
    for i, date in enumerate(["%m/%d/%y", "%m/%d/%Y", "%d.%m.%Y", "%Y-%m-%d"]):
        for twelve in (False, True):
            for is_old in (False, True):
                logs["sar-%d-%d-%d" % (i, twelve, is_old)] = print_sar(rng, twelve, is_old, date, "," if i == 2 else ".", 30 + 30 * i)
    for i, hosts in enumerate([["cn01"], ["cn01", "cn02"], ["alpha", "beta", "gamma"], ["10.0.0.1", "10.0.0.2"]]):
        for is_epoch in (False, True):
            for is_old in (False, True):
                logs["sadf-%d-%d-%d" % (i, is_epoch, is_old)] = print_sadf(rng, hosts, is_epoch, is_old)
    for i in range(16):
        logs["vmstat-%d" % i] = print_vmstat(rng, i & 1 == 0, i & 2, i & 4, 2 if i & 8 else 99)
    for i in range(3):
        for form in ("old", "KiB", "MiB", "GiB"):
            logs["top-%s-%d" % (form, i)] = print_top(rng, form)
    os.makedirs(sys.argv[1], exist_ok=True)
    for name, lines in logs.items():
        with open(os.path.join(sys.argv[1], name + ".log"), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
