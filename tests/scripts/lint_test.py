#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Every rule of the map doctor: a map that breaks it, a map that does not."""

import io
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests/scripts")]
# pylint: disable=wrong-import-position
import ktap_unittest                             # noqa: E402
from memmaplib import lint                       # noqa: E402
from memmaplib.bootlog import read_log           # noqa: E402

U, R, A, N = "usable", "reserved", "ACPI data", "ACPI NVS"
PC = [(0, 0x9F000, U), (0x9F000, 0xA0000, R), (0xF0000, 0x100000, R), (0x100000, 0x3FFE0000, U),
      (0x3FFE0000, 0x40000000, R)]


def e820(*rows):
    """Rows as the lines of a log; last address inclusive, wraps as Linux would print them."""
    return [f"BIOS-e820: [mem {start:#018x}-{(end - 1) % 2**64:#018x}] {kind}"
            for start, end, kind in rows]


def srat(*rows):
    return [f"ACPI: SRAT: Node {nid} PXM {nid} [mem {start:#010x}-{(end - 1) % 2**64:#010x}]"
            for nid, start, end in rows]


def efi(*rows):
    return [f"efi: mem{at:02d}: [{kind:<19}|   |WB|WT|WC|UC] "
            f"range=[{start:#018x}-{end - 1:#018x}] (1MB)"
            for at, (kind, start, end) in enumerate(rows)]


def table(name, start, size):
    return f"ACPI: {name} 0x{start:016X} {size:06X} (v01 BOCHS  BXPC     00000001 BXPC 00000001)"


