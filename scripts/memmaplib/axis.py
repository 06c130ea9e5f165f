# SPDX-License-Identifier: GPL-2.0-only
"""One axis on which 4 KiB and 1 TiB are both visible.

All borders of all tracks cut the address space into pieces.  A piece's width
grows with the logarithm of its size, so order is kept, nothing vanishes, and a
1 TiB hole does not squash the first MiB:

    address   0   640K 1M            3G      4G   6G             1012G
    drawn     |=====|==|==============|~~~~~~~|====|~~~~~~~~~~~~~~~|

Pieces that no track covers (holes) are drawn at a third of their width.
"""

from bisect import bisect_right
from math import log2


class Axis:
    """Piecewise logarithmic map from addresses to [0, 1]."""

    def __init__(self, tracks, more=()):
        """@more: borders of what may lie over holes, too."""
        borders = set(more)
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
