# SPDX-License-Identifier: GPL-2.0-only
"""Text from a picture of the screen (QEMU's screendump), by the kernel's own font: exact or nothing."""

import os
import re

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HEIGHT, FIRST = 16, 0x20
BAR, SHADE = "▏▎▍▌▋▊▉█", "▒"


class Unreadable(Exception):
    """A cell that no glyph explains, or a file that is no picture."""


def font():
    """{rows of dots as a tuple: character} of kernel/lib/font.c, bars and the shade."""
    with open(os.path.join(TOP, "kernel/lib/font.c"), encoding="utf-8") as file:
        halves = re.findall(r"^\t\{ 0x([0-9a-f]{16}), 0x([0-9a-f]{16}) \},", file.read(), re.M)
    glyphs = {}
    for index, rows in enumerate(halves):
        glyphs[tuple(bytes.fromhex("".join(rows)))] = chr(FIRST + index)
    for index, bar in enumerate(BAR):
        glyphs[(0xff00 >> (index + 1) & 0xff,) * HEIGHT] = bar
    glyphs[tuple((0xaa, 0x55)[y % 2] for y in range(HEIGHT))] = SHADE
    return glyphs


def read_ppm(path):
    """(width, height, bytes) of a binary PPM."""
    with open(path, "rb") as file:
        head = re.match(rb"P6\s(\d+)\s(\d+)\s255\s", file.read(64))
        if not head:
            raise Unreadable(f"{path} is no picture")
        file.seek(head.end())
        return int(head[1]), int(head[2]), file.read()


def read_raw(path, width, height, bits, pitch):
    """The same of a framebuffer's memory; of 24 or 32 bits, whatever their order."""
    with open(path, "rb") as file:
        data = file.read()
    size, dots = bits // 8, bytearray()
    for y in range(height):
        line = data[y * pitch:y * pitch + width * size]
        for x in range(0, width * size, size):
            dots += line[x:x + 3]
    return width, height, bytes(dots)


class Screen:
    """The cells of a picture: text[row], and ink[row][col], the colour that is not behind."""

    def __init__(self, picture):
        self.width, self.height, self.dots = picture
        # VGA's text has a ninth column, which letters leave free.
        self.step = 9 if (self.width, self.height) == (720, 400) else 8
        self.cols, self.rows = self.width // self.step, self.height // HEIGHT
        self.glyphs = font()
        self.ink = [[None] * self.cols for _ in range(self.rows)]
        self.text = ["".join(self.cell(col, row) for col in range(self.cols)).rstrip()
                     for row in range(self.rows)]

    def colours(self, col, row):
        """The 8 x 16 dots of a cell."""
        for y in range(row * HEIGHT, (row + 1) * HEIGHT):
            at = (y * self.width + col * self.step) * 3
            yield [self.dots[at + 3 * x:at + 3 * x + 3] for x in range(8)]

    def cell(self, col, row):
        lines = list(self.colours(col, row))
        seen = sorted({dot for line in lines for dot in line}, key=sum)
        if len(seen) > 2:
            raise Unreadable(f"row {row} column {col}: {len(seen)} colours")
        for front in reversed(seen):
            bits = tuple(sum(0x80 >> x for x in range(8) if line[x] == front) for line in lines)
            if len(seen) == 1 and not sum(front):
                return " "
            # The hardware's cursor stands on a blank, and fills some of its lowest rows.
            for tried in (bits, (0,) * HEIGHT if not any(bits[:13]) else bits):
                if tried in self.glyphs:
                    self.ink[row][col] = tuple(front)
                    return self.glyphs[tried]
        raise Unreadable(f"row {row} column {col}: no glyph looks like that")


def wrapped(lines, cols):
    """What a screen of @cols columns makes of lines of the log."""
    rows = []
    for line in lines:
        line = line.expandtabs(8)
        rows += [line[at:at + cols].rstrip() for at in range(0, len(line), cols)] or [""]
    return rows
