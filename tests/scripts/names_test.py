#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Linux's call chains: the table for GDB, mm/README.md and the kernel's functions agree."""

import re
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/scripts"), str(ROOT / "scripts/gdb")]
import ktap_unittest                             # noqa: E402
import linuxnames                                # noqa: E402


class Names(unittest.TestCase):
    """scripts/gdb/linuxnames.py, mm/README.md and the functions of the kernel agree."""

    def setUp(self):
        self.source = "\n".join(p.read_text(encoding="utf-8") for top in ("boot", "arch", "mm", "kernel")
                                for p in (ROOT / top).rglob("*.[ch]"))

    def defined(self, function):
        return re.search(rf"^(?:[\w*].*[ *])?{function}(?:\(|:$)", self.source, re.M)

    def test_names_are_functions_or_say_where(self):
        elsewhere = linuxnames.elsewhere()
        for _, known, mark in linuxnames.chain():
            self.assertEqual(mark == "~", known in elsewhere, known)
            if mark != "~":
                self.assertTrue(self.defined(known), f"no {known}()")
        for known, (ours, _) in elsewhere.items():
            for function in ours:
                self.assertTrue(self.defined(function), f"{known}: no {function}()")
            if known not in ours:
                self.assertFalse(self.defined(known), f"{known}() is a function here by now")

    def test_the_page_shows_the_tables(self):
        page = (ROOT / "mm/README.md").read_text(encoding="utf-8")
        for table in (f"\n{linuxnames.page()}\n", linuxnames.HERE, linuxnames.OLDER):
            self.assertIn(f"```{table}```", page)


if __name__ == "__main__":
    ktap_unittest.main()
