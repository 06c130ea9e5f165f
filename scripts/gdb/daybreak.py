# SPDX-License-Identifier: GPL-2.0-only
"""Daybreak in GDB: `mb`, `buddy`, `zones`, `pt`, and printers for its structures.

Loaded by `make gdb` (as build/kernel.elf-gdb.py) or by hand: source scripts/gdb/daybreak.py

Everything is read from the kernel's own arrays by name, at any moment: before memblock knows
memory, after an array was doubled, in the middle of a call, on a memory image dumped from
QEMU.  Texts are those of the kernel's monitor, so that the two can be compared.
"""

import os
import struct
import sys

import gdb

sys.path.insert(0, os.path.join(os.getcwd(), "scripts/gdb"))
import breaks                                   # noqa: E402, F401  `break` knows Linux's names

PAGE_SHIFT = 12
ORDERS = 11
U64 = (1 << 64) - 1


# ---- reading the kernel ----------------------------------------------------------------

def var(name, where=None):
    """A variable of the kernel; @where is its file if it is static."""
    return gdb.parse_and_eval(f"'{where}'::{name}" if where else name)


def text(pointer, none=""):
    """A C string, or @none for NULL."""
    return pointer.string("ascii", "replace") if int(pointer) else none


def read(address, size):
    return gdb.selected_inferior().read_memory(address & U64, size).tobytes()


def hex16(value):
    """%pa of the kernel."""
    return f"0x{int(value) & U64:016x}"


class Symbols:
    """The kernel's own symbol table: names, offsets and lengths as %pS prints them."""

    def __init__(self):
        table = var("ksyms_table")
        self.base, self.count = int(table["base"]), int(table["count"])
        self.offsets = struct.unpack(f"<{self.count + 1}I",
                                     read(int(table["offsets"]), 4 * (self.count + 1)))
        self.names, self.pool = int(table["names"]), int(table["pool"])

    def name(self, address):
        """symbol+0xoff/0xlen, or the bare number."""
        offset, low, high = address - self.base, 0, self.count
        if not 0 <= offset < self.offsets[-1]:
            return f"{address:#018x}"
        while low + 1 < high:
            middle = (low + high) // 2
            low, high = (middle, high) if self.offsets[middle] <= offset else (low, middle)
        at = struct.unpack("<I", read(self.names + 4 * low, 4))[0]
        raw = read(self.pool + at, 128).split(b"\0")[0].decode()
        size = self.offsets[low + 1] - self.offsets[low]
        return f"{raw}+{offset - self.offsets[low]:#x}/{size:#x}"


def regions(kind):
    """[(base, size, flags, nid)] of memblock.memory or memblock.reserved."""
    array = var("memblock")[kind]
    count, first = int(array["cnt"]), array["regions"]
    return [(int(first[i]["base"]), int(first[i]["size"]), int(first[i]["flags"]),
             int(first[i]["nid"])) for i in range(count)]


def records():
    """[(base, size, owner, caller)] of the ledger."""
    ledger = var("ledger")
    array, count = ledger["records"], int(ledger["nr"])
    return [(int(array[i]["base"]), int(array[i]["size"]), text(array[i]["owner"], None),
             int(array[i]["caller"])) for i in range(count)]


def zones():
    """Every zone with pages, in order of node and index."""
    nodes = var("node_data")
    for nid in range(nodes.type.range()[1] + 1):
        node = nodes[nid]
        if not int(node):
            continue
        array = node.dereference()["node_zones"]
        for index in range(array.type.range()[1] + 1):
            if int(array[index]["present_pages"]):
                yield array[index]


# ---- mb --------------------------------------------------------------------------------

class Mb(gdb.Command):
    """memblock: mb dump | find ADDR | free | owners | history [N]"""

    def __init__(self):
        super().__init__("mb", gdb.COMMAND_DATA, prefix=True)


