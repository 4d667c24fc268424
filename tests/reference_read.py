#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A slow, simple, independent reader of logs of free(1). It shares only facts with memtrace, not code.

Usage: reference_read.py MEMTRACE LOG... Reads each log (its unit behind an @ in its name, KiB without) and compares with what
`MEMTRACE --samp 2 --stats=json` says of it: nodes, records, length, highest used and when. Prints the differences; exit status 1 if any.
"""
import calendar
import itertools
import json
import os
import re
import subprocess
import sys

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
LINE = re.compile(r"SwapUse +(\d+) CachUse +(\d+) +MemUse +(\d+) MemFree +(\d+)")
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
    return "epoch" if zone else "date", calendar.timegm(date + (0, 0, 0)) + seconds - offset


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


LABEL = re.compile(r"(?P<name>P\d+ \d+|[^\s:]+(?=\t)|[^\s:]+)(?:: ?|\t)")


def read_prefix(text):
    """Returns the prefix of free's own text as (label, stamp, whether all of it was understood)."""
    text = text.strip("\n")
    if not text.strip():
        return "", None, True
    stamp = read_stamp(text)
    if stamp:
        return "", stamp, True
    match = LABEL.match(text.lstrip(" "))
    if match:
        rest = text.lstrip(" ")[match.end():]
        if not rest.strip() or read_stamp(rest):
            return match["name"], read_stamp(rest), True
    match = re.match(r"(.*\d\d:\d\d:\d\d)\s+(P\d+ \d+|\S+): ?$", text)
    if match and read_stamp(match[1]):
        return match[2], read_stamp(match[1]), True
    return "", None, False


class Node:
    def __init__(self):
        self.header = None
        self.records = []  # dicts of bytes, and "stamp"
        self.open = None
        self.stamp = None
        self.is_old = False


class Reader:
    def __init__(self, unit):
        self.unit, self.given_unit, self.nodes, self.current, self.loose = unit or 1024, unit, {}, "", None
        self.chunk = ""  # label of a header, which rows without one belong to (pssh -P)
        self.keys = {}  # of memtrace's own lines
        self.clocks = []  # stamps of the kind "clock" in the order of the file: [seconds, record or None]

    def node(self, label):
        return self.nodes.setdefault(label or self.current, Node())

    def keep_stamp(self, stamp):
        """Adds a stamp. Its time is determined at the end, when all stamps are known."""
        if stamp and stamp[0] == "clock":
            stamp = ["clock", stamp[1]]
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

    def row(self, node, role, texts, stamp, base, whole):
        if role == "mem":
            node.open = None
            want = len(node.header) if node.header else len(texts)
            texts = self.values(texts, want) if want in (5, 6, 7) else None
            if texts is None or not whole:
                return
            bytes_ = [to_bytes(t, self.unit, base) for t in texts]
            columns = node.header
            if not columns:
                old = bytes_[0] == bytes_[1] + bytes_[2]
                columns = ["total", "used", "free", "shared", "buffers" if old else "cache", "cached" if old else "available"]
            record = dict(zip(columns, bytes_), stamp=stamp or node.stamp or self.loose)
            node.stamp = None
            node.open = record
            node.records.append(record)
        elif node.open is not None and role == "buffers":
            total = node.open["total"] / self.unit
            if len(texts) == 1:
                texts = next(c for c in unglued(texts, 2) if int(c[0]) + int(c[1]) == total)
            node.open["used"] = to_bytes(texts[0], self.unit, base)
        elif node.open is not None and role == "swap" and whole and len(texts) == 3:
            swap = [to_bytes(t, self.unit, base) for t in texts]
            node.open["swap"] = 0 if swap[1] < 0 or swap[1] > 1e18 else swap[1]
        if stamp and node.open is not None and node.open["stamp"] is None:
            node.open["stamp"] = stamp

    def line(self, line, has_newline, lengths):
        line = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", line).rstrip("\r").lstrip("\ufeff")
        if line.startswith("# memtrace"):
            self.keys.update(re.findall(r"(\S+)=(\S+)", line))
            return
        if not line.strip():
            return
        one = LINE.search(line)
        if one:
            numbers = [int(n) * self.unit for n in one.groups()]
            self.node("").records.append({"used": numbers[2], "swap": numbers[0], "stamp": None})
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
        stamp = read_stamp(text)
        if stamp:
            node.stamp = self.keep_stamp(stamp)
            node.open = None

    def finish(self):
        """Interprets times of day and elapsed times, which is only possible for all of them together."""
        seconds = [s for _, s in self.clocks]
        on_rows = [s for node in self.nodes.values() for _, s in
                   [r["stamp"] for r in node.records if r["stamp"] and r["stamp"][0] == "clock"]]
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
    lengths, i = {}, 0
    while i < len(lines):
        line = lines[i]
        if re.fullmatch(r"-{3,}", line) and i + 2 < len(lines) and re.fullmatch(r"-{3,}", lines[i + 2]):
            reader.current = lines[i + 1].split()[0]
            i += 3
            continue
        is_last = i == len(lines) - 1
        reader.line(line, not is_last, lengths)
        match = ROW.search(line)
        if match and not is_last:
            lengths[match["word"]] = len(line.rstrip())
        i += 1
    reader.finish()
    return {label: node for label, node in reader.nodes.items() if node.records}, unit, reader.keys


