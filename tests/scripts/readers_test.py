#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Whose prints are read: every witness's own form, and the same entries out of each."""

import io
import random
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests/scripts")]
# pylint: disable=wrong-import-position
import ktap_unittest                             # noqa: E402
from memmaplib import lint, readers              # noqa: E402
from memmaplib.bootlog import read_log           # noqa: E402
from memmaplib.story import Story                # noqa: E402

M = 1 << 20
# reader: [(what it is, its text, whose map it is, [(start, end, e820 type)])]
MAPS = {
    "efishell": [
        ("the shell of today", """\
Shell> memmap
Type       Start            End              # Pages          Attributes
Available  0000000000000000-000000000009FFFF 00000000000000A0 000000000000000F
ACPI_NVS   0000000000800000-0000000000807FFF 0000000000000008 000000000000000F
BS_Data    0000000000900000-00000000014FFFFF 0000000000000C00 000000000000000F
RT_Data    000000007F000000-000000007F0FFFFF 0000000000000100 800000000000000F
80000001   000000007F100000-000000007F1FFFFF 0000000000000100 000000000000000F

  Reserved  :              0 Pages (0 Bytes)
  LoaderCode:            261 Pages (1,069,056 Bytes)
""", "EFI memory map", [(0, 0xA0000, 1), (8 * M, 8 * M + 0x8000, 4), (9 * M, 21 * M, 1),
                        (127 * 16 * M, 127 * 16 * M + M, 2), (0x7F100000, 0x7F200000, 2)]),
        ("the shell of 2008", """\
available  0000000000090000-000000000009FFFF  0000000000000010 000000000000000F
BS_data    000000007C650000-000000007C697FFF  0000000000000048 000000000000000F
LoaderData 000000007CEAA000-000000007CEC2FFF  0000000000000019 000000000000000F
""", "EFI memory map", [(0x90000, 0xA0000, 1), (0x7C650000, 0x7C698000, 1),
                        (0x7CEAA000, 0x7CEC3000, 1)]),
        ("GRUB's lsefimmap", """\
Type      Physical start  - end             #Pages        Size Attributes
conv-mem  0000000000000000-000000000009ffff 000000a0      640KiB UC WC WT WB
ACPI-rec  000000007e000000-000000007e00ffff 00000010       64KiB UC WC WT WB
""", "EFI memory map", [(0, 0xA0000, 1), (0x7E000000, 0x7E010000, 3)]),
        ("U-Boot's efidebug, with ends", """\
CONVENTIONAL     0000000040000000-0000000048000000 WB
RUNTIME DATA     0000000048000000-0000000048001000 WB RT
""", "EFI memory map", [(0x40000000, 0x48000000, 1), (0x48000000, 0x48001000, 2)]),
        ("ESXi", """\
<6>MMap[0]: 0x0 - 0x8dfff len=581632, type=7, attr=0xf
<6>MMap[1]: 0x8e000 - 0x8ffff len=8192, type=0, attr=0xf
""", "ESXi's MMap", [(0, 0x8E000, 1), (0x8E000, 0x90000, 2)]),
    ],
    "grub": [
        ("lsmmap", """\
grub> lsmmap
base_addr = 0x0, length = 0x9fc00, available RAM
base_addr = 0x9fc00, length = 0x400, reserved RAM
base_addr = 0x7fe0000, length = 0x10000, ACPI reclaimable RAM
base_addr = 0x8000000, length = 0x10000, type = 0x9
""", "GRUB's lsmmap", [(0, 0x9FC00, 1), (0x9FC00, 0xA0000, 2), (0x7FE0000, 0x7FF0000, 3),
                       (0x8000000, 0x8010000, 9)]),
        ("displaymem of GRUB Legacy", """\
 Address Map BIOS Interface is present
  Usable RAM:  Base Address:  0x0 X 4GB + 0x0,
      Length:   0x0 X 4GB + 0x9fc00 bytes
  Reserved RAM:  Base Address:  0x1 X 4GB + 0x10000,
      Length:   0x0 X 4GB + 0x1000 bytes
""", "GRUB's displaymem", [(0, 0x9FC00, 1), (0x100010000, 0x100011000, 2)]),
    ],
    "coreboot": [
        ("its table, then the same once more for the payload", """\
[DEBUG]  Writing coreboot table at 0x7ab34000
[DEBUG]   0. 0000000000000000-0000000000000fff: CONFIGURATION TABLES
[DEBUG]   1. 0000000000001000-000000000009ffff: RAM
[DEBUG]   2. 00000000000a0000-00000000000fffff: RESERVED
 0. 0000000000000000-0000000000000fff: CONFIGURATION TABLES
 1. 0000000000001000-000000000009ffff: RAM
 2. 00000000000a0000-00000000000fffff: RESERVED
""", "coreboot's table", [(0, 0x1000, 16), (0x1000, 0xA0000, 1), (0xA0000, M, 2)]),
        ("a board of arm64", """\
 0. 0000000080000000-00000000800fffff: BL31
 1. 0000000080100000-00000000ffffffff: RAM
""", "coreboot's table", [(0x80000000, 0x80100000, 2), (0x80100000, 0x100000000, 1)]),
    ],
    "seabios": [
        ("SeaBIOS in QEMU", """\
e820 map has 3 items:
  0: 0000000000000000 - 000000000009fc00 = 1 RAM
  1: 000000000009fc00 - 00000000000a0000 = 2 RESERVED
  2: 00000000fdffd000 - 00000000fe000000 = 4 NVS
""", "SeaBIOS", [(0, 0x9FC00, 1), (0x9FC00, 0xA0000, 2), (0xFDFFD000, 0xFE000000, 4)]),
        ("SeaBIOS in a guest, in Xen's log", """\
(XEN) HVM4: e820 map has 8 items:
(XEN) HVM4:   0: 0000000000000000 - 000000000009fc00 = 1 RAM
(XEN) HVM4:   1: 000000000009fc00 - 00000000000a0000 = 2 RESERVED
""", "SeaBIOS", [(0, 0x9FC00, 1), (0x9FC00, 0xA0000, 2)]),
        ("hvmloader", """\
(d1) E820 table:
(d1)  [00]: 00000000:00000000 - 00000000:000a0000: RAM
(d1)  HOLE: 00000000:000a0000 - 00000000:000e0000
(d1)  [01]: 00000001:000e0000 - 00000001:00100000: RESERVED
""", "hvmloader", [(0, 0xA0000, 1), (0x1000E0000, 0x100100000, 2)]),
    ],
    "bsd": [
        ("SMAP of boot -v", """\
SMAP type=01 base=0000000000000000 len=000000000009fc00
SMAP type=02 base=000000000009fc00 len=0000000000000400
""", "FreeBSD's SMAP", [(0, 0x9FC00, 1), (0x9FC00, 0xA0000, 2)]),
        ("sysctl machdep.smap", """\
SMAP type=01, xattr=01, base=0000000000000000, len=000000000009fc00
SMAP type=03, xattr=01, base=000000007ffe0000, len=0000000000010000
""", "FreeBSD's SMAP", [(0, 0x9FC00, 1), (0x7FFE0000, 0x7FFF0000, 3)]),
        ("EFI rows", """\
                   Type     Physical      Virtual   #Pages Attr
     ConventionalMemory 000080000000 000080000000 00007efa WB
    RuntimeServicesData 0000f6b27000            0 00000001 WB RUNTIME
Physical memory chunk(s):
  0x80000000 - 0x87ef9fff,   126 MB (  32506 pages)
""", "FreeBSD's EFI map", [(0x80000000, 0x87EFA000, 1), (0xF6B27000, 0xF6B28000, 2)]),
        ("chunks alone, told twice", """\
Physical memory chunk(s):
  0x80000000 - 0xfbd2ffff,  1981 MB ( 507184 pages)
Excluded memory regions:
  0xfbd30000 - 0xfbd3ffff,     0 MB (     16 pages) NoAlloc
Physical memory chunk(s):
0x00000080000000 - 0x000000f6b26fff, 1991405568 bytes (486183 pages)
""", "FreeBSD's memory chunks", [(0x80000000, 0xFBD30000, 1), (0xFBD30000, 0xFBD40000, 2)]),
        ("OpenBSD", "Region 0: type 1 at 0x0 for 639KB\nRegion 1: type 2 at 0x9fc00 for 1KB\n",
         "OpenBSD's machine memory", [(0, 0x9FC00, 1), (0x9FC00, 0xA0000, 2)]),
    ],
    "xen": [
        ("4.12 and before; a type it has no word for", """\
(XEN) Xen-e820 RAM map:
(XEN)  0000000000000000 - 000000000009a800 (usable)
(XEN)  000000003fe90000 - 000000003fea0000 type 9
""", "(XEN)", [(0, 0x9A800, 1), (0x3FE90000, 0x3FEA0000, 9)]),
        ("4.13 on, with a clock", """\
(XEN) [0000002f2b9fcf11]  [0000000000000000, 000000000009dfff] (usable)
(XEN) [0000002f2b9ff011]  [000000003fe90000, 000000003fe9ffff] type 20
""", "(XEN)", [(0, 0x9E000, 1), (0x3FE90000, 0x3FEA0000, 20)]),
        ("its prefix cut away", """\
 0000000000000000 - 000000000009a800 (usable)
 000000003fe90000 - 000000003fea0000 (ACPI NVS)
""", "(XEN)", [(0, 0x9A800, 1), (0x3FE90000, 0x3FEA0000, 4)]),
        ("EFI", """\
(XEN) EFI memory map:
(XEN)  0000000000000-000000009ffff type=7 attr=000000000000000f
(XEN)  00000000a0000-00000000fffff type=0 attr=0000000000000000
""", "Xen's EFI map", [(0, 0xA0000, 1), (0xA0000, M, 2)]),
        ("arm64", "(XEN) RAM: 0000000040000000 - 00000000bfffffff\n"
                  "(XEN)  RESVD[0]: 0000000048000000 - 000000004800bfff\n",
         "(XEN)", [(0x40000000, 0xC0000000, 1), (0x48000000, 0x4800C000, 2)]),
    ],
    "uboot": [
        ("bdinfo", """\
=> bdinfo
boot_params = 0x0000000040000100
DRAM bank   = 0x0000000000000000
-> start    = 0x0000000040000000
-> size     = 0x0000000040000000
DRAM bank   = 0x0000000000000001
-> start    = 0x0000000100000000
-> size     = 0x0000000000000000
relocaddr   = 0x000000007df51000
""", "U-Boot's bdinfo", [(0x40000000, 0x80000000, 1)]),
        ("bdinfo of 32 bits, in a laboratory's log", """\
  console: DRAM bank   = 0x00000000
  console: -> start    = 0x80000000
  console: -> size     = 0x20000000
""", "U-Boot's bdinfo", [(0x80000000, 0xA0000000, 1)]),
    ],
    "limine": [
        ("its own print", """\
[0x0 -> 0x9fc00] : 0x9fc00 <Usable RAM>
[0x9fc00 -> 0xa0000] : 0x400 <Reserved>
""", "Limine's map", [(0, 0x9FC00, 1), (0x9FC00, 0xA0000, 2)]),
        ("a kernel's print, by Limine's numbers", """\
Amount of entries: 3
base: 0x1000, type: 5, length: 0x51000
base: 0x52000, type: 0, length: 0x4d000
base: 0x9fc00, type: 1, length: 0x400
""", "Limine's map", [(0x1000, 0x52000, 1), (0x52000, 0x9F000, 1), (0x9FC00, 0xA0000, 2)]),
        ("a kernel's print, by words", """\
Start: 0x1000, Size: 324KiB, Type: Bootloader Reclaimable
Start: 0xFD000000, Size: 3MiB, Type: Framebuffer
""", "Limine's map", [(0x1000, 0x52000, 1), (0xFD000000, 0xFD300000, 2)]),
        ("a kernel's print, by e820's numbers", """\
base: 0x0, type: 1, length: 0x9fc00
base: 0x9fc00, type: 2, length: 0x400
""", "a kernel's own print", [(0, 0x9FC00, 1), (0x9FC00, 0xA0000, 2)]),
    ],
    "iomem": [
        ("/proc/iomem", """\
00000000-00000fff : Reserved
00001000-0009fbff : System RAM
00100000-7ffdffff : System RAM
  01000000-01e02520 : Kernel code
  30000000-3fffffff : Crash kernel
7ffe0000-7fffffff : ACPI Tables
80000000-febfffff : PCI Bus 0000:00
  febc0000-febdffff : 0000:00:03.0
""", "/proc/iomem", [(0, 0x1000, 2), (0x1000, 0x9FC00, 1), (M, 0x7FFE0000, 1),
                     (0x7FFE0000, 0x80000000, 3)]),
        ("kexec --debug", "0000000000000100-000000000009c3ff : System RAM\n"
                          "000000000009c400-000000000009ffff : Reserved\n",
         "/proc/iomem", [(0x100, 0x9C400, 1), (0x9C400, 0xA0000, 2)]),
        ("/sys/firmware/memmap by grep", """\
/sys/firmware/memmap/0/end:0x9fbff
/sys/firmware/memmap/0/start:0x0
/sys/firmware/memmap/0/type:System RAM
/sys/firmware/memmap/1/end:0x9ffff
/sys/firmware/memmap/1/start:0x9fc00
/sys/firmware/memmap/1/type:Reserved
""", "/sys/firmware/memmap", [(0, 0x9FC00, 1), (0x9FC00, 0xA0000, 2)]),
        ("the same from inside the folder", "0/end:0x9fbff\n0/start:0x0\n0/type:System RAM\n",
         "/sys/firmware/memmap", [(0, 0x9FC00, 1)]),
        ("/sys/firmware/memmap by head", """\
==> /sys/firmware/memmap/0/end <==
0x9fbff

==> /sys/firmware/memmap/0/start <==
0x0

==> /sys/firmware/memmap/0/type <==
ACPI Tables
""", "/sys/firmware/memmap", [(0, 0x9FC00, 3)]),
        ("the script of the documentation", "0000000000000000-000000000009fc00 (System RAM)\n",
         "/sys/firmware/memmap", [(0, 0x9FC00, 1)]),
    ],
}


