# SPDX-License-Identifier: GPL-2.0-only
"""`break` and `tbreak` that know Linux's names for what has another name here.

`break memblock_isolate_range` stops where Linux isolates a range and we do something else, and
says so, when it is set and when it stops.  All other arguments mean what they always do.
"""

import re

import gdb

import linuxnames

CONDITION = re.compile(r"^(.*?)(?:\s+(if|thread|task)\b\s*(.*))?$", re.S)


class Break(gdb.Command):
    """Set a breakpoint: GDB's own command, which knows Linux's names, too.

    break [LOCATION] [thread N] [if CONDITION]
    Names of Linux's boot that are no function here: scripts/gdb/linuxnames.py."""

    said = {}                   # number of a breakpoint: what to say when it stops

    def __init__(self, name, temporary):
        super().__init__(name, gdb.COMMAND_BREAKPOINTS, gdb.COMPLETE_LOCATION)
        self.temporary = temporary

    def invoke(self, argument, _from_tty):
        where, word, rest = CONDITION.match(argument.strip()).groups()
        if not where:
            where = f"*{gdb.selected_frame().pc():#x}"
        places, why = linuxnames.elsewhere().get(where, ([where], None))
        if not places:
            raise gdb.GdbError(f"{where} has nothing to do here: {why}")
        for place in places:
            self.make(place, word, rest, why and f"{where} is {place}() here: {why}")

    def make(self, where, word, rest, sentence):
        try:
            gdb.decode_line(where)
            point = gdb.Breakpoint(where, temporary=self.temporary)
            if word == "if":
                point.condition = rest
            elif word == "thread":
                point.thread = int(rest)
            elif word == "task":
                point.task = int(rest)
        except (gdb.error, ValueError) as error:
            raise gdb.GdbError(str(error)) from error
        if sentence:
            print(sentence)
            self.said[point.number] = sentence


def stopped(event):
    for point in getattr(event, "breakpoints", ()):
        if point.number in Break.said:
            print(Break.said[point.number])


Break("break", False)
Break("tbreak", True)
gdb.events.stop.connect(stopped)
