# SPDX-License-Identifier: GPL-2.0-only
"""Boot logs in, facts out.

A log is a Linux dmesg of any era (2.4 to 7.x), our own COM1 log, or our COM2
trace (JSON Lines, schema 1).  All become one Bootlog; whatever a file does not
contain stays empty and is said by Bootlog.missing().

Nothing here trusts its input: a line that does not parse is not evidence, and
is counted, never fatal.
"""

import itertools
import re
import sys

from memmaplib import logtext
from memmaplib.facts import (ACPI, HYPERVISOR, NVS, PMEM, RAM, RESERVED, SOFT_RESERVED, UNUSABLE,
                             Bootlog, Dump, Entry, Event, Node, Region, type_code, type_name)
from memmaplib.logtext import bare
from memmaplib.said import Said
from memmaplib.trace import TraceReader

EFI_TYPES = [
    "Reserved", "Loader Code", "Loader Data", "Boot Code", "Boot Data",
    "Runtime Code", "Runtime Data", "Conventional Memory", "Unusable Memory",
    "ACPI Reclaim Memory", "ACPI Memory NVS", "Memory Mapped I/O", "MMIO Port Space",
    "PAL Code", "Persistent Memory", "Unaccepted",
]
EFI_ALIASES = {"Memory Mapped I/O": 11, "MMIO": 11, "MMIO Port": 12, "PAL": 13,
               "Persistent": 14, "Persistent Memory": 14, "Conventional": 7,
               "ACPI Mem NVS": 10, "ACPI Reclaim": 9, "Unusable": 8}
# EFI memory type -> e820 type, as Linux's stub converts them.
EFI_TO_E820 = {1: RAM, 2: RAM, 3: RAM, 4: RAM, 7: RAM, 8: UNUSABLE, 9: ACPI, 10: NVS, 14: PMEM}
EFI_ATTR_MORE_RELIABLE = 1 << 16
EFI_ATTR_SP = 1 << 18
EFI_ATTR_RUNTIME = 1 << 63

# A boot begins with one of these; a file may hold several (journal, serial log, kdump).
BOOT = re.compile(r"^(?:Linux version \d|Daybreak \d)")
MAP_HEAD = re.compile(r"^\s*(?:e820: )?BIOS-provided physical RAM map:")
HEX = r"(?:0x)?([0-9a-fA-F]{1,16})"
MEM = rf"\[mem {HEX}\s?-\s?{HEX}\]"
MAP_NEW = re.compile(rf"^\s*(?:e820: )?([A-Za-z][\w -]*?): {MEM}\s+(.*?)\s*$")
MAP_OLD = re.compile(rf"^\s*([A-Za-z][\w-]*): {HEX} - {HEX} \(?(.*?)\)?\s*$")
MAP_HYPERVISOR = re.compile(rf"^(\(XEN\))\s+(?:\[{HEX}, {HEX}\]|{HEX} - {HEX}) \((.*?)\)\s*$")
MAP_PREFIXES = {"BIOS-e820", "BIOS-88", "BIOS-e801", "user", "modified", "extended",
                "reserve setup_data", "Xen"}
MAP_CUT = re.compile(r"^\s*(?:e820: )?(BIOS-e820|BIOS-88|BIOS-e801|user|modified|extended|"
                     r"reserve setup_data|Xen): (?:\[mem\b|[0-9a-fA-F]{4,})")
EFI_NEW = re.compile(rf"(?:efi|EFI): mem\d+: \[(.*?)\|(.*?)\] range=\[{HEX}-{HEX}([)\]])")
EFI_OLD = re.compile(rf"(?:efi|EFI): mem\d+: type=(\d+), attr={HEX}, range=\[{HEX}-{HEX}([)\]])")
SRAT_LINE = re.compile(rf"SRAT: Node (\d+) PXM (\d+) (?:{MEM}|{HEX}-{HEX})(.*)$")
SPAN_EVENT = re.compile(
    rf"^(__)?memblock_(add|add_node|remove|phys_free|free|reserve|physmem_add|free_late): "
    rf"\[{HEX}\s?-\s?{HEX}\]\s*(?:nid=(-?\d+) flags=([0-9a-fA-Fx]+) )?(.*)$")