def read(text):
    return read_log(io.BytesIO(text.encode()), "fixture")


def regions(found):
    return [(region.start, region.end, region.owner, region.flags) for region in found]


class Maps(unittest.TestCase):
    def test_every_print_of_a_map(self):
        for reader, rows in MAPS.items():
            for what, text, whose, want in rows:
                with self.subTest(reader=reader, what=what):
                    log = read(text)
                    self.assertEqual([(e.start, e.end, e.type) for e in log.firmware()], want)
                    self.assertEqual((log.witness(), log.bad), (whose, 0), log.first_bad)
                    self.assertTrue(Story(log).find(want[0][0])[0][1])

    def test_every_print_is_read_in_a_mail_too(self):
        for reader, rows in MAPS.items():
            for what, text, _, want in rows:
                if "head" in what or "cut away" in what:    # nothing else tells what they are
                    continue
                with self.subTest(reader=reader, what=what):
                    quoted = "".join(f"> {line}\r\n" for line in text.splitlines())
                    log = read("On Monday, somebody wrote:\n" + quoted)
                    self.assertEqual([(e.start, e.end, e.type) for e in log.firmware()], want)

    def test_a_reader_without_a_fixture_there_is_not(self):
        names = {row.reader.__name__.rsplit(".", 1)[1] for row in readers.READERS}
        self.assertEqual(names - set(MAPS), {"linuxmap", "linuxmemblock", "linuxnodes", "linuxsaid",
                                             "procfs", "debugfs"})  # the classes below are theirs

    def test_addresses_hidden_from_users_are_said(self):
        log = read("00000000-00000000 : System RAM\n00000000-00000000 : Reserved\n")
        self.assertEqual(log.firmware(), [])
        self.assertIn("read it as root", "; ".join(log.doubts()))

    def test_linux_own_map_comes_first_and_firmware_before_it_is_the_same_boot(self):
        log = read(MAPS["seabios"][0][1] + "Linux version 6.1\n"
                   "BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable\n")
        self.assertEqual((log.witness(), len(log.firmware()), len(log.boots)), ("", 1, 1))
        self.assertEqual(len(log.maps["SeaBIOS"]), 3)

    def test_an_unknown_word_is_reserved_and_said(self):
        for text in ("base_addr = 0x0, length = 0x9fc00, moon RAM\n",
                     " 0. 0000000000000000-0000000000000fff: MOON\n",
                     "Start: 0x1000, Size: 324KiB, Type: Moon\n"):
            log = read(text)
            self.assertEqual((log.firmware()[0].type, log.bad), (2, 1))
            self.assertIn("line 1: type '", log.first_bad)


    def test_nothing_that_becomes_of_a_print_ends_the_program(self):
        chance = random.Random(16)
        texts = [text for rows in MAPS.values() for _, text, _, _ in rows]
        for _ in range(300):
            text = list("".join(chance.choice(texts) for _ in range(6)))
            for _ in range(chance.randint(1, 30)):
                at = chance.randrange(len(text))
                text[at:at + chance.choice((0, 1, 25))] = chance.choice(
                    ("", "", "\n", "> ", "ffffffffffffffff", " - ", "9" * 25, "&#x0;", "=3D", "\x1b["))
            story = Story(read("".join(text)))
            story.find(0x1000)
            lint.as_text(story.log, lint.lint(story.log))
        self.assertEqual(read("Start: 0x1000, Size: 324KiB\n").bad, 1)