TIB = 1 << 40
# rule id: (lines that break it, lines that do not)
FIXTURES = {
    "map-missing": (["Memory: 1K/2K available"], e820(*PC)),
    "ram-missing": (e820((0, 0x1000, R), (0x1000, 0x2000, R)), e820(*PC)),
    "map-single": (e820((0, 0x8000000, U)), e820(*PC)),
    "map-long": (e820(*[(at << 20, (at << 20) + 0x1000, U) for at in range(1, 131)]), e820(*PC)),
    "map-unsorted": (e820(PC[3], PC[0]), e820(*PC)),
    "map-duplicate": (e820(PC[0], PC[0], PC[3]), e820(*PC)),
    "overlap-types": (e820((0, 0x200000, U), (0x1FF000, 0x300000, R)), e820(*PC)),
    "overlap-same": (e820((0, 0x200000, U), (0x1FF000, 0x300000, U)),
                     e820((0, 0x200000, U), (0x200000, 0x300000, U))),
    "entry-wraps": (e820(*PC, (2**64 - 0x1000, 2**64, R)), e820(*PC, (2**52, 2**53, R))),
    "mtrr-trim": (
        e820(*PC) + ["WARNING: BIOS bug: CPU MTRRs don't cover all of memory, losing 512MB of RAM.",
                     "e820: update [mem 0x20000000-0x3fffffff] usable ==> reserved"],
        e820(*PC) + ["e820: update [mem 0x20000000-0x3fffffff] usable ==> reserved"]),
    "entry-empty": (e820(*PC, (0x50000000, 0x50000000, R)), e820(*PC)),
    "ram-sub-page": (e820((0, 0x9FC00, U), (0x9FC00, 0xA0000, R)), e820(*PC)),
    "ram-below-page": (e820(*PC, (0x50000100, 0x50000900, U)), e820(*PC)),
    "page-shared": (e820((0x100000, 0x200800, U), (0x200800, 0x201000, A)), e820(*PC)),
    "page0-missing": (e820((0x1000, 0x9F000, U), PC[3]), e820(*PC)),
    "low-ram-small": (e820((0, 0x70000, U), PC[3]), e820(*PC)),
    "ram-in-vga-hole": (e820((0, 0x8000000, U), PC[4]), e820(*PC)),
    "rom-undescribed": (e820((0, 0x9F000, U), (0x100000, 0x8000000, U)), e820(*PC)),
    "low-gap": (e820((0, 0x9A000, U), (0x9F800, 0xA0000, R), PC[3]), e820(*PC)),
    "table-outside": (e820(*PC) + [table("FACP", 0x50000000, 0x74)],
                      e820(*PC) + [table("FACP", 0x3FFE1000, 0x74)]),
    "table-in-ram": (e820(*PC) + [table("FACP", 0x30000000, 0x74)],
                     e820(*PC) + [table("FACP", 0x3FFE1000, 0x74)]),
    "acpi-cut": (e820((0x100000, 0x200000, A), (0x200000, 0x2FF800, A), (0x2FF800, 0x400000, U)),
                 e820(PC[0], (0x100000, 0x200000, A), (0x200000, 0x400000, U))),
    "mmio-hole": (e820(PC[0], (0x100000, 0x100000000, U)), e820(*PC)),
    "ht-range": (e820(*PC, (0x100000000, TIB, U)) + ["smpboot: CPU0: AMD EPYC 7601"], e820(*PC, (0x100000000, 0xFD00000000, U))),
    "phys-bits": (e820(*PC, (2**52, 2**53, U)), e820(*PC, (2**52, 2**53, R))),
    "type-unknown": (e820(*PC, (0x50000000, 0x50001000, "type 20")), e820(*PC)),
    "ram-at-1m": (e820(PC[0], (0x1000000, 0x2000000, U)), e820(*PC)),
    "ram-shredded": (e820(*PC, *[(at << 24, (at << 24) + 0x8000, U) for at in range(80, 100)]),
                     e820(*PC)),
    "srat-uncovered": (e820(*PC) + srat((0, 0, 0x20000000)), e820(*PC) + srat((0, 0, 0x40000000))),
    "srat-overlap": (e820(*PC) + srat((0, 0, 0x30000000), (1, 0x20000000, 0x40000000)),
                     e820(*PC) + srat((0, 0, 0x20000000), (1, 0x20000000, 0x40000000))),
    "srat-range": (e820(*PC) + srat((0, 0, 0x40000000), (1, 0x50000000, 0x50000000)),
                   e820(*PC) + srat((0, 0, 0x40000000))),
    "srat-no-ram": (e820(*PC) + srat((0, 0, 0x40000000), (1, TIB, 2 * TIB)),
                    e820(*PC) + srat((0, 0, 0x40000000))),
    "srat-border": (e820(*PC) + srat((0, 0, 0x20001000), (1, 0x20001000, 0x40000000)),
                    e820(*PC) + srat((0, 0, 0x20000000), (1, 0x20000000, 0x40000000))),
    "efi-descriptor": (efi(("Conventional Memory", 0x1000, 0x1800)),
                       efi(("Conventional Memory", 0x1000, 0x2000))),
    "efi-e820": (e820(*PC) + efi(("Conventional Memory", 0x3FFE0000, 0x40000000)),
                 e820(*PC) + efi(("Conventional Memory", 0x100000, 0x3FFE0000))),
    "efi-runtime": (e820(*PC) + efi(("Runtime Data", 0x200000, 0x300000)),
                    e820(*PC) + efi(("Runtime Data", 0x3FFE0000, 0x40000000))),
}


def found(lines):
    """Ids of the rules that speak up."""
    log = read_log(io.BytesIO("\n".join(lines).encode()), "fixture")
    return {report.rule.id for report in lint.lint(log)}


