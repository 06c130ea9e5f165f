# SPDX-License-Identifier: GPL-2.0-only
"""Linux: the lines of which said.py has the meaning: what the kernel did to the map."""

from memmaplib.readers.kind import HEX, MEM, Kind


def heard(log, match, lineno):
    """Any of them, whole."""
    log.said.feed(match[0], lineno)


PLAIN = r".*$"
KINDS = [
    Kind("update [|update range", r"(?:e820:? )?(?<!\w)update(?: \[| range:)",
         rf"(?:e820:? )?update (?:{MEM} \S.*? ==> \S|range: {HEX} - {HEX} \(.*?\) ==> \(.*?\)).*$",
         heard),
    Kind("remove [|remove range", r"(?:e820:? )?(?<!\w)remove(?: \[| range:)",
         rf"(?:e820:? )?remove (?:{MEM}|range: {HEX} - {HEX}).*$", heard),
    Kind("efi: Rem", r"efi: Remove mem\d+: MMIO",
         rf"efi: Remove mem\d+: MMIO range=\[{HEX}\s?-\s?{HEX}\].*$", heard),
    Kind("MTRRs", r"MTRRs don't cover all of memory", PLAIN, heard),
    Kind("SRAT: PXM", r"SRAT: PXM \d+ -> ", r"SRAT: PXM \d+ -> APIC (?:0x[0-9a-fA-F]+|\d+) -> "
         r"Node \d+.*$", heard),
    Kind("esrt:|mokvar:|efi: mokvar", r"esrt:|(?:efi: )?mokvar:|efi: mokvar", PLAIN, heard),
    Kind("setup node", r"Initmem setup node \d+", PLAIN, heard),
    Kind("Early mem|Zone ran", r"Early memory node ranges|Zone ranges:", PLAIN, heard),
]
