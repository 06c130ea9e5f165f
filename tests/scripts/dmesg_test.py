#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A dmesg as people send it: whatever a line wears, the same map comes out."""

import base64
import bz2
import dataclasses
import gzip
import html
import io
import json
import lzma
import os
import quopri
import subprocess
import sys
import tarfile
import tempfile
import textwrap
import unittest
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests/scripts")]
# pylint: disable=wrong-import-position
import ktap_unittest                             # noqa: E402
from memmaplib import difflinux                  # noqa: E402
from memmaplib.bootlog import read_log           # noqa: E402
from memmaplib.logtext import bare               # noqa: E402

MESSAGES = """\
Linux version 6.1.0-18-amd64 (root@x) (gcc) #1 SMP
BIOS-provided physical RAM map:
BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable
BIOS-e820: [mem 0x000000000009fc00-0x000000000009ffff] reserved
BIOS-e820: [mem 0x0000000000100000-0x000000007ffdffff] usable
BIOS-e820: [mem 0x000000007ffe0000-0x000000007fffffff] ACPI NVS
ACPI: SRAT: Node 0 PXM 0 [mem 0x00000000-0x7fffffff]
Early memory node ranges
  node   0: [mem 0x0000000000001000-0x000000000009efff]
MEMBLOCK configuration:
 memory size = 0x000000007ff7e000 reserved size = 0x0000000001000000
 memory[0x0]	[0x0000000000001000-0x000000000009efff], 0x9e000 bytes on node 0 flags: 0x0
""".splitlines()
MAP = [(0, 0x9FC00, 1), (0x9FC00, 0xA0000, 2), (0x100000, 0x7FFE0000, 1),
       (0x7FFE0000, 0x80000000, 4)]

# What may stand before (or around) a message; {} is the message.
COATS = {
    "nothing": "{}",
    "time": "[    0.000000] {}",
    "time and CR": "[    0.000000] {}\r",
    "time and caller": "[    0.000000][    T0] {}",
    "level": "<6>{}",
    "level and time": "<6>[    0.000000] {}",
    "dmesg -T": "[Tue May  5 18:42:03 2026] {}",
    "dmesg -x": "kern  :info  : [    0.000000] {}",
    "dmesg -d": "[<    0.000000>] {}",
    "dmesg -e": "[  +0.000000] {}",
    "dmesg -e, first": "[Nov28 08:26] {}",
    "dmesg --time-format iso": "2026-11-28T08:26:02,000000+00:00 {}",
    "dmesg -L=always": "\x1b[32m[    0.000000] \x1b[0m{}",
    "journalctl": "Nov 28 08:26:02 my-host kernel: {}",
    "journalctl -o short-iso": "2026-11-28T08:26:02+0100 my-host kernel: {}",
    "journalctl -o short-precise": "Nov 28 08:26:02.123456 my-host kernel: {}",
    "journalctl -o short-full": "Sat 2026-11-28 08:26:02 UTC my-host kernel: {}",
    "journalctl -o short-monotonic": "[    0.000000] my-host kernel: {}",
    "syslog": "Jun  1 11:00:20 my-host kernel: [    0.000000] {}",
    "rsyslog": "2023-05-04T10:11:12.123456+02:00 my-host kernel: [    0.000000] {}",
    "terminal's clock": "[2026-11-28 08:26:02] [    0.000000] {}",
    "laboratory's clock": " 1842 17:54:41.430192  <6>[    0.000000] {}",
    "quoted": "> > [    0.000000] {}",
    "quoted by a web archive": "&gt; [    0.000000] {}", "and again": "gt; [    0.000000] {}",
    "months of four letters": "June 19 18:06:35 host kernel: {}",
    "months of other tongues": "M\u00e4r 19 18:06:35 host kernel: {}",
    "socklog": "\t2015-10-01T18:25:37.33654 kern.info: [    0.000000] {}",
    "dates cut off": "kernel: [    0.000000][    T0] {}",
    "stamps blanked": "[] {}",
    "clock without a date": "[12:34:56] [    0.000000] {}",
    "/dev/kmsg": "6,160,424069,-;{}",
    "terminal's escapes": "\x1b[0m\x1b[?25l{}\x1b[K\r",
}

