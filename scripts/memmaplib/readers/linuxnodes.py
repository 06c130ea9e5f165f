# SPDX-License-Identifier: GPL-2.0-only
"""Linux: nodes, zones, totals, and who took memory, in the words of 2.6 to 7.x."""

from memmaplib.facts import Region
from memmaplib.readers.kind import HEX, MEM, Kind, ends_like, number

PAGE = 4096
NOMAP = 4
ZONES = "DMA32|DMA|Normal|Movable|Device|HighMem"


def node_range(log, match, lineno):
    """node   0: [mem 0x..-0x..]"""
    log.node_ranges.append(Region(number(match[2]), number(match[3]) + 1, nid=int(match[1]),
                                  line=lineno))


def node_pages(log, match, lineno):
    """0: 0x00000001 -> 0x0000009f below early_node_map[], in pages (2.6.18 to 3.4)"""
    log.node_ranges.append(Region(number(match[2]) * PAGE, number(match[3]) * PAGE,
                                  nid=int(match[1]), line=lineno))


def zone(log, match, _lineno):
    """DMA  [mem 0x..-0x..]"""
    log.zones.append((match[1], number(match[2]), number(match[3]) + 1))


def zone_pages(log, match, _lineno):
    """DMA  0x00000010 -> 0x00001000 below Zone PFN ranges:"""
    log.zones.append((match[1], number(match[2]) * PAGE, number(match[3]) * PAGE))


def said(log, start, end, owner, lineno, flags=0):
    """Somebody's memory, named by a line in passing."""
    if end > start:
        log.owners_said.append(Region(start, end, owner=owner, flags=flags, line=lineno))


def ramdisk(log, match, lineno):
    """RAMDISK: [mem 0x..-0x..], RAMDISK: START - END before 3.4; last byte, and end, rounded"""
    new = match[1] is not None
    start, end = (number(match[1]), number(match[2]) + 1) if new else (
        number(match[3]), number(match[4]))
    said(log, start, end, "initrd", lineno)
    log.said.feed(match[0], lineno)


def ramdisk_moved(log, match, lineno):
    """Allocated new RAMDISK: [mem 0x..-0x..]: the copy is the one that stays"""
    log.owners_said[:] = [region for region in log.owners_said if region.owner != "initrd"]
    ramdisk(log, match, lineno)


def node_data(log, match, lineno):
    """NODE_DATA(0) allocated [mem 0x..-0x..]; NODE_DATA [START - LAST] before 3.4"""
    node = f"({match[1]})" if match[1] else ""
    said(log, number(match[2]), number(match[3]) + 1, f"NODE_DATA{node}", lineno)


def owner_row(log, match, lineno):
    """owner: [mem 0x..-0x..] name, our own"""
    log.owners.append(Region(number(match[1]), number(match[2]) + 1, owner=match[3], line=lineno))


def early_head(log, _match, _lineno):
    log.scratch["early"] = True


def early_row(log, match, lineno):
    """#1 [0001000000 - 0002045964]    TEXT DATA BSS ==> [...] (2.6.25 to 2.6.36)"""
    said(log, number(match[1]), number(match[2]), match[3].strip(), lineno)


def acpi_reserved(log, match, lineno):
    """ACPI: Reserving FACP table memory at [mem 0x..-0x..]"""
    said(log, number(match[2]), number(match[3]) + 1, f"ACPI {match[1]}", lineno)


def crash(log, match, lineno):
    """crashkernel reserved: 0x.. - 0x.. (256 MB)"""
    said(log, number(match[1]), number(match[2]), "crash kernel", lineno)
    log.said.feed(match[0], lineno)


def crash_old(log, match, lineno):
    """Reserving 256MB of memory at 512MB for crashkernel (System RAM: 2047MB)"""
    low = int(match[2]) << 20
    said(log, low, low + (int(match[1]) << 20), "crash kernel", lineno)
    log.said.feed(match[0], lineno)


def reserved_mem(log, match, lineno):
    """OF: reserved mem: 0x..0x (N KiB) nomap non-reusable name"""
    device_tree(log, match, lineno)
    said(log, number(match[1]), number(match[2]) + 1, match[5], lineno,
         NOMAP if match[3] == "nomap" else 0)


def reserved_mem_old(log, match, lineno):
    """OF: fdt: Reserved memory: reserved region for node 'x': base 0x.., size 2 MiB"""
    size = int(match[3]) << {"K": 10, "M": 20, "G": 30}[match[4]]
    said(log, number(match[2]), number(match[2]) + size, match[1], lineno)


def pool(log, match, lineno):
    """Reserved memory: created CMA memory pool at 0x.., size 64 MiB; its name comes next"""
    size = int(match[3]) << {"K": 10, "M": 20, "G": 30}[match[4]]
    said(log, number(match[2]), number(match[2]) + size, f"{match[1]} pool", lineno)


def pool_name(log, match, _lineno):
    """OF: reserved mem: initialized node linux,cma, compatible id shared-dma-pool"""
    if log.owners_said and log.owners_said[-1].owner.endswith(" pool"):
        log.owners_said[-1].owner = match[1]


def cma(log, match, lineno):
    """cma: Reserved 64 MiB at 0x.. on node -1"""
    size = int(match[1]) << 20
    if not any(region.start == number(match[2]) for region in log.owners_said):
        said(log, number(match[2]), number(match[2]) + size, "cma", lineno)


def last_pfn(log, match, _lineno):
    log.facts.setdefault("last_pfn", number(match[1]))


