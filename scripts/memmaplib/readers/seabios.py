# SPDX-License-Identifier: GPL-2.0-only
"""The BIOS's own print: SeaBIOS (QEMU, coreboot, Xen), and hvmloader's table before it."""

from memmaplib.facts import ACPI, NVS, RAM, RESERVED, UNUSABLE, Entry
from memmaplib.readers.kind import HEX, Kind, number

NAMES = {"RAM": RAM, "RESERVED": RESERVED, "ACPI": ACPI, "NVS": NVS, "UNUSABLE": UNUSABLE}


def row(log, match, lineno):
    """3: 0000000000100000 - 000000007f7ff000 = 1 RAM"""
    log.add_witness("SeaBIOS", Entry(number(match[1]), number(match[2]), int(match[3]), lineno))


def hvmloader(log, match, lineno):
    """[00]: 00000000:00000000 - 00000000:000a0000: RAM"""
    start, end = (number(match[at] + match[at + 1]) for at in (1, 3))
    if match[5] not in NAMES:
        log.reject(lineno, f"type '{match[5][:40]}' taken as reserved")
    log.add_witness("hvmloader", Entry(start, end, NAMES.get(match[5], RESERVED), lineno))


KINDS = [
    Kind("000", r"(?<!\S)\d+: [0-9a-f]{16} - [0-9a-f]{16} =", rf"\d+: {HEX} - {HEX} = (\d+)\b", row,
         what="an entry"),
    Kind("000", r"\[\d\d\]: [0-9a-f]{8}:[0-9a-f]{8} - ", r"\[\d\d\]: ([0-9a-f]{8}):([0-9a-f]{8}) - "
         r"([0-9a-f]{8}):([0-9a-f]{8}): (\w+)", hvmloader, what="an entry"),
]
