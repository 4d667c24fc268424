# SPDX-License-Identifier: MIT
"""A headless Chromium, controlled through chromedriver with only Python's standard library.

Pages are opened from file:// without network: the browser cannot resolve any host name. `finish` fails on any message on the
console, any request, and any shift of the layout that no input caused.
"""
import base64
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars",
             "--host-resolver-rules=MAP * ~NOTFOUND"]
KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, "PageUp": 33, "PageDown": 34, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowUp": 38,
        "ArrowRight": 39, "ArrowDown": 40, " ": 32}
# An input may cause shifts of the layout for half a second and until two frames have been drawn, which takes longer on a busy machine.
SHIFTS = """window.shifts = []; window.causes = [];
for (const kind of ['pointerdown', 'pointerup', 'keydown', 'keyup', 'beforeinput'])
    addEventListener(kind, () => {
        const cause = [performance.now(), Infinity];
        causes.push(cause);
        requestAnimationFrame(() => requestAnimationFrame(() => { cause[1] = performance.now(); }));
    }, {capture: true, passive: true});
new PerformanceObserver(list => list.getEntries().forEach(entry => entry.hadRecentInput ||
    causes.some(([from, to]) => entry.startTime >= from && entry.startTime <= to) || shifts.push(
    [entry.value, ...entry.sources.map(source => source.node && source.node.parentElement && (source.node.id || source.node.outerHTML || source.node.data).slice(0, 99))])))
    .observe({type: 'layout-shift', buffered: true});"""


def fonts(folder):
    """Returns a configuration with only the project's own typeface: pages look the same everywhere, and without any the browser crashes."""
    path = os.path.join(folder, "fonts.conf")
    typefaces = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "src", "draw", "fonts")
    with open(path, "w") as file:
        file.write("<fontconfig><dir>%s</dir><cachedir>%s</cachedir></fontconfig>" % (os.path.realpath(typefaces), folder))
    return path


