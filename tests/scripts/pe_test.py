#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""build/bzImage is a PE32+ file that firmware can load anywhere, a disc's command line fits in, and
the kernel in it knows when it was damaged."""

import os
import re
import subprocess
import sys
import tempfile
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(TOP, "scripts"), os.path.join(TOP, "tests", "scripts")]
sys.dont_write_bytecode = True
import ktap_unittest  # noqa: E402
import pe  # noqa: E402
import qemulib as q  # noqa: E402

BUILD = os.environ.get("BUILD", os.path.join(TOP, "build"))
IMAGE = os.path.join(BUILD, "bzImage")
ARM64 = os.path.join(BUILD, "arm64", "Image")       # where that was built
EXECUTE, READ, WRITE = 0x20000000, 0x40000000, 0x80000000


def image():
    with open(IMAGE, "rb") as file:
        return file.read()


class Header(unittest.TestCase):
    def objdump(self):
        """Somebody else's reading of the same header."""
        done = subprocess.run(["objdump", "-x", IMAGE], capture_output=True, text=True, check=True)
        return done.stdout

    def test_objdump_knows_it(self):
        text = self.objdump()
        self.assertIn("file format pei-x86-64", text)
        for words in (r"Subsystem\s+0000000a\s+\(EFI application\)", r"SectionAlignment\s+00001000",
                      r"Magic\s+020b\s+\(PE32\+\)", r"MajorImageVersion\s+3"):
            self.assertRegex(text, words)
        self.assertRegex(text, rf"SizeOfImage\s+{len(image()):08x}")

    def test_both_readers_see_the_same_sections(self):
        rows = re.findall(r"^ +\d+ (\.\w+) +([0-9a-f]+) +([0-9a-f]+) +[0-9a-f]+ +([0-9a-f]+)",
                          self.objdump(), re.M)
        self.assertEqual([(name, int(size, 16), int(vma, 16), int(offset, 16))
                          for name, size, vma, offset in rows],
                         [(name, size, address, offset) for name, (address, size, offset, _, _)
                          in pe.sections(image()).items()])

    def test_it_lies_in_memory_as_on_the_disc(self):
        at = 0x1000
        for name, (address, size, offset, raw, flags) in pe.sections(image()).items():
            self.assertEqual((address, size, address), (offset, raw, at), name)
            self.assertEqual(address % 4096, 0, name)
            self.assertTrue(flags & READ, name)
            self.assertFalse(flags & EXECUTE and flags & WRITE, name)
            at += size
        self.assertEqual(at, len(image()))

    def test_the_kernel_begins_where_linux_loaders_look(self):
        data = image()
        self.assertEqual(pe.sections(data)[".linux"][0], (data[0x1f1] + 1) * 512)

    def test_nothing_needs_relocation(self):
        done = subprocess.run(["readelf", "-rW", os.path.join(BUILD, "efi-stub.elf")],
                              capture_output=True, text=True, check=True)
        self.assertIn("There are no relocations", done.stdout)


@unittest.skipUnless(os.path.exists(ARM64), "no build/arm64/Image")
class Arm64(unittest.TestCase):
    """The same file is an Image: one magic word each, and the stub where .bss will be."""

    def test_image_and_application(self):
        with open(ARM64, "rb") as file:
            data = file.read()
        rows, at = pe.sections(data), 0x1000
        self.assertEqual((pe.header(data)[1], data[56:60]), (0xaa64, b"ARM\x64"))
        self.assertEqual(list(rows), [".linux", ".text", ".cmdline"])
        for name, (address, size, offset, raw, flags) in rows.items():
            self.assertEqual((address, size, address), (offset, raw, at), name)
            self.assertFalse(flags & EXECUTE and flags & WRITE, name)
            at += size
        self.assertEqual(at, len(data))
        self.assertLessEqual(len(data), int.from_bytes(data[16:24], "little"))
        pe.with_cmdline(data, "a=1")


class Damage(unittest.TestCase):
    """A byte that somebody changed in memory, here before it gets there, is told and no boot."""

    def boot(self, change):
        with tempfile.TemporaryDirectory(prefix="daybreak-") as folder:
            path = os.path.join(folder, "bzImage")
            data = bytearray(image())
            change(data)
            with open(path, "wb") as file:
                file.write(data)
            command = q.base_args() + q.memory_args("q35", "64M", "max,la57=off") + \
                ["-kernel", path, "-append", "exit quiet"]
            return subprocess.run(command, capture_output=True, text=True, timeout=60,
                                  stdin=subprocess.DEVNULL, check=False)

    def test_a_bit_of_code_and_a_word_of_init_data(self):
        start = pe.sections(image())[".linux"][0]
        for place, mask in ((start + 0x2000, 0x10), (start + 0x40000, 0x01)):
            def change(data, place=place, mask=mask):
                data[place] ^= mask
            done = self.boot(change)
            self.assertEqual(done.returncode, q.PANICKED, done.stdout)
            self.assertIn("the kernel was damaged after it was loaded", done.stdout)

    def test_what_is_not_changed_boots(self):
        self.assertEqual(self.boot(lambda data: None).returncode, q.PASSED)


class Cmdline(unittest.TestCase):
    def test_only_the_section_changes(self):
        data, new = image(), pe.with_cmdline(image(), "a=1 grüße")
        _, _, offset, size, _ = pe.sections(data)[".cmdline"]
        self.assertEqual(new[offset:offset + 14].rstrip(b"\0"), "a=1 grüße".encode())
        self.assertEqual((new[:offset], new[offset + size:]), (data[:offset], data[offset + size:]))

    def test_the_limit_is_told(self):
        pe.with_cmdline(image(), "a" * 2047)
        with self.assertRaisesRegex(pe.PeError, "2048 bytes: the file has room for 2047"):
            pe.with_cmdline(image(), "a" * 2048)

    def test_what_is_no_kernel(self):
        for data in (b"", b"MZ", b"\x7fELF" * 30, b"MZ" + bytes(0x100)):
            with self.assertRaises(pe.PeError):
                pe.with_cmdline(data, "a")


if __name__ == "__main__":
    ktap_unittest.main()
