# SPDX-License-Identifier: GPL-2.0-only
"""Cases nobody wrote: one boot per number, the same one for the same number.

A case is a machine, what firmware says of it, tables, modules and a command
line, mostly sensible, each with a chance of being wrong.  The result is the
lines of a case file, so a boot that fails can be pasted into one.  The kernel
may boot (status 33) or refuse (status 35) with one of REFUSALS; anything else,
and any exception, is a finding.
"""

import random

import cases

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
IMAGE, BLOCK = 1 << 20, 0x80000
SPLIT = {"q35": (0xB0000000, 2 * GIB), "pc": (0xE0000000, 3 * GIB)}    # most low RAM; low if more
TYPES = [2, 2, 3, 4, 5, 0, 6, 7, 12, 12, 16, 20, 128, 0x80000000, 0xEFFFFFFF, 0xFFFFFFFF]
REFUSALS = [
    r"not booted by multiboot2 or PVH", r"multiboot2: information block", r"PVH: start info",
    r"multiboot2: the kernel was loaded at", r"no RAM in the memory map",
    r"Invalid user supplied memory map", r"not enough memory: \d+K are free", r"no RAM at 0x",
]
WORDS = ["memblock=debug", "nogbpages", "movable_node", "kernelcore=mirror", "kernelcore=50%",
         "movablecore=30%", "kernelcore=64M", "numa=fake=2", "numa=fake=4", "numa=fake=32M",
         "numa=fake=2U", "numa=off", "hugepages=10", "hugepagesz=1G hugepages=1", "cma=16M",
         "cma=64M@0x2000000", "crashkernel=32M", "crashkernel=16M@32M", "reserve_mem=1M:4K:one",
         "retain_initrd", "efi=debug", "acpi=off", "page_poison=1", "init_on_free=1",
         "=", "--", 'x="unfinished', "foo.bar=1", "memblock=debugfoo", "loglevel=99", "numa=fake=0"]


