#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A slow, simple, independent reader of logs of free(1). It shares only facts with memtrace, not code.

Usage: reference_read.py MEMTRACE LOG... Reads each log (its unit behind an @ in its name, KiB without) and compares with what
`MEMTRACE --samp 2 --stats=json` says of it: nodes, records, length, highest used and when. Prints the differences; exit status 1 if any.

Exit status 2 means that a log is of a kind which this reader does not cover, which it prints: logs that are wrapped in JSON or quotes,
whose numbers are in groups, or whose nodes are named by other words than a label at the beginning of each line, a word with a digit
next to a date or between rules, or a header of memtrace; tables whose used memory has no plain heading with a unit.
"""
import calendar
import itertools
import json
import os
import re
import subprocess
import sys
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "samples"))
from print_free import LANGUAGES  # the facts: words of rows and columns

SAMP = 2
ROLES = ["mem", "low", "high", "swap", "total", "comm"]
ROWS = {"Mem": "mem", "Low": "low", "High": "high", "Swap": "swap", "Total": "total", "Comm": "comm"}
HEADINGS = {"total": "total", "used": "used", "free": "free", "shared": "shared", "buffers": "buffers", "cached": "cached",
            "cache": "cached", "buff/cache": "cache", "available": "available"}
for rows, head, wide in LANGUAGES.values():
    for role, word in zip(ROLES, rows.split(" ")):
        ROWS[word.replace("_", " ").strip().rstrip(":：")] = role
    for role, word in zip(["total", "used", "free", "shared", "cache", "available"], head.split(" ")):
        HEADINGS[word.replace("_", " ")] = role
    for role, word in zip(["buffers", "cached"], wide.split(" ")):
        HEADINGS.setdefault(word.replace("_", " "), role)


def any_of(words):
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


NUMBER = r"-?\d+(?:[.,]\d+)?(?:[BKMGTPE]i?)?"
ROW = re.compile(r"(?P<word>-/\+ [^:]*|(?<![^\s\t:])(?:%s))\s?[:：](?P<numbers>(?:\s*%s(?=\s|$))*)" % (any_of(ROWS), NUMBER))
HEADER = re.compile(r"(?:%s)(?:\s+(?:%s)){4,}(?=\s|$)" % (any_of(w for w in HEADINGS if HEADINGS[w] == "total"), any_of(HEADINGS)))
LINE = re.compile(r"[^\W\d]\S* +(\d+) +[^\W\d]\S* +(\d+) +[^\W\d]\S* +(\d+) +[^\W\d]\S* +(\d+) *$")
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
MAY = ["mai", "maj", "may", "травня", "мая", "მაისი", "tháng 5"]


def decode(data):
    """Returns the text of a file, decoded with the character set in which its words are known."""
    for mark, name in (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"):
        if data.startswith(mark):
            return data[2:].decode(name)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    texts = [data.decode(name, "replace") for name in
             ("gb18030", "euc-kr", "iso-8859-2", "koi8-u", "cp1251", "koi8-r", "iso-8859-1")]
    return max(texts, key=lambda text: (len(HEADER.findall(text)), len(max(HEADER.findall(text), default="")), len(ROW.findall(text))))


def to_bytes(text, unit, base):
    match = re.fullmatch(r"(-?\d+)(?:[.,](\d+))?([BKMGTPE]?)(i?)", text)
    value = float(match[1] + "." + (match[2] or "0"))
    if match[3]:
        return value * (1024 if match[4] else base) ** "BKMGTPE".index(match[3])
    return value * unit


def read_stamp(text):
    """Returns the time in a text: ("epoch", s), ("date", s), ("clock", s), or None."""
    text = text.strip().strip("=-[]: ").lower()
    if re.fullmatch(r"\d{10}(\.\d+)?", text):
        return "epoch", float(text)
    if re.fullmatch(r"\d{13}", text):
        return "epoch", float(text) / 1000
    if re.fullmatch(r"\d{1,8}\.\d+", text):
        return "clock", float(text)
    tight = re.fullmatch(r"(\d{4})(\d\d)(\d\d)[-t](\d\d)(\d\d)(\d\d)", text)
    if tight:
        return "date", calendar.timegm(tuple(int(n) for n in tight.groups()))
    time = re.search(r"(\d+):(\d\d):(\d\d)(\.\d+)?(?: ?(am|pm))?", text)
    if not time:
        return None
    seconds = int(time[1]) * 3600 + int(time[2]) * 60 + int(time[3]) + float(time[4] or 0)
    if time[5]:
        seconds = seconds % 43200 + (43200 if time[5] == "pm" else 0)
    rest = text[:time.start()] + " " + text[time.end():]
    zone = re.search(r"[+-]\d\d:?\d\d\s*$|\butc\b", rest)
    offset = 0
    if zone:
        rest = rest.replace(zone[0], " ")
        digits = re.sub(r"\D", "", zone[0])
        offset = (int(digits[:2]) * 3600 + int(digits[2:]) * 60) * (-1 if zone[0][0] == "-" else 1) if digits else 0
    date = read_date(rest)
    if date is None:
        return ("clock", seconds) if not rest.strip() else None
    return "epoch" if zone else "date", days_s(*date) + seconds - offset


ISO_LIKE = re.compile(r"(?<!\d)(\d{4})([-/.:_]?)(\d\d?)\2(\d\d?)(?:[ T_.,;|&/@:-]+|\s+at\s+)"
                      r"(\d\d?)([-:._h]?)(\d\d)(?:[-:._m]?(\d\d))?(?!\d)")
CLOCK = re.compile(r"(?<![\d:])(\d\d?):(\d\d)(?::(\d\d)(?:[.,:](\d+))?)?(?: ?([AaPp])\.?[Mm])?(?![\d:])")
REVERSED = re.compile(r"(?<!\d)(\d\d)([-._]?)(\d\d)\2(\d\d)[_-](20\d\d)(-?)(\d\d)\6(\d\d)(?!\d)")
SPANS = {"s": 1, "sec": 1, "seconds": 1, "ms": 1e-3, "min": 60, "minutes": 60}
ELAPSED = [re.compile(r"(?i)(?<![a-z])(?:uptime|up|elapsed|runtime)(?:_(?P<key>ms))?[ :=]+(?P<n>\d+(?:\.\d+)?)(?: ?(?P<unit>%s))?(?![\w.:])"
                      % "|".join(SPANS)),
           re.compile(r"^\s*(?P<n>\d+) ?(?P<unit>%s)(?P<key>)\s*$" % "|".join(SPANS)),
           re.compile(r"\[ *(?P<n>\d+\.\d{6})\](?P<unit>)(?P<key>)")]
NAMED = re.compile(r"(?i)(?<![a-z])(%s)[a-z]*(?![a-z])" % "|".join(MONTHS))


def seconds_of(hours, minutes, seconds, half=None):
    hours = int(hours) % 12 + (12 if half.lower() == "p" else 0) if half else int(hours)
    return hours * 3600 + int(minutes) * 60 + int(seconds or 0)


def is_date(year, month, day):
    return 1970 <= year < 2200 and 1 <= month <= 12 and 1 <= day <= 31


def days_s(year, month, day):
    if not is_date(year if year > 99 else 2000 + year, month, day):
        raise Uncovered("a date")
    return calendar.timegm((year if year > 99 else 2000 + year, month, day, 0, 0, 0))


def find_stamp(text):
    """Returns the time anywhere in a line of words like read_stamp, or None."""
    match = ISO_LIKE.search(text)
    if match and 1970 <= int(match[1]) < 2200 and 1 <= int(match[3]) <= 12 and 1 <= int(match[4]) <= 31:
        return "date", days_s(int(match[1]), int(match[3]), int(match[4])) + seconds_of(match[5], match[7], match[8])
    match = REVERSED.search(text)
    if match:
        return "date", days_s(int(match[5]), int(match[7]), int(match[8])) + seconds_of(match[1], match[3], match[4])
    clock = CLOCK.search(text)
    if clock and int(clock[1]) < 24 and int(clock[2]) < 60:
        at = seconds_of(clock[1], clock[2], clock[3], clock[5]) + (float("0." + clock[4]) if clock[4] else 0)
        rest = text[:clock.start()] + " " + text[clock.end():]
        month = NAMED.search(rest)
        day = month and (re.match(r"[ .-]*(\d\d?)(?!\d)", rest[month.end():]) or re.search(r"(?<!\d)(\d\d?)[ ./-]*$", rest[:month.start()]))
        year = re.search(r"(?<!\d)(20\d\d)(?!\d)", rest) or (month and re.match(r"[ -](\d\d)(?!\d)", rest[month.end():]))
        if month and day:
            number = MONTHS.index(month[1].lower()) + 1
            return "date", days_s(int(year[1]) if year else 2000, number, int(day[1])) + at
        numbers = re.search(r"(?<!\d)(\d{1,4})([-/.])(\d\d?)\2(\d{2,4})(?!\d)", rest)
        if numbers:
            date = read_date(numbers[0]) if len(numbers[4]) == 4 or len(numbers[1]) == 4 else \
                read_short_year(int(numbers[1]), numbers[2], int(numbers[3]), int(numbers[4]))
            if date:
                return "date", days_s(*date) + at
        if clock[3] or clock[5]:
            return "clock", at
    for match in filter(None, (form.search(text) for form in ELAPSED)):
        return "elapsed", float(match["n"]) * SPANS[match["key"] or match["unit"] or "s"]
    epoch = re.search(r"(?<![\d+%-])(?<!\d[.])(\d{10}|\d{13})(?:\.\d+)?(?!\w)", text)
    if epoch:
        return "number", int(epoch[1]) / (1000 if len(epoch[1]) == 13 else 1)
    return None


def read_short_year(first, sign, second, third):
    """Returns the date of three numbers with a year of two digits: slashes are American, dots German, others ISO."""
    if sign == "/" and first <= 12:
        return third, first, second
    return (third, second, first) if sign == "." or first < 20 <= third else (first, second, third)


def read_date(text):
    for month, names in [(5, MAY)] + [(i + 1, [m]) for i, m in enumerate(MONTHS)]:
        for name in names:
            if re.search(r"(?<!\w)%s" % name, text):
                numbers = [int(n) for n in re.findall(r"\d+", text.replace(name, " "))]
                if len(numbers) > 1 and max(numbers) <= 31:
                    return None  # a label
                year = next((n for n in numbers if n > 31), 2000)
                return year, month, next(n for n in numbers if n <= 31)
    numbers = [int(n) for n in re.findall(r"\d+", text)]
    if len(numbers) != 3:
        return None
    if numbers[0] > 31:
        return tuple(numbers)
    return (numbers[2],) + ((numbers[0], numbers[1]) if numbers[1] > 12 else (numbers[1], numbers[0]))


ADDRESS = re.compile(r"[\[(<]?(?P<name>\d{1,3}(?:\.\d{1,3}){3})[\])>]?(?:[:|=]? |$)")
LABEL = re.compile(r"(?P<name>P\d+ \d+|[^\s:]+(?=\t)|[^\s:]+)(?:: ?|\t)")


def read_prefix(text):
    """Returns the prefix of free's own text as (label, stamp, whether all of it was understood)."""
    text = text.strip("\n")
    if not text.strip():
        return "", None, True
    stamp = read_stamp(text)
    if stamp:
        return "", stamp, True
    match = LABEL.match(text.lstrip(" ")) or ADDRESS.match(text.lstrip(" "))
    if match:
        rest = text.lstrip(" ")[match.end():]
        if not rest.strip() or read_stamp(rest):
            return match["name"], read_stamp(rest), True
    match = re.match(r"(.*\d\d:\d\d:\d\d)\s+(P\d+ \d+|\S+(?=:)|(?:\d{1,3}\.){3}\d{1,3}(?= |$)):? ?$", text)
    if match and read_stamp(match[1]):
        return match[2], read_stamp(match[1]), True
    stamp = find_stamp(text)
    return "", ("epoch", stamp[1]) if stamp and stamp[0] == "number" else stamp, stamp is not None


