# SPDX-License-Identifier: GPL-2.0-only
"""Limine: its own print, and the prints of kernels that ask it (base, length, type)."""

import re

from memmaplib.facts import ACPI, NVS, RAM, RESERVED, UNUSABLE, Entry
from memmaplib.readers.kind import HEX, Kind, number

NAME = "Limine's map"
NUMBERS = (RAM, RESERVED, ACPI, NVS, UNUSABLE, RAM, RAM, RESERVED, RESERVED)
WORDS = {"usable": RAM, "usableram": RAM, "reserved": RESERVED, "acpireclaimable": ACPI,
         "acpinvs": NVS, "badmemory": UNUSABLE, "bad": UNUSABLE, "bootloaderreclaimable": RAM,
         "kernel": RAM, "kernelmodules": RAM, "kernelandmodules": RAM, "executable": RAM,
         "executableandmodules": RAM, "framebuffer": RESERVED, "acpitables": ACPI,
         "reservedmapped": RESERVED}
UNITS = {"": 0, "B": 0, "KIB": 10, "KB": 10, "MIB": 20, "MB": 20, "GIB": 30, "GB": 30}


def plain(words):
    return re.sub(r"[^a-z]", "", words.lower())


def own(log, match, lineno):
    """[0x100000 -> 0x7fedf000] : 0x7fddf000 <Usable RAM>"""
    words = plain(match[3])
    if words not in WORDS:
        log.reject(lineno, f"type '{match[3][:40]}' taken as reserved")
    log.add_witness(NAME, Entry(number(match[1]), number(match[2]), WORDS.get(words, RESERVED),
                                lineno))


def row(log, match, lineno):
    """base: 0x1000, type: 5, length: 0x51000; Start: 0x1000, Size: 324KiB, Type: Usable"""
    start, words = number(match[1]), (match[2] or match[5] or "").strip()
    if not words:
        raise ValueError("a range without a type")
    size = int(match[3], 0) << UNITS[match[4].strip().upper()]
    if words.isdigit():
        rows = log.scratch.setdefault("limine", [])
        rows.append((start, start + size, int(words), lineno))
        numbered(log, rows)
    else:
        if plain(words) not in WORDS:
            log.reject(lineno, f"type '{words[:40]}' taken as reserved")
        log.add_witness(NAME, Entry(start, start + size, WORDS.get(plain(words), RESERVED), lineno))


def numbered(log, rows):
    """Limine counts from 0 = usable, e820 and multiboot from 1: a 0 tells them apart."""
    limine = any(kind == 0 for _, _, kind, _ in rows)
    log.maps.pop(NAME, None)
    log.maps.pop("a kernel's own print", None)
    log.maps[NAME if limine else "a kernel's own print"] = [
        Entry(start, end, (NUMBERS[kind] if kind < len(NUMBERS) else RESERVED) if limine else kind,
              line) for start, end, kind, line in rows]


KINDS = [
    Kind("-> 0x", r"\[0x[0-9a-f]+ -> 0x[0-9a-f]+\] : 0x", rf"\[{HEX} -> {HEX}\] : 0x[0-9a-f]+ <(.*?)>", own,
         what="an entry"),
    Kind("ase: 0x|tart: 0x|ASE: 0x|TART: 0x", r"(?i:\b(?:base|start): 0x[0-9a-f]+, (?:type|size|length):)",
         rf"(?i:(?:base|start): {HEX}, (?:type: ([\w /-]+), )?(?:size|length): "
         r"(0x[0-9a-f]+|\d+) ?((?:[KMG]i?)?B?)\b(?:, type: ([\w /-]+))?)", row, what="an entry"),
]
