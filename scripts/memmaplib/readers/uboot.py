# SPDX-License-Identifier: GPL-2.0-only
"""U-Boot: bdinfo's banks.  Its lmb list has the form of a memblock dump (linuxmemblock.py)."""

from memmaplib.facts import RAM, Entry
from memmaplib.readers.kind import HEX, Kind, number

NAME = "U-Boot's bdinfo"


def bank(log, _match, _lineno):
    """DRAM bank   = 0x00000000"""
    log.scratch["bank"] = None


def start(log, match, _lineno):
    """-> start    = 0x80000000"""
    log.scratch["bank"] = number(match[1])


def size(log, match, lineno):
    """-> size     = 0x20000000"""
    begin = log.scratch.pop("bank", None)
    if begin is None:
        raise ValueError("a size without a start")
    if number(match[1]):
        log.add_witness(NAME, Entry(begin, begin + number(match[1]), RAM, lineno))


KINDS = [
    Kind("DRAM bank", r"DRAM bank\s+= ", r".*", bank),
    Kind("-> s", r"-> start\s+= 0x", rf"-> start\s+= {HEX}", start),
    Kind("-> s", r"-> size\s+= 0x", rf"-> size\s+= {HEX}", size),
]
