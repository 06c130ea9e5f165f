# SPDX-License-Identifier: GPL-2.0-only
"""What a log says about memory, whatever the log's form.

Ranges are half-open [start, end) inside; people are shown inclusive ends.
"""

import re
from dataclasses import dataclass, field

TYPE_NAMES = {
    "usable": 1, "System RAM": 1, "reserved": 2, "device reserved": 2,
    "ACPI data": 3, "ACPI NVS": 4, "unusable": 5,
    "persistent (type 7)": 7, "persistent (type 12)": 12, "persistent RAM (type 7)": 7,
    "persistent RAM (type 12)": 12, "persistent RAM": 7, "ACPI-data": 3, "ACPI-NVS": 4,
    "soft reserved": 0xEFFFFFFF,
}
LONGEST_FIRST = sorted(TYPE_NAMES, key=len, reverse=True)
TYPE_NUMBER = re.compile(r"(?:(?:unknown )?type )?(0x[0-9a-f]{1,8}|[1-9]\d{0,9})(?![\w.])")
RAM, RESERVED, ACPI, NVS, UNUSABLE, PMEM, PRAM = 1, 2, 3, 4, 5, 7, 12
SOFT_RESERVED = 0xEFFFFFFF

# What Xen itself says on the serial port, before its Linux says the same as "Xen:".
HYPERVISOR = "(XEN)"

# Operations that take memory: reserved grows by their range.
TAKES = frozenset(("reserve", "alloc", "double"))

def type_name(number):
    """The word Linux 6.12 prints for an e820 type."""
    for name, value in TYPE_NAMES.items():
        if value == number:
            return name
    return "usable" if number == 128 else f"type {number}"


def type_code(words):
    """
    (e820 type, sure?) of Linux's words, in brackets or not.  What follows a whole
    word without a space is no part of it: 'usable[    0.000000]', 'usable",'.  A
    line cut short is guessed: 'usab' is usable.
    """
    words = words.strip().rstrip(">= |\\`")
    if words in TYPE_NAMES:
        return TYPE_NAMES[words], True
    if words.startswith("("):
        words = words[1:].removesuffix(")") if words.endswith(")") else words[1:]
    digits = TYPE_NUMBER.match(words)
    if digits:
        return int(digits[1], 0), True
    for name in LONGEST_FIRST:
        if words.startswith(name):
            rest = words[len(name):]
            return TYPE_NAMES[name], not rest or not (rest[0].isalnum() or rest[0].isspace())
    near = {code for name, code in TYPE_NAMES.items()
            if len(words) > 1 and name.startswith(words.rstrip("."))}
    return (near.pop() if len(near) == 1 else RESERVED), False


@dataclass(frozen=True)
class Entry:
    """One line of a firmware map."""
    start: int
    end: int
    type: int
    line: int = 0
    efi_type: int = -1
    attr: int = 0

    @property
    def size(self):
        return self.end - self.start


@dataclass(slots=True)
class Region:
    """One region of memblock.memory or memblock.reserved, or an owned range."""
    start: int
    end: int
    nid: int = -1
    flags: int = 0
    owner: str = ""
    caller: str = ""
    line: int = 0

    @property
    def size(self):
        return self.end - self.start


@dataclass(slots=True)
class Event:
    """One memblock operation, in the order of the log."""
    op: str
    start: int
    end: int
    caller: str = ""
    owner: str = ""
    nid: int = -1
    flags: int = 0
    result: int = 0
    seq: int = 0
    line: int = 0
    size: int = 0
    align: int = 0
    low: int = 0
    high: int = 0


@dataclass
class Node:
    """What SRAT said of a range."""
    nid: int
    start: int
    end: int
    pxm: int = -1
    hotplug: bool = False
    nonvolatile: bool = False
    line: int = 0


@dataclass
class Dump:
    """One MEMBLOCK configuration block."""
    memory: list = field(default_factory=list)
    reserved: list = field(default_factory=list)
    memory_size: int = 0
    reserved_size: int = 0
    line: int = 0


# Maps that are what the kernel made of the firmware's, not the firmware's own.
SHAPED = ("user", "modified", "extended", "reserve setup_data", "sanitised")
KERNEL_MAPS = ("BIOS-e820", "BIOS-88", "BIOS-e801", "Xen")
EFI_OF_LINUX = ("efi memNN lines", "efi lines")


