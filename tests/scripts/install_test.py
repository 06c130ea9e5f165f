#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""`make install`: what is installed works alone, from anywhere, with the documented exit codes."""

import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/scripts")]
# pylint: disable=wrong-import-position
import ktap_unittest                             # noqa: E402

BUILD = str(Path(os.environ.get("BUILD", ROOT / "build")).resolve())
MAPS = ROOT / "tests/maps"
GOOD = (b"BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable\n"
        b"BIOS-e820: [mem 0x000000000009fc00-0x00000000000fffff] reserved\n"
        b"BIOS-e820: [mem 0x0000000000100000-0x0000000007ffffff] usable\n")


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="daybreak-")
        subprocess.run([str(ROOT / "scripts/install"), "--build", BUILD, "--prefix", "/opt/x",
                        "--destdir", cls.folder.name], check=True, stdout=subprocess.DEVNULL)
        cls.top = Path(cls.folder.name, "opt/x")
        cls.memmap = str(cls.top / "bin/memmap")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def run_it(self, *words, stdin=b""):
        """(status, stdout, stderr), where nothing of the tree is in reach."""
        done = subprocess.run([sys.executable, self.memmap, *words], input=stdin, cwd="/",
                              env={"PATH": "/usr/bin:/bin"}, capture_output=True, check=False)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def test_lint_has_codes_and_json(self):
        status, said, _ = self.run_it("lint", "--json", "-", stdin=GOOD)
        self.assertEqual((status, json.loads(said)["schema"]), (0, 1))
        wrong = GOOD + b"BIOS-e820: [mem 0x00000000fee00000-0x00000000fee00fff] usable\n"
        status, said, _ = self.run_it("lint", "--json", "-", stdin=wrong)
        self.assertEqual(status, 1)
        self.assertIn("mmio-hole", {row["id"] for row in json.loads(said)["findings"]})
        self.assertEqual(self.run_it("lint", "--fail-on", "never", "-", stdin=wrong)[0], 0)
        self.assertEqual(self.run_it("lint", "/no/such/file")[0], 2)
        self.assertEqual(self.run_it("lint", "--no-such-option", "-")[0], 2)

    def test_sim_has_codes_and_json(self):
        path = str(MAPS / "virtualbox-1.6g.dmesg")
        status, said, _ = self.run_it("sim", "--json", path, "--cmdline", "crashkernel=9G cma=64M")
        got = json.loads(said)
        self.assertEqual((status, got["status"], got["even"], got["schema"]), (0, 0, True, 1))
        self.assertEqual([row["word"] for row in got["refused"]], ["crashkernel"])
        self.assertRegex(got["came_to"]["cma"][0], r"^64 MiB at 0x")
        status, said, _ = self.run_it("sim", path, "--cmdline", "mem=1M")
        self.assertEqual(status, 35)
        self.assertIn("not enough memory", said)
        self.assertEqual(self.run_it("sim", "--json", path, "--cmdline", "mem=1M")[0], 35)
        status, said, error = self.run_it("sim", "-", stdin=b"dear all")
        self.assertEqual((status, said, len(error.splitlines())), (2, "", 1))
        status, said, _ = self.run_it("sim", path, "--compare")
        self.assertEqual(status, 0)
        self.assertIn("Linux said", said)

    def test_the_same_boot_as_in_the_tree(self):
        path = str(MAPS / "xen-hvm-ec2-4g.dmesg")
        here = subprocess.run([str(ROOT / "scripts/memmap.py"), "sim", "--build", BUILD, path],
                              capture_output=True, text=True, check=True).stdout
        self.assertEqual(self.run_it("sim", path)[1], here)

    def test_pages_are_in_the_file(self):
        status, said, _ = self.run_it("html", "-", stdin=GOOD)
        self.assertEqual((status, "<canvas" in said), (0, True))
        server = subprocess.Popen([sys.executable, "-u", self.memmap, "serve"], cwd="/", text=True,
                                  stdout=subprocess.PIPE)
        url = re.search(r"http://\S+/", server.stdout.readline())[0]
        with urllib.request.urlopen(url, timeout=60) as reply:
            self.assertIn(b"What if?", reply.read())
        asked = urllib.request.Request(url + "log", GOOD, {"X-Name": "good"})
        with urllib.request.urlopen(asked, timeout=60) as reply:
            self.assertIn("id", json.loads(reply.read()))
        server.kill()
        server.wait()
        server.stdout.close()

    def test_the_manual_page_has_every_command_and_every_code(self):
        page = gzip.decompress((self.top / "share/man/man1/memmap.1.gz").read_bytes()).decode()
        commands = re.search(r"\{([a-z,-]+)\}", self.run_it("no-such-command")[2])
        known = commands[1].split(",") if commands else re.findall(
            r"'([a-z-]+)'", self.run_it("no-such-command")[2].split("choose from", 1)[1])
        for word in known:
            self.assertIn(f".B {word}\n".replace("-", "\\-"), page)
        for code in (0, 1, 2, 35, 37):
            self.assertIn(f".B {code}\n", page)

    def test_no_path_of_this_tree_is_in_it(self):
        with zipfile.ZipFile(self.memmap) as app:
            for name in app.namelist():
                self.assertNotIn(str(ROOT).encode(), app.read(name), name)
                self.assertNotIn("__pycache__", name)

    def test_without_a_simulator_it_is_said(self):
        done = subprocess.run([str(ROOT / "scripts/install"), "--build", "/no/such", "--destdir",
                               self.folder.name + "/other"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("no simulator here", done.stderr)


if __name__ == "__main__":
    ktap_unittest.main()
