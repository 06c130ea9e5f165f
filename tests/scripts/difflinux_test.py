#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What diff-linux compares of lines that are partly each kernel's own."""

import io
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests/scripts")]
# pylint: disable=wrong-import-position
import ktap_unittest                             # noqa: E402
from memmaplib import difflinux, wording         # noqa: E402


def row(name, at, start, end, words=" flags: 0x0"):
    return f" {name}[{at:#x}]\t[{start:#018x}-{end - 1:#018x}], {end - start:#018x} bytes{words}\n"


DUMP = ("MEMBLOCK configuration:\n" + row("memory", 0, 0x1000, 0x9F000)
        + row("memory", 1, 0x100000, 0x3FFE0000) + row("reserved", 0, 0, 0x10000))
TABLES = row("reserved", 3, 0x3FFE0000, 0x3FFE1AD8)
LINUX = DUMP + row("reserved", 1, 0x9F000, 0x100000) + row("reserved", 2, 0x1000000, 0x3C11000) + TABLES
OURS = DUMP + row("reserved", 1, 0x9F000, 0x1B5000) + TABLES


def differ(linux, ours, only=None):
    return bool(difflinux.diverge(*(difflinux.items(io.BytesIO(text.encode()), only)
                                    for text in (linux, ours))))


def beside(linux, ours):
    return bool(difflinux.diverge(*difflinux.beside(*(
        difflinux.items(io.BytesIO(text.encode())) for text in (linux, ours)))))


class Arm64(unittest.TestCase):
    """The page array of Linux, 64 bytes a page, lies between its page tables and its areas."""

    @staticmethod
    def log(cma, size=64, ram=1 << 20, huge="64.0 KiB"):
        return (f"cma: Reserved {size} MiB at {cma:#018x} on node -1\n"
                f"crashkernel reserved: {cma - (128 << 20):#018x} - {cma:#018x} (128 MB)\n"
                f"Memory: 1K/{ram}K available\n"
                f"HugeTLB: registered {huge} page size, pre-allocated 0 pages\n")

    def test_an_area_is_higher_by_the_page_array_at_most(self):
        linux = self.log(0x7AC00000)
        for ours, differs in ((self.log(0x7AC00000), False), (self.log(0x7BC00000), False),
                              (self.log(0x7AA00000), True), (self.log(0x7C400000), True),
                              (self.log(0x7BC00000, size=63), True)):
            self.assertEqual(beside(linux, ours), differs, ours)

    def test_on_x86_it_is_where_it_is(self):
        self.assertTrue(beside(*(self.log(place, huge="2.00 MiB")
                                 for place in (0x7AC00000, 0x7BC00000))))

    def test_a_lost_beginning_is_not_compared(self):
        rest = self.log(0x7AC00000)
        linux = "** 3068 printk messages dropped **\n" + rest
        self.assertFalse(beside(linux, "Machine model: m\n" + rest))
        self.assertTrue(beside(rest, "Machine model: m\n" + rest))
        self.assertTrue(beside(linux, "Machine model: m\n" + rest.replace("128 MB", "1 MB")))


class Reserved(unittest.TestCase):
    def test_the_image_is_each_kernels_own(self):
        self.assertFalse(differ(LINUX, OURS))
        self.assertFalse(differ(LINUX, OURS, {"reserved"}))

    def test_the_first_mib_and_what_is_no_ram_are_not(self):
        for old, new in ((row("reserved", 0, 0, 0x10000), row("reserved", 0, 0, 0x11000)),
                         (row("reserved", 0, 0, 0x10000), ""), (TABLES, ""),
                         (TABLES, TABLES.replace("0x0\n", "0x10\n")),
                         (TABLES, TABLES.replace(" flags", " on node 1 flags")),
                         (TABLES, row("reserved", 3, 0x3FFDF000, 0x3FFE1AD9))):
            self.assertIn(old, OURS)
            self.assertTrue(differ(LINUX, OURS.replace(old, new)), new)

    def test_where_the_initrd_lies_is_the_loaders(self):
        linux, ours = (text + row("reserved", 4, start, start + 0x2000)
                       + f"RAMDISK: [mem {start:#010x}-{start + 0x1fff:#010x}]\n"
                       for text, start in ((LINUX, 0x50000000), (OURS, 0x50009000)))
        self.assertFalse(differ(linux, ours))
        self.assertTrue(differ(linux, OURS))

    def test_an_initrd_that_is_partly_in_ram(self):
        linux, ours = (text + row("reserved", 4, 0x3FF00000, 0x3FFF0000) * times
                       + "RAMDISK: [mem 0x3ff00000-0x3ffeffff]\n"
                       for text, times in ((LINUX, 0), (OURS, 1)))
        self.assertFalse(differ(linux, ours))


