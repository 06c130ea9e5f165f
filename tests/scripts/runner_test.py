#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""tests/qemu/run beside a QEMU that is slow or dies, and what scripts/ktap says of it."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/scripts")]
import ktap_unittest                             # noqa: E402

BUILD = os.environ.get("BUILD", ROOT / "build")


class Runner(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="daybreak-run-")))

    def run_case(self, name, qemu):
        """Run one case with this shell script in QEMU's place."""
        program = self.folder / "qemu-system-x86_64"
        program.write_text(f"#!/bin/sh\n{qemu}\n", encoding="ascii")
        program.chmod(0o755)
        return subprocess.run(
            [ROOT / "tests/qemu/run", "--build", BUILD, "--log", self.folder / "log", name],
            env={**os.environ, "PATH": f"{self.folder}:{os.environ['PATH']}"},
            capture_output=True, text=True, check=False, timeout=120)

    def summary(self):
        return subprocess.run([ROOT / "scripts/ktap", "sum", self.folder / "log"],
                              capture_output=True, text=True, check=False)

    def test_gdb_waits_for_a_slow_qemu(self):
        done = self.run_case("gdb/pvh", f"sleep 1.5; exec {shutil.which('qemu-system-x86_64')} \"$@\"")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("1 passed, 0 failed, 0 skipped", done.stdout)

    def test_a_dead_qemu_is_not_waited_for(self):
        done = self.run_case("gdb/pvh", "echo 'no such machine' >&2; exit 1")
        self.assertEqual(done.returncode, 1)
        self.assertIn("# QEMU ended before its gdb socket was there", done.stdout)
        self.assertIn("#   | no such machine", done.stdout)

    def test_the_summary_says_why(self):
        self.run_case("pvh/q35", "exit 1")
        lines = self.summary().stdout.splitlines()
        self.assertEqual(lines[0], "FAIL qemu: pvh/q35")
        self.assertIn("status 1", lines[1])
        self.assertEqual(lines[-1], "0 passed, 1 failed, 0 skipped")


class Sum(unittest.TestCase):
    def of(self, text):
        with tempfile.NamedTemporaryFile("w", suffix=".ktap", prefix="some-") as file:
            file.write(text)
            file.flush()
            done = subprocess.run([ROOT / "scripts/ktap", "sum", file.name],
                                  capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.splitlines()

    def test_each_failure_has_its_own_comments(self):
        _, lines = self.of("1..3\n# of the first\nnot ok 1 a\n# of none\nok 2 b\n"
                           "# of the third\n# and more\nnot ok 3 c\n# of none\n")
        self.assertEqual(lines[1], "    # of the first")
        self.assertTrue(lines[2].endswith(": c"), lines)
        self.assertEqual(lines[3:], ["    # of the third", "    # and more",
                                     "1 passed, 2 failed, 0 skipped"])

    def test_comments_have_an_end(self):
        _, lines = self.of("1..1\n" + "# again\n" * 100 + "not ok 1 a\n")
        self.assertLess(len(lines), 15)

    def test_a_test_that_is_missing_is_a_failure(self):
        status, lines = self.of("1..2\nok 1 a\n")
        self.assertEqual((status, lines[-1]), (1, "1 passed, 1 failed, 0 skipped"))
        self.assertIn("2 tests announced, 1 reported", lines[0])

    def test_leaves_are_counted_and_not_their_parents(self):
        status, lines = self.of("1..1\n  1..3\n  ok 1 a\n  ok 2 b # SKIP no x\n  ok 3 c\nok 1 all\n")
        self.assertEqual((status, lines), (0, ["2 passed, 0 failed, 1 skipped"]))


if __name__ == "__main__":
    ktap_unittest.main()
