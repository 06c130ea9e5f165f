#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The what-if page: strangers and oversize are refused, and a browser does what a person would.

SHOTS=folder keeps pictures of what the browser saw.
"""

import gzip
import http.client
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests/scripts")]
# pylint: disable=wrong-import-position
import devtools                                  # noqa: E402
import ktap_unittest                             # noqa: E402
from memmaplib import serve, simulate            # noqa: E402

BUILD = os.environ.get("BUILD", str(ROOT / "build"))
SHOTS = os.environ.get("SHOTS")
MIB = 1 << 20
VBOX = ROOT / "tests/maps/virtualbox-1.6g.dmesg"
EIGHT = "dell-r7425-epyc-8node-1tb.dmesg"


class Server:
    """memmap.py serve, as somebody would start it."""

    def __init__(self, *files):
        self.process = subprocess.Popen(
            [sys.executable, "-u", str(ROOT / "scripts/memmap.py"), "serve", "--build", BUILD, *files],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        line = self.process.stdout.readline()
        self.url = re.search(r"http://127\.0\.0\.1:\d+/\S+/", line)[0]
        self.port, self.token = re.search(r":(\d+)/([^/]+)/", self.url).groups()

    def ask(self, path, body=None, token=None, method=None, **headers):
        """(status, JSON or bytes)"""
        link = http.client.HTTPConnection("127.0.0.1", int(self.port), timeout=200)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        link.request(method or ("GET" if body is None else "POST"),
                     f"/{token or self.token}/{path}", body, headers)
        reply = link.getresponse()
        data = reply.read()
        link.close()
        return reply.status, json.loads(data) if reply.getheader("Content-Type") == "application/json" else data

    def boot(self, log, *cmdlines):
        _, got = self.ask("ask", json.dumps({"id": log, "cmdlines": cmdlines}))
        return got

    def upload(self, data, name="x"):
        return self.ask("log", data, X_Name=name)

    def end(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(20)
        self.process.stdout.close()


class Doors(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()

    @classmethod
    def tearDownClass(cls):
        cls.server.end()

    def refused(self, got, status, words):
        self.assertEqual(got[0], status, got)
        self.assertIn(words, got[1]["refused"])

    def test_a_wrong_token_is_refused(self):
        ask = self.server.ask
        for token in ("x", self.server.token[:-1], self.server.token + "x", "%00", "%7f" * 9):
            for path, body in (("", None), ("logs", None), ("ask", "{}"), ("log", b"x")):
                self.refused(ask(path, body, token=token), 403, "wrong token")
        self.assertEqual(ask("")[0], 200)

    def test_another_site_and_another_name_of_this_machine_are_refused(self):
        ask, port = self.server.ask, self.server.port
        for host in ("evil.example", f"evil.example:{port}", "127.0.0.1:1", f"[::1]:{port}", ""):
            self.refused(ask("logs", Host=host), 403, "this machine only")
        for origin in ("http://evil.example", "null", "http://127.0.0.1:1", f"https://127.0.0.1:{port}"):
            self.refused(ask("ask", "{}", Origin=origin), 403, "another site")
        self.assertEqual(ask("logs", Host=f"localhost:{port}", Origin=f"http://localhost:{port}")[0], 200)

    def test_paths_outside_are_refused(self):
        ask = self.server.ask
        for path in ("../logs", "..", "whatif.js", "%2e%2e/x", "logs/../../etc/passwd", "/etc/passwd"):
            self.assertIn(ask(path)[0], (403, 404), path)
        for name in ("/etc/passwd", "../README.md", "../../README.md", "virtualbox-1.6g.dmesg/../x", ""):
            self.refused(ask("choose", json.dumps({"name": name})), 404, "no such log")
        for key in ("../x", "/etc/passwd", ""):
            self.refused(ask("ask", json.dumps({"id": key, "cmdlines": [""]})), 404, "not here")

    def test_it_listens_on_loopback_only(self):
        listening = Path("/proc/net/tcp").read_text(encoding="ascii")
        port = f":{int(self.server.port):04X}"
        places = {line.split()[1] for line in listening.splitlines() if line.split()[3] == "0A"}
        self.assertEqual({place for place in places if place.endswith(port)}, {"0100007F" + port})

    def test_too_much_is_refused_with_a_word(self):
        link = socket.create_connection(("127.0.0.1", int(self.server.port)), timeout=60)
        link.sendall(f"POST /{self.server.token}/log HTTP/1.1\r\nHost: 127.0.0.1:{self.server.port}\r\n"
                     f"Content-Length: {200 * MIB}\r\n\r\n".encode() + b"x" * 70000)
        said = b""
        while data := link.recv(65536):
            said += data
        link.close()
        self.assertIn(b" 413 ", said.split(b"\r\n")[0])
        self.assertIn(b"200M are too much: at most 64M", said)
        self.refused(self.server.ask("ask", "x" * 70000), 413, "too much")
        self.refused(self.server.ask("log", method="POST", Transfer_Encoding="chunked"), 411, "how long")
        self.refused(self.server.ask("log", b"", Content_Length="-5"), 400, "less than nothing")

    def test_what_is_no_log_is_answered_and_the_server_lives(self):
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("x", bytes(20 * MIB))
        for data in (b"", b"hello", os.urandom(5000), bytes(100000), b"{" * 9000,
                     b"[" * 99999, bomb.getvalue(),
                     gzip.compress(b"\n" * 2 * MIB), "\ufeffx".encode("utf-16"),
                     b'{"schema":1,"kind":"event"}' * 3):
            status, got = self.server.upload(data)
            self.assertEqual(status, 200)
            self.assertIn("refused", got, data[:20])
        for body in ("", "[]", "{}", '{"id":1}', '{"id":"x","cmdlines":3}', "[" * 60000, '{"id":{},"cmdlines":[1]}'):
            self.assertIn(self.server.ask("ask", body)[0], (400, 404), body[:20])
        self.assertEqual(self.server.ask("logs")[0], 200)

    def test_hostile_maps_and_words_end(self):
        lines = "".join(f"BIOS-e820: [mem {at * 4096:#018x}-{at * 4096 + 2047:#018x}] usable\n" for at in range(300))
        _, many = self.server.upload(lines.encode())
        _, whole = self.server.upload(b"BIOS-e820: [mem 0x0000000000000000-0xfffffffffffffffe] usable\n")
        words = ("memmap=exactmap", "crashkernel=99999T@1", "mem=1", "memblock=step", "panic=1",
                 "\u0456\u0491 " * 99, "hugepagesz=1G hugepages=99999999",
                 "numa=fake=64 memtest=17", "log_buf_len=2G")
        for at, line in enumerate(words):
            got = self.server.boot((many, whole)[at % 2]["id"], line)
            self.assertTrue("boots" in got or "refused" in got, line)
        self.refused((403, self.server.boot(many["id"], "x" * 3000)), 403, "the kernel reads 2047")
        self.refused(self.server.ask("ask", json.dumps({"id": many["id"], "cmdlines": ["a\0b"]})), 400, "zero byte")
        self.refused(self.server.ask("ask", json.dumps({"id": many["id"], "cmdlines": [""] * 3})), 400, "one or two")

    def test_old_logs_make_room(self):
        data = VBOX.read_bytes()
        first = self.server.upload(data)[1]["id"]
        for _ in range(serve.LOGS_KEPT):
            self.server.upload(data)
        self.refused(self.server.ask("ask", json.dumps({"id": first, "cmdlines": [""]})), 404, "drop it again")

    def test_every_header_keeps_others_out(self):
        link = http.client.HTTPConnection("127.0.0.1", int(self.server.port), timeout=60)
        link.request("GET", f"/{self.server.token}/")
        reply = link.getresponse()
        page = reply.read().decode()
        link.close()
        self.assertIn("default-src 'none'", reply.getheader("Content-Security-Policy"))
        self.assertEqual(reply.getheader("Cache-Control"), "no-store")
        self.assertNotRegex(page, r"(src|href)=\"(?!data:)")
        self.assertNotIn("https://", page)


class Limits(unittest.TestCase):
    """Law: whatever a simulated boot does, it ends."""

    def test_time(self):
        began = time.monotonic()
        with self.assertRaisesRegex(simulate.TooMuch, "1 seconds"):
            simulate.run_limited(["sleep", "60"], subprocess.DEVNULL, seconds=1)
        self.assertLess(time.monotonic() - began, 50)

    def test_memory(self):
        hungry = "x = []\nwhile True: x.append(bytearray(1 << 20))"
        with self.assertRaisesRegex(simulate.TooMuch, "100 MiB"):
            simulate.run_limited([sys.executable, "-c", hungry], subprocess.DEVNULL, most=100 * MIB)

    def test_files(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "x")
            with open(path, "wb") as file:
                status = simulate.run_limited(["yes"], file)
            self.assertNotEqual(status, 0)
            self.assertLessEqual(path.stat().st_size, simulate.TRACE_BYTES)


class Answers(unittest.TestCase):
    """What the page is told, without the page."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server(str(VBOX), str(ROOT / "tests/linux-logs/612-m1g.log"))

    @classmethod
    def tearDownClass(cls):
        cls.server.end()

    def choose(self, name):
        return self.server.ask("choose", json.dumps({"name": name}))[1]["id"]

    def test_files_of_the_command_line_and_maps_are_offered(self):
        logs = self.server.ask("logs")[1]["logs"]
        self.assertEqual(logs[:2], ["virtualbox-1.6g.dmesg", "612-m1g.log"])
        self.assertIn(EIGHT, logs)

    def test_one_boot(self):
        got = self.server.boot(self.choose(EIGHT), "hugepagesz=1G hugepages=2 crashkernel=256M")
        boot = got["boots"][0]
        self.assertEqual((boot["status"], boot["even"], len(boot["nodes"])), (0, True, 8))
        self.assertEqual([row for row in boot["takers"] if row[0] == "huge pages of 1 GiB"], [["huge pages of 1 GiB", "2"]])
        self.assertEqual([lane["name"] for lane in boot["picture"]["lanes"]],
                         ["the map", "nodes", "zones", "free", "reserved"])
        self.assertTrue(any(finding["at"] for finding in got["lint"]), got["lint"])
        self.assertTrue(any(row[1] == "node 3 range" and row[0] == "=" for row in got["said"]))

    def test_two_boots_and_what_differs(self):
        got = self.server.boot(self.choose("612-m1g.log"), "", "crashkernel=128M")
        self.assertIn(["crash kernel", "-", "0x37000000-0x3effffff (128 MB)"], got["differ"]["results"])
        self.assertIn(["crash kernel", "0B", "128M"], got["differ"]["owners"])
        axes = [boot["picture"]["axis"] for boot in got["boots"]]
        self.assertEqual(axes[0], axes[1])
        same = self.server.boot(self.choose("612-m1g.log"), "cma=64M", "cma=64M")["differ"]
        self.assertEqual((same["results"], same["owners"], same["ranges"]), ([], [], []))

    def test_why(self):
        got = self.server.boot(self.choose("virtualbox-1.6g.dmesg"), "crashkernel=700M@1600M cma=9G")
        why = dict(got["boots"][0]["why"])
        self.assertEqual(sorted(why), ["cma", "crashkernel"])
        self.assertIn("nearest place", why["crashkernel"])

    def test_a_boot_that_fails_shows_its_log(self):
        boot = self.server.boot(self.choose("virtualbox-1.6g.dmesg"), "mem=1M")["boots"][0]
        self.assertEqual(boot["status"], 35)
        self.assertTrue(any("panic" in line or "not enough" in line for line, _ in boot["log"]))


