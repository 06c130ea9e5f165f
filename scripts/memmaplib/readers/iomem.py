# SPDX-License-Identifier: GPL-2.0-only
"""/proc/iomem, and what kexec and scripts print in its form; /sys/firmware/memmap."""

from memmaplib.facts import (ACPI, NVS, PMEM, PRAM, RAM, RESERVED, SOFT_RESERVED, UNUSABLE, Entry,
                             Region)
from memmaplib.readers.kind import HEX, Kind, number

IOMEM, FIRMWARE = "/proc/iomem", "/sys/firmware/memmap"
HIDDEN = f"{IOMEM} shows zeros for addresses to everybody but root: read it as root"
WORDS = {"System RAM": RAM, "Reserved": RESERVED, "reserved": RESERVED, "ACPI Tables": ACPI,
         "ACPI Non-volatile Storage": NVS, "Unusable memory": UNUSABLE, "Persistent Memory": PMEM,
         "Persistent Memory (legacy)": PRAM, "Persistent RAM": PMEM, "Soft Reserved": SOFT_RESERVED,
         "Unknown E820 type": RESERVED, "E820 unknown type": RESERVED, "device reserved": RESERVED,
         "Device Reserved": RESERVED}
TAKEN = ("Kernel code", "Kernel rodata", "Kernel data", "Kernel bss", "Crash kernel", "Initrd")


def iomem(log, match, lineno):
    """00100000-7ffdffff : System RAM, and what lies in it one step to the right"""
    start, end, words = number(match[1]), number(match[2]) + 1, match[3].strip()
    inside = log.scratch.get("iomem ram", (0, 0))
    if start == 0 and end == 1:
        if HIDDEN not in log.remarks:
            log.remarks.append(HIDDEN)
    elif words in TAKEN or (words in ("reserved", "Reserved")
                            and inside[0] <= start and end <= inside[1]):
        log.owners_said.append(Region(start, end, owner=words, line=lineno))
    elif words in WORDS:
        log.add_witness(IOMEM, Entry(start, end, WORDS[words], lineno))
        if WORDS[words] == RAM:
            log.scratch["iomem ram"] = (start, end)


def firmware(log, number_of, field, value, lineno):
    """One of start, end, type of an entry; whole when all three are there."""
    parts = log.scratch.setdefault("firmware memmap", {}).setdefault(number_of, {})
    parts[field] = value.strip()
    if len(parts) == 3:
        words = parts["type"]
        if words not in WORDS:
            log.reject(lineno, f"type '{words[:40]}' taken as reserved")
        log.add_witness(FIRMWARE, Entry(number(parts["start"]), number(parts["end"]) + 1,
                                        WORDS.get(words, RESERVED), lineno))
        del log.scratch["firmware memmap"][number_of]


def grepped(log, match, lineno):
    """/sys/firmware/memmap/0/start:0x0, as grep prints it"""
    firmware(log, match[1], match[2], match[3], lineno)


def headed(log, match, lineno):
    """==> /sys/firmware/memmap/0/start <==, as head and tail print it; the value comes next"""
    log.expect = lambda text: firmware(log, match[1], match[2], text, lineno)


def documented(log, match, lineno):
    """0000000000000000-000000000009fc00 (System RAM), as the documentation's script prints it"""
    words = match[3]
    if words not in WORDS:
        log.reject(lineno, f"type '{words[:40]}' taken as reserved")
    log.add_witness(FIRMWARE, Entry(number(match[1]), number(match[2]),
                                    WORDS.get(words, RESERVED), lineno))


KINDS = [
    Kind(" : ", r"(?<![\w-])[0-9a-f]{8,16}-[0-9a-f]{8,16} : \S", rf"{HEX}-{HEX} : (\S.*)$", iomem,
         told=False),
    Kind("start:|end:|type:", r"(?:memmap/|(?<!\S)(?:\./)?)\d+/(?:start|end|type):",
         r"(?:memmap/|\./)?(\d+)/(start|end|type):(.*)$", grepped),
    Kind("==> ", r"==> \S*\b\d+/(?:start|end|type) <==", r"==> \S*?\b(\d+)/(start|end|type) <==", headed),
    Kind("000", r"(?<![\w-])[0-9a-f]{16}-[0-9a-f]{16} \([A-Za-z]", rf"{HEX}-{HEX} \((.*?)\)\s*$",
         documented, what="an entry"),
]
