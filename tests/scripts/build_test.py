#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What the Makefile promises: same bits anywhere, both compilers, no noise, honest errors."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/scripts"))
import ktap_unittest                             # noqa: E402

TARGETS = ("deps run debug gdb iso check check-host check-qemu test bench format lint "
           "compile_commands.json clean help").split()


def make(*words, cwd=ROOT, **environment):
    """A make of its own: the outer one's flags and job server are not passed on."""
    env = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    return subprocess.run(["make", "--no-print-directory", "-s", f"-j{os.cpu_count()}", *words],
                          cwd=cwd, env={**env, **environment}, capture_output=True, text=True,
                          check=False)


def build(folder, *words):
    done = make(f"O={folder}", *words, "all")
    if done.returncode:
        raise AssertionError(f"make all {' '.join(words)}: {done.stderr[-2000:]}")
    return Path(folder, "kernel.elf"), done.stdout + done.stderr


class Builds(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="daybreak-build-")
        cls.kernel, cls.said = build(f"{cls.folder}/one")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder, ignore_errors=True)

    def readelf(self, *options):
        return subprocess.run(["readelf", "-W", *options, self.kernel], capture_output=True,
                              text=True, check=True).stdout

    def stripped(self, kernel):
        """What boots; nasm's debug sections name the folder, and stay behind."""
        boots = Path(self.folder, "stripped")
        subprocess.run(["objcopy", "-g", kernel, boots], check=True)
        return boots.read_bytes()

    def test_gcc_builds_without_a_word(self):
        self.assertEqual(self.said, "")

    def test_clang_builds_without_a_word(self):
        _, said = build(f"{self.folder}/clang", "CC=clang")
        self.assertEqual(said, "")

    def test_two_builds_are_equal_bit_for_bit(self):
        """The other one elsewhere: another tree, a space in its path, another O=."""
        tree = Path(self.folder, "a tree")
        shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns("build", ".git"))
        done = make("all", cwd=tree)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))
        self.assertTrue(self.stripped(self.kernel) == self.stripped(tree / "build/kernel.elf"))

    def test_a_space_in_O_is_refused_in_words(self):
        done = make(f"O={self.folder}/a b", "all")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("O= with a space", done.stderr)

    def test_no_segment_is_writable_and_executable(self):
        for line in self.readelf("-l").splitlines():
            if "LOAD" in line:
                self.assertNotRegex(line, r"\bRWE\b")

    def test_no_path_of_this_machine_is_inside(self):
        self.assertNotIn(str(ROOT).encode(), self.stripped(self.kernel))


class Commands(unittest.TestCase):
    def test_help_names_every_target(self):
        said = make("help").stdout
        for target in TARGETS:
            self.assertRegex(said, rf"(?m)^ +{re.escape(target)} ")

    def test_every_script_answers_help(self):
        for script in sorted(ROOT.glob("scripts/*")) + [ROOT / "tests/qemu/run",
                                                        ROOT / "tests/qemu/mbi.py"]:
            if not script.is_file() or b"python" not in script.read_bytes()[:30]:
                continue
            with self.subTest(script.name):
                done = subprocess.run([script, "--help"], capture_output=True, text=True,
                                      check=False)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn("usage:", done.stdout)

    def test_missing_package_is_named_with_the_apt_line(self):
        with tempfile.TemporaryDirectory() as bin_folder:
            for tool in ("sh", "cat", "sort", "tr", "sed", "ls", "id", "make"):
                os.symlink(shutil.which(tool), f"{bin_folder}/{tool}")
            done = subprocess.run([f"{ROOT}/scripts/deps", "need", "build"], cwd=ROOT,
                                  env={"PATH": bin_folder}, capture_output=True, text=True,
                                  check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("apt-get install -y --no-install-recommends binutils gcc nasm python3",
                      done.stderr)

    def test_dollar_in_cmdline_survives(self):
        done = make("-n", "run", "CMDLINE=memmap=1M$0x100000 x='y'")
        self.assertIn(r"memmap=1M$0x100000 x='\''y'\''", done.stdout)

    def test_wrong_words_cost_one_line(self):
        for words in (["scripts/run-qemu", "--mem", "lots", "--dry-run"],
                      ["scripts/run-qemu", "--initrd", "/nowhere", "--dry-run"],
                      ["tests/qemu/run", "no-such-case"],
                      ["scripts/ktap", "sum", "/nowhere.ktap"]):
            with self.subTest(words[0]):
                done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
                self.assertNotEqual(done.returncode, 0)
                self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)


if __name__ == "__main__":
    ktap_unittest.main()
