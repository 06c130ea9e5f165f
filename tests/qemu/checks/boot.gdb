# SPDX-License-Identifier: GPL-2.0-only
# A GDB session from the reset vector to the hand-over: the 32-bit entry, the
# first C function in the higher half, memblock_free_all() with memblock's
# arrays readable by name and source lines known.
set confirm off
set pagination off
set width 0

break multiboot2_entry
continue
printf "gdb: entry at %#lx\n", (unsigned long)$pc
delete

break start_kernel
continue
printf "gdb: start_kernel at %#lx\n", (unsigned long)$pc
info line
bt

break memblock_free_all
continue
printf "gdb: memblock.memory.cnt = %lu\n", (unsigned long)memblock.memory.cnt
printf "gdb: memory[0].base = %#lx\n", (unsigned long)memblock.memory.regions[0].base
bt
delete
detach
