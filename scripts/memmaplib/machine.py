# SPDX-License-Identifier: GPL-2.0-only
"""The machine of somebody's dmesg, rebuilt: a loader's block and ACPI tables.

    dmesg ──► Bootlog ──► parts of a multiboot2 block (scripts/mbi.py)
                     └──► SRAT as the log's lines say (scripts/acpi.py)
                     └──► the QEMU machine whose RAM reaches that far

QEMU and the host simulator get the same bytes.
"""

import re
from dataclasses import dataclass, field

from memmaplib.facts import ACPI, HYPERVISOR, NVS, RAM, RESERVED, Entry

G, M, T = 1 << 30, 1 << 20, 1 << 40
BLOCK_AT = 0x10000          # the loader's block: above the BIOS data, below 512 KiB
TABLES_AT = 0x60000         # ACPI tables, where the map has no ACPI entry to keep them
LOW_RAM = 0xC0000000        # of a pc; the rest of its RAM begins at 4 GiB
SRAT_ENABLED, SRAT_HOTPLUG, SRAT_NONVOLATILE = 1, 2, 4


class NoMap(Exception):
    """The log has nothing to boot; told in one line."""


@dataclass
class Machine:
    """What is needed to boot a log again."""
    source: str = ""                                  # which lines the map is from
    entries: list = field(default_factory=list)       # Entry, in the order of the log
    srat: list = field(default_factory=list)
    notes: list = field(default_factory=list)

    @property
    def top(self):
        """The end of the highest RAM: how far QEMU's RAM must reach."""
        return max((entry.end for entry in self.entries if entry.type == RAM), default=0)

    def parts(self, cmdline=""):
        """Lines for mbi.py."""
        out = [f"header at={BLOCK_AT:#x}", "loader e820-import"]
        if cmdline:
            out.append("cmdline " + escaped(cmdline))
        out.append("mmap " + " ".join(f"{entry.start:#x}-{entry.end % 2**64:#x}:{entry.type}"
                                      for entry in self.entries))
        if self.srat:
            out.append(f"acpi at={self.tables_place():#x}")
            out.append("srat " + " ".join(processors(self.srat) + [affinity(node)
                                                                   for node in self.srat]))
        return out + ["end"]

    def tables_place(self):
        """In an ACPI entry that QEMU backs with RAM, else in low memory."""
        need = 512 + 56 * len(self.srat)
        for entry in self.entries:
            start = -(-entry.start // 16) * 16
            if entry.type in (ACPI, NVS) and M <= start and start + need <= min(entry.end, LOW_RAM):
                return start
        return TABLES_AT

    def qemu_memory(self):
        """(machine, -m bytes, cpu flags): the smallest machine whose RAM reaches the top."""
        cpu = "max,la57=off,vendor=GenuineIntel"       # AMD ids would move RAM at 1 TiB
        top = -(-self.top // (2 * M)) * 2 * M
        bits = max(40, (top + 64 * G).bit_length())
        cpu += f",phys-bits={min(bits, 52)}"
        if top <= LOW_RAM:
            return "pc,max-ram-below-4g=3G", max(top, 16 * M), cpu
        size = LOW_RAM + max(top - 4 * G, 0)
        return "pc,max-ram-below-4g=3G" if top <= 15 * T else "microvm", size, cpu


def escaped(text):
    """A command line in mbi.py's words: \\xNN for what would mean something to it."""
    out = "".join(chr(byte) if 0x20 <= byte < 0x7F and byte != 0x5C else f"\\x{byte:02x}"
                  for byte in text.encode("utf-8", "surrogateescape"))
    return re.sub(r"(?<!\S)@", r"\\x40", out)


def pxm_of(node):
    return node.pxm if node.pxm >= 0 else node.nid


def processors(nodes):
    """
    One CPU a node, in order of node numbers: Linux numbers nodes as their domains
    first appear, CPUs before memory, and the log no longer shows the CPUs.
    """
    domains = {node.nid: pxm_of(node) for node in nodes}
    return [f"cpu:{domains[nid]}:{nid & 0xFF}" for nid in sorted(domains)]


def affinity(node):
    """One memory entry of SRAT in the words of scripts/acpi.py."""
    flags = SRAT_ENABLED | (SRAT_HOTPLUG if node.hotplug else 0) | (
        SRAT_NONVOLATILE if node.nonvolatile else 0)
    return f"mem:{pxm_of(node)}:{node.start:#x}-{node.end % 2**64:#x}:{flags}"


def from_log(log):
    """The best map a log has, with the nodes SRAT gave."""
    machine = Machine(srat=list(log.srat), notes=log.doubts())
    sources = [(name, log.maps.get(name)) for name in ("BIOS-e820", "BIOS-88", "BIOS-e801", "Xen")]
    sources += [("efi memNN lines", log.efi), ("Xen's own lines", log.maps.get(HYPERVISOR)),
                ("user", log.maps.get("user")), ("memblock_add lines", added(log)),
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
                    "Xen, user nor memblock lines)")
    if not any(entry.type == RAM and entry.start <= M and entry.end > 2 * M
               for entry in machine.entries):
        machine.notes.append("the log is an excerpt without RAM at 1 MiB, where the kernel lives: "
                             "added 0-640K and 1M-256M")
        machine.entries = [Entry(0, 0x9F000, RAM), Entry(0x9F000, 0xA0000, RESERVED),
                           Entry(M, 256 * M, RAM)] + machine.entries
    return machine


def added(log):
    """memblock_add lines as RAM."""
    return [Entry(event.start, event.end, RAM, event.line) for event in log.events
            if event.op in ("add", "add_node")]


def dumped(log):
    """memory[] of the first dump as RAM."""
    return [Entry(region.start, region.end, RAM, region.line)
            for region in (log.dumps[0].memory if log.dumps else ())]
