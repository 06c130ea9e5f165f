# SPDX-License-Identifier: GPL-2.0-only
# The functions at which readers of Linux stop on arm64, in the order in which they come; the
# first time each is met it says who called it.
set confirm off
set pagination off
set width 0
set breakpoint always-inserted on

python
NAMES = ("setup_machine_fdt", "early_init_dt_scan_memory", "early_init_dt_add_memory_arch",
         "arm64_memblock_init", "early_init_fdt_scan_reserved_mem", "fdt_scan_reserved_mem",
         "paging_init", "map_mem", "fdt_scan_reserved_mem_reg_nodes", "bootmem_init",
         "arch_numa_init", "zone_sizes_init", "dma_contiguous_reserve", "mem_init",
         "memblock_free_all", "free_initmem")


def backtrace():
    frame, names = gdb.newest_frame(), []
    while frame:
        names.append(frame.name() or "?")
        frame = frame.older()
    return names


for name in NAMES:
    gdb.execute(f"tbreak {name}")
    gdb.execute("continue")
    seen = backtrace()
    print(f"names: {name}: {' < '.join(seen)}")
    if name not in seen[:2] or "start_kernel" not in seen:
        print(f"names: WRONG: {name}")
        break
    if name == "memblock_free_all":
        print("names: memory.cnt", int(gdb.parse_and_eval("memblock.memory.cnt")),
              "base", hex(int(gdb.parse_and_eval("memblock.memory.regions[0].base"))))
print(f"names: {name} was the last")
end
detach
