#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The machine a log is booted on: it has the log's RAM, nodes, and what its kernel did."""

import io
import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests/scripts")]
# pylint: disable=wrong-import-position
import ktap_unittest                             # noqa: E402
from memmaplib import compare, machine           # noqa: E402
from memmaplib.bootlog import read_file, read_log                # noqa: E402
from memmaplib.facts import RAM                  # noqa: E402
from memmaplib.machine import from_log           # noqa: E402
from memmaplib.words import asked_of_memory, shaping             # noqa: E402

BUILD = os.environ.get("BUILD", ROOT / "build")
G, M = 1 << 30, 1 << 20
IMAGE = (M, M + 0xB4000)
LOGS = sorted((ROOT / "tests/maps").glob("*.dmesg")) + sorted(
    (ROOT / "tests/qemu/logs").glob("*.dmesg"))
LOW = "BIOS-e820: [mem 0x0000000000000000-0x000000000009ffff] usable\n"
PLAIN = LOW + "BIOS-e820: [mem 0x0000000000100000-0x00000000bfffffff] usable\n"


def of(text):
    return from_log(read_log(io.BytesIO(text.encode()), "x"), IMAGE)


def ram(*ranges):
    return LOW + "".join(f"BIOS-e820: [mem {start:#018x}-{end - 1:#018x}] usable\n"
                         for start, end in ranges)


def backed(box):
    """[(start, end)] of the RAM that the QEMU command line gives."""
    _, size, _ = box.qemu_memory()
    high = [(4 * G, 4 * G + size - 3 * G)] if size > 3 * G else []
    return [(0, min(size, 3 * G))] + [(at, at + part) for at, part in box.pci_ram()] + high


def reserved(box):
    """[(start, end)] of what the words leave out."""
    words = re.findall(r"(0x[0-9a-f]+)\$(0x[0-9a-f]+)", " ".join(box.words))
    return [(int(at, 16), int(at, 16) + int(size, 16)) for size, at in words]


class Ram(unittest.TestCase):
    """Law: every byte of the map's RAM is there in QEMU, or the words leave it out and it is said."""

    def uncovered(self, box):
        have = sorted(backed(box) + reserved(box))
        at = [piece for entry in box.entries if entry.type == RAM
              for piece in machine.missing([entry], have)]
        return at

    def test_every_map_of_the_tree(self):
        for path in LOGS:
            with self.subTest(map=path.stem):
                box = from_log(read_file(path), IMAGE)
                self.assertEqual(self.uncovered(box), [])
                self.assertEqual(len(reserved(box)), sum("left out" in n for n in box.notes))

    def test_every_end_of_low_ram(self):
        for end in list(range(2 * G + 0x1000, 4 * G + 1, 0x4567000)) + [
                3 * G, 3 * G + 1, 3 * G + M, 0xE0000000, 0xFEBFFFFF, 0xFEC00000, 0xFEC00001, 4 * G]:
            for above in ([], [(4 * G, 5 * G)], [(16 << 40, (16 << 40) + G)]):
                box = of(ram((M, end), *above))
                with self.subTest(end=hex(end), above=above):
                    self.assertEqual(self.uncovered(box), [])
                    microvm = box.qemu_memory()[0] == "microvm"
                    left = max(end - (3 * G if microvm else machine.LOW_DEVICES), 0)
                    self.assertEqual(sum(high - low for low, high in reserved(box)), left)

    def test_pci_ram_is_aligned_small_and_below_the_devices(self):
        for end in range(3 * G + 0x1000, machine.LOW_DEVICES, 0x1234000):
            parts = of(ram((M, end))).pci_ram()
            for base, size in parts:
                self.assertEqual((size & (size - 1), base % size), (0, 0))
            self.assertLessEqual(parts[-1][0] + parts[-1][1], machine.LOW_DEVICES)
            self.assertLess(parts[-1][0], end)
            self.assertLess(len(parts), 8)

    def test_ram_beyond_any_machine(self):
        box = of(ram((M, G), (1 << 50, (1 << 50) + G)))
        self.assertEqual((self.uncovered(box), len(reserved(box))), ([], 1))
        self.assertLess(box.qemu_memory()[1], 2 * G)

    def test_nothing_of_the_log_is_shrunk(self):
        for path in LOGS:
            log = read_file(path)
            box = from_log(log, IMAGE)
            with self.subTest(map=path.stem):
                if box.source == "BIOS-e820":
                    self.assertTrue(set(log.maps["BIOS-e820"]) <= set(box.entries))
                given = sorted((e.start, e.end) for e in log.firmware() if e.end > e.start)
                added = [e for e in box.entries if e not in log.firmware() and e.end > e.start]
                for entry in added if box.source in ("BIOS-e820", "efi memNN lines") else ():
                    self.assertEqual(list(machine.missing([entry], given)),
                                     [(entry.start, entry.end)])


