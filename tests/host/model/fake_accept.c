/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * accept_memory() of the memblock tests: remembers what was given out.
 */
#include "mm/port.h"
#include "tests/host/model/fake_buddy.h"

struct fake_accept fake_accept;

void accept_memory(phys_addr_t start, phys_addr_t size)
{
	fake_accept.calls++;
	fake_accept.start = start;
	fake_accept.size = size;
}
