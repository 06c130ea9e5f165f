# SPDX-License-Identifier: GPL-2.0-only
"""Linux's names on the way of memory, and where the same happens here.

GDB's `break` (breaks.py) looks here for names that are no function; mm/README.md shows the
chains; a scripted session (tests/qemu/checks/names.gdb) sets a breakpoint on every name.

CHAINS: each name is indented below the one that calls it.  A star: not every boot passes it.  A
wave: no function has the name; HERE says which ones do it, and what differs.
"""

import re

CHAINS = """
start_kernel
  setup_arch
    early_reserve_memory
      memblock_reserve
        memblock_add_range
          memblock_insert_region
          memblock_merge_regions ~
    e820__memory_setup
    e820__trim_bios_range
      e820__update_table
    e820__memblock_setup
      memblock_add
      memblock_trim_memory
    reserve_real_mode
      memblock_phys_alloc_range
        memblock_alloc_range_nid ~
          choose_memblock_flags
          memblock_find_in_range_node
            __memblock_find_range_top_down
            __memblock_find_range_bottom_up *
    init_mem_mapping
      memblock_phys_free
        memblock_remove_range
          memblock_isolate_range ~
          memblock_remove_region
      init_range_memory_mapping ~
        init_memory_mapping
    initmem_init
      memblock_set_node
    dma_contiguous_reserve
    hugetlb_cma_reserve
    zone_sizes_init
      free_area_init
        find_zone_movable_pfns_for_nodes
  hugepages_setup
  mm_core_init
    build_all_zonelists
    mem_init
      memblock_free_all
        reset_all_zones_managed_pages
        free_low_memory_core_early
          memblock_clear_hotplug
            memblock_setclr_flag
          memmap_init_reserved_pages
            reserve_bootmem_region
          __free_memory_core
            __free_pages_memory
              memblock_free_pages
                __free_pages_core ~
  page_alloc_init_late
    gather_bootmem_prealloc
    memblock_discard
  free_initmem
    free_reserved_area
      free_reserved_page

memblock_alloc_try_nid
  memblock_alloc_internal
"""

# The steps with a wave.
HERE = """
memblock_merge_regions     add_between,add_union,put_entry           neighbours that agree grow
memblock_isolate_range     memblock_remove_range,edit_window         what a border cuts is rewritten
memblock_alloc_range_nid   memblock_alloc_range_nid,alloc_range_nid  all allocators share the second
init_range_memory_mapping  map_ram_in                                the same
__free_pages_core          memblock_free_pages                       the same step
"""

# What older kernels, and articles about them, call it.
OLDER = """
mm_init                    mm_core_init                              until 6.4
free_all_bootmem           memblock_free_all                         until 4.20
__free_pages_bootmem       memblock_free_pages                       until 4.20
free_highpages             -                                         no memory is high here
"""

LINK = re.compile(r"^( *)(\w+)( [*~])?$")
ROW = re.compile(r"^(\w+)  +([\w,]+|-)  +(\S.*)$")


def chain():
    """[(depth, name, mark)] of CHAINS."""
    found = [LINK.match(line).groups() for line in CHAINS.split("\n") if line]
    return [(len(indent) // 2, name, (mark or "").strip()) for indent, name, mark in found]


def elsewhere():
    """{Linux's name: ([functions here], sentence)}"""
    found = [ROW.match(line).groups() for line in (HERE + OLDER).split("\n") if line]
    return {name: (ours.split(",") if ours != "-" else [], why) for name, ours, why in found}


def callers():
    """{name: the name it is indented below}"""
    above, found = [], {}
    for depth, name, _ in chain():
        del above[depth:]
        found.setdefault(name, above[-1] if above else None)
        above.append(name)
    return found
