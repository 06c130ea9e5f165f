# SPDX-License-Identifier: GPL-2.0-only
"""From the lines of a log to a state: what is memory, what is taken, and by whom.

A Story is a Bootlog thought through.  Its last state prefers what the log says
outright (a snapshot, the last dump) and falls back to replaying the events.
"""

import functools

from memmaplib.facts import RAM, TAKES, Region, type_name
from memmaplib.intervals import IntervalMap

NO_RESERVATION = "the log names no reservations"
NOMAP = 4
ROUNDING = 0x10000          # what a kernel leaves of RAM at the edges of its node ranges
ALLOCATOR = "memblock_alloc_range_nid"


@functools.lru_cache(maxsize=4096)
def caller_symbol(caller):
    """'setup_arch+0x891/0xe70' -> 'setup_arch'."""
    return caller.split("+", 1)[0].strip()


class Story:
    """The states of one boot."""

    def __init__(self, log):
        self.log = log
        self.memory = IntervalMap()
        self.reserved = IntervalMap()      # payload: Region with owner, caller
        self.firmware = firmware_intervals(log.firmware())
        self.attribute_allocations()
        self.build()

    def attribute_allocations(self):
        """A reserve made by the allocator belongs to who asked for the allocation."""
        asked = None
        for event in () if self.log.kind == "trace" else self.log.events:
            if event.op.startswith(("alloc", "phys_alloc")) and event.start == event.end:
                asked = event
            elif event.op == "reserve":
                if asked and caller_symbol(event.caller) == ALLOCATOR:
                    event.owner = event.owner or caller_symbol(asked.caller)
                asked = None

    def build(self):
        """Begin with what was there before the first line, replay, name."""
        self.begin_memory, self.begin_reserved = self.before_the_log()
        for region in self.begin_memory:
            self.memory.paint(region.start, region.end, region)
        for region in self.begin_reserved:
            self.reserved.paint(region.start, region.end, region)
        for event in self.log.events:
            apply_event(self.memory, self.reserved, event)
        if self.log.dumps:
            self.adopt_nodes(self.log.dumps[-1])
        if not len(self.memory):
            self.believe()
        self.adopt_owners()

    def believe(self):
        """
        No memblock in the log: memory is what node ranges say, and beside them the
        RAM of the map, less what the log says that its kernel took out of it.
        """
        for region in self.log.node_ranges:
            self.memory.paint(region.start, region.end, region)
        rest = IntervalMap()
        for entry in self.log.believed():
            if entry.type == RAM:
                rest.paint(entry.start, entry.end, Region(entry.start, entry.end))
        for change in self.taken():
            rest.cut(change.start, change.end)
        for start, end, region in rest:
            for low, high in self.memory.paint(start, end, region):
                touched = self.memory.find(max(low - 1, 0)) or self.memory.find(high)
                if high - low < ROUNDING and touched and touched[2].nid >= 0:
                    self.memory.cut(low, high)

    def before_the_log(self):
        """
        What the first dump shows and no earlier line explains was there before
        memblock=debug spoke: the kernel image, the first 64 KiB, the initrd ...
        """
        if not self.log.dumps or (self.log.kind == "trace" and not self.log.dropped):
            return [], []
        dump = self.log.dumps[0]
        explained = (IntervalMap(), IntervalMap())
        for event in self.log.events:
            if event.line and event.line < dump.line:
                apply_event(*explained, event)
        left = []
        for regions, known in ((dump.memory, explained[0]), (dump.reserved, explained[1])):
            rest = []
            for region in regions:
                for start, end in known.paint(region.start, region.end, None):
                    rest.append(Region(start, end, region.nid, region.flags,
                                       caller="before memblock=debug spoke", line=region.line))
            left.append(rest)
        return left

    def adopt_nodes(self, dump):
        """Node ids and flags of memory are known from the last dump on."""
        replayed, self.memory = self.memory, IntervalMap()
        for region in dump.memory:
            self.memory.paint(region.start, region.end, region)
        for start, end, region in replayed:
            if not dump.memory or region.line > dump.line:
                self.memory.paint(start, end, region)

    def adopt_owners(self):
        """
        Names from the ledger, and what dmesg says in passing (RAMDISK, NODE_DATA, ACPI).
        Where no memblock line tells of reservations, these lines are all there is.
        """
        if not self.log.accounts():
            for region in self.log.owners_said:
                self.reserved.paint(region.start, region.end, region)
        named = self.log.owners + self.log.owners_said
        named += [Region(start, end, owner=f"ACPI {sig}" if sig != "MP" else "MP table", line=line)
                  for sig, start, end, line in self.log.acpi]
        for region in named:
            for start, end, load in self.reserved.overlaps(region.start, region.end):
                low, high = max(start, region.start), min(end, region.end)
                self.reserved.cut(low, high)
                self.reserved.paint(low, high, Region(
                    low, high, load.nid, load.flags | region.flags, owner=region.owner,
                    caller=region.caller or load.caller, line=load.line or region.line))

    def taken(self):
        """What the log says its kernel took out of the firmware's RAM."""
        said = self.log.said
        return said.taken(self.log.firmware(), self.log.maps.get("modified")) if said else []

    def said_of(self, addr):
        """What the log says its kernel did to the map at @addr, in the order of its lines."""
        said = self.log.said
        changes = self.taken() + (said.removed if said else [])
        for change in sorted(changes, key=lambda change: change.line):
            if change.start <= addr < change.end:
                became = "removed" if change.new is None else f"==> {type_name(change.new)}"
                yield (f"line {change.line}: {mem(change.start, change.end)} "
                       f"{type_name(change.old)} {became}"
                       f"{': the MTRRs do not cover it' if said.mtrr and change.new else ''}")

    def find(self, addr):
        """Everything known about one address, as (topic, text) pairs."""
        out = []
        hit = self.firmware.find(addr)
        if hit:
            out.append(("firmware", f"{type_name(hit[2].type)}  {mem(hit[0], hit[1])}"))
        else:
            out.append(("firmware", "in no entry of the map" if len(self.firmware)
                        else "the log has no firmware map"))
        out += [("log", text) for text in self.said_of(addr)]
        hit = hit_memory = self.memory.find(addr)
        out.append(("memblock", f"memory  {mem(hit[0], hit[1])}{node_text(hit[2].nid)}"
                    f"{flags_text(hit[2].flags)}" if hit else "not memory"))
        hit = self.reserved.find(addr)
        if hit:
            out.append(("owner", f'"{owner_of(hit[2])}"  {mem(hit[0], hit[1])}'
                        f'{flags_text(hit[2].flags)}'))
            if hit[2].caller:
                out.append(("by", hit[2].caller))
        elif hit_memory and hit_memory[2].flags & NOMAP:
            out.append(("owner", "firmware: no-map, never in the buddy"))
        elif hit_memory:
            out.append(("owner", "nobody: free for the buddy" if self.log.accounts()
                        else "the log names no reservation here, and not all of them"
                        if len(self.reserved) else NO_RESERVATION))
        for event in self.log.events:
            if event.start <= addr < event.end:
                out.append((f"op {event.seq}",
                            f"{event.op} {mem(event.start, event.end)} {event.caller}".rstrip()))
        return out


