# SPDX-License-Identifier: GPL-2.0-only
"""One axis on which 4 KiB and 1 TiB are both visible, and the colours on it.

All borders of all tracks cut the address space into pieces.  A piece's width
grows with the logarithm of its size, so order is kept, nothing vanishes, and a
1 TiB hole does not squash the first MiB:

    address   0   640K 1M            3G      4G   6G             1012G
    drawn     |=====|==|==============|~~~~~~~|====|~~~~~~~~~~~~~~~|

Pieces that no track covers (holes) are drawn at a third of their width.
"""

from bisect import bisect_right
from math import log2

from memmaplib.facts import ACPI, NVS, PMEM, PRAM, RAM, RESERVED, SOFT_RESERVED, UNUSABLE

FIRMWARE_COLOURS = {
    RAM: "#7bb274", RESERVED: "#b0556b", ACPI: "#d9a441", NVS: "#c47f2c", UNUSABLE: "#444444",
    PMEM: "#5b8fc7", PRAM: "#4a76a8", SOFT_RESERVED: "#8a6fb0",
}
# Owners get these in order of first address; chosen to stay apart also for the colour-blind.
OWNER_COLOURS = [
    "#4e79a7", "#f28e2b", "#e15759", "#76b7b2", "#edc948", "#b07aa1", "#ff9da7", "#9c755f",
    "#86bcb6", "#d37295", "#a0cbe8", "#ffbe7d", "#8cd17d", "#499894", "#d4a6c8", "#79706e",
]
FREE_COLOUR, UNOWNED_COLOUR, HOLE_COLOUR = "#cfe8c9", "#bab0ac", "#f4f4f4"


class Axis:
    """Piecewise logarithmic map from addresses to [0, 1]."""

    def __init__(self, tracks):
        borders = set()
        for track in tracks:
            borders.update(track.starts)
            borders.update(track.ends)
        self.borders = sorted(borders) or [0, 1 << 20]
        if self.borders[0] != 0:
            self.borders.insert(0, 0)
        self.offsets = [0.0]
        for start, end in zip(self.borders, self.borders[1:]):
            weight = 1.0 + max(0.0, log2((end - start) / 1024))
            if not any(track.overlaps(start, end) for track in tracks):
                weight /= 3
            self.offsets.append(self.offsets[-1] + weight)
        self.total = self.offsets[-1] or 1.0

    def place(self, addr):
        """Where @addr is drawn, 0.0 to 1.0."""
        at = min(bisect_right(self.borders, addr) - 1, len(self.borders) - 2)
        at = max(at, 0)
        start, end = self.borders[at], self.borders[at + 1]
        inside = (min(addr, end) - start) / (end - start)
        low, high = self.offsets[at], self.offsets[at + 1]
        return (low + (high - low) * inside) / self.total

    def address(self, place):
        """The address drawn at @place, the inverse of place()."""
        want = place * self.total
        at = min(max(bisect_right(self.offsets, want) - 1, 0), len(self.borders) - 2)
        low, high = self.offsets[at], self.offsets[at + 1]
        inside = (want - low) / (high - low) if high > low else 0.0
        start, end = self.borders[at], self.borders[at + 1]
        return start + int((end - start) * inside)


def firmware_colour(kind):
    return FIRMWARE_COLOURS.get(kind, "#b0556b")


class OwnerPalette:
    """A colour per owner, stable over one picture."""

    def __init__(self, owners):
        self.colours = {}
        for owner in owners:
            if owner and owner not in self.colours:
                self.colours[owner] = OWNER_COLOURS[len(self.colours) % len(OWNER_COLOURS)]

    def __getitem__(self, owner):
        return self.colours.get(owner, UNOWNED_COLOUR)