class Sub(gdb.Command):
    """Base of the subcommands: a message instead of a Python traceback."""

    def __init__(self, name):
        super().__init__(name, gdb.COMMAND_DATA)
        self.name = name

    def invoke(self, argument, _from_tty):
        try:
            self.run(gdb.string_to_argv(argument))
        except (gdb.MemoryError, gdb.error, IndexError, ValueError) as error:
            raise gdb.GdbError(f"{self.name}: {error}") from error

    def run(self, args):
        raise NotImplementedError


class MbDump(Sub):
    """mb dump: both arrays, as "MEMBLOCK configuration" in the log."""

    def run(self, args):
        mb = var("memblock")
        print("MEMBLOCK configuration:")
        print(f" memory size = {hex16(mb['memory']['total_size'])} "
              f"reserved size = {hex16(mb['reserved']['total_size'])}")
        for kind in ("memory", "reserved"):
            rows = regions(kind)
            print(f" {kind}.cnt  = {len(rows):#x}")
            for index, (base, size, flags, nid) in enumerate(rows):
                node = f" on node {nid}" if 0 <= nid < 1024 else ""
                print(f" {kind}[{index:#x}]\t[{hex16(base)}-{hex16(base + size - 1)}], "
                      f"{hex16(size)} bytes{node} flags: {flags:#x}")


def map_words():
    """e820_type_name() of arch/x86_64/map/e820.c by type; some words are the dialect's."""
    dialect, names = var("dialect").dereference(), var("type_names", "arch/x86_64/map/e820.c")
    words = {int(names[i]["type"]): text(names[i]["name"])
             for i in range(names.type.range()[1] + 1)}
    words[1], words[2] = text(dialect["ram"]), text(dialect["reserved"])
    if int(dialect["kern_type"]):
        words[128] = words[1]
    return words


def map_entry(address):
    """(word or None in a hole, first byte, last byte): what the firmware or the user calls it."""
    table, first = var("e820_table").dereference(), 0
    words = map_words()
    for index in range(int(table["nr_entries"])):
        entry = table["entries"][index]
        start, end = int(entry["addr"]), int(entry["addr"]) + int(entry["size"])
        if address < start:
            return None, first, start - 1
        if address < end:
            return words.get(int(entry["type"]), f"type {int(entry['type'])}"), start, end - 1
        first = end
    return None, first, U64


class MbFind(Sub):
    """mb find ADDR: what this byte is and whose (an expression is fine: mb find &memblock - off)

    Says what the monitor's `find` does, except who has a block that huge pages or page_owner=
    could tell of."""

    def run(self, args):
        if not args:
            raise gdb.GdbError("usage: mb find ADDR")
        address = int(gdb.parse_and_eval(" ".join(args))) & U64
        print(self.answer(address))

    @staticmethod
    def answer(address):
        page, zone = address >> PAGE_SHIFT, zone_of(address >> PAGE_SHIFT)
        is_ram = zone is not None or any(b <= address < b + s for b, s, _, _ in regions("memory"))
        base, size, more = page << PAGE_SHIFT, 1 << PAGE_SHIFT, ""
        block = block_around(page)
        record = next((r for r in records() if r[0] <= address < r[0] + r[1]), None)
        if block:
            word, head, order, is_cma = block
            base, size = head << PAGE_SHIFT, 1 << (PAGE_SHIFT + order)
            more = (f", order {order}{', on a stack' if word == 'stacked' else ''}"
                    f"{', in a CMA area' if is_cma else ''}")
            record = note_of(base) if word == "allocated" else None
            word = word if word == "allocated" else "free in the buddy"
        elif record:
            base, size = record[:2]
            word = "reserved" if is_ram else "reserved, not RAM"
        else:
            word = MbFind.of_nobody(address, is_ram)
        line = f"{hex16(address)}: {word}, [mem {hex16(base)}-{hex16(base + size - 1)}]{more}"
        if record and record[2]:
            line += f', owner "{record[2]}"'
        if record and record[3]:
            line += f", by {Symbols().name(record[3])}"
        if zone is not None:
            line += f", node {int(zone['nid'])} zone {text(zone['name'])}"
        if word.endswith("not RAM"):
            kind, first, last = map_entry(address)
            kind = f"{kind} in the map" if kind else "a hole of the map"
            line += f"; {kind}, [mem {hex16(first)}-{hex16(last)}]"
        return line

    @staticmethod
    def of_nobody(address, is_ram):
        total = var("ledger")["sum"]
        if is_ram and not int(total["usable"]):
            return "free in memblock"
        if is_ram and int(total["unnamed"]):
            return "reserved"
        kind, first, last = map_entry(address)
        page = address >> PAGE_SHIFT << PAGE_SHIFT
        if is_ram or (kind == "usable" and (first > page or last < page + (1 << PAGE_SHIFT) - 1)):
            return "lost to rounding: the rest of its page is somebody's or no RAM"
        return "not RAM"