class Words(unittest.TestCase):
    def test_the_second_try_of_a_log_buffer(self):
        row_of = "memblock_phys_free: [0x%016x-0x%016x] setup_log_buf+0x373/0x3a0\n"
        self.assertFalse(differ(row_of % (0x1000, 0x1FFF), row_of % (0x5000, 0x5FFF)))
        self.assertTrue(differ(row_of % (0x1000, 0x1FFF), row_of % (0x5000, 0x6FFF)))

    def test_wiping_counts_if_a_word_says_so(self):
        linux, ours = (f"mem auto-init: stack:{stack}, heap alloc:{alloc}, heap free:off\n"
                       for stack, alloc in (("all(zero)", "on"), ("off", "off")))
        said = "Command line: quiet init_on_alloc=0\n"
        self.assertFalse(differ(linux, ours))
        self.assertTrue(differ(said + linux, said + ours))
        self.assertTrue(differ(linux, ours.replace("free:off", "free:on")))



# One machine, as 6.12 and as 7.3 say it; the last word is where they part.
OLDER = """BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable
BIOS-e820: [mem 0x00000000000f0000-0x00000000000fffff] reserved
BIOS-e820: [mem 0x0000000100000000-0x000000017fffffff] persistent (type 12)
e820: update [mem 0x00000000-0x00000fff] usable ==> reserved
e820: remove [mem 0x000a0000-0x000fffff] usable
memblock_reserve: [0x0000000000000000-0x00000000000fffff] setup_arch+0x1/0x2
[mem 0x40000000-0xfffbffff] available for PCI devices
e820: reserve RAM buffer [mem 0x0009fc00-0x0009ffff]
"""
LATER = """BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff]  System RAM
BIOS-e820: [gap 0x000000000009fc00-0x00000000000effff]
BIOS-e820: [mem 0x00000000000f0000-0x00000000000fffff]  device reserved
BIOS-e820: [mem 0x0000000100000000-0x000000017fffffff]  persistent RAM (type 12)
e820: update [mem 0x00000000-0x00000fff] System RAM ==> device reserved
e820: remove [mem 0x000a0000-0x000fffff] System RAM
__memblock_reserve: [0x0000000000000000-0x00000000000fffff] nid=-1 flags=0 reserve_real_mode+0x8/0x9
[gap 0x40000000-0xfffbffff] available for PCI devices
e820: register RAM buffer resource [mem 0x0009fc00-0x0009ffff]
"""


class Words(unittest.TestCase):
    def differ(self, one, other, rules):
        sides = (wording.read(rules).apply(difflinux.items(io.BytesIO(text.encode())))[0]
                 for text in (one, other))
        return difflinux.diverge(*sides)

    def test_types_are_compared_not_words(self):
        self.assertEqual(self.differ(OLDER, LATER, "any"), [])
        self.assertTrue(self.differ(OLDER, LATER, "exactly"))

    def test_another_type_or_range_is_seen_nevertheless(self):
        for old, new in (("System RAM\n", "device reserved\n"), ("==> device reserved", "==> ACPI data"),
                         ("fbffff] available", "faffff] available"), ("9ffff]\n", "affff]\n"),
                         ("RAM (type 12)", "RAM (type 7)")):
            self.assertIn(old, LATER)
            self.assertTrue(self.differ(OLDER, LATER.replace(old, new, 1), "any"), new)

    def test_reserved_is_a_set(self):
        halves = DUMP.replace(row("reserved", 0, 0, 0x10000),
                              row("reserved", 0, 0, 0x8000) + row("reserved", 1, 0x8000, 0x10000))
        self.assertFalse(differ(DUMP, halves))
        self.assertTrue(differ(DUMP, halves.replace("flags: 0x0\n", "flags: 0x20\n", 4)
                               .replace("flags: 0x20\n", "flags: 0x0\n", 3)))

    def test_a_rule_that_left_lines_out_says_why(self):
        rules = wording.read("7.3")
        found = difflinux.items(io.BytesIO(b"HugeTLB: allocation took 5ms with x=1\n" + LATER.encode()))
        left, used = rules.apply(found)
        self.assertEqual(len(left), len(found) - 1)
        self.assertEqual([skip.why for skip in used], ["a time"])

    def test_every_file_of_rules_can_be_read(self):
        self.assertLessEqual({"6.1", "6.18", "7.3", "any"}, set(wording.releases()))
        for release in wording.releases():
            rules = wording.read(release)
            self.assertTrue(rules.changes or rules.skips, release)

    def test_a_line_that_is_no_rule(self):
        with tempfile.TemporaryDirectory(prefix="daybreak-rules-") as folder:
            for text in ("say nothing\n", "skip map\n", "say ( => x\n", "hello\n"):
                Path(folder, "x.rules").write_text(text, encoding="ascii")
                with mock.patch.object(wording, "HERE", Path(folder)):
                    with self.assertRaisesRegex(wording.Trouble, r"x\.rules:1: "):
                        wording.read("x")

if __name__ == "__main__":
    ktap_unittest.main()
