#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""user.py TEST: uses a page in a headless Chromium as a person would, and compares its contents with --stats.

tests/page.bats makes the pages, NAME.html and NAME.json (of --stats=json), in the working directory.
"""
import base64
import json
import os
import re
import sys

from browser import Browser

GIB = 1073741824


def stats(name):
    with open(name + ".json", encoding="utf-8") as file:
        return json.load(file)


def path(name):
    return os.path.join(os.getcwd(), name + ".html")


def is_equal(what, got, wanted):
    assert got == wanted, "%s\n   is: %r\n  not: %r" % (what, got, wanted)


def chart_place(browser, time_s, place=0):
    """Returns the place of a time and a row of the heatmap (or of the plot, without a heatmap) in the window; scrolls there if needed."""
    where = ("(() => { const p = memtracePage, s = p.current, b = document.getElementById('chart').getBoundingClientRect();"
                      "return [b.x + xOf(s, %f), b.y + (s.heat.height ? rowY(s, %d) : s.plot.y + s.plot.height / 2)]; })()" % (time_s, place))
    if not 100 < browser.js(where)[1] < 800:
        browser.js("scrollBy(0, %s[1] - 500)" % where)
        browser.frame()
    return browser.js(where)


def tip(browser):
    return [line for line in browser.text("#tip").split("\n") if line]


def search(browser, text):
    browser.click_on("#search")
    browser.js("document.getElementById('search').select()")
    browser.type(text)


def names_in_table(browser):
    return browser.js("[...document.querySelectorAll('#table tbody tr[data-node]')].map(row => row.cells[0].innerText)")


def selected(browser):
    return browser.js("memtracePage.state.selected.map(node => memtracePage.data.names[node])")


def check_hover(browser, name, nodes):
    """Checks that the tip over each node's row at the time of its peak has its name and peak."""
    for node in nodes:
        search(browser, node["node"])
        # The search may also find longer names that contain this one.
        place = browser.js("memtracePage.current.order.map(node => memtracePage.data.names[node]).indexOf(%s)" % json.dumps(node["node"]))
        browser.move(*chart_place(browser, node["peak_at_s"], place))
        lines = tip(browser)
        at = int(node["peak_at_s"] + 0.5)
        assert lines[0].startswith("%d:%02d" % (at // 60, at % 60)) or at >= 600, lines
        is_equal("name under the pointer in " + name, lines[1], node["node"])
        is_equal("value of %s in %s" % (node["node"], name), lines[2].split(" · ")[0], "%.2f GiB" % (node["peak_bytes"] / GIB))
    search(browser, "")


def test_hover():
    with Browser() as browser:
        for count in (2, 12, 13, 500):
            name = "job%d" % count
            browser.open(path(name))
            nodes = stats(name)["nodes"]
            check_hover(browser, name, nodes[:3] + nodes[count // 2:count // 2 + 2] + nodes[-1:])
            search(browser, nodes[0]["node"])
            browser.move(*chart_place(browser, nodes[0]["peak_at_s"]))
            assert " · 1st of " in tip(browser)[2], tip(browser)
            browser.finish()


def test_lows():
    """Of what is available the lowest values are in the legend, in the order, under the ring and reached by P."""
    with Browser() as browser:
        for name, quantity, key in (("free2", "0", "free"), ("available13", "0", "available"), ("job13", "1", "available")):
            browser.open(path(name))
            browser.choose("#quantity", quantity)
            is_equal("quantity of " + name, browser.js("memtracePage.quantity().key"), key)
            with open("lows-logs2" if name == "free2" else "lows-logs13", encoding="utf-8") as file:
                lows = {node: int(low) for node, low in (line.split() for line in file)}
            wanted = sorted(lows, key=lows.get)
            is_equal("lowest first in " + name, browser.js("memtracePage.current.order.map(node => memtracePage.data.names[node])"), wanted)
            is_equal("word of the order", browser.js("document.getElementById('sort').selectedOptions[0].textContent"), "low")
            shown = " ".join(browser.text("#legend").split())
            for node in browser.js("[...memtracePage.current.colourOf.keys()].map(node => memtracePage.data.names[node])"):
                assert "%s low %.1f GiB" % (node, lows[node] / 1048576) in shown, (name, node, lows[node], shown)
            browser.js("document.getElementById('chart').focus()")
            browser.press("ArrowDown", "p")
            said = browser.js("document.getElementById('live').textContent")
            assert "%s %.2f GiB · 1st of " % (wanted[0], lows[wanted[0]] / 1048576) in said, said
            if name == "free2":
                ring = browser.js("(p => p.current.peak && [p.data.names[p.current.lines.find(line => line.style === p.current.peak.style).node],"
                                  "p.current.peak.value / 1024])(memtracePage)")
                is_equal("ring", ring, [wanted[0], lows[wanted[0]]])
            browser.finish()


def test_alone():
    """One node: no heatmap, no search; the tip near the line shows its values."""
    with Browser() as browser:
        browser.open(path("job1"))
        node = stats("job1")["nodes"][0]
        assert browser.js("document.querySelector('#tools label').hidden")
        is_equal("height of the heatmap", browser.js("memtracePage.current.heat.height"), 0)
        place = browser.js("(() => { const s = memtracePage.current, b = document.getElementById('chart').getBoundingClientRect();"
                           "return [b.x + xOf(s, %f), b.y + yOf(s, %f)]; })()" % (node["peak_at_s"], node["peak_bytes"]))
        browser.move(*place)
        is_equal("tip", tip(browser)[1:], [node["node"], "%.2f GiB" % (node["peak_bytes"] / GIB)])
        browser.finish()


def test_table():
    """The table has the statistics of --stats in the requested order; its copy is that of --stats=tsv."""
    with Browser() as browser:
        browser.open(path("job500"))
        nodes = stats("job500")["nodes"]
        is_equal("rows by peak", names_in_table(browser)[:10], [node["node"] for node in nodes[:10]])
        assert len(names_in_table(browser)) < 60, "the table has rows that are not in sight"
        browser.click_on("#table th[data-key=node] button")
        is_equal("rows by name", names_in_table(browser)[:5], sorted(node["node"] for node in nodes)[:5])
        browser.click_on("#table th[data-key=node] button")
        is_equal("rows by name, falling", names_in_table(browser)[:5], sorted((node["node"] for node in nodes), reverse=True)[:5])
        browser.choose("#sort", "last_at_s")
        is_equal("first to end", names_in_table(browser)[0], "nid0005")
        is_equal("state of the column", browser.js("document.querySelector('#table th[data-key=last_at_s]').ariaSort"), "ascending")
        browser.choose("#sort", "growth_bytes_per_s")
        is_equal("grows most", names_in_table(browser)[0], "nid0003")
        found = [finding for finding in stats("job500")["findings"] if finding["kind"] == "growing"][0]
        shown = browser.js("(m => m.data.table[m.meta.table.findIndex(column => column.key === m.meta.growth_key)][m.tableOrder[0]])(memtracePage)")
        assert abs(shown / found["rate_bytes_per_s"] - 1) < 0.001, "the table and the finding differ: %g, %g" % (shown, found["rate_bytes_per_s"])
        browser.choose("#sort", "swap_peak_bytes")
        is_equal("swaps most", names_in_table(browser)[0], "nid0008")
        browser.js("document.getElementById('scroll').scrollTop = 480 * 24")
        browser.frame()
        assert len(names_in_table(browser)) > 10, "scrolled away"
        browser.choose("#sort", "peak")
        copied = browser.js("tableTsv(memtracePage.meta, memtracePage.data, memtracePage.tableOrder)").split("\n")
        with open("job500.tsv", encoding="utf-8") as file:
            wanted = file.read().split("\n")
        keys, wanted_keys = copied[0].split("\t"), wanted[0].split("\t")
        for key in wanted_keys:
            column, wanted_column = keys.index(key), wanted_keys.index(key)
            for row in (1, 2, 250, 500):
                got, want = copied[row].split("\t")[column], wanted[row].split("\t")[wanted_column]
                same = got == want or abs(float(got) - float(want)) <= (0.5 if key.startswith("mean") else 0.001)
                assert same, "%s of row %d: %s, not %s" % (key, row, got, want)
        browser.cdp("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
        browser.click_on("#copy")
        browser.wait("document.getElementById('live').textContent === 'Table copied'")
        browser.finish()


def test_zoom():
    """Zooms in by mouse and keys, and out by a double click, Escape and the button."""
    with Browser() as browser:
        browser.open(path("job500"))
        whole = browser.js("[memtracePage.state.from, memtracePage.state.to]")
        span = whole[1] - whole[0]
        y = chart_place(browser, 0)[1] - 150
        for leave in ("double", "escape", "button"):
            x0, x1 = chart_place(browser, 0.25 * span)[0], chart_place(browser, 0.5 * span)[0]
            browser.drag(x0, y, x1, y)
            part = browser.js("[memtracePage.state.from, memtracePage.state.to]")
            assert abs(part[0] - 0.25 * span) < 0.01 * span and abs(part[1] - 0.5 * span) < 0.01 * span, part
            is_equal("zoom starts no selection", selected(browser), [])
            if leave == "double":
                browser.click(x0, y, 2)
            elif leave == "escape":
                browser.press("Escape")
            else:
                browser.click_on("#reset")
            is_equal("after " + leave, browser.js("[memtracePage.state.from, memtracePage.state.to]"), whole)
        chart_place(browser, 0.5 * span, 149)
        x, y = chart_place(browser, 0.5 * span, 100)
        _, y1 = chart_place(browser, 0.5 * span, 149)
        browser.drag(x, y, x + 60, y1)
        is_equal("rows of a box", browser.js("memtracePage.current.order.length"), 50)
        browser.press("Escape")
        browser.js("document.getElementById('chart').focus()")
        browser.press("ArrowRight", "+", "+")
        assert abs(browser.js("memtracePage.state.to - memtracePage.state.from") - span / 4) < 1
        assert "zoomed in beyond this resolution" in browser.text("#note"), browser.text("#note")
        browser.press("0")
        is_equal("by 0", browser.js("[memtracePage.state.from, memtracePage.state.to]"), whole)
        browser.finish()


def test_select():
    """Search, selection, quantity and unit; a link restores them."""
    with Browser() as browser:
        browser.open(path("job500"))
        search(browser, "nid0007, nid049")
        is_equal("found", browser.text("#matches"), "11 of 500 nodes found")
        is_equal("rows of the heatmap", browser.js("memtracePage.current.order.length"), 11)
        browser.press("Enter")
        first = selected(browser)
        is_equal("Enter selects the first", first, names_in_table(browser)[:1])
        browser.click_on("#table tbody tr[data-node]:nth-child(2)")
        is_equal("a row selects its node", selected(browser), names_in_table(browser)[:2])
        browser.click_on("#table tbody tr[data-node]:nth-child(1)")
        is_equal("and again not", len(selected(browser)), 1)
        browser.move(*chart_place(browser, 300, 5))
        over = tip(browser)[1]
        browser.click(*chart_place(browser, 300, 5))
        is_equal("a row of the heatmap selects its node", selected(browser)[-1], over)
        browser.choose("#quantity", "1")
        browser.choose("#unit", "percent")
        is_equal("axis", browser.js("memtracePage.current.unit.name"), "%")
        nodes = {node["node"]: node for node in stats("job500")["nodes"]}
        browser.click_on("#total")
        address, before = browser.js("location.href"), browser.js("JSON.stringify(memtracePage.state)")
        order = browser.js("memtracePage.current.order")
        picture = browser.js("document.getElementById('base').toDataURL()")
        browser.open(path("job500"), "#" + address.split("#", 1)[1])
        is_equal("state of the link", browser.js("JSON.stringify(memtracePage.state)"), before)
        is_equal("order of the link", browser.js("memtracePage.current.order"), order)
        assert browser.js("document.getElementById('base').toDataURL()") == picture, "the link shows another picture"
        node = selected(browser)[0]
        total, peak = 32 * GIB, nodes[node]["peak_bytes"]
        search(browser, node)
        browser.move(*chart_place(browser, nodes[node]["peak_at_s"]))
        value = float(tip(browser)[2].split(" ")[0])
        assert abs(value - 100 * (total - peak) / total) < 0.2, tip(browser)
        browser.finish()


def test_keyboard():
    """Everything works without a mouse."""
    with Browser() as browser:
        browser.open(path("job500"))
        nodes = stats("job500")["nodes"]
        browser.tab_to("#chart")
        browser.press("ArrowDown")
        browser.press("p")
        is_equal("peak of the first node", round(browser.js("memtracePage.cursor.t"), 2), round(nodes[0]["peak_at_s"], 2))
        is_equal("said", browser.js("document.getElementById('live').textContent.includes(%s)" %
                                    json.dumps("%s %.2f GiB" % (nodes[0]["node"], nodes[0]["peak_bytes"] / GIB))), True)
        browser.press("Enter")
        is_equal("selected", selected(browser), [nodes[0]["node"]])
        browser.press("ArrowDown", shift=True)
        browser.press("ArrowDown")
        browser.press(" ")
        is_equal("the row eleven below", selected(browser)[-1], nodes[11]["node"])
        before = browser.js("memtracePage.cursor.t")
        browser.press("ArrowLeft")
        assert browser.js("memtracePage.cursor.t") < before
        browser.press("End")
        is_equal("at the end", browser.js("memtracePage.cursor.t"), browser.js("memtracePage.state.to"))
        browser.tab_to("#scroll")
        browser.press("ArrowDown", "ArrowDown", "Enter")
        is_equal("by the table", selected(browser)[-1], nodes[1]["node"])
        browser.press("End", "Enter")
        is_equal("the last row", selected(browser)[-1], nodes[-1]["node"])
        is_equal("in sight", browser.js("document.getElementById('row%d') !== null" % 499), True)
        names = browser.js("[...document.querySelectorAll('button, select, input, [tabindex]')].filter(e => e.checkVisibility() && "
                           "!(e.ariaLabel || e.innerText || e.labels && e.labels.length)).map(e => e.id)")
        is_equal("elements without an accessible name", names, [])
        browser.finish()


def check_finding(browser, finding):
    is_equal("selected by " + finding["text"], selected(browser), finding["nodes"])
    if "at_s" in finding:
        state = browser.js("[memtracePage.state.from, memtracePage.state.to, memtracePage.cursor.t]")
        assert state[0] <= finding["at_s"] <= state[1] and abs(state[2] - finding["at_s"]) < 1, (finding, state)
    lines = browser.js("document.getElementById('live').textContent")
    assert finding["nodes"][0] in lines, (finding, lines)
    assert finding["nodes"][0] in browser.text("#legend"), browser.text("#legend")


def focus_place(browser, finding):
    """Returns the place of a finding's time in the row of its first node above the heatmap."""
    return browser.js("(() => { const p = memtracePage, s = p.current, b = document.getElementById('chart').getBoundingClientRect();"
                      "const row = s.focus.findIndex(node => p.data.names[node] === %s);"
                      "return [b.x + xOf(s, %f), b.y + s.focusRect.y + 16 * row + 8]; })()" % (json.dumps(finding["nodes"][0]), finding.get("at_s", 1)))


def test_findings():
    """Each finding of 2,000 nodes selects its node and time, by mouse and again by keys alone."""
    findings = stats("job2000")["findings"]
    assert len(findings) >= 5, findings
    with Browser() as browser:
        browser.open(path("job2000"))
        is_equal("texts", browser.js("[...document.querySelectorAll('#findings button')].map(button => button.innerText)"),
                 [finding["text"] for finding in findings])
        for finding in findings: # the pointer over a named node's row shows the finding
            browser.move(*focus_place(browser, finding))
            lines = tip(browser)
            assert lines[1].startswith(finding["nodes"][0]) and finding["text"] in lines, (finding, lines)
        for number, finding in enumerate(findings, 1):
            browser.click_on("#findings button:nth-child(%d)" % number)
            check_finding(browser, finding)
        browser.click_on("#findings button:nth-child(%d)" % len(findings))
        is_equal("the second time all is shown again", browser.js("[memtracePage.state.selected.length, memtracePage.isZoomed()]"), [0, False])
        browser.open(path("job2000"))
        for number, finding in enumerate(findings, 1):
            browser.tab_to("#findings button:nth-child(%d)" % number)
            browser.press("Enter")
            check_finding(browser, finding)
        browser.press("Escape")
        browser.tab_to("#sort") # also without the buttons, by sorting rows by findings and visiting them in turn
        browser.press("f", "i")
        browser.tab_to("#chart")
        left = [(finding["nodes"][0], finding["text"]) for finding in findings]
        for _ in range(len(left)):
            browser.press("ArrowDown")
            said = browser.js("document.getElementById('live').textContent")
            left = [(node, text) for node, text in left if not (node in said and text in said)]
        is_equal("not said", left, [])
        is_equal("first row", names_in_table(browser)[0], findings[0]["nodes"][0])
        browser.finish()


def test_looks():
    """At all sizes, resolutions and themes the layout is stable, fits the window, and canvases have device pixels."""
    with Browser() as browser:
        for width, ratio, dark in ((1200, 1, False), (400, 2, True), (400, 1, False), (1200, 2, True)):
            browser.dress(width, 900, ratio, dark)
            for name in ("job1", "job12", "job500"):
                browser.open(path(name))
                is_equal("width of %s at %d" % (name, width), browser.js("document.documentElement.scrollWidth"), width)
                is_equal("pixels", browser.js("document.getElementById('base').width"),
                         round(browser.js("document.getElementById('base').clientWidth") * ratio))
                is_equal("ground", browser.js("getComputedStyle(document.body).backgroundColor"),
                         "rgb(21, 24, 29)" if dark else "rgb(255, 255, 255)")
                browser.click_on("#theme")
                is_equal("the other ground", browser.js("getComputedStyle(document.body).backgroundColor"),
                         "rgb(255, 255, 255)" if dark else "rgb(21, 24, 29)")
                if os.environ.get("SHOTS"):
                    browser.press("Escape")
                    browser.shot(os.path.join(os.environ["SHOTS"], "%s-%d-%d-%s.png" % (name, width, ratio, "light" if dark else "dark")))
                browser.finish()


# Checks cells of the heatmap, 13 rows at 19 times. Returns those with a wrong colour, how many lack data, and the minimum of the scale.
CELLS = """(() => {
    const s = memtracePage.current, canvas = document.getElementById('base'), bad = [];
    let missing = 0;
    const all = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height), {max, min} = s.heatValue;
    for (let place = 0; place < 13; place++)
        for (let k = 1; k < 20; k++) {
            const x = s.heat.x + s.heat.width * k / 20 + 0.5, column = columnAt(s.grid, timeOf(s, x)), i = s.order[place] * s.grid.columns + column;
            const at = 4 * (Math.floor(x) + canvas.width * Math.floor(rowY(s, place))), [r, g, b] = all.data.slice(at, at + 3);
            const value = (min < 0 ? (s.grid.hi[i] + s.grid.lo[i]) / 2 - s.bands.median[column] : s.grid.hi[i]) / s.unit.size;
            const wanted = s.heatColours[1 + Math.round(Math.min(Math.max((value - min) / (max - min), 0), 1) * 255)];
            const isMissing = [s.theme.missing, s.theme.missing_hatch].includes('#' + (r << 16 | g << 8 | b).toString(16).padStart(6, '0'));
            missing += isMissing;
            if (Number.isNaN(value) ? !isMissing : Math.abs(r - (wanted & 255)) + Math.abs(g - (wanted >> 8 & 255)) + Math.abs(b - (wanted >> 16 & 255)) > 12)
                bad.push([place, k, r, g, b, String(wanted)]);
        }
    return [bad, missing, min];
})()"""


def test_colours():
    """A cell of the heatmap has the colour of its value or of its distance from the median; missing data have a separate colour."""
    with Browser() as browser:
        for mode in ("auto", "value"):
            browser.open(path("job13"))
            is_equal("chosen", browser.js("document.getElementById('heat').value"), "auto")
            browser.choose("#heat", mode)
            wrong, missing, low = browser.js(CELLS)
            is_equal("shows deviations", low < 0, mode == "auto") # the nodes are similar
            assert missing > 0
            # A pixel at the border of two columns may have the colour of either.
            assert len(wrong) < 6, wrong
        is_equal("address", browser.js("location.hash"), "#heat=value")
        assert browser.js("memtracePage.data.early.filter(early => early === 1).length") == 1
        browser.finish()


def test_against():
    """Other runs are lighter lines of the same nodes, or dashed lines of maximum and median; the legend and the tip contain them."""
    with Browser() as browser:
        browser.open(path("against2"))
        then, now = stats("before2")["nodes"], stats("job2")["nodes"]
        assert "before %.1f GiB" % (then[0]["peak_bytes"] / GIB) in " ".join(browser.text("#legend").split()), browser.text("#legend")
        is_equal("end of the axis", browser.js("memtracePage.meta.end_s > 700 && memtracePage.current.time.end"), "13:10")
        for node in then:
            place = [other["node"] for other in now].index(node["node"])
            browser.move(*chart_place(browser, node["peak_at_s"], place))
            assert "before: " + node["node"] in tip(browser), tip(browser)
            is_equal("peak before", tip(browser)[tip(browser).index("before: " + node["node"]) + 1], "%.2f GiB" % (node["peak_bytes"] / GIB))
        drawn = "(() => { const c = document.getElementById('base'), s = memtracePage.current, t = %f, v = %f;" \
                "return [...c.getContext('2d').getImageData(Math.round(xOf(s, t)) - 2, Math.round(yOf(s, v)) - 2, 5, 5).data].some((n, i) => i %% 4 < 3 && n < 200); })()"
        is_equal("its line", browser.js(drawn % (700, browser.js("sampleNear(memtracePage.data.runs[0].lines[0], 700, 99).value"))), True)
        browser.choose("#quantity", "1")
        is_equal("with another quantity", browser.js("memtracePage.current.runs.length"), 0)
        browser.finish()
        browser.open(path("against13"))
        is_equal("dashes", browser.js("memtracePage.current.runs.map(run => [run.name, run.dash.length, run.strokes.length])"), [["two", 2, 2], ["before", 2, 2]])
        x, y = chart_place(browser, 200)
        browser.move(x, y - 260)
        lines = tip(browser)
        for name in ("two: highest", "two: median", "before: highest", "before: median"):
            assert name in lines, lines
        highest = max(node["peak_bytes"] for node in stats("before2")["nodes"]) / GIB
        assert abs(float(lines[lines.index("before: highest") + 1].split(" ")[0]) - highest) < 0.3 * highest, lines
        browser.finish()


def test_names():
    """The page omits the common part of long names; the tip, the search and copies include it."""
    with Browser() as browser:
        browser.open(path("long"))
        is_equal("table", sorted(names_in_table(browser)), ["node001", "node002", "node003"])
        browser.move(*chart_place(browser, 60))
        assert tip(browser)[1].startswith("cluster-rack3-node00") and tip(browser)[1].endswith(".hpc.example.org"), tip(browser)
        search(browser, "rack3-node002.hpc")
        is_equal("found", names_in_table(browser), ["node002"])
        is_equal("copied", browser.js("tableTsv(memtracePage.meta, memtracePage.data, memtracePage.tableOrder)").split("\n")[1].split("\t")[0],
                 "cluster-rack3-node002.hpc.example.org")
        browser.finish()


def test_save():
    """The button saves the view as PNG."""
    with Browser() as browser:
        browser.open(path("job12"))
        browser.cdp("Browser.setDownloadBehavior", behavior="allow", downloadPath=os.getcwd())
        browser.click_on("#save")
        for _ in range(200):
            if os.path.exists("job12.png"):
                break
            browser.frame()
        with open("job12.png", "rb") as file:
            head = file.read(24)
        is_equal("kind", head[:8], b"\x89PNG\r\n\x1a\n")
        is_equal("width", int.from_bytes(head[16:20], "big"), 2 * browser.js("memtracePage.width"))
        browser.finish()


def test_still():
    """Without JavaScript the page shows the static plot, without requests."""
    with Browser(script=False) as browser:
        browser.call("POST", "/url", {"url": "about:blank"})
        browser.requests()
        browser.call("POST", "/url", {"url": "file://" + path("job12")})
        root = browser.cdp("DOM.getDocument", depth=-1)["root"]
        image = browser.cdp("DOM.querySelector", nodeId=root["nodeId"], selector="noscript img")
        box = browser.cdp("DOM.getBoxModel", nodeId=image["nodeId"])["model"]
        assert box["width"] > 800 and box["height"] > 400, box
        assert not browser.requests()


def test_print():
    """The page prints on one white sheet of paper in any theme."""
    with Browser(dark=True) as browser:
        browser.open(path("job500"))
        pdf = base64.b64decode(browser.cdp("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"])
        with open("print.pdf", "wb") as file:
            file.write(pdf)
        is_equal("pages", len(re.findall(rb"/Type\s*/Page\b", pdf)), 1)
        browser.finish()


def test_hostile():
    """Text from logs remains text and is never executed."""
    with Browser(dark=False) as browser:
        browser.open(path("hostile"))
        is_equal("markup from logs", browser.js("document.querySelectorAll('main img, main iframe, main a').length"), 0)
        is_equal("scripts", browser.js("document.scripts.length"), 5)
        is_equal("nothing ran", browser.js("typeof window.pwned"), "undefined")
        names = browser.js("memtracePage.data.names")
        assert any("</script><img src=x onerror=" in name for name in names), names
        assert any(len(name) >= 250 for name in names), [len(name) for name in names]
        for place in range(len(names)):
            browser.move(*chart_place(browser, 4, place))
        is_equal("width", browser.js("document.documentElement.scrollWidth"), 1200)
        title = browser.js("document.title")
        assert "</title><script>" in title, title
        browser.choose("#sort", "node")
        for row in range(1, 1 + len(names)):
            browser.click_on("#table tbody tr[data-node]:nth-child(%d)" % row)
        address = browser.js("location.href")
        is_equal("all selected", len(selected(browser)), len(names))
        browser.finish()
        browser.open(path("hostile"), "#" + address.split("#", 1)[1])
        is_equal("all selected by the link", len(selected(browser)), len(names))
        for bad in ("#nodes=%ZZ%00&from=NaN&to=-1&rows=9-1&show=__proto__&sort=-constructor&theme=<script>", "#=&&&=1&from=1e999", "#find=%F0%9F%92%A9"):
            browser.open(path("hostile"), bad)
        browser.finish()
        # The policy is in force: an injected script does not run.
        browser.js("(() => { const s = document.createElement('script'); s.textContent = 'window.pwned = 1'; document.body.append(s); })()")
        browser.js("(() => { const d = document.createElement('div'); d.innerHTML = '<img src=x onerror=\"window.pwned = 2\">'; "
                   "document.body.append(d); })()")
        browser.frame()
        is_equal("an injected script", browser.js("typeof window.pwned"), "undefined")
        assert any("Content Security Policy" in message for message in browser.messages())


def test_many():
    """A page of 10,000 nodes: search, tips, sorting and scrolling."""
    with Browser() as browser:
        browser.open(path("job10000"))
        nodes = stats("job10000")["nodes"]
        check_hover(browser, "job10000", [nodes[0], nodes[5000], nodes[-1]])
        browser.choose("#sort", "last_at_s")
        is_equal("first to end", names_in_table(browser)[0], "nid00005")
        browser.click_on("#scroll")
        browser.js("document.getElementById('scroll').scrollTop = 5000 * 24")
        browser.frame()
        is_equal("rows in sight", 20 < len(names_in_table(browser)) < 60, True)
        browser.finish()


def test_follow():
    """A page that is rewritten reloads itself, keeps its state, and shows its age."""
    with Browser() as browser:
        browser.open(path("live"))
        assert browser.text("#age").startswith("live · written "), browser.text("#age")
        search(browser, "nid0002")
        before = browser.js("memtracePage.meta.end_s")
        os.replace("later.html", "live.html")
        browser.wait("typeof memtracePage !== 'undefined' && memtracePage.meta.end_s > %f" % before)
        is_equal("search kept", browser.js("memtracePage.state.search"), "nid0002")
        is_equal("requests", browser.requests(), [])


if __name__ == "__main__":
    globals()["test_" + sys.argv[1]]()