# One message of every kind that a mail may wrap.
KINDS = """\
BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable
BIOS-e820: [mem 0x000000007ffe0000-0x000000007fffffff] ACPI NVS
BIOS-e820: [mem 0x0000000080000000-0x00000000ffffffff] persistent (type 12)
efi: mem00: [Conventional Memory|   |  |MR|  |  |  |  |   |WB|WT|WC|UC] \
range=[0x0000000000000000-0x000000000009ffff] (0MB)
efi: mem01: [ACPI Memory NVS    |RUN|  |  |  |  |  |  |   |WB|WT|WC|UC] \
range=[0x0000000000800000-0x0000000000807fff] (0MB)
ACPI: SRAT: Node 0 PXM 0 [mem 0x00000000-0x7fffffff]
ACPI: SRAT: Node 1 PXM 1 [mem 0x100000000-0x17fffffff] hotplug
memblock_add: [0x0000000000001000-0x000000000009efff] e820__memblock_setup+0x73/0xb0
memblock_phys_alloc_range: 268435456 bytes align=0x1000000 from=0x0000000000000000 \
max_addr=0x0000000100000000 taker_one+0x7c/0x220
memblock_reserve: [0x0000000030000000-0x000000003fffffff] memblock_alloc_range_nid+0xee/0x170
__memblock_reserve: [0x0000000040000000-0x000000004fffffff] nid=1 flags=20 \
memblock_alloc_range_nid+0xee/0x170
MEMBLOCK configuration:
 memory size = 0x000000007ff7e000 reserved size = 0x0000000001000000
 memory[0x0]	[0x0000000000001000-0x000000000009efff], 0x9e000 bytes on node 10 flags: 0x0
 reserved[0x0]	[0x0000000001000000-0x0000000001ffffff], 0x1000000 bytes flags: 0x20
NODE_DATA(0) allocated [mem 0x07fdc280-0x07fdefff]
  node   0: [mem 0x0000000000001000-0x000000000009efff]
RAMDISK: [mem 0x30000000-0x33ffffff]
OF: reserved mem: 0x000000006c000000..0x000000007bffffff (262144 KiB) nomap non-reusable fw@6c000000
""".splitlines()
STAMP = "[    0.000000] "
# What else happens to all lines of a log on its way.
MANGLED = {
    "quoted-printable": lambda lines: quopri.encodestring("\n".join(lines).encode()).decode(),
    "a web page": lambda lines: "".join(f"{html.escape(line)}<br>\n" for line in lines),
    "a web page with hard blanks": lambda lines: "".join(
        f"<p>{html.escape('> ' + STAMP + line).replace('[', '&#91;').replace(' ', '&nbsp;')}</p>\n"
        for line in lines),
    "the journal's JSON": lambda lines: "\n".join(
        json.dumps({"__CURSOR": "s=1", "MESSAGE": line, "_HOSTNAME": "h"}) for line in lines),
    "a spreadsheet": lambda lines: "".join(f'"{line}",\n' for line in lines),
    "a table of a wiki": lambda lines: "".join(f"| {line} |\n" for line in lines),
    "back ticks": lambda lines: "".join(f"`{line}`\n" for line in lines),
    "a list": lambda lines: "".join(f"* {line}\n" for line in lines),
    "long dashes": lambda lines: "\n".join(line.replace("-0x", "\u20130x") for line in lines),
    "one paragraph": lambda lines: " ".join(STAMP + line for line in lines),
    "blanks made one": lambda lines: "\n".join(" ".join((STAMP + line).split()) for line in lines),
    "empty lines between": lambda lines: "\r\n\r\n".join(lines),
    "a container's name": lambda lines: "".join(f"kernel_1  | {STAMP}{line}\n" for line in lines),
    "Android": lambda lines: "".join(f"01-01 00:00:00.000     0     0 I {line}\n" for line in lines),
    "netconsole": lambda lines: "".join(f"6,{at},0,-;{line}\n" for at, line in enumerate(lines)),
}

BUILD = os.environ.get("BUILD", ROOT / "build")     # the kernel that run-qemu shows


def read(data):
    return read_log(io.BytesIO(data if isinstance(data, bytes) else data.encode()), "x")


def facts(log):
    """All that a log says, without the numbers of its lines."""
    def plain(item):
        return tuple(value for key, value in dataclasses.asdict(item).items() if key != "line")
    return ([(name, list(map(plain, rows))) for name, rows in log.maps.items()],
            list(map(plain, log.efi)), list(map(plain, log.srat)), list(map(plain, log.events)),
            [(list(map(plain, dump.memory)), list(map(plain, dump.reserved)), dump.memory_size)
             for dump in log.dumps], list(map(plain, log.node_ranges)),
            list(map(plain, log.owners_said)))


