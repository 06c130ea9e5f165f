/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What memblock hands over, written down instead of put on lists.
 *
 * Stands in for mm/handover.h's functions in the memblock tests: every page of
 * the first FAKE_PAGES remembers how often it was freed and marked reserved.
 */
#ifndef TESTS_HOST_MODEL_FAKE_BUDDY_H
#define TESTS_HOST_MODEL_FAKE_BUDDY_H

#include "kernel/lib/types.h"

#define FAKE_PAGES	(1UL << 17)	/* 512 MiB */
#define FAKE_BLOCKS	4096

struct fake_block {
	unsigned long	pfn;
	unsigned int	order;
};

struct fake_buddy {
	unsigned char	freed[FAKE_PAGES];		/* times */
	unsigned char	reserved[FAKE_PAGES];		/* times */
	int		reserved_nid[FAKE_PAGES];	/* of the last time */
	struct fake_block block[FAKE_BLOCKS];		/* in order of freeing */
	unsigned int	blocks;
	long		totalram;
	const char	*step;				/* last told of by totalram_report() */
	unsigned int	managed_resets;
	unsigned int	resets_after_free;	/* zones cleared when blocks were there already */
	unsigned int	bad;			/* blocks out of range or not aligned */
	unsigned long	refuse;			/* page that is not taken late; 0: none */
};

extern struct fake_buddy fake_buddy;

/* The ranges that accept_memory() was told of: how many, and the last. */
struct fake_accept {
	unsigned int	calls;
	phys_addr_t	start, size;
};

extern struct fake_accept fake_accept;

/* What ledger_name() was told last. */
struct fake_name {
	phys_addr_t	base, size;
	const char	*owner;
};

extern struct fake_name fake_name;

/* The answer of early_memory_suffices(). */
extern bool fake_memory_suffices;

void fake_buddy_reset(void);

/* Pages freed in all. */
unsigned long fake_buddy_freed(void);

#endif /* TESTS_HOST_MODEL_FAKE_BUDDY_H */
