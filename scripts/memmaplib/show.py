# SPDX-License-Identifier: GPL-2.0-only
"""The terminal picture: the lanes over one axis, then who owns what.

A column shows what takes most of it in drawn width.  Its letter is the second sign beside the
colour, and the only one where the output is not a terminal.
"""

from bisect import bisect_right

from memmaplib import colours, picture as pictures
from memmaplib.intervals import IntervalMap
from memmaplib.story import human, tick

MARGIN = 12


class Painter:
    """Writes cells in 24-bit colour with their letters, or the letters alone."""

    def __init__(self, colour):
        self.colour = colour

    def cells(self, cells):
        if not self.colour:
            return "".join(letter for _, letter in cells)
        out, last = [], None
        for shade, letter in cells:
            if shade != last:
                red, green, blue = (int(shade[at:at + 2], 16) for at in (1, 3, 5))
                out.append(f"\x1b[48;2;{red};{green};{blue};30m")
                last = shade
            out.append(letter)
        return "".join(out) + "\x1b[0m"

    def swatch(self, look):
        return self.cells([(look[0], look[2])] * 2)


def track_of(pieces):
    out = IntervalMap()
    for piece in pieces:
        out.paint(piece.start, piece.end, piece)
    return out


def heaviest(track, low, high):
    """The payload that covers most of the addresses [low, high), or None."""
    best, most = None, 0
    for start, end, load in track.overlaps(low, high):
        size = min(end, high) - max(start, low)
        if size > most:
            best, most = load, size
    return best


def columns(axis, width):
    edges = [axis.address(column / width) for column in range(width)] + [axis.borders[-1]]
    return [(low, max(high, low + 1)) for low, high in zip(edges, edges[1:])]


def cells_of(pieces, axis, width):
    """(colour, letter) of each column of a lane."""
    track, hole = track_of(pieces), (colours.HOLE[0], colours.HOLE[2])
    out = []
    for low, high in columns(axis, width):
        piece = heaviest(track, low, high)
        out.append((piece.look[0], piece.look[2]) if piece else hole)
    return out


def named(pieces, axis, width):
    """Names instead of letters, in a lane of names: whole, short, or the letter."""
    cells = [(colours.HOLE[0], colours.HOLE[2])] * width
    for piece in pieces:
        low, high = (round(axis.place(at) * width) for at in (piece.start, piece.end))
        text = next((text for text in (piece.label, piece.short) if len(text) < high - low),
                    piece.look[2]).ljust(high - low)
        for at in range(low, min(max(high, low + 1), width)):
            cells[at] = (piece.look[0], text[at - low])
    return cells


def nearest(axis, place):
    """The border drawn last at or before @place: a number somebody may know."""
    return axis.borders[bisect_right(axis.borders, axis.address(place)) - 1]


def ruler(axis, width):
    """A border's address about every 14 columns, under the bars."""
    line, at = [" "] * (width + 8), 0
    while at < width - 6:
        text = "|" + tick(nearest(axis, at / width))
        line[at:at + len(text)] = text
        at += 14
    return "".join(line[:width + 8]).rstrip()


def show(story, width=100, colour=True):
    """The whole picture as text."""
    picture = pictures.of(story)
    bar = max(40, width - MARGIN)
    paint = Painter(colour)
    out = [picture.title] + [picture.sub] * bool(picture.sub) + [""]
    lanes = dict(picture.lanes)
    if "free" in lanes:         # what nobody has taken is the ground of the taken
        lanes["memblock"] = lanes.pop("free") + lanes.pop("reserved", [])
    elif "reserved" in lanes:
        lanes["memblock"] = lanes.pop("reserved")
    for lane, pieces in lanes.items():
        cells = (named if lane in ("nodes", "zones") else cells_of)(pieces, picture.axis, bar)
        out.append(f"{lane:<{MARGIN}}{paint.cells(cells)}")
    out += [" " * MARGIN + ruler(picture.axis, bar), ""]
    return "\n".join(out + legend(picture, story, paint)) + "\n"


def legend(picture, story, paint):
    """The groups of the legend, and how much memory there is in all."""
    out = []
    for heading, rows in picture.legend:
        out.append(heading)
        out += [f"  {paint.swatch(look)} {human(size):>7}  {name}" for look, size, name in rows]
    if "reserved" not in picture.lanes:
        out.append("taken by: (the log names no reservation)")
    total = story.memory.covered()
    return out + [f"     {human(total):>7}  memory in all"] * bool(total)
