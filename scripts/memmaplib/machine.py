# SPDX-License-Identifier: GPL-2.0-only
"""The machine of somebody's dmesg, rebuilt: a loader's block and ACPI tables.

    dmesg ──► Bootlog ──► parts of a multiboot2 block (scripts/mbi.py)
                     └──► RSDP, XSDT, SRAT as the log's SRAT lines say
                     └──► the QEMU machine whose RAM reaches that far

QEMU and the host simulator get the same bytes.
"""

import struct
from dataclasses import dataclass, field

from memmaplib.bootlog import ACPI, NVS, RAM, RESERVED, Entry

G, M, T = 1 << 30, 1 << 20, 1 << 40
BLOCK_AT = 0x10000          # the loader's block: above the BIOS data, below 512 KiB
TABLES_AT = 0x60000         # ACPI tables, where the map has no ACPI entry to keep them
LOW_RAM = 0xE0000000        # pc with max-ram-below-4g=3584M
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
            out.append("cmdline " + cmdline)
        out.append("mmap " + " ".join(f"{entry.start:#x}-{entry.end % 2**64:#x}:{entry.type}"
                                      for entry in self.entries))
        tables = self.tables()
        if tables:
            out.append("rsdp " + tables[1][:20].hex())
            out.append(f"blob {tables[0]:#x} {tables[1].hex()}")
        return out + ["end"]

    def tables(self):
        """(address, bytes) of RSDP, XSDT and SRAT, or None where the log has no nodes."""
        if not self.srat:
            return None
        at = self.tables_place()
        srat_at = at + 36 + 44
        xsdt = sdt(b"XSDT", struct.pack("<Q", srat_at))
        return at, rsdp(at + 36) + xsdt + srat_table(self.srat)

    def tables_place(self):
        """In an ACPI entry that QEMU backs with RAM, else in low memory."""
        need = 36 + 44 + 48 + 40 * len(self.srat)
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
            return f"pc,max-ram-below-4g={LOW_RAM >> 20}M", max(top, 16 * M), cpu
        if top <= 4 * G:
            return f"pc,max-ram-below-4g={LOW_RAM >> 20}M", LOW_RAM, cpu
        if top <= 15 * T:
            return f"pc,max-ram-below-4g={LOW_RAM >> 20}M", LOW_RAM + top - 4 * G, cpu
        return "microvm", 3 * G + top - 4 * G, cpu


def checksum(data):
    return -sum(data) & 0xFF


def rsdp(xsdt_at):
    """Revision 2, 36 bytes."""
    head = b"RSD PTR \0DAYBRK\x02" + struct.pack("<I", 0)
    head = head[:8] + bytes([checksum(head)]) + head[9:]
    body = head + struct.pack("<IQB3x", 36, xsdt_at, 0)
    return body[:32] + bytes([checksum(body)]) + body[33:]


def sdt(signature, body, revision=1):
    """A system description table with a right checksum."""
    table = struct.pack("<4sIBB6s8sI4sI", signature, 36 + len(body), revision, 0, b"DAYBRK",
                        b"E820IMPT", 1, b"DBRK", 1) + body
    return table[:9] + bytes([checksum(table)]) + table[10:]


def srat_table(nodes):
    """Memory affinity entries in the order of the log."""
    body = struct.pack("<IQ", 1, 0)
    for node in nodes:
        flags = SRAT_ENABLED | (SRAT_HOTPLUG if node.hotplug else 0) | (
            SRAT_NONVOLATILE if node.nonvolatile else 0)
        pxm = node.pxm if node.pxm >= 0 else node.nid
        body += struct.pack("<BBIHQQIIQ", 1, 40, pxm & 0xFFFFFFFF, 0, node.start,
                            (node.end - node.start) % 2**64, 0, flags, 0)
    return sdt(b"SRAT", body, revision=3)


def from_log(log):
    """The best map a log has, with the nodes SRAT gave."""
    machine = Machine(srat=list(log.srat))
    sources = [(name, log.maps.get(name)) for name in ("BIOS-e820", "BIOS-88", "BIOS-e801", "Xen")]
    sources += [("efi memNN lines", log.efi), ("user", log.maps.get("user")),
                ("memblock_add lines", added(log)), ("MEMBLOCK dump", dumped(log))]
    for name, entries in sources:
        if entries and any(entry.type == RAM for entry in entries):
            machine.source, machine.entries = name, list(entries)
            break
    else:
        machine.entries = next((list(entries) for _, entries in sources if entries), [])
        machine.source = "lines without any RAM"
    if not machine.entries:
        raise NoMap(f"{log.name}: no memory map in it (neither BIOS-e820, BIOS-88, efi memNN, "
                    "user nor memblock lines)")
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
