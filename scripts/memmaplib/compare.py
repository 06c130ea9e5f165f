# SPDX-License-Identifier: GPL-2.0-only
"""One table, "Linux said / we say": what two boots of one map came to.

    two logs ──► results() each: topic -> what was said ──► rows() ──► table()

Compared is what follows from the map and the command line.  Where data of the kernel's own
ends up (NODE_DATA, page tables) follows from its size, so only how much is left is not here.
"""

import difflib
import re
from itertools import zip_longest

from memmaplib import logtext
from memmaplib.logtext import bare

SAME, DIFFERENT, ONE = "=", "#", " "    # marks of a row
HEX = r"(?:0x)?([0-9a-fA-F]+)"
RANGE = rf"(?:\[mem {HEX}\s?-\s?{HEX}\]|{HEX}\s?-\s?{HEX}\b)"
M = 1 << 20


def span(match, first=1, inclusive=True):
    """'0x1000-0x1fff' of a match whose groups from @first on are a RANGE."""
    low, high = (match[first] or match[first + 2]), (match[first + 1] or match[first + 3])
    last = int(high, 16) - (not inclusive)
    return f"{int(low, 16):#x}-{last:#x}"


def pages(first, end):
    """What kernels before 3.7 print as page numbers."""
    low, high = int(first, 16) << 12, int(end, 16) << 12
    return f"{low:#x}-{high - 1:#x}" if low < high else "empty"


def area(low, high):
    return f"{low:#x}-{high - 1:#x} ({(high - low) // M} MB)"


# (pattern, match -> (topic, what was said)); a topic said twice has two rows.
RESULTS = [(re.compile(pattern), reader) for pattern, reader in (
    (rf"^(?:e820: )?last_pfn = {HEX}", lambda m: ("last_pfn", f"{int(m[1], 16):#x}")),
    (rf"^(?:ACPI: )?SRAT: Node (\d+) PXM (\d+) {RANGE}",
     lambda m: (f"SRAT node {m[1]}", f"PXM {m[2]} {span(m, 3)}")),
    (rf"^  (DMA|DMA32|Normal|Movable|HighMem) +(?:\[mem {HEX}\s?-\s?{HEX}\]|empty)",
     lambda m: (f"zone {m[1]}", f"{int(m[2], 16):#x}-{int(m[3], 16):#x}" if m[2] else "empty")),
    (rf"^  Node (\d+): {HEX}\s*$", lambda m: (f"node {m[1]} movable from", f"{int(m[2], 16):#x}")),
    (rf"^  node +(\d+): \[mem {HEX}\s?-\s?{HEX}\]",
     lambda m: (f"node {m[1]} range", f"{int(m[2], 16):#x}-{int(m[3], 16):#x}")),
    (rf"^Initmem setup node (\d+) (?:\[mem {HEX}\s?-\s?{HEX}\]|as memoryless)",
     lambda m: (f"node {m[1]} span", f"{int(m[2], 16):#x}-{int(m[3], 16):#x}" if m[2] else "no memory")),
    (r"^On node (\d+), zone (\w+): (\d+) pages in unavailable ranges",
     lambda m: (f"node {m[1]} {m[2]} unavailable", f"{m[3]} pages")),
    (rf"^\[mem {HEX}-{HEX}\] available for PCI devices",
     lambda m: ("PCI gap", f"{int(m[1], 16):#x}-{int(m[2], 16):#x}")),
    (rf"^  (DMA|DMA32|Normal|Movable|HighMem) +{HEX} -> {HEX}",
     lambda m: (f"zone {m[1]}", pages(m[2], m[3]))),
    (rf"^ +(\d+): {HEX} -> {HEX}", lambda m: (f"node {m[1]} range", pages(m[2], m[3]))),
    (r"^Memory: \d+[kK]/(\d+)[kK] available(?:.*?(\d+)k absent)?",
     lambda m: ("RAM in all", f"{int(m[1]) - int(m[2] or 0)}K")),
    (rf"^RAMDISK: {RANGE}", lambda m: ("initrd", span(m, 1, m[1] is not None))),
    (rf"^Move RAMDISK from {RANGE} to {RANGE}", lambda m: ("initrd moved to", span(m, 5))),
    (rf"^crashkernel (low memory )?reserved: {HEX} - {HEX}",
     lambda m: ("crash kernel, low" if m[1] else "crash kernel",
                area(int(m[2], 16), int(m[3], 16)))),
    (r"^Reserving (\d+)MB of (low )?memory at (\d+)MB for crashkernel",
     lambda m: ("crash kernel, low" if m[2] else "crash kernel",
                area(int(m[3]) * M, (int(m[3]) + int(m[1])) * M))),
    (rf"^cma: Reserved (\d+) MiB at {HEX}", lambda m: ("cma", f"{m[1]} MiB at {int(m[2], 16):#x}")),
    (r"^hugetlb_cma: reserved (\d+) MiB on node (\d+)",
     lambda m: (f"hugetlb_cma node {m[2]}", f"{m[1]} MiB")),
    (r"^HugeTLB:? registered (\d+)(?:\.00)? (.)\S* page size, pre-allocated (\d+) pages",
     lambda m: (f"huge pages of {m[1]} {m[2]}iB", m[3])),
)]
QUICK = re.compile(r"last_pfn|SRAT|zone|->|\[mem|^  (?:DMA|Normal|Movable|HighMem|Node)|Memory:|RAMDISK"
                   r"|rash|cma|HugeTLB|node ")
