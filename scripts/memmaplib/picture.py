# SPDX-License-Identifier: GPL-2.0-only
"""What is drawn of a boot, before anybody draws it.

    Story ──► Picture: lanes of pieces over one axis, legends, a title
                 ├──► show.py  (terminal)
                 ├──► svg.py   (file)
                 └──► as_data() ──► whatif.js (the what-if page)

A lane that has nothing to show is not there.
"""

import os
from collections import OrderedDict
from dataclasses import dataclass, field

from memmaplib import colours
from memmaplib.axis import Axis
from memmaplib.facts import RAM, type_name
from memmaplib.intervals import IntervalMap
from memmaplib.story import caller_symbol, human, mem, owner_of

NODES_MAX = 1024


@dataclass(slots=True)
class Piece:
    """One range of a lane.  @look: (colour, texture, letter); @short: where @label does not fit."""
    start: int
    end: int
    look: tuple
    label: str
    short: str = ""
    title: str = ""


@dataclass
class Picture:
    """Lanes from top to bottom, and what explains them."""
    title: str
    sub: str
    axis: object
    lanes: OrderedDict = field(default_factory=OrderedDict)      # name -> [Piece]
    legend: list = field(default_factory=list)      # (heading, [(look, bytes, name)])


def said(label, start, end, more=""):
    return f"{label}\n{mem(start, end)} {human(end - start)}{more}"


def handed_over(log):
    """Has the buddy got what is free?"""
    return bool(log.buddy or log.facts.get("ledger")
                or any(event.op == "free_all" for event in log.events[-1000:]))


def node_pieces(story):
    """Neighbouring regions of one node are one piece; nothing if nobody speaks of nodes."""
    out = []
    for start, end, load in story.memory:
        if not 0 <= load.nid < NODES_MAX:
            continue
        if out and out[-1][2] == load.nid:
            out[-1][1] = end
        else:
            out.append([start, end, load.nid])
    return [Piece(start, end, (colours.NODES[at % 2], colours.PLAIN, str(nid % 10)), f"node {nid}",
                  str(nid), said(f"node {nid}", start, end)) for at, (start, end, nid) in enumerate(out)]


def zone_rows(log):
    """(name, start, end, what else there is to say), from a snapshot or from "Zone ranges:"."""
    rows = []
    for zone in log.facts.get("zones") or ():
        try:
            base, size = int(zone["base"], 16), int(zone["size"], 16)
            rows.append((str(zone["name"]), base, base + size, f"\nnode {zone['nid']}, "
                         f"{human(zone['managed'])} managed, {human(zone['free'])} free"))
        except (KeyError, TypeError, ValueError):
            continue
    return sorted(rows, key=lambda row: row[1]) or [(*zone, "") for zone in log.zones]


def zone_borders(log):
    return {at for _, start, end, _ in zone_rows(log) if start < end for at in (start, end)}


def zone_pieces(log):
    return [Piece(start, end, (colours.zone_colour(name), colours.PLAIN, name[:1]), name, name[:1],
                  said(f"zone {name}", start, end, more))
            for name, start, end, more in zone_rows(log) if start < end]


def free_pieces(story, look, label):
    """Memory that nobody has taken."""
    free = IntervalMap()
    for start, end, load in story.memory:
        free.paint(start, end, load)
    for start, end, _ in story.reserved:
        free.cut(start, end)
    return [Piece(start, end, look, label, "", said(label, start, end)) for start, end, _ in free]


def words_line(cmdline, width=120):
    """The command line, or as much of it as can be read at a glance."""
    words = cmdline.split()
    words = [word for word in words if not word.startswith(("BOOT_IMAGE", "root=", "console="))]
    out = " ".join(words)
    return out if len(out) <= width else out[:width].rsplit(" ", 1)[0] + " ..."


def machine_of(story):
    """'UEFI, 256M RAM, 2 nodes': what a title has to say."""
    log = story.log
    facts = [f"{human(sum(e - s for s, e, x in story.firmware if x.type == RAM) or story.memory.covered())} RAM"]
    nodes = {load.nid for _, _, load in story.memory if 0 <= load.nid < NODES_MAX}
    if len(nodes) > 1:
        facts.append(f"{len(nodes)} nodes")
    firmware = "UEFI" if log.efi else "" if log.kind == "trace" else "BIOS" if log.maps.get("BIOS-e820") else ""
    return ", ".join([firmware] * bool(firmware) + facts)


def axis_of(*stories):
    """One axis on which all of them can be drawn."""
    tracks = [track for story in stories
              for track in (story.firmware, story.memory, story.reserved)]
    return Axis(tracks, set().union(*(zone_borders(story.log) for story in stories)))


def of(story, title="", axis=None):
    """The Picture of @story."""
    log = story.log
    owners = [owner_of(load) for _, _, load in story.reserved]
    looks = colours.Looks(owners)
    name = title or os.path.basename(log.name)
    cmdline = words_line(log.facts.get("cmdline", ""))
    picture = Picture(f"{name}: {machine_of(story)}", cmdline,
                      axis or axis_of(story))
    free, word = ((colours.BUDDY, "in the buddy") if handed_over(log) else (colours.FREE, "free"))
    lanes = {
        "the map": [Piece(s, e, colours.type_look(x.type), type_name(x.type), "",
                          said(type_name(x.type), s, e)) for s, e, x in story.firmware],
        "nodes": node_pieces(story),
        "zones": zone_pieces(log),
        "free": free_pieces(story, free, word),
        "reserved": [Piece(s, e, looks[owner_of(x)], owner_of(x), "", said(
            owner_of(x), s, e, f"\nby {caller_symbol(x.caller)}" if x.caller else ""))
                     for s, e, x in story.reserved],
    }
    picture.lanes.update((lane, pieces) for lane, pieces in lanes.items() if pieces)
    if len({piece.label for piece in picture.lanes.get("nodes", ())}) < 2:
        picture.lanes.pop("nodes", None)
    picture.legend = legend(picture, looks)
    return picture


def sums(pieces):
    """{label: (look, bytes)} in order of address."""
    out = OrderedDict()
    for piece in pieces:
        look, size = out.get(piece.label, (piece.look, 0))
        out[piece.label] = (look, size + piece.end - piece.start)
    return out


def legend(picture, looks):
    """One group for each lane whose colours mean something."""
    out = []
    for lane, heading in (("the map", "the map:"), ("reserved", "taken by:"), ("free", "not taken:")):
        found = sums(picture.lanes.get(lane, ()))
        rows = [(look, size, label) for label, (look, size) in found.items()]
        if lane == "reserved":
            rows.sort(key=lambda row: -row[1])
        if rows:
            out.append((heading, rows))
    return out


def as_data(picture):
    """For JSON: what whatif.js draws."""
    return {
        "title": picture.title, "sub": picture.sub,
        "axis": {"borders": [hex(at) for at in picture.axis.borders],
                 "offsets": [round(at, 3) for at in picture.axis.offsets]},
        "lanes": [{"name": lane, "pieces": [[hex(p.start), hex(p.end), p.look[0], p.look[1],
                                             p.label, p.short, p.title] for p in pieces]}
                  for lane, pieces in picture.lanes.items()],
        "legend": [[heading, [[look[0], look[1], human(size), name] for look, size, name in rows]]
                   for heading, rows in picture.legend],
    }
