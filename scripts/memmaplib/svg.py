# SPDX-License-Identifier: GPL-2.0-only
"""The same picture as a file: SVG with a label or a tooltip on every range."""

from xml.sax.saxutils import escape

from memmaplib.axis import Axis, FREE_COLOUR, OwnerPalette, firmware_colour
from memmaplib.facts import type_name
from memmaplib.story import human, mem, node_text, owner_of, tick

WIDTH, LEFT, BAR, GAP = 1200, 90, 46, 22
LETTER = 6.1        # width of a letter at 11 px, near enough to decide what fits


def rect(x, y, width, fill, title, label):
    """One range: a box, a tooltip, and a label where it fits."""
    out = [f'<g><title>{escape(title)}</title>'
           f'<rect x="{x:.2f}" y="{y}" width="{max(width, 0.6):.2f}" height="{BAR}" fill="{fill}" '
           'stroke="#00000040" stroke-width="0.5"/>']
    if width > len(label) * LETTER + 6:
        out.append(f'<text x="{x + 4:.2f}" y="{y + BAR / 2 + 4}">{escape(label)}</text>')
    return "".join(out) + "</g>"


def ticks(axis, y):
    """Addresses under the bars, as many as fit without touching."""
    out, edge = [], -100.0
    for border in axis.borders:
        x = LEFT + axis.place(border) * WIDTH
        if x < edge:
            continue
        out.append(f'<line x1="{x:.2f}" x2="{x:.2f}" y1="{y}" y2="{y + 6}" stroke="#888"/>'
                   f'<text x="{x:.2f}" y="{y + 18}" class="tick">{tick(border)}</text>')
        edge = x + max(52, len(tick(border)) * LETTER + 12)
    return out


def legend(sums, palette, y):
    """Owners with their bytes, four to a row."""
    out = []
    for at, (name, size) in enumerate(sums.items()):
        x, row = LEFT + (at % 4) * 300, y + (at // 4) * 20
        label = name if len(name) <= 34 else name[:33] + "…"
        out.append(f'<rect x="{x}" y="{row}" width="12" height="12" fill="{palette[name]}"/>'
                   f'<text x="{x + 18}" y="{row + 10}">{escape(label)}  {human(size)}</text>')
    return out


def render(story, title):
    """The SVG as text."""
    axis = Axis([story.firmware, story.memory, story.reserved])
    sums = {}
    for start, end, region in story.reserved:
        sums[owner_of(region)] = sums.get(owner_of(region), 0) + end - start
    palette = OwnerPalette(sums)
    tracks = [
        ("the map", [(s, e, firmware_colour(x.type), type_name(x.type))
                     for s, e, x in story.firmware]),
        ("memory", [(s, e, FREE_COLOUR, "memory" + node_text(x.nid)) for s, e, x in story.memory]),
        ("reserved", [(s, e, palette[owner_of(x)], owner_of(x)) for s, e, x in story.reserved]),
    ]
    body, y = [], 46
    for name, ranges in tracks:
        body.append(f'<text x="8" y="{y + BAR / 2 + 4}" class="name">{name}</text>')
        for start, end, fill, label in ranges:
            x, right = (LEFT + axis.place(at) * WIDTH for at in (start, end))
            body.append(rect(x, y, right - x, fill,
                             f"{label}\n{mem(start, end)} {human(end - start)}", label))
        y += BAR + GAP
    body += ticks(axis, y - GAP + 4)
    y += 22
    body += legend(sums, palette, y)
    height = y + ((len(sums) + 3) // 4) * 20 + 16
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH + LEFT + 30} {height}" '
            'font-family="system-ui, sans-serif" font-size="11">'
            '<style>.tick{fill:#555;font-size:10px}.name{fill:#555}.title{font-size:16px}</style>'
            '<rect width="100%" height="100%" fill="#fff"/>'
            f'<text x="8" y="24" class="title">{escape(title)}</text>')
    return head + "\n".join(body) + "</svg>\n"
