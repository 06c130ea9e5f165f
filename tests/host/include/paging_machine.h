/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Machines for the tests of paging: RAM, CPU, and a naive answer to "what
 * should this page be?" that knows nothing of steps, pieces or tables.
 */
#ifndef TESTS_HOST_PAGING_MACHINE_H
#define TESTS_HOST_PAGING_MACHINE_H

#include "kernel/lib/types.h"

#define MACHINE_RAM	64

struct machine_span {
	phys_addr_t	start, end;
};

struct machine {
	const char	*name;
	struct machine_span ram[MACHINE_RAM];	/* ascending; ends at the first empty one  */
	struct machine_span taken[4];		/* reserved besides first MiB and image    */
	phys_addr_t	end;			/* for init_mem_mapping(); 0: end of RAM   */
	bool		gbpages, la57, bottom_up, no_nx, no_pse;
	const char	*lines[16];		/* memblock's lines about tables, in order */
};

#define K	*1024ULL
#define M	*(1ULL << 20)
#define G	*(1ULL << 30)
#define T	*(1ULL << 40)

/* RAM below 640K as QEMU's BIOS leaves it; the usual first entry. */
#define LOW_RAM	{ 0x1000, 0x9f000 }

phys_addr_t machine_ram_end(const struct machine *m);

/* memblock=debug from the next machine on. */
extern bool machine_verbose;

/* Fresh fake memory and memblock, with what is known before init_mem_mapping(). */
void machine_describe_memory(const struct machine *m);

/* All of it: describe, paging_setup(), init_mem_mapping(). */
void machine_boot(const struct machine *m);

/* Compare every @step-th page of [from, to) with the naive view; false: one differs, and said. */
bool machine_pages_ok(const struct machine *m, phys_addr_t from, phys_addr_t to, phys_addr_t step);

/* As above for every page within @around bytes of @border. */
bool machine_border_ok(const struct machine *m, phys_addr_t border, phys_addr_t around);

/* Every page of small machines; of large ones the borders and a walk with an odd stride. */
void machine_check_pages(const struct machine *m);

/* The counters are the sums of what the tables hold; no table is in free memory. */
void machine_check_counts(void);

/* All of the above and law 8. */
void machine_check(const struct machine *m);

#endif /* TESTS_HOST_PAGING_MACHINE_H */
