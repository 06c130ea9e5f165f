# SPDX-License-Identifier: GPL-2.0-only
"""Answers for the what-if page: one log, one or two command lines, all there is to say.

    a log of any kind ──► take(): Bootlog, lint, what Linux said ──► a file of our own
    that file, command lines ──► answer(): simulated boots ──► one JSON object for whatif.js

This runs in a process of its own with limits (serve.py): what comes in is a stranger's.
"""

import io
import json
import os
import pickle
import re
import sys
import tempfile

from memmaplib import compare, diff, lint, picture
from memmaplib.bootlog import read_log
from memmaplib.facts import TYPE_NAMES
from memmaplib.machine import NoMap, from_log
from memmaplib.simulate import NoSimulator, Simulator, TooMuch, run_limited
from memmaplib.story import Story, human, mem, owner_of

LOG_SHOWN = 400 << 10       # bytes of a log that the page shows
ROWS = 400                  # of any table
LINE_MAX = 2047             # bytes of a command line that the kernel reads
TROUBLE = re.compile(r"fail|cannot|refused|not all RAM|exceeds|ignor|Malformed|WARNING|BUG|panic"
                     r"|no room|in use|unknown|must be|BROKEN|none reserved", re.I)

RANGE = re.compile(r"\[mem (0x[0-9a-f]{1,16})-(0x[0-9a-f]{1,16})\]")


class Refused(Exception):
    """What the person who asked should read."""


# ---- a log comes in -----------------------------------------------------------------------

def findings(log):
    """Lint's findings, each with the ranges it is about."""
    places = {}
    for entry in list(log.firmware()) + list(log.srat):
        places.setdefault(entry.line, []).append([hex(entry.start), hex(entry.end)])
    return [{"id": rule.id, "severity": rule.severity, "text": finding.text, "why": rule.why,
             "breaks": rule.breaks, "lines": [line for line in finding.lines if line],
             "at": ([place for line in finding.lines for place in places.get(line, [])]
                    or [[hex(int(first, 16)), hex(int(last, 16) + 1)]
                        for first, last in RANGE.findall(finding.text)])[:16]}
            for rule, finding in lint.lint(log)][:ROWS]


def take(path, name):
    """Read the log @path, called @name.  Return: what answer() needs, for pickle."""
    with open(path, "rb") as stream:
        log = read_log(stream, name)
    if not log.speaks():
        raise Refused(f"{name}: nothing about memory in {log.lines} lines"
                      + (f"; the first that looks like it is {log.like}" if log.like else ""))
    with open(path, "rb") as stream:
        said = compare.results(stream)
    log.scratch, log.expect = {}, None
    return {"log": log, "said": said, "lint": findings(log)}


# ---- a boot ---------------------------------------------------------------------------------

class Boot:
    """One command line on the machine of a log."""

    def __init__(self, simulator, log, cmdline):
        self.machine = from_log(log, simulator.extent)
        self.asked = cmdline
        self.cmdline = self.machine.cmdline(cmdline)
        with tempfile.TemporaryDirectory(prefix="daybreak-") as folder:
            paths = [os.path.join(folder, name) for name in ("log", "trace", "why")]
            command = simulator.command(self.machine, self.cmdline, folder, f"log={paths[0]}",
                                        f"trace={paths[1]}", "ask=why")
            with open(paths[2], "wb") as why:
                self.status = run_limited(command, why)
            texts = []
            for path in paths:
                with open(path, "rb") as file:
                    texts.append(file.read())
        self.log_bytes, trace, why = texts
        self.why = why.decode("utf-8", "replace")
        self.trace = read_log(io.BytesIO(trace), log.name)
        self.trace.facts["cmdline"] = cmdline
        self.trace.efi_maps = log.efi_maps
        self.story = Story(self.trace)
        self.said = compare.results(io.BytesIO(self.log_bytes))

    def refusals(self):
        """Each refusal apart: [word, text]; nothing if all got what they wanted."""
        blocks = re.split(r"(?m)^(?=\w+: )", self.why)
        return [[block.split(":", 1)[0], block] for block in blocks
                if block.strip() and "nothing was refused" not in block]

    def log_lines(self):
        """[[text, is it trouble]], from the end if there are too many."""
        text = self.log_bytes[-LOG_SHOWN:].decode("utf-8", "replace")
        return [[line, 1 if TROUBLE.search(line) and "Unknown" not in line[:7] else 0]
                for line in text.splitlines()]

    def nodes(self):
        """[node, memory, reserved, free in the buddy]"""
        zones = zone_rows(self.trace)
        rows = []
        for nid in sorted({load.nid for _, _, load in self.story.memory}):
            parts = [(start, end) for start, end, load in self.story.memory if load.nid == nid]
            taken = sum(min(end, e) - max(start, s) for start, end in parts
                        for s, e, _ in self.story.reserved.overlaps(start, end))
            free = sum(zone["free"] for zone in zones if zone["nid"] == nid)
            rows.append([f"node {nid}" if nid >= 0 else "no node", human(sum(e - s for s, e in parts)),
                         human(taken), human(free)])
        return rows[:ROWS]

    def owners(self):
        """{owner: bytes}"""
        out = {}
        for start, end, load in self.story.reserved:
            out[owner_of(load)] = out.get(owner_of(load), 0) + end - start
        return out

    def data(self, axis):
        """For the page."""
        zones = [[f"node {zone['nid']}", zone["name"], mem(zone["start"], zone["start"] + zone["size"]),
                  human(zone["managed"]), human(zone["free"])] for zone in zone_rows(self.trace)]
        drawn = picture.of(self.story, self.trace.name, axis)
        ledger = self.trace.facts.get("ledger") or {}
        takers = [[topic, words] for topic, said in self.said.items() for words in said
                  if re.match(r"crash|cma|huge|initrd", topic)]
        return {"asked": self.asked, "cmdline": self.cmdline, "status": self.status,
                "even": bool(ledger.get("even")), "picture": picture.as_data(drawn),
                "nodes": self.nodes(), "zones": zones[:ROWS], "takers": takers[:ROWS],
                "owners": [[human(size), name] for name, size in
                           sorted(self.owners().items(), key=lambda item: -item[1])][:ROWS],
                "why": self.refusals(), "log": self.log_lines()}