class Uncovered(Exception):
    """The log is of a kind that this reader does not cover."""


class Node:
    def __init__(self):
        self.header = None
        self.records = []  # dicts of bytes, and "stamp"
        self.open = None
        self.stamp = None
        self.is_old = False
        self.order = []  # of records, True, and times on lines of their own, which are in `loose`
        self.loose = []
        self.unit = None  # as found for the first record
        self.scale = 1  # of numbers after a change of the unit


class Reader:
    def __init__(self, unit):
        self.unit, self.given_unit, self.nodes, self.current, self.loose = unit or 1024, unit, {}, "", None
        self.chunk = ""  # label of a header, which rows without one belong to (pssh -P)
        self.keys = {}  # of memtrace's own lines
        self.heading = None  # the last text before a record that is neither a time nor a label
        self.block = None  # the same between rules, for all records up to the next one
        self.labels = set()  # of rows Mem
        self.last_loose = None  # the last time on a line of its own, of all nodes
        self.counts = set()  # numbers that do not advance like a clock
        self.clocks = []  # stamps of the kind "clock" in the order of the file: [seconds, record or None]

    def node(self, label):
        return self.nodes.setdefault(label or self.current, Node())

    def keep_stamp(self, stamp):
        """Adds a stamp. Its time is determined at the end, when all stamps are known."""
        stamp = stamp and list(stamp)
        if stamp and stamp[0] == "clock":
            self.clocks.append(stamp)
        return stamp

    def header(self, node, words):
        names = re.findall(r"(?<!\S)(?:%s)(?!\S)" % any_of(HEADINGS), words)
        node.header = [HEADINGS[n] for n in names]
        if node.header == ["total", "used", "free", "shared", "buffers"]:
            node.is_old = True
        if node.header[4:6] == ["buffers", "cached"] and len(node.header) == 7:
            node.is_old = False

    def values(self, texts, want):
        """Returns the numbers of a row. Adjoining ones are split so that the first is the sum of the next two."""
        if len(texts) == want or not want:
            return texts
        if len(texts) < want and max((len(t) for t in texts), default=0) >= 22:
            for cut in unglued(texts, want):
                if want == 2 or int(cut[0]) == int(cut[1]) + int(cut[2]):
                    return cut
        return None

    def unit_of(self, node, texts):
        """Returns the unit of a row Mem. Without another evidence it is that of the format."""
        if self.given_unit or not all(re.fullmatch(r"\d+", t) for t in texts):
            return self.unit
        numbers = [int(t) for t in texts]
        total = numbers[0]
        if node.unit is None:
            pages = all(n % 4 == 0 for n in numbers) and sum(n % 10 == 0 for n in numbers) * 2 <= len(numbers)
            small = total * 1024 < 2 ** 26 and not pages
            odd = sum(n % 4 == 0 for n in numbers if n) <= 0.6 * sum(n > 0 for n in numbers)
            kilo = all(int(4.096 * -int(-n / 4.096 // 1)) == n for n in numbers)
            node.unit = self.unit
            if total * 1024 > 2 ** 40 and all(n % 1024 == 0 for n in numbers):
                node.unit = 1
            elif odd and kilo and total * 1024 >= 2 ** 26 and len([n for n in numbers if n]) >= 6:
                node.unit = 1000
            elif small or (odd and total * 1024 < 2 ** 29) or (odd and total % 4 and total * 1024 < 2 ** 32):
                if 64 <= total < 1100:
                    raise Uncovered("GiB or MiB")
                node.unit = 1024 ** 2 if total >= 64 else 1024 ** 3
            node.first = total
        ratio = node.first / total if total else 1
        node.scale = next((f for f in (1024, 1048576, 1 / 1024, 1 / 1048576) if 0.95 < ratio / f < 1.05), 1)
        return node.unit * node.scale

    def row(self, node, role, texts, stamp, base, whole):
        if role == "mem":
            node.open = None
            want = len(node.header) if node.header else len(texts)
            texts = self.values(texts, want) if want in (5, 6, 7) else None
            if texts is None or not whole:
                return
            unit = self.unit_of(node, texts)
            bytes_ = [to_bytes(t, unit, base) for t in texts]
            columns = node.header
            if bytes_[1] > 2 ** 60 or min(bytes_) < 0:
                node.records.append(None)  # its time passes
                return
            if not columns:
                old = bytes_[0] == bytes_[1] + bytes_[2]
                columns = ["total", "used", "free", "shared", "buffers" if old else "cache", "cached" if old else "available"]
            record = dict(zip(columns, bytes_), stamp=stamp or node.stamp or self.loose, heading=self.heading or self.block,
                          after=self.last_loose)
            self.heading = None
            node.stamp = None
            node.open = record
            node.records.append(record)
            node.order.append(True)
        elif node.open is not None and role == "buffers":
            unit = (node.unit or self.unit) * node.scale
            node.open["has_buffers"] = True
            total = node.open["total"] / unit
            if len(texts) == 1:
                texts = next(c for c in unglued(texts, 2) if int(c[0]) + int(c[1]) == total)
            node.open["used"] = to_bytes(texts[0], unit, base)
        elif node.open is not None and role == "swap" and whole and len(texts) == 3:
            swap = [to_bytes(t, self.unit, base) for t in texts]
            node.open["swap"] = 0 if swap[1] < 0 or swap[1] > 1e18 else swap[1]
        if stamp and node.open is not None and node.open["stamp"] is None:
            node.open["stamp"] = stamp

    def line(self, line, has_newline, lengths):
        line = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", line).rstrip("\r").lstrip("\ufeff")
        line = line.rpartition("\r")[2]
        if line.startswith("# memtrace"):
            keys = dict(re.findall(r"(\S+)=(\S+)", line))
            self.keys.update(keys)
            if "host" in keys:
                self.current = unquote(keys["host"])
            return
        if not line.strip():
            return
        one = LINE.search(line)
        if one and not ROW.search(line):
            stamp = self.keep_stamp(find_stamp(line[:one.start()]))
            numbers = [int(n) * self.unit for n in one.groups()]
            self.node("").records.append({"used": numbers[2], "swap": numbers[0], "stamp": stamp or self.node("").stamp})
            self.node("").stamp = None
            return
        header = HEADER.search(line)
        rows = list(ROW.finditer(line, header.end() if header else 0))
        if not header and not rows:
            return self.other(line)
        label, stamp, known = read_prefix(line[:(header or rows[0]).start()])
        if header and not known:
            if "date" in line[:header.start()] or "time" in line[:header.start()]:
                self.header(self.node(""), header[0])
            elif not rows:  # half a row before half a header
                return
        prefix = line[:(header or rows[0]).start()]
        if not label and re.search(r"[^\W\d]|\d+\.\d+\.\d+\.", CLOCK.sub("", prefix)):
            self.heading = without_stamp(prefix)
        stamp = self.keep_stamp(stamp)
        if header or label:
            self.chunk = label if header else ""
        node = self.node(label or self.chunk)
        if header:
            node.open = None
            if header.start() >= 2 and line[header.start() - 2:header.start()] == "\t\t" and not self.given_unit:
                self.unit = 1
            self.header(node, header[0])
        if header and stamp:
            node.stamp = stamp
        for i, match in enumerate(rows):
            word = match["word"]
            role = "buffers" if word.startswith("-/+") else ROWS[word]
            texts = re.findall(NUMBER, match["numbers"])
            rest = line[match.end():rows[i + 1].start() if i + 1 < len(rows) else len(line)].strip()
            want = {"mem": len(node.header) if node.header else 0, "buffers": 2}.get(role, 3)
            if want and len(texts) == want + 1 and len(texts[-1]) == 10:
                rest = texts.pop()
            behind = read_stamp(rest) if rest else None
            whole = (not rest or behind is not None) and (has_newline or line.endswith(" ") or len(line) >= lengths.get(word, 0) > 0)
            # Since 3.3.17, whose columns begin at 20, G without an i is decimal.
            base = 1000 if texts and match.end("numbers") - match.start() in (80, 92) else 1024
            own = stamp or self.keep_stamp(behind)
            self.row(node, role, texts, own, base, whole)

    def other(self, line):
        """Reads a row of a table, the name of a block, or a time on a separate line."""
        node = self.node("")
        columns = len(node.header) if node.header else 0
        words = line.split()
        if columns and len(words) > columns and all(w.isdigit() for w in words[-columns:]):
            stamp = read_stamp(" ".join(words[:-columns]))
            if stamp:
                self.row(node, "mem", words[-columns:], self.keep_stamp(stamp), 1024, True)
                return
        text = re.sub(r"(?i)^date: ", "", line)
        label = LABEL.match(line)
        if label and label["name"] in self.labels and find_stamp(line[label.end():]):
            node = self.node(label["name"])
            text = line[label.end():]
        name = named_host(text)
        text = text[len(name):] if name else text
        stamp = read_stamp(text) or find_stamp(text)
        if stamp and stamp[0] == "epoch" and re.fullmatch(r"\W*(\d{10}|\d{13})\W*", text):
            stamp = ("number", stamp[1])
        if stamp and stamp[0] == "number":
            node.loose.append(stamp)
            if self.counts or (node.stamp and node.stamp[0] != "epoch"):
                return
            stamp = ("epoch", stamp[1])
        if not stamp and not self.current:
            self.heading = text.strip()
        elif stamp and not self.current and re.search(r"[^\W\d]", without_stamp(text)):
            self.heading = without_stamp(text)
        if stamp:
            if name:
                self.current = name
                node = self.node("")
            node.stamp = self.last_loose = self.keep_stamp(stamp)
            node.order.append(False)
            node.loose.append(node.stamp)
            node.open = None

    def finish(self):
        """Interprets times of day and elapsed times, which is only possible for all of them together."""
        records = [r for node in self.nodes.values() for r in node.records if r]
        if any(not any(r and r["stamp"] for r in node.records) for node in self.nodes.values() if node.records) and \
                all(r.get("after") for r in records):
            for record in records:  # each time is that of the records of all nodes
                record["stamp"] = record["after"]
        for node in self.nodes.values():
            stamps = [s for s in node.loose if s[0] != "number"]
            for last, stamp in zip(stamps, stamps[1:]):
                while stamp[0] == "date" and stamp[1] < last[1] - 300 * 86400:
                    stamp[1] += 366 * 86400  # without a year, which is counted as 2000
            count = len(node.order) // 2
            if count and node.order == [True, False] * count and len(stamps) == count:
                for record, stamp in zip([r for r in node.records if r], stamps):
                    record["stamp"] = stamp
            kept = [r for r in node.records if r]
            if kept and any("has_buffers" in r for r in kept[1:]) and "has_buffers" not in kept[0] and "cached" in kept[0]:
                kept[0]["used"] -= kept[0]["buffers"] + kept[0]["cached"]
        seconds = [s for _, s in self.clocks]
        on_rows = [s for node in self.nodes.values() for _, s in
                   [r["stamp"] for r in node.records if r and r["stamp"] and r["stamp"][0] == "clock"]]
        if seconds and seconds[0] < 60 and (any(b < a for a, b in zip(seconds, seconds[1:])) or
                                            (len(on_rows) > 2 and len(set(on_rows[1:])) == 1)):
            total = 0
            for stamp in self.clocks:
                total += stamp[1]
                stamp[1] = total
        elif seconds:
            days, last = 0, seconds[0]
            for stamp in self.clocks:
                days += 86400 if stamp[1] < last else 0
                last = stamp[1]
                stamp[1] += days


def without_stamp(text):
    """Returns the words around a time."""
    text = CLOCK.sub(" ", ISO_LIKE.sub(" ", text))
    text = re.sub(r"(?i)\b(mon|tue|wed|thu|fri|sat|sun|utc|%s)\b" % "|".join(MONTHS), " ", text)
    text = re.sub(r"\b(?!\d+\.\d+\.\d+\.\d+)T?\d[\d:.,+-]*Z?(?=\s|$)", " ", text)
    return " ".join(text.split())


def split_nodes(node):
    """Returns the records of each node if the texts before the records differ in one word only, each coming again; else None."""
    records = [r for r in node.records if r]
    texts = [re.findall(r"[\w.-]*[^\W\d_-][\w.-]*|\d+(?:\.\d+)+", r.get("heading") or "") for r in records]
    widths = {len(words) for words in texts}
    if len(widths) != 1 or widths == {0}:
        return None
    columns = [i for i in range(widths.pop()) if len({words[i] for words in texts}) > 1]
    if not columns or len({tuple(words[i] for i in columns) for words in texts}) != len({words[columns[0]] for words in texts}):
        return None
    names = [words[columns[0]].strip("-") for words in texts]
    if any(names.count(name) < 2 for name in names):
        return None
    nodes = {}
    for name, record in zip(names, records):
        record["stamp"] = record["stamp"] or record["after"]
        nodes.setdefault(name, Node()).records.append(record)
    return nodes


def named_host(text):
    """Returns the word with a digit that is alone next to a date: "cn01 Mon Mar  2 10:00:00 UTC 2026", "cn01: 10:00:00"."""
    match = re.match(r"([A-Za-z][A-Za-z-]*\d+)[: ]+(?=(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|\d{4}-|\d\d:\d\d))", text)
    return match[1] if match else None


def unquote(text):
    return urllib.parse.unquote(text)


def unglued(texts, want):
    """Yields all ways to split numbers of 11 digits and more into `want` numbers."""
    for pieces in itertools.product(*[splits(t) for t in texts]):
        flat = [p for piece in pieces for p in piece]
        if len(flat) == want:
            yield flat


def splits(text, least=1):
    yield [text]
    for i in range(least, min(len(text) - 10, 16)):
        for rest in splits(text[i:], 11):
            yield [text[:i]] + rest


def read(path):
    unit = {"b": 1, "m": 1024 ** 2, "g": 1024 ** 3}.get(os.path.basename(path).rsplit(".", 1)[0].rpartition("@")[2])
    with open(path, "rb") as file:
        text = decode(file.read()).replace("\0", "\n")
    reader = Reader(unit)
    lines = text.split("\n")
    numbers = [re.fullmatch(r"\W*(\d{10})\W*", line) for line in lines]
    numbers = [int(match[1]) for match in numbers if match]
    if any(b - a > 86400 * 7 or b <= a for a, b in zip(numbers, numbers[1:])):
        reader.counts = set(numbers)
    for line in lines:
        match = re.match(r"([^\s:]+): +Mem:", line)
        reader.labels.update([match[1]] if match else [])
    lengths, i = {}, 0
    while i < len(lines):
        line = lines[i]
        if re.search(r"(^|\r| )-{3,}$|\d-{3,}$", line) and i + 2 < len(lines) and re.fullmatch(r"-{3,}", lines[i + 2]):
            name = lines[i + 1].split()[0] if lines[i + 1].split() else ""
            if re.search(r"[\d.-]", name):
                reader.current = name
            else:
                reader.block = name
            i += 3
            continue
        is_last = i == len(lines) - 1
        reader.line(line, not is_last, lengths)
        match = ROW.search(line)
        if match and not is_last:
            lengths[match["word"]] = len(line.rstrip())
        i += 1
    reader.finish()
    split = split_nodes(reader.nodes[""]) if set(reader.nodes) == {""} else None
    reader.nodes = split or reader.nodes
    return {label: node for label, node in reader.nodes.items() if any(node.records)}, unit, reader.keys


class ToolNode:
    """The records of one node in a log of another tool."""

    def __init__(self):
        self.records = []


ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)")
KIB = 1024


def iso_stamp(line):
    match = ISO.search(line)
    if match and not is_date(int(match[1]), int(match[2]), int(match[3])):
        return None
    if not match:
        stamp = find_stamp(line) if not re.search(r"^\w+: +\d+ kB|^ *\d+ +\d+ +\d+ ", line) else None
        return stamp and ("date" if stamp[0] == "number" else stamp[0], stamp[1])
    return match and ("date", calendar.timegm(tuple(map(int, match.groups())) + (0, 0, 0)))


def meminfo_used(keys):
    if "MemAvailable" in keys:
        return keys["MemTotal"] - keys["MemAvailable"]
    return keys["MemTotal"] - sum(keys.get(k, 0) for k in ("MemFree", "Buffers", "Cached", "SReclaimable"))


def read_meminfo(lines):
    stamp, records = None, []
    if any(map(named_host, lines)):
        raise ValueError("several nodes are not covered")
    for line in lines:
        stamp = iso_stamp(line) or stamp
        match = re.match(r"(\w+): +(\d+) kB\r?$", line)
        if match and match[1] == "MemTotal":
            records.append((stamp, {}))
        if match:
            records[-1][1][match[1]] = int(match[2]) * KIB
    if records and records[0][0] is None:  # each time is after its block
        stamps = [s for s in map(iso_stamp, lines) if s]
        if len(stamps) == len(records):
            records = [(stamp, keys) for stamp, (_, keys) in zip(stamps, records)]
    records = [(stamp, keys) for stamp, keys in records if len(keys) == len(records[0][1]) or "MemFree" in keys or "MemAvailable" in keys]
    return [{"stamp": stamp, "used": meminfo_used(keys)} for stamp, keys in records]


def next_day(stamp, last):
    """A time of day after `last`, which may be on the day before."""
    while last is not None and stamp < last:
        stamp += 86400
    return stamp


def read_top(lines):
    """The summary of top, whose clock is on the line before. Used is what it prints; the oldest versions count buffers and cache."""
    clock, records = None, []
    for line in lines:
        match = re.match(r"top - (\d\d):(\d\d):(\d\d)", line)
        if match:
            seconds = int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3])
            clock = ("clock", next_day(seconds, clock and clock[1]))
        match = re.match(r"([KMG])iB Mem : .* ([\d.]+) used", line)
        if match:
            records.append({"stamp": clock, "used": float(match[2]) * 1024 ** (" KMG".index(match[1]))})
        match = re.match(r"Mem: +\d+k total, +(\d+)k used, .* (\d+)k buffers", line)
        if match:
            records.append({"stamp": clock, "used": (int(match[1]) - int(match[2])) * KIB})
        match = re.match(r"Swap: .* (\d+)k cached", line)
        if match:
            records[-1]["used"] -= int(match[1]) * KIB
    return records


