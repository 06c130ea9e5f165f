# SPDX-License-Identifier: GPL-2.0-only
"""Disjoint, sorted intervals with a payload each: [start, end) -> anything.

Two ways to lay something down: paint() fills only what is still empty (the
first owner keeps its bytes), cut() empties.  Neighbours never merge, so that a
picture keeps the borders the log had.
"""

from bisect import bisect_left, bisect_right


class IntervalMap:
    """Sorted starts, and per start the end and the payload."""

    def __init__(self):
        self.starts = []
        self.tails = {}         # start -> (end, payload)

    def __iter__(self):
        """(start, end, payload), ascending."""
        tails = self.tails
        return ((start, *tails[start]) for start in self.starts)

    def __len__(self):
        return len(self.starts)

    @property
    def ends(self):
        """All ends, ascending."""
        return [self.tails[start][0] for start in self.starts]

    def span(self, start, end):
        """Index interval of everything that overlaps [start, end)."""
        starts = self.starts
        low = bisect_right(starts, start)
        if low and self.tails[starts[low - 1]][0] > start:
            low -= 1
        return low, bisect_left(starts, end, low)

    def find(self, addr):
        """The (start, end, payload) covering @addr, or None."""
        at = bisect_right(self.starts, addr) - 1
        if at < 0:
            return None
        start = self.starts[at]
        end, load = self.tails[start]
        return (start, end, load) if addr < end else None

    def overlaps(self, start, end):
        """All (start, end, payload) that touch [start, end), unclipped."""
        low, high = self.span(start, end)
        return [(at, *self.tails[at]) for at in self.starts[low:high]]

    def paint(self, start, end, load):
        """Give the uncovered parts of [start, end) to @load; return those parts."""
        if end <= start:
            return []
        low, high = self.span(start, end)
        gaps, at = [], start
        for taken in self.starts[low:high]:
            if at < taken:
                gaps.append((at, taken))
            at = max(at, self.tails[taken][0])
        if at < end:
            gaps.append((at, end))
        for gap_start, gap_end in gaps:
            self.starts.insert(low if low == high else bisect_left(self.starts, gap_start),
                               gap_start)
            self.tails[gap_start] = (gap_end, load)
        return gaps

    def cut(self, start, end):
        """Empty [start, end); pieces that stick out stay, with their payload."""
        low, high = self.span(start, end)
        if end <= start or low >= high:
            return
        gone = [(at, *self.tails.pop(at)) for at in self.starts[low:high]]
        keep = []
        if gone[0][0] < start:
            keep.append(gone[0][0])
            self.tails[gone[0][0]] = (start, gone[0][2])
        if gone[-1][1] > end:
            keep.append(end)
            self.tails[end] = gone[-1][1:]
        self.starts[low:high] = keep

    def covered(self):
        """Bytes covered."""
        return sum(end - start for start, (end, _) in self.tails.items())
