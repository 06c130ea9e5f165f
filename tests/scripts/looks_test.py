#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The kernel's screen and the host's pictures give an owner the same colour and letter."""

import re
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/scripts"), str(ROOT / "scripts")]
import ktap_unittest                             # noqa: E402
from memmaplib import colours                    # noqa: E402


def kernel_palette():
    text = (ROOT / "kernel/lib/screen.c").read_text(encoding="utf-8")
    return {name: f"#{value}" for name, value in re.findall(r"\[COLOUR_(\w+)\] = 0x([0-9a-f]{6})", text)}


class Looks(unittest.TestCase):
    def test_the_palette_is_the_hosts(self):
        palette = kernel_palette()
        self.assertEqual([palette[str(i + 1)] for i in range(8)], colours.COLOURS)
        self.assertEqual(palette["RAM"], colours.TYPES[colours.RAM][0])
        self.assertEqual(palette["RESERVED"], colours.TYPES[colours.RESERVED][0])
        self.assertEqual(palette["UNUSABLE"], colours.TYPES[colours.UNUSABLE][0])
        self.assertEqual(palette["BUDDY"], colours.BUDDY[0])

    def test_every_usual_owner_is_the_hosts(self):
        text = (ROOT / "kernel/looks.c").read_text(encoding="utf-8")
        rows = re.findall(r'\{ "([^"]+)", \{ COLOUR_(\d), \'(.)\' \} \}', text)
        kernel = {name: (int(colour) - 1, letter) for name, colour, letter in rows
                  if name in colours.OWNERS}
        host = {name: (colour, letter) for name, (colour, _, letter) in colours.OWNERS.items()}
        self.assertEqual(kernel, host)


if __name__ == "__main__":
    ktap_unittest.main()