class Browser:
    """A browser with one page. If MEMTRACE_BROWSER names the file of a browser that `browser.py start` left running, uses that one,
    because starting a browser takes more processor time than most tests."""

    def __init__(self, width=1200, height=900, ratio=1, dark=False, script=True):
        self.session, self.is_used, self.folder = "", False, None
        shared = os.environ.get("MEMTRACE_BROWSER")
        if shared:
            with open(shared, encoding="utf-8") as file:
                self.port, self.session, self.driver_id, _ = json.load(file)
        else:
            self.start()
        self.dress(width, height, ratio, dark)
        self.cdp("Emulation.setScriptExecutionDisabled", value=not script)

    def start(self):
        self.folder = tempfile.mkdtemp()
        log = os.path.join(self.folder, "driver.log")
        with open(log, "w") as file:
            self.driver_id = subprocess.Popen(["chromedriver", "--port=0"], stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.DEVNULL,
                                              env=dict(os.environ, FONTCONFIG_FILE=fonts(self.folder)), start_new_session=True).pid
        found = None
        while not found:
            time.sleep(0.02)
            with open(log) as file:
                found = re.search(r"successfully on port (\d+)", file.read())
        self.port = int(found.group(1))
        options = {"args": ARGUMENTS + ["--user-data-dir=" + self.folder, "--window-size=1200,900"]}
        wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
        self.session = "/session/" + self.call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]
        self.cdp("Network.enable")
        self.cdp("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0)
        self.cdp("Page.enable")
        self.cdp("Page.addScriptToEvaluateOnNewDocument", source=SHIFTS)

    def stop(self):
        try:
            self.call("DELETE", "")
        finally:
            os.kill(self.driver_id, signal.SIGTERM)
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if self.folder:
            self.stop()
        else: # leaves no page and no messages for the next test
            self.call("POST", "/url", {"url": "about:blank"})
            self.messages()

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request("http://127.0.0.1:%d%s%s" % (self.port, self.session, path), data, method=method,
                                         headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(json.load(error)["value"]["message"]) from error

    def cdp(self, command, **parameters):
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def js(self, expression):
        """Returns the value of an expression in the page."""
        return self.call("POST", "/execute/sync", {"script": "return " + expression, "args": []})

    def resize(self, width, height, ratio=1):
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=ratio, mobile=False)

    def dress(self, width, height, ratio=1, dark=False):
        """Sets the size, resolution and theme of the pages opened next."""
        self.resize(width, height, ratio)
        self.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def open(self, path, fragment=""):
        self.call("POST", "/url", {"url": "about:blank"})
        if not self.is_used: # discards the requests of the browser's first tab
            self.requests()
        self.is_used = True
        self.call("POST", "/url", {"url": "file://" + path + fragment})
        self.wait("typeof memtracePage !== 'undefined'")

    def wait(self, expression):
        for _ in range(2400):
            if self.js(expression):
                return
            time.sleep(0.05)
        raise AssertionError("never true: %s; console: %s" % (expression, self.messages()))

    def frame(self):
        """Waits until the requested changes are drawn."""
        self.call("POST", "/execute/async", {"args": [], "script": "const done = arguments[0]; requestAnimationFrame(() => "
                                             "requestAnimationFrame(done))"})

    # ---- input ----

    def mouse(self, kind, x, y, **more):
        self.cdp("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def move(self, x, y):
        self.mouse("mouseMoved", x, y)
        self.frame()

    def click(self, x, y, count=1):
        for number in range(1, count + 1):
            self.mouse("mousePressed", x, y, button="left", clickCount=number)
            self.mouse("mouseReleased", x, y, button="left", clickCount=number)
        self.frame()

    def drag(self, x0, y0, x1, y1):
        self.mouse("mouseMoved", x0, y0)
        self.mouse("mousePressed", x0, y0, button="left", clickCount=1)
        self.mouse("mouseMoved", (x0 + x1) / 2, (y0 + y1) / 2, button="left", buttons=1)
        self.mouse("mouseMoved", x1, y1, button="left", buttons=1)
        self.mouse("mouseReleased", x1, y1, button="left", clickCount=1)
        self.frame()

    def press(self, *keys, shift=False):
        for key in keys:
            code = KEYS.get(key, ord(key.upper()) if len(key) == 1 else 0)
            text = {"text": key} if len(key) == 1 else {"text": "\r"} if key == "Enter" else {}
            event = {"key": key, "windowsVirtualKeyCode": code, "modifiers": 8 if shift else 0}
            self.cdp("Input.dispatchKeyEvent", type="keyDown", **event, **text)
            self.cdp("Input.dispatchKeyEvent", type="keyUp", **event)
        self.frame()

    def type(self, text):
        self.cdp("Input.insertText", text=text)
        self.frame()

    def tab_to(self, css):
        """Presses Tab until the focus is on an element."""
        for _ in range(80):
            if self.js("document.activeElement.matches(%s)" % json.dumps(css)):
                return
            self.press("Tab")
        raise AssertionError("Tab never reaches " + css)

    def click_on(self, css):
        """Scrolls an element into view and clicks on its middle."""
        box = self.js("(e => { e.scrollIntoView({block: 'nearest'}); const r = e.getBoundingClientRect(); "
                      "return [r.x + r.width / 2, r.y + r.height / 2]; })(document.querySelector(%s))" % json.dumps(css))
        self.click(*box)

    def choose(self, css, value):
        self.js("(e => { e.value = %s; e.dispatchEvent(new Event('change')); })(document.querySelector(%s))"
                % (json.dumps(value), json.dumps(css)))
        self.frame()

    # ---- output ----

    def text(self, css):
        return self.js("document.querySelector(%s).innerText" % json.dumps(css))

    def shot(self, path):
        image = self.cdp("Page.captureScreenshot", format="png", captureBeyondViewport=False)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(image))

    def messages(self):
        return [entry["message"] for entry in self.call("POST", "/se/log", {"type": "browser"})]

    def requests(self):
        """Returns the requested addresses, except pages opened from files and data within the page."""
        found = []
        for entry in self.call("POST", "/se/log", {"type": "performance"}):
            event = json.loads(entry["message"])["message"]
            if event["method"] == "Network.requestWillBeSent":
                address = event["params"]["request"]["url"]
                if event["params"].get("type") != "Document" and not address.startswith(("data:", "blob:")):
                    found.append(address)
        return found

    def finish(self):
        messages, requests, shifts = self.messages(), self.requests(), self.js("window.shifts || []")
        assert not messages, "on the console: %s" % messages
        assert not requests, "requested: %s" % requests
        assert not shifts, "the layout shifted: %s" % shifts


if __name__ == "__main__": # start FILE or stop FILE
    if sys.argv[1] == "start":
        with open(sys.argv[2], "w", encoding="utf-8") as output:
            started = Browser()
            json.dump([started.port, started.session, started.driver_id, started.folder], output)
    else:
        os.environ["MEMTRACE_BROWSER"] = sys.argv[2]
        running = Browser()
        with open(sys.argv[2], encoding="utf-8") as input_file:
            running.folder = json.load(input_file)[3]
        running.stop()