class MbFree(Sub):
    """mb free: memory minus reserved, what memblock may still give away"""

    def run(self, args):
        taken, total = regions("reserved"), 0
        for base, size, _, nid in regions("memory"):
            at, end = base, base + size
            for start, length, _, _ in taken:
                if start + length <= at or start >= end:
                    continue
                total += self.show(at, start, nid)
                at = max(at, start + length)
            total += self.show(at, end, nid)
        print(f"{total} bytes")

    @staticmethod
    def show(start, end, nid):
        if start >= end:
            return 0
        node = f" on node {nid}" if 0 <= nid < 1024 else ""
        print(f"[mem {hex16(start)}-{hex16(end - 1)}] {end - start} bytes{node}")
        return end - start


class MbOwners(Sub):
    """mb owners: every reserved range, its owner, who took it"""

    def run(self, args):
        symbols = Symbols()
        for base, size, owner, caller in records():
            print(f"{hex16(base)}-{hex16(base + size - 1)} {size:10d}  "
                  f"{owner or '(unnamed)'}  {symbols.name(caller)}")


class MbHistory(Sub):
    """mb history [N]: the last N memory operations (20)"""

    def run(self, args):
        want = int(args[0], 0) if args else 20
        ring = var("trace_ring")
        events, count = ring["events"], int(ring["count"])
        kept = events.type.range()[1] + 1
        oldest = max(int(ring["first"]), count - kept)
        symbols = Symbols()
        for seq in range(max(oldest, count - want), count):
            print(self.line(seq, events[seq % kept], symbols))
        print(f"{count} operations since power-on, the youngest {count - oldest} are kept")

    @staticmethod
    def line(seq, event, symbols):
        base, size = int(event["base"]), int(event["size"])
        out = f"{seq:5d} {text(event['op']):<12}"
        if size:
            out += f" [{hex16(base)}-{hex16(base + size - 1)}]"
        if int(event["nid"]) >= 0:
            out += f" node {int(event['nid'])}"
        if int(event["owner"]):
            out += f' "{text(event["owner"])}"'
        if int(event["caller"]):
            out += " " + symbols.name(int(event["caller"]))
        if int(event["rc"]):
            out += f" = {int(event['rc'])}"
        return out


# ---- the buddy ---------------------------------------------------------------------------

CHUNK_ORDER, PAGEBLOCK_ORDER = 6, 9
STACK_TYPES = 3                 # PCP_TYPES
HEAD_OFFSET = 16                # of struct head in struct units, which a pageblock begins with


def runs(units, order):
    """First units of the aligned blocks of @order of which every unit is set."""
    block = (1 << (1 << order)) - 1
    return {at for at in range(0, 64, 1 << order) if units >> at & block == block}


def count_blocks(units, shift, counts):
    """Add the free blocks that these free units make; a unit is of order @shift."""
    larger = set()
    for order in range(PAGEBLOCK_ORDER - CHUNK_ORDER if shift else CHUNK_ORDER - 1, -1, -1):
        blocks = runs(units, order)
        counts[shift + order] += len({at for at in blocks if at & -(2 << order) not in larger})
        larger = blocks


