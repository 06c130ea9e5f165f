# SPDX-License-Identifier: GPL-2.0-only
"""The machine of somebody's dmesg, rebuilt: a loader's block and ACPI tables.

    dmesg ──► Bootlog ──► parts of a multiboot2 block (scripts/mbi.py)
                     ├──► SRAT as the log's lines say (scripts/acpi.py)
                     ├──► words of the command line: what the log's kernel did to the map
                     └──► the QEMU machine whose RAM reaches that far

QEMU and the host simulator get the same bytes and the same words.
"""

import re
from dataclasses import dataclass, field

from memmaplib.facts import ACPI, HYPERVISOR, NVS, RAM, RESERVED, Entry, Node, type_name
from memmaplib.said import Said, missing
from memmaplib.story import mem
from memmaplib.words import asked_of_memory, shaping

G, M, T = 1 << 30, 1 << 20, 1 << 40
BLOCK_AT = 0x10000          # the loader's block: above the BIOS data, below 512 KiB
TABLES_AT = 0x60000         # ACPI tables, where the map has no ACPI entry to keep them
IMAGE_AT = M                # where the kernel is linked; Machine.image says where it ends
LOW_RAM = 3 * G             # of QEMU's own below 4 GiB; its other RAM begins at 4 GiB
LOW_DEVICES = 0xFEC00000    # interrupt controllers and the firmware's ROM: no RAM up to 4 GiB
PC_TOP, TOP = 15 * T, 60 * T        # a pc reaches so far; microvm, which has no PCI, farther
LINE_MAX = 2047             # bytes of a command line the kernel looks at
MAX_NODES = 1024
SRAT_ENABLED, SRAT_HOTPLUG, SRAT_NONVOLATILE = 1, 2, 4


class NoMap(Exception):
    """The log has nothing to boot; told in one line."""