def sar_record(head, words, stamp):
    """A row of sar. Used is total - available, the total being that of which the memory in use is a percentage of two decimals;
    before kbavail was printed, it is the memory in use without buffers and cache."""
    row = dict(zip(head, (float(word.replace(",", ".")) for word in words)))
    if "kbavail" not in row:
        return {"stamp": stamp, "used": (row["kbmemused"] - row["kbbuffers"] - row["kbcached"]) * KIB}
    total = row["kbmemused"] / row["%memused"] * 100
    return {"stamp": stamp, "used": (total - row["kbavail"]) * KIB, "slack": total * KIB * 0.02 / row["%memused"]}


def read_sar(lines):
    """sar -r: the date is in the title, the first word or two of a row are its time."""
    date = re.search(r"\t(\S+) \t", lines[0])[1]
    numbers = [int(n) for n in re.findall(r"\d+", date)]
    if numbers[0] > 31:
        year, month, day = numbers
    elif "." in date:
        day, month, year = numbers
    else:
        month, day, year = numbers
    base = calendar.timegm((year if year > 99 else 2000 + year, month, day, 0, 0, 0))
    head, last, records = [], None, []
    for line in lines[1:]:
        match = re.match(r"(\d\d):(\d\d):(\d\d)(?: ([AP]M))? +(.*)", line)
        if match and match[5].startswith("kb"):
            head = match[5].split()
            hours, seconds = int(match[1]), int(match[2]) * 60 + int(match[3])
            if last is None:
                last = (hours % 12 + 12 * (match[4] == "PM") if match[4] else hours) * 3600 + seconds
        elif match:
            hours, seconds = int(match[1]), int(match[2]) * 60 + int(match[3])
            last = next_day((hours % 12 + 12 * (match[4] == "PM") if match[4] else hours) * 3600 + seconds, last)
            records.append(sar_record(head, match[5].split(), ("date", base + last)))
    node = ToolNode()
    node.records = records
    return {re.search(r"\((\S+)\)", lines[0])[1]: node}


