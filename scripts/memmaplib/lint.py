# SPDX-License-Identifier: GPL-2.0-only
"""The map doctor: what is wrong with a firmware's memory map, and who breaks.

A rule is a function that yields findings, and a row of RULES that says how bad
it is and why it matters.  Severities: error (somebody loses memory or crashes),
warn (somebody has to work around it), info (worth knowing).  Every rule has a
good and a bad fixture in tests/scripts/lint_test.py.

A rule may need something: an x86 machine, a whole map, an AMD CPU.  Where a log
does not have it, the rule is not applied, and that is said.
"""

from collections import namedtuple

from memmaplib.facts import ACPI, KERNEL_MAPS, NVS, RAM, RESERVED, TYPE_NAMES, type_name
from memmaplib.intervals import IntervalMap
from memmaplib.story import firmware_intervals, human, mem

PAGE = 4096
K, M, G, T = 1 << 10, 1 << 20, 1 << 30, 1 << 40
TOP = 1 << 64

Finding = namedtuple("Finding", "text lines")
Rule = namedtuple("Rule", "id severity function why breaks needs", defaults=("",))
Report = namedtuple("Report", "rule finding")


class Subject:
    """One log, prepared once for all rules."""

    def __init__(self, log, phys_bits=0):
        self.log = log
        self.map = log.firmware()
        self.is_efi = bool(self.map) and self.map is log.efi
        self.flat = firmware_intervals(self.map)
        self.ram = [entry for entry in self.map if entry.type == RAM]
        self.phys_bits = phys_bits

    def lacks(self, rule):
        """Why @rule cannot be applied to this log; nothing if it can."""
        reasons = {"x86": self.no_x86, "whole": self.excerpt, "amd": self.no_amd,
                   "placed tables": self.upgraded}
        for need in rule.needs.split(", ") if rule.needs else ():
            if reason := reasons[need]():
                return reason
        return ""

    def no_x86(self):
        """A machine of another architecture: no BIOS, no real mode, its own places for devices."""
        if any(self.log.maps.get(name) for name in KERNEL_MAPS):
            return ""
        if self.log.facts.get("model") or (self.map and not self.flat.overlaps(0, M)):
            return "not an x86 machine"
        return ""

    def excerpt(self):
        """A few lines of a map: what is missing was perhaps not pasted."""
        if self.map and not self.no_x86() and not self.flat.overlaps(0, M):
            return "the log is an excerpt: nothing of it is below 1 MiB"
        return ""

    def no_amd(self):
        return "" if self.log.facts.get("maker") == "AMD" else "the log names no CPU of AMD"

    def upgraded(self):
        """Tables that came with the initrd lie where the kernel put them."""
        return "the log's kernel took tables from its initrd" * bool(
            self.log.facts.get("tables upgraded"))

    def pairs(self):
        """Neighbours in order of address."""
        ordered = sorted(self.map, key=lambda entry: (entry.start, entry.end))
        return zip(ordered, ordered[1:])

    def flat_ram(self):
        """RAM as the sanitiser leaves it."""
        return [(start, end) for start, end, entry in self.flat if entry.type == RAM]


def no_map(s):
    if not s.map and not s.log.speaks():
        yield Finding("the log has no firmware memory map", ())


def no_ram(s):
    if s.map and not s.ram:
        yield Finding(f"{len(s.map)} entries and none of them is usable RAM", ())


def single_entry(s):
    if len(s.map) == 1:
        yield Finding(f"the only entry is {mem(s.map[0].start, s.map[0].end)}", (s.map[0].line,))


def many_entries(s):
    if len(s.map) > 128 and not s.is_efi:
        yield Finding(f"{len(s.map)} entries", (s.map[128].line,))


def unsorted(s):
    for left, right in zip(s.map, s.map[1:]):
        if right.start < left.start:
            yield Finding(f"{mem(right.start, right.end)} comes after {mem(left.start, left.end)}",
                          (left.line, right.line))


def duplicate(s):
    seen = {}
    for entry in s.map:
        key = (entry.start, entry.end, entry.type)
        if key in seen:
            yield Finding(f"{mem(entry.start, entry.end)} {type_name(entry.type)} twice",
                          (seen[key], entry.line))
        seen.setdefault(key, entry.line)


def overlap_other_type(s):
    yield from overlaps(s, lambda left, right: left.type != right.type)