class NoRamAtOneMiB(unittest.TestCase):
    def test_tables_keep_out_of_image_and_block(self):
        for path in LOGS:
            box = from_log(read_file(path), IMAGE)
            at, need = box.tables_place(), 512 + 56 * (len(box.srat) + len(box.nids()))
            with self.subTest(map=path.stem):
                low = machine.BLOCK_AT + 0x40000 < at < 0x90000
                self.assertTrue(low or at >= IMAGE[1], hex(at))
                self.assertTrue(any(low <= at and at + need <= high for low, high in backed(box)))

    def test_a_whole_map_is_no_excerpt(self):
        box = of(LOW + "BIOS-e820: [mem 0x0000000000100000-0x00000000001fffff] ACPI data\n"
                 "BIOS-e820: [mem 0x0000000000200000-0x000000003fffffff] usable\n")
        self.assertEqual((len(box.entries), len(box.notes)), (3, 1))
        self.assertIn("its image makes 0xb4000 bytes of [mem 0x0000000000100000-0x00000000001fffff] "
                      "ACPI data RAM", box.notes[0])

    def test_a_map_that_leaves_no_room_is_left_alone(self):
        box = of("BIOS-e820: [mem 0x0000000000000000-0x00000000000fffff] reserved\n"
                 "BIOS-e820: [mem 0x0000000000100000-0x000000003fffffff] usable\n")
        self.assertEqual((len(box.entries), box.notes), (2, []))

    def test_an_excerpt_is_completed_where_it_is_silent(self):
        box = of("BIOS-e820: [mem 0x0000000000080000-0x00000000000fffff] reserved\n"
                 "BIOS-e820: [mem 0x0000000001000000-0x0000000001ffffff] ACPI NVS\n")
        self.assertEqual([(e.start, e.end) for e in box.entries if e.type == RAM],
                         [(0, 0x80000), (M, 16 * M), (32 * M, 256 * M)])
        self.assertIn("excerpt", box.notes[0])


class Nodes(unittest.TestCase):
    def numbers(self, text):
        """{node: domain} as a kernel gives them: by first appearance."""
        box, order = of(PLAIN + text), []
        for word in box.nids():
            order.append(int(word.split(":")[1]))
        return dict(enumerate(order))

    def test_a_node_of_cpus_keeps_its_number(self):
        text = "".join(f"SRAT: PXM {n} -> APIC {n * 16:#04x} -> Node {n}\n" for n in range(4))
        text += "ACPI: SRAT: Node 0 PXM 0 [mem 0x00000000-0x3fffffff]\n"
        text += "ACPI: SRAT: Node 3 PXM 3 [mem 0x40000000-0xbfffffff]\n"
        self.assertEqual(self.numbers(text), {0: 0, 1: 1, 2: 2, 3: 3})

    def test_a_number_nobody_has_gets_a_domain_nobody_has(self):
        text = "ACPI: SRAT: Node 0 PXM 2 [mem 0x00000000-0x3fffffff]\n"
        text += "ACPI: SRAT: Node 3 PXM 1 [mem 0x40000000-0xbfffffff]\n"
        self.assertEqual(self.numbers(text), {0: 2, 1: 0, 2: 3, 3: 1})

    def test_the_last_node_has_nothing(self):
        text = "ACPI: SRAT: Node 0 PXM 0 [mem 0x00000000-0xbfffffff]\n"
        text += "Initmem setup node 3 as memoryless\n"
        self.assertEqual(self.numbers(text), {0: 0, 1: 1, 2: 2, 3: 3})

    def test_nodes_without_srat_lines(self):
        text = ("  node   2: [mem 0x0000000000001000-0x000000000009efff]\n"
                "  node   2: [mem 0x0000000000100000-0x000000003fffffff]\n"
                "  node   0: [mem 0x0000000040000000-0x00000000bfffffff]\n")
        box = of(PLAIN + text)
        self.assertEqual([(node.nid, node.start, node.end) for node in box.srat],
                         [(2, 0, 0x40000000), (0, 0x40000000, 0xC0000000)])
        self.assertEqual(len(box.notes), 1)
        self.assertEqual(of("Command line: numa=fake=2\n" + PLAIN + text).srat, [])
        self.assertEqual(of(PLAIN + text.replace("node   0", "node   2")).srat, [])

    def test_the_log_contradicts_itself_or_has_numbers_too_large(self):
        text = "SRAT: PXM 5 -> APIC 0x0 -> Node 0\nACPI: SRAT: Node 0 PXM 1 [mem 0x0-0x3fffffff]\n"
        self.assertEqual(self.numbers(text), {0: 1})
        text = "ACPI: SRAT: Node 99999999 PXM 4 [mem 0x00000000-0x3fffffff]\n"
        self.assertEqual(len(self.numbers(text)), 1025)