class Rules(unittest.TestCase):
    """One test a rule is made below."""

    def test_every_rule_has_a_fixture(self):
        self.assertEqual(sorted(FIXTURES), sorted(rule.id for rule in lint.RULES))

    def test_every_rule_says_why_and_who_breaks(self):
        for rule in lint.RULES:
            self.assertTrue(rule.why and rule.breaks and rule.severity in ("error", "warn", "info"))

    def test_a_rule_that_does_not_apply_says_so(self):
        big = e820(*PC, (0x100000000, TIB, U))
        for what, lines, rule, reason in (
                ("an Intel machine of 1 TiB", big + ["smpboot: CPU0: Intel(R) Xeon(R)"], "ht-range",
                 "names no CPU of AMD"),
                ("nobody knows whose CPU", big, "ht-range", "names no CPU of AMD"),
                ("an excerpt", e820((TIB, TIB + 0x1000, R)), "ram-missing", "an excerpt"),
                ("an excerpt of one line", e820((TIB, 2 * TIB, U)), "map-single", "an excerpt"),
                ("a board of arm64", ["Machine model: a board"] + [
                    "efi:   0x000040000000-0x0000ffffffff [Conventional Memory|   |WB|  ]"],
                 "mmio-hole", "not an x86 machine"),
                ("tables of the initrd", e820(*PC) + [
                    "ACPI: Table Upgrade: install [SSDT-TESTER-TESTSSDT]",
                    table("SSDT", 0x30000000, 0x74)], "table-in-ram", "from its initrd")):
            with self.subTest(what=what):
                log = read_log(io.BytesIO("\n".join(lines).encode()), "fixture")
                self.assertNotIn(rule, found(lines))
                told = {rule: why for why, rules in lint.not_applied(log).items() for rule in rules}
                self.assertIn(reason, told[rule])
                self.assertIn(reason, lint.as_text(log, lint.lint(log)))

    def test_without_a_firmware_map_there_is_nothing_to_lint(self):
        for lines in (["Machine model: a board", "  node   0: [mem 0x0000000000000000-0x000000007fffffff]"],
                      ["memblock_add: [0x0000000000001000-0x000000000009efff] f+0x1/0x2"],
                      ["user: [mem 0x0000000000000000-0x000000000009ffff] usable"]):
            self.assertEqual(found(lines), set())
            log = read_log(io.BytesIO("\n".join(lines).encode()), "fixture")
            self.assertIn("no firmware map in this log", lint.as_text(log, []))

    def test_a_device_tree_machine_is_known_without_its_model(self):
        for line in ("Booting Linux on physical CPU 0x0000000000 [0x410fd034]",
                     "OF: fdt: Ignoring memory range 0x80000000 - 0x80200000",
                     "riscv: base ISA extensions acdfim",
                     "OF: reserved mem: 0x000000007d000000..0x000000007d0fffff (1024 KiB) map "
                     "non-reusable ramoops@7d000000"):
            text = f"{line}\n  node   0: [mem 0x0000000000000000-0x0000000004ffffff]\n"
            log = read_log(io.BytesIO(text.encode()), "fixture")
            self.assertIn("no firmware map in this log (device tree machine): nothing to lint",
                          lint.as_text(log, lint.lint(log)))

    def test_addresses_of_the_kernel_and_of_the_bios_are_no_table_outside(self):
        for line in ("ACPI: SSDT 0xFFFF888012345000 000F20 (v01 TESTER TESTSSDT 00000001)",
                     "ACPI: SSDT ffff88012a4e7000 00433 (v02  PmRef  Cpu0Ist 00003000 INTL)",
                     "ACPI: RSDP 00000000000e05b0 00024 (v02 DELL  )"):
            self.assertEqual(found(e820(*PC) + [line]), set(), line)
        self.assertEqual(found(e820(*PC) + ["ACPI: FACP 50000000, 00F4 (r3 INTEL)"]),
                         {"table-outside"})

    def test_what_wraps_is_said_as_it_is(self):
        for rows, words in (((2**64 - 0x1000, 2**64, R), "0 in 64 bits"),
                            ((2**64 - 0x1000, 0x2000, R), "0x1fff, is below its first")):
            log = read_log(io.BytesIO("\n".join(e820(*PC, rows)).encode()), "fixture")
            self.assertIn(words, lint.as_text(log, lint.lint(log)))

    def test_no_map_of_the_tree_has_a_false_error(self):
        """Errors are expected of these, and of no other: what is wrong there is true."""
        true = {"gigabyte-970a-mtrr-trim.dmesg": {"mtrr-trim"}}
        for path in sorted((ROOT / "tests/maps").glob("*.dmesg")):
            with open(path, "rb") as stream:
                reports = lint.lint(read_log(stream, path.name))
            self.assertEqual({report.rule.id for report in reports
                              if report.rule.severity == "error"}, true.get(path.name, set()), path)

    def test_clean_map_has_no_finding(self):
        self.assertEqual(found(e820(*PC)), set())


def make(rule_id, bad, good):
    def test(self):
        self.assertIn(rule_id, found(bad))
        self.assertNotIn(rule_id, found(good))
    return test


for _id, (_bad, _good) in FIXTURES.items():
    setattr(Rules, "test_" + _id.replace("-", "_"), make(_id, _bad, _good))

if __name__ == "__main__":
    ktap_unittest.main()