def memory_line(log, match, _lineno):
    log.facts["memory_line"] = (int(match[1]), int(match[2]))


def cmdline(log, match, _lineno):
    log.facts.setdefault("cmdline", match[1])


def device_tree(log, _match, _lineno):
    """Booting Linux on physical CPU 0x0...; OF: fdt: ...; OF: reserved mem: ...; riscv: ..."""
    log.facts.setdefault("model", "a device tree machine")


def maker(log, match, _lineno):
    """smpboot: CPU0: AMD EPYC ...; CPU: Intel ... of older kernels"""
    log.facts.setdefault("maker", match[1])


def upgraded(log, _match, lineno):
    """ACPI: Table Upgrade: install [SSDT-...]"""
    log.facts["tables upgraded"] = lineno


def machine_model(log, match, _lineno):
    log.facts.setdefault("model", match[1].strip())


RAMDISK = rf"RAMDISK: (?:{MEM}|{HEX} - {HEX})"
KINDS = [
    Kind("node", r"\bnode\s+\d+:(?= \[(?:m|$)|\s*$)", rf"node\s+(\d+): {MEM}", node_range),
    Kind("-> 0x", r"(?<!\S)\d+: 0x[0-9a-f]{8} -> 0x", rf"(\d+): {HEX} -> {HEX}", node_pages),
    Kind("[mem", rf"\b(?:{ZONES})\s+(?:\[mem|0x[0-9a-f]{{8}} ->)", rf"({ZONES})\s+{MEM}", zone,
         told=False),
    Kind("-> 0x", rf"\b(?:{ZONES})\s+(?:\[mem|0x[0-9a-f]{{8}} ->)", rf"({ZONES})\s+{HEX} -> {HEX}",
         zone_pages, told=False),
    Kind("RAMDISK", r"Allocated new RAMDISK:", rf"Allocated new {RAMDISK}", ramdisk_moved),
    Kind("RAMDISK", r"(?<!new )RAMDISK:(?= ?[\[0-9a-f]|\s*$)", RAMDISK, ramdisk),
    Kind("NODE_DATA", r"NODE_DATA(?: ?\[|\(\d+\))", rf"NODE_DATA(?:\((\d+)\) allocated)? ?\["
         rf"(?:mem )?{HEX}\s?-\s?{HEX}\]", node_data, told=False),
    Kind("owner: ", r"owner: \[mem", rf"owner: {MEM}\s+(\S.*?)\s*$", owner_row),
    Kind("early res", r"\(\d+(?:/\d+)? early reservations\)", r".*", early_head),
    Kind("#", r"#\d+ \[[0-9a-f]{10} - ", rf"#\d+ \[{HEX} - {HEX}\]\s*(\S.*?)\s*(?:==>.*)?$", early_row),
    Kind("Reserving ", r"ACPI: Reserving \w{4} table", rf"ACPI: Reserving (\w{{4}}) table memory at {MEM}",
         acpi_reserved),
    Kind("rashkernel", r"crashkernel(?: low memory)? reserved: 0x",
         rf"crashkernel(?: low memory)? reserved: {HEX} - {HEX}", crash),
    Kind("Reserving ", r"Reserving \d+MB of (?:low )?memory at", r"Reserving (\d+)MB of (?:low )?memory at "
         r"(\d+)MB for (?:low )?crashkernel", crash_old),
    Kind("reserved mem", r"reserved mem:(?= 0x|\s*$)", rf"reserved mem: {HEX}\.\.{HEX} "
         r"\(\d+ KiB\) (map|nomap) ((?:non-)?reusable) ([\w.,@+-]*\w)", reserved_mem,
         ends_like(r"reusable [\w.,@+-]*\w")),
    Kind("reserved region", r"reserved region for node '", rf"reserved region for node '(.*?)': base {HEX}, "
         r"size (\d+) ([KMG])iB", reserved_mem_old),
    Kind("Reserved mem", r"Reserved memory: created (?:CMA|DMA)", r"Reserved memory: created (\w+) memory pool at "
         rf"{HEX}, size (\d+) ([KMG])iB", pool),
    Kind("reserved mem", r"reserved mem: initialized node", r"reserved mem: initialized node ([^\s]+),", pool_name,
         told=False),
    Kind("cma: ", r"cma: Reserved \d+ MiB at", rf"cma: Reserved (\d+) MiB at {HEX}", cma),
    Kind("pfn", r"last_pfn = ", rf"last_pfn = {HEX} max_arch_pfn = {HEX}", last_pfn, told=False),
    Kind("Memory: ", r"Memory: \d+[kK]/", r"Memory: (\d+)[kK]/(\d+)[kK] available", memory_line),
    Kind("ommand line", r"(?:Kernel c|\bC)ommand line: ", r"(?:Kernel c|C)ommand line: (.*?)\s*$", cmdline),
    Kind("CPU", r"CPU\d*: (?:AMD|Intel|Authentic|Genuine)",
         r"CPU\d*: (?:Authentic|Genuine)?(AMD|Intel)", maker),
    Kind("AMD-Vi", r"\bAMD-Vi: ", r"(AMD)-Vi", maker),
    Kind("Table Up", r"ACPI: Table Upgrade:", r".*", upgraded),
    Kind("physical CPU", r"Booting Linux on physical CPU", r".*", device_tree),
    Kind("OF: fdt: Ign", r"OF: fdt: Ignoring", r".*", device_tree),
    Kind("riscv: ", r"\briscv: ", r".*", device_tree),
    Kind("Machine m", r"Machine model: ", r"Machine model: (.*)$", machine_model),
]