def members(ring):
    """Addresses of what is on a list (mm/page.h)."""
    first = int(ring.address)
    at = int(ring["next"])
    while at != first:
        yield at - HEAD_OFFSET
        at = struct.unpack("<Q", read(at, 8))[0]


def zone_of(pfn):
    """The zone of a page of RAM, or None; as zone_of_pfn()."""
    ranges, count = var("zone_index")["range"], int(var("zone_index")["nr_ranges"])
    for index in range(count):
        if int(ranges[index]["start"]) <= pfn < int(ranges[index]["end"]):
            return ranges[index]["zone"].dereference()
    return None


def block_in(units, unit, largest):
    """(word, first unit, order) of the block around @unit, or None; as find_block()."""
    low, high = int(units["lo"]), int(units["hi"])
    if not (low | high) >> unit & 1:
        return None
    if high >> unit & 1:
        first = (~(low & high) & ((2 << unit) - 1)).bit_length() - 1    # 00: of one on a stack
        end = first + 1
        while low & high & 1 << end:
            end += 1
        return ("allocated", first, (end - first).bit_length() - 1) if high >> first & 1 else None
    order = 0
    while order < largest and unit >> (order + 1) << (order + 1) in runs(low & ~high, order + 1):
        order += 1
    return "free", unit >> order << order, order


def stacks_of(zone):
    """The stacks of a zone (mm/pcp.h), each with its order."""
    size = gdb.lookup_type("struct per_cpu_pages").sizeof
    first = int(zone["stacks"]) // size
    for index in range(STACK_TYPES * ORDERS if first else 0):
        yield index % ORDERS, var("boot_cpu")["stacks"][first + index]


def stacked(pfn):
    """The same for a block on its zone's stacks: page frame and order."""
    zone = zone_of(pfn)
    for order, stack in stacks_of(zone) if zone is not None else ():
        for index in range(int(stack["top"] - stack["blocks"])):
            first = int(stack["blocks"][index]["at"]) >> 6
            if 0 <= pfn - first < 1 << order:
                return "stacked", first, order
    return None


def described(span, level, kind, pfn):
    """The chunk (level 0) or pageblock (1) of a page frame, as a value."""
    order, size = ((CHUNK_ORDER, 32), (PAGEBLOCK_ORDER, 64))[level]
    at = int(span["at"][level]) + (pfn >> order) * size & U64
    return gdb.Value(at).cast(gdb.lookup_type(kind).pointer()).dereference()


def unstacked(span, pfn):
    """(word, first page frame, order) of a block that lists or its owner have, or None."""
    first = pfn >> (ORDERS - 1) << (ORDERS - 1)
    if first >= int(span["start"]):
        units = described(span, 1, "struct pageblock", first)["units"]
        low, high = int(units["lo"]) >> 8 & 1, int(units["hi"]) >> 8 & 1
        if low | high:
            return "allocated" if high else "free", first, ORDERS - 1
    block, unit = described(span, 1, "struct pageblock", pfn), pfn >> CHUNK_ORDER & 7
    if int(block["split"]) >> unit & 1:
        shift, start = 0, pfn >> CHUNK_ORDER << CHUNK_ORDER
        found = block_in(described(span, 0, "struct units", pfn), pfn & 63, CHUNK_ORDER - 1)
    else:
        shift, start = CHUNK_ORDER, pfn >> PAGEBLOCK_ORDER << PAGEBLOCK_ORDER
        found = block_in(block["units"], unit, PAGEBLOCK_ORDER - CHUNK_ORDER)
    return found and (found[0], start + (found[1] << shift), found[2] + shift)


def block_around(pfn):
    """(word, first page frame, order, of CMA?) of a block of the buddy's, or None."""
    spans, count = var("page_map")["spans"], int(var("page_map")["nr_spans"])
    for index in range(count):
        span = spans[index]
        if not 0 <= pfn - int(span["start"]) < int(span["pages"]):
            continue
        found = unstacked(span, pfn) or stacked(pfn)
        cma = int(gdb.parse_and_eval("MIGRATE_CMA"))
        return found and found + (int(described(span, 1, "struct pageblock", pfn)["type"]) == cma,)
    return None