ALLOC_EVENT = re.compile(
    rf"^(memblock_(?:phys_)?alloc\w*): (\d+) bytes align={HEX} (?:nid=(-?\d+) )?"
    rf"from={HEX} max_addr={HEX} ?(.*)$")
DOUBLED = re.compile(rf"^memblock: (\w+) is doubled to (\d+) at \[{HEX}-{HEX}\]")
DUMP_HEAD = re.compile(r"^MEMBLOCK configuration:")
DUMP_SIZE = re.compile(rf"^ ?memory size = {HEX} reserved size = {HEX}")
DUMP_ROW = re.compile(
    rf"^ ?(memory|reserved)\[{HEX}\]\s+\[{HEX}-{HEX}\], {HEX} bytes(?: on node (\d+))?"
    rf"(?: flags: {HEX})?")
NODE_RANGE = re.compile(rf"^  node\s+(\d+): \[mem {HEX}-{HEX}\]")
ZONE_RANGE = re.compile(rf"^  (DMA|DMA32|Normal|Movable|Device|HighMem)\s+\[mem {HEX}-{HEX}\]")
ACPI_TABLE = re.compile(rf"^ACPI: (\S{{4}}) 0x([0-9A-Fa-f]{{8,16}}) ([0-9A-Fa-f]{{6,8}})\b")
MP_TABLE = re.compile(rf"found SMP MP-table at {MEM}")
RAMDISK = re.compile(rf"RAMDISK: {MEM}")
NODE_DATA = re.compile(rf"NODE_DATA\((\d+)\) allocated {MEM}")
OWNER_ROW = re.compile(rf"^\s*owner: {MEM}\s+(\S.*?)\s*$")
LAST_PFN = re.compile(rf"last_pfn = {HEX} max_arch_pfn = {HEX}")
MEMORY_LINE = re.compile(r"^\s*Memory: (\d+)[kK]/(\d+)[kK] available")
CMDLINE = re.compile(r"^(?:Kernel command line|Command line): (.*)$")


def number(text):
    return int(text, 16)


