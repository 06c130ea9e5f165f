# SPDX-License-Identifier: GPL-2.0-only
"""The terminal picture: three bars over one axis, then who owns what.

A column shows what takes most of it in drawn width; colours fall back to
letters where the output is not a terminal, so a pasted picture still reads.
"""

from bisect import bisect_right
from collections import OrderedDict

from memmaplib.axis import (Axis, FREE_COLOUR, HOLE_COLOUR, OwnerPalette, firmware_colour)
from memmaplib.facts import RAM, type_name
from memmaplib.story import human, owner_of, tick

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Painter:
    """Writes cells in 24-bit colour, or letters when colour is off."""

    def __init__(self, colour):
        self.colour = colour

    def cells(self, cells):
        if not self.colour:
            return "".join(letter for _, letter in cells)
        out = []
        for shade, letter in cells:
            red, green, blue = (int(shade[at:at + 2], 16) for at in (1, 3, 5))
            ink = "30" if red * 3 + green * 6 + blue > 1200 else "97"
            out.append(f"\x1b[48;2;{red};{green};{blue};{ink}m{letter}")
        return "".join(out) + "\x1b[0m"

    def swatch(self, shade, letter):
        return self.cells([(shade, letter)] * 2)


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
    bar = max(40, width - 12)
    reserved_only = story.reserved
    axis = Axis([story.firmware, story.memory, reserved_only])
    paint = Painter(colour)
    sums = OrderedDict()
    for start, end, region in story.reserved:
        name = owner_of(region)
        sums[name] = sums.get(name, 0) + end - start
    palette = OwnerPalette(sums)
    letters = {name: LETTERS[at % len(LETTERS)] for at, name in enumerate(sums)}

    firmware, taken = [], []
    for low, high in columns(axis, bar):
        entry = heaviest(story.firmware, low, high)
        firmware.append((firmware_colour(entry.type), "#" if entry.type == RAM else "r")
                        if entry else (HOLE_COLOUR, "."))
        region = heaviest(story.reserved, low, high)
        memory = heaviest(story.memory, low, high)
        if region:
            taken.append((palette[owner_of(region)], letters[owner_of(region)]))
        else:
            taken.append((FREE_COLOUR, "-") if memory else (HOLE_COLOUR, "."))

    out = [f"firmware    {paint.cells(firmware)}", f"memblock    {paint.cells(taken)}",
           "            " + ruler(axis, bar), ""]
    out += legend(story, paint, palette, letters, sums)
    return "\n".join(out) + "\n"


def legend(story, paint, palette, letters, sums):
    """Types of the map, then owners with their bytes."""
    kinds = {}
    for start, end, entry in story.firmware:
        kinds[entry.type] = kinds.get(entry.type, 0) + end - start
    out = ["the map:"]
    for kind in sorted(kinds):
        out.append(f"  {paint.swatch(firmware_colour(kind), '#' if kind == RAM else 'r')} "
                   f"{human(kinds[kind]):>7}  {type_name(kind)}")
    out.append("taken by:" if sums else "taken by: (the log names no reservation)")
    for name, size in sums.items():
        out.append(f"  {paint.swatch(palette[name], letters[name])} {human(size):>7}  {name}")
    total = story.memory.covered()
    free = total - sum(min(end, mem_end) - max(start, mem_start)
                       for mem_start, mem_end, _ in story.memory
                       for start, end, _ in story.reserved.overlaps(mem_start, mem_end))
    out.append(f"  {paint.swatch(FREE_COLOUR, '-')} {human(free):>7}  "
               f"free, of {human(total)} memory")
    return out