OPTIONAL = ("zone Movable", "zone HighMem")     # "empty", or no line at all, by version
TRIMMED = re.compile(r"MTRRs don't cover all of memory")


def results(stream):
    """{topic: [what was said, ...]} of the last boot in an open binary @stream, in its order."""
    out, trimmed = {}, False
    for _, text in logtext.lines(stream):
        line = bare(text)
        if re.match(r"Linux version \d|Daybreak \d", line) and "RAM in all" in out:
            out, trimmed = {}, False
        trimmed = trimmed or bool(TRIMMED.search(line))
        if not QUICK.search(line):
            continue
        for pattern, reader in RESULTS:
            match = pattern.match(line)
            if match:
                keep(out, reader, match)
                break
    for topic in OPTIONAL:
        if out.get(topic) == ["empty"]:
            del out[topic]
    for topic in ("initrd", "RAM in all"):
        out[topic] = out[topic][:1] if topic in out else []
    if trimmed:         # the first was before the MTRRs took RAM away
        out["last_pfn"] = out.get("last_pfn", [])[1:]
    return {topic: said for topic, said in out.items() if said}


def keep(out, reader, match):
    """Put what a line says into @out; one with a number of thousands of digits says nothing."""
    try:
        topic, words = reader(match)
    except ValueError:
        return
    out.setdefault(topic, []).append(words)


def beside(theirs, here):
    """Pairs of two lists in which the longest common runs stand side by side."""
    matcher = difflib.SequenceMatcher(None, theirs, here, autojunk=False)
    for _, i1, i2, j1, j2 in matcher.get_opcodes():
        yield from zip_longest(theirs[i1:i2], here[j1:j2])


def is_image(topic, words, image):
    """Is this the range of a node that only our image, [start, end), has made RAM?"""
    match = re.fullmatch(r"0x([0-9a-f]+)-0x([0-9a-f]+)", words or "")
    return (match and image and re.fullmatch(r"node \d+ range", topic)
            and image[0] <= int(match[1], 16) and int(match[2], 16) < image[1])


def rows(linux, ours, image=None):
    """[(mark, topic, Linux's words, ours)]; what Linux's log does not speak of is not compared.

    @image: where our kernel lies, if the map has no RAM there.
    """
    out = []
    for topic in list(linux) + [topic for topic in ours if topic not in linux]:
        theirs, here = linux.get(topic, []), ours.get(topic, [])
        unspoken = topic not in linux and not expected(topic, linux)
        for one, other in beside(theirs, here):
            mark = SAME if one == other else ONE if unspoken else DIFFERENT
            if not one and is_image(topic, other, image):
                mark, other = ONE, f"{other} (our image)"
            out.append((mark, topic, one or "-", other or "-"))
    return out


# A log that has the first kind of line would have the second, if its kernel had said it.
WITNESS = {"node": "node 0 range", "zone": "zone DMA32", "SRAT": "SRAT node 0"}


def expected(topic, linux):
    """Would Linux's log have said @topic if it were so?"""
    witness = WITNESS.get(topic.split()[0])
    if witness and topic.split()[-1] not in ("span", "unavailable", "from"):
        return witness in linux
    return topic.startswith("crash") and "crash kernel" in linux


def table(linux, ours, image=None):
    """The text for people."""
    found = rows(linux, ours, image)
    widths = [max([len(title)] + [len(row[at]) for row in found])
              for at, title in ((1, ""), (2, "Linux said"), (3, "we say"))]
    lines = [f"  {'':{widths[0]}}  {'Linux said':{widths[1]}}  we say"]
    lines += [f"{mark} {topic:{widths[0]}}  {one:{widths[1]}}  {other}".rstrip()
              for mark, topic, one, other in found]
    same, different = (sum(row[0] == mark for row in found) for mark in (SAME, DIFFERENT))
    silent = len(found) - same - different
    lines.append(f"{same} equal (=), {different} differ (#), {silent} only we speak of")
    return "\n".join(lines) + "\n", different
