# SPDX-License-Identifier: GPL-2.0-only
"""Disjoint, sorted intervals with a payload each: [start, end) -> anything.

Two ways to lay something down: paint() fills only what is still empty (the
first owner keeps its bytes), cut() empties.  Neighbours never merge, so that a
picture keeps the borders the log had.

Starts are kept in blocks, so that a million operations among a hundred thousand
intervals do not move a long list a million times:

    bounds  0               0x5000          0x90000
    blocks  [0x0, 0x3000]   [0x5000, ...]   [0x91000, ...]

Invariant: what is in block n begins at bounds[n] or above and below bounds[n + 1];
only block 0 may be empty.
"""

from bisect import bisect_left, bisect_right
from itertools import chain

BLOCK = 512         # starts in a block before it is split


class IntervalMap:
    """Sorted starts, and per start the end and the payload."""

    def __init__(self):
        self.bounds = [0]
        self.blocks = [[]]
        self.tails = {}         # start -> (end, payload)

    def __iter__(self):
        """(start, end, payload), ascending."""
        tails = self.tails
        return ((start, *tails[start]) for start in self.starts)

    def __len__(self):
        return len(self.tails)

    @property
    def starts(self):
        """All starts, ascending."""
        return list(chain.from_iterable(self.blocks))

    @property
    def ends(self):
        """All ends, ascending."""
        return [self.tails[start][0] for start in self.starts]

    def place(self, start):
        """(block, index in it) of the first interval that begins above @start, and the
        start of the last one that does not, or None."""
        number = bisect_right(self.bounds, start) - 1
        block = self.blocks[number]
        at = bisect_right(block, start)
        if not at and number:
            block = self.blocks[number - 1]
            return number, 0, block[-1] if block else None
        return number, at, block[at - 1] if at else None

    def add(self, number, at, start, tail):
        """An interval where nothing is, its place known; a long block is split."""
        self.tails[start] = tail
        block = self.blocks[number]
        block.insert(at, start)
        if len(block) > BLOCK:
            self.bounds.insert(number + 1, block[BLOCK // 2])
            self.blocks.insert(number + 1, block[BLOCK // 2:])
            del block[BLOCK // 2:]

    def remove(self, start):
        """Forget the interval that begins at @start; return (end, payload)."""
        number = bisect_right(self.bounds, start) - 1
        block = self.blocks[number]
        del block[bisect_left(block, start)]
        if not block and number:
            del self.blocks[number], self.bounds[number]
        return self.tails.pop(start)

    def following(self, number, at):
        """The start at a place, or of the next block, or None."""
        block = self.blocks[number]
        if at < len(block):
            return block[at]
        return self.blocks[number + 1][0] if number + 1 < len(self.blocks) else None

    def touched(self, start, end):
        """Starts of everything that overlaps [start, end), ascending."""
        number, at, before = self.place(start)
        out = [before] if before is not None and self.tails[before][0] > start else []
        while number < len(self.blocks):
            block = self.blocks[number]
            stop = bisect_left(block, end, at)
            out += block[at:stop]
            if stop < len(block):
                break
            number, at = number + 1, 0
        return out

    def find(self, addr):
        """The (start, end, payload) covering @addr, or None."""
        start = self.place(addr)[2]
        if start is None:
            return None
        end, load = self.tails[start]
        return (start, end, load) if addr < end else None

    def overlaps(self, start, end):
        """All (start, end, payload) that touch [start, end), unclipped."""
        return [(at, *self.tails[at]) for at in self.touched(start, end)]

    def paint(self, start, end, load):
        """Give the uncovered parts of [start, end) to @load; return those parts."""
        if end <= start:
            return []
        number, at, before = self.place(start)
        if before is None or self.tails[before][0] <= start:
            after = self.following(number, at)
            if after is None or after >= end:           # nothing is there: mostly so
                self.add(number, at, start, (end, load))
                return [(start, end)]
        gaps, at = [], start
        for taken in self.touched(start, end):
            if at < taken:
                gaps.append((at, taken))
            at = max(at, self.tails[taken][0])
        if at < end:
            gaps.append((at, end))
        for gap_start, gap_end in gaps:
            self.add(*self.place(gap_start)[:2], gap_start, (gap_end, load))
        return gaps

    def cut(self, start, end):
        """Empty [start, end); pieces that stick out stay, with their payload."""
        if end <= start:
            return
        hit = self.tails.get(start)
        if hit and hit[0] == end:       # freed as it was taken
            self.remove(start)
            return
        for at in self.touched(start, end):
            tail, load = self.remove(at)
            if at < start:
                self.add(*self.place(at)[:2], at, (start, load))
            if tail > end:
                self.add(*self.place(end)[:2], end, (tail, load))

    def covered(self):
        """Bytes covered."""
        return sum(end - start for start, (end, _) in self.tails.items())
