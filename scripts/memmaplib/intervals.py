# SPDX-License-Identifier: GPL-2.0-only
"""Disjoint, sorted intervals with a payload each: [start, end) -> anything.

Two ways to lay something down: paint() fills only what is still empty (the
first owner keeps its bytes), cut() empties.  Neighbours never merge, so that a
picture keeps the borders the log had.
"""

from bisect import bisect_left, bisect_right


class IntervalMap:
    """Sorted parallel lists; an operation costs what the lists' tails cost to move."""

    def __init__(self):
        self.starts = []
        self.ends = []
        self.loads = []

    def __iter__(self):
        return iter(zip(self.starts, self.ends, self.loads))

    def __len__(self):
        return len(self.starts)

    def span(self, start, end):
        """Index interval of everything that overlaps [start, end)."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)

    def find(self, addr):
        """The (start, end, payload) covering @addr, or None."""
        at = bisect_right(self.starts, addr) - 1
        if at >= 0 and addr < self.ends[at]:
            return self.starts[at], self.ends[at], self.loads[at]
        return None

    def overlaps(self, start, end):
        """All (start, end, payload) that touch [start, end), unclipped."""
        low, high = self.span(start, end)
        return list(zip(self.starts[low:high], self.ends[low:high], self.loads[low:high]))

    def paint(self, start, end, load):
        """Give the uncovered parts of [start, end) to @load; return those parts."""
        if end <= start:
            return []
        low, high = self.span(start, end)
        gaps, at = [], start
        for index in range(low, high):
            if at < self.starts[index]:
                gaps.append((at, self.starts[index]))
            at = max(at, self.ends[index])
        if at < end:
            gaps.append((at, end))
        for gap_start, gap_end in gaps:
            where = bisect_left(self.starts, gap_start)
            self.starts.insert(where, gap_start)
            self.ends.insert(where, gap_end)
            self.loads.insert(where, load)
        return gaps

    def cut(self, start, end):
        """Empty [start, end); pieces that stick out stay, with their payload."""
        low, high = self.span(start, end)
        if end <= start or low >= high:
            return
        keep = []
        if self.starts[low] < start:
            keep.append((self.starts[low], start, self.loads[low]))
        if self.ends[high - 1] > end:
            keep.append((end, self.ends[high - 1], self.loads[high - 1]))
        self.starts[low:high] = [piece[0] for piece in keep]
        self.ends[low:high] = [piece[1] for piece in keep]
        self.loads[low:high] = [piece[2] for piece in keep]

    def covered(self):
        """Bytes covered."""
        return sum(self.ends) - sum(self.starts)
