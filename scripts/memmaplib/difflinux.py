# SPDX-License-Identifier: GPL-2.0-only
"""Two boots of one machine, side by side: where do they first part?

Events are the memory lines of a log, normalised as spec Appendix B says:
stamps, BIOS noise and callers go; what differs by nature (the kernel's own
place and size, the initrd's place, node data size, allocations only one side
makes) is left out by class.  Two classes of lines remain:

    what must be equal    firmware and user map, update/remove, last_pfn,
                          memblock_add, memory[] of the dumps, SRAT and node
                          lines, zones, PCI gap, ACPI reservations, nosave
                          ranges, complaints about parameters, present RAM
    what must correspond  allocations both sides make: trampoline, probe of the
                          direct map, page tables, initrd, by function and span

Alignment is difflib's: the longest common run first, so one extra line does
not shift everything behind it.
"""

import difflib
import re
from dataclasses import dataclass

from memmaplib.bootlog import BOOT
from memmaplib.logtext import bare, lines

# A line must match one of these to be compared; name, pattern.
COMPARED = [
    ("map", re.compile(r"^(BIOS-e820|user|modified|extended|reserve setup_data): \[(mem|gap) ")),
    ("map", re.compile(r"^(BIOS-provided|user-defined|modified|extended) physical RAM map:")),
    ("fixup", re.compile(r"^e820: (update|remove) \[mem ")),
    ("last_pfn", re.compile(r"^last_pfn = ")),
    ("mp", re.compile(r"^found SMP MP-table")),
    ("reserve", re.compile(r"^(__)?memblock_reserve: .*(smp_scan_config|setup_arch"
                           r"|e820__memblock_setup|acpi_reserve_initial_tables"
                           r"|reserve_real_mode)\+")),
    ("add", re.compile(r"^memblock_(add|remove|add_node): ")),
    ("dump", re.compile(r"^MEMBLOCK configuration:")),
    ("dump", re.compile(r"^ memory\.cnt  = ")),
    ("dump", re.compile(r"^ memory\[0x")),
    ("reserved", re.compile(r"^ reserved\[0x")),
    ("trampoline", re.compile(r"^memblock_phys_alloc_range: .* reserve_real_mode\+")),
    ("probe", re.compile(r"^memblock_(phys_alloc_range|phys_free): .* init_mem_mapping\+")),
    ("initrd", re.compile(r"^memblock_phys_(alloc_range|free): .* (setup_arch|reserve_initrd)\+")),
    ("taker", re.compile(r"^memblock_phys_free: .* reserve_crashkernel_generic\+")),
    ("tables", re.compile(r"^memblock_phys_alloc_range: .* alloc_low_pages\+")),
    ("gb", re.compile(r"^Using GB pages for direct mapping")),
    ("acpi", re.compile(r"^ACPI: Reserving ")),
    ("initrd", re.compile(r"^(RAMDISK: \[mem |Allocated new RAMDISK: |Move RAMDISK from )")),
    ("numa", re.compile(r"^(No NUMA configuration found|NUMA turned off|NUMA: )")),
    ("numa", re.compile(r"^Faking (a )?node ")),
    ("numa", re.compile(r"^ACPI: (SRAT|SLIT)[: ](?!0x)|^SRAT: ")),
    ("numa", re.compile(r"^Warning: |^(ACPI: )?\[\w+:0x|^ACPI: ACPI NUMA|^numa=fake=|^Fake node size"
                        r"|^Not enough memory for each node|^node \d+ \[mem |^too many memblk"
                        r"|^\w+: phys: \d+ only got")),
    ("movable", re.compile(r"^The system has no mirror|^This configuration results")),
    ("zones", re.compile(r"^(Zone ranges:|Movable zone start|Early memory node ranges"
                         r"|Initmem setup node)")),
    ("zones", re.compile(r"^  (DMA|DMA32|Normal|Movable|Device)\s")),
    ("zones", re.compile(r"^  (node|Node)\s+\d+: ")),
    ("zones", re.compile(r"^On node \d+, zone ")),
    ("gap", re.compile(r"^\[(mem|gap) .*\] available for PCI devices")),
    ("zonelist", re.compile(r"^(Fallback order for Node|Built \d+ zonelists|Policy zone:)")),
    ("huge", re.compile(r"^HugeTLB: |^cma: ")),
    ("crash", re.compile(r"^crashkernel[: ]|^cannot allocate crashkernel|^crahskernel: ")),
    ("taker", re.compile(r"^memblock_(phys_alloc_range|alloc_(try|exact)_nid_raw|alloc_hugetlb): .* "
                         r"(__alloc_bootmem_huge_page|alloc_bootmem(_huge_page)?"
                         r"|reserve_crashkernel\w*|reserve_mem)\+")),
    ("params", re.compile(r"^(Malformed early option |mem=nopentium ignored"
                          r"|Unknown kernel command line parameters )")),
    ("memory", re.compile(r"^Memory: \d+K/\d+K available")),
    ("nosave", re.compile(r"^PM: hibernation: Registered nosave memory: ")),
    ("buffer", re.compile(r"^e820: (reserve|register) RAM buffer ")),
    ("doubled", re.compile(r"^memblock: memory is doubled to ")),
    ("dump", re.compile(r"^ memory size = ")),
    ("node data", re.compile(r"^NODE_DATA\(\d+\) allocated |^    NODE_DATA\(\d+\) on node ")),
    ("memtest", re.compile(r"^early_memtest: # of tests: |^  0x[0-9a-f]+ - 0x[0-9a-f]+ pattern ")),
    ("logbuf", re.compile(r"^memblock_(alloc_try_nid|phys_free): .* setup_log_buf\+"
                          r"|^printk: (log_buf|debug: ignoring loglevel)")),
    ("image", re.compile(r"^\.text \.data \.bss are not marked as E820_TYPE_RAM!")),
    ("wipe", re.compile(r"^mem auto-init: ")),
    ("nx", re.compile(r"^(Notice: )?NX \(Execute Disable\) protection")),
    ("panic", re.compile(r"^Kernel panic - not syncing: ")),
    ("of", re.compile(r"^OF: |^Reserved memory: |^\S+ \(0x[0-9a-f]+--0x[0-9a-f]+\) overlaps with ")),
    ("of", re.compile(r"^(Memory limited to |Machine model: )")),
    ("huge", re.compile(r"^hugetlb_cma: ")),
    ("cpus", re.compile(r"^CPU topo: (Allowing|Limiting|CPU limit|Rejected) |^setup_percpu: ")),
    ("lost", re.compile(r"^\*\* \d+ printk messages dropped \*\*$")),
]
# Words only one of the two knows: Debian's kernel is built without CMA, and the last two make
# no difference to memory.
ONE_SIDED = re.compile(r"^(cma=|hugetlb_cma=|numa_cma=|cma_pernuma=)")
# What differs by nature and where: shown with --all, else replaced by a mark.
NORMALISE = [
    (re.compile(r"\s+(\S+)\+0x[0-9a-f]+/0x[0-9a-f]+$"), lambda m: " " + m[1]),
    # The image, where QEMU and most loaders of arm64 put it, is each kernel's own.
    (re.compile(r"^(memblock_add: \[0x[0-9a-f]*40200000)-0x[0-9a-f]+\] arm64_memblock_init"),
     r"\1 IMAGE] arm64_memblock_init"),
    # Debian's compiler has put the callers of these two into setup_arch.
    (re.compile(r"^(memblock_phys_free: .*) reserve_crashkernel_generic$"), r"\1 setup_arch"),
    (re.compile(r" reserved size = 0x[0-9a-f]+$"), lambda m: " reserved size = OWN"),
    (re.compile(r"^(NODE_DATA\(\d+\) allocated) .*"), lambda m: f"{m[1]} [mem OWN]"),
    (re.compile(r"^Memory: \d+K/(\d+)K available .*"), lambda m: f"Memory: OWN/{m[1]}K"),
    (re.compile(r"^  0x[0-9a-f]+ - 0x[0-9a-f]+ (pattern .*)"), lambda m: f"  FREE RANGES {m[1]}"),
    (re.compile(r"^(Unknown kernel command line parameters )\"(.*)\""),
     lambda m: m[1] + " ".join(word for word in m[2].split(" ") if not ONE_SIDED.match(word))),
    # Given back at the second try, when both have allocated things of their own.
    (re.compile(r"^memblock_phys_free: \[0x([0-9a-f]+)-0x([0-9a-f]+)\] setup_log_buf"),
     lambda m: f"memblock_phys_free: {int(m[2], 16) - int(m[1], 16) + 1:#x} setup_log_buf"),
    # Debian's compiler wipes the stack.
    (re.compile(r"^(mem auto-init: stack:)\S+,"), r"\1OWN,"),
    (re.compile(r"^(RAMDISK|Allocated new RAMDISK): \[mem 0x[0-9a-f]+-0x[0-9a-f]+\]"),
     lambda m: f"{m[1]}: [mem INITRD]"),
    (re.compile(r"^Move RAMDISK from .*"), lambda m: "Move RAMDISK from [mem INITRD]"),
    (re.compile(r"^(memblock_phys_\w+): .* (setup_arch|reserve_initrd)"), r"\1: INITRD"),
]
# The same initrd by another loader: where it lay is the loader's, all else is ours.
SAME_INITRD = NORMALISE[:-3] + [
    (re.compile(r" reserve_initrd$"), " setup_arch"),
    (re.compile(r"^(RAMDISK: \[mem |Move RAMDISK from \[mem "
                r"|memblock_phys_free: \[(?=.*setup_arch))0x([0-9a-f]+)-0x([0-9a-f]+)\]"),
     lambda m: f"{m[1]}{int(m[3], 16) - int(m[2], 16) + 1:#x} bytes]"),
]
# Moved to right below where it was: so the new place is the loader's as well.
MOVED = re.compile(r"^Move RAMDISK from \[mem 0x([0-9a-f]+)-.*\] to \[mem 0x[0-9a-f]+-0x([0-9a-f]+)\]")
# The brk reservation of setup_arch follows the kernel image: place and size are the build's own.
OWN_SPAN = re.compile(r"^(?:__)?memblock_reserve: \[0x([0-9a-f]{16})-0x([0-9a-f]{16})\] "
                      r"(?:nid=-1 flags=\w+ )?setup_arch")


