#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""page.py MEMTRACE GEN_LOGS: measures the sizes of pages, the time to write them compared with a PNG, and how fast Chromium shows them.

Prints one line per job: nodes x samples; KB of the page; KB of its code; processor time to write it as a multiple of that for a PNG;
ms from the start of the navigation to the first drawing; then, for moving the crosshair, zooming and scrolling the table: median and
maximum ms of work per frame, and the longest time between frames (16.7 ms if none is late).
"""
import os
import re
import resource
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "page"))
sys.dont_write_bytecode = True
from browser import Browser  # noqa: E402

FRAMES = """const done = arguments[0], page = memtracePage, chart = document.getElementById('chart'), box = chart.getBoundingClientRect();
const scroll = document.getElementById('scroll');
const actions = {
    cross: i => {
        chart.dispatchEvent(new PointerEvent('pointermove', {clientX: box.left + 150 + 10 * i, clientY: box.top + 420 + i}));
        page.showOverlay();
    },
    zoom: i => page.zoom(i < 30 ? 0.92 : 1 / 0.92),
    scroll: i => { scroll.scrollTop = 333 * i; page.showTable(false); scroll.getBoundingClientRect(); }};
(async () => {
    const found = {};
    for (const [name, action] of Object.entries(actions)) {
        const work = [], frames = [];
        let last = await new Promise(requestAnimationFrame);
        for (let i = 0; i < 60; i++) {
            const start = performance.now();
            action(i);
            work.push(performance.now() - start);
            const now = await new Promise(requestAnimationFrame);
            frames.push(now - last);
            last = now;
        }
        for (const times of [work, frames])
            times.sort((a, b) => a - b);
        found[name] = [work[30], work[59], frames[59]];
    }
    done(found);
})();"""


def processor_s(command):
    """Returns the minimum of three runs."""
    least = float("inf")
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        least = min(least, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return least


def measure(memtrace, gen_logs, folder, nodes, samples):
    logs, page, png = (os.path.join(folder, name) for name in ("logs%d" % nodes, "%d.html" % nodes, "%d.png" % nodes))
    os.mkdir(logs)
    subprocess.run([gen_logs, "-r", str(samples), "-n", str(nodes), "-i", "10", "-H", logs], check=True)
    ratio = processor_s([memtrace, "-q", logs, "--save", page]) / processor_s([memtrace, "-q", logs, "--save", png])
    with open(page, encoding="utf-8") as file:
        text = file.read()
    code = len(re.sub(r'(base64,|id="(meta|data)">)[^"<]*', "", text))
    with Browser() as browser:
        browser.open(page)
        first = browser.js("performance.getEntriesByName('picture')[0].startTime")
        frames = browser.call("POST", "/execute/async", {"script": FRAMES, "args": []})
    print("%5d x %6d   %5.0f KB   code %2.0f KB   %.2f x PNG   first picture %4.0f ms   %s" % (
        nodes, samples, len(text) / 1000, code / 1000, ratio, first,
        "   ".join("%s %.1f / %.0f / %.0f ms" % (name, *times) for name, times in frames.items())), flush=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        for job in ((12, 100000), (1000, 2000), (10000, 100)):
            measure(os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), scratch, *job)