def zone_rows(trace):
    """Zones of a snapshot with pages, as numbers."""
    out = []
    for zone in trace.facts.get("zones") or ():
        try:
            row = {"nid": int(zone["nid"]), "name": str(zone["name"]), "start": int(zone["base"], 16),
                   "size": int(zone["size"], 16), "managed": int(zone["managed"]),
                   "free": int(zone["free"])}
        except (KeyError, TypeError, ValueError):
            continue
        if row["size"]:
            out.append(row)
    return out


# ---- the answer -----------------------------------------------------------------------------

def differences(one, two):
    """Where two boots differ: what they came to, owners' bytes, ranges."""
    results = [[topic, left, right] for mark, topic, left, right in compare.rows(one.said, two.said)
               if mark != compare.SAME]
    left, right = one.owners(), two.owners()
    owners = [[name, human(left.get(name, 0)), human(right.get(name, 0))]
              for name in list(left) + [name for name in right if name not in left]
              if left.get(name) != right.get(name)]
    ranges = [[f"{track} {mem(start, end)}", before, after] for track, label in diff.TRACKS
              for start, end, before, after in
              diff.compare(getattr(one.story, track), getattr(two.story, track), label)]
    return {"results": results[:ROWS], "owners": owners[:ROWS], "ranges": ranges[:ROWS],
            "more": max(0, len(ranges) - ROWS)}


def answer(taken, cmdlines, simulator):
    """The object for the page."""
    log = taken["log"]
    for cmdline in cmdlines:
        if len(cmdline.encode("utf-8", "replace")) > LINE_MAX:
            raise Refused(f"a command line of {len(cmdline)} letters: the kernel reads {LINE_MAX}")
    boots = [Boot(simulator, log, cmdline) for cmdline in cmdlines]
    axis = picture.axis_of(*(boot.story for boot in boots))
    machine = boots[0].machine
    rows = [[mark, topic, linux, ours]
            for mark, topic, linux, ours in compare.rows(taken["said"], boots[0].said)]
    return {"schema": 1, "name": log.name, "notes": machine.notes, "offers": machine.offers,
            "at_log": " ".join(machine.at_log), "lint": taken["lint"],
            "said": rows[:ROWS] if any(row[0] != compare.ONE for row in rows) else [],
            "boots": [boot.data(axis) for boot in boots],
            "differ": differences(*boots) if len(boots) == 2 else None,
            "types": sorted(TYPE_NAMES)}


def main(words):
    """
    take LOG NAME OUT             read a log into OUT
    answer OUT BUILD CMDLINE...   JSON on standard output; {"refused": why} if it is no good
    """
    try:
        if words[0] == "take":
            taken = take(words[1], words[2])
            with open(words[3], "wb") as file:
                pickle.dump(taken, file)
            out = {"name": taken["log"].name}
        else:
            with open(words[1], "rb") as file:
                taken = pickle.load(file)       # written by the lines above, in a folder of ours
            out = answer(taken, words[3:], Simulator(words[2]))
    except (Refused, NoMap, NoSimulator, TooMuch) as why:
        out = {"refused": str(why)}
    except MemoryError:
        out = {"refused": "this log needs more memory than a page may take"}
    except RecursionError:
        out = {"refused": "this log is nested too deeply"}
    json.dump(out, sys.stdout, separators=(",", ":"))
    return 0