# A row of a dump, and what of reserved[] is no kernel's own: the first MiB, and what is no RAM.
ROW = re.compile(r"^ (memory|reserved)\[0x[0-9a-f]+\]\t\[0x([0-9a-f]+)-0x([0-9a-f]+)\], "
                 r"0x[0-9a-f]+ bytes(.*)$")
FIRST_MIB = 1 << 20


@dataclass
class Item:
    """One line to compare."""
    kind: str
    text: str       # normalised
    raw: str
    line: int


def classify(text):
    for kind, pattern in COMPARED:
        if pattern.match(text):
            return kind
    return None


class Dumps:
    """The rows of the dump that is being read."""

    def __init__(self):
        self.memory = []

    def rows(self, text):
        """The comparable texts of a line: itself, or the shared pieces of a row of reserved[]."""
        match = ROW.match(text)
        if not match:
            self.memory = [] if text.startswith("MEMBLOCK") else self.memory
            return [text]
        start, end = int(match[2], 16), int(match[3], 16) + 1
        if match[1] == "memory":
            self.memory.append((start, end))
            return [text]
        pieces, at = [(start, min(end, FIRST_MIB))], max(start, FIRST_MIB)
        for low, high in sorted(self.memory):
            pieces.append((at, min(end, low)))
            at = max(at, high)
        pieces.append((at, end))
        return [f" reserved [{low:#x}-{high - 1:#x}]{match[4]}" for low, high in pieces if low < high]