class ToolNode:
    """The records of one node in a log of another tool."""

    def __init__(self):
        self.records = []


ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)")
KIB = 1024


def iso_stamp(line):
    match = ISO.search(line)
    return match and ("date", calendar.timegm(tuple(map(int, match.groups())) + (0, 0, 0)))


def meminfo_used(keys):
    if "MemAvailable" in keys:
        return keys["MemTotal"] - keys["MemAvailable"]
    return keys["MemTotal"] - sum(keys.get(k, 0) for k in ("MemFree", "Buffers", "Cached", "SReclaimable"))


def read_meminfo(lines):
    stamp, records = None, []
    for line in lines:
        stamp = iso_stamp(line) or stamp
        match = re.match(r"(\w+): +(\d+) kB$", line)
        if match and match[1] == "MemTotal":
            records.append((stamp, {}))
        if match:
            records[-1][1][match[1]] = int(match[2]) * KIB
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
    return records


def read_csv(lines):
    head, nodes = [name.strip() for name in lines[0].split(",")], {}
    for line in lines[1:]:
        row = dict(zip(head, line.split(",")))
        if len(row) == len(head):
            nodes.setdefault(row.get("host", ""), ToolNode()).records.append(
                {"stamp": iso_stamp(row["time"]), "used": float(row["used_kib"]) * KIB})
    return nodes


def read_tool(path):
    """Returns the nodes of a log of another tool, or None for any other log."""
    with open(path, "rb") as file:
        lines = decode(file.read()).splitlines()
    for pattern, reader in ((r"MemTotal:", read_meminfo), (r"top - ", read_top), (r"procs -", read_vmstat), (r"Linux .*CPU\)", read_sar),
                            (r"# hostname;", read_sadf), (r"time,.*used_kib", read_csv)):
        if any(re.match(pattern, line) for line in lines[:3]):
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
        stamps = [r["stamp"] for r in node.records]
        if all(stamps):
            first = stamps[0][1]
            times = [s[1] - first for s in stamps]
            if stamps[0][0] != "clock" or first >= 60:
                starts[label] = first
            else:
                times = [s[1] for s in stamps]
        else:
            step = SAMP
            if "end" in keys:  # free is killed half an interval after its last record
                step = (float(keys["end"]) - float(keys["start"])) / (len(stamps) - 0.5)
            times = [step * i for i in range(len(stamps))]
        used = [r["used"] for r in node.records]
        peak = max(used)
        slack = max(r.get("slack", 0.5) for r in node.records)
        out[label] = [len(used), times[-1] - times[0], peak, times[used.index(peak)], slack]
    if len(starts) == len(out) and starts:
        for label in out:
            out[label][3] += starts[label] - min(starts.values())
    return out


def main():
    memtrace, failed = sys.argv[1], 0
    for path in sys.argv[2:]:
        nodes = read_tool(path)
        unit, keys = None, {}
        if nodes is None:
            nodes, unit, keys = read(path)
        want = figures(nodes, keys)
        names = {1: "B", 1024 ** 2: "MiB", 1024 ** 3: "GiB"}
        command = [memtrace, "-q", "--stats=json", path] + (["--input_units", names[unit]] if unit else [])
        if not any(r["stamp"] for n in nodes.values() for r in n.records):
            command += ["--samp", str(SAMP)]
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if result.returncode != 0:
            print("%s: %s" % (path, result.stderr.decode()))
            failed = 1
            continue
        got = {n["node"]: n for n in json.loads(result.stdout)["nodes"]}
        host = os.path.basename(path).rsplit(".", 1)[0]
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
