# SPDX-License-Identifier: GPL-2.0-only
"""Device trees nobody thought of, for tests/qemu/twins --arch arm64 --random N.

Banks with holes and odd borders around the kernel, reserved memory that overlaps what it likes,
nodes that want a place, numbers of nodes, and words of the command line.
"""

import random

from twinlib import Machine

RAM, SIZE, PAGE, MIB = 0x40000000, 1 << 30, 4096, 1 << 20
# The image, the tree, the initrd and what Linux needs to breathe lie in here.
CORE = (RAM, 0x10000000)
FIRMWARE = [    # what Linux needs to come as far as our log goes
    'intc@8000000 { compatible = "arm,cortex-a15-gic"; #interrupt-cells = <3>; interrupt-controller;'
    ' reg = <0 0x8000000 0 0x10000 0 0x8010000 0 0x10000>; phandle = <1>; };',
    'timer { compatible = "arm,armv8-timer"; always-on;'
    ' interrupts = <1 13 0x104 1 14 0x104 1 11 0x104 1 10 0x104>; };',
    'psci { compatible = "arm,psci-1.0", "arm,psci-0.2"; method = "hvc"; };',
    'cpus { #address-cells = <1>; #size-cells = <0>; cpu@0 { device_type = "cpu";'
    ' compatible = "arm,cortex-a72"; reg = <0>; }; };',
]
ROOT = 'root #address-cells = <2>; #size-cells = <2>; interrupt-parent = <1>; model = "random";'
# Among holes the next place below Linux's page array may be far away.
PLACES = {"/^(cma|crashkernel)(:| reserved:)/": "Linux's page array is in the way, and larger"}
WORDS = ["", "", "mem=600M", "mem=300M", "cma=16M", "cma=0", "crashkernel=64M", "hugepages=8",
         "hugepagesz=32M hugepages=2", "hugepagesz=64K hugepages=9", "numa=off", "movable_node",
         "kernelcore=400M", "movablecore=20%", "reserve_mem=1M:4096:x"]


def cells(*numbers):
    return " ".join(f"{number >> 32:#x} {number & 0xffffffff:#x}" for number in numbers)


def span(dice, grain):
    """(base, size) above the core, of @grain bytes or by the byte."""
    base = RAM + dice.randrange(CORE[1], SIZE - 64 * MIB, grain)
    return base, dice.randrange(grain, 48 * MIB, grain)


def banks(dice):
    """Nodes of memory: the core, and up to five more, some of them of another node."""
    found = [CORE] + [span(dice, dice.choice([PAGE, PAGE, 0x400, 2 * MIB]))
                      for _ in range(dice.randrange(6))]
    if dice.randrange(3) == 0:
        found = [(RAM, SIZE)]
    dice.shuffle(found)
    numbered = dice.randrange(3) == 0
    for at, (base, size) in enumerate(found):
        more = f" numa-node-id = <{dice.randrange(3)}>;" if numbered and dice.randrange(8) else ""
        # Both kernels warn where such a bank overlaps another one.
        more += " hotpluggable;" if len(found) == 2 and base != RAM and dice.randrange(2) else ""
        yield (f'bank{at} {{ device_type = "memory"; reg = <{cells(base, size)}>;{more} }};')


def reserved(dice):
    """Children of /reserved-memory; those of a pool lie apart from the others."""
    for at in range(dice.randrange(1, 8)):
        kind = dice.randrange(8)
        flag = dice.choice(["", "", " no-map;", ' status = "disabled";', " reusable;"])
        if kind < 4:
            base, size = span(dice, dice.choice([PAGE, PAGE, 0x400, 64 * 1024]))
            yield f"r{at} {{ reg = <{cells(base, min(size, 8 * MIB))}>;{flag} }};"
        elif kind < 6:
            size = dice.choice([PAGE, 3 * PAGE, MIB, 4 * MIB, 2 << 30])
            more = f" alignment = <{cells(dice.choice([PAGE, MIB, 4 * MIB]))}>;" * dice.randrange(2)
            if dice.randrange(2):
                more += f" alloc-ranges = <{cells(*span(dice, MIB), *span(dice, MIB))}>;"
            flag = dice.choice(["", " no-map;"])
            yield f"d{at} {{ size = <{cells(size)}>;{more}{flag} }};"
        elif kind == 6:
            yield (f'p{at} {{ compatible = "shared-dma-pool"; reusable;'
                   f" size = <{cells(dice.choice([2, 4, 16]) * MIB)}>; }};")
        else:
            yield f"z{at} {{ reg = <{cells(RAM + dice.randrange(SIZE), 0)}>; }};"


def machine(seed, number):
    dice = random.Random(f"{seed}/{number}")
    tree, deeds = FIRMWARE + list(banks(dice)), [ROOT]
    if dice.randrange(4):
        inside = list(reserved(dice))
        tree.append("reserved-memory { #address-cells = <2>; #size-cells = <2>; ranges; "
                    + " ".join(inside) + " };")
    if dice.randrange(4) == 0:
        base, size = span(dice, 0x10)
        deeds.append(f"memreserve {base:#x} {size & 0xfffff0 or 16:#x}")
    if dice.randrange(6) == 0:
        deeds.append("chosen linux,usable-memory-range = "
                     f"<{cells(RAM, dice.randrange(CORE[1], SIZE, 0x400))}>;")
    # Its initrd, unlike a loader's, may be anywhere in the core and of any size.
    if dice.randrange(3) == 0:
        start = 0x45000000
        deeds.append(f"chosen linux,initrd-start = <{start:#x}>; "
                     f"linux,initrd-end = <{start + dice.randrange(1, 2 * MIB):#x}>;")
    return Machine(f"tree-{seed}-{number}", arch="arm64", machine="virt", cpu="cortex-a72",
                   mem="1G", cmdline=dice.choice(WORDS), dts=tree, dtfw=deeds, differs=PLACES)


def machines(seed, count):
    """The first @count machines of @seed."""
    return [machine(seed, number) for number in range(count)]
