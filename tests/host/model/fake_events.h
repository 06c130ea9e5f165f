/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * memblock_event() of the memblock tests: the ledger's place, taken by a list.
 */
#ifndef TESTS_HOST_MODEL_FAKE_EVENTS_H
#define TESTS_HOST_MODEL_FAKE_EVENTS_H

#include "mm/memblock.h"

#define FAKE_EVENTS	16

struct fake_event {
	enum memblock_op	op;
	phys_addr_t		base, size;
	int			nid;
	unsigned int		flags;
	unsigned long		caller;
	int			rc;
};

/* The first FAKE_EVENTS since the reset; count goes on. */
struct fake_events {
	unsigned int		count;
	struct fake_event	list[FAKE_EVENTS];
};

extern struct fake_events fake_events;

void fake_events_reset(void);

#endif /* TESTS_HOST_MODEL_FAKE_EVENTS_H */
