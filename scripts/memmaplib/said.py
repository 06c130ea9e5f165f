# SPDX-License-Identifier: GPL-2.0-only
"""What a log says its kernel did to the map, and with what.

    e820: update [mem ...] usable ==> reserved      Said.updates
    efi: Remove mem55: MMIO range=[...]             Said.removed
    RAMDISK: [mem ...]                              Said.ramdisk
    SRAT: PXM 1 -> APIC 0x10 -> Node 1              Said.cpus
    Reserving 256MB of memory at 624MB for ...      Said.crash

The map itself, and everything that is a list of ranges, is bootlog.py's.
"""

import re
from dataclasses import dataclass, field

from memmaplib.facts import RAM, RESERVED, type_code

M, FIRST_MIB = 1 << 20, 1 << 20
HEX = r"(?:0x)?([0-9a-fA-F]{1,16})"
MEM = rf"\[mem {HEX}\s?-\s?{HEX}\]"
UPDATE = re.compile(rf"^(?:e820: )?update {MEM} (.+?) ==> (.+?)\s*$")
UPDATE_OLD = re.compile(rf"^\s*(?:e820 )?update range: {HEX} - {HEX} \((.+?)\) ==> \((.+?)\)")
REMOVE = re.compile(rf"^(?:e820: )?remove {MEM} (\S.*?)\s*$")
EFI_REMOVE = re.compile(rf"^efi: Remove mem\d+: MMIO range=\[{HEX}-{HEX}\]")
RAMDISK = re.compile(rf"^RAMDISK: (?:\[mem {HEX}\s?-\s?{HEX}\]|{HEX} - {HEX}\b)")
MTRR = re.compile(r"MTRRs don't cover all of memory")
CPU = re.compile(r"SRAT: PXM (\d+) -> APIC (0x[0-9a-fA-F]+|\d+) -> Node (\d+)")
CRASH_OLD = re.compile(r"^Reserving (\d+)MB of (low )?memory at (\d+)MB for crashkernel")
CRASH = re.compile(rf"^crashkernel (low memory )?reserved: {HEX} - {HEX}\b")
MEMORYLESS = re.compile(r"^Initmem setup node (\d+) as memoryless")
# Pages that EFI or the loader asked for: they are still in memblock's memory afterwards.
AFTER_MEMBLOCK = re.compile(r"^(?:esrt:|mokvar:|efi: mokvar|Early memory node ranges|Zone ranges:"
                            r"|MEMBLOCK configuration:)")
QUICK = re.compile(r"e820|update|remove|Remove|RAMDISK|MTRRs don't|PXM|rashkernel|esrt:|mokvar"
                   r"|Early memory|as memoryless|Zone ranges|MEMBLOCK conf")


@dataclass(frozen=True)
class Change:
    """A range that changed its type; @new is None where it went out of the map."""
    start: int
    end: int
    old: int
    new: int
    line: int
    early: bool = True      # before memblock was filled

    def takes_ram(self, entries):
        """Bytes of the RAM of @entries it takes, but for the first MiB, whose rules are ours too."""
        if self.old != RAM or self.new == RAM:
            return 0
        low = max(self.start, FIRST_MIB)
        return sum(max(0, min(entry.end, self.end) - max(entry.start, low))
                   for entry in entries if entry.type == RAM)


@dataclass
class Said:
    """Collected while a log is read; feed() is shown every message."""
    updates: list = field(default_factory=list)     # Change
    removed: list = field(default_factory=list)     # Change: MMIO taken out of the map
    ramdisk: tuple = ()                             # (start, end, line), as the loader put it
    mtrr: int = 0                                   # line of "MTRRs don't cover all of memory"
    cpus: list = field(default_factory=list)        # (pxm, apic, nid)
    memoryless: list = field(default_factory=list)  # nodes without memory
    crash: list = field(default_factory=list)       # (start, end, low?, line)
    early: bool = True

    def feed(self, line, lineno):
        """One message without coats."""
        if not QUICK.search(line):
            return
        for pattern, handler in HANDLERS:
            match = pattern.search(line)
            if match:
                handler(self, match, lineno)
                return

    def update(self, match, lineno):
        end = int(match[2], 16) + (match.re is UPDATE)
        self.updates.append(Change(int(match[1], 16), end, type_code(match[3])[0],
                                   type_code(match[4])[0], lineno, self.early))

    def remove(self, match, lineno):
        """Only MMIO of the EFI map is removed as "reserved"; mem= and the BIOS area are RAM."""
        if match.re is REMOVE and type_code(match[3])[0] != RESERVED:
            return
        change = Change(int(match[1], 16), int(match[2], 16) + 1, RESERVED, None, lineno)
        known = {(old.start, old.end) for old in self.removed}
        if change.start < change.end and (change.start, change.end) not in known:
            self.removed.append(change)

    def disk(self, match, lineno):
        if self.ramdisk:
            return          # a later one is where it was moved to
        start, end = ((int(match[1], 16), int(match[2], 16) + 1) if match[1] else
                      (int(match[3], 16), int(match[4], 16)))
        if start < end:
            self.ramdisk = (start, end, lineno)

    def lost(self, _match, lineno):
        self.mtrr = self.mtrr or lineno

    def cpu(self, match, _lineno):
        apic = int(match[2], 16 if match[2].startswith("0x") else 10)
        self.cpus.append((int(match[1]), apic, int(match[3])))

    def empty_node(self, match, _lineno):
        self.memoryless.append(int(match[1]))

    def crash_old(self, match, lineno):
        start = int(match[3]) * M
        self.crash.append((start, start + int(match[1]) * M, bool(match[2]), lineno))

    def crash_new(self, match, lineno):
        self.crash.append((int(match[2], 16), int(match[3], 16), bool(match[1]), lineno))

    def later(self, _match, _lineno):
        self.early = False

    def taken(self, entries, modified=None):
        """
        The changes that left the kernel with less RAM than @entries before memblock was
        filled; where a log has no line for each, the map it printed afterwards tells.
        """
        seen = {(change.start, change.end): change for change in self.updates
                if change.early and change.takes_ram(entries)}
        if not seen and modified:
            kept = sorted((entry.start, entry.end) for entry in modified if entry.type == RAM)
            for start, end in missing([entry for entry in entries if entry.type == RAM], kept):
                change = Change(start, end, RAM, RESERVED, modified[0].line)
                if change.takes_ram(entries):
                    seen[(start, end)] = change
        return list(seen.values())


def missing(entries, kept):
    """[(start, end)] of what of @entries the sorted ranges @kept do not cover."""
    for entry in entries:
        start = entry.start
        for low, high in kept:
            if start < low < entry.end:
                yield start, low
            if low < entry.end:
                start = max(start, high)
        if start < entry.end:
            yield start, entry.end


HANDLERS = ((UPDATE, Said.update), (UPDATE_OLD, Said.update), (REMOVE, Said.remove),
            (EFI_REMOVE, Said.remove), (RAMDISK, Said.disk), (MTRR, Said.lost), (CPU, Said.cpu),
            (CRASH_OLD, Said.crash_old), (CRASH, Said.crash_new), (MEMORYLESS, Said.empty_node),
            (AFTER_MEMBLOCK, Said.later))
