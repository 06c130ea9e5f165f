# SPDX-License-Identifier: GPL-2.0-only
# Every command of scripts/gdb/daybreak.py: in the middle of boot, and at the monitor's prompt,
# where checks/same-views compares it with what the kernel itself says.
set confirm off
set pagination off
set width 0
source scripts/gdb/daybreak.py

break reserve_real_mode
continue
echo == early dump\n
mb dump
echo == early free\n
mb free
echo == early type\n
print memblock.memory
print memblock.memory.regions[1]
delete

break monitor
continue
delete
echo == mb\n
mb dump
echo == owners\n
mb owners
echo == history 12\n
mb history 12
echo == buddy\n
buddy
echo == pt ffffffff80102000\n
pt 0xffffffff80102000
echo == pt 0\n
pt 0
echo == find 3000000\n
mb find 0x3000000
echo == find b8000\n
mb find 0xb8000
echo == find 800000000\n
mb find 0x800000000
echo == zones\n
zones
echo == zone\n
print node_data[0]->node_zones[0]
echo == misuse\n
python
for words in ("mb find", "mb find nothing_of_that_name", "mb history x", "pt", "pt 1 +"):
    try:
        gdb.execute(words)
        print(f"no answer to {words}")
    except gdb.error as error:
        print(f"{words}: {error}")
# Both borders of every owner, and the bytes beside them.
for base, size, owner, caller in records():
    for address in (base, base + size - 1, base + size):
        print(f"== find {address:x}")
        gdb.execute(f"mb find {address:#x}")
end
detach
