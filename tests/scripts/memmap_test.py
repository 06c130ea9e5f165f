#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""scripts/memmap.py as a person uses it: every command, good and hostile input."""

import json
import re
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests/scripts")]
# pylint: disable=wrong-import-position
import ktap_unittest                             # noqa: E402
from memmaplib import html, lint, svg            # noqa: E402
from memmaplib.bootlog import read_log           # noqa: E402
from memmaplib.intervals import IntervalMap      # noqa: E402
from memmaplib.show import show                  # noqa: E402
from memmaplib.story import Story                # noqa: E402

TOOL = ROOT / "scripts/memmap.py"
MAPS = sorted((ROOT / "tests/maps").glob("*.dmesg"))
LOGS = sorted((ROOT / "tests/linux-logs").glob("*.log"))


def memmap(*args, stdin=None):
    """Run the tool; never with colour, never on a terminal."""
    return subprocess.run([sys.executable, TOOL, *map(str, args)], input=stdin,
                          capture_output=True, check=False, timeout=120,
                          env={**os.environ, "NO_COLOR": "1"})


def event(seq, op, base, size, **more):
    """A trace line."""
    return json.dumps({"schema": 1, "kind": "event", "seq": seq, "op": op, "base": f"{base:#018x}",
                       "size": f"{size:#018x}", "nid": None, "flags": "0x0",
                       "caller": more.get("caller", "setup_arch+0x10/0x20"),
                       "owner": more.get("owner"), "rc": more.get("rc", 0)})


TRACE = "\n".join([
    event(0, "reserve", 0x100000, 0x80000, owner="kernel image"),
    event(1, "add", 0x0, 0x9F000),
    event(2, "add", 0x100000, 0x7F00000),
    event(3, "reserve", 0x200000, 0x1000, owner="initrd"),
    event(4, "phys_free", 0x200000, 0x1000),
    event(5, "reserve", 0x0, 0x100000, owner="first MiB", rc=-12),
]).encode()


class Intervals(unittest.TestCase):
    def test_paint_fills_only_gaps_and_cut_splits(self):
        track = IntervalMap()
        track.paint(10, 20, "a")
        self.assertEqual(track.paint(5, 30, "b"), [(5, 10), (20, 30)])
        track.cut(12, 25)
        self.assertEqual(list(track), [(5, 10, "b"), (10, 12, "a"), (25, 30, "b")])
        self.assertEqual(track.find(11), (10, 12, "a"))
        self.assertIsNone(track.find(12))
        self.assertEqual(track.covered(), 12)


class Reads(unittest.TestCase):
    def test_a_trace_behind_what_uefi_said_on_the_port(self):
        firmware = b"\x1b[2J\x1b[01;01HBdsDxe: starting Boot0001\r\nWelcome to GRUB!\n\r"
        plain, behind = memmap("list", "-", stdin=TRACE), memmap("list", "-", stdin=firmware + TRACE)
        self.assertEqual((behind.returncode, behind.stdout), (0, plain.stdout), behind.stderr)

    def test_every_map_and_log_is_read_by_every_view(self):
        self.assertGreaterEqual(len(MAPS), 30)
        for path in MAPS + LOGS:            # in this process: 200 interpreters take a minute
            with self.subTest(file=path.name), open(path, "rb") as stream:
                story = Story(read_log(stream, path.name))
                self.assertEqual(story.log.bad, 0, story.log.first_bad)
                self.assertRegex(show(story, 100, False), "the map|memblock")
                self.assertIn("<svg", svg.render(story, path.name))
                self.assertIn("<html", html.render(story, path.name))
                self.assertTrue(story.find(0x100000))
                lint.lint(story.log)

    def test_json_of_a_map_sums_to_its_ram(self):
        data = json.loads(memmap("json", ROOT / "tests/maps/xen-hvm-ec2-4g.dmesg").stdout)
        ram = sum(int(row["size"], 16) for row in data["firmware"] if row["type"] == 1)
        self.assertEqual(ram, sum(int(row["size"], 16) for row in data["memory"]))
        self.assertEqual(data["schema"], 1)

    def test_says_what_a_file_does_not_contain(self):
        run = memmap("list", ROOT / "tests/maps/i486dx2-16mb.dmesg")
        self.assertIn(b"no memblock events", run.stderr)

    def test_trace_replay_knows_owner_and_release(self):
        run = memmap("find", "-", "0x100010", stdin=TRACE)
        self.assertIn(b"kernel image", run.stdout)
        run = memmap("find", "-", "200000", stdin=TRACE)
        self.assertIn(b"nobody", run.stdout)

    def test_failed_operation_changes_nothing(self):
        self.assertIn(b"nobody", memmap("find", "-", "0x5000", stdin=TRACE).stdout)


