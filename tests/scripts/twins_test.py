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
sys.path[:0] = [str(ROOT / "tests/scripts"), str(ROOT / "tests/qemu")]
sys.dont_write_bytecode = True
import debianlinux                               # noqa: E402
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

    def twins(self, linux, ours, machines=LIST, *options, **words):
        """Run twins on machines of this list: exit status, output."""
        listed = self.folder / "some.list"
        listed.write_text(machines, encoding="ascii")
        Path(f"{self.qemu}.linux").write_text(linux, encoding="ascii")
        Path(f"{self.qemu}.ours").write_text(ours, encoding="ascii")
        done = subprocess.run(
            [ROOT / "tests/qemu/twins", "--build", self.folder, "--from", listed, *options],
            env={**os.environ, "QEMU": str(self.qemu),
                 "LINUX": words.get("which", "vmlinuz"),
                 "PATH": f"{self.folder}:{os.environ['PATH']}"},
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

    def releases(self, *names):
        """As if these had been fetched before."""
        boot = self.folder / "linux/boot"
        boot.mkdir(parents=True)
        for name in names:
            (boot / f"vmlinuz-{name}.3-amd64").write_text("", encoding="ascii")

    def test_several_releases_and_a_table(self):
        self.releases("6.12", "7.3")
        out = self.twins(LINUX, OURS, LIST + "row = little\n", which="6.12 7.3")[1]
        self.assertIn("ok 1 small # 2 lines, equal", out)
        self.assertIn("ok 2 7.3 small # 2 lines, equal", out)
        self.assertRegex(out, r"# list +6\.12 +7\.3\n# little +1 +1\n")

    def test_a_release_whose_log_parts_has_its_places_in_the_table(self):
        self.releases("6.12", "7.3")
        status, out = self.twins(LINUX, says(RAM, "verdict: passed"), which="6.12 7.3")
        self.assertRegex(out, r"# small +0/1 1 +0/1 1\n")
        self.assertEqual(status, 1)

    def test_ours_gets_the_dialect_of_the_release(self):
        self.releases("7.3", "6.1")
        ours = says(RAM, MORE) + "case \"$*\" in *dialect=7.3*) ;; *) exit 1 ;; esac\n" \
            + says("verdict: passed")
        ours = ours.replace("exit 0\n", "", 1)
        self.assertIn("ok 1 7.3 small # 2 lines, equal", self.twins(LINUX, ours, which="7.3")[1])
        self.assertIn("not ok 1 6.1 small", self.twins(LINUX, ours, which="6.1")[1])

    def test_a_release_that_is_not_to_be_had_is_skipped_with_a_line(self):
        self.releases("6.12")
        for name in ("apt-get", "apt-cache"):
            (self.folder / name).write_text("#!/bin/sh\nexit 1\n", encoding="ascii")
            (self.folder / name).chmod(0o755)
        status, out = self.twins(LINUX, OURS, which="6.12 5.9")
        self.assertIn("# 5.9: Debian's archive has no kernel 5.9 that could be fetched", out)
        self.assertIn("1 passed, 0 failed, 1 skipped", out)
        self.assertEqual(status, 0)

    def test_of_packages_the_newest_that_holds_a_kernel_and_little_else(self):
        names = ["linux-image-6.18.9+deb13-amd64", "linux-image-6.18.15+deb13-amd64",
                 "linux-image-6.18.15+deb13-rt-amd64", "linux-image-6.18.15+deb13-cloud-amd64",
                 "linux-image-7.3.4+deb13-amd64", "linux-binary-7.3.4+deb13-amd64",
                 "linux-image-6.1.0-57-amd64-unsigned", "linux-image-6.1.0-9-amd64", "linux-doc"]
        self.assertEqual(debianlinux.newest(names, "6.18"), "linux-image-6.18.15+deb13-amd64")
        self.assertEqual(debianlinux.newest(names, "7.3"), "linux-binary-7.3.4+deb13-amd64")
        self.assertEqual(debianlinux.newest(names, "6.1"), "linux-image-6.1.0-57-amd64-unsigned")
        self.assertIsNone(debianlinux.newest(names, "6"))

    def test_the_lists_can_be_read_and_no_name_is_there_twice(self):
        done = subprocess.run([ROOT / "tests/qemu/twins", "--list"], capture_output=True,
                              text=True, check=True)
        names = [line.split()[0] for line in done.stdout.splitlines()]
        self.assertGreater(len(names), 200)
        self.assertEqual(len(names), len(set(names)))


if __name__ == "__main__":
    ktap_unittest.main()