def note_of(address):
    """(base, 0, owner, caller) of a block that somebody has said is his, or None."""
    notes = var("notes", "mm/report/ledger_find.c")["of"]
    for index in range(notes.type.range()[1] + 1):
        if int(notes[index]["owner"]) and int(notes[index]["base"]) == address:
            return address, 0, text(notes[index]["owner"]), int(notes[index]["caller"])
    return None


def free_pages(zone):
    """Free pages of a zone, on lists and on stacks."""
    return int(zone["listed_pages"]) + sum(int(stack["top"] - stack["blocks"]) << order
                                           for order, stack in stacks_of(zone))


def free_blocks(zone):
    """Free blocks of a zone by order."""
    counts = [0] * ORDERS
    lists = zone["list"]
    for kind in range(lists.type.range()[1] + 1):
        for order in range(ORDERS):
            for address in members(lists[kind][order]):
                if order < PAGEBLOCK_ORDER:
                    low, high = struct.unpack("<QQ", read(address, 16))
                    count_blocks(low & ~high & U64, 0 if order < CHUNK_ORDER else CHUNK_ORDER,
                                 counts)
                else:
                    counts[order] += 1
    for order, stack in stacks_of(zone):        # blocks freed last, which have not merged
        counts[order] += int(stack["top"] - stack["blocks"])
    return counts


class Buddy(Sub):
    """buddy: free blocks by order, as /proc/buddyinfo"""

    def run(self, args):
        for zone in zones():
            counts = "".join(f"{count:6d} " for count in free_blocks(zone))
            print(f"Node {int(zone['nid'])}, zone {text(zone['name']):>8} {counts}")


class Zones(Sub):
    """zones: where each zone lies and how many pages it has"""

    def run(self, args):
        for zone in zones():
            start = int(zone["zone_start_pfn"]) << PAGE_SHIFT
            size = int(zone["spanned_pages"]) << PAGE_SHIFT
            print(f"Node {int(zone['nid'])}, zone {text(zone['name']):>8} "
                  f"[mem {hex16(start)}-{hex16(start + size - 1)}] "
                  f"present {int(zone['present_pages'])} managed {int(zone['managed_pages'])} "
                  f"free {free_pages(zone)}")


# ---- page tables ---------------------------------------------------------------------------

LEVEL_NAMES = ["", "PT", "PD", "PDPT", "PML4", "PML5"]
PAGE_NAMES = ["", "4k", "2M", "1G", "512G", "256T"]
PRESENT, WRITE, USER, LARGE, GLOBAL, NO_EXEC = 1, 2, 4, 1 << 7, 1 << 8, 1 << 63
UNCACHED = 1 << 4
ADDRESS = 0x000FFFFFFFFFF000