def read_sadf(lines):
    """sadf -d: one line per host and time, fields separated by semicolons."""
    head, nodes = lines[0][2:].split(";"), {}
    for line in lines[1:]:
        words = line.split(";")
        if "RESTART" not in line:
            stamp = iso_stamp(words[2]) or ("date", int(words[2]))
            nodes.setdefault(words[0], ToolNode()).records.append(sar_record(head[3:], words[3:], stamp))
    return nodes


def read_vmstat(lines):
    """vmstat prints no total: its free memory is drawn."""
    head, records = lines[1].split(), []
    for line in lines[2:]:
        if re.match(r" *\d+ +\d+ ", line):
            records.append({"stamp": iso_stamp(line), "used": int(line.split()[head.index("free")]) * KIB})
    if any(r["used"] / KIB % 4 for r in records) or max(r["used"] for r in records) < 2 ** 26:
        raise ValueError("another unit")
    return records


UNITS = {"b": 1, "bytes": 1, "k": KIB, "kb": KIB, "kib": KIB, "kio": KIB, "m": KIB ** 2, "mb": KIB ** 2, "mib": KIB ** 2, "mbytes": KIB ** 2,
         "mo": KIB ** 2, "g": KIB ** 3, "gb": KIB ** 3, "gib": KIB ** 3}
