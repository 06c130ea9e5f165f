# SPDX-License-Identifier: GPL-2.0-only
"""One self-contained offline page: map, hover, slider over all operations, search."""

import html
import json

from memmaplib import colours, picture as pictures
from memmaplib.axis import Axis
from memmaplib.facts import type_name
from memmaplib.intervals import IntervalMap
from memmaplib.place import own_text
from memmaplib.story import human, owner_of

# What an operation does, as page.js knows it.
CODES = {"add": 0, "add_node": 0, "remove": 1, "reserve": 2, "double": 2, "alloc": 2,
         "phys_free": 3, "free": 3, "free_late": 6, "release": 6, "free_all": 5, "name": 7,
         "trim": 8, "cap": 9, "set_node": 10}
NOTHING, TAKES, NAMES = 4, 2, 7
BORDERS_WANTED = 4096     # an axis with more is finer than any screen
EVENTS_WANTED = 100000    # where there are more, some are enough to choose borders from


class Strings:
    """Each text once; index 0 is the empty one."""

    def __init__(self):
        self.index = {"": 0}

    def __getitem__(self, text):
        at = self.index.get(text)
        if at is None:
            at = self.index[text] = len(self.index)
        return at

    def all(self):
        return list(self.index)


def code_of(event):
    """What page.js has to do for an event."""
    if event.end <= event.start or event.result < 0:
        return NOTHING
    if event.op == "set_node" and event.flags:      # not of memory: of another array
        return NOTHING
    return CODES.get(event.op, NOTHING)


def words_of(event):
    """The operation in words, without its range."""
    text = event.op
    if event.size:
        text += f" {event.size} bytes"
    if event.align:
        text += f" align={event.align:#x}"
    if 0 <= event.nid < 1024:
        text += f" nid={event.nid}"
    if event.result < 0:
        text += f" failed ({event.result})"
    return text


def operations(events, strings):
    """Events as the page wants them: [code, start, end, owner, caller, text, named, node]."""
    words, names = {}, {}       # the same few for a million events
    for event in events:
        code = code_of(event)
        what = (event.op, event.size, event.align, event.nid, event.result)
        text = words.get(what)
        if text is None:
            text = words[what] = words_of(event)
        who = (event.owner, event.caller, code == 2)
        name = names.get(who)
        if name is None:
            owner = owner_of(event) if code == 2 else event.owner
            name = names[who] = (strings[owner], strings[event.caller])
        yield [code, event.start, event.end, *name, text, 1 if event.owner else 0,
               event.nid if 0 <= event.nid < 1024 else -1]


def axis_for(story):
    """The axis of everything that ever was, thinned where there is too much."""
    track = IntervalMap()
    borders = set()
    events = story.log.events
    for event in events[::1 + len(events) // EVENTS_WANTED]:
        if event.end > event.start and CODES.get(event.op, NOTHING) in (0, 2, 3, 6):
            borders.update((event.start, event.end))
    for source in (story.memory, story.reserved):
        borders.update(source.starts)
        borders.update(source.ends)
    wanted = sorted(borders)
    if len(wanted) > BORDERS_WANTED:
        step = len(wanted) / BORDERS_WANTED
        wanted = [wanted[int(at * step)] for at in range(BORDERS_WANTED)] + wanted[-1:]
    for start, end in zip(wanted, wanted[1:]):
        if story.memory.overlaps(start, end) or story.reserved.overlaps(start, end):
            track.paint(start, end, None)
    return Axis([story.firmware, track], pictures.zone_borders(story.log))


def page_data(story):
    """Everything the page knows, as plain lists."""
    strings = Strings()
    ops = list(operations(story.log.events, strings))
    begin = {
        "memory": [[region.start, region.end, region.nid] for region in story.begin_memory],
        "reserved": [[region.start, region.end,
                      strings[owner_of(region)], strings[region.caller]]
                     for region in story.begin_reserved],
    }
    if not story.log.events and not story.begin_memory:
        begin["memory"] = [[start, end, load.nid] for start, end, load in story.memory]
        begin["reserved"] = [[start, end, strings[owner_of(load)], strings[load.caller]]
                             for start, end, load in story.reserved]
    axis, texts = axis_for(story), strings.all()
    owners = {op[3] for op in ops if op[0] in (TAKES, NAMES)} | {row[2] for row in begin["reserved"]}
    looks = colours.Looks(texts[owner] for owner in owners)
    types = sorted({entry.type for _, _, entry in story.firmware})
    return {
        "schema": 1,
        "sub": "  ·  ".join(summary(story)),
        "firmware": [[start, end, types.index(entry.type), type_name(entry.type)]
                     for start, end, entry in story.firmware],
        "types": [[*colours.type_look(kind)[:2], type_name(kind)] for kind in types],
        "zones": [[start, end, colours.zone_colour(name), f"zone {name}"]
                  for name, start, end, _ in pictures.zone_rows(story.log) if start < end],
        "begin": begin, "ops": ops, "strings": texts,
        "axis": {"borders": axis.borders, "offsets": [round(at, 4) for at in axis.offsets]},
        "looks": {owner: looks[texts[owner]][:2] for owner in sorted(owners)},
        "colours": {"free": colours.FREE[0], "buddy": colours.BUDDY[0], "unowned": colours.UNOWNED[:2],
                    "nodes": colours.NODES},
    }


def summary(story):
    """A few facts for the line under the title."""
    out = [f"{human(story.memory.covered())} memory", f"{human(story.reserved.covered())} reserved",
           f"{len(story.log.events)} operations"][:3 if story.log.events else 2]
    if story.log.facts.get("cmdline"):
        out.append(pictures.words_line(story.log.facts["cmdline"]))
    if story.log.dropped:
        out.append(f"{story.log.dropped} operations lost (ring full)")
    if story.log.bad:
        out.append(f"{story.log.bad} lines not understood")
    return out


def render(story, title):
    """The page as text."""
    page, script = own_text("page.html"), own_text("page.js")
    data = json.dumps(page_data(story), separators=(",", ":")).replace("<", "\\u003c")
    for mark, text in (("@TITLE@", html.escape(f"{title}: {pictures.machine_of(story)}")), ("@SCRIPT@", script), ("@DATA@", data)):
        page = page.replace(mark, text)
    return page
