# SPDX-License-Identifier: GPL-2.0-only
"""Two states, what differs: address by address, in words."""

from memmaplib.facts import type_name
from memmaplib.story import human, mem, node_text, owner_of


def label_firmware(load):
    return type_name(load.type)


def label_memory(load):
    return "memory" + node_text(load.nid) + (f" flags {load.flags:#x}" if load.flags else "")


TRACKS = (("firmware", label_firmware), ("memory", label_memory), ("reserved", owner_of))


def compare(left, right, label):
    """(start, end, left label, right label) where two IntervalMaps differ."""
    borders = sorted(set(left.starts) | set(left.ends) | set(right.starts) | set(right.ends))
    rows = []
    for start, end in zip(borders, borders[1:]):
        one, two = left.find(start), right.find(start)
        words = tuple(label(hit[2]) if hit else "nothing" for hit in (one, two))
        if words[0] == words[1]:
            continue
        if rows and rows[-1][1] == start and rows[-1][2:] == words:
            rows[-1] = (rows[-1][0], end) + words
        else:
            rows.append((start, end) + words)
    return rows


def report(left, right, tracks=TRACKS):
    """For people; 'identical' if nothing differs."""
    out = []
    for name, label in tracks:
        rows = compare(getattr(left, name), getattr(right, name), label)
        for start, end, one, two in rows:
            out.append(f"{name:<9} {mem(start, end)} {human(end - start):>7}  {one} -> {two}")
    return "\n".join(out or ["identical"]) + "\n"
