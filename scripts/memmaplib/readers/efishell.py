# SPDX-License-Identifier: GPL-2.0-only
"""EFI's own map before any Linux: the shell's memmap, GRUB's lsefimmap, U-Boot's efidebug, ESXi."""

from memmaplib.readers.efi import ATTR_RUNTIME, efi_entry, efi_type
from memmaplib.readers.kind import HEX, Kind, number

WORDS = (r"(?i:Available|Reserved|Loader[ _]?(?:Code|Data)|(?:BS|RT|Boot|Runtime|ldr)[ _-](?:Code"
         r"|Data)|Conv(?:entional|-mem)|Unusable(?: mem)?|Unaccepted|ACPI[ _-](?:Recl\w*|rec|NVS)"
         r"(?: mem)?|MMIO(?:_Port)?|IO(?:[ -]ports?)?|PAL(?:-?Code)?|Persist(?:ent)?|[0-9A-F]{8})")
RANGE = r"[0-9a-fA-F]{16}-[0-9a-fA-F]{16}"


def end_of(last):
    """Whole pages: what ends in fff is a last byte, what ends in 000 an end."""
    return last if last % 4096 == 0 else last + 1


def row(log, match, lineno):
    """BS_Data    0000000000900000-00000000014FFFFF 0000000000000C00 000000000000000F"""
    code, sure = efi_type(match[1])
    if not sure:
        raise ValueError(f"no EFI type: {match[1]}")
    attr = int(match[5], 16) if match[5] else ATTR_RUNTIME * (" RT" in match[6])
    log.add_efi("EFI memory map", efi_entry(number(match[2]), end_of(number(match[3])), code, attr,
                                            lineno))


def esxi(log, match, lineno):
    """MMap[3]: 0x100000 - 0x734fffff len=1933574144, type=7, attr=0xf"""
    log.add_efi("ESXi's MMap", efi_entry(number(match[1]), end_of(number(match[2])), int(match[3]),
                                         number(match[4]), lineno))


KINDS = [
    Kind("000", rf"(?<![\w.-]){WORDS}\s+{RANGE}(?![\w:]| :)",
         rf"({WORDS})\s+{HEX}-{HEX}(?: +([0-9a-fA-F]{{8,16}})(?: +([0-9a-fA-F]{{16}})|\b))?(.*)$",
         row, what="an entry"),
    Kind("MMap[", r"MMap\[\d+\]: 0x", rf"MMap\[\d+\]: {HEX} - {HEX} len=\d+, type=(\d+), attr={HEX}", esxi,
         what="an entry"),
]
