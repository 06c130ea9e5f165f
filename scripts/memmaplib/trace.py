# SPDX-License-Identifier: GPL-2.0-only
"""Daybreak's own trace: JSON Lines, schema 1 (scripts/README.md), into a Bootlog."""

import json

from memmaplib.bootlog import Dump, Entry, Event, Node, Region


def number(value, default=0):
    """A hex string, a number or null."""
    if value is None:
        return default
    return int(value, 16) if isinstance(value, str) else int(value)


class TraceReader:
    """One handler per kind of object; kinds nobody knows are newer than we are."""

    def __init__(self, log):
        self.log = log
        self.kinds = {"event": self.event, "dropped": self.dropped, "snapshot": self.snapshot}

    def feed(self, text, lineno):
        if not text.strip():
            return
        item = json.loads(text)
        if item["schema"] != 1:
            raise ValueError(f"schema {item['schema']}, this tool knows 1")
        handler = self.kinds.get(item["kind"])
        if handler:
            handler(item, lineno)

    def event(self, item, lineno):
        base, size = number(item["base"]), number(item["size"])
        self.log.events.append(Event(
            item["op"], base, min(base + size, 2**64 - 1), caller=item.get("caller") or "",
            owner=item.get("owner") or "", nid=number(item.get("nid"), -1),
            flags=number(item.get("flags")), result=number(item.get("rc")),
            seq=number(item["seq"]), line=lineno))

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
