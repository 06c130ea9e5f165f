# SPDX-License-Identifier: GPL-2.0-only
"""Linux: the firmware's map as its boot prints it (BIOS-e820, EFI), SRAT, ACPI tables."""

from memmaplib.facts import Entry, Node, type_code, type_name
from memmaplib.readers.efi import marks_of, efi_entry, efi_type
from memmaplib.readers.kind import HEX, MEM, Kind, ends_like, number

PREFIXES = r"(?:BIOS-e820|BIOS-88|BIOS-e801|user|modified|extended|reserve setup_data|Xen)"
KERNEL_SPACE = 1 << 63      # addresses from here on are the kernel's own, not the machine's


def entry(log, match, lineno):
    """BIOS-e820: [mem 0x..-0x..] usable; BIOS-e820: START - END (usable) before Linux 3.4."""
    new = match[2] is not None
    start = number(match[2] if new else match[4])
    end = number(match[3]) + 1 if new else number(match[5])
    words = match[6]
    code, sure = type_code(words)
    if not sure:
        log.reject(lineno, f"type '{words[:40]}' taken as {type_name(code)}")
    log.add_entry(match[1], Entry(start, end, code, lineno))


def entry_final(match, _joined):
    return type_code(match[6])[1]


def efi_new(log, match, lineno):
    """efi: mem00: [Boot Data  |   |WB| ] range=[0x..-0x..] (1MB)"""
    code, sure = efi_type(match[1])
    if not sure:
        log.reject(lineno, f"EFI type '{match[1].strip()[:40]}' taken as reserved")
    end = number(match[4]) + (match[5] == "]")
    log.add_efi("efi memNN lines", efi_entry(number(match[3]), end, code, marks_of(match[2]), lineno))


def efi_old(log, match, lineno):
    """EFI: mem00: type=7, attr=0xf, range=[0x..-0x..) (1MB)"""
    end = number(match[4]) + (match[5] == "]")
    log.add_efi("efi memNN lines", efi_entry(number(match[3]), end, int(match[1]),
                                             number(match[2]), lineno))


def efi_arm(log, match, lineno):
    """efi:   0x..-0x.. [Boot Data  |   |WB| ] on arm64 and RISC-V"""
    if "memattr:" in match.string[:match.start()]:
        return                          # the same again, by section of a driver
    code, sure = efi_type(match[3])
    if not sure:
        log.reject(lineno, f"EFI type '{match[3].strip()[:40]}' taken as reserved")
    log.add_efi("efi lines", efi_entry(number(match[1]), number(match[2]) + 1, code,
                                       marks_of(match[4]), lineno))


def srat(log, match, lineno):
    """ACPI: SRAT: Node 0 PXM 0 [mem 0x..-0x..] hotplug"""
    new = match[3] is not None
    start = number(match[3] if new else match[5])
    end = (number(match[4]) + 1) % 2**64 if new else number(match[6])
    log.srat.append(Node(int(match[1]), start, end, int(match[2]), "hotplug" in match[7],
                         "non-volatile" in match[7], lineno))


def table(log, match, lineno):
    """ACPI: FACP 0x0000000007FE20D1 0000F4 (v01 ...); without 0x before Linux 4.6"""
    start = number(match[2])
    if start < KERNEL_SPACE:        # an SSDT loaded at run time is named by its virtual address
        log.acpi.append((match[1], start, start + number(match[3]), lineno))


def mp_table(log, match, lineno):
    """found SMP MP-table at [mem 0x..-0x..]"""
    log.acpi.append(("MP", number(match[1]), number(match[2]) + 1, lineno))


MAP_HEAD = rf"(?<![\w-]){PREFIXES}:(?= ?\[(?:m|$)| [0-9a-fA-F]{{4,}}|\s*$)"
KINDS = [
    Kind("e820|BIOS-|user: |modified: |extended: |setup_data: |Xen: ", MAP_HEAD, rf"({PREFIXES}): ?(?:{MEM}|{HEX} - {HEX}) +(\S.*?)\s*$", entry, entry_final,
         "an entry"),
    Kind("efi: mem|EFI: mem", r"(?:efi|EFI): mem\d+:", rf"(?:efi|EFI): mem\d+: ?\[([^|\]]*)\|(.*?)\] "
         rf"range=\[{HEX}\s?-\s?{HEX}([)\]])", efi_new, lambda match, joined: efi_type(match[1])[1],
         "an entry"),
    Kind("efi: mem|EFI: mem", r"(?:efi|EFI): mem\d+:", rf"(?:efi|EFI): mem\d+: ?type=(\d+), attr={HEX}, "
         rf"range=\[{HEX}\s?-\s?{HEX}([)\]])", efi_old, what="an entry"),
    Kind("-0x", r"0x[0-9a-f]{12,16}-0x[0-9a-f]{12,16} \[[A-Z]",
         rf"{HEX}-{HEX} \[([^|\]]*)\|(.*?)\]", efi_arm, lambda match, joined: efi_type(match[3])[1],
         "an entry"),
    Kind("SRAT:", r"SRAT:(?: N|\s*$)", rf"SRAT: Node (\d+) PXM (\d+) (?:{MEM}|{HEX}-{HEX})(.*)$",
         srat, ends_like(r"\](?: hotplug| non-volatile)+"), "an entry"),
    Kind("ACPI: ", r"ACPI: [A-Z0-9_!]{4} (?:0x)?[0-9A-Fa-f]{8}",
         r"ACPI: (\S{4}) (?:0x)?([0-9A-Fa-f]{8,16}),? (?:0x)?([0-9A-Fa-f]{4,8})\b", table,
         told=False),
    Kind("MP-table", r"found SMP MP-table at", rf"found SMP MP-table at {MEM}", mp_table, told=False),
]