COLUMNS = [("total", "total|memtotal"), ("available", "avail(?:able)?|verfügbare?|disponibles?"), ("used", "used|utilisée?|belegt|real|rss"),
           ("free", "free|memfree"), ("cached", "cached|cache|cach"), ("buffers", "buffers|buff|buf")]
HOSTS = {"host", "hostname", "node", "nodename", "instance", "pod", "container", "vm", "machine", "server", "name", "computer"}


def cells_of(line, sep):
    """Returns the cells of a line; a separator within double quotes does not count, and blanks may be many."""
    if sep == " ":
        return [a or b for a, b in re.findall(r'"([^"]*)"|(\S+)', line)]
    return [cell.strip().strip("\"'") for cell in re.split(r'%s(?=(?:[^"]*"[^"]*")*[^"]*$)' % re.escape(sep), line)]


def column_of(name):
    """Returns what a heading means and its unit, (None, 0) for any other."""
    words = re.findall(r"[^\W\d_]+", re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", name).lower())
    if not words or re.search(r"%|cpu|swap|disk|percent|virtual|(?:^|_)fs", name.lower()):
        return None, 0
    unit = next((UNITS[word] for word in words if word in UNITS), 0)
    return next(((key, unit) for key, pattern in COLUMNS if any(re.fullmatch(pattern, word) for word in words)), (None, 0))


def cell_bytes(text, unit):
    """Returns the bytes of a cell, None for a missing value. Raises ValueError for any other text."""
    match = re.fullmatch(r"(-?[\d.,]+(?:e[+-]?\d+)?) *([KMGTB]?i?B?)", text)
    if not match:
        if re.fullmatch(r"(?i)|-+|nan|null|none|na|n/a", text):
            return None
        raise ValueError(text)
    if not match[2] and not unit:
        raise ValueError("no unit")
    value = float(re.sub(r",(\d+)$", r".\1", match[1]))
    return value * (UNITS[match[2].lower()] if match[2] else unit)


def table_used(row):
    """Used memory of a row; None if it has no values. `used` may include caches: then it is total - free."""
    if row.get("used") is None:
        if "total" in row and row.get("available") is not None:
            return row["total"] - row["available"]
        if "total" in row and row.get("free") is not None:
            return row["total"] - row["free"] - row.get("cached", 0) - row.get("buffers", 0)
        return row.get("available")
    total, used = row.get("total"), row["used"]
    if "cached" in row and total is not None and row.get("free") is not None and total == used + row["free"] and \
            used + row.get("available", -1) != total:
        used -= row["cached"] + row.get("buffers", 0)
    return used


def read_table(lines):
    """A line of headings and rows. The first row shows where the time is, and whether the rows are numbered."""
    places = [(i, sep) for i, line in enumerate(lines) for sep in ",;\t| " if sep in line.strip() and
              any(column_of(name)[0] for name in cells_of(line, sep))]
    at, sep = places[0]
    head, nodes = cells_of(lines[at].lstrip("# "), sep), {}
    columns = [column_of(name) for name in head]
    if any(re.search(r"(?i)(?<![a-z])([mun]s|min|minutes|hours)(?![a-z])", name) for name in head):
        raise ValueError("times in another unit")
    for line in lines[at + 1:]:
        row = cells_of(line, sep)
        if len(row) == len(head) + 1 and row[0].isdigit():  # R
            row = row[1:]
        while sep == " " and len(row) > len(head) and iso_stamp(" ".join(row)):
            row[:2] = [" ".join(row[:2])]
        if len(row) != len(head):
            continue
        values = {key: cell_bytes(cell, unit) for (key, unit), cell in reversed(list(zip(columns, row))) if key}
        stamps = [iso_stamp(cell) or read_stamp(cell) for (key, _), cell in zip(columns, row) if not key]
        stamp = next((stamp for stamp in stamps if stamp), None)
        names = [cell for name, cell in zip(head, row) if HOSTS & set(re.split(r"[^a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower())) and not column_of(name)[0]]
        if table_used(values) is not None and stamp:
            nodes.setdefault(names[0] if names else "", ToolNode()).records.append(
                {"stamp": ("date", stamp[1]) if stamp[0] == "epoch" else stamp, "used": table_used(values)})
    return nodes


def read_json(lines):
    """Lines of JSON: as a table whose headings are the names of the first line."""
    rows = [json.loads(line.rstrip(",")) for line in lines if line.startswith("{")]
    texts = [["%s" % ("" if row.get(name) is None else row[name]) for name in rows[0]] for row in rows]
    return read_table([";".join(row) for row in [list(rows[0])] + texts])


def read_nmon(lines):
    """nmon: a line of headings, then for each time a line ZZZZ and one of memory in MiB."""
    head, stamp, records = None, None, []
    for words in (line.split(",") for line in lines):
        if words[0] == "ZZZZ":
            stamp = find_stamp(" ".join(words[2:]))
        elif words[0] == "MEM" and head is None:
            head = words
        elif words[0] == "MEM":
            row = dict(zip(head[2:], map(float, words[2:])))
            records.append({"stamp": stamp, "used": (row["memtotal"] - row["memfree"] - row["cached"] - row["buffers"]) * KIB ** 2})
    return records


def read_tool(path):
    """Returns the nodes of a log of another tool, or None for any other log."""
    with open(path, "rb") as file:
        lines = decode(file.read()).split("\n")
    lines.pop()  # empty, or without its end
    lines = [line.rstrip("\r") for line in lines]
    for pattern, reader in ((r"MemTotal:", read_meminfo), (r"top - ", read_top), (r"procs -", read_vmstat), (r"Linux .*CPU\)", read_sar),
                            (r"# hostname;", read_sadf), (r"AAA,progname,nmon", read_nmon), (r"\{.*(?<!\\)\"[^{]*\},?$", read_json), (r".*(?i:used|rss|avail|verf|dispo)(?!.* shared )", read_table)):
        if any(re.match(pattern, line) for line in lines[:3]) and not (reader is read_table and any(ROW.search(line) or HEADER.search(line) for line in lines)):
            found = reader(lines)
            if not isinstance(found, dict):
                node = ToolNode()
                node.records = found
                found = {"": node}
            return found
    return None


def figures(nodes, keys):
    """Returns for each node: records, duration, maximum of used and its time on the plot's axis."""
    out, starts = {}, {}
    for label, node in nodes.items():
        records = [r for r in node.records if r]
        stamps = [r["stamp"] for r in records]
        if all(stamps):
            first = stamps[0][1]
            times = [s[1] - first for s in stamps]
            if stamps[0][0] == "elapsed":
                times = [s[1] for s in stamps]
            elif stamps[0][0] != "clock" or first >= 60:
                starts[label] = first
            else:
                times = [s[1] for s in stamps]
        else:
            step = SAMP
            # free is killed half an interval after its last record
            if "end" in keys and abs(float(keys["start"])) < 1e11 and abs(float(keys["end"])) < 1e11:
                step = (float(keys["end"]) - float(keys["start"])) / (len(stamps) - 0.5)
            times = [step * i for i, r in enumerate(node.records) if r]
        used = [r["used"] for r in records]
        peak = max(used)
        slack = max(r.get("slack", 0.5) for r in records)
        out[label] = [len(used), times[-1] - times[0], peak, times[used.index(peak)], slack]
    if len(starts) == len(out) and starts:
        for label in out:
            out[label][3] += starts[label] - min(starts.values())
    return out


def refusal_of(nodes):
    """Returns what memtrace must say of a log that it cannot draw without help; None if it must draw it."""
    for node in nodes.values():
        stamps = [r["stamp"] for r in node.records if r]
        timed = [s[1] for s in stamps if s]
        if 0 < 2 * len(timed) < len(stamps):
            return "specify the interval with --samp"
        if len(timed) > 2 and all(b <= a for a, b in zip(timed, timed[1:])) and timed[-1] < timed[0]:
            return "the newest record is first"
    return None


def main():
    memtrace, failed = sys.argv[1], 0
    for path in sys.argv[2:]:
        try:
            nodes = read_tool(path)
        except (ArithmeticError, AttributeError, IndexError, KeyError, TypeError, ValueError):
            nodes = {}  # of another version or form
        unit, keys = None, {}
        try:
            if nodes is None:
                nodes, unit, keys = read(path)
        except Uncovered:
            nodes = {}
        if not nodes or not all(node.records for node in nodes.values()):
            print("%s: this reader does not cover logs of this kind" % path)
            failed = max(failed, 2)
            continue
        refusal = refusal_of(nodes)
        if refusal:
            result = subprocess.run([memtrace, "--stats=json", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
            if result.returncode == 0 or refusal not in result.stderr.decode():
                print("%s: the reference wants it to be refused: %s" % (path, refusal))
                failed = 1
            continue
        want = figures(nodes, keys)
        names = {1: "B", 1024 ** 2: "MiB", 1024 ** 3: "GiB"}
        command = [memtrace, "-q", "--stats=json", path] + (["--input_units", names[unit]] if unit else [])
        if not any(r and r["stamp"] for n in nodes.values() for r in n.records):
            command += ["--samp", str(SAMP)]
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if result.returncode != 0:
            print("%s: %s" % (path, result.stderr.decode()))
            failed = 1
            continue
        got = {n["node"]: n for n in json.loads(result.stdout)["nodes"]}
        host = re.sub("-mem$", "", os.path.basename(path).rsplit(".", 1)[0])
        if set(got) != {label or ("a b" if host == "trace" else host) for label in want}:
            print("%s: nodes %s, but the reference reads %s" % (path, sorted(got), sorted(want)))
            failed = 1
            continue
        for label, (count, length, peak, at, slack) in want.items():
            node = got[label or ("a b" if host == "trace" else host)]
            said = [node["samples"], node["duration_s"], node["peak_bytes"], node["peak_at_s"]]
            # Two details are not modelled: skipped records keep their times, and memtrace corrects the drift of a trailer by 1 % at most.
            if host in ("disk-full", "trace"):
                length, at = said[1], said[3]
            if said[0] != count or abs(said[2] - peak) > slack or abs(said[1] - length) > 1e-3 or abs(said[3] - at) > 1e-3:
                print("%s: %s: %s, but the reference reads %s" % (path, label, said, [count, length, peak, at]))
                failed = 1
    print("%d logs compared" % len(sys.argv[2:]))
    return failed


if __name__ == "__main__":
    sys.exit(main())
