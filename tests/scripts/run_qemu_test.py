#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""scripts/run-qemu: nothing that was asked for is lost behind a green verdict."""

import os
import pty
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/scripts")]
import ktap_unittest                             # noqa: E402

BUILD = Path(os.environ.get("BUILD", ROOT / "build")).resolve()
KERNEL = ("kernel.elf", "kernel.bin", "bzImage", "kernel.iso")


class Losses(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="daybreak-run-")))
        for name in KERNEL:             # logs of its own beside the kernel of the build
            (self.folder / name).symlink_to(BUILD / name)

    def boot(self, *words, timeout="30"):
        """(exit status, all that was said)"""
        done = subprocess.run([sys.executable, ROOT / "scripts/run-qemu", "--build", self.folder,
                               "--timeout", timeout, *words], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", timeout=90, check=False)
        return done.returncode, done.stdout

    def passes(self, *words):
        status, said = self.boot(*words)
        self.assertEqual(status, 0, said[-2000:])
        self.assertIn("run-qemu: passed (status 33", said)
        return said

    def fails(self, why, *words):
        status, said = self.boot(*words)
        self.assertEqual(status, 1, said[-2000:])
        self.assertRegex(said, why)
        return said

    # ---- CPUs ----

    def test_smp_starts_as_many(self):
        self.assertIn("smp: Brought up 1 node, 3 CPUs", self.passes("--fw", "pvh", "--smp", "3"))

    def test_smp_is_a_number(self):
        self.fails("SMP=two: how many CPUs is that?", "--fw", "pvh", "--smp", "two")

    # ---- `exit` ----

    def test_two_dashes_do_not_swallow_exit(self):
        self.passes("--fw", "pvh", "--cmdline", "quiet -- for somebody else")

    def test_an_open_quote_does_not_swallow_exit(self):
        self.passes("--fw", "linux", "--cmdline", 'quiet name="never closed')

    def test_exit_behind_two_dashes_is_not_ours(self):
        self.passes("--fw", "pvh", "--cmdline", "quiet -- exit")

    def test_a_long_line_is_cut_with_a_word_and_the_boot_ends(self):
        said = self.passes("--fw", "linux", "--cmdline", "x" * 3000)
        self.assertIn("Linux protocol: command line is cut to 2047 bytes", said)

    def test_every_road_says_what_it_cut(self):
        for fw, said in (("pvh", "PVH: command line is cut to 2047 bytes"),
                         ("bios", "multiboot2: command line of 4005 bytes is cut to 2047"),
                         ("linux-bios", "Linux protocol: command line is cut to 2047 bytes")):
            with self.subTest(fw=fw):
                self.assertIn(said, self.passes("--fw", fw, "--cmdline", "y" * 4000 if fw == "bios"
                                                else "y" * 3000))

    def test_64_kib_of_command_line_are_refused_where_qemu_cannot(self):
        self.fails("run-qemu: a command line of 65005 bytes", "--fw", "pvh", "--cmdline", "y" * 65000)

    # ---- the initrd ----

    def test_every_road_brings_the_initrd(self):
        for fw in ("bios", "pvh", "linux", "linux-bios"):
            with self.subTest(fw=fw):
                self.passes("--fw", fw, "--initrd", ROOT / "LICENSE", "--cmdline", "quiet")

    def test_a_lost_initrd_is_no_success(self):
        # A second disk in front of it: GRUB looks at (hd0).
        other = self.folder / "other.img"
        other.write_bytes(bytes(1 << 20))
        self.fails("run-qemu: the initrd was lost: the kernel was handed no module",
                   "--initrd", ROOT / "LICENSE", "--",
                   "-drive", f"file={other},format=raw,if=none,id=other,readonly=on",
                   "-device", "virtio-blk-pci,drive=other,bootindex=1")

    def test_an_initrd_of_other_size_is_no_success(self):
        short = self.folder / "short"
        short.write_bytes(bytes(100))
        self.fails("run-qemu: the initrd was lost: .* 100 bytes",
                   "--fw", "pvh", "--initrd", short, "--", "-initrd", str(ROOT / "LICENSE"))

    # ---- GRUB ----

    def test_a_mistyped_grub_command_is_no_success(self):
        for commands in ("cutmen 32M 48M", "cutmen 32M 48M; true", "cutmem 32M"):
            with self.subTest(commands=commands):
                self.fails("GRUB-FAIL|run-qemu: GRUB said: error", "--grub", commands)

    def test_grub_commands_that_work_are_a_success(self):
        self.passes("--grub", "cutmem 32M 48M; set road=linux")

    # ---- machines on which it cannot be ----

    def test_too_little_ram_is_one_line(self):
        for fw, mem in (("bios", "1M"), ("bios", "3M"), ("uefi", "17M"), ("pvh", "1M"),
                        ("linux", "1M"), ("linux-bios", "2M"), ("linux-uefi", "32M")):
            with self.subTest(fw=fw, mem=mem):
                status, said = self.boot("--fw", fw, "--mem", mem)
                self.assertEqual(status, 1)
                self.assertRegex(said, rf"^run-qemu: {mem} of RAM is too little for FW={fw}: .*\n$")

    def test_the_least_that_is_said_is_enough(self):
        for fw, mem in (("bios", "4M"), ("pvh", "3M"), ("linux", "3M"), ("linux-bios", "4M")):
            with self.subTest(fw=fw):
                self.passes("--fw", fw, "--mem", mem)

    def test_isapc_ends(self):
        self.fails("run-qemu: isapc has no SMBIOS", "--machine", "isapc")
        self.passes("--machine", "isapc", "--fw", "pvh")

    # ---- a terminal that goes away ----

    def kernels(self):
        """Pids of QEMUs that run a kernel of this test's folder."""
        out = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = path.read_bytes()
            except OSError:
                continue
            if words.startswith(b"qemu-system") and bytes(self.folder) in words:
                out.append(int(path.parent.name))
        return out

    def soon(self, what):
        """Wait until @what() is true."""
        end = time.monotonic() + 60
        while not what() and time.monotonic() < end:
            time.sleep(.05)
        return what()

    STAY = (["--stay"], ["--stay", "--gdb", "0"])

    def tool(self, words):
        return [sys.executable, str(ROOT / "scripts/run-qemu"), "--build", str(self.folder),
                "--fw", "pvh", *words]

    def test_a_closed_terminal_leaves_no_qemu(self):
        for words in self.STAY:
            with self.subTest(words=words):
                pid, terminal = pty.fork()
                if not pid:
                    os.execv(sys.executable, self.tool(words))
                self.assertTrue(self.soon(self.kernels), "QEMU has not started")
                os.close(terminal)
                self.assertTrue(self.soon(lambda: not self.kernels()), "QEMU is left behind")
                os.waitpid(pid, 0)

    def test_a_killed_tool_leaves_no_qemu(self):
        for words in self.STAY:
            with self.subTest(words=words), subprocess.Popen(
                    self.tool(words), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as run:
                self.assertTrue(self.soon(self.kernels), "QEMU has not started")
                run.kill()
                run.wait()
                left = not self.soon(lambda: not self.kernels())
                for pid in self.kernels():
                    os.kill(pid, signal.SIGKILL)
                self.assertFalse(left, "QEMU is left behind")


if __name__ == "__main__":
    ktap_unittest.main()
