# SPDX-License-Identifier: GPL-2.0-only
"""Chromium without a window, told what to do over its DevTools protocol: a websocket with JSON.

As little of it as the tests need: open a page, run JavaScript there, press keys, take a picture,
and know every address that was asked and every error that was said.
"""

import base64
import json
import os
import re
import select
import shutil
import socket
import struct
import subprocess
import tempfile
import time

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-default-apps", "--disable-extensions", "--hide-scrollbars",
         "--remote-debugging-port=0", "--remote-allow-origins=*", "about:blank"]
PATIENCE = 60


class Socket:
    """A websocket, as a client: whole text messages."""

    def __init__(self, address):
        host, port, path = re.fullmatch(r"ws://([^:/]+):(\d+)(/.*)", address).groups()
        self.raw = socket.create_connection((host, int(port)), timeout=PATIENCE)
        key = base64.b64encode(os.urandom(16)).decode()
        self.raw.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
                         f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
                         "Sec-WebSocket-Version: 13\r\n\r\n".encode())
        self.got = b""
        while b"\r\n\r\n" not in self.got:
            self.got += self.raw.recv(4096)
        head, self.got = self.got.split(b"\r\n\r\n", 1)
        assert b" 101 " in head, head

    def send(self, text):
        data, mask = text.encode(), os.urandom(4)
        size = len(data)
        head = bytes([0x81]) + (bytes([0x80 | size]) if size < 126 else
                                struct.pack(">BH", 0xFE, size) if size < 65536 else
                                struct.pack(">BQ", 0xFF, size))
        repeated = mask * (size // 4 + 1)
        masked = (int.from_bytes(data, "big") ^ int.from_bytes(repeated[:size], "big")).to_bytes(size, "big")
        self.raw.sendall(head + mask + masked)

    def exactly(self, size):
        while len(self.got) < size:
            data = self.raw.recv(1 << 16)
            if not data:
                raise ConnectionError("the browser went away")
            self.got += data
        out, self.got = self.got[:size], self.got[size:]
        return out

    def waiting(self, seconds):
        return bool(self.got) or bool(select.select([self.raw], [], [], seconds)[0])

    def receive(self):
        out, final = b"", False
        while not final:
            first, size = self.exactly(2)
            final = bool(first & 0x80)
            if size == 126:
                size, = struct.unpack(">H", self.exactly(2))
            elif size == 127:
                size, = struct.unpack(">Q", self.exactly(8))
            out += self.exactly(size)
        return out.decode()


class Browser:
    """One browser with one page."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="daybreak-", ignore_cleanup_errors=True)
        self.process = subprocess.Popen(
            [BROWSER, f"--user-data-dir={self.folder.name}/profile", *FLAGS],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.count, self.asked, self.errors, self.session = 0, [], [], None
        self.socket = Socket(self.address())
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def address(self):
        """Where it listens, as it says on standard error."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            line = self.process.stderr.readline().decode("utf-8", "replace")
            if match := re.search(r"DevTools listening on (ws://\S+)", line):
                return match[1]
            if not line and self.process.poll() is not None:
                break
        raise RuntimeError("the browser did not start")

    def close(self):
        try:
            self.session = None
            self.call("Browser.close")
            self.process.wait(20)
        except (OSError, RuntimeError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        self.process.stderr.close()
        self.folder.cleanup()

    def note(self, message):
        """What the browser tells unasked."""
        method, said = message.get("method"), message.get("params", {})
        if method == "Network.requestWillBeSent":
            self.asked.append(said["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.errors.append(json.dumps(said["exceptionDetails"])[:600])
        elif method == "Runtime.consoleAPICalled" and said["type"] in ("error", "warning", "assert"):
            self.errors.append(json.dumps(said["args"])[:600])
        elif method == "Log.entryAdded" and said["entry"]["level"] == "error":
            self.errors.append(said["entry"]["text"] + " " + said["entry"].get("url", ""))

    def call(self, method, **params):
        self.count += 1
        message = {"id": self.count, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        self.socket.send(json.dumps(message))
        while True:
            got = json.loads(self.socket.receive())
            if got.get("id") == self.count:
                if "error" in got:
                    raise RuntimeError(f"{method}: {got['error']}")
                return got["result"]
            self.note(got)

    def js(self, text):
        """The value of an expression; a promise is waited for."""
        got = self.call("Runtime.evaluate", expression=text, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in got:
            raise RuntimeError(f"{text}\n{json.dumps(got['exceptionDetails'])[:800]}")
        return got["result"].get("value")

    def until(self, text):
        """Wait until an expression is true."""
        end = time.monotonic() + PATIENCE
        while not (value := self.js(text)):
            if time.monotonic() > end:
                raise TimeoutError(text)
            time.sleep(.05)
        return value

    def open(self, url):
        self.call("Page.navigate", url=url)
        self.until("document.readyState === 'complete' && typeof $ === 'function'")

    def key(self, name, code=None, modifiers=0):
        """Press and release a key; one letter also types itself."""
        text = name if len(name) == 1 else "\r" if name == "Enter" else ""
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=name, code=code or name,
                      modifiers=modifiers, **({"text": text} if kind == "keyDown" and text else {}))

    def type(self, text):
        self.call("Input.insertText", text=text)

    def size(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)

    def dark(self, on):
        self.call("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": "dark" if on else "light"}])

    def picture(self, path):
        """The whole page as PNG."""
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=True)
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot["data"]))