@dataclass
class Bootlog:
    """Everything one log says about memory."""
    name: str = ""
    kind: str = "dmesg"
    line: int = 1           # the first of this boot
    lines: int = 0
    boots: list = field(default_factory=list)       # first lines of all boots in the file
    bad: int = 0
    first_bad: str = ""
    like: str = ""          # the first line that looked like memory, if none was understood
    remarks: list = field(default_factory=list)     # what else there is to know of the file
    coats: dict = field(default_factory=dict)       # what stands before messages: [lines, example]
    dropped: int = 0
    maps: dict = field(default_factory=dict)        # who printed it -> [Entry]
    efi_maps: dict = field(default_factory=dict)    # who printed it -> [Entry] with EFI types
    events: list = field(default_factory=list)
    dumps: list = field(default_factory=list)
    srat: list = field(default_factory=list)
    node_ranges: list = field(default_factory=list)
    zones: list = field(default_factory=list)       # (name, start, end)
    buddy: dict = field(default_factory=dict)       # (node, zone) -> free blocks by order
    acpi: list = field(default_factory=list)        # (signature, start, end, line)
    owners: list = field(default_factory=list)      # Region with owner (ledger)
    free: list = field(default_factory=list)        # Region: blocks in the buddy
    owners_said: list = field(default_factory=list)  # Region: named by a line in passing
    facts: dict = field(default_factory=dict)       # last_pfn, memory_line, cmdline, ...
    said: object = None     # said.Said: what the kernel did to the map; not in a trace
    scratch: dict = field(default_factory=dict)     # readers' own, from line to line
    expect: object = None   # a reader's function for the next line, whatever it is

    def add_entry(self, prefix, entry):
        """An entry of a map that Linux printed."""
        self.maps.setdefault(prefix, []).append(entry)

    def add_witness(self, name, entry):
        """An entry of a map that somebody else printed; whoever prints it twice means one."""
        again(self.maps.setdefault(name, []), entry)

    def add_efi(self, name, entry):
        """An EFI descriptor."""
        again(self.efi_maps.setdefault(name, []), entry)

    @property
    def efi(self):
        """The EFI map, in Linux's words if there are several."""
        for name in EFI_OF_LINUX:
            if name in self.efi_maps:
                return self.efi_maps[name]
        return next(iter(self.efi_maps.values()), [])

    def firmware_maps(self):
        """(who printed it, entries) of the maps as given, the most trusted one first."""
        for prefix in KERNEL_MAPS:
            if self.maps.get(prefix):
                yield prefix, self.maps[prefix]
        if self.efi:
            yield next(name for name, rows in self.efi_maps.items() if rows is self.efi), self.efi
        for name, entries in self.maps.items():
            if entries and name not in KERNEL_MAPS and name not in SHAPED:
                yield name, entries

    def firmware(self):
        """The map as given: e820 if there is one, else EFI's, else another witness's."""
        return next(self.firmware_maps(), ("", []))[1]

    def witness(self):
        """Whose map firmware() is; nothing to say if it is Linux's e820."""
        name = next(self.firmware_maps(), ("", []))[0]
        return "" if name in KERNEL_MAPS else name

    def believed(self):
        """The map the kernel went on with: user-shaped, else modified, else as given."""
        for prefix in ("user", "modified", "extended", "reserve setup_data"):
            if self.maps.get(prefix):
                return self.maps[prefix]
        return self.firmware()

    def kernel_speaks(self):
        """Does a kernel say anything about memory in it?"""
        return bool(any(self.maps.get(prefix) for prefix in KERNEL_MAPS + SHAPED) or self.events
                    or any(name in self.efi_maps for name in EFI_OF_LINUX) or self.dumps
                    or self.owners or self.node_ranges or self.zones)

    def speaks(self):
        """Is there anything about memory in it?"""
        return bool(self.kernel_speaks() or self.firmware() or self.owners_said or self.buddy)

    def accounts(self):
        """Does the log tell of every reservation, and not only of some in passing?"""
        return bool(self.events or self.owners or any(dump.reserved for dump in self.dumps))

    def doubts(self):
        """Phrases for what the reader of this file should know."""
        out = []
        if self.bad:
            out.append(f"{self.bad} of {self.lines} lines not understood (first: {self.first_bad})")
        for count, line, coat in self.coats.values():
            out.append(f"{count} lines wear something unknown, left out here "
                       f"(first: line {line}: '{coat[:60]}')")
        out += self.remarks
        wrapping = [entry for entry in self.firmware() if entry.size < 0]
        if wrapping:
            out.append(f"{len(wrapping)} entries end before they begin (first: line "
                       f"{wrapping[0].line}): of no size here, the kernel gets them as they are")
        if len(self.boots) > 1:
            shown = [str(line) for line in self.boots[:8]]
            if len(self.boots) > 8:
                shown[-1:] = ["...", str(self.boots[-1])]
            out.append(f"{len(self.boots)} boots in one file (from lines "
                       f"{', '.join(shown)}): the last is taken; "
                       "cut the file for another")
        return out + self.contradictions()

    def contradictions(self):
        """Where a log says one thing of a byte here, and another there."""
        for name in KERNEL_MAPS:
            rows = self.maps.get(name, [])
            for before, entry in zip(rows[2:], rows[3:]):
                if entry.start == rows[0].start < before.start and self.kind != "trace":
                    return [f"the map begins again in line {entry.line}: two machines in one file? "
                            "cut it there"]
        ram = [(entry.start, entry.end) for entries in
               list(self.maps.values()) + list(self.efi_maps.values())
               for entry in entries if entry.type != RESERVED]
        if not self.firmware() or self.scratch.get("early pages"):
            return []
        for node in self.node_ranges:
            if not any(start < node.end and node.start < end for start, end in ram):
                return [f"the log contradicts itself: line {node.line} has memory on node "
                        f"{node.nid} where no map has RAM (two machines in one file?)"]
        return []

    def reject(self, lineno, error):
        """Count a line that was not understood; remember the first."""
        self.bad += 1
        self.first_bad = self.first_bad or f"line {lineno}: {error}"

    def missing(self):
        """Phrases for what this log does not contain."""
        out = []
        if not self.firmware():
            out.append("no firmware memory map")
        if not self.events:
            out.append("no memblock events (boot with memblock=debug)")
        if not self.dumps:
            out.append("no MEMBLOCK configuration dump")
        if not self.owners:
            out.append("no owners (only Daybreak's trace has them)")
        if not self.srat:
            out.append("no SRAT nodes")
        return out


def again(entries, entry):
    """Add @entry; a map that begins anew replaces what was printed before."""
    first = entries[0] if entries else None
    if len(entries) > 1 and (first.start, first.end, first.type) == (entry.start, entry.end,
                                                                     entry.type):
        entries.clear()
    entries.append(entry)