def entries(log):
    return [(e.start, e.end, e.type) for e in log.firmware()]


class Coats(unittest.TestCase):
    def test_every_coat_comes_off(self):
        for name, coat in COATS.items():
            with self.subTest(coat=name):
                self.assertEqual([bare(coat.format(line)) for line in MESSAGES], MESSAGES)
                log = read("\n".join(map(coat.format, MESSAGES)))
                self.assertEqual((entries(log), log.bad), (MAP, 0), log.first_bad)
                self.assertEqual((len(log.srat), len(log.node_ranges), len(log.dumps[0].memory)),
                                 (1, 1, 1))

    def test_coats_are_no_divergence(self):
        plain = difflinux.items(io.BytesIO("\n".join(MESSAGES).encode()))
        for name, coat in COATS.items():
            with self.subTest(coat=name):
                dressed = difflinux.items(io.BytesIO("\n".join(map(coat.format, MESSAGES)).encode()))
                self.assertEqual(difflinux.diverge(plain, dressed), [])

    def test_packed_files(self):
        text = "\n".join(MESSAGES)
        for name, data in {"gzip": gzip.compress(text.encode()), "xz": lzma.compress(text.encode()),
                           "bzip2": bz2.compress(text.encode()),
                           "UTF-16": text.replace("\n", "\r\n").encode("utf-16"),
                           "UTF-8 mark": b"\xef\xbb\xbf" + text.encode()}.items():
            with self.subTest(packed=name):
                self.assertEqual((entries(read(data)), read(data).bad), (MAP, 0))

    def test_a_packed_file_cut_short_gives_what_is_there_and_says_so(self):
        text = "\n".join(MESSAGES + ["noise %d" % (at * 7919) for at in range(20000)]).encode()
        for data in (gzip.compress(text)[:-2000], lzma.compress(text)[:-200], b"\x1f\x8bgarbage"):
            log = read(data)
            self.assertEqual(log.bad, 1)
            self.assertIn("packed", log.first_bad)
        self.assertEqual(entries(read(gzip.compress(text)[:-2000])), MAP)


    def test_archives_and_attachments(self):
        text = "\n".join(MESSAGES).encode()
        box, ball = io.BytesIO(), io.BytesIO()
        with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("readme.txt", "my log")
            archive.writestr("logs/dmesg.txt", text)
        with tarfile.open(fileobj=ball, mode="w:gz") as archive:
            for name, data in (("readme.txt", b"my log"), ("logs/dmesg.gz", gzip.compress(text))):
                info = tarfile.TarInfo(name)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
        mail = b"Subject: log\nContent-Transfer-Encoding: base64\n\n%s\n--end--\n"
        for name, data in {"zip": box.getvalue(), "tar.gz": ball.getvalue(),
                           "mail": mail % base64.encodebytes(text),
                           "mail with gzip": mail % base64.encodebytes(gzip.compress(text)),
                           "UTF-16 without a mark": "\n".join(MESSAGES).encode("utf-16-le"),
                           "UTF-16 in a mail": b"Subject: log\n\n" + "\n".join(MESSAGES).encode(
                               "utf-16")}.items():
            with self.subTest(packed=name):
                log = read(data)
                self.assertEqual((entries(log), log.bad), (MAP, 0), log.first_bad)
                if name in ("zip", "tar.gz"):
                    self.assertIn("an archive of 2 files, read one after the other: readme.txt, logs/",
                                  "; ".join(log.doubts()))

    def test_what_cannot_be_unpacked_is_said(self):
        log = read(b"\x28\xb5\x2f\xfd" + b"\x07" * 200)
        self.assertIn("unpack it first (zstd -d)", "; ".join(log.doubts()))
        self.assertEqual(read(b"PK\3\4garbage" + b"x" * 50).bad, 1)


