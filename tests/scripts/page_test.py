#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The page of `memmap.py html` in a headless browser: slider, search, owners, no errors.

A script is added to a copy of the page; it does what a hand would do and
writes what it saw into the document, which Chromium prints.  Everything is a
file on disk: the page must work offline.
"""

import html
import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests/scripts")]
# pylint: disable=wrong-import-position
import ktap_unittest                             # noqa: E402
from memmap_test import TRACE                    # noqa: E402

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--virtual-time-budget=4000", "--window-size=1300,900", "--dump-dom"]
HANDS = """
<script>
const errors = [];
window.onerror = (text) => { errors.push(String(text)); };
console.error = (...text) => { errors.push(text.join(" ")); };
</script>
"""
DRIVE = """
<script>
const seen = {};
function look(name) {
  seen[name] = { clock: $("clock").textContent, what: $("what").innerText,
                 answer: $("answer").innerText,
                 owners: [...document.querySelectorAll("#owners .n")].map((row) => row.textContent),
                 on: document.querySelectorAll("#owners .on").length };
}
function slide(to) { $("time").value = to; $("time").dispatchEvent(new Event("input")); }
look("start");
slide(1); look("one");
slide(4); look("four");
$("addr").value = "0x200010"; $("find").click(); look("found");
$("next").click(); look("released");
$("addr").value = "no address"; $("find").click(); look("nonsense");
$("owner").value = "kernel"; $("owner").dispatchEvent(new Event("input")); look("filtered");
$("clear").click(); slide(0); look("zero");
const place_ = $("map").getBoundingClientRect();
const at = { clientX: place_.left + 9, clientY: place_.top + 9, cancelable: true };
$("map").dispatchEvent(new WheelEvent("wheel", { deltaY: -300, ...at }));
$("map").dispatchEvent(new MouseEvent("mousemove", at));
const pixels = ctx.getImageData(0, 0, canvas.width, canvas.height).data;
const drawn = pixels.some((byte) => byte !== 0);
const out = document.createElement("pre"); out.id = "seen";
out.textContent = JSON.stringify({ seen, errors, drawn });
document.body.append(out);
</script>
"""


@unittest.skipUnless(BROWSER, "no chromium (Debian package chromium)")
class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        made = subprocess.run([sys.executable, ROOT / "scripts/memmap.py", "html", "-"],
                              input=TRACE, capture_output=True, check=True).stdout.decode()
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder, "page.html")
            page.write_text(made.replace("<body>", "<body>" + HANDS, 1)
                            .replace("</body>", DRIVE + "</body>"), encoding="utf-8")
            dom = subprocess.run([BROWSER, *FLAGS, f"--user-data-dir={folder}/profile",
                                  page.as_uri()], capture_output=True, check=False, timeout=90,
                                 stdin=subprocess.DEVNULL).stdout.decode()
        text = dom.rsplit('<pre id="seen">', 1)[-1].split("</pre>", 1)[0]
        result = json.loads(html.unescape(text))
        cls.seen, cls.errors, cls.drawn = result["seen"], result["errors"], result["drawn"]

    def test_no_errors_and_something_is_drawn(self):
        self.assertEqual(self.errors, [])
        self.assertTrue(self.drawn)

    def test_starts_at_the_end(self):
        self.assertEqual(self.seen["start"]["clock"], "6 / 6")
        self.assertEqual(self.seen["start"]["owners"], ["kernel image"])

    def test_slider_shows_operation_and_state(self):
        self.assertIn("+ reserved", self.seen["one"]["what"])
        self.assertIn("0x0000000000100000-0x000000000017ffff", self.seen["one"]["what"])
        self.assertEqual(sorted(self.seen["four"]["owners"]), ["initrd", "kernel image"])

    def test_search_names_the_owner_then_and_after_release(self):
        self.assertIn("owner: initrd", self.seen["found"]["answer"])
        self.assertIn("op 3", self.seen["found"]["answer"])
        self.assertIn("nobody", self.seen["released"]["answer"])

    def test_search_for_nonsense_says_so(self):
        self.assertIn("no hexadecimal address", self.seen["nonsense"]["answer"])

    def test_owner_filter_marks_rows(self):
        self.assertEqual(self.seen["filtered"]["on"], 1)

    def test_before_the_first_operation_nothing_is_taken(self):
        self.assertEqual(self.seen["zero"]["owners"], [])
        self.assertIn("before the first", self.seen["zero"]["what"])


if __name__ == "__main__":
    ktap_unittest.main()