class Said(unittest.TestCase):
    def test_words_that_shape_memory(self):
        line = 'root=/dev/x quiet mem=2G initrd=\\a.img memmap="1G!2G" foo="mem=1G b" hugepages=3 -- mem=1G'
        self.assertEqual(shaping(line), ["mem=2G", 'memmap="1G!2G"', "hugepages=3"])
        self.assertEqual(shaping("initrd=0x30000000,64M memblock=debug nogbpages"),
                         ["initrd=0x30000000,64M"])
        self.assertEqual(asked_of_memory("memblock=debug,step memblock=debug nogbpages exit quiet", []),
                         ["memblock=debug", "nogbpages"])

    def test_a_crash_kernel_that_was_sized_automatically(self):
        low, high = (0x20000000, 0x30000000, False, 1), (0x100000000, 0x140000000, False, 2)
        self.assertEqual(asked_of_memory("crashkernel=auto", [low]), ["crashkernel=256M"])
        self.assertEqual(asked_of_memory("", [high, (0x10000000, 0x18000000, True, 3)]),
                         ["crashkernel=1024M,high", "crashkernel=128M,low"])
        self.assertEqual(asked_of_memory("crashkernel=1G-:512M", [low]), ["crashkernel=1G-:512M"])

    def test_at_log_stands_for_them(self):
        box = of("Command line: ro mem=2G\n" + PLAIN + "RAMDISK: [mem 0x30000000-0x33ffffff]\n")
        disk = "initrdmem=0x30000000,0x4000000"
        self.assertEqual(box.cmdline("a @log b"), f"{disk} a mem=2G b")
        self.assertEqual(box.cmdline("x@log @logs"), f"{disk} x@log @logs")
        self.assertEqual(box.cmdline("initrd=1G,1M"), "initrd=1G,1M")
        self.assertTrue(any("(mem=2G): CMDLINE=@log" in note for note in box.told("")))

    def test_only_the_first_ramdisk_counts(self):
        moved = ("RAMDISK: [mem 0x70000000-0x70ffffff]\n"
                 "Allocated new RAMDISK: [mem 0x10000000-0x10ffffff]\n"
                 "Move RAMDISK from [mem 0x70000000-0x70ffffff] to [mem 0x10000000-0x10ffffff]\n")
        self.assertEqual(of(PLAIN + moved).words, ["initrdmem=0x70000000,0x1000000"])
        self.assertEqual(of(PLAIN + "RAMDISK: 30000000 - 34000000\n").words,
                         ["initrdmem=0x30000000,0x4000000"])
        self.assertEqual(of(PLAIN + "RAMDISK: [mem 0x30000000-0x2fffffff]\n").words, [])

    def test_what_the_kernel_took_away_is_a_note_and_a_word_of_at_log(self):
        lost = "WARNING: BIOS bug: CPU MTRRs don't cover all of memory, losing 512MB of RAM.\n"
        for text in (lost + "e820: update [mem 0xa0000000-0xbfffffff] usable ==> reserved\n",
                     "update [mem 0xa0000000-0xbfffffff] System RAM ==> device reserved\n" + lost,
                     "e820 update range: 00000000a0000000 - 00000000c0000000 (usable) ==> (reserved)\n",
                     lost + "modified: [mem 0x0000000000100000-0x000000009fffffff] usable\n"):
            box = of(PLAIN + text)
            with self.subTest(text=text):
                self.assertEqual(box.at_log, ["memmap=0x20000000%0xa0000000-1+2"])
                self.assertEqual((len(box.offers), box.notes), (1, []))
                self.assertIn("[mem 0x00000000a0000000-0x00000000bfffffff] usable ==> reserved",
                              box.offers[0])
                self.assertEqual("(MTRR)" in box.offers[0], "MTRR" in text)
                self.assertEqual((box.told("@logs"), box.told("exit @log")), (box.offers, []))

    def test_what_every_kernel_does_is_no_news(self):
        for text in ("e820: update [mem 0x00000000-0x00000fff] usable ==> reserved\n",
                     "e820: remove [mem 0x000a0000-0x000fffff] usable\n",
                     "e820: update [mem 0x28bc5018-0x28bdf857] usable ==> usable\n",
                     "e820: update [mem 0xd8000000-0xffffffff] usable ==> reserved\n",
                     "esrt: Reserving\ne820: update [mem 0x50000000-0x50000fff] usable ==> reserved\n",
                     "modified: [mem 0x0000000000001000-0x00000000bfffffff] usable\n"):
            box = of(PLAIN + text)
            self.assertEqual((box.told(""), box.words, box.at_log), ([], [], []), text)

    def test_mmio_of_the_efi_map_goes_out_of_the_map(self):
        box = of(PLAIN + "efi: Remove mem55: MMIO range=[0xe0000000-0xefffffff] (256MB) from e820 map\n"
                 "e820: remove [mem 0xe0000000-0xefffffff] reserved\n"
                 "e820: remove [mem 0xfd000000-0xfdffffff] reserved\n"
                 "efi: Not removing mem56: MMIO range=[0xfe000000-0xfe000fff] (4KB) from e820 map\n")
        self.assertEqual(box.words, ["memmap=0x10000000%0xe0000000-2,0x1000000%0xfd000000-2"])

    def test_a_thousand_removals_fit_a_command_line(self):
        text = "".join(f"e820: remove [mem {at << 24:#x}-{(at << 24) + 4095:#x}] reserved\n"
                       for at in range(1000))
        box = of(PLAIN + text)
        self.assertLess(len(box.cmdline("exit")), 2047)
        self.assertTrue(any("of 1000" in note for note in box.notes), box.notes)

    def test_lines_that_make_no_sense_change_nothing(self):
        text = ("RAMDISK: [mem 0x3000-\ne820: update [mem 0xzz-0x1] usable ==> reserved\n"
                "efi: Remove mem1: MMIO range=[0xf0000000-0xe0000000] (0MB) from e820 map\n"
                "SRAT: PXM -> APIC\nReserving MB of memory at 624MB for crashkernel\n"
                f"crashkernel reserved: 0x{'f' * 30} - 0x1\n")
        box = of(PLAIN + text)
        self.assertEqual((box.words, box.at_log, box.cpus), ([], [], []))