def overlap_same_type(s):
    yield from overlaps(s, lambda left, right: left.type == right.type and (
        left.start, left.end) != (right.start, right.end))


def overlaps(s, wanted):
    """Each entry against the one that reaches furthest before it."""
    furthest = None
    for entry in sorted(s.map, key=lambda entry: (entry.start, entry.end)):
        if entry.end <= entry.start:
            continue
        if furthest and entry.start < furthest.end and wanted(furthest, entry):
            end = min(furthest.end, entry.end)
            yield Finding(f"{mem(entry.start, end)} is {type_name(furthest.type)} and "
                          f"{type_name(entry.type)}", (furthest.line, entry.line))
        if furthest is None or entry.end > furthest.end:
            furthest = entry


def wraps(s):
    for entry in s.map:
        if entry.end < entry.start:
            yield Finding(f"its last byte, {(entry.end - 1) % TOP:#x}, is below its first, "
                          f"{entry.start:#x}: base + size is above 2^64, or the line is damaged",
                          (entry.line,))
        elif entry.end >= TOP:
            yield Finding(f"{mem(entry.start, entry.end)} ends with the last byte there is: its "
                          "end, base + size, is 2^64, which is 0 in 64 bits", (entry.line,))


def zero_size(s):
    for entry in s.map:
        if entry.end == entry.start:
            yield Finding(f"zero bytes at {entry.start:#x}", (entry.line,))


def sub_page_ram(s):
    for entry in s.ram:
        lost = (-entry.start % PAGE) + entry.end % PAGE
        if entry.end > entry.start and lost and entry.start // PAGE != entry.end // PAGE:
            yield Finding(f"{mem(entry.start, entry.end)} loses {lost} bytes to rounding",
                          (entry.line,))


