#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Build the information block of a loader -- honest or hostile -- from words.

One line of a case (`mbi = ...` for multiboot2, `pvh = ...` for PVH, `linux = ...` for Linux's
boot_params) is one part.  Numbers are 0x hex, decimal, or sizes like 64M; ranges are half-open,
FIRST-END:TYPE or BASE+SIZE:TYPE; pc:128M stands for the usual map of such a
machine.  @size=N, @type=N and @end=HEX lie about a tag's size field or type,
or append bytes inside it.

multiboot2 parts
  header [magic=M] [at=ADDR] [ebx=ADDR] [total=N] [skip=N]   skip: drop last N bytes
  cmdline [TEXT]          the case's command line if no text; nul=no cuts the NUL
  loader TEXT | meminfo LOWER_KIB UPPER_KIB
  mmap [entry=24] [version=0] RANGE...     cut=N drops the last N bytes
  many count=N [base=16M] [size=4K] [step=8K] [type=1] [order=up|down]
                          appends N ranges to the mmap before it
  efi64 ADDR | efimap [desc=48] [version=1] FIRST-END:EFITYPE[:ATTR]...
  module FIRST END NAME   or  module initrd=ADDR NAME (the case's initrd put there)
  modules count=N ...     many modules, as `many`
  framebuffer ADDR WxHxBITS [pitch=N] [kind=1] [rgb=16:8,8:8,0:8]   kind 2: text
  acpi, table, srat, slit: see acpi.py; the RSDP's tag comes at `end`
  rsdp HEX | tag TYPE HEX | unknown count=N [tag=99] [bytes=8] | end | raw HEX
PVH parts
  header [magic=M] [version=1] [at=ADDR] [ebx=ADDR]
  cmdline [TEXT] | memmap RANGE... | module FIRST END | module initrd=ADDR
  set FIELD=VALUE         overrides a field of hvm_start_info after all
Linux parts
  header [mode=32|64] [load=1M] [at=ADDR] [cmdline=ADDR]   where image, block, text are put
  cmdline [TEXT] | e820 RANGE... | module FIRST END | module initrd=ADDR
  node ADDR next=ADDR [type=9] [bytes=32] [len=BYTES]      one of setup_data; the first is listed
  ext ADDR [next=0] RANGE...                               a node with further e820 entries
  set OFFSET:BYTES=VALUE  overrides bytes of boot_params after all

By hand: mbi.py --kernel kernel.elf --out DIR 'mmap pc:128M' 'cmdline exit' end
"""

import argparse
import os
import re
import struct
import sys

import acpi

MB2_MAGIC, PVH_MAGIC, LINUX_MAGIC = 0x36D76289, 0x336EC578, 0x53726448
NOTE_PHYS32_ENTRY = 18
UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
MASK64 = (1 << 64) - 1
PCI_SLOT = 8            # the first that a machine without devices has free


class BlobError(Exception):
    """Words that make no block; told in one line."""


def number(text):
    match = re.fullmatch(r"(-?)(0x[0-9a-fA-F]+|\d+)([KMGT]?)", text)
    if not match:
        raise BlobError(f"'{text}' is not a number")
    value = int(match[2], 0) * UNITS[match[3]]
    return -value & MASK64 if match[1] else value


def usual_map(size):
    """What QEMU's BIOS reports for a machine with this much RAM, all of it low."""
    return [(0, 0x9FC00, 1), (0x9FC00, 0x400, 2), (0xF0000, 0x10000, 2),
            (0x100000, size - 0x100000 - 0x20000, 1), (size - 0x20000, 0x20000, 2),
            (0xFFFC0000, 0x40000, 2)]


def ranges(words):
    """[(base, size, type)] from words; FIRST-END may wrap, as hostile firmware does."""
    result = []
    for word in words:
        if word.startswith("pc:"):
            result += usual_map(number(word[3:]))
            continue
        match = re.fullmatch(r"(\w+)([-+])(\w+):(\w+)", word)
        if not match:
            raise BlobError(f"'{word}' is no range FIRST-END:TYPE or BASE+SIZE:TYPE")
        base, second = number(match[1]), number(match[3])
        size = second if match[2] == "+" else (second - base) & MASK64
        result.append((base, size, number(match[4]) & 0xFFFFFFFF))
    return result


def many(options):
    count, base = number(options["count"]), number(options.get("base", "16M"))
    size, step = number(options.get("size", "4K")), number(options.get("step", "8K"))
    kind = number(options.get("type", "1"))
    result = [(base + i * step, size, kind) for i in range(count)]
    return result[::-1] if options.get("order") == "down" else result


def split_words(line):
    """'name k=v word @size=3' -> name, options, plain words, lies."""
    name, *rest = line.split()
    options, words, lies = {}, [], {}
    for word in rest:
        if word.startswith("@"):
            key, _, value = word[1:].partition("=")
            lies[key] = value
        elif re.match(r"[a-z_0-9]+=", word) and name != "cmdline":
            key, _, value = word.partition("=")
            options[key] = value
        else:
            words.append(word)
    return name, options, words, lies


class Elf:
    """Where a kernel wants to be entered."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = file.read()
        if self.data[:4] != b"\x7fELF":
            raise BlobError(f"{path}: not an ELF file")
        self.entry, offset = struct.unpack_from("<QQ", self.data, 24)
        size, count = struct.unpack_from("<HH", self.data, 54)
        self.segments = [struct.unpack_from("<IIQQQQQQ", self.data, offset + i * size)
                         for i in range(count)]

    def extent(self):
        """[start, end) of what it loads, by physical address."""
        loads = [(paddr, paddr + memsz) for kind, _, _, _, paddr, _, memsz, _ in self.segments
                 if kind == 1 and memsz]
        return min(start for start, _ in loads), max(end for _, end in loads)

    def multiboot_entry(self):
        for kind, _, _, vaddr, paddr, _, memsz, _ in self.segments:
            if kind == 1 and vaddr <= self.entry < vaddr + memsz:
                return paddr + self.entry - vaddr
        return self.entry

    def pvh_entry(self):
        for kind, _, offset, _, _, size, _, _ in self.segments:
            if kind != 4:
                continue
            end = offset + size
            while offset + 12 <= end:
                namesz, descsz, note = struct.unpack_from("<III", self.data, offset)
                desc = offset + 12 + (namesz + 3 & ~3)
                if note == NOTE_PHYS32_ENTRY:
                    return struct.unpack_from("<I", self.data, desc)[0]
                offset = desc + (descsz + 3 & ~3)
        raise BlobError("the kernel has no PVH entry note")


class Block:
    """What is put into guest memory: [(address, bytes)] and the three registers."""

    def __init__(self, magic, at):
        self.magic, self.at, self.ebx, self.bits = magic, at, None, 32
        self.pieces = []
        self.pci_ram = []           # (base, size): RAM that PCI devices supply (fakefw.asm)

    def files(self, folder, entry):
        """Write the pieces; return QEMU's -device arguments."""
        ebx = self.at if self.ebx is None else self.ebx
        registers = struct.pack("<IIIIQQ", self.magic, ebx & 0xFFFFFFFF, entry & 0xFFFFFFFF, self.bits,
                                entry, ebx)
        registers += b"".join(struct.pack("<BxxxI", slot << 3, base) for slot, (base, _)
                              in enumerate(self.pci_ram, PCI_SLOT)) + bytes(8)
        args = []
        for slot, (_, size) in enumerate(self.pci_ram, PCI_SLOT):
            args += ["-object", f"memory-backend-ram,id=low{slot},size={size},share=on,reserve=off",
                     "-device", f"ivshmem-plain,memdev=low{slot},addr={slot:#x}"]
        for index, (address, data) in enumerate(self.pieces + [(0x500, registers)]):
            path = os.path.join(folder, f"blob{index}.bin")
            with open(path, "wb") as file:
                file.write(data)
            args += ["-device", f"loader,file={path},addr={address:#x},force-raw=on"]
        return args


class Multiboot2:
    def __init__(self, cmdline, initrd):
        self.cmdline, self.initrd = cmdline, initrd
        self.block = Block(MB2_MAGIC, 0x80000)
        self.body = b""
        self.map_at = None          # offset of the last mmap tag in the body
        self.total = None
        self.skip = 0
        self.acpi = acpi.Tables(number, ranges)

    def tag(self, kind, payload, lies=None):
        lies = lies or {}
        payload += bytes.fromhex(lies.get("end", ""))
        size = number(lies["size"]) if "size" in lies else 8 + len(payload)
        kind = number(lies["type"]) if "type" in lies else kind
        self.body += struct.pack("<II", kind, size & 0xFFFFFFFF) + payload
        self.body += bytes(-len(self.body) % 8)

    def part(self, line):
        name, options, words, lies = split_words(line)
        if self.acpi.part(name, options, words):
            return
        handler = getattr(self, "do_" + name, None)
        if not handler:
            raise BlobError(f"no multiboot2 part '{name}'")
        handler(options, words, lies, line)

    def do_header(self, options, _words, _lies, _line):
        self.block.magic = number(options.get("magic", hex(MB2_MAGIC)))
        self.block.at = number(options.get("at", "0x80000"))
        if "ebx" in options:
            self.block.ebx = number(options["ebx"])
        self.total = number(options["total"]) & 0xFFFFFFFF if "total" in options else None
        self.skip = number(options.get("skip", "0"))

    def do_cmdline(self, _options, words, lies, line):
        nul = "nul=no" not in words
        text = re.split(r"(?<!\S)@", line[len("cmdline"):])[0].replace("nul=no", "").strip() or self.cmdline
        if "long" in lies:          # so many bytes, the case's own words first
            text = (text + " ").ljust(number(lies.pop("long")), "x")
        data = text.encode().decode("unicode_escape").encode("latin-1")
        self.tag(1, data + (b"\0" if nul else b""), lies)

    def do_loader(self, _options, words, lies, _line):
        self.tag(2, " ".join(words).encode() + b"\0", lies)

    def do_framebuffer(self, options, words, lies, _line):
        width, height, bits = (number(word) for word in words[1].split("x"))
        pitch = number(options.get("pitch", str(width * ((bits + 7) // 8))))
        colours = options.get("rgb", "16:8,8:8,0:8").replace(":", ",").split(",")
        self.tag(8, struct.pack("<QIIIBBH6B", number(words[0]) & MASK64, pitch & 0xFFFFFFFF, width,
                                height, bits, number(options.get("kind", "1")), 0,
                                *(int(colour) for colour in colours)), lies)

    def do_meminfo(self, _options, words, lies, _line):
        self.tag(4, struct.pack("<II", number(words[0]), number(words[1])), lies)

    def do_mmap(self, options, words, lies, _line):
        stride = number(options.get("entry", "24"))
        data = b"".join(struct.pack("<QQII", *r, 0)[:max(stride, 0)].ljust(stride, b"\0")
                        for r in ranges(words))
        data = data[:len(data) - number(options.get("cut", "0"))]
        self.map_at = len(self.body)
        said = number(options.get("said", str(stride)))
        self.tag(6, struct.pack("<II", said, number(options.get("version", "0"))) + data, lies)

    def do_many(self, options, _words, _lies, _line):
        data = b"".join(struct.pack("<QQII", *r, 0) for r in many(options))
        size = struct.unpack_from("<I", self.body, self.map_at + 4)[0] + len(data)
        head = self.body[:self.map_at + 4] + struct.pack("<I", size)
        self.body = head + self.body[self.map_at + 8:] + data

    def do_efi64(self, _options, words, lies, _line):
        self.tag(12, struct.pack("<Q", number(words[0])), lies)

    def do_efimap(self, options, words, lies, _line):
        stride = number(options.get("desc", "48"))
        data = b""
        for word in words:
            span, _, rest = word.partition(":")
            kind, _, attr = rest.partition(":")
            base, size, _ = ranges([span + ":0"])[0]
            entry = struct.pack("<IIQQQQ", number(kind), 0, base, 0, size >> 12,
                                number(attr or "0xf"))
            data += entry[:stride].ljust(stride, b"\0")
        head = struct.pack("<II", stride, number(options.get("version", "1")))
        self.tag(17, head + data, lies)

    def do_module(self, options, words, lies, _line):
        if "initrd" in options:
            if self.initrd is None:
                raise BlobError("module initrd=ADDR needs `initrd = SIZE` in the case")
            first = number(options["initrd"])
            end, name = first + len(self.initrd), " ".join(words)
            self.block.pieces.append((first, self.initrd))
        else:
            first, end, name = number(words[0]), number(words[1]), " ".join(words[2:])
        self.tag(3, struct.pack("<II", first, end) + name.encode() + b"\0", lies)

    def do_modules(self, options, _words, lies, _line):
        for first, size, _ in many(options):
            self.tag(3, struct.pack("<II", first, first + size) + b"many\0", lies)

    def do_rsdp(self, _options, words, lies, _line):
        self.tag(14, bytes.fromhex("".join(words)), lies)

    def do_tag(self, _options, words, lies, _line):
        self.tag(number(words[0]), bytes.fromhex("".join(words[1:])), lies)

    def do_unknown(self, options, _words, _lies, _line):
        payload = bytes(number(options.get("bytes", "8")))
        one = struct.pack("<II", number(options.get("tag", "99")), 8 + len(payload)) + payload
        self.body += (one + bytes(-len(one) % 8)) * number(options.get("count", "1"))

    def do_end(self, _options, _words, lies, _line):
        if self.acpi.options is not None:
            self.place_acpi()
        self.tag(0, b"", lies)

    def do_raw(self, _options, words, _lies, _line):
        self.body += bytes.fromhex("".join(words))

    def place_acpi(self):
        pieces, _, rsdp = self.acpi.place()
        self.block.pieces += pieces
        self.tag(15 if len(rsdp) > 20 else 14, rsdp)

    def finish(self):
        total = 8 + len(self.body) if self.total is None else self.total
        data = struct.pack("<II", total, 0) + self.body
        self.block.pieces.append((self.block.at, data[:len(data) - self.skip]))
        return self.block


class Pvh:
    """hvm_start_info at the block's address, its tables right behind it."""

    FIELDS = ["magic", "version", "flags", "nr_modules", "modlist", "cmdline", "rsdp", "memmap",
              "memmap_entries", "reserved"]

    def __init__(self, cmdline, initrd):
        self.cmdline, self.initrd = cmdline, initrd
        self.block = Block(0, 0x80000)
        self.fields = dict.fromkeys(self.FIELDS, 0)
        self.fields.update(magic=PVH_MAGIC, version=1)
        self.map, self.modules, self.sets = [], [], {}
        self.text = cmdline
        self.acpi = acpi.Tables(number, ranges)

    def part(self, line):
        name, options, words, _ = split_words(line)
        if self.acpi.part(name, options, words):
            return
        if name == "header":
            self.block.at = number(options.get("at", "0x80000"))
            self.block.ebx = number(options["ebx"]) if "ebx" in options else None
            self.sets.update({k: number(v) for k, v in options.items() if k in self.FIELDS})
        elif name == "cmdline":
            self.text = line[len("cmdline"):].strip() or self.cmdline
        elif name == "memmap":
            self.map += ranges(words)
        elif name == "many":
            self.map += many(options)
        elif name == "module" and "initrd" in options:
            first = number(options["initrd"])
            self.block.pieces.append((first, self.initrd))
            self.modules.append((first, len(self.initrd)))
        elif name == "module":
            self.modules.append((number(words[0]), number(words[1]) - number(words[0])))
        elif name == "set":
            for key, value in options.items():
                if key not in self.FIELDS:
                    raise BlobError(f"hvm_start_info has no field {key}")
                self.sets[key] = number(value)
        else:
            raise BlobError(f"no PVH part '{name}'")

    def finish(self):
        at, body = self.block.at, b""
        self.fields["cmdline"] = at + 64
        body += self.text.encode() + b"\0"
        body += bytes(-len(body) % 8)
        self.fields.update(memmap=at + 64 + len(body), memmap_entries=len(self.map))
        body += b"".join(struct.pack("<QQII", *r, 0) for r in self.map)
        if self.modules:
            self.fields.update(modlist=at + 64 + len(body), nr_modules=len(self.modules))
            body += b"".join(struct.pack("<QQQQ", a, s, 0, 0) for a, s in self.modules)
        pieces, self.fields["rsdp"], _ = self.acpi.place()
        self.block.pieces += pieces
        self.fields.update(self.sets)
        info = struct.pack("<IIIIQQQQII", *(self.fields[f] for f in self.FIELDS)).ljust(64, b"\0")
        self.block.pieces.append((at, info + body))
        return self.block


class Linux:
    """boot_params, and the image wherever the loader pleases."""

    FIELDS = {"loader": (0x210, 1), "initrd": (0x218, 4), "initrd_size": (0x21C, 4),
              "initrd_high": (0xC0, 4), "cmdline": (0x228, 4), "cmdline_high": (0xC8, 4),
              "entries": (0x1E8, 1), "nodes": (0x250, 8), "rsdp": (0x70, 8)}

    def __init__(self, cmdline, initrd):
        self.cmdline, self.initrd = cmdline, initrd
        self.block = Block(LINUX_MAGIC, 0x80000)
        self.load, self.text_at = 1 << 20, 0x90000
        self.params = bytearray(4096)
        self.params[0x1F1 + 0x11:0x206] = b"HdrS"
        struct.pack_into("<H", self.params, 0x206, 0x20F)
        self.put("loader", 0xFF)
        self.map, self.sets, self.text = [], [], cmdline
        self.acpi = acpi.Tables(number, ranges)

    def put(self, field, value):
        at, size = self.FIELDS[field]
        self.params[at:at + size] = value.to_bytes(size, "little")

    def part(self, line):
        name, options, words, _ = split_words(line)
        if self.acpi.part(name, options, words):
            return
        handler = getattr(self, "do_" + name, None)
        if not handler:
            raise BlobError(f"no Linux part '{name}'")
        handler(options, words, line)

    def do_header(self, options, _words, _line):
        self.block.bits = number(options.get("mode", "32"))
        self.load = number(options.get("load", "1M"))
        self.block.at = number(options.get("at", "0x80000"))
        self.text_at = number(options.get("cmdline", "0x90000"))

    def do_cmdline(self, _options, _words, line):
        self.text = line[len("cmdline"):].strip() or self.cmdline

    def do_e820(self, _options, words, _line):
        self.map += ranges(words)

    def do_module(self, options, words, _line):
        if "initrd" in options:
            first, size = number(options["initrd"]), len(self.initrd)
            self.block.pieces.append((first, self.initrd))
        else:
            first, size = number(words[0]), number(words[1]) - number(words[0])
        self.put("initrd", first & 0xFFFFFFFF)
        self.put("initrd_high", first >> 32)
        self.put("initrd_size", size)

    def node(self, options, at, kind, data):
        if not any(self.params[0x250:0x258]):
            self.put("nodes", at)
        said = number(options.get("len", str(len(data))))
        self.block.pieces.append((at, struct.pack("<QII", number(options.get("next", "0")), kind,
                                                  said) + data))

    def do_node(self, options, words, _line):
        self.node(options, number(words[0]), number(options.get("type", "9")),
                  bytes(number(options.get("bytes", "32"))))

    def do_ext(self, options, words, _line):
        self.node(options, number(words[0]), 1,
                  b"".join(struct.pack("<QQI", *r) for r in ranges(words[1:])))

    def do_set(self, _options, words, line):
        for word in line.split()[1:]:
            place, _, value = word.partition("=")
            at, _, size = place.partition(":")
            self.sets.append((number(at), number(size), number(value)))

    def finish(self):
        self.put("entries", min(len(self.map), 128))
        for i, entry in enumerate(self.map[:128]):
            struct.pack_into("<QQI", self.params, 0x2D0 + 20 * i, *entry)
        self.put("cmdline", self.text_at & 0xFFFFFFFF)
        self.put("cmdline_high", self.text_at >> 32)
        pieces, rsdp, _ = self.acpi.place()
        self.put("rsdp", rsdp)
        for at, size, value in self.sets:
            self.params[at:at + size] = value.to_bytes(size, "little")
        self.block.pieces += pieces + [(self.text_at, self.text.encode() + b"\0"),
                                       (self.block.at, bytes(self.params))]
        return self.block

    def entry(self):
        return self.load + (0x200 if self.block.bits == 64 else 0)


MAKERS = {"fake-mb2": Multiboot2, "fake-pvh": Pvh, "fake-linux": Linux}


def build(kind, lines, cmdline, initrd=None):
    """The block made of @lines; @kind is one of MAKERS."""
    return make(kind, lines, cmdline, initrd).finish()


def make(kind, lines, cmdline, initrd=None):
    """All parts read, nothing put together yet."""
    maker = MAKERS[kind](cmdline, initrd)
    for line in lines:
        try:
            maker.part(line)
        except (IndexError, KeyError, TypeError, ValueError, struct.error) as error:
            raise BlobError(f"cannot build '{line}': {error!r}") from None
    return maker


def main():
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--kernel", required=True, help="ELF file, for the entry point")
    p.add_argument("--out", required=True, metavar="DIR", help="where the pieces go")
    p.add_argument("--pvh", action="store_true", help="build a PVH start info")
    p.add_argument("parts", nargs="+", metavar="PART")
    args = p.parse_args()
    os.makedirs(args.out, exist_ok=True)
    elf = Elf(args.kernel)
    block = build("fake-pvh" if args.pvh else "fake-mb2", args.parts, "")
    entry = elf.pvh_entry() if args.pvh else elf.multiboot_entry()
    print(" ".join(block.files(args.out, entry)))


if __name__ == "__main__":
    try:
        main()
    except (BlobError, OSError) as error:
        sys.exit(f"mbi.py: {error}")