def items(stream, only=None, changes=tuple(NORMALISE)):
    """The comparable lines of a log, normalised; of its last boot, if there are several."""
    out, older, wiping, dumps = [], [], False, Dumps()
    for lineno, raw in lines(stream):
        text = bare(raw)
        if BOOT.match(text) and out:
            out, older = [], out
        if text.startswith("Command line: "):
            wiping = "init_on_alloc=" in text
        kind = classify(text)
        rows = dumps.rows(text.rstrip()) if kind in ("dump", "reserved") else [text.rstrip()]
        if kind is None or (only and kind not in only):
            continue
        own = OWN_SPAN.match(text)
        if own and not (int(own[1], 16) == 0 and int(own[2], 16) == 0xFFFFF):
            continue
        *more, clean = rows or [""]
        out += [Item(kind, piece, text, lineno) for piece in more]
        if not clean:
            continue
        for pattern, change in changes:
            clean = pattern.sub(change, clean)
        if kind == "wipe" and not wiping:       # without the word it is Debian's choice
            clean = re.sub(r"heap alloc:\w+", "heap alloc:OWN", clean)
        if kind == "memtest" and out and out[-1].text == clean:
            continue        # one line a free range, and those are each kernel's own
        out.append(Item(kind, clean, text, lineno))
    return united(without_initrd(out or older))


PIECE = re.compile(r"^ reserved \[0x([0-9a-f]+)-0x([0-9a-f]+)\](.*)$")


def united(found):
    """reserved[] as a set: pieces that touch and have the same flags and node are one."""
    out = []
    for item in found:
        low, high = (PIECE.match(side.text) if side and side.kind == "reserved" else None
                     for side in (out[-1] if out else None, item))
        if low and high and low[3] == high[3] and int(low[2], 16) + 1 == int(high[1], 16):
            out[-1].text = f" reserved [0x{low[1]}-0x{high[2]}]{low[3]}"
        else:
            out.append(item)
    return out