class DeviceTree(unittest.TestCase):
    def test_arm64(self):
        log = read("""\
[    0.000000] Machine model: a board
[    0.000000] OF: reserved mem: 0x000000006c000000..0x000000007bffffff (262144 KiB) map \
reusable linux,cma
[    0.000000] OF: reserved mem: 0x0000000005000000..0x00000000072fffff (35840 KiB) nomap \
non-reusable fw@5000000
[    0.000000]   DMA      [mem 0x0000000000000000-0x000000007fffffff]
[    0.000000]   Normal   empty
[    0.000000]   node   0: [mem 0x0000000000000000-0x0000000004ffffff]
[    0.000000]   node   0: [mem 0x0000000005000000-0x000000007fffffff]
""")
        story = Story(log)
        self.assertEqual([(start, end) for start, end, _ in story.memory],
                         [(0, 0x5000000), (0x5000000, 0x80000000)])
        self.assertEqual(regions(item[2] for item in story.reserved),
                         [(0x5000000, 0x7300000, "fw@5000000", 4),
                          (0x6C000000, 0x7C000000, "linux,cma", 0)])

    def test_pools_of_older_kernels_get_their_names(self):
        log = read("""\
Reserved memory: created CMA memory pool at 0x0000000037400000, size 64 MiB
OF: reserved mem: initialized node linux,cma, compatible id shared-dma-pool
OF: fdt: Reserved memory: reserved region for node 'tee@3fe00000': base 0x3fe00000, size 2 MiB
cma: Reserved 16 MiB at 0x000000003f000000
""")
        self.assertEqual(regions(log.owners_said),
                         [(0x37400000, 0x3B400000, "linux,cma", 0),
                          (0x3FE00000, 0x40000000, "tee@3fe00000", 0),
                          (0x3F000000, 0x40000000, "cma", 0)])

    def test_riscv_and_efi_rows_of_arm64(self):
        log = read("""\
[    0.000000] OF: fdt: Ignoring memory range 0x80000000 - 0x80200000
[    0.000000] efi:   0x000080200000-0x0000821fffff [Loader Data        |   |  |  |  |  |WB|  \
|  |  ]
[    0.000000] efi: memattr:  0x0000bfd00000-0x0000bfd0ffff [Runtime Code|RUN|  |XP|RO|  |  \
|WB|  |  |  ]
[    0.000000]   0x0000bfc00000-0x0000bfcfffff [ACPI Reclaim Memory|   |  |  |  |  |WB|  |  |  ]
[    0.000000]   node   0: [mem 0x0000000080200000-0x00000000bfffffff]
""")
        self.assertEqual([(e.start, e.end, e.type) for e in log.firmware()],
                         [(0x80200000, 0x82200000, 1), (0xBFC00000, 0xBFD00000, 3)])
        self.assertEqual(log.bad, 0)

    def test_an_x86_log_whose_head_the_ring_buffer_ate(self):
        story = Story(read("""\
[    0.015517] Zone ranges:
[    0.015518]   DMA      [mem 0x0000000000001000-0x0000000000ffffff]
[    0.015526]   node   0: [mem 0x0000000000001000-0x000000000009ffff]
[    0.015527]   node   1: [mem 0x0000000000100000-0x000000005f42dfff]
"""))
        self.assertEqual([(start, end, region.nid) for start, end, region in story.memory],
                         [(0x1000, 0xA0000, 0), (M, 0x5F42E000, 1)])
        self.assertIn(("firmware", "the log has no firmware map"), story.find(M))