class TextReader:
    """One pass over a text log; one handler per kind of line."""

    def __init__(self, log):
        self.log = log
        log.said = Said()
        self.dump = None
        self.torn = None        # (text, number) of a map line that a mail program wrapped

    def feed(self, line, lineno):
        """Take one message, without coats (logtext.bare())."""
        if self.torn and self.whole(line):
            return
        for handler in (self.map_line, self.event, self.dump_line, self.firmware_line, self.fact):
            if handler(line, lineno):
                return

    def map_line(self, line, lineno):
        """One entry of a map, or the beginning of one (see feed())."""
        if self.hypervisor_line(line, lineno):
            return True
        match = MAP_NEW.match(line) or MAP_OLD.match(line)
        if not match or match[1] not in MAP_PREFIXES or not match[4].strip("="):
            if MAP_CUT.match(line):
                self.torn = (line, lineno)
            return self.torn is not None
        self.entry(match[1], number(match[2]), number(match[3]) + (match.re is MAP_NEW), match[4],
                   lineno)
        return True

    def hypervisor_line(self, line, lineno):
        match = MAP_HYPERVISOR.match(line)
        if match and match[2]:
            self.entry(match[1], number(match[2]), number(match[3]) + 1, match[6], lineno)
        elif match:
            self.entry(match[1], number(match[4]), number(match[5]), match[6], lineno)
        return bool(match)

    def entry(self, prefix, start, end, words, lineno):
        code, sure = type_code(words)
        if not sure:
            self.log.reject(lineno, f"type '{words[:40]}' taken as {type_name(code)}")
        self.log.maps.setdefault(prefix, []).append(Entry(start, end, code, lineno))

    def whole(self, line):
        """The torn entry of the line before, made whole by @line?  Else it is no evidence."""
        (start, lineno), self.torn = (self.torn[0].rstrip(), self.torn[1]), None
        soft = start.endswith("=")          # quoted-printable: no space was there
        if self.map_line(start.removesuffix("=") + ("" if soft else " ") + line, lineno) \
                and self.torn is None:
            return True
        self.torn = None
        self.log.reject(lineno, f"half an entry: {start[:80]}")
        return False

    def event(self, line, lineno):
        if not line.startswith(("memblock", "__memblock")):
            return False
        match = SPAN_EVENT.match(line)
        if match:
            nid = int(match[5]) if match[5] else -1
            flags = int(match[6], 16) if match[6] else 0
            op = "phys_free" if match[2] == "free" else match[2]
            self.add_event(Event(op, number(match[3]), (number(match[4]) + 1) % 2**64,
                                 caller=match[7].strip(), nid=nid, flags=flags, line=lineno))
            return True
        match = ALLOC_EVENT.match(line)
        if match:
            self.add_event(Event(match[1].replace("memblock_", "", 1), 0, 0, size=int(match[2]),
                                 align=number(match[3]), nid=int(match[4] or -1),
                                 low=number(match[5]), high=number(match[6]),
                                 caller=match[7].strip(), line=lineno))
            return True
        match = DOUBLED.match(line)
        if match:
            self.add_event(Event("double", number(match[3]), number(match[4]) + 1,
                                 owner=f"memblock {match[1]} array", size=int(match[2]),
                                 line=lineno))
            return True
        return False

    def add_event(self, event):
        event.seq = len(self.log.events)
        self.log.events.append(event)

    def dump_line(self, line, lineno):
        if DUMP_HEAD.match(line):
            self.dump = Dump(line=lineno)
            self.log.dumps.append(self.dump)
            return True
        if self.dump is None:
            return False
        match = DUMP_SIZE.match(line)
        if match:
            self.dump.memory_size, self.dump.reserved_size = number(match[1]), number(match[2])
            return True
        match = DUMP_ROW.match(line)
        if not match:
            return False
        region = Region(number(match[3]), number(match[4]) + 1,
                        nid=int(match[6]) if match[6] else -1,
                        flags=number(match[7]) if match[7] else 0, line=lineno)
        getattr(self.dump, match[1]).append(region)
        return True

    def firmware_line(self, line, lineno):
        if "mem" in line and self.efi_line(line, lineno):
            return True
        match = SRAT_LINE.search(line)
        if match:
            new = match[3] is not None
            start = number(match[3] if new else match[5])
            end = (number(match[4]) + 1) % 2**64 if new else number(match[6])
            self.log.srat.append(Node(int(match[1]), start, end, int(match[2]),
                                      "hotplug" in match[7], "non-volatile" in match[7], lineno))
            return True
        match = ACPI_TABLE.match(line)
        if match:
            start = number(match[2])
            self.log.acpi.append((match[1], start, start + number(match[3]), lineno))
            return True
        match = MP_TABLE.search(line)
        if match:
            self.log.acpi.append(("MP", number(match[1]), number(match[2]) + 1, lineno))
            return True
        return False

    def efi_line(self, line, lineno):
        match = EFI_NEW.search(line)
        if match:
            name, attrs = match[1].strip(), match[2]
            kind = EFI_TYPES.index(name) if name in EFI_TYPES else EFI_ALIASES.get(name, 0)
            attr = EFI_ATTR_MORE_RELIABLE if "MR" in attrs else 0
            attr |= EFI_ATTR_SP if "SP" in attrs else 0
            attr |= EFI_ATTR_RUNTIME if "RUN" in attrs or "RT" in attrs.split("|") else 0
            start, last, bracket = number(match[3]), number(match[4]), match[5]
        else:
            match = EFI_OLD.search(line)
            if not match:
                return False
            kind, attr = int(match[1]), number(match[2])
            start, last, bracket = number(match[3]), number(match[4]), match[5]
        end = last if bracket == ")" else last + 1
        code = EFI_TO_E820.get(kind, RESERVED)
        if code == RAM and attr & EFI_ATTR_SP:
            code = SOFT_RESERVED
        self.log.efi.append(Entry(start, end, code, lineno, kind, attr))
        return True

    def fact(self, line, lineno):
        log = self.log
        log.said.feed(line, lineno)
        match = NODE_RANGE.match(line)
        if match:
            log.node_ranges.append(Region(number(match[2]), number(match[3]) + 1,
                                          nid=int(match[1]), line=lineno))
            return True
        match = ZONE_RANGE.match(line)
        if match:
            log.zones.append((match[1], number(match[2]), number(match[3]) + 1))
            return True
        match = RAMDISK.search(line)
        if match:
            log.owners_said.append(Region(number(match[1]), number(match[2]) + 1, owner="initrd",
                                          line=lineno))
            return True
        match = NODE_DATA.search(line)
        if match:
            log.owners_said.append(Region(number(match[2]), number(match[3]) + 1,
                                          owner=f"NODE_DATA({match[1]})", line=lineno))
            return True
        match = OWNER_ROW.match(line)
        if match:
            log.owners.append(Region(number(match[1]), number(match[2]) + 1, owner=match[3],
                                     line=lineno))
            return True
        match = LAST_PFN.search(line)
        if match:
            log.facts.setdefault("last_pfn", number(match[1]))
            return True
        match = MEMORY_LINE.match(line)
        if match:
            log.facts["memory_line"] = (int(match[1]), int(match[2]))
            return True
        match = CMDLINE.match(line)
        if match:
            log.facts.setdefault("cmdline", match[1])
            return True
        return False