class Compares(unittest.TestCase):
    def test_same_log_is_identical(self):
        path = MAPS[0]
        run = memmap("diff", path, path)
        self.assertEqual((run.returncode, run.stdout), (0, b"identical\n"))

    def test_diff_names_range_and_both_sides(self):
        with tempfile.TemporaryDirectory() as folder:
            one, two = Path(folder, "1"), Path(folder, "2")
            one.write_bytes(TRACE)
            two.write_bytes(TRACE + b"\n" + event(6, "reserve", 0x300000, 0x1000,
                                                  owner="crash kernel").encode())
            run = memmap("diff", one, two)
            self.assertEqual(run.returncode, 1)
            self.assertIn(b"0x0000000000300000-0x0000000000300fff", run.stdout)
            self.assertIn(b"nothing -> crash kernel", run.stdout)

    def test_diff_linux_shows_first_divergence_only(self):
        lines = ["BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable",
                 "last_pfn = 0x3ffe0 max_arch_pfn = 0x400000000",
                 "memblock_add: [0x0000000000001000-0x000000000009fbff] "
                 "e820__memblock_setup+0x73/0xb0"]
        with tempfile.TemporaryDirectory() as folder:
            one, two = Path(folder, "1"), Path(folder, "2")
            one.write_text("\n".join("[    0.000000] " + line for line in lines))
            two.write_text("\n".join(lines).replace("0x73/0xb0", "0x1/0x2"))
            self.assertIn(b"first divergence: none", memmap("diff-linux", one, two).stdout)
            two.write_text("\n".join(lines).replace("0x3ffe0", "0x3ffe1"))
            run = memmap("diff-linux", one, two)
            self.assertEqual(run.returncode, 1)
            self.assertIn(b"    < last_pfn = 0x3ffe0",
                          run.stdout)
            self.assertIn(b"    > last_pfn = 0x3ffe1", run.stdout)


class Hostile(unittest.TestCase):
    def test_no_such_file_is_one_line(self):
        run = memmap("show", "no/such/file")
        self.assertEqual(run.returncode, 2)
        self.assertEqual(run.stderr.count(b"\n"), 1)

    def test_a_file_about_nothing_says_so(self):
        run = memmap("show", "-", stdin=b"hello\nworld\n")
        self.assertEqual(run.returncode, 2)
        self.assertIn(b"nothing about memory in 2 lines", run.stderr)

    def test_truncated_json_gives_a_partial_result(self):
        run = memmap("list", "-", stdin=TRACE[:-40])
        self.assertEqual(run.returncode, 0)
        self.assertIn(b"1 of 6 lines not understood", run.stderr)
        self.assertIn(b"kernel image", run.stdout)

    def test_wrong_json_values_are_counted(self):
        for bad in (b"{}", b"[]", b'{"schema":2,"kind":"event"}', b'{"schema":1,"kind":"event"}',
                    b'{"schema":1,"kind":"event","seq":0,"op":5,"base":"zz","size":null}', b'"x"',
                    b'{"schema":1,"kind":["event"]}', b'{"schema":1,"kind":"snapshot","given":7}'):
            with self.subTest(bad=bad):
                run = memmap("list", "-", stdin=TRACE + b"\n" + bad + b"\n")
                self.assertEqual((run.returncode, b"Traceback" in run.stderr), (0, False),
                                 run.stderr.decode())

    def test_binary_is_no_traceback(self):
        noise = bytes((at * 7919 + 13) % 256 for at in range(200_000))
        for view in ("show", "html", "svg", "json", "lint"):
            run = memmap(view, "-", stdin=noise)
            self.assertNotIn(b"Traceback", run.stderr)

    def test_address_that_is_none(self):
        for text in ("zz", "", "0x", "1" * 40):
            run = memmap("find", "-", text, stdin=TRACE)
            self.assertEqual(run.returncode, 2)

    def test_absurd_ranges_draw(self):
        lines = [event(0, "add", 0, 2**64 - 1), event(1, "reserve", 2**64 - 4096, 4096),
                 event(2, "remove", 2**63, 2**63)]
        for view in ("show", "html", "svg", "json", "list"):
            run = memmap(view, "-", stdin="\n".join(lines).encode())
            self.assertEqual(run.returncode, 0, run.stderr.decode())


class Draws(unittest.TestCase):
    def test_terminal_picture_shows_every_owner(self):
        out = memmap("show", "-", "--width", "100", stdin=TRACE).stdout.decode()
        self.assertIn("kernel image", out)
        self.assertTrue(all(len(line) <= 110 for line in out.splitlines()))

    def test_svg_is_xml_and_names_ranges(self):
        import xml.etree.ElementTree as tree
        out = memmap("svg", "-", stdin=TRACE).stdout.decode()
        tree.fromstring(out)
        self.assertIn("[mem 0x0000000000100000-", out)

    def test_html_holds_all_operations_and_nothing_from_outside(self):
        out = memmap("html", "-", stdin=TRACE).stdout.decode()
        data = json.loads(out.split('type="application/json">', 1)[1].split("</script>", 1)[0])
        self.assertEqual(len(data["ops"]), 6)
        for word in ("http://", "https://", "src=", "@import"):
            self.assertNotIn(word, out)
        self.assertEqual(set(re.findall(r"url\(\$?.", out)), {"url(${"})   # a canvas, as data

    def test_script_in_a_name_stays_a_name(self):
        evil = event(0, "reserve", 0, 4096, owner="</script><script>alert(1)</script>")
        out = memmap("html", "-", stdin=evil.encode()).stdout.decode()
        self.assertNotIn("<script>alert", out)


if __name__ == "__main__":
    ktap_unittest.main()