class Pt(Sub):
    """pt VIRTUAL: walk of the kernel's page tables (an expression is fine: pt start_kernel)"""

    def run(self, args):
        if not args:
            raise gdb.GdbError("usage: pt VIRTUAL")
        va = int(gdb.parse_and_eval(f"(unsigned long)({' '.join(args)})")) & U64
        table, level = self.root()
        direct = int(var("page_offset_base"))
        write, execute, user = True, True, False
        while True:
            index = va >> (12 + 9 * (level - 1)) & 511
            entry = struct.unpack("<Q", read(direct + table + 8 * index, 8))[0]
            leaf = level == 1 or entry & LARGE
            kind = "empty" if not entry & PRESENT else "page" if leaf else "table"
            print(f"pt: {LEVEL_NAMES[level]:<4}[{index:3d}] {entry:#018x} {kind}")
            if kind == "empty":
                print(f"pt: {va:#018x} is not mapped: hole of {PAGE_NAMES[level]}")
                return
            write, execute = write and entry & WRITE, execute and not entry & NO_EXEC
            user = bool(entry & USER)
            if leaf:
                self.leaf(va, entry, level, (user, write, execute))
                return
            table, level = entry & ADDRESS, level - 1

    @staticmethod
    def root():
        """(physical address of the root table, its level): the kernel's, else the CPU's."""
        try:
            pt = var("paging", "arch/x86_64/paging/paging.c")["pt"]
        except gdb.error:
            raise gdb.GdbError("pt: knows tables of x86_64 only; the monitor's `pt` knows these")\
                from None
        if int(pt["root"]):
            return int(pt["root"]), int(pt["levels"])
        five = int(gdb.parse_and_eval("$cr4")) >> 12 & 1
        return int(gdb.parse_and_eval("$cr3")) & ADDRESS, 5 if five else 4

    @staticmethod
    def leaf(va, entry, level, rights):
        size = 1 << (12 + 9 * (level - 1))
        pa = (entry & ADDRESS & ~(size - 1)) | (va & (size - 1))
        letters = "".join(letter if on else "-" for letter, on in zip("uwx", rights))
        letters += ("g" if entry & GLOBAL else "-") + ("c" if entry & UNCACHED else "-")
        print(f"pt: {va:#018x} -> {pa:#018x} {PAGE_NAMES[level]} {letters}")


# ---- printers ------------------------------------------------------------------------------

class RegionPrinter:
    """[mem A-B] size on node N flags F"""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        base, size = int(self.value["base"]), int(self.value["size"])
        nid, flags = int(self.value["nid"]), int(self.value["flags"])
        node = f" on node {nid}" if 0 <= nid < 1024 else ""
        return f"[mem {hex16(base)}-{hex16(base + size - 1)}] {size} bytes{node} flags {flags:#x}"


class TypePrinter:
    """An array with its regions as children."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        return (f"{text(self.value['name'])}: {int(self.value['cnt'])} of {int(self.value['max'])}"
                f" regions, {int(self.value['total_size'])} bytes")

    def children(self):
        for index in range(int(self.value["cnt"])):
            yield f"[{index}]", (self.value["regions"] + index).dereference()


class ZonePrinter:
    """Where and how much."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        return (f"node {int(self.value['nid'])} {text(self.value['name'])}: "
                f"pfn {int(self.value['zone_start_pfn'])}+{int(self.value['spanned_pages'])}, "
                f"present {int(self.value['present_pages'])}, "
                f"managed {int(self.value['managed_pages'])}, "
                f"free {free_pages(self.value)}")


class UnitsPrinter:
    """Pages of a chunk, valid if its pageblock says that it is split; or a pageblock's chunks."""

    @staticmethod
    def runs(bits):
        found, at = [], 0
        while bits >> at:
            if bits >> at & 1:
                end = at
                while bits >> end & 1:
                    end += 1
                found.append(f"{at}-{end - 1}" if end - at > 1 else str(at))
                at = end
            at += 1
        return " ".join(found) or "none"

    def __init__(self, value):
        self.value = value

    def to_string(self):
        low, high = int(self.value["lo"]), int(self.value["hi"])
        return f"free {self.runs(low & ~high)}; blocks begin at {self.runs(high & ~low)}"


def printers():
    from gdb import printing
    collection = printing.RegexpCollectionPrettyPrinter("daybreak")
    for name, printer in (("memblock_region", RegionPrinter), ("memblock_type", TypePrinter),
                          ("zone", ZonePrinter), ("units", UnitsPrinter)):
        collection.add_printer(name, f"^{name}$", printer)
    return collection


Mb()
for _name, _command in (("mb dump", MbDump), ("mb find", MbFind), ("mb free", MbFree),
                        ("mb owners", MbOwners), ("mb history", MbHistory), ("buddy", Buddy),
                        ("zones", Zones), ("pt", Pt)):
    _command(_name)
gdb.printing.register_pretty_printer(None, printers(), replace=True)
