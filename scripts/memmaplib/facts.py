# SPDX-License-Identifier: GPL-2.0-only
"""What a log says about memory, whatever the log's form.

Ranges are half-open [start, end) inside; people are shown inclusive ends.
"""

import re
from dataclasses import dataclass, field

TYPE_NAMES = {
    "usable": 1, "System RAM": 1, "reserved": 2, "device reserved": 2,
    "ACPI data": 3, "ACPI NVS": 4, "unusable": 5,
    "persistent (type 7)": 7, "persistent (type 12)": 12, "persistent RAM": 7,
    "soft reserved": 0xEFFFFFFF,
}
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
    """(e820 type, sure?) of Linux's words; 'usab' of a line cut short is usable."""
    words = words.strip().rstrip(">.= ")
    if words in TYPE_NAMES:
        return TYPE_NAMES[words], True
    digits = re.fullmatch(r"(?:type )?(\d+)", words)
    if digits:
        return int(digits[1]), True
    near = {code for name, code in TYPE_NAMES.items()
            if words.startswith(name) or (len(words) > 1 and name.startswith(words))}
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
    dropped: int = 0
    maps: dict = field(default_factory=dict)        # prefix -> [Entry]
    efi: list = field(default_factory=list)
    events: list = field(default_factory=list)
    dumps: list = field(default_factory=list)
    srat: list = field(default_factory=list)
    node_ranges: list = field(default_factory=list)
    zones: list = field(default_factory=list)       # (name, start, end)
    acpi: list = field(default_factory=list)        # (signature, start, end, line)
    owners: list = field(default_factory=list)      # Region with owner (ledger)
    free: list = field(default_factory=list)        # Region: blocks in the buddy
    owners_said: list = field(default_factory=list)  # Region: named by a line in passing
    facts: dict = field(default_factory=dict)       # last_pfn, memory_line, cmdline, ...
    said: object = None     # said.Said: what the kernel did to the map; not in a trace

    def firmware(self):
        """The map as given: e820 if there is one, else the EFI map's e820 view."""
        for prefix in ("BIOS-e820", "BIOS-88", "BIOS-e801", "Xen"):
            if self.maps.get(prefix):
                return self.maps[prefix]
        return self.efi or self.maps.get(HYPERVISOR, [])

    def believed(self):
        """The map the kernel went on with: user-shaped, else modified, else as given."""
        for prefix in ("user", "modified", "extended", "reserve setup_data"):
            if self.maps.get(prefix):
                return self.maps[prefix]
        return self.firmware()

    def speaks(self):
        """Is there anything about memory in it?  The hypervisor's map is not the kernel's."""
        return bool(any(self.maps[prefix] for prefix in self.maps if prefix != HYPERVISOR) or
                    self.efi or self.events or self.dumps or self.owners)

    def doubts(self):
        """Phrases for what the reader of this file should know."""
        out = []
        if self.bad:
            out.append(f"{self.bad} of {self.lines} lines not understood (first: {self.first_bad})")
        wrapping = [entry for entry in self.firmware() if entry.size < 0]
        if wrapping:
            out.append(f"{len(wrapping)} entries end before they begin (first: line "
                       f"{wrapping[0].line}): of no size here, the kernel gets them as they are")
        if len(self.boots) > 1:
            out.append(f"{len(self.boots)} boots in one file (from lines "
                       f"{', '.join(map(str, self.boots))}): the last is taken; "
                       "cut the file for another")
        return out

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
