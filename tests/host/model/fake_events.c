/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * See fake_events.h.
 */
#include "tests/host/model/fake_events.h"

struct fake_events fake_events;

void fake_events_reset(void)
{
	fake_events = (struct fake_events){ 0 };
}

void memblock_event(enum memblock_op op, phys_addr_t base, phys_addr_t size, int nid,
		    unsigned int flags, unsigned long caller, int rc)
{
	unsigned int n = fake_events.count++;

	if (n < FAKE_EVENTS)
		fake_events.list[n] = (struct fake_event){ op, base, size, nid, flags, caller, rc };
}