class Damage(unittest.TestCase):
    def test_old_kernels_entries(self):
        log = read(" BIOS-e820: 0000000000000000 - 000000000009fc00 (usable)\n"
                   " BIOS-e820: 000000000009fc00 - 00000000000a0000 (reserved)\n"
                   " BIOS-e820: 0000000000100000 - 000000007ffe0000 (usable)\n"
                   " BIOS-e820: 000000007ffe0000 - 0000000080000000 (ACPI NVS)\n")
        self.assertEqual((entries(log), log.bad), (MAP, 0))

    def test_words_cut_by_a_terminal_are_taken_for_what_they_begin(self):
        text = "\n".join(MESSAGES).replace("usable", "usabl").replace("reserved\n", "rese\n")
        log = read(text)
        self.assertEqual((entries(log), log.bad), (MAP, 3))
        self.assertIn("line 3: type 'usabl' taken as usable", log.first_bad)

    def test_an_unknown_type_is_reserved_and_said(self):
        log = read("BIOS-e820: [mem 0x0000000000000000-0x000000000009ffff] ACPI\n"
                   "BIOS-e820: [mem 0x0000000000100000-0x00000000001fffff] type 20\n")
        self.assertEqual(entries(log), [(0, 0xA0000, 2), (0x100000, 0x200000, 20)])
        self.assertIn("type 'ACPI' taken as reserved", log.first_bad)

    def test_entries_cut_in_the_middle_are_counted(self):
        log = read("BIOS-e820: [mem 0x0000000000000000-0x0000>\n"
                   "BIOS-e820: [mem 0x0000000000100000-0x00000000001fffff] usable\n"
                   "BIOS-e820: [mem 0x00000000002")
        self.assertEqual((entries(log), log.bad), ([(0x100000, 0x200000, 1)], 2))
        self.assertIn("line 1: half an entry", log.first_bad)

    def test_entries_wrapped_by_a_mail_program_are_whole(self):
        for mark in ("{}\n{}", "{}\n> {}", "{} \n{}"):
            text = "\n".join(MESSAGES)
            for at in ("] ", "[mem "):
                wrapped = text.replace(at, mark.format(at.strip(), ""))
                self.assertEqual((entries(read(wrapped)), read(wrapped).bad), (MAP, 0))
        printable = "\n".join(MESSAGES).replace("-0x0000", "-0x0000=\n")
        self.assertEqual((entries(read(printable)), read(printable).bad), (MAP, 0))

    def test_every_kind_of_line_is_whole_again_however_it_was_wrapped(self):
        whole = read("\n".join(KINDS))
        self.assertEqual(whole.bad, 0, whole.first_bad)
        for mark, stamp in (("", ""), ("> ", STAMP)):
            for width in range(50, 125, 9):
                soft = [textwrap.wrap(stamp + line, width, break_long_words=False,
                                      break_on_hyphens=False) for line in KINDS]
                hard = [[(stamp + line)[at:at + width] for at in range(0, len(stamp + line), width)]
                        for line in KINDS]
                for how, rows in (("at blanks", soft), ("anywhere", hard)):
                    with self.subTest(mark=mark, width=width, how=how):
                        log = read("\n".join(mark + part for row in rows for part in row))
                        self.assertEqual((facts(log), log.bad), (facts(whole), 0), log.first_bad)

    def test_every_kind_of_line_is_read_whatever_became_of_it_on_its_way(self):
        whole = facts(read("\n".join(KINDS)))
        for how, mangle in MANGLED.items():
            with self.subTest(how=how):
                log = read(mangle(KINDS))
                self.assertEqual((facts(log), log.bad), (whole, 0), log.first_bad)

    def test_what_stays_half_is_counted_whatever_its_kind(self):
        for line in KINDS:
            if "NODE_DATA" in line or "0x" not in line:     # which have shorter forms
                continue
            half = line[:line.index("0x") + 6]
            log = read(half + "\nsomething else\n" + "and more\n" * 6)
            with self.subTest(line=half):
                self.assertEqual(log.bad, 1)
                self.assertIn("line 1: half", log.first_bad)

    def test_an_unknown_coat_is_said(self):
        log = read("\n".join(f"serial7 <- {line}" for line in MESSAGES))
        self.assertEqual((entries(log), len(log.srat)), (MAP, 1))
        self.assertIn("lines wear something unknown, left out here (first: line 3: 'serial7 <-')",
                      "; ".join(log.doubts()))

    def test_comments_are_no_evidence(self):
        self.assertEqual(read("# BIOS-e820: [mem 0x0000000000000000-0x00000000000fffff] usable\n"
                              ).firmware(), [])

    def test_numbers_of_thirty_digits_are_no_entry(self):
        log = read(f"BIOS-e820: [mem 0x{'1' * 30}-0x{'2' * 30}] usable\n" + MESSAGES[2])
        self.assertEqual((entries(log), log.bad), (MAP[:1], 1))

    def test_a_log_that_contradicts_itself_is_said(self):
        log = read("\n".join(MESSAGES + ["  node   0: [mem 0x0000000900000000-0x00000009ffffffff]"]))
        self.assertIn("the log contradicts itself: line 13 has memory on node 0",
                      "; ".join(log.doubts()))

    def test_two_machines_without_a_line_between_them_are_said(self):
        rows = MESSAGES[2:6]
        log = read("\n".join(rows + [rows[0].replace("9fbff", "9efff")] + rows[2:]))
        self.assertIn("the map begins again in line 5", "; ".join(log.doubts()))
        self.assertEqual(read("\n".join(rows)).doubts(), [])

    def test_entries_that_lost_their_line_ends(self):
        stamp = "Jan 18 14:07:03 centos8 kernel: "
        self.assertEqual(entries(read("".join(stamp + line for line in MESSAGES[:6]))), MAP)

    def test_the_gaps_of_linux_7_are_no_damage(self):
        log = read("BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff]  System RAM\n"
                   "BIOS-e820: [gap 0x000000000009fc00-0x00000000000fffff]\n"
                   "BIOS-e820: [mem 0x0000000000100000-0x00000000001fffff]  device reserved\n")
        self.assertEqual((entries(log), log.bad), ([(0, 0x9FC00, 1), (0x100000, 0x200000, 2)], 0))

    def test_a_range_that_ends_before_it_begins_has_no_size(self):
        log = read("BIOS-e820: [mem 0x0000000000100000-0x00000000001fffff] usable\n"
                   "BIOS-e820: [mem 0xfffffffffff00000-0x0000000000000001] usable\n")
        self.assertEqual(entries(log)[1], (0xFFFFFFFFFFF00000, 2, 1))
        self.assertIn("1 entries end before they begin (first: line 2)", log.doubts()[0])

    def test_the_map_of_xen_itself_is_the_last_resort(self):
        own = ("(XEN) Xen-e820 RAM map:\n"
               "(XEN)  [0000000000000000, 000000000009dfff] (usable)\n"
               "(XEN)  [0000000000100000, 000000007fffffff] (ACPI NVS)\n")
        old = ("(XEN)  0000000000000000 - 000000000009e000 (usable)\n"
               "(XEN)  0000000000100000 - 0000000080000000 (ACPI NVS)\n")
        for text in (own, old):
            log = read(text)
            self.assertEqual([(e.start, e.end, e.type) for e in log.firmware()],
                             [(0, 0x9E000, 1), (0x100000, 0x80000000, 4)])
        log = read(own + "\n".join(MESSAGES))
        self.assertEqual((entries(log), log.boots), (MAP, [1]))


