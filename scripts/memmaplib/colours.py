# SPDX-License-Identifier: GPL-2.0-only
"""Colours, textures and letters, the same in the terminal, SVG, HTML and the what-if page.

Who an owner is decides what it looks like, not where it stands or what else is in the picture:
the table below knows the usual names, a checksum of the name decides for all others.  Only
where two names of one picture would look alike, the later one of the alphabet moves on.

The colours are light enough for black letters and differ for the colour-blind too (after Paul
Tol's "light" scheme); beside its colour everything has a texture or, in a terminal, a letter.
"""

from zlib import crc32

from memmaplib.facts import ACPI, NVS, PMEM, PRAM, RAM, RESERVED, SOFT_RESERVED, UNUSABLE

PLAIN, SLASH, BACK, DOTS, LINES, BARS, CROSS, GRID = TEXTURES = range(8)
COLOURS = ["#77aadd", "#ee8866", "#eedd88", "#ffaabb", "#99ddff", "#44bb99", "#bbcc33", "#cc99bb"]
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

# owner -> (colour, texture, letter)
OWNERS = {
    "kernel image": (0, PLAIN, "k"), "initrd": (1, PLAIN, "i"), "first MiB": (2, PLAIN, "1"),
    "first 64 KiB": (2, SLASH, "6"), "page map": (3, PLAIN, "m"), "page tables": (4, PLAIN, "t"),
    "crash kernel": (5, PLAIN, "c"), "cma": (6, PLAIN, "C"), "huge page": (7, PLAIN, "H"),
    "node data": (0, SLASH, "n"), "hugetlb cma": (6, SLASH, "G"), "pagesets": (3, SLASH, "p"),
    "modules": (1, SLASH, "M"), "module": (1, DOTS, "o"), "log buffer": (4, SLASH, "l"),
    "log descriptors": (4, DOTS, "d"), "log records": (4, BACK, "r"), "page owner": (3, DOTS, "w"),
    "ledger": (7, SLASH, "L"), "device tree": (5, SLASH, "D"), "MP table": (2, DOTS, "P"),
    "BIOS area": (2, LINES, "B"), "elfcorehdr": (5, DOTS, "E"), "bad memory": (1, CROSS, "x"),
}
# e820 type -> (colour, texture, letter)
TYPES = {
    RAM: ("#d8ecf3", PLAIN, "#"), RESERVED: ("#b9b9b9", SLASH, "r"), ACPI: ("#eedd88", DOTS, "a"),
    NVS: ("#ee8866", DOTS, "n"), UNUSABLE: ("#8c8c8c", CROSS, "x"), PMEM: ("#77aadd", LINES, "p"),
    PRAM: ("#77aadd", BARS, "P"), SOFT_RESERVED: ("#cc99bb", BARS, "s"),
}
OTHER_TYPE = ("#b9b9b9", GRID, "?")
FREE = ("#eef4dc", PLAIN, "-")          # memblock has it and nobody has taken it
BUDDY = ("#cfe0a8", PLAIN, "=")         # the page allocator has it
HOLE = ("#f4f4f4", PLAIN, ".")
UNOWNED = ("#cccccc", BACK, "?")
NODES = ("#dfe7f2", "#c3d1e6")          # neighbours differ
ZONES = {"DMA": "#e8d8c4", "DMA32": "#f3e6c8", "Normal": "#dcecd8", "Movable": "#e4dcf0",
         "HighMem": "#f0dcdc"}


def type_look(kind):
    """(colour, texture, letter) of a type of the map."""
    return TYPES.get(kind, OTHER_TYPE)


def zone_colour(name):
    return ZONES.get(name, "#e6e6e6")


class Looks:
    """(colour, texture, letter) by owner; no two of one picture have the same pair or letter."""

    def __init__(self, owners):
        self.of = {}
        names = sorted(set(owner for owner in owners if owner))
        taken, letters = set(), set()
        for name in sorted(names, key=lambda name: (name not in OWNERS, name)):
            colour, texture, letter = OWNERS.get(name) or self.hashed(name)
            at = colour + len(COLOURS) * texture
            for step in range(len(COLOURS) * len(TEXTURES)):
                pair = (at + step) % (len(COLOURS) * len(TEXTURES))
                if pair not in taken:
                    break
            taken.add(pair)
            wanted = [letter] + [sign for sign in name if sign in LETTERS] + list(LETTERS)
            letter = next((sign for sign in wanted if sign not in letters), "?")
            letters.add(letter)
            self.of[name] = (COLOURS[pair % len(COLOURS)], pair // len(COLOURS), letter)

    @staticmethod
    def hashed(name):
        """What a name that the table does not know looks like."""
        sum_ = crc32(name.encode("utf-8", "replace"))
        first = next((sign for sign in name if sign in LETTERS), "?")
        return sum_ % len(COLOURS), 1 + sum_ // len(COLOURS) % (len(TEXTURES) - 1), first

    def __getitem__(self, owner):
        return self.of.get(owner, UNOWNED)
