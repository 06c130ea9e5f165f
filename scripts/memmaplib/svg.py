# SPDX-License-Identifier: GPL-2.0-only
"""The picture as a file: SVG with a tooltip on every range, and a label wherever one fits whole."""

from xml.sax.saxutils import escape

from memmaplib import colours, picture as pictures
from memmaplib.story import human, tick

WIDTH, LEFT, BAR, GAP, RIGHT = 1200, 90, 46, 20, 40
THIN = {"nodes": 20, "zones": 20, "free": 20}   # lanes that are only names
LETTER = 6.4        # width of a letter at 11 px, near enough to decide what fits
ROW, COLUMN_GAP = 20, 24

# What each texture draws over the colour, in a tile of 8 by 8.
TILES = {
    colours.SLASH: '<path d="M0 8L8 0"/>', colours.BACK: '<path d="M0 0L8 8"/>',
    colours.DOTS: '<circle cx="2" cy="2" r=".9"/><circle cx="6" cy="6" r=".9"/>',
    colours.LINES: '<path d="M0 2H8M0 6H8"/>', colours.BARS: '<path d="M2 0V8M6 0V8"/>',
    colours.CROSS: '<path d="M0 0L8 8M0 8L8 0"/>', colours.GRID: '<path d="M0 4H8M4 0V8"/>',
}


def patterns(looks):
    """A <pattern> for each pair of colour and texture that is used."""
    out = []
    for colour, texture in sorted({look[:2] for look in looks if look[1]}):
        out.append(f'<pattern id="{pattern_id(colour, texture)}" width="8" height="8" '
                   f'patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="{colour}"/>'
                   f'<g stroke="#000" stroke-opacity=".38" fill="none">{TILES[texture]}</g></pattern>')
    return "<defs>" + "".join(out) + "</defs>"


def pattern_id(colour, texture):
    return f"t{texture}{colour[1:]}"


def fill(look):
    return f"url(#{pattern_id(look[0], look[1])})" if look[1] else look[0]


def fits(text, width):
    return text and width > len(text) * LETTER + 6


def rect(x, y, width, height, piece):
    """One range: a box, a tooltip, and a label if it fits; on a texture it stands on a plain strip."""
    out = [f'<g><title>{escape(piece.title)}</title>'
           f'<rect x="{x:.2f}" y="{y}" width="{max(width, 0.8):.2f}" height="{height}" '
           f'fill="{fill(piece.look)}" stroke="#00000066" stroke-width="0.5"/>']
    label = next((text for text in (piece.label, piece.short) if fits(text, width)), "")
    middle = y + height / 2
    if label and piece.look[1]:
        out.append(f'<rect x="{x + 2:.2f}" y="{middle - 8}" width="{len(label) * LETTER + 4:.2f}" '
                   f'height="16" fill="{piece.look[0]}"/>')
    if label:
        out.append(f'<text x="{x + 4:.2f}" y="{middle + 4}">{escape(label)}</text>')
    return "".join(out) + "</g>", bool(label)


def callouts(pieces, place, y):
    """Names of what is too narrow for them, in two rows under the lane, as far as they do not touch."""
    out, edges = [], [0.0, 0.0]
    for piece in pieces:
        middle = (place(piece.start) + place(piece.end)) / 2
        width = len(piece.short) * LETTER
        for row in (0, 1):
            if middle - width / 2 >= edges[row]:
                out.append(f'<path d="M{middle:.1f} {y}v{3 + row * 11}" stroke="#888"/>'
                           f'<text x="{middle:.1f}" y="{y + 12 + row * 11}" text-anchor="middle" '
                           f'class="tick">{escape(piece.short)}</text>')
                edges[row] = middle + width / 2 + 3
                break
    return out


def ticks(axis, y):
    """Addresses under the bars, as many as fit without touching."""
    out, edge = [], -100.0
    for border in axis.borders:
        x, text = LEFT + axis.place(border) * WIDTH, tick(border)
        if x < edge or x + len(text) * LETTER > LEFT + WIDTH + RIGHT:
            continue
        out.append(f'<line x1="{x:.2f}" x2="{x:.2f}" y1="{y}" y2="{y + 6}" stroke="#888"/>'
                   f'<text x="{x:.2f}" y="{y + 18}" class="tick">{text}</text>')
        edge = x + max(52, len(text) * LETTER + 12)
    return out


def legend_groups(groups, y):
    """Each group under its heading, in columns wide enough for its longest name."""
    out = []
    for heading, rows in groups:
        out.append(f'<text x="8" y="{y + 10}" class="name">{escape(heading)}</text>')
        longest = max(len(name) + len(human(size)) + 2 for _, size, name in rows)
        width = 18 + longest * LETTER + COLUMN_GAP
        columns = max(1, int((WIDTH + RIGHT) // width))
        for at, (look, size, name) in enumerate(rows):
            x, row = LEFT + (at % columns) * width, y + at // columns * ROW
            out.append(f'<rect x="{x:.1f}" y="{row}" width="14" height="12" fill="{fill(look)}" '
                       f'stroke="#00000066" stroke-width="0.5"/>'
                       f'<text x="{x + 20:.1f}" y="{row + 10}">{escape(name)}  {human(size)}</text>')
        y += -(-len(rows) // columns) * ROW + 8
    return out, y


def render(story, title=""):
    """The SVG as text."""
    picture = pictures.of(story, title)

    def place(addr):
        return LEFT + picture.axis.place(addr) * WIDTH

    body, y = [], 46 + 18 * bool(picture.sub)
    for lane, pieces in picture.lanes.items():
        height, unnamed = THIN.get(lane, BAR), []
        body.append(f'<text x="8" y="{y + height / 2 + 4}" class="name">{escape(lane)}</text>')
        for piece in pieces:
            x = place(piece.start)
            text, named = rect(x, y, place(piece.end) - x, height, piece)
            body.append(text)
            if not named and lane == "nodes":
                unnamed.append(piece)
        body += callouts(unnamed, place, y + height)
        y += height + GAP * bool(unnamed) + (8 if height < BAR else GAP)
    body += ticks(picture.axis, y - 14)
    looks, y = legend_groups(picture.legend, y + 20)
    body += looks
    used = [piece.look for pieces in picture.lanes.values() for piece in pieces]
    full = WIDTH + LEFT + RIGHT
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {full} {y + 8}" '
            'font-family="system-ui, sans-serif" font-size="11">'
            '<style>.tick{fill:#555;font-size:10px}.name{fill:#555}.title{font-size:16px}</style>'
            + patterns(used) + '<rect width="100%" height="100%" fill="#fff"/>'
            f'<text x="8" y="24" class="title">{escape(picture.title)}</text>'
            + f'<text x="8" y="42" class="name">{escape(picture.sub)}</text>' * bool(picture.sub)
            + "\n".join(body) + "</svg>\n")
