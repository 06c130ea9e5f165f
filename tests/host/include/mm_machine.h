/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A machine for the tests of mm/: RAM and reservations by table, then the real way
 * from memblock to the buddy.
 */
#ifndef TESTS_HOST_MM_MACHINE_H
#define TESTS_HOST_MM_MACHINE_H

#include "mm/zone.h"

struct mm_span {
	phys_addr_t	base;
	phys_addr_t	size;		/* 0: end of the table */
	int		nid;
};

#define MM_SPANS	16

struct mm_machine {
	const char	*name;
	struct mm_span	ram[MM_SPANS];
	struct mm_span	reserved[MM_SPANS];
	bool		dirty;		/* RAM is full of 0xa5 */
};

/* Everything as at power on, then RAM and reservations. */
void mm_machine_reset(void);
void mm_machine_memory(const struct mm_machine *machine);

/* The rest of the boot: page map, zones, zonelists, hand-over, watermarks. */
void mm_machine_hand_over(void);

/* All three. */
void mm_machine_boot(const struct mm_machine *machine);

/* Free blocks by order, summed over all zones: the histogram of law 5. */
void mm_histogram(unsigned long blocks[NR_PAGE_ORDERS]);

/* Is every byte of [mem, mem + size) @byte? */
bool mm_filled(const void *mem, uint8_t byte, size_t size);

/* Every zone sound, the ledger even?  Fails the running test if not. */
void mm_expect_sound(const char *file, int line);
#define expect_mm_sound()	mm_expect_sound(__FILE__, __LINE__)

extern const struct mm_machine mm_machine_1g, mm_machine_6g, mm_machine_small;

#endif /* TESTS_HOST_MM_MACHINE_H */