def without_initrd(found):
    """Where the initrd lies is the loader's: its pieces of reserved[] are left out."""
    pages = [(int(match[1], 16) & ~0xFFF, int(match[2], 16) | 0xFFF) for match in (
        re.match(r"RAMDISK: \[mem 0x([0-9a-f]+)-0x([0-9a-f]+)\]", item.raw) for item in found)
        if match]

    def of_initrd(item):
        low, high = (int(number, 16) for number in re.findall(r"0x[0-9a-f]+", item.text)[:2])
        return any(first <= low and high <= last for first, last in pages)

    return [item for item in found if item.kind != "reserved" or not of_initrd(item)]


def beside_itself(found):
    """Leave out where an initrd went that moved to right below its old place."""
    for item in found:
        match = MOVED.match(item.raw)
        if match and (int(match[2], 16) | 0xFFF) + 1 == int(match[1], 16):
            return [item for item in found
                    if not item.raw.startswith(("Move RAMDISK", "Allocated new RAMDISK"))]
    return found


# Where something was placed from above, under what each kernel took before.
PLACE = re.compile(r"(?<=^cma: Reserved )(\d+ MiB) at 0x([0-9a-f]+)"
                   r"|(?<=^crashkernel reserved: )(0x)([0-9a-f]+) - 0x[0-9a-f]+")
LINUX_ARM64 = "HugeTLB: registered 64.0 KiB"
TABLES = 4 << 20    # page tables of both, and an area's alignment


def same_places(left, right):
    """On arm64 Linux puts 64 bytes a page of RAM below its page tables and above its areas, so
    ours lie higher by that: such places become equal.  (On x86 there is none between them.)"""
    if not any(item.raw.startswith(LINUX_ARM64) for item in left):
        return
    ram = [int(match[1]) << 10 for match in
           (re.match(r"Memory: \d+K/(\d+)K", item.raw) for item in left) if match]
    room = sum(ram[-1:]) // 64 + TABLES
    mine = {}
    for item in right:
        if PLACE.search(item.text):
            mine.setdefault(PLACE.sub(r"\1 PLACE", item.text), []).append(item)
    for item in left:
        match, form = PLACE.search(item.text), PLACE.sub(r"\1 PLACE", item.text)
        if match and mine.get(form):
            other = mine[form].pop(0)
            at = [int(found[2] or found[4], 16) for found in (match, PLACE.search(other.text))]
            if 0 < at[1] - at[0] <= room:
                item.text = other.text = form


def beside(linux, ours):
    """The items of two logs, without what only one of them can have for reasons outside of it."""
    same_places(linux, ours)
    if linux and linux[0].kind == "lost":       # the beginning of Linux's, so of ours as well
        linux = linux[1:]
        first = [item.text for item in ours].index(linux[0].text) if linux and linux[0].text in (
            item.text for item in ours) else 0
        ours = ours[first:]
    return linux, ours


def diverge(left, right):
    """Opcodes of difflib that are not 'equal'."""
    matcher = difflib.SequenceMatcher(None, [item.text for item in left],
                                      [item.text for item in right], autojunk=False)
    return [code for code in matcher.get_opcodes() if code[0] != "equal"]


def few(mark, some, most):
    """Lines of one side, the middle of a long run left out."""
    lines = [f"    {mark} {item.raw}" for item in some]
    if len(lines) > most:
        half = most // 2
        lines[half:-half] = [f"    {mark} ... {len(lines) - 2 * half} lines"]
    return lines


def report(left, right, context=3, everything=False, most=20):
    """For people: 'first divergence: none', or the places side by side."""
    codes = diverge(left, right)
    if not codes:
        return f"first divergence: none ({len(left)} lines compared)\n"
    out = []
    for at, (_, i1, i2, j1, j2) in enumerate(codes if everything else codes[:1]):
        first = "first divergence" if at == 0 else "then"
        where = [str(side[index].line) if index < len(side) else "end"
                 for side, index in ((left, i1), (right, j1))]
        out.append(f"{first}: line {where[0]} of the one, line {where[1]} of the other")
        out += [f"    = {item.raw}" for item in left[max(0, i1 - context):i1]]
        out += few("<", left[i1:i2], most) + few(">", right[j1:j2], most)
        out += [f"    = {item.raw}" for item in left[i2:i2 + context]]
    if not everything and len(codes) > 1:
        out.append(f"and {len(codes) - 1} more (--all shows them)")
    return "\n".join(out) + "\n"