class Eras(unittest.TestCase):
    def owners(self, text):
        return [(start, end, region.owner) for start, end, region in Story(read(text)).reserved]

    def test_early_reservations(self):
        want = [(0, 0x1000, "BIOS data page"), (0x8000, 0xA000, "PGTABLE"),
                (M << 4, 0x2045964, "TEXT DATA BSS")]
        for tail in ("", " ==> [0000000000 - 0000001000]"):
            for coat in ("{}", "[    0.000000]   {}", "Feb  8 15:28:30 host kernel: [    0.000000]   {}"):
                rows = ["#0 [0000000000 - 0000001000]   BIOS data page" + tail,
                        "#1 [0001000000 - 0002045964]    TEXT DATA BSS" + tail,
                        "#4 [0000008000 - 000000a000]          PGTABLE" + tail]
                self.assertEqual(self.owners("\n".join(map(coat.format, rows))), want)

    def test_takers_of_other_eras(self):
        self.assertEqual(self.owners("""\
RAMDISK: 37bf3000 - 37fef000
  NODE_DATA [0000000000011840 - 000000000001683f]
Reserving 128MB of memory at 32MB for crashkernel (System RAM: 2047MB)
ACPI: Reserving FACP table memory at [mem 0x7fe20d1-0x7fe21c4]
"""), [(0x11840, 0x16840, "NODE_DATA"), (32 * M, 0x7FE20D1, "crash kernel"),
       (0x7FE20D1, 0x7FE21C5, "ACPI FACP"), (0x7FE21C5, 160 * M, "crash kernel"),
       (0x37BF3000, 0x37FEF000, "initrd")])

    def test_zones_and_nodes_in_pages(self):
        log = read("Zone PFN ranges:\n  DMA      0x00000010 -> 0x00001000\n"
                   "early_node_map[1] active PFN ranges\n    0: 0x00000010 -> 0x0000009f\n")
        self.assertEqual(log.zones, [("DMA", 0x10000, 0x1000000)])
        self.assertEqual(regions(log.node_ranges), [(0x10000, 0x9F000, "", 0)])

    def test_acpi_lines_without_0x_and_kernel_addresses(self):
        log = read("ACPI: RSDP 00000000000f05b0 00024 (v02 DELL  )\n"
                   "ACPI: FACP BFEEB8F4, 00F4 (r3 INTEL  CRESTLNE  6040000 LOHR 5A)\n"
                   "ACPI: SSDT 0xFFFF888012345000 000F20 (v01 TESTER TESTSSDT 00000001)\n"
                   "ACPI: SSDT ffff88012a4e7000 00433 (v02  PmRef  Cpu0Ist 00003000 INTL)\n")
        self.assertEqual([row[:3] for row in log.acpi],
                         [("RSDP", 0xF05B0, 0xF05D4), ("FACP", 0xBFEEB8F4, 0xBFEEB9E8)])

    def test_find_knows_memory_that_firmware_keeps(self):
        with open(ROOT / "tests/linux-logs/arm64/m1g-dtb-reserved.log", encoding="utf-8") as file:
            found = dict(Story(read(file.read())).find(0x51000000))
        self.assertEqual(found["owner"], "firmware: no-map, never in the buddy")
        self.assertIn("nomap", found["memblock"])

    def test_find_does_not_say_nobody_where_the_log_says_nothing(self):
        entry = "BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable\n"
        self.assertIn(("owner", "the log names no reservations"), Story(read(entry)).find(0x2000))
        known = entry + "memblock_reserve: [0x0000000000001000-0x0000000000001fff] f+0x1/0x2\n"
        self.assertIn(("owner", "nobody: free for the buddy"), Story(read(known)).find(0x2000))


