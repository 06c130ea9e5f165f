# SPDX-License-Identifier: GPL-2.0-only
"""FreeBSD's verbose boot (SMAP, EFI rows, chunks) and OpenBSD's `machine memory`."""

from memmaplib.facts import RAM, RESERVED, Entry
from memmaplib.readers.efi import ATTR_RUNTIME, efi_entry, efi_type
from memmaplib.readers.kind import HEX, Kind, number

EFI_WORDS = (r"(?:Reserved|Loader(?:Code|Data)|(?:Boot|Runtime)Services(?:Code|Data)"
             r"|ConventionalMemory|UnusableMemory|ACPIReclaimMemory|ACPIMemoryNVS"
             r"|MemoryMappedIO(?:PortSpace)?|PalCode|PersistentMemory)")
CHUNKS = "FreeBSD's memory chunks"


def smap(log, match, lineno):
    """SMAP type=01 base=0000000000000000 len=000000000009fc00; sysctl puts commas between"""
    start = number(match[2])
    log.add_witness("FreeBSD's SMAP", Entry(start, start + number(match[3]), number(match[1]),
                                            lineno))


def efi(log, match, lineno):
    """ConventionalMemory 000080000000 000080000000 00007efa WB"""
    start = number(match[2])
    log.add_efi("FreeBSD's EFI map", efi_entry(
        start, start + number(match[3]) * 4096, efi_type(match[1])[0],
        ATTR_RUNTIME * ("RUNTIME" in match[4]), lineno))


def chunk(log, match, lineno):
    """0x80000000 - 0xfbd2ffff,  1981 MB ( 507184 pages) NoAlloc; x86 has bytes for MB"""
    if log.scratch.setdefault("chunks", match[3]) != match[3]:
        return                          # arm64 tells the same again, less what the kernel took
    kind = RESERVED if "No" in match[4] else RAM
    log.add_witness(CHUNKS, Entry(number(match[1]), number(match[2]) + 1, kind, lineno))


def openbsd(log, match, lineno):
    """Region 0: type 1 at 0x0 for 639KB"""
    start = number(match[2])
    log.add_witness("OpenBSD's machine memory", Entry(start, start + int(match[3]) * 1024,
                                                      int(match[1]), lineno))


KINDS = [
    Kind("SMAP", r"SMAP type=", rf"SMAP type={HEX},?(?: xattr=[0-9a-f]+,?)? base={HEX},? len={HEX}", smap, what="an entry"),
    Kind("000", rf"\b{EFI_WORDS} [0-9a-f]{{12}} +[0-9a-fx]+ [0-9a-f]{{8}}",
         rf"({EFI_WORDS}) ([0-9a-f]{{12}}) +(?:0x)?[0-9a-f]+ ([0-9a-f]{{8}})\b(.*)$", efi,
         what="an entry"),
    Kind("pages)", r"0x[0-9a-f]{8,16} - 0x[0-9a-f]{8,16}, +\d+ (?:MB|bytes) \(",
         rf"{HEX} - {HEX}, +\d+ (MB|bytes) \( *\d+ pages\)(.*)$", chunk),
    Kind("Region ", r"Region \d+: type \d+ at 0x", rf"Region \d+: type (\d+) at {HEX} for (\d+)KB", openbsd,
         what="an entry"),
]