class Boots(unittest.TestCase):
    SECOND = [line.replace("0x000000007ffdffff", "0x000000003ffdffff") for line in MESSAGES]

    def test_of_two_boots_the_last_is_taken_and_said(self):
        log = read("\n".join(MESSAGES + self.SECOND))
        self.assertEqual(entries(log)[2], (0x100000, 0x3FFE0000, 1))
        self.assertEqual((len(entries(log)), log.boots), (4, [1, 13]))
        self.assertIn("2 boots in one file", "; ".join(log.doubts()))

    def test_without_a_first_line_the_map_begins_a_boot(self):
        log = read("\n".join(MESSAGES[1:6] + self.SECOND[1:6]))
        self.assertEqual((len(entries(log)), len(log.boots)), (4, 2))

    def test_a_second_boot_without_memory_does_not_hide_the_first(self):
        log = read("\n".join(MESSAGES + MESSAGES[:1]))
        self.assertEqual((entries(log), log.doubts()), (MAP, []))
        plain, twice = (difflinux.items(io.BytesIO("\n".join(text).encode()))
                        for text in (MESSAGES, MESSAGES + MESSAGES[:1]))
        self.assertEqual(difflinux.diverge(plain, twice), [])

    def test_who_frees_a_crash_area_is_the_compilers_affair(self):
        row = "memblock_phys_free: [0x00000001bb000000-0x00000001beffffff] %s+0xa1c/0xe70"
        linux, ours, other = (
            difflinux.items(io.BytesIO("\n".join(MESSAGES + [row % name]).encode()))
            for name in ("setup_arch", "reserve_crashkernel_generic", "init_mem_mapping"))
        self.assertEqual(difflinux.diverge(linux, ours), [])
        self.assertNotEqual(difflinux.diverge(linux, other), [])


