# SPDX-License-Identifier: GPL-2.0-only
"""ACPI tables for crafted boots: right by default, wrong where a word says so.

Parts, as mbi.py's (they work in `mbi =` and `pvh =` lines):
  acpi at=ADDR [rev=2] [sum=bad] [xsdt=ADDR] [rsdt=ADDR] [len=N] [entry=ADDR]
                          where the tables go; wrong RSDP checksum, other table
                          addresses, wrong length of the root table, one more entry
  table SIG [len=N] [rev=1] [sum=bad] [HEX...]   any table; len lies in its header
  srat [rev=1] WORD...    mem:PXM:FIRST-END[:FLAGS], cpu:PXM:APIC, raw:HEX, or
                          many:COUNT:PXM:BASE+SIZE:STEP
  madt WORD...            cpu:ID[:FLAGS], wide:ID[:FLAGS] (x2APIC), many:COUNT:FIRST, raw:HEX
  slit N DISTANCE...      N localities, N*N numbers
  cedt WORD...            fixed memory windows for CXL: FIRST-END, or raw:HEX
"""

import struct

HEADER = 36


def checksum(data, wrong=False):
    return (-sum(data) + (1 if wrong else 0)) & 0xFF


class Tables:
    """Collects tables; place() turns them into [(address, bytes)] and an RSDP."""

    def __init__(self, number, ranges):
        self.number, self.ranges = number, ranges
        self.options = None
        self.tables = []            # bytes, in the order of the words

    def part(self, name, options, words):
        """True if this was one of our parts."""
        if name == "acpi":
            self.options = options
        elif name == "table":
            self.add(words[0], bytes.fromhex("".join(words[1:])), options)
        elif name == "srat":
            entries = b"".join(map(self.affinity, words))
            self.add("SRAT", struct.pack("<IQ", 1, 0) + entries, options)
        elif name == "madt":
            self.add("APIC", struct.pack("<II", 0xFEE00000, 1)
                     + b"".join(map(self.processor, words)), options)
        elif name == "slit":
            body = struct.pack("<Q", self.number(words[0])) + bytes(int(w) for w in words[1:])
            self.add("SLIT", body, options)
        elif name == "cedt":
            self.add("CEDT", b"".join(map(self.window, words)), options)
        else:
            return False
        return True

    def add(self, signature, body, options, length=None):
        size = HEADER + len(body) if length is None else length
        if "len" in options:
            size = self.number(options["len"])
        name = signature.encode().decode("unicode_escape").encode("latin-1")
        table = struct.pack("<4sIBB6s8sIII", name, size & 0xFFFFFFFF,
                            self.number(options.get("rev", "1")), 0,
                            b"DAYBRK", b"TESTCASE", 1, 0, 0) + body
        fix = checksum(table, options.get("sum") == "bad")
        self.tables.append(table[:9] + bytes([fix]) + table[10:])
        return self.tables[-1]

    def affinity(self, word):
        kind, _, rest = word.partition(":")
        if kind == "raw":
            return bytes.fromhex(rest)
        fields = rest.split(":")
        if kind == "many":
            base, size = map(self.number, fields[2].split("+"))
            step = self.number(fields[3])
            return b"".join(self.affinity(f"mem:{fields[1]}:{base + i * step:#x}+{size:#x}")
                            for i in range(self.number(fields[0])))
        pxm = self.number(fields[0])
        if kind == "cpu":
            apic = self.number(fields[1])
            high = pxm >> 8 & 0xFFFFFF
            return struct.pack("<BBBBIBBHI", 0, 16, pxm & 0xFF, apic, 1, 0, high & 0xFF, high >> 8, 0)
        base, size, _ = self.ranges([fields[1] + ":1"])[0]
        flags = self.number(fields[2]) if len(fields) > 2 else 1
        return struct.pack("<BBIHQQIIQ", 1, 40, pxm, 0, base, size, 0, flags, 0)

    def processor(self, word):
        kind, _, rest = word.partition(":")
        if kind == "raw":
            return bytes.fromhex(rest)
        first, flags = [self.number(n) for n in (rest + ":1").split(":")[:2]]
        if kind == "many":
            return b"".join(self.processor(f"wide:{flags + i}") for i in range(first))
        if kind == "wide":
            return struct.pack("<BBHIII", 9, 16, 0, first, flags, 0)
        return struct.pack("<BBBBI", 0, 8, 0, first, flags)

    def window(self, word):
        if word.startswith("raw:"):
            return bytes.fromhex(word[4:])
        base, size, _ = self.ranges([word + ":1"])[0]
        return struct.pack("<BBHIQQBBHIHHI", 1, 0, 40, 0, base, size, 0, 0, 0, 0, 0, 0, 0)

    def place(self):
        """([(address, bytes)], address of the RSDP, its bytes); nothing without an acpi part."""
        if self.options is None:
            return [], 0, b""
        option = {k: self.number(v) for k, v in self.options.items() if k != "sum"}
        rsdp_at = at = option["at"]
        at += 64
        pieces, entries = [], []
        for table in list(self.tables):
            pieces.append((at, table))
            entries.append(at)
            at += len(table) + 63 & ~63
        if "entry" in option:
            entries.append(option["entry"])
        revision = option.get("rev", 2)
        wide = revision >= 2
        lie = {"len": str(option["len"])} if "len" in option else {}
        body = struct.pack(f"<{len(entries)}{'Q' if wide else 'I'}", *entries)
        pieces.append((at, self.add("XSDT" if wide else "RSDT", body, lie)))
        rsdp = self.rsdp(option.get("rsdt", 0 if wide else at),
                         option.get("xsdt", at if wide else 0), revision)
        return pieces + [(rsdp_at, rsdp)], rsdp_at, rsdp

    def rsdp(self, rsdt, xsdt, revision):
        wrong = self.options.get("sum") == "bad"
        head = struct.pack("<8sB6sBI", b"RSD PTR ", 0, b"DAYBRK", revision, rsdt & 0xFFFFFFFF)
        head = head[:8] + bytes([checksum(head, wrong)]) + head[9:]
        if revision < 2:
            return head
        tail = struct.pack("<IQB3s", 36, xsdt, 0, b"")
        fix = checksum(head + tail, wrong)
        return head + tail[:12] + bytes([fix]) + tail[13:]
