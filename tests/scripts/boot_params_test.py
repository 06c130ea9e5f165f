#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""boot_params as Linux's real-mode code makes them and as ours does, on the same QEMU machine.

Linux's are what it shows in /sys/kernel/boot_params; ours lie behind the image, in RAM that is a
file of the host.  Skipped until `make run FW=kexec` has fetched Debian's packages.
"""

import gzip
import os
import re
import stat
import subprocess
import sys
import tempfile
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(TOP, "scripts"), os.path.join(TOP, "tests", "scripts")]
sys.dont_write_bytecode = True
import kexec  # noqa: E402
import ktap_unittest  # noqa: E402
import qemulib as q  # noqa: E402

BUILD = os.environ.get("BUILD", os.path.join(TOP, "build"))
INIT = b"""#!/bin/busybox sh
b=/bin/busybox
$b mount -t sysfs sysfs /sys
$b mount -t devtmpfs dev /dev
exec >/dev/console 2>&1
echo BEGIN
$b od -An -v -tx1 /sys/kernel/boot_params/data
echo END
$b poweroff -f
"""
# (first byte, last byte, why they may differ); everything else is equal.
MAY_DIFFER = (
    (0x000, 0x001, "the cursor: what was printed before"),
    (0x060, 0x06f, "SpeedStep's BIOS, which is not asked here"),
    (0x070, 0x07f, "the RSDP and its neighbours: the BIOS areas are searched"),
    (0x140, 0x1bf, "the monitor's EDID, which is not asked here"),
    (0x1f1, 0x20f, "of the file: its sizes, its version"),
    (0x213, 0x213, "of the file: the segment it is loaded from"),
    (0x230, 0x268, "of the file: how it wants to be loaded"),
    (0x269, 0x26b, "of the file: its list of what it knows"),
)


def packages():
    try:
        return kexec.tools(BUILD, False), kexec.linux_kernel(BUILD, False)
    except kexec.NoPackages as missing:
        raise unittest.SkipTest(str(missing)) from missing


def differences(theirs, ours):
    """Places of bytes; of the loader's flags not the one that Linux sets for itself (no KASLR)."""
    theirs = theirs[:0x211] + bytes([theirs[0x211] & ~2]) + theirs[0x212:]
    return [at for at in range(4096) if theirs[at] != ours[at]
            and not any(first <= at <= last for first, last, _ in MAY_DIFFER)]


class Twins(unittest.TestCase):
    def setUp(self):
        self.tools, self.linux = packages()
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="daybreak-"))
        self.initrd = os.path.join(self.folder, "initrd")
        files = {"init": INIT, "bin/busybox": kexec.contents(os.path.join(self.tools, "bin/busybox"))}
        archive = kexec.cpio([(name, stat.S_IFDIR | 0o755, b"") for name in ("bin", "sys", "dev")]
                             + [(name, stat.S_IFREG | 0o755, data) for name, data in files.items()])
        with open(self.initrd, "wb") as file:
            file.write(gzip.compress(archive, 1))

    def boot(self, kernel, words, mem, vga):
        ram = os.path.join(self.folder, "ram")
        if os.path.exists(ram):
            os.remove(ram)
        command = q.base_args() + q.memory_args("q35", mem, "max,la57=off", ram) + [
            "-vga", vga, "-kernel", kernel, "-initrd", self.initrd, "-append", words]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False,
                              stdin=subprocess.DEVNULL), ram

    def linux_params(self, mem, vga):
        done, _ = self.boot(self.linux, "console=ttyS0 quiet no_timer_check   ", mem, vga)
        text = re.search(r"BEGIN(.*)END", done.stdout, re.S)
        self.assertTrue(text, done.stdout[-2000:])
        return bytes(int(byte, 16) for byte in re.findall(r"\b[0-9a-f]{2}\b", text[1]))

    def our_params(self, mem, vga):
        image = os.path.join(BUILD, "bzImage")
        done, ram = self.boot(image, "exit quiet no_other_words_but_same_length", mem, vga)
        self.assertEqual(done.returncode, q.PASSED, done.stdout)
        names = subprocess.run(["nm", os.path.join(BUILD, "kernel.elf")], capture_output=True,
                               text=True, check=True).stdout
        end = int(re.search(r"^([0-9a-f]+) \w _end$", names, re.M)[1], 16) & 0x7fffffff
        with open(ram, "rb") as file:
            file.seek(end)
            return file.read(4096)

    def test_byte_for_byte(self):
        for mem, vga in (("256M", "none"), ("3G", "std")):
            theirs, ours = self.linux_params(mem, vga), self.our_params(mem, vga)
            self.assertEqual(len(theirs), 4096)
            self.assertGreater(theirs[0x1e8], 3)
            wrong = differences(theirs, ours)
            self.assertFalse(wrong, "\n".join(f"{at:#x}: Linux {theirs[at]:#x}, we {ours[at]:#x}"
                                              for at in wrong))


if __name__ == "__main__":
    ktap_unittest.main()