@unittest.skipUnless(devtools.BROWSER, "no chromium (Debian package chromium)")
class Page(unittest.TestCase):
    """One story, in the order a person would do it; then what must have been so all the time."""

    @classmethod
    def setUpClass(cls):
        cls.server, cls.browser = Server(), devtools.Browser()

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.server.end()

    def shot(self, name):
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            self.browser.picture(f"{SHOTS}/{name}.png")

    def drop(self, name, text):
        self.browser.js(f"""{{ const box = new DataTransfer();
            box.items.add(new File([{text}], {json.dumps(name)}));
            const drop = new DragEvent("drop", {{ dataTransfer: box, cancelable: true }});
            document.dispatchEvent(drop); }}""")

    def booted(self):
        self.browser.until("/^booted in/.test($('word').textContent)")

    def enter(self, field, words):
        self.browser.js(f"$('{field}').focus(); $('{field}').select()")
        self.browser.type(words)
        self.browser.js("$('word').textContent = ''")
        self.browser.key("Enter")
        self.booted()

    def test_story(self):
        b = self.browser
        b.size(1300, 900)
        b.open(self.server.url)
        b.until("$('logs').options.length > 20")

        # Nothing to boot yet; a drop that is too large, one that is no log, and a good one.
        b.key("/")
        b.type("crashkernel=700M@1600M")
        b.key("Enter")
        self.assertIn("first a machine", b.js("$('word').textContent"))
        self.drop("huge.log", f"new Blob(Array(25).fill(new Uint8Array({8 * MIB})))")
        self.assertIn("200 MB are too much", b.js("$('word').textContent"))
        self.drop("holiday.txt", "'dear all'")
        b.until("/nothing about memory/.test($('word').textContent)")
        self.drop("my <i>server<i>.dmesg", json.dumps(VBOX.read_text(encoding="utf-8")))
        self.booted()
        self.assertEqual(b.js("$('name').textContent"), "my <i>server<i>.dmesg")
        self.assertEqual(b.js("document.querySelectorAll('i').length"), 0)

        # Why not, and an advice followed.
        self.assertIn("crashkernel: 700M at 0x64000000 refused", b.js("document.querySelector('.why').textContent"))
        self.shot("why")
        b.js("$('word').textContent = ''; document.querySelector('.advice').click()")
        self.booted()
        self.assertEqual(b.js("$('a').value"), "crashkernel=700M@0x38000000")
        self.assertEqual(b.js("document.querySelectorAll('.why').length"), 0)

        # Edit; a list entry; two beside each other.
        b.js("$('word').textContent = ''; $('logs').focus(); $('logs').value = %s; $('logs').onchange()" % json.dumps(EIGHT))
        self.booted()
        self.enter("a", "hugepagesz=1G hugepages=2")
        self.assertIn("node 7", b.js("$('out').textContent"))
        self.assertIn("Linux said", b.js("$('out').textContent"))
        self.assertTrue(b.js("document.querySelectorAll('svg.map path.sign').length > 0"))
        b.js("document.activeElement.blur()")
        b.key("b")
        self.enter("b", "crashkernel=512M")
        self.assertEqual(b.js("document.querySelectorAll('svg.map').length"), 2)
        self.assertIn("crash kernel", b.js("$('differ').textContent"))
        self.shot("two")

        # Keys: zoom, move, all, from range to range, the list of keys.
        b.js("document.activeElement.blur()")
        b.key("+")
        b.key("+")
        b.key("]")
        low, high = b.js("view")
        self.assertAlmostEqual(high - low, .64)
        self.assertGreater(low, .18)
        b.key("0")
        self.assertEqual(b.js("view"), [0, 1])
        for name in ("ArrowRight", "ArrowRight", "ArrowDown"):
            b.key(name)
        self.assertIn("node", b.js("$('tip').textContent"))
        self.assertEqual(b.js("document.querySelectorAll('rect.on').length"), 1)
        b.key("?")
        self.assertTrue(b.js("$('keys').open"))
        b.key("Escape")
        self.assertFalse(b.js("$('keys').open"))
        b.js("document.querySelector('.finding').click()")
        self.assertIn("[mem 0x", b.js("$('tip').textContent"))

        # 800 pixels, dark.
        for width, dark in ((800, False), (800, True), (1300, True)):
            b.size(width, 900)
            b.dark(dark)
            b.js("window.onresize()")
            self.assertLessEqual(b.js("document.documentElement.scrollWidth"), width)
            self.shot(f"{width}-{'dark' if dark else 'light'}")
            ink, ground = (sum(map(int, re.findall(r"\d+", b.js(f"getComputedStyle(document.body).{what}"))[:3]))
                           for what in ("color", "backgroundColor"))
            self.assertGreater(abs(ink - ground), 400)
        b.dark(False)

        # Saved: one file that works with nobody behind it.
        page = b.js("exported()")
        self.assertEqual(b.js("URL.createObjectURL instanceof Function && $('save').disabled"), False)
        self.assertEqual(b.errors, [])
        asked = list(b.asked)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "saved.html")
            path.write_text(page, encoding="utf-8")
            b.asked.clear()
            b.open(path.as_uri())
            self.assertEqual(b.asked, [path.as_uri()])
            self.assertEqual(b.js("document.querySelectorAll('svg.map rect.piece').length > 20"), True)
            self.assertIn("crash kernel", b.js("$('differ').textContent"))
            self.assertEqual(b.js("$('b').readOnly && $('b').value"), "crashkernel=512M")
            self.assertEqual(b.js("getComputedStyle($('drop')).display === 'none' || $('drop').offsetParent === null"), True)
            self.shot("saved")
            b.key("+")
            self.assertLess(b.js("view[1] - view[0]"), 1)
            self.drop("x", "'BIOS-e820'")
        self.assertEqual(b.errors, [])

        # All that was asked was asked of the server.
        origin = self.server.url.split(self.server.token)[0]
        self.assertTrue(asked)
        for url in asked:
            self.assertTrue(url.startswith((origin, "data:", "about:", "blob:" + origin)), url)


if __name__ == "__main__":
    ktap_unittest.main()