def ram_smaller_than_page(s):
    for entry in s.ram:
        if entry.end > entry.start and -(-entry.start // PAGE) >= entry.end // PAGE:
            yield Finding(f"{mem(entry.start, entry.end)} holds no whole page", (entry.line,))


def page_shared(s):
    for left, right in s.pairs():
        if left.end == right.start > M and left.end % PAGE and left.type != right.type:
            yield Finding(f"the page at {left.end // PAGE * PAGE:#x} is part "
                          f"{type_name(left.type)}, part {type_name(right.type)}",
                          (left.line, right.line))


def page_zero(s):
    if s.map and not s.is_efi and not s.flat.find(0):
        yield Finding("nothing is said of page 0", (s.map[0].line,))


def low_ram_size(s):
    low = s.flat.find(0x1000)
    if not s.is_efi and low and low[2].type == RAM and low[1] < 0x80000:
        yield Finding(f"usable RAM from 0 ends at {low[1]:#x}, below 512 KiB", (low[2].line,))


def ram_in_vga_hole(s):
    for start, end in s.flat_ram():
        if start < 0x100000 and end > 0xA0000:
            yield Finding(f"{mem(max(start, 0xA0000), min(end, 0x100000))} is called usable",
                          (s.flat.find(max(start, 0xA0000))[2].line,))


def bios_rom_undescribed(s):
    if s.map and not s.is_efi and not s.flat.overlaps(0xF0000, 0x100000):
        yield Finding(f"{mem(0xF0000, 0x100000)} is in no entry", ())


def table_outside(s):
    for name, start, end, line in s.log.acpi:
        hits = s.flat.overlaps(start, end)
        if end <= M and s.flat.overlaps(0, M):
            continue                    # the BIOS area is mapped by everybody, listed or not
        if s.map and sum(min(e, end) - max(b, start) for b, e, _ in hits) < end - start:
            yield Finding(f"{name} table {mem(start, end)} is not covered by the map", (line,))


def table_in_ram(s):
    for name, start, end, line in s.log.acpi:
        hit = s.flat.find(start)
        if hit and hit[2].type == RAM and name not in ("RSDP", "MP"):
            yield Finding(f"{name} table {mem(start, end)} lies in usable RAM", (line, hit[2].line))


def mmio_hole_missing(s):
    for start, end in s.flat_ram():
        low, high = max(start, 4 * G - 20 * M), min(end, 4 * G)
        if low < high:
            yield Finding(f"{mem(low, high)} is usable RAM, where APICs and flash live",
                          (s.flat.find(low)[2].line,))


def hypertransport_ram(s):
    for start, end in s.flat_ram():
        low, high = max(start, 0xFD00000000), min(end, 0xFE00000000)
        if low < high:
            yield Finding(f"{mem(low, high)} is usable RAM", (s.flat.find(low)[2].line,))


def beyond_phys_bits(s):
    bits = s.phys_bits or 52
    for entry in s.ram:
        if entry.end > 1 << bits and entry.end < TOP:
            yield Finding(f"{mem(entry.start, entry.end)} is above {bits} physical address bits",
                          (entry.line,))


def unknown_type(s):
    known = set(TYPE_NAMES.values()) | {128}
    for kind in sorted({entry.type for entry in s.map} - known):
        lines = [entry.line for entry in s.map if entry.type == kind]
        yield Finding(f"{len(lines)} entries of type {kind}", tuple(lines[:4]))


def no_ram_at_1m(s):
    hit = s.flat.find(M)
    if s.ram and not (hit and hit[2].type == RAM and hit[1] >= 2 * M):
        yield Finding("no usable RAM at 1 MiB for a kernel linked there",
                      (hit[2].line,) if hit else ())


def shredded(s):
    small = [entry for entry in s.ram if 0 < entry.end - entry.start < 2 * M and entry.start >= M]
    if len(small) >= 16:
        total = sum(entry.end - entry.start for entry in small)
        yield Finding(f"{len(small)} pieces of RAM below 2 MiB, {human(total)} in all",
                      tuple(entry.line for entry in small[:4]))


def srat_uncovered(s):
    if not s.log.srat:
        return
    nodes = IntervalMap()
    for node in s.log.srat:
        nodes.paint(node.start, node.end, node)
    for start, end in s.flat_ram():
        covered = sum(min(e, end) - max(b, start) for b, e, _ in nodes.overlaps(start, end))
        low_legacy = start < M and end <= M
        if covered < end - start and not (low_legacy and covered):
            yield Finding(f"{human(end - start - covered)} of {mem(start, end)} belong to no node",
                          (s.flat.find(start)[2].line,))


def srat_overlap(s):
    seen = IntervalMap()
    for node in s.log.srat:
        for _, _, other in seen.overlaps(node.start, node.end):
            if other.nid != node.nid:
                yield Finding(f"node {node.nid} {mem(node.start, node.end)} overlaps node "
                              f"{other.nid}", (other.line, node.line))
                break
        seen.paint(node.start, node.end, node)


def srat_bad_range(s):
    for node in s.log.srat:
        if node.end <= node.start:
            yield Finding(f"node {node.nid} from {node.start:#x} to {node.end:#x} is empty or "
                          "wraps", (node.line,))


def srat_without_ram(s):
    for node in s.log.srat:
        touched = any(node.start < end and start < node.end for start, end in s.flat_ram())
        if node.end > node.start and not touched and not node.hotplug:
            yield Finding(f"node {node.nid} {mem(node.start, node.end)} holds no RAM", (node.line,))


def srat_border(s):
    for node in s.log.srat:
        for border in (node.start, node.end):
            if border % (2 * M) and border > M and s.flat.find(border):
                yield Finding(f"node {node.nid} has a border at {border:#x}", (node.line,))


def efi_unaligned(s):
    for entry in s.log.efi:
        if entry.start % PAGE or entry.end % PAGE or entry.end <= entry.start:
            yield Finding(f"descriptor {entry.start:#x}-{entry.end:#x}", (entry.line,))


def efi_contradicts(s):
    if s.is_efi or not s.log.efi:
        return
    flat = firmware_intervals(s.log.efi)
    for start, end, entry in flat:
        if entry.efi_type != 7:
            continue
        for b, e, other in s.flat.overlaps(start, end):
            if other.type != RAM and min(e, end) - max(b, start) >= PAGE:
                yield Finding(f"{mem(max(b, start), min(e, end))} is conventional memory for "
                              f"EFI and {type_name(other.type)} for e820",
                              (entry.line, other.line))


def runtime_in_ram(s):
    for entry in s.log.efi:
        hit = s.flat.find(entry.start)
        if entry.efi_type in (5, 6) and hit and hit[2].type == RAM and not s.is_efi:
            yield Finding(f"{mem(entry.start, entry.end)} is EFI runtime and usable RAM",
                          (entry.line, hit[2].line))


def acpi_adjacent_unpadded(s):
    for left, right in s.pairs():
        if left.type in (ACPI, NVS) and right.type == RAM and left.end == right.start \
                and left.end % PAGE:
            yield Finding(f"{type_name(left.type)} ends inside a page at {left.end:#x} and RAM "
                          "goes on there", (left.line, right.line))


def gap_in_low_reserved(s):
    for left, right in s.pairs():
        if left.type == RAM and right.type == RESERVED and left.end < right.start \
                and 0x80000 <= left.end < 0xA0000 and right.start <= 0xA0000:
            yield Finding(f"{mem(left.end, right.start)} just below 640 KiB is in no entry",
                          (left.line, right.line))


def mtrr_trim(s):
    said = s.log.said
    if said and said.mtrr:
        for change in said.taken(s.map, s.log.maps.get("modified")):
            yield Finding(f"{mem(change.start, change.end)}, {human(change.takes_ram(s.map))} of "
                          f"RAM, became {type_name(change.new)}", (said.mtrr, change.line))


RULES = [
    Rule("map-missing", "error", no_map, "without a map no kernel knows where RAM is",
         "everybody"),
    Rule("ram-missing", "error", no_ram, "a map without usable RAM cannot be booted", "everybody", "whole"),
    Rule("map-single", "error", single_entry,
         "a table of one entry is refused and a fake map of the low 64 MiB or less is made up",
         "Linux (needs two entries)", "whole"),
    Rule("map-long", "info", many_entries,
         "the boot protocol's page holds 128 entries; the rest needs a setup_data node",
         "loaders that cut at 128", "x86"),
    Rule("map-unsorted", "warn", unsorted, "only a kernel that sorts reads this map right",
         "kernels that walk the map once; Linux 7 prints a firmware-bug note"),
    Rule("map-duplicate", "warn", duplicate, "sizes summed over the entries come out wrong",
         "tools that add up sizes"),
    Rule("overlap-types", "error", overlap_other_type,
         "who decides? Linux gives the address to the numerically highest type",
         "kernels with another rule use the range as RAM"),
    Rule("overlap-same", "warn", overlap_same_type, "the bytes are counted twice",
         "kernels that hand out every entry: the same page twice"),
    Rule("entry-wraps", "error", wraps, "base + size does not fit 64 bits",
         "Linux declines to sanitise the whole table"),
    Rule("entry-empty", "warn", zero_size, "an entry without bytes is legal and useless",
         "parsers that compute an end of base - 1"),
    Rule("ram-sub-page", "info", sub_page_ram, "RAM rounds inward to pages; the rest is lost",
         "nobody, but the bytes are gone"),
    Rule("ram-below-page", "warn", ram_smaller_than_page, "not one page of it can be used",
         "kernels that round outward"),
    Rule("page-shared", "warn", page_shared,
         "one page of two kinds: a kernel must give up the page or overwrite the other half",
         "kernels that round RAM outward"),
    Rule("page0-missing", "warn", page_zero,
         "page 0 holds the interrupt vectors and the BIOS data area", "real-mode BIOS calls", "x86, whole"),
    Rule("low-ram-small", "info", low_ram_size,
         "less than 512 KiB of low memory for trampolines and boot loaders",
         "GRUB's low heap, SMP trampolines", "x86, whole"),
    Rule("ram-in-vga-hole", "error", ram_in_vga_hole,
         "0xa0000-0xfffff is video memory and ROM, whatever the map says",
         "Linux takes it out; others write to the screen", "x86, whole"),
    Rule("rom-undescribed", "info", bios_rom_undescribed,
         "the BIOS ROM area is neither reserved nor RAM", "kernels that put PCI devices in gaps", "x86, whole"),
    Rule("low-gap", "info", gap_in_low_reserved,
         "a slice between low RAM and the EBDA is in no entry", "tables kept there are not found", "x86, whole"),
    Rule("table-outside", "error", table_outside,
         "a table outside every entry is not mapped by kernels that map only what is listed",
         "FreeBSD and others do not find it; hypervisors do not copy it", "whole, placed tables"),
    Rule("table-in-ram", "error", table_in_ram,
         "usable RAM is given away; the table is overwritten unless the kernel reserves it first",
         "kernels that allocate before they read ACPI", "placed tables"),
    Rule("acpi-cut", "warn", acpi_adjacent_unpadded,
         "the last page of the tables is partly RAM", "kernels that round RAM outward"),
    Rule("mmio-hole", "error", mmio_hole_missing,
         "the local APIC, IO-APIC and flash decode below 4 GiB; RAM there is not reachable",
         "everybody with an APIC", "x86, whole"),
    Rule("ht-range", "error", hypertransport_ram,
         "0xfd00000000-0xfdffffffff is no memory on AMD machines, but HyperTransport's or interrupts",
         "AMD hosts: IOMMU mappings fail (QEMU keeps RAM out since 7.1)", "amd"),
    Rule("phys-bits", "error", beyond_phys_bits,
         "the CPU cannot address it (give --phys-bits; default 52)",
         "page faults with reserved bits"),
    Rule("mtrr-trim", "error", mtrr_trim,
         "the firmware left RAM uncached, and the log's kernel gave it up rather than crawl",
         "Linux: the RAM is lost, until the firmware is mended or disable_mtrr_trim is given"),
    Rule("type-unknown", "info", unknown_type,
         "kept by number and treated as reserved; GRUB writes 2 instead",
         "kernels with a table of names indexed by type"),
    Rule("ram-at-1m", "warn", no_ram_at_1m, "most loaders put a kernel at 1 MiB",
         "multiboot kernels that are not relocatable", "x86, whole"),
    Rule("ram-shredded", "info", shredded, "many small pieces cost large pages and table slots",
         "kernels with few region slots; direct maps with 4K pages"),
    Rule("srat-uncovered", "error", srat_uncovered, "RAM that no node covers",
         "Linux: over 1 MiB drops all of SRAT, below that it crashes"),
    Rule("srat-overlap", "error", srat_overlap, "two nodes claim the same bytes",
         "Linux drops all of SRAT"),
    Rule("srat-range", "error", srat_bad_range, "an empty or wrapping range",
         "Linux ignores the entry"),
    Rule("srat-no-ram", "info", srat_without_ram, "a node's range without RAM in it",
         "nobody; memory may come later"),
    Rule("srat-border", "warn", srat_border,
         "a node border inside a large page costs the large page on both sides",
         "direct maps, memory hotplug"),
    Rule("efi-descriptor", "error", efi_unaligned, "EFI descriptors are whole 4 KiB pages",
         "firmware drivers that round"),
    Rule("efi-e820", "info", efi_contradicts, "the two maps of this machine disagree",
         "kernels that use the other one"),
    Rule("efi-runtime", "error", runtime_in_ram,
         "runtime services live in memory that the kernel will give away",
         "the first SetVariable() after boot"),
]


def lint(log, phys_bits=0):
    """All findings of all rules, in the order of RULES."""
    subject = Subject(log, phys_bits)
    return [Report(rule, finding) for rule in RULES if not subject.lacks(rule)
            for finding in rule.function(subject)]


def not_applied(log):
    """{reason: ids of the rules that it keeps from this log}."""
    subject, out = Subject(log), {}
    if not subject.map:
        why = "device tree machine" if log.facts.get("model") else "its first lines are missing"
        return {f"no firmware map in this log ({why}): nothing to lint":
                [rule.id for rule in RULES]} if log.speaks() else {}
    for rule in RULES:
        if reason := subject.lacks(rule):
            out.setdefault(reason, []).append(rule.id)
    return out


def as_text(log, reports):
    """For people: one block a finding, then the verdict."""
    out = []
    for rule, finding in reports:
        where = ", ".join(str(line) for line in finding.lines if line)
        out.append(f"{rule.severity}: {rule.id}: {finding.text}"
                   + (f"  (line {where})" if where else ""))
        out.append(f"    why: {rule.why}")
        out.append(f"    breaks: {rule.breaks}")
    for reason, ids in not_applied(log).items():
        out.append(f"not applied: {reason}"
                   + (f" ({', '.join(ids)})" if len(ids) < len(RULES) else ""))
    counts = {name: sum(report.rule.severity == name for report in reports)
              for name in ("error", "warn", "info")}
    out.append(f"{log.name}: {len(log.firmware())} entries: {counts['error']} errors, "
               f"{counts['warn']} warnings, {counts['info']} notes ({len(RULES)} rules)")
    return "\n".join(out) + "\n"


def as_json(log, reports):
    """For programs, schema 1."""
    return {"schema": 1, "source": log.name, "not_applied": not_applied(log), "findings": [
        {"id": rule.id, "severity": rule.severity, "text": finding.text,
         "lines": list(finding.lines), "why": rule.why, "breaks": rule.breaks}
        for rule, finding in reports]}