LINUX = PLAIN + """\
last_pfn = 0xc0000 max_arch_pfn = 0x400000000
ACPI: SRAT: Node 0 PXM 0 [mem 0x00000000-0xbfffffff]
crashkernel reserved: 0x0000000020000000 - 0x0000000030000000 (256 MB)
  DMA      [mem 0x0000000000001000-0x0000000000ffffff]
  DMA32    [mem 0x0000000001000000-0x00000000bfffffff]
  Normal   empty
  node   0: [mem 0x0000000000001000-0x000000000009ffff]
  node   0: [mem 0x0000000000100000-0x00000000bfffffff]
Memory: 3000000K/3145340K available (1K kernel code)
"""


class Compare(unittest.TestCase):
    def results(self, text):
        return compare.results(io.BytesIO(text.encode()))

    def marks(self, linux, ours):
        return [(mark, topic) for mark, topic, *_ in compare.rows(self.results(linux),
                                                                 self.results(ours))
                if mark != compare.SAME]

    def test_equal_logs_in_other_words(self):
        self.assertEqual(len(self.results(LINUX)), 8)
        self.assertEqual(self.marks(LINUX, LINUX), [])
        old = LINUX.replace("crashkernel reserved: 0x0000000020000000 - 0x0000000030000000 (256 MB)",
                            "Reserving 256MB of memory at 512MB for crashkernel (System RAM: 3071MB)")
        old = old.replace("  DMA32    [mem 0x0000000001000000-0x00000000bfffffff]",
                          "  DMA32    0x00001000 -> 0x000c0000")
        self.assertEqual(self.marks(old, LINUX), [])

    def test_every_kind_of_difference_is_marked(self):
        for old, new, topic in (
                ("0xc0000 max", "0xbffff max", "last_pfn"), ("PXM 0", "PXM 1", "SRAT node 0"),
                ("0x30000000 ", "0x28000000 ", "crash kernel"),
                ("0x0000000030000000", "0x0000000028000000", "crash kernel"),
                ("0000000ffffff]", "0000000efffff]", "zone DMA"),
                ("  node   0: [mem 0x0000000000100000-0x00000000bf", "  node   0: [mem 0x0000000000100000-0x00000000be",
                 "node 0 range"), ("3145340K", "3145336K", "RAM in all")):
            if old in LINUX:
                with self.subTest(topic=topic):
                    self.assertEqual(self.marks(LINUX, LINUX.replace(old, new)), [("#", topic)])

    def test_a_line_too_few_or_too_many_is_a_difference(self):
        last = "  node   0: [mem 0x0000000000100000-0x00000000bfffffff]\n"
        for linux, ours in ((LINUX, LINUX.replace(last, "")), (LINUX.replace(last, ""), LINUX)):
            self.assertEqual(self.marks(linux, ours), [("#", "node 0 range")])
        more = LINUX + "  node   1: [mem 0x0000000100000000-0x00000001bfffffff]\n"
        self.assertEqual(self.marks(LINUX, more), [("#", "node 1 range")])

    def test_a_range_more_does_not_shift_the_others(self):
        more = LINUX.replace("  node   0: [mem 0x0000000000100000", "  node   0: [mem 0x00000000000c0000-"
                             "0x00000000000cffff]\n  node   0: [mem 0x0000000000100000")
        self.assertEqual(self.marks(LINUX, more), [("#", "node 0 range")])

    def test_a_range_that_only_our_image_makes_is_no_difference(self):
        more = LINUX.replace("  node   0: ", "  node   0: [mem 0x0000000000100000-0x00000000001c0fff]\n"
                             "  node   0: ", 1)
        found = compare.rows(self.results(LINUX), self.results(more), (0x100000, 0x1C1000))
        self.assertEqual([row[3] for row in found if row[0] != compare.SAME],
                         ["0x100000-0x1c0fff (our image)"])
        self.assertNotIn(compare.DIFFERENT, [row[0] for row in found])
        for image in (None, (0x100000, 0x1C0000), (0x101000, 0x1C1000)):
            found = compare.rows(self.results(LINUX), self.results(more), image)
            self.assertIn(compare.DIFFERENT, [row[0] for row in found], image)

    def test_numbers_of_any_length(self):
        for digits in (30, 5000):
            text = (f"  node   {'9' * digits}: [mem 0x{'f' * digits}-0x{'f' * digits}]\n"
                    f"Memory: {'1' * digits}K/{'9' * digits}K available\n")
            self.assertIsInstance(self.results(LINUX + text), dict)

    def test_what_the_log_does_not_speak_of_is_not_compared(self):
        self.assertEqual({mark for mark, _ in self.marks(PLAIN + "last_pfn = 0xc0000 max\n", LINUX)},
                         {" "})

    def test_the_first_last_pfn_is_before_the_mtrrs_took_ram(self):
        trimmed = ("last_pfn = 0x230000 max_arch_pfn = 0x400000000\nCPU MTRRs don't cover all of memory\n"
                   + LINUX)
        self.assertEqual(self.marks(trimmed, LINUX), [])

    def run_tool(self, *words):
        return subprocess.run([sys.executable, *map(str, words)], capture_output=True, text=True,
                              check=False, timeout=60, cwd=ROOT)

    def test_the_tools(self):
        path = ROOT / "tests/qemu/logs/said-initrd.dmesg"
        run = self.run_tool("scripts/sim", "--build", BUILD, "--map", path, "--compare",
                            "--cmdline", "crashkernel=256M")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertRegex(run.stdout, r"= crash kernel +0x20000000-0x2fffffff \(256 MB\)")
        self.assertIn("0 differ (#)", run.stdout)
        run = self.run_tool("scripts/memmap.py", "compare", path, path)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        run = self.run_tool("scripts/memmap.py", "compare", path, "tests/maps/virtualbox-1.6g.dmesg")
        self.assertEqual(run.returncode, 1)
        run = self.run_tool("scripts/memmap.py", "compare", path, "LICENSE")
        self.assertEqual((run.returncode, run.stderr.count("\n")), (2, 1))

    def test_find_names_the_line_that_took_a_byte_away(self):
        path = ROOT / "tests/qemu/logs/said-mtrr-trim.dmesg"
        run = self.run_tool("scripts/memmap.py", "find", path, "200000000")
        self.assertRegex(run.stdout, r"line \d+: .*usable ==> reserved.*MTRR")
        self.assertIn("not memory", run.stdout)
        run = self.run_tool("scripts/memmap.py", "find", path, "100000")
        self.assertNotIn("==>", run.stdout)



