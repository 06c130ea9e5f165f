# SPDX-License-Identifier: GPL-2.0-only
"""Linux's names on the way of memory, and where the same happens here.

GDB's `break` (breaks.py) looks here for names that are no function; mm/README.md shows the
chains; a scripted session (tests/qemu/checks/names.gdb) sets a breakpoint on every name.

CHAINS: each name is indented below the one that calls it.  A star: not every boot passes it.  A
wave: no function has the name; HERE says which ones do it, and what differs.  MORE and OLDER are
known to `break` alike.
"""

import re
import textwrap

CHAINS = """
start_kernel
  setup_arch
    early_reserve_memory
      early_reserve_initrd
      memblock_reserve
        memblock_add_range
          memblock_insert_region
          memblock_merge_regions ~
    e820__memory_setup
    trim_bios_range
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
      memory_map_top_down
        init_range_memory_mapping
          init_memory_mapping
          probe_page_size_mask ~
      memory_map_bottom_up *
    reserve_initrd
    acpi_boot_table_init
    initmem_init
      numa_memblks_init
        acpi_numa_init
        memblock_set_node
        numa_cleanup_meminfo
        numa_register_meminfo
      alloc_node_data
    dma_contiguous_reserve
      cma_declare_contiguous_nid
    hugetlb_cma_reserve
    reserve_crashkernel
      reserve_crashkernel_generic
    zone_sizes_init
      sparse_init ~
      free_area_init
        find_zone_movable_pfns_for_nodes
        calculate_node_totalpages
        free_area_init_node
          zone_spanned_pages_in_node
          zone_init_free_lists
      setup_per_cpu_pageset
        setup_zone_pageset
  alloc_large_system_hash
    memblock_alloc_try_nid *
      memblock_alloc_internal
  hugepages_setup
    hugetlb_hstate_alloc_pages *
  mm_core_init
    build_all_zonelists
      build_zonelists
        find_next_best_node ~
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
                __free_pages_core
  page_alloc_init_late
    gather_bootmem_prealloc
    memblock_discard
  cma_init_reserved_areas
    cma_activate_area
  setup_per_zone_wmarks
    setup_per_zone_lowmem_reserve
  free_initrd_mem
  free_initmem
    free_reserved_area
      free_reserved_page

alloc_pages
  __alloc_pages
    get_page_from_freelist
      zone_watermark_ok
      rmqueue
        __rmqueue_pcplist
        rmqueue_bulk
        __rmqueue
          __rmqueue_smallest
          __rmqueue_fallback *
    prep_new_page *
__free_pages
  free_unref_page
    free_unref_page_commit
    free_pcppages_bulk
      __free_one_page *
bad_page *
"""

# The steps with a wave.
HERE = """
memblock_merge_regions     add_between,add_union,put_entry           neighbours that agree grow
memblock_isolate_range     memblock_remove_range,edit_window         what a border cuts is rewritten
memblock_alloc_range_nid   memblock_alloc_range_nid,alloc_range_nid  all allocators share the second
probe_page_size_mask       probe_page_size                           asked when wanted
find_next_best_node        sort_by_score                             nodes are sorted by it
sparse_init                page_map_init                             spans of pages, no sections
"""

# What older kernels, and articles about them, call it.
OLDER = """
mm_init                    mm_core_init                              until 6.4
free_all_bootmem           memblock_free_all                         until 4.20
__free_pages_bootmem       memblock_free_pages                       until 4.20
free_highpages             -                                         no memory is high here
"""

