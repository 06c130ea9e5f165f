# SPDX-License-Identifier: GPL-2.0-only
"""Linux's names on the way of memory, and where the same happens here.

A row: (Linux's name, our function or None if it bears the same name, what differs).  GDB sets
breakpoints by this table (breaks.py), mm/README.md lists it, a scripted session walks it.
"""

# Steps of Linux 6.12 that stand elsewhere here.  All other names of its chains are functions.
ELSEWHERE = [
    ("memblock_insert_region", "memblock_add_range",
     "the new entry is written while the array's tail moves, not by a step of its own"),
    ("memblock_merge_regions", "memblock_add_range",
     "nothing is merged afterwards: entries that agree are written as one"),
    ("memblock_isolate_range", "memblock_remove_range",
     "nothing is isolated first: what a border cuts is written in two at once"),
    ("memblock_remove_region", "memblock_remove_range",
     "entries inside the range are left out while the rest moves up"),
]

# What older kernels and articles call it.
OLDER = [
    ("mm_init", "mem_init", "until 6.4; then mm_core_init()"),
    ("free_all_bootmem", "memblock_free_all", "until 4.20"),
    ("__free_pages_bootmem", "memblock_free_pages", "until 4.20"),
    ("free_highpages", None, "32-bit only: there is no high memory here"),
]

# The chains, as a debugger passes them on a boot; indented by who calls whom.
CHAINS = """
memblock_add_range
"""