@dataclass
class Machine:
    """What is needed to boot a log again."""
    source: str = ""                                  # which lines the map is from
    entries: list = field(default_factory=list)       # Entry, in the order of the log
    srat: list = field(default_factory=list)
    cpus: list = field(default_factory=list)          # (pxm, apic, nid) of the log
    memoryless: list = field(default_factory=list)    # nodes that have no memory
    notes: list = field(default_factory=list)
    offers: list = field(default_factory=list)        # notes about what only @log would do
    image: tuple = (IMAGE_AT, IMAGE_AT)               # [start, end) of the kernel
    image_made_ram: bool = False                      # where the map has none
    words: list = field(default_factory=list)         # for the kernel, before the user's
    at_log: list = field(default_factory=list)        # what @log stands for

    @property
    def top(self):
        """The end of the highest RAM that QEMU can have: how far its RAM must reach."""
        return max((min(entry.end, TOP) for entry in self.entries
                    if entry.type == RAM and entry.start < min(entry.end, TOP)), default=0)

    @property
    def low_top(self):
        """The end of the highest RAM below the devices under 4 GiB."""
        return max((min(entry.end, LOW_DEVICES) for entry in self.entries
                    if entry.type == RAM and entry.start < min(entry.end, LOW_DEVICES)), default=0)

    def told(self, wished):
        """The notes for somebody with this command line."""
        return self.notes + ([] if "@log" in wished.split() else self.offers)

    def cmdline(self, wished):
        """The command line: the machine's words, then the user's with @log put in."""
        given = wished.split()
        words = [word for word in self.words if not overruled(word, given)]
        for word in given:
            words += self.at_log if word == "@log" else [word]
        return " ".join(words)

    def parts(self, cmdline=""):
        """Lines for mbi.py."""
        out = [f"header at={BLOCK_AT:#x}", "loader e820-import"]
        if cmdline:
            out.append("cmdline " + escaped(cmdline))
        out.append("mmap " + " ".join(f"{entry.start:#x}-{entry.end % 2**64:#x}:{entry.type}"
                                      for entry in self.entries))
        if self.srat:
            out.append(f"acpi at={self.tables_place():#x}")
            out.append("srat rev=2 " + " ".join(self.nids() + [affinity(node) for node in self.srat]))
        return out + ["end"]

    def tables_place(self):
        """In an ACPI entry that QEMU backs with RAM, behind the kernel; else in low memory."""
        need = 512 + 56 * (len(self.srat) + len(self.nids()))
        for entry in self.entries:
            start = -(-max(entry.start, self.image[1]) // 16) * 16
            if entry.type in (ACPI, NVS) and entry.end > M and \
                    start + need <= min(entry.end, self.backed_below_4g()):
                return start
        return TABLES_AT

    def nids(self):
        """The nodes that get a processor in SRAT."""
        return processors(self.srat, self.cpus, self.memoryless)

    def backed_below_4g(self):
        """QEMU has RAM from 0 to here."""
        name, size, _ = self.qemu_memory()
        return max(min(size, LOW_RAM), self.low_top if name != "microvm" else 0)

    def qemu_memory(self):
        """(machine, -m bytes, cpu flags): the smallest machine whose RAM reaches the top."""
        cpu = "max,la57=off,vendor=GenuineIntel"       # AMD ids would move RAM at 1 TiB
        top = -(-self.top // (2 * M)) * 2 * M
        bits = max(40, (top + 64 * G).bit_length())
        cpu += f",phys-bits={min(bits, 52)}"
        if top <= LOW_RAM:
            return "pc,max-ram-below-4g=3G", max(top, 16 * M), cpu
        size = LOW_RAM + max(top - 4 * G, 0)
        return "pc,max-ram-below-4g=3G" if top <= PC_TOP else "microvm", size, cpu

    def pci_ram(self):
        """
        [(base, size)] of RAM between 3 GiB and the end of low RAM.  A pc has none there, so a
        PCI device supplies it: its size is a power of two and its base a multiple of that.
        """
        out, base = [], LOW_RAM
        while base < self.low_top and self.qemu_memory()[0] != "microvm":
            size = 512 * M
            while base % size or base + size > LOW_DEVICES:
                size //= 2
            while size > M and base + size // 2 >= self.low_top:
                size //= 2
            out.append((base, size))
            base += size
        return out

    def unbacked(self):
        """[(start, end)] of RAM in the map that no machine of QEMU's can have."""
        holes = [(LOW_DEVICES, 4 * G), (TOP, 1 << 64)]
        if self.qemu_memory()[0] == "microvm":
            holes[0] = (LOW_RAM, 4 * G)
        clipped = {(max(entry.start, low), min(entry.end, high)) for entry in self.entries
                   for low, high in holes if entry.type == RAM}
        return sorted((start, end) for start, end in clipped if start < end)


def overruled(word, given):
    """Does the user say himself what @word of ours says?"""
    return word.startswith("initrdmem=") and any(
        other.startswith(("initrd=", "initrdmem=")) for other in given)


def escaped(text):
    """A command line in mbi.py's words: \\xNN for what would mean something to it."""
    out = "".join(chr(byte) if 0x20 <= byte < 0x7F and byte != 0x5C else f"\\x{byte:02x}"
                  for byte in text.encode("utf-8", "surrogateescape"))
    return re.sub(r"(?<!\S)@", r"\\x40", out)


def pxm_of(node):
    return node.pxm if node.pxm >= 0 else node.nid


def processors(nodes, cpus=(), memoryless=()):
    """
    One CPU a node, in order of node numbers: Linux numbers nodes as their domains first
    appear, CPUs before memory.  A number without CPUs and without memory gets a CPU of a
    domain nobody has, so that those behind it stay what they were.
    """
    domains = {nid: pxm for pxm, _, nid in reversed(cpus)}
    domains.update({node.nid: pxm_of(node) for node in nodes})
    unused = (pxm for pxm in range(1 << 32) if pxm not in domains.values())
    last = max([*domains, *memoryless], default=-1)
    for nid in range(min(last + 1, MAX_NODES)):
        if nid not in domains:
            domains[nid] = next(unused)
    return [f"cpu:{domains[nid]}:{nid & 0xFF}" for nid in sorted(domains)]


def affinity(node):
    """One memory entry of SRAT in the words of scripts/acpi.py."""
    flags = SRAT_ENABLED | (SRAT_HOTPLUG if node.hotplug else 0) | (
        SRAT_NONVOLATILE if node.nonvolatile else 0)
    return f"mem:{pxm_of(node)}:{node.start:#x}-{node.end % 2**64:#x}:{flags}"


def from_log(log, image=None):
    """The best map a log has, with the nodes SRAT gave; @image: [start, end) of the kernel."""
    said = log.said or Said()
    machine = Machine(srat=list(log.srat), cpus=said.cpus, memoryless=said.memoryless,
                      notes=log.doubts(),
                      image=image or (IMAGE_AT, IMAGE_AT))
    sources = [("Xen's own lines" if name == HYPERVISOR else name, entries)
               for name, entries in log.firmware_maps()]
    sources += [("user", log.maps.get("user")), ("memblock_add lines", added(log)),
                ("MEMBLOCK dump", dumped(log))]
    for name, entries in sources:
        if entries and any(entry.type == RAM for entry in entries):
            machine.source, machine.entries = name, list(entries)
            break
    else:
        machine.entries = next((list(entries) for _, entries in sources if entries), [])
        machine.source = "lines without any RAM"
    if not machine.entries:
        raise NoMap(f"{log.name}: no memory map in it (neither BIOS-e820, BIOS-88, efi memNN, "
                    "Xen, user nor memblock lines, nor one of the others that `memmap.py readers` "
                    "lists)" + (f"; the first line that looks like it is {log.like}" * bool(log.like)))
    complete(machine)
    nodes_without_srat(machine, log)
    note_image(machine, bool(image))
    as_the_log_did(machine, log, said)
    leave_out_unbacked(machine)
    return machine


def complete(machine):
    """An excerpt gets the RAM that every PC has, where its lines leave room."""
    ram = [entry for entry in machine.entries if entry.type == RAM]
    if any(entry.start < 0xA0000 for entry in ram) and any(entry.end > 2 * M for entry in ram):
        return
    usual = [Entry(0, 0x9F000, RAM), Entry(0x9F000, 0xA0000, RESERVED), Entry(M, 256 * M, RAM)]
    known = sorted((entry.start, entry.end) for entry in machine.entries)
    new = [Entry(start, end, entry.type) for entry in usual
           for start, end in missing([entry], known)]
    machine.entries = new + machine.entries
    if not new:
        return
    machine.notes.append(
        "the log is an excerpt without the RAM a PC begins with: added " +
        ", ".join(mem(entry.start, entry.end) for entry in new if entry.type == RAM))


def nodes_without_srat(machine, log):
    """Several nodes and no line of SRAT: a table is made from the ranges of the nodes."""
    regions = sorted(log.node_ranges, key=lambda region: region.start)
    if machine.srat or len({region.nid for region in regions}) < 2 or any(
            word.startswith("numa=") for word in shaping(log.facts.get("cmdline", ""))):
        return
    for region in regions:
        last = machine.srat[-1] if machine.srat else None
        if last and last.nid == region.nid:
            last.end = max(last.end, region.end)
        elif region.start < region.end and region.nid < MAX_NODES:
            machine.srat.append(Node(region.nid, region.start if last else 0, region.end))
    machine.notes.append(f"no SRAT lines: {len(machine.srat)} ranges of nodes are made from "
                         "\"Early memory node ranges\"")


def note_image(machine, exact):
    """This kernel cannot be where the log's was: say what of the map it makes RAM."""
    start, end = machine.image
    ram = [(entry.start, entry.end) for entry in machine.entries if entry.type == RAM]
    if any(low <= start and high > end for low, high in ram):
        return
    machine.image_made_ram = True
    for entry in machine.entries:
        covered = min(entry.end, end) - max(entry.start, start)
        if entry.type != RAM and (covered > 0 or entry.start <= start < entry.end):
            much = f"{max(covered, 0):#x} bytes" if exact else "the beginning"
            machine.notes.append(
                f"this map has no RAM at 1 MiB, where this kernel is linked: its image makes {much} "
                f"of {mem(entry.start, entry.end)} {type_name(entry.type)} RAM")
            return
    machine.notes.append("this map has no RAM at 1 MiB, where this kernel is linked: "
                         "its image adds RAM there")


def as_the_log_did(machine, log, said):
    """Words for what the log's kernel did to the map; notes for what only @log does."""
    if said.removed:
        machine.words += memmap_words(f"{change.end - change.start:#x}%{change.start:#x}-{RESERVED}"
                                      for change in said.removed)
        done = machine.words[-1].count("%")
        of_all = f" of {len(said.removed)}" if done < len(said.removed) else ""
        machine.notes.append(f"as in the log, MMIO of the EFI map is taken out of the map "
                             f"({done}{of_all} ranges): memmap=..%..-{RESERVED}")
    if said.ramdisk:
        start, end, _ = said.ramdisk
        machine.words.append(f"initrdmem={start:#x},{end - start:#x}")
        machine.notes.append(f"as in the log, RAMDISK {mem(start, end)} is reserved: "
                             f"{machine.words[-1]}")
    taken = [] if machine.source == "user" else said.taken(machine.entries, log.maps.get("modified"))
    machine.at_log += memmap_words(f"{change.end - change.start:#x}%{change.start:#x}-{RAM}+"
                                   f"{change.new}" for change in taken)
    for change in taken[:4]:
        machine.offers.append(
            f"the log's kernel went on with less (line {change.line}): e820: update "
            f"{mem(change.start, change.end)} usable ==> {type_name(change.new)}"
            f"{' (MTRR)' if said.mtrr else ''}; here it is as the firmware said, "
            "CMDLINE=@log takes it away")
    if len(taken) > 4:
        machine.offers.append(f"... and {len(taken) - 4} more such ranges")
    line = log.facts.get("cmdline", "")
    machine.at_log += asked_of_memory(line, said.crash)
    note_cmdline(machine, log, line)


def note_cmdline(machine, log, line):
    words = shaping(line)
    if words:
        machine.offers.append(f"the log's command line shapes memory ({' '.join(words)}): "
                             "CMDLINE=@log to do the same")
    elif log.maps.get("user") and machine.source != "user" and not line:
        machine.notes.append("the log's kernel had a map shaped by its command line (\"user\" "
                             "lines), which the log does not show: here it is as the firmware said")


def memmap_words(ranges):
    """One memmap= for all of @ranges, or as many as the kernel would read."""
    out, room = [], LINE_MAX // 2
    for text in ranges:
        room -= len(text) + 1
        if room > 0:
            out.append(text)
    return ["memmap=" + ",".join(out)] if out else []


def leave_out_unbacked(machine):
    """RAM that no machine of QEMU's can have is reserved by a word, and said."""
    holes = machine.unbacked()
    machine.words = memmap_words(f"{end - start:#x}${start:#x}" for start, end in holes) + \
        machine.words
    for start, end in holes:
        machine.notes.append(f"QEMU cannot have RAM at {mem(start, end)}: "
                             f"left out (memmap={end - start:#x}${start:#x})")


def added(log):
    """memblock_add lines as RAM."""
    return [Entry(event.start, event.end, RAM, event.line) for event in log.events
            if event.op in ("add", "add_node")]


def dumped(log):
    """memory[] of the first dump as RAM."""
    return [Entry(region.start, region.end, RAM, region.line)
            for region in (log.dumps[0].memory if log.dumps else ())]