def looks_like_trace(text, first):
    """Is this the first object of a JSON Lines trace?  After other lines we are stricter."""
    return text.lstrip().startswith("{" if first else '{"schema"')


FIRMWARE_LINES = 64     # UEFI firmware speaks on the trace's port before the kernel does


def read_file(name):
    """Read the log @name; '-' is standard input.  Raises OSError, nothing else."""
    if name == "-":
        return read_log(sys.stdin.buffer, "standard input")
    with open(name, "rb") as stream:
        return read_log(stream, name)


def read_log(stream, name):
    """Read an open binary @stream; never raises on content."""
    log = Bootlog(name=name)
    lines = counted(logtext.lines(stream, log.reject), log)
    head = list(itertools.islice(lines, FIRMWARE_LINES))
    start = next((i for i, (_, text) in enumerate(head) if looks_like_trace(text, i == 0)), None)
    if start is not None:
        log.kind = "trace"
        TraceReader(log).read(itertools.chain(head[start:], lines))
        return log
    return last_boot(itertools.chain(head, lines), log)


def last_boot(lines, log):
    """Read text; of several boots in one file keep the last one that says something of memory."""
    boots, reader = [], TextReader(log)
    for lineno, text in lines:
        for message in messages(text):
            if reader.log.speaks() and begins(message, reader.log):
                boots.append(reader.log)
                reader = TextReader(Bootlog(name=log.name, line=lineno))
            try:
                reader.feed(message, lineno)
            except (ValueError, OverflowError) as error:
                reader.log.reject(lineno, error)
    if reader.torn:
        reader.whole("")
    boots += [reader.log] if reader.log.speaks() or not boots else []
    boots[-1].lines = log.lines
    boots[-1].boots = [boot.line for boot in boots]
    return boots[-1]


def begins(message, log):
    """Does another boot begin here?"""
    return BOOT.match(message) or (log.maps and MAP_HEAD.match(message))


def messages(text):
    """The messages of a line: one, unless line ends were lost between entries of the map."""
    if text.count("BIOS-e820: ") > 1:
        return [bare(part) for part in re.split(r"(?=BIOS-e820: )", text)]
    return [bare(text)]


def counted(lines, log):
    """The same @lines, and log.lines up to date."""
    for lineno, text in lines:
        log.lines = lineno
        yield lineno, text
