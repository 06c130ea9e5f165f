# SPDX-License-Identifier: GPL-2.0-only
"""What Xen itself says on the serial port, before its Linux says the same as "Xen:"."""

from memmaplib.facts import HYPERVISOR, RAM, RESERVED, Entry, Region, type_code, type_name
from memmaplib.readers.efi import efi_entry
from memmaplib.readers.kind import HEX, Kind, number

STAMP = r"(?:\[[^\]]*\] )?"
OLD = r"[0-9a-f]{13,16} - [0-9a-f]{13,16} (?:\(|type )"
NEW = r"\[[0-9a-f]{13,16}, [0-9a-f]{13,16}\] (?:\(|type )"


def row(log, match, lineno):
    """(XEN)  0000000000100000 - 000000003fe90000 (usable); 4.13 on: [START, LAST]; or: type 9"""
    code, sure = type_code(match[5])
    if not sure:
        log.reject(lineno, f"type '{match[5][:40]}' taken as {type_name(code)}")
    new = match[3] is not None
    start = number(match[3] if new else match[1])
    end = number(match[4]) + 1 if new else number(match[2])
    log.add_witness(HYPERVISOR, Entry(start, end, code, lineno))


def efi(log, match, lineno):
    """(XEN)  0000000000000-000000009ffff type=7 attr=000000000000000f"""
    log.add_efi("Xen's EFI map", efi_entry(number(match[1]), number(match[2]) + 1, int(match[3]),
                                           number(match[4]), lineno))


def arm_ram(log, match, lineno):
    """(XEN) RAM: 0000000040000000 - 00000000bfffffff"""
    kind = RAM if match[1] == "RAM" else RESERVED
    log.add_witness(HYPERVISOR, Entry(number(match[2]), number(match[3]) + 1, kind, lineno))


def arm_module(log, match, lineno):
    """(XEN) MODULE[0]: 0000000048000000 - 000000004800cfff Device Tree"""
    log.owners_said.append(Region(number(match[1]), number(match[2]) + 1, owner=match[3].strip(),
                                  line=lineno))


KINDS = [
    Kind("000", rf"\(XEN\) {STAMP}\s*(?:{OLD}|{NEW})|^\s*(?:{OLD}|{NEW})",
         rf"(?:\(XEN\) {STAMP})?\s*(?:{HEX} - {HEX}|\[{HEX}, {HEX}\]) (\(.*?\)+|type .*?)\s*$", row,
         what="an entry"),
    Kind("attr=", r"[0-9a-f]{13}-[0-9a-f]{13} type=\d+ attr=", rf"{HEX}-{HEX} type=(\d+) attr={HEX}", efi,
         what="an entry"),
    Kind("(XEN)", r"\(XEN\) (?:RAM|\s?RESVD\[\d+\]): [0-9a-f]{16} - ",
         rf"\(XEN\) \s?(RAM|RESVD)(?:\[\d+\])?: {HEX} - {HEX}", arm_ram, what="an entry"),
    Kind("(XEN)", r"\(XEN\) MODULE\[\d+\]: [0-9a-f]{16} - ",
         rf"\(XEN\) MODULE\[\d+\]: {HEX} - {HEX} (\S.*)$", arm_module, told=False),
]