# Other steps of Linux's, by file of Linux: nodes and zones, takers, the page allocator.
MORE = """
x86_numa_init                      initmem_init               SRAT, else one node
numa_init                          numa_memblks_init          its loop over finders
x86_acpi_numa_init                 acpi_numa_init             the same
acpi_parse_srat                    acpi_numa_init             srat_walk() over SRAT
acpi_numa_memory_affinity_init     take_memory_entry          the same
acpi_numa_slit_init                read_slit                  the same
acpi_parse_cfmws                   read_cedt                  windows of CEDT
copy_bootdata                      boot_info_from_loader      loader-neutral facts
x86_configure_nx                   report_nx                  NX is on since the entry code
early_alloc_pgt_buf                early_paging_init          the pool is table_pages in .bss
adjust_range_page_size_mask        adjust_range_page_size     one piece at a time
save_mr                            split_mem_range            pieces are an array on the stack
kernel_physical_mapping_init       pt_map                     any table, any level
add_pfn_range_mapped               init_memory_mapping        max_mapped grows; the tables are asked
get_new_step_size                  next_step                  times 256, as there
load_cr3                           mmu_load_root              the same
__flush_tlb_all                    mmu_flush_all              the same
free_init_pages                    paging_release_image       unmaps; free_reserved_area() frees
free_kernel_image_pages            free_initmem               in it
set_memory_ro                      mark_rodata_ro             pt_change() on the tables
debug_checkwx                      paging_check               all of law 8
early_acpi_boot_init               acpi_boot_table_init       tables are listed once
acpi_table_init                    acpi_boot_table_init       the same
efi_memmap_init_early              efi_map_desc               read in place, never mapped
efi_memblock_x86_reserve_range     boot_info_from_multiboot2  an extent of boot_info
do_add_efi_memmap                  efi_map_to_e820            only where there is no e820
default_get_smp_config             find_mptable               found and reserved, never read
tsc_init                           clock_init                 by PIT or hypervisor
console_init                       serial_init                COM1 and COM2
get_pfn_range_for_nid              calculate_node_totalpages  one walk finds span and pages
adjust_zone_range_for_zone_movable zone_spanned_pages_in_node done in place
zone_absent_pages_in_node          find_zone_ranges           present pages are summed up instead
free_area_init_core                free_area_init_node        name, span, empty lists of a zone
memmap_init                        page_map_init              no descriptor is written at boot
memmap_init_range                  page_map_init              no descriptor is written at boot
memmap_init_zone_range             find_zone_ranges           a zone is known by range, not by page
__init_single_page                 page_map_init              no descriptor is written at boot
init_unavailable_range             print_unavailable_ranges   holes are only counted
alloc_node_mem_map                 page_map_init              descriptors of all nodes in one go
setup_nr_node_ids                  alloc_node_data            kept as nodes are made
init_per_zone_wmark_min            mm_initcalls               it calls setup_per_zone_wmarks()
calculate_min_free_kbytes          setup_per_zone_wmarks      in it
__setup_per_zone_wmarks            setup_per_zone_wmarks      without a lock
page_ext_init                      page_owner_init            only with page_owner=on
__node_distance                    node_distance              the same
init_cma_reserved_pageblock        cma_activate_area          in it
arch_reserve_crashkernel           reserve_crashkernel        its name until 6.6
alloc_bootmem_huge_page            __alloc_bootmem_huge_page  there is one kind of it
hugetlb_hstate_alloc_pages_onenode hugetlb_hstate_alloc_pages a loop in it
set_max_huge_pages                 hugetlb_resize             for the monitor
dcache_init_early                  vfs_caches_init_early      only with dhash_entries=
inode_init_early                   vfs_caches_init_early      only with ihash_entries=
memtest                            do_one_pass                by free range memtest_range()
__free_pages_ok                    __free_one_page            no path of its own for large blocks
__free_pages_boot_core             __free_pages_core          its name until 5.1
init_reserved_page                 reserve_bootmem_region     nothing is written
rmqueue_pcplist                    __rmqueue_pcplist          it pops; rmqueue_bulk() refills
rmqueue_buddy                      __rmqueue_smallest         the lists
expand                             __rmqueue_smallest         blocks are bits: nothing is split
del_page_from_free_list            head_leave                 lists hold chunks and pageblocks
__add_to_free_list                 list_join                  lists hold chunks and pageblocks
find_buddy_page_pfn                chunk_grown,block_changed  free blocks are runs of free units
__rmqueue_cma_fallback             __rmqueue                  CMA blocks are taken there
post_alloc_hook                    prep_new_page              contents and owner of a new block
kernel_init_pages                  wipe_pages                 when pages become free
kernel_poison_pages                wipe_pages                 when pages become free
kernel_unpoison_pages              check_page_poison          the poison is checked there
adjust_managed_page_count          totalram_pages_add         zones are counted by who gives pages
drain_pages                        drain_pages_zone           the stacks of one zone
alloc_contig_range_noprof          alloc_contig_range         a macro's other half since 6.10
__alloc_pages_noprof               __alloc_pages              a macro's other half since 6.10
alloc_pages_noprof                 alloc_pages                a macro's other half since 6.10
prepare_alloc_pages                __alloc_pages              at its beginning
"""

OPEN = ("start_kernel", "setup_arch")       # what these call has a line each on the page
LINK = re.compile(r"^( *)(\w+)( [*~])?$")
ROW = re.compile(r"^(\w+) +([\w,]+|-) +(\S.*)$")


def chain():
    """[(depth, name, mark)] of CHAINS."""
    found = [LINK.match(line).groups() for line in CHAINS.split("\n") if line]
    return [(len(indent) // 2, name, (mark or "").strip()) for indent, name, mark in found]


def elsewhere():
    """{Linux's name: ([functions here], sentence)}"""
    found = [ROW.match(line).groups() for line in (HERE + OLDER + MORE).split("\n") if line]
    return {name: (ours.split(",") if ours != "-" else [], why) for name, ours, why in found}


def tree(depth=0, links=None):
    """[(name with its mark, [the same of what it calls])] of CHAINS, from @links on."""
    links, found = chain() if links is None else links, []
    while links and links[0][0] == depth:
        _, name, mark = links.pop(0)
        found.append((f"{name} {mark}".strip(), tree(depth + 1, links)))
    return found


def drawn(name, below):
    """One chain in one line: a > b > (c, d)"""
    if not below:
        return name
    parts = [drawn(*part) for part in below]
    return f"{name} > " + (parts[0] if len(parts) == 1 else f"({', '.join(parts)})")


def page():
    """The chains as mm/README.md shows them."""
    lines = []

    def put(rows, depth):
        for name, below in rows:
            if name in OPEN:
                lines.append("  " * depth + name)
                put(below, depth + 1)
            else:
                lines.extend(textwrap.wrap(drawn(name, below), 110, initial_indent="  " * depth,
                                           subsequent_indent="  " * (depth + 3)))
    put(tree(), 0)
    return "\n".join(lines)


def callers():
    """{name: the name it is indented below}"""
    above, found = [], {}
    for depth, name, _ in chain():
        del above[depth:]
        found.setdefault(name, above[-1] if above else None)
        above.append(name)
    return found