class Tools(unittest.TestCase):
    def run_tool(self, *words):
        return subprocess.run([sys.executable, *map(str, words)], capture_output=True, text=True,
                              check=False, timeout=60, cwd=ROOT)

    def test_every_wrong_file_is_one_line(self):
        for tool in (["scripts/e820-import.py"], ["scripts/sim", "--map"], ["scripts/run-qemu", "--map"],
                     ["scripts/memmap.py", "show"]):
            for name in ("no/such/file", "/", ""):
                run = self.run_tool(*tool, name, *(["--dry-run"] if "qemu" in tool[0] else []))
                with self.subTest(tool=tool, name=name):
                    if "qemu" in tool[0] and not name:      # no map: the machine's own
                        continue
                    self.assertNotEqual(run.returncode, 0)
                    self.assertEqual(run.stderr.count("\n"), 1, run.stderr)
                    self.assertNotIn("make deps", run.stderr)

    def test_no_wish_beside_a_map_vanishes_silently(self):
        for option, value in (("--initrd", "LICENSE"), ("--grub", "cutmem 32M 48M"), ("--mem", "1G"),
                              ("--fw", "uefi"), ("--machine", "pc"), ("--cpu", "qemu64")):
            run = self.run_tool("scripts/run-qemu", "--build", BUILD, "--dry-run", "--map",
                                "tests/maps/virtualbox-1.6g.dmesg", option, value)
            with self.subTest(option=option):
                self.assertEqual(run.returncode != 0, option in ("--initrd", "--grub"))
                self.assertIn(option[2:] + ": not together with a map", run.stderr)

    def test_the_command_line_arrives_letter_by_letter(self):
        line = r"crashkernel=64M@1G memmap=1G$3G,1G!5G @word a\x41b back\slash caf\u00e9".replace(
            "\\u00e9", "\u00e9")
        with tempfile.TemporaryDirectory() as folder:
            run = self.run_tool("scripts/e820-import.py", "tests/maps/virtualbox-1.6g.dmesg",
                                "--multiboot2", Path(folder, "block"), "--cmdline", line)
            self.assertEqual(run.returncode, 0, run.stderr)
            self.assertIn(line.encode() + b"\0", Path(folder, "block").read_bytes())

    def test_a_map_waits_for_gdb_too(self):
        run = self.run_tool("scripts/run-qemu", "--build", BUILD, "--dry-run", "--gdb", "4321",
                            "--map", "tests/maps/virtualbox-1.6g.dmesg")
        self.assertIn("-S -gdb tcp:127.0.0.1:4321", run.stdout)

    def test_diff_linux_reads_standard_input_and_knows_its_kinds(self):
        path = "tests/linux-logs/612-m1g.log"
        words = [sys.executable, "scripts/memmap.py", "diff-linux", path, "-"]
        run = subprocess.run(words, input=Path(ROOT, path).read_bytes(), capture_output=True,
                             check=False, timeout=60, cwd=ROOT)
        self.assertIn(b"first divergence: none", run.stdout)
        run = self.run_tool("scripts/memmap.py", "diff-linux", "--only", "map,fop", path, path)
        self.assertEqual((run.returncode, run.stderr.count("\n")), (2, 1))
        self.assertIn("no such kind of line: fop (there are map,fixup,", run.stderr)

    def test_a_place_that_cannot_be_written_is_one_line(self):
        run = self.run_tool("scripts/memmap.py", "svg", "tests/maps/virtualbox-1.6g.dmesg",
                            "-o", "/proc/no/such.svg")
        self.assertEqual((run.returncode, run.stderr.count("\n")), (2, 1), run.stderr)

    def test_import_and_views_say_what_they_doubt(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "cut.dmesg")
            path.write_text("\n".join(MESSAGES[:4]) + "\nBIOS-e820: [mem 0x00000000001", "ascii")
            run = self.run_tool("scripts/e820-import.py", path)
            self.assertIn("note: 1 of 5 lines not understood (first: line 5: half an entry", run.stdout)
            self.assertIn("half an entry", self.run_tool("scripts/memmap.py", "list", path).stderr)


if __name__ == "__main__":
    ktap_unittest.main()
