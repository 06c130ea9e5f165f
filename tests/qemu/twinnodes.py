# SPDX-License-Identifier: GPL-2.0-only
"""Machines with nodes, and what the command line makes of them; the same for the same seed."""

import random

import twinlib

MIB = 1 << 20
# Where the kernels' own images are, ours at 1 MiB and Linux's at 16: nodes with a piece of an image
# are not hotpluggable, so such a border there tells the two apart and says nothing of memory.
IMAGES = (MIB, 64 * MIB)
HOTPLUG = 2
SIZES = [256, 384, 512, 777, 1024, 1023, 1536, 2048, 3000, 3072, 4096, 5120, 6144]


def size(rng, low, high):
    """A size somebody might type, between @low and @high MiB."""
    value = rng.randrange(low, max(low + 1, high))
    return rng.choice([f"{value}M", f"{value}M", f"{value * 1024}K", f"0x{value << 20:x}"]
                      + ([f"{value // 1024}G"] if value >= 1024 else []))


def cut(rng, total, parts, unit=1):
    """@total as a sum of @parts, some of them 0."""
    marks = sorted(rng.randrange(0, total // unit + 1) * unit for _ in range(parts - 1))
    return [b - a for a, b in zip([0] + marks, marks + [total])]


def qemu_nodes(rng, mem):
    """-numa: nodes of uneven size, some without memory, distances."""
    count = rng.choice([1, 2, 2, 2, 3, 4, 8])
    sizes = cut(rng, mem, count) if rng.random() < 0.7 else [mem // count] * count
    sizes[-1] += mem - sum(sizes)
    cpus = rng.choice([1, 2, 4])
    args = ["-smp", str(cpus)]
    for nid, mib in enumerate(sizes):
        word = f"node,nodeid={nid}"
        if nid < cpus:
            word += f",cpus={nid}"
        if mib:
            args += ["-object", f"memory-backend-ram,id=m{nid},size={mib}M,reserve=off"]
            word += f",memdev=m{nid}"
        args += ["-numa", word]
    if count > 1 and rng.random() < 0.5:
        symmetric = rng.random() < 0.5
        table = {}
        for a in range(count):
            for b in range(count):
                if a != b:
                    table[a, b] = table[b, a] if symmetric and a > b else \
                        rng.choice([11, 12, 15, 20, 21, 31, 32, 100, 254, 255])
        for (a, b), value in table.items():
            args += ["-numa", f"dist,src={a},dst={b},val={value}"]
    return args, count


def srat(rng, mem, end):
    """A table made by hand: in address order or not, with holes, overlaps, odd borders."""
    count = rng.choice([1, 2, 2, 3, 4, 6, 8])
    pxms = rng.sample(rng.choice([range(count), range(20), range(250, 300), range(1100)]), count) \
        if rng.random() < 0.4 else list(range(count))
    pieces = count + rng.choice([0, 0, 0, 1, 2, 5])
    coarse = rng.random() < 0.9
    unit = rng.choice([32 * MIB, 4 * MIB, MIB, 4096] if coarse else [1, 512])
    borders = sorted({rng.randrange(MIB, end) // unit * unit for _ in range(pieces - 1)})
    borders = [0] + [b for b in borders if 0 < b < end]
    borders.append(max(end, rng.choice([end, 0x200000000])))
    out = []
    for at, (start, stop) in enumerate(zip(borders, borders[1:])):
        pxm = pxms[at % count] if rng.random() < 0.8 else rng.choice(pxms)
        flags = rng.choice([1, 1, 1, 1, 1, 3, 3, 5, 7, 0])
        roll = rng.random()
        if roll < 0.04:
            stop += rng.choice([4096, MIB, 1])              # overlaps the next
        elif roll < 0.08:
            start += rng.choice([4096, 65536, MIB, 3 * MIB])   # leaves a gap
        elif roll < 0.1:
            stop = start
        if any(IMAGES[0] < border < IMAGES[1] for border in (start, stop)):
            flags &= ~HOTPLUG
        out.append(f"mem:{pxm}:0x{start:x}-0x{stop:x}:{flags}")
    if rng.random() < 0.5:
        out = sorted(out, key=lambda _: rng.random())
    cpus = [f"cpu:{rng.choice(pxms + [rng.randrange(300)] * (rng.random() < 0.2))}:{apic}"
            for apic in range(rng.choice([0, 1, 2, 4]))]
    out = cpus + out if rng.random() < 0.8 else out + cpus
    lines = [f"srat rev={rng.choice([1, 2, 3, 3])} " + " ".join(out)]
    if rng.random() < 0.3:
        n = rng.choice([count, count, count + 1, max(1, count - 1)])
        row = [10 if a == b else rng.choice([11, 15, 20, 20, 21, 40, 255])
               for a in range(n) for b in range(n)]
        if rng.random() < 0.1:
            row[rng.randrange(len(row))] = rng.choice([0, 9, 10, 12])
        lines.append(f"slit {n} " + " ".join(map(str, row)))
    return lines, count


def numa(rng, nodes):
    distances = ":" + ",".join(str(rng.choice([10, 10, 20, 15, 40, 255])) for _ in
                               range(rng.choice([1, 4, 9, 16]))) if rng.random() < 0.2 else ""
    return "numa=" + rng.choice(
        ["off", "noacpi", "nohmat"] + [f"fake={n}{distances}" for n in (2, 3, 4, 5, 7, 8, 16, 64)]
        + [f"fake={n}U{distances}" for n in (1, 2, 3, 4, 6)]
        + [f"fake={n}M{distances}" for n in (16, 32, 64, 100, 128, 300, 512)]
        + ["fake=1G", "fake=0", "fake=-1", "fake=x", "fake=3MU", "fake=2000", "fake=0x4", "fakes=3"])


def movable(rng, mib):
    out = []
    for word in rng.choice([["kernelcore"], ["movablecore"], ["kernelcore", "movablecore"],
                            ["movablecore", "kernelcore"]]):
        value = rng.choice([f"{rng.choice([0, 1, 10, 25, 50, 75, 99, 100])}%", size(rng, 1, mib),
                            size(rng, mib // 3, mib), size(rng, 1, 3 * mib), "0", "abc"])
        if word == "kernelcore" and rng.random() < 0.1:
            value = rng.choice(["mirror", "mirror,foo"])
        out.append(f"{word}={value}")
    return " ".join(out)


def nodes_list(rng, count):
    return ",".join(f"{rng.choice(list(range(count)) + [9])}:{rng.choice([0, 1, 1, 2, 3])}"
                    for _ in range(rng.choice([1, 2, 2, 3]))) + ("," if rng.random() < 0.05 else "")


def huge(rng, count):
    out = []
    for _ in range(rng.choice([1, 1, 2, 3])):
        roll = rng.random()
        if roll < 0.15:
            out.append("default_hugepagesz=" + rng.choice(["2M", "1G", "1G", "4K", "3M", "2m"]))
        if roll < 0.8:
            out.append("hugepagesz=" + rng.choice(["2M", "1G", "1G", "1G", "1g", "2048K", "64K", "1T", "x"]))
        out.append("hugepages=" + rng.choice(
            ["0", "1", "1", "2", "3", "10", "x", "1x", "-1", "1,2", ""]
            + [nodes_list(rng, count)] * 6))
    return " ".join(out)


def crash(rng, mib):
    half = size(rng, 1, mib)
    forms = [size(rng, 1, mib), size(rng, 16, mib // 2), f"{size(rng, 16, mib // 2)},high",
             f"{half},high crashkernel={size(rng, 16, 300)},low", f"{half},low",
             f"{size(rng, 16, 256)}@{size(rng, 16, mib)}", f"{size(rng, 16, 256)}@{16 * rng.randrange(64)}M",
             f"0-{mib}M:{size(rng, 16, 200)},{mib}M-:{size(rng, 16, 200)}",
             f"128M-1G:32M,1G-2G:{size(rng, 16, 200)},2G-:{size(rng, 16, 300)}@{16 * rng.randrange(64)}M",
             "1G-:64M", "1G:64M", "1G-512M:64M", "x", "", "64M@", "64M:", "64M@x", "64Mx", "64M,foo",
             "64M,high,low", "0", "1G-2G:,2G-:64M", "1M-:64M@x", "512M-2G:64M,2G-:128M", "1-2", "1-2:3",
             "64M,high crashkernel=x,low", "-1", "1G-2G", "0-:0", "0M-:64M,high"]
    words = f"crashkernel={rng.choice(forms)}"
    return words + (f" crashkernel={rng.choice(forms)}" if rng.random() < 0.2 else "")


def named(rng):
    word = rng.choice(["a", "b", "trace", "fifteen-letters", "sixteen-letters!", "x y", ""])
    return f"reserve_mem={rng.choice(['1M', '4096', '10M', '0', '3', 'x', '64G'])}:" \
           f"{rng.choice(['4096', '0', '1M', '64', '2M', 'x', ''])}:{word}"


def words(rng, mib, count):
    out = []
    for chance, make in ((0.35, lambda: numa(rng, count)), (0.3, lambda: movable(rng, mib)),
                         (0.2, lambda: "movable_node"), (0.3, lambda: huge(rng, count)),
                         (0.3, lambda: crash(rng, mib)), (0.15, lambda: named(rng)),
                         (0.1, lambda: f"mem={size(rng, max(128, mib // 2), mib)}"),
                         (0.1, lambda: f"memmap={rng.choice([1, 16, 40])}M${rng.randrange(110, mib)}M")):
        if rng.random() < chance:
            out.append(make())
    rng.shuffle(out)
    return " ".join(out)


def machines(seed, count):
    """@count machines; the n-th does not depend on the count."""
    out = []
    for at in range(count):
        rng = random.Random(f"nodes/{seed}/{at}")
        mib = rng.choice(SIZES)
        machine = rng.choice(["pc", "pc", "q35"])
        low = (3072 if machine == "pc" else 2048) << 20 if mib > (3583 if machine == "pc" else 2815) \
            else mib << 20
        end = (mib << 20) if low == mib << 20 else (4 << 30) + (mib << 20) - low
        qemu, acpi, nodes = [], [], 1
        roll = rng.random()
        if roll < 0.4:
            qemu, nodes = qemu_nodes(rng, mib)
        elif roll < 0.9:
            acpi, nodes = srat(rng, mib, end)
            qemu = ["-smp", str(rng.choice([1, 2, 4]))]
        cpu = rng.choice(["qemu64", "qemu64,+pdpe1gb", "qemu64,+pdpe1gb", "max"])
        out.append(twinlib.Machine(f"nodes-{seed}/{at}", machine=machine, cpu=cpu, mem=f"{mib}M",
                                   initrd=rng.choice(["", "", "3M"]), cmdline=words(rng, mib, nodes),
                                   qemu=qemu, acpi=acpi))
    return out
