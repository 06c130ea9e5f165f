# SPDX-License-Identifier: GPL-2.0-only
"""GRUB: lsmmap of GRUB 2, displaymem of GRUB Legacy."""

from memmaplib.facts import ACPI, NVS, PMEM, PRAM, RAM, RESERVED, UNUSABLE, Entry
from memmaplib.readers.kind import HEX, Kind, number

NAME = "GRUB's lsmmap"
WORDS = {"available RAM": RAM, "reserved RAM": RESERVED, "ACPI reclaimable RAM": ACPI,
         "ACPI non-volatile storage RAM": NVS, "faulty RAM (BadRAM)": UNUSABLE,
         "persistent RAM": PMEM, "persistent RAM (legacy)": PRAM, "coreboot tables": 16,
         "RAM holding firmware code": 20}


def row(log, match, lineno):
    """base_addr = 0x100000, length = 0x7fee0000, available RAM"""
    words = match[3].strip()
    if words in WORDS:
        code = WORDS[words]
    elif match[4]:
        code = int(match[4], 0)
    else:
        code = RESERVED
        log.reject(lineno, f"type '{words[:40]}' taken as reserved")
    start = number(match[1])
    log.add_witness(NAME, Entry(start, start + number(match[2]), code, lineno))


def final(match, _joined):
    return match[3].strip() in WORDS or match[4] is not None


def legacy_base(log, match, _lineno):
    """Usable RAM:  Base Address:  0x0 X 4GB + 0x100000,"""
    log.scratch["displaymem"] = (match[1], (number(match[2]) << 32) + number(match[3]))


def legacy_length(log, match, lineno):
    """Length:   0x0 X 4GB + 0x7fee0000 bytes"""
    words, start = log.scratch.pop("displaymem", (None, 0))
    if words is None:
        raise ValueError("a length without a base")
    size = (number(match[1]) << 32) + number(match[2])
    log.add_witness("GRUB's displaymem", Entry(start, start + size,
                                               RAM if words == "Usable" else RESERVED, lineno))


KINDS = [
    Kind("base_addr", r"base_addr = 0x", rf"base_addr = {HEX}, length = {HEX}, ((?:type = (0x[0-9a-f]+|\d+))?.*)$",
         row, final, "an entry"),
    Kind("Base Addr", r"(?:Usable|Reserved) RAM:\s+Base Address:",
         rf"(\w+) RAM:\s+Base Address:\s+{HEX} X 4GB \+ {HEX}", legacy_base),
    Kind("X 4GB", r"Length:\s+0x[0-9a-f]+ X 4GB", rf"Length:\s+{HEX} X 4GB \+ {HEX} bytes", legacy_length),
]