def firmware_intervals(entries):
    """A raw map may overlap: the numerically highest type wins, as in the sanitiser."""
    out = IntervalMap()
    for entry in sorted(entries, key=lambda entry: (-entry.type, entry.start)):
        out.paint(entry.start, min(entry.end, 2**64 - 1), entry)
    return out


ADDS = frozenset(("add", "add_node"))
FREES = frozenset(("phys_free", "free", "free_late", "release"))


def owner_of(region):
    """Who has it: a name, else the function that asked."""
    if region.owner:
        return region.owner
    symbol = caller_symbol(region.caller)
    return symbol if symbol and symbol != ALLOCATOR else "(owner not said)"


def apply_event(memory, reserved, event):
    """One operation on the two sets, as memblock does it."""
    start, end, op = event.start, event.end, event.op
    if end <= start or event.result < 0:
        return
    if op in TAKES:
        reserved.paint(start, end, event)
    elif op in FREES:
        reserved.cut(start, end)
    elif op in ADDS:
        memory.paint(start, end, event)
    elif op == "remove":
        memory.cut(start, end)
    elif op == "name":
        name_unnamed(reserved, event)
    elif op == "trim":
        trim(memory, end - start)
    elif op == "cap":
        for track in (memory, reserved):
            track.cut(0, start)
            track.cut(end, 2**64)


def name_unnamed(reserved, event):
    """The first owner keeps its bytes; what has none gets this one."""
    for start, end, load in reserved.overlaps(event.start, event.end):
        if not load.owner:
            low, high = max(start, event.start), min(end, event.end)
            reserved.cut(low, high)
            reserved.paint(low, high, Region(low, high, load.nid, load.flags, event.owner,
                                             load.caller, load.line))


def trim(memory, align):
    """memblock_trim_memory(): every region shrinks to whole pages."""
    for start, end, _ in list(memory):
        low, high = -(-start // align) * align, end // align * align
        memory.cut(start, min(low, end))
        memory.cut(max(high, start), end)


def mem(start, end):
    """Linux's way to print a range."""
    return f"[mem {start:#018x}-{end - 1:#018x}]"


def node_text(nid):
    return f" on node {nid}" if 0 <= nid < 1024 else ""


def flags_text(flags):
    """Of memblock's flags the one that takes memory from the kernel itself."""
    return " nomap" if flags & NOMAP else ""


def human(size):
    """4096 -> '4K', 1572864 -> '1.5M': short, for labels."""
    for unit, shift in (("T", 40), ("G", 30), ("M", 20), ("K", 10)):
        if size >= 1 << shift:
            value = size / (1 << shift)
            return f"{value:.0f}{unit}" if value == int(value) else f"{value:.1f}{unit}"
    return f"{size}B"


def tick(addr):
    """An address on the axis: '4G' where that is exact, hexadecimal where not."""
    for unit, shift in (("T", 40), ("G", 30), ("M", 20), ("K", 10)):
        if addr and addr % (1 << shift) == 0 and addr >> shift < 10000:
            return f"{addr >> shift}{unit}"
    return f"{addr:#x}"
