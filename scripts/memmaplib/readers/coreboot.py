# SPDX-License-Identifier: GPL-2.0-only
"""coreboot: the memory table its ramstage writes, as its console shows it."""

from memmaplib.facts import ACPI, NVS, RAM, RESERVED, SOFT_RESERVED, UNUSABLE, Entry
from memmaplib.readers.kind import HEX, Kind, number

NAME = "coreboot's table"
WORDS = {"RAM": RAM, "RESERVED": RESERVED, "ACPI": ACPI, "NVS": NVS, "UNUSABLE": UNUSABLE,
         "VENDOR RESERVED": RESERVED, "CONFIGURATION TABLES": 16, "SOFT RESERVED": SOFT_RESERVED,
         "OPENSBI": RESERVED, "OpenSBI": RESERVED, "BL31": RESERVED, "RAMSTAGE": RAM,
         "PAYLOAD": RAM, "TTB": RESERVED}


def row(log, match, lineno):
    """1. 0000000000001000-000000000009ffff: RAM"""
    words = match[3].strip()
    if words not in WORDS:
        log.reject(lineno, f"type '{words[:40]}' taken as reserved")
    log.add_witness(NAME, Entry(number(match[1]), number(match[2]) + 1,
                                WORDS.get(words, RESERVED), lineno))


KINDS = [
    Kind("000", r"\d+\. [0-9a-f]{16}-[0-9a-f]{16}:", rf"\d+\. {HEX}-{HEX}: (\S.*)$", row,
         lambda match, joined: match[3].strip() in WORDS, "an entry"),
]