class Kernel(unittest.TestCase):
    def test_buddyinfo(self):
        log = read("Node 0, zone      DMA      1      0      1\nNode 0, zone    DMA32    759    572\n")
        self.assertEqual(log.buddy, {(0, "DMA"): [1, 0, 1], (0, "DMA32"): [759, 572]})
        self.assertTrue(log.speaks())

    def test_zoneinfo(self):
        log = read("Node 0, zone      DMA\n  per-node stats\n      nr_inactive_anon 2\n"
                   "  pages free     3840\n        spanned  4095\n        present  3998\n"
                   "        managed  3840\n  start_pfn:           1\n"
                   "Node 1, zone   Normal\n        spanned  512\n  start_pfn:         8192\n")
        self.assertEqual(log.zones, [("DMA", 0x1000, 0x1000000), ("Normal", 32 * M, 34 * M)])
        self.assertEqual([region.nid for region in log.node_ranges], [0, 1])

    def test_debugfs(self):
        rows = ("   0: 0x0000000000001000..0x000000000009efff    0 NONE\n"
                "   1: 0x0000000000100000..0x000000007ffdffff    0 HOTPLUG|NOMAP\n",
                "   0: 0x0000000000000000..0x00000000000fffff\n")
        folder = "/sys/kernel/debug/memblock/"
        for text in (rows[0] + rows[1],
                     f"# cat {folder}memory\n{rows[0]}# cat {folder}reserved\n{rows[1]}",
                     f"$ sudo cat {folder}reserved\n{rows[1]}$ sudo cat {folder}memory\n{rows[0]}",
                     f"==> {folder}memory <==\n{rows[0]}\n==> {folder}reserved <==\n{rows[1]}",
                     "".join(f"memory:{line}\n" for line in rows[0].splitlines())
                     + f"reserved:{rows[1]}"):
            dump = read(text).dumps[0]
            self.assertEqual(regions(dump.memory), [(0x1000, 0x9F000, "", 0),
                                                    (M, 0x7FFE0000, "", 5)], text)
            self.assertEqual(regions(dump.reserved), [(0, M, "", 0)], text)

    def test_the_lmb_of_u_boot_has_the_form_of_a_dump(self):
        dump = read("lmb_dump_all:\n memory.count = 0x1\n"
                    " memory[0]\t[0x80000000-0xffffffff], 0x80000000 bytes, flags: none\n"
                    " reserved[0]\t[0x9e800000-0xabffffff], 0x0d800000 bytes, flags: no-map\n"
                    " reserved[1]\t[0xfeb22ff0-0xffffffff], 0x14dd010 bytes, flags: no-notify, "
                    "no-overwrite\n").dumps[0]
        self.assertEqual(regions(dump.memory), [(0x80000000, 0x100000000, "", 0)])
        self.assertEqual(regions(dump.reserved), [(0x9E800000, 0xAC000000, "", 4),
                                                  (0xFEB22FF0, 0x100000000, "", 0)])

    def test_memblock_of_6_18_and_7_3(self):
        log = read("__memblock_reserve: [0x1000-0x1fff] nid=1 flags=20 f+0x1/0x2\n"
                   "memblock_alloc_hugetlb: 2097152 bytes, nid=0, exact_nid=1 g+0x1/0x2\n")
        self.assertEqual([(e.op, e.nid, e.flags, e.size, e.caller) for e in log.events],
                         [("reserve", 1, 32, 0, "f+0x1/0x2"),
                          ("alloc_hugetlb", 0, 0, 2097152, "g+0x1/0x2")])


class Tools(unittest.TestCase):
    def run_tool(self, *words, text=""):
        return subprocess.run([sys.executable, str(ROOT / "scripts/memmap.py"), *words],
                              input=text, capture_output=True, text=True, check=False, timeout=60)

    def test_list_says_whose_map_it_is(self):
        run = self.run_tool("list", "-", text=MAPS["grub"][0][1])
        self.assertIn("firmware map (GRUB's lsmmap):", run.stdout)
        self.assertIn("(the log names no reservations)", run.stdout)

    def test_readers_lists_all(self):
        self.assertEqual(len(self.run_tool("readers").stdout.splitlines()), len(readers.READERS))

    def test_a_file_about_nothing_shows_the_line_that_looked_like_it(self):
        run = self.run_tool("find", "-", "0", text="hello\nmy e820 is broken, it said\nbye\n")
        self.assertEqual(run.returncode, 2)
        self.assertIn("line 2: my e820 is broken", run.stderr)


if __name__ == "__main__":
    ktap_unittest.main()
