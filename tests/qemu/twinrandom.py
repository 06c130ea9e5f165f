# SPDX-License-Identifier: GPL-2.0-only
"""Machines and command lines nobody thought of, the same for the same seed.

Each is made so that Linux has a chance: its own place, below 96 MiB, stays RAM most
of the time, and RAM that is not there is not promised.
"""

import random

import twinlib

KIB, MIB = 1 << 10, 1 << 20
LOW = 96 * MIB                      # both kernels live below
SIZES = ["100M", "128M", "256M", "512M", "777M", "1G", "1023M", "1500M", "2G", "2047M", "2600M",
         "3G", "3071M", "3500M", "4G", "4099M", "5G", "6G", "9G"]
CPUS = ["qemu64", "qemu64", "qemu64,+pdpe1gb", "max", "max,la57=off", "qemu64,-nx", "Haswell",
        "EPYC", "qemu64,-pse"]
TYPES = ["0", "1", "2", "3", "4", "5", "7", "12", "20", "128", "0xefffffff", "4294967295"]
PLAIN = ["nogbpages", "movable_node", "foo", "bar=1", "-- mem=64M", 'qux="a b"', "mem=nopentium",
         "memblock=foo", "mem", "memmap", "memtest=1", "memtest=0", "memtest", "BOOT_IMAGE=/x",
         "reserve_mem=1M:4096:one", "a.b=c", '"x y=z"', "mem=0", "mem=-1", "memmap=nn@ss",
         "memblock", "nogbpages gbpages", "mem_=1", "memmap=exactmap"]
SIZED = [0, 1, 4096, 5000, 64 * KIB, MIB, 2 * MIB, 3 * MIB, 16 * MIB, 64 * MIB]
UNITS = [1, 4096, 4096, 4096, MIB, 2 * MIB]
EDGES = [0, 0x1000, 0x90000, 0x9e000, 0x9fc00, 0xa0000, 0xf0000]


def number(rng, value):
    """An address or a size the way somebody might type it."""
    forms = [f"0x{value:x}", f"{value}", f"0X{value:X}", f"0{value:o}"]
    for shift, letter in ((10, "K"), (20, "M"), (30, "G")):
        if value and value % (1 << shift) == 0:
            forms += [f"{value >> shift}{letter}", f"{value >> shift}{letter.lower()}"] * 2
    return rng.choice(forms)


def span(rng, end):
    """(start, size), anywhere from LOW to a bit above all RAM; sometimes in the first MiB."""
    size = rng.choice(SIZED) if rng.random() < 0.6 else rng.randrange(1, 96 * MIB)
    unit = rng.choice(UNITS)
    size = size // unit * unit or size
    roll = rng.random()
    if roll < 0.12:
        return rng.choice(EDGES), min(size, 64 * KIB)
    if roll < 0.22:
        return end + rng.choice([0, MIB, 1 << 32]), size
    if roll < 0.4:                  # across a border of a big page
        border = rng.choice([2 * MIB, 1 << 30]) * rng.randrange(1, 90)
        return max(LOW, border - size // 2 // unit * unit), size
    return (LOW + rng.randrange(max(1, end - LOW))) // unit * unit, size


def convert(rng, text, at):
    """One of the four forms with a percent sign."""
    before, after = rng.choice(["1", "1", "1", "2", "3", "4", "0"]), rng.choice(TYPES)
    form = rng.choice(["-{a}+{b}", "+{b}", "-{a}", "", "-{a}+{b}x"])
    if form == "+{b}" and after in ("1", "128"):
        after = "2"                 # no promises
    return f"{text}%{at}" + form.format(a=before, b=after)


def memmap(rng, end):
    """One element of a memmap= list."""
    start, size = span(rng, end)
    text, at = number(rng, size), number(rng, start)
    roll = rng.random()
    if roll < 0.45:
        return f"{text}{rng.choice('$$$#!')}{at}"
    if roll < 0.85:
        return convert(rng, text, at)
    if roll < 0.88 and LOW <= start < start + size < end * 3 // 4:
        return f"{text}@{at}"
    if roll < 0.94:
        return number(rng, rng.randrange(max(LOW, end * 2 // 3), 2 * end) & -4096)
    return rng.choice(["zzz", "", f"{end}^{at}", "^", f"{text}${at}x", f"{text}$", f"{end}x"])


def exactmap(rng, end):
    """A whole map of the user's, out of RAM that is there."""
    top = min(end, 0x7f000000) - 2 * MIB
    cuts = sorted(rng.randrange(LOW, max(LOW + 1, top)) & -rng.choice([1, 4096, MIB])
                  for _ in range(rng.choice([1, 2, 4])))
    parts = ["exactmap", "639K@0", f"{number(rng, cuts[0] - MIB)}@1M"]
    for low, high in zip(cuts, cuts[1:] + [top]):
        if high > low:
            parts.append(number(rng, high - low) + rng.choice("@@@$#!") + number(rng, low))
    return "memmap=" + rng.choice([",", " memmap="]).join(parts)


def words(rng, end):
    out = []
    for _ in range(rng.choice([0, 1, 1, 1, 2, 2, 3, 4])):
        roll = rng.random()
        if roll < 0.55:
            out.append("memmap=" + ",".join(memmap(rng, end)
                                            for _ in range(rng.choice([1, 1, 1, 2, 3]))))
        elif roll < 0.7:
            limit = rng.randrange(max(LOW, end // 3), end * 5 // 4)
            out.append("mem=" + number(rng, limit // (unit := rng.choice(UNITS)) * unit))
        elif roll < 0.75:
            out.append(exactmap(rng, end))
        else:
            out.append(rng.choice(PLAIN))
    if rng.random() < 0.05:         # arrays double
        first = LOW >> 20
        holes = [f"4K${first + at}M" for at in range(rng.choice([128, 130, 150]))]
        out.append("memmap=" + ",".join(holes))
    return " ".join(out)


def machines(seed, count):
    """@count machines; the n-th does not depend on the count."""
    out = []
    for at in range(count):
        rng = random.Random(f"{seed}/{at}")
        mem = rng.choice(SIZES) if rng.random() < 0.8 else f"{rng.randrange(100, 4500)}M"
        end = twinlib.q.parse_size(mem)
        initrd = rng.choice(["", "", "", "100K", "1234567", "3M", "20M"])
        out.append(twinlib.Machine(f"random-{seed}/{at}", machine=rng.choice(["pc", "pc", "q35"]),
                                   cpu=rng.choice(CPUS), mem=mem, initrd=initrd,
                                   cmdline=words(rng, end)))
    return out
