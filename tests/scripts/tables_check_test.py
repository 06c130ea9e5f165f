#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""tests/qemu/checks/tables must fail for every way in which page tables can be wrong."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/scripts"))
import ktap_unittest                             # noqa: E402

DIRECT, IMAGE = 0xFFFF888000000000, 0xFFFFFFFF80200000
RAM_END = 6 << 20
LARGE = range(2 << 20, RAM_END, 2 << 20)


def tlb(va, pa, flags):
    """One line of QEMU's `info tlb`: NX, global, large, dirty, accessed, ..., writable."""
    return f"{va:016x}: {pa:016x} {flags}"


def honest():
    """A machine of 6 MiB: its `info tlb`, its log, its `info mtree -f`."""
    pages = [tlb(DIRECT + pa, pa, "XG-DA---W") for pa in range(0, 2 << 20, 4096)]
    pages += [tlb(DIRECT + pa, pa, "XGPDA---W") for pa in LARGE]
    pages += [tlb(IMAGE, 2 << 20, "-G-------")]
    log = [" memory[0x0]\t[0x0000000000001000-0x000000000009fbff], 0x0 bytes flags: 0x0",
           f" memory[0x1]\t[0x0000000000100000-0x{RAM_END - 1:016x}], 0x0 bytes flags: 0x0",
           f"pt: 0x{DIRECT:x}-0x{DIRECT + (2 << 20) - 1:x} -> 0x0 4k -w-g-",
           f"pt: 0x{DIRECT + (2 << 20):x}-0x{DIRECT + RAM_END - 1:x} -> 0x200000 2M -w-g-",
           f"pt: 0x{IMAGE:x}-0x{IMAGE + 4095:x} -> 0x200000 4k --xg-",
           "DirectMap4k: 2048 kB", "DirectMap2M: 4096 kB", "DirectMap1G: 0 kB"]
    mtree = [f"  {0:016x}-{RAM_END - 1:016x} (prio 0, ram): pc.ram"]
    return pages, ["MEMBLOCK configuration:"] + log, mtree


def check(pages, log, mtree):
    with tempfile.TemporaryDirectory() as folder:
        for name, lines in (("ask-0.txt", pages), ("log", log), ("ask-1.txt", mtree)):
            Path(folder, name).write_text("".join(f"{line}\n" for line in lines))
        done = subprocess.run([ROOT / "tests/qemu/checks/tables"], capture_output=True, text=True,
                              env={**os.environ, "CASE_DIR": folder, "CASE_LOG": f"{folder}/log"},
                              check=False)
    return done.returncode, done.stdout


def replaced(lines, old, new):
    found = [line.replace(old, new, 1) for line in lines]
    assert found != lines, old
    return found


class Tables(unittest.TestCase):
    def assert_fails(self, what, pages, log, mtree):
        status, said = check(pages, log, mtree)
        self.assertEqual(status, 1, said)
        self.assertIn(what, said)

    def test_honest_tables_pass(self):
        self.assertEqual(check(*honest()), (0, ""))

    def test_a_page_too_few(self):
        pages, log, mtree = honest()
        self.assert_fails("direct map covers", pages[:300] + pages[301:], log, mtree)

    def test_a_page_too_many(self):
        pages, log, mtree = honest()
        pages.insert(-1, tlb(DIRECT + RAM_END, RAM_END, "XG-DA---W"))
        self.assert_fails("direct map covers", pages, log, mtree)
        self.assert_fails("not in the kernel's report", pages, log, mtree)

    def test_a_hole_mapped_as_part_of_a_large_page(self):
        pages, log, mtree = honest()
        log = replaced(log, f"{RAM_END - 1:016x}]", f"{RAM_END - 0x2001:016x}]")
        self.assert_fails("direct map covers", pages, log, mtree)

    def test_no_ram_of_the_machine(self):
        pages, log, mtree = honest()
        mtree = replaced(mtree, f"{RAM_END - 1:016x}", f"{RAM_END - 4097:016x}")
        self.assert_fails("no RAM of the machine", pages, log, mtree)

    def test_small_pages_where_a_large_one_fits(self):
        pages, log, mtree = honest()
        last = LARGE[-1]
        pages[-2:-1] = [tlb(DIRECT + pa, pa, "XG-DA---W") for pa in range(last, RAM_END, 4096)]
        log = replaced(log, f"{RAM_END - 1:x} -> 0x200000 2M", f"{last - 1:x} -> 0x200000 2M")
        log.append(f"pt: 0x{DIRECT + last:x}-0x{DIRECT + RAM_END - 1:x} -> 0x{last:x} 4k -w-g-")
        self.assert_fails("a page of 4K in a 2M block that is all RAM", pages, log, mtree)

    def test_writable_and_executable(self):
        pages, log, mtree = honest()
        self.assert_fails("writable and executable",
                          pages[:-1] + [tlb(IMAGE, 2 << 20, "-G-DA---W")], log, mtree)

    def test_executable_direct_map(self):
        pages, log, mtree = honest()
        pages[9] = replaced(pages[9:10], "XG-DA---W", "-G-DA----")[0]
        self.assert_fails("direct map is executable", pages, log, mtree)

    def test_other_place(self):
        pages, log, mtree = honest()
        pages[9] = tlb(DIRECT + 9 * 4096, 8 * 4096, "XG-DA---W")
        self.assert_fails("direct map leads elsewhere", pages, log, mtree)

    def test_identity_map_left_over(self):
        pages, log, mtree = honest()
        self.assert_fails("the identity map is still there",
                          [tlb(0x1000, 0x1000, "XG-DA----")] + pages, log, mtree)

    def test_wrong_counts_and_rights_in_the_report(self):
        pages, log, mtree = honest()
        self.assert_fails("DirectMap2M: kernel says", pages,
                          replaced(log, "DirectMap2M: 4096", "DirectMap2M: 2048"), mtree)
        self.assert_fails("other rights than reported", pages,
                          replaced(log, "4k --xg-", "4k -w-g-"), mtree)
        self.assert_fails("no report of the kernel", pages,
                          [line for line in log if not line.startswith("pt:")], mtree)


if __name__ == "__main__":
    ktap_unittest.main()