class Machine:
    """What there really is: RAM spans, and places to put things."""

    def __init__(self, r):
        self.r = r
        self.machine = r.choice(["q35", "q35", "pc"])
        self.size = r.choice([16, 32, 64, 100, 128, 128, 128, 256, 512, 1024, 3072, 6144]) * MIB
        most, low = SPLIT[self.machine]
        self.low = self.size if self.size <= most else low
        self.spans = [(IMAGE, self.low)]
        if self.size > self.low:
            self.spans.append((4 * GIB, 4 * GIB + self.size - self.low))

    def place(self, first=0, end=0):
        """An address of RAM, usually round; the borders narrow it to low RAM."""
        if not end:
            first, end = self.r.choice(self.spans)
        at = self.r.randrange(first, end)
        rounded = at & -self.r.choice([1, 8, 4 * KIB, 4 * KIB, 4 * KIB, 64 * KIB, MIB, 2 * MIB])
        return rounded if rounded >= first else at

    def low_place(self):
        return self.place(*self.spans[0])

    def block_place(self):
        """For the loader's block: not on the kernel, and below the tables."""
        return self.place(4 * MIB, self.low // 2) & -8

    def table_place(self):
        return self.place(self.low // 2, self.low - MIB) & -16

    def length(self):
        r = self.r
        return r.choice([0, 1, r.randrange(1, 9 * KIB), 4 * KIB, 4 * KIB * r.randrange(1, 600),
                         MIB * r.randrange(1, 9), r.randrange(1, 40 * MIB)])


def honest_map(m):
    """(base, size, type) as firmware of this machine would say."""
    found = [(0, 0x9FC00, 1), (0x9FC00, 0x400, 2), (0xF0000, 0x10000, 2),
             (IMAGE, m.low - IMAGE - 128 * KIB, 1), (m.low - 128 * KIB, 128 * KIB, 2)]
    return found + [(first, end - first, 1) for first, end in m.spans[1:]]


def bent_map(m):
    r, found = m.r, honest_map(m)
    for _ in range(r.choice([0, 0, 1, 2, 5, 20])):
        found.append((m.place(), m.length(), r.choice([1, 1] + TYPES)))
    if r.random() < 0.2:        # cut it into pieces that say the same
        base, size, kind = found.pop(3)
        cuts = sorted({base, base + size} | {r.randrange(base, base + size) for _ in range(9)})
        found += [(a, b - a, kind) for a, b in zip(cuts, cuts[1:])]
    if r.random() < 0.1:        # not RAM, and far away
        found.append((r.randrange(1 << 64), r.randrange(1 << 64), r.choice(TYPES)))
    if r.random() < 0.1:        # RAM that is not there
        found.append((m.spans[-1][1], r.choice([4 * KIB, MIB, GIB, 1 << 47]), 1))
    if r.random() < 0.1:
        found.remove(r.choice(found))
    if r.random() < 0.3:
        r.shuffle(found)
    return found


def ranges(entries):
    return " ".join(f"{base:#x}+{size:#x}:{kind:#x}" for base, size, kind in entries)


def many(m):
    r = m.r
    return (f"many count={r.choice([10, 150, 600])} base={m.place():#x} "
            f"size={r.choice(['4K', '0x1800', '0x800', '8K'])} "
            f"step={r.choice(['8K', '12K', '6K'])} "
            f"type={r.choice([1, 1, 2, 5, 12])} order={r.choice(['up', 'down'])}")


def memmap_word(m):
    r = m.r
    size = r.choice(["0", "4K", "0x1801", "1M", "64M", "0xffffffffffffffff", f"{m.length():#x}"])
    at = r.choice(["0", "0x100000", f"{m.place():#x}", f"{m.place():#x}", "0xfffffffffffff000"])
    convert = r.choice(["-1+2", "+2", "+12", "-2+1", "-1", "", "-x", "+0xefffffff"])
    if r.random() < 0.15:
        return "memmap=" + r.choice(["exactmap", f"exactmap,640K@0,{m.low - IMAGE:#x}@1M"])
    return "memmap=" + r.choice([
        f"{size}${at}", f"{size}${at}", f"{size}!{at}", f"{size}#{at}", f"{size}@{at}",
        f"{size}%{at}{convert}", f"{size}^{at}", f"{m.place():#x}", f"{size}${at},4K$32M",
        "$", "@@@", "," * r.randrange(1, 9)])


def cmdline(m):
    r = m.r
    words = [r.choice(WORDS) for _ in range(r.choice([0, 0, 1, 2, 4]))]
    words += [memmap_word(m) for _ in range(r.choice([0, 0, 0, 1, 2, 3]))]
    if r.random() < 0.1:
        words.append(f"mem={m.place():#x}")
    if m.size > 256 * MIB:      # these touch all there is
        words = [word for word in words if word not in ("init_on_free=1", "page_poison=1")]
    if m.size > GIB:            # a hundred nodes and more are for numa.case
        words = [word for word in words if word != "numa=fake=32M"]
    r.shuffle(words)
    return " ".join(["selftest=all", "exit"] + words)


def affinity(m):
    r = m.r
    if r.random() < 0.3:
        return f"cpu:{r.choice([0, 1, 2, 300, 0x123456])}:{r.randrange(4)}"
    if r.random() < 0.1:
        kind, size = r.choice([0, 1, 2, 3, 77]), r.choice([0, 2, 8, 16, 24, 40, 255])
        return f"raw:{kind:02x}{size:02x}" + r.randbytes(max(min(size, 60) - 2, 0)).hex()
    span = r.choice([f"{m.place():#x}+{m.length():#x}", "0-0x100000000", f"0-{m.low:#x}"])
    flags = r.choice([1, 1, 1, 3, 0, 5, 0xFF])
    return f"mem:{r.choice([0, 0, 1, 1, 2, 7, 255, 4000])}:{span}:{flags}"


def acpi(m):
    r = m.r
    if r.random() < 0.4:
        return []
    lie = r.choice([""] * 6 + [" sum=bad", " len=0", f" len={r.randrange(300)}", " entry=0",
                               f" entry={r.randrange(1 << 64):#x}", f" entry={m.place():#x}",
                               f" xsdt={r.randrange(1 << 40):#x}", " rev=0", " rev=1"])
    parts = [f"acpi at={m.table_place():#x}{lie}"]
    for _ in range(r.choice([1, 1, 1, 2])):
        halves = [f"mem:0:0-{m.low // 2:#x}", f"mem:1:{m.low // 2:#x}-{m.size + 5 * GIB:#x}"]
        words = [affinity(m) for _ in range(r.choice([0, 0, 1, 3, 12]))]
        words += halves if r.random() < 0.7 else []
        bad = r.choice([""] * 8 + [" sum=bad", f" len={r.randrange(120)}", " len=0xffffffff"])
        parts.append(f"srat rev={r.choice([1, 2, 3])}{bad} {' '.join(words)}")
    if r.random() < 0.3:
        n = r.choice([0, 1, 2, 2, 2, 3, 9])
        cells = " ".join(str(r.choice([10, 20, 20, 31, 0, 255])) for _ in range(min(n, 3) ** 2))
        parts.append(f"slit {n} {cells}")
    if r.random() < 0.3:
        parts.append(f"table {r.choice(['FACP', 'APIC', 'SSDT'])} {r.randbytes(30).hex()}")
    return parts


def efi_map(m):
    r = m.r
    words = []
    for base, size, kind in bent_map(m):
        efi = {1: r.choice([7, 7, 3, 4, 2]), 3: 9, 4: 10}.get(kind, r.randrange(20))
        attr = r.choice([0xF, 0xF, 0x1000F, 0x4000F, 0x800000000000000F, (1 << 64) - 1])
        words.append(f"{base:#x}+{size:#x}:{efi}:{attr:#x}")
    desc = r.choice([48, 48, 40, 56, 8, 0, 41])
    return f"efimap desc={desc} version={r.choice([1, 1, 1, 2])} " + " ".join(words)


def module(m):
    """Anywhere in RAM, on anything.  QEMU reads what is no RAM at a microsecond a byte."""
    first = m.low_place()
    return f"module {first:#x} {min(first + m.length() + 1, m.low):#x}"


def odd_tag(m):
    r = m.r
    return r.choice([
        f"tag {r.randrange(24)} {r.randbytes(r.randrange(40)).hex() or '00'}",
        f"tag 99 @size={r.choice([0, 7, 9, 0x1000000, 0xFFFFFFFD])}",
        f"unknown count={r.choice([1, 1000])} bytes={r.randrange(9)}",
        module(m) + " m", module(m) + " m", f"module {m.low_place():#x} 0x1000 backwards",
        f"modules count={r.choice([2, 30])} base={m.low_place():#x} size=2000 step=4K",
        f"meminfo 640 {(m.low - IMAGE) // KIB}", "loader GRUB 2.06", "end",
        f"mmap said={r.choice([0, 8, 20, 0x10000])} {ranges(honest_map(m))}"])


def multiboot2(m):
    """The command line comes first: what follows may spoil all else."""
    r = m.r
    at = r.choice([BLOCK, BLOCK, m.block_place()])
    lie = r.choice([""] * 12 + [f" total={r.randrange(64, 600)}", " total=0xffffffff",
                                f" skip={r.randrange(300)}"])
    parts = [f"header at={at:#x}{lie}", "cmdline"]
    body = [f"mmap entry={r.choice([24, 24, 24, 32, 20])} {ranges(bent_map(m))}"]
    if r.random() < 0.1:
        body = [efi_map(m)]
    elif r.random() < 0.2:
        body.append(efi_map(m))
    if body[0].startswith("mmap entry=24") and r.random() < 0.2:
        body.insert(1, many(m))
    body += [odd_tag(m) for _ in range(r.choice([0, 0, 1, 1, 3]))]
    parts += body + acpi(m)
    return parts + ["end"] * (r.random() < 0.95)


def pvh(m):
    r = m.r
    parts = [f"header at={r.choice([BLOCK, m.block_place()]):#x}", "cmdline"]
    parts += [f"memmap {ranges(bent_map(m))}"] + [many(m)] * (r.random() < 0.2) + acpi(m)
    for _ in range(r.choice([0, 0, 0, 1, 3])):
        parts.append(module(m))
    if r.random() < 0.2:
        field = r.choice(["flags", "nr_modules", "modlist", "rsdp", "memmap", "memmap_entries",
                          "reserved"])
        value = r.choice([0, 1, 0xA5A5A5A5, 0xFFFFFFFF, m.low_place()])
        parts.append(f"set {field}={value:#x}")
    return parts


def make(number):
    """The boot of this number."""
    r = random.Random(number)
    m = Machine(r)
    kind = r.choice(["fake-mb2", "fake-mb2", "fake-pvh"])
    case = cases.Case(f"random/{number}")
    lines = [("loader", kind), ("machine", m.machine), ("mem", f"{m.size // MIB}M"),
             ("cpu", r.choice(["max,la57=off"] * 3 + ["max", "qemu64", "qemu64,-nx"])),
             ("cmdline", cmdline(m)), ("exit", "33 35"), ("timeout", "30"), ("cpu-seconds", "5")]
    if r.random() < 0.1 and m.size <= 128 * MIB:
        lines.append(("poison", "0xa5"))
    for part in multiboot2(m) if kind == "fake-mb2" else pvh(m):
        lines.append(("mbi" if kind == "fake-mb2" else "pvh", part))
    lines += [("refusal", reason) for reason in REFUSALS]
    cases.apply(case, lines)
    return case


def as_file(case):
    """What a case file would say."""
    return "".join(f"{key} = {line}\n" for key, value in case.values.items()
                   for line in (value if isinstance(value, list) else [value])
                   if value != cases.KEYS[key][0])
