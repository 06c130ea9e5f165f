#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""tests/qemu/twins says `ok` only of what it has compared; a script stands for QEMU."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/scripts")]
import ktap_unittest                             # noqa: E402

# Called with -kernel vmlinuz it is Linux, else ours; what each says and how it ends is a file.
QEMU = """#!/bin/sh
case "$*" in *vmlinuz*) who=linux ;; *) who=ours ;; esac
echo $who >>$0.calls
. $0.$who
"""
RAM = "BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable"
MORE = "BIOS-e820: [mem 0x0000000000100000-0x0000000003ffffff] usable"
LIST = "[small]\nmem = 64M\n"


def says(*lines, status=0):
    return "".join(f"echo '{line}'\n" for line in lines) + f"exit {status}\n"


LINUX, OURS = says(RAM, MORE, "PCI: CLS 0 bytes"), says(RAM, MORE, "verdict: passed")
REFUSES = says("qemu-system-x86_64: -smp 2: invalid option", status=1)


class Twins(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="daybreak-twins-")))
        self.qemu = self.folder / "qemu"
        self.qemu.write_text(QEMU, encoding="ascii")
        self.qemu.chmod(0o755)

    def twins(self, linux, ours, machines=LIST, *options):
        """Run twins on machines of this list: exit status, output."""
        listed = self.folder / "some.list"
        listed.write_text(machines, encoding="ascii")
        Path(f"{self.qemu}.linux").write_text(linux, encoding="ascii")
        Path(f"{self.qemu}.ours").write_text(ours, encoding="ascii")
        done = subprocess.run(
            [ROOT / "tests/qemu/twins", "--build", self.folder, "--from", listed, *options],
            env={**os.environ, "QEMU": str(self.qemu), "LINUX": "vmlinuz"},
            capture_output=True, text=True, check=False, timeout=60)
        return done.returncode, done.stdout + done.stderr

    def expect(self, status, words, *run):
        code, out = self.twins(*run)
        self.assertIn(words, out)
        self.assertEqual(code, status, out)

    def test_the_same_lines_are_equal(self):
        self.expect(0, "ok 1 small # 2 lines, equal", LINUX, OURS)

    def test_a_line_less_differs(self):
        self.expect(1, "not ok 1 small # 2 lines, differs", LINUX, says(RAM, "verdict: passed"))

    def test_a_line_less_of_linux_differs(self):
        self.expect(1, "not ok 1 small # 1 lines, differs", says(RAM, "PCI: CLS 0 bytes"), OURS)

    def test_what_linux_said_before_it_died_is_compared(self):
        self.expect(0, "ok 1 small # 1 lines, died", says(RAM), OURS)

    def test_to_stop_without_a_word_as_linux_does_is_no_pass(self):
        self.expect(1, "not ok 1 small # 1 lines, differs", says(RAM), says(RAM))

    def test_the_same_panic_is_equal(self):
        panic = says(RAM, "Kernel panic - not syncing: no memory", "---[ end Kernel panic")
        self.expect(0, "ok 1 small # 2 lines, equal", panic, panic)

    def test_a_panic_where_linux_boots_differs(self):
        self.expect(1, "not ok 1 small # 2 lines, differs", LINUX,
                    says(RAM, MORE, "Kernel panic - not syncing: no memory"))

    def test_ours_silent_differs(self):
        self.expect(1, "not ok 1 small # 2 lines, differs", LINUX, says())

    def test_qemu_refuses_both(self):
        self.expect(1, "not ok 1 small # 0 lines, refused", REFUSES, REFUSES)
        self.expect(1, "qemu-system-x86_64: -smp 2: invalid option", REFUSES, REFUSES)

    def test_qemu_refuses_linux(self):
        self.expect(1, "not ok 1 small # 0 lines, refused", REFUSES, OURS)

    def test_qemu_refuses_ours(self):
        self.expect(1, "not ok 1 small # 0 lines, refused", LINUX, REFUSES)

    def test_a_refusal_of_linux_is_not_kept(self):
        self.twins(REFUSES, OURS)
        self.expect(0, "ok 1 small # 2 lines, equal", LINUX, OURS)

    def test_a_boot_of_linux_is_kept(self):
        self.twins(LINUX, OURS)
        self.expect(0, "ok 1 small # 2 lines, equal", REFUSES, OURS)
        calls = Path(f"{self.qemu}.calls").read_text(encoding="ascii")
        self.assertEqual(calls, "linux\nours\nours\n")

    def test_linux_says_nothing(self):
        self.expect(1, "not ok 1 small # 0 lines, silent", says("Probing EDD"), OURS)

    def test_both_say_nothing(self):
        self.expect(1, "not ok 1 small # 0 lines, differs", says(), says())

    def test_only_the_end_counts_and_linux_says_nothing(self):
        self.expect(1, "not ok 1 small # its end, silent", says(), OURS, LIST + "differs = * why\n")

    def test_only_the_end_counts(self):
        self.expect(0, "ok 1 small # its end, died", says(RAM), says(MORE, "verdict: passed"),
                    LIST + "differs = * why\n")

    def test_a_silence_with_a_reason_is_skipped_but_no_pass_alone(self):
        known = LIST + "silent = it is too small\n"
        self.expect(1, "ok 1 small # SKIP Linux says nothing: it is too small", says(), OURS, known)
        self.expect(1, "0 passed, 0 failed, 1 skipped", says(), OURS, known)

    def test_a_reason_to_be_silent_excuses_no_other_failure(self):
        known = LIST + "silent = it is too small\n"
        self.expect(1, "not ok 1 small # 0 lines, refused", REFUSES, OURS, known)
        self.expect(1, "not ok 1 small # 0 lines, differs", says(), says(), known)

    def test_a_list_without_machines_is_no_pass(self):
        self.expect(1, "no machine", LINUX, OURS, "# nothing\n")

    def test_a_difference_needs_a_reason(self):
        self.expect(1, "does not say why dump may differ", LINUX, OURS, LIST + "differs = dump\n")

    def test_a_kind_that_may_differ(self):
        self.expect(0, "ok 1 small # 2 lines, equal",
                    says(RAM, MORE, "last_pfn = 0x4000", "PCI: CLS 0 bytes"), OURS,
                    LIST + "differs = last_pfn why\n")

    def test_if_everything_may_differ_nothing_is_compared(self):
        self.expect(1, "not ok 1 small # 0 lines, silent", LINUX, OURS, LIST + "differs = map why\n")

    def test_lines_that_may_differ(self):
        self.expect(0, "ok 1 small # 1 lines, equal", LINUX, says(RAM, "verdict: passed"),
                    LIST + "differs = /3ffffff/ why (a/b)\n")

    def test_the_lists_can_be_read_and_no_name_is_there_twice(self):
        done = subprocess.run([ROOT / "tests/qemu/twins", "--list"], capture_output=True,
                              text=True, check=True)
        names = [line.split()[0] for line in done.stdout.splitlines()]
        self.assertGreater(len(names), 200)
        self.assertEqual(len(names), len(set(names)))


if __name__ == "__main__":
    ktap_unittest.main()