class Why(unittest.TestCase):
    """Law: what the simulator says would fit fits when it is typed."""

    def why(self, path, words, about="all"):
        run = subprocess.run([str(ROOT / "scripts/sim"), "--build", BUILD, "--map", str(path),
                              "--cmdline", words, "--why", about], capture_output=True, text=True,
                             check=False)
        self.assertIn(run.returncode, (0, 35), run.stderr)
        return run.stdout

    def test_advice_for_real_machines(self):
        asked = ("crashkernel=700M@1M", "crashkernel=4000G", "cma=64M@3G", "memmap=64M!100G",
                 "memmap=2G$0x60000000", "hugepagesz=1G hugepages=4000")
        for at, name in enumerate(("virtualbox-1.6g", "dell-r7425-epyc-8node-1tb", "hp-elitebook8-g1a",
                                   "xen-hvm-ec2-4g", "macbookair3-1-efi", "dell-r7625-epyc-32node-768g")):
            path = ROOT / f"tests/maps/{name}.dmesg"
            for words in (asked[at % 3], asked[3 + at % 3]):
                said = self.why(path, words)
                advice = re.findall(r": (\w+=\S+)$", said, re.M)
                self.assertTrue(advice or "hugepages" in words, f"{name} {words}\n{said}")
                for typed in advice:
                    self.assertIn("nothing was refused", self.why(path, typed),
                                  f"{name} {words}\n{said}{typed}")

    def test_pages_by_node(self):
        path = ROOT / "tests/maps/dell-r7425-epyc-8node-1tb.dmesg"
        said = self.why(path, "hugepagesz=1G hugepages=0:200")
        rooms = dict(re.findall(r"node (\d): (\d+)", said[said.index("room for more"):]))
        self.assertEqual(sorted(rooms), list("1234567"), said)
        self.assertIn("nothing was refused",
                      self.why(path, f"hugepagesz=1G hugepages=3:{rooms['3']},7:{rooms['7']}"))
        self.assertIn("on node 3 refused",
                      self.why(path, f"hugepagesz=1G hugepages=3:{int(rooms['3']) + 2}"))

    def test_one_word_of_several(self):
        path = ROOT / "tests/maps/virtualbox-1.6g.dmesg"
        words = "crashkernel=9G cma=9G@1G reserve_mem=9G:0:x"
        self.assertEqual(re.findall(r"^\w+:", self.why(path, words), re.M),
                         ["cma:", "crashkernel:", "reserve_mem:"])
        self.assertEqual(re.findall(r"^\w+:", self.why(path, words, "cma=9G"), re.M), ["cma:"])
        self.assertIn("nothing was refused", self.why(path, words, "hugepages"))

    def test_maps_of_all_witnesses(self):
        for name in ("tinyvmm-32mb-oddend", "i486dx2-16mb", "qemu-xen-pvh-dom0"):
            said = self.why(ROOT / f"tests/maps/{name}.dmesg", "crashkernel=4G@1M")
            self.assertRegex(said, r"in the way: .*\"kernel image\"", name)

if __name__ == "__main__":
    ktap_unittest.main()
