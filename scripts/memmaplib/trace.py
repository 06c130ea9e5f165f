# SPDX-License-Identifier: GPL-2.0-only
"""Daybreak's own trace: JSON Lines, schema 1 (scripts/README.md), into a Bootlog."""

import itertools
import json

from memmaplib.facts import TAKES, Dump, Entry, Event, Node, Region


def number(value, default=0):
    """A hex string, a number or null."""
    if value is None:
        return default
    return int(value, 16) if isinstance(value, str) else int(value)


BATCH = 4096        # lines parsed at a time: one call costs as much as hundred lines


class TraceReader:
    """One handler per kind of object; kinds nobody knows are newer than we are."""

    def __init__(self, log):
        self.log = log
        self.kinds = {"event": self.event, "dropped": self.dropped, "snapshot": self.snapshot}

    def read(self, lines):
        """All (number, text) pairs, by the batch; a batch with a bad line goes line by line."""
        lines = iter(lines)
        while batch := list(itertools.islice(lines, BATCH)):
            try:
                items = json.loads("[" + ",".join(text for _, text in batch) + "]")
            except ValueError:
                items = ()
            if len(items) != len(batch):
                items = [self.parse(*pair) for pair in batch]
            for (lineno, _), item in zip(batch, items):
                if item is not None:
                    self.take(item, lineno)

    def parse(self, lineno, text):
        """One line, or None and a count."""
        try:
            return json.loads(text)
        except ValueError as error:
            self.log.reject(lineno, error)
            return None

    def take(self, item, lineno):
        """Hand one object to its handler."""
        try:
            if item["schema"] != 1:
                raise ValueError(f"schema {item['schema']}, this tool knows 1")
            handler = self.kinds.get(item["kind"])
            if handler:
                handler(item, lineno)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
            self.log.reject(lineno, f"{type(error).__name__}: {error}")

    def event(self, item, lineno):
        base, size = int(item["base"], 16), int(item["size"], 16)
        nid = item["nid"]
        if item["op"] == "name" and self.names_the_last(base, size, item["owner"]):
            return
        self.log.events.append(Event(
            item["op"] + "", base, min(base + size, 2**64 - 1), item["caller"] or "",
            item["owner"] or "", -1 if nid is None else nid + 0, number(item["flags"]),
            item["rc"] + 0, item["seq"] + 0, lineno))

    def names_the_last(self, base, size, owner):
        """The kernel names a range right after taking it: one operation for people."""
        last = self.log.events[-1] if self.log.events else None
        if last is None or last.owner or last.op not in TAKES or last.start != base \
                or last.end != base + size:
            return False
        last.owner = owner + ""
        return True

    def dropped(self, item, _lineno):
        self.log.dropped += number(item["count"])

    def snapshot(self, item, lineno):
        """The final state: what the kernel itself says of it."""
        for view, prefix in (("given", "BIOS-e820"), ("sane", "sanitised"), ("user", "user")):
            for row in item.get(view) or ():
                base = number(row["base"])
                self.log.maps.setdefault(prefix, []).append(
                    Entry(base, base + number(row["size"]), number(row["type"]), lineno))
        dump = Dump(line=lineno)
        for name in ("memory", "reserved"):
            getattr(dump, name).extend(region(row, lineno) for row in item.get(name) or ())
        if dump.memory:
            self.log.dumps.append(dump)
        self.log.owners += [region(row, lineno) for row in item.get("owners") or ()]
        self.log.facts["ledger"] = item.get("ledger")
        self.log.facts["zones"] = item.get("zones")
        for row in item.get("nodes") or ():
            base = number(row["base"])
            self.log.srat.append(Node(number(row["nid"]), base, base + number(row["size"]),
                                      line=lineno))


def region(row, lineno):
    """A region of a snapshot."""
    base = number(row["base"])
    return Region(base, base + number(row["size"]), number(row.get("nid"), -1),
                  number(row.get("flags")), row.get("owner") or "", row.get("caller") or "",
                  lineno)
