# SPDX-License-Identifier: GPL-2.0-only
"""EFI memory types in the words of Linux, the shell, FreeBSD, GRUB, U-Boot, and what they mean."""

import re

from memmaplib.facts import ACPI, NVS, PMEM, RAM, RESERVED, SOFT_RESERVED, UNUSABLE, Entry

# EFI memory type -> e820 type, as Linux's stub converts them.
TO_E820 = {1: RAM, 2: RAM, 3: RAM, 4: RAM, 7: RAM, 8: UNUSABLE, 9: ACPI, 10: NVS, 14: PMEM}
ATTR_MORE_RELIABLE = 1 << 16
ATTR_SP = 1 << 18
ATTR_RUNTIME = 1 << 63

# All words for one type, written small and without anything between the letters.
WORDS = {
    0: "reserved reservedmemorytype",
    1: "loadercode ldrcode",
    2: "loaderdata ldrdata",
    3: "bootcode bscode bootservicescode bootservicecode bootsvccode",
    4: "bootdata bsdata bootservicesdata bootservicedata bootsvcdata",
    5: "runtimecode rtcode runtimeservicescode runtimeservicecode runtimesvccode",
    6: "runtimedata rtdata runtimeservicesdata runtimeservicedata runtimesvcdata",
    7: "conventionalmemory conventional available convmem conv free",
    8: "unusablememory unusable",
    9: "acpireclaimmemory acpireclaim acpirecl acpireclaimable acpirec",
    10: "acpimemorynvs acpimemnvs acpinvs acpinonvolatile",
    11: "memorymappedio mmio memmapio",
    12: "mmioportspace mmioport memorymappedioportspace memmapioport ioport",
    13: "palcode pal",
    14: "persistentmemory persistent persist",
    15: "unaccepted unacceptedmemory unaccept unaccepteddata",
}
CODES = {word: code for code, words in WORDS.items() for word in words.split()}
OTHERS = re.compile(r"type(?:=|:|\s)?\s*(?:0x)?([0-9a-f]+)|([0-9a-f]{8})")     # an OEM's own type


def efi_type(words):
    """(EFI memory type, sure?) of anybody's words for it."""
    plain = re.sub(r"[^a-z0-9=]", "", words.lower()).removeprefix("efi")
    if plain in CODES:
        return CODES[plain], True
    other = OTHERS.fullmatch(plain)
    return (int(other[1] or other[2], 16), True) if other else (0, False)


def efi_entry(start, end, kind, attr, lineno):
    """One descriptor as an entry of the map."""
    code = TO_E820.get(kind, RESERVED)
    if code == RAM and attr & ATTR_SP:
        code = SOFT_RESERVED
    return Entry(start, end, code, lineno, kind, attr)


def marks_of(text):
    """Attributes from what Linux prints between the bars."""
    marks = {mark.replace(" ", "") for mark in text.split("|")}
    return (ATTR_MORE_RELIABLE * ("MR" in marks) | ATTR_SP * ("SP" in marks)
            | ATTR_RUNTIME * bool({"RUN", "RT"} & marks))
