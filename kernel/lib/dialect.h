/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dialect=6.12|6.18|7.3: which release of Linux the kernel behaves and speaks like.
 *
 * A dialect is a table of facts, one field each; dialect.c has the rows.  A field's comment
 * ends in the files that ask for it, and no others may: scripts/check-layers sees to it.
 * What memblock itself does differently is a switch of its own, memblock_set_rsrv_kern().
 */
#ifndef KERNEL_LIB_DIALECT_H
#define KERNEL_LIB_DIALECT_H

#include <stdbool.h>

struct dialect {
	/* What dialect= says (6.12): kernel/lib/dialect.c */
	const char	*release;

	/* Reservations know whose they are and on which node (6.16): setup.c */
	bool		rsrv_kern;

	/* Until the trampoline is there, the first MiB is a refuge for allocations of a kernel
	   that kexec has started, and the trampoline's function reserves it (6.16):
	   setup.c, map/e820_setup.c */
	bool		low_scratch;

	/* Which memory is not to be saved and where devices may go is worked out before the zones
	   are (7.0): setup.c */
	bool		holes_before_zones;

	/* The distance table's size is a debug message that nobody sees (6.17):
	   nodes/numa_distance.c */
	bool		distance_table_silent;

	/* What is wrong with a range that ends before it begins (7.0): nodes/numa_meminfo.c */
	const char	*bad_range;

	/* hugepages= and its like are early words (6.16): takers/hugetlb_param.c */
	bool		early_hugepages;

	/* Gigantic pages are taken behind the zones, no more before the crash kernel's area (7.0):
	   takers/early_room.c, init.c, mm/mm_init.c */
	bool		hugepages_after_zones;

	/* memblock_alloc_hugetlb() takes gigantic pages (7.3): takers/hugetlb_param.c */
	bool		alloc_hugetlb;

	/* Words for RAM and for what is reserved (7.0): map/e820.c */
	const char	*ram, *reserved, *persistent;

	/* Holes of a map are printed, too, and a column is wider (7.0): map/e820.c */
	bool		map_gaps;

	/* A word for a full table (7.0): map/e820.c */
	const char	*table_full;

	/* What setup_data lies in has a type of its own, 128, that is RAM, too (until 6.16):
	   map/e820.c, map/e820_internal.h, map/e820_setup.c */
	bool		kern_type;

	/* Of gaps that are equally large the highest is for devices, and the line says gap (7.0):
	   map/e820_setup.c */
	bool		highest_gap;

	/* The line about a RAM buffer is information, with other words (7.0):
	   map/e820_setup.c */
	const char	*ram_buffer;
};

extern const struct dialect *dialect;	/* constant after boot */

/**
 * choose_dialect() - dialect= of @cmdline is in force from now on
 *
 * Of several words the last one counts.  Another release than those there are costs one line,
 * and nothing changes.  Context: before the first reservation.
 */
void choose_dialect(const char *cmdline);

#endif /* KERNEL_LIB_DIALECT_H */
