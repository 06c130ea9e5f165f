// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is there RAM where the map says so?  memblock calls accept_memory() for every range it gives
 * out, before anyone uses it.  Where there is no RAM writes are lost, and a page table or a page
 * array there would end in a silent reset; a word written and read back tells.
 *
 * Linux differs: it believes the map and hangs.
 */
#include "mm/ram_check.h"

#include "kernel/lib/align.h"
#include "kernel/lib/panic.h"
#include "mm/port.h"			/* accept_memory() */

/*
 * A word per 2 MiB, but at most 64 of them: the page map of a terabyte is 3 GiB that
 * nobody else touches, and a host that backs it lazily gives 2 MiB for each word.
 */
#define STRIDE		SZ_2M
#define TOUCHES_MAX	64

struct ram_check ram_check;

static bool keeps(phys_addr_t pa)
{
	volatile uint64_t *word = phys_to_virt(pa);
	uint64_t old = *word;
	bool ok = true;

	for (int i = 0; i < 2 && ok; i++) {
		uint64_t mark = (i ? 0x5a5aa5a5c3c33c3cULL : 0xa5a55a5a3c3cc3c3ULL) ^ pa;

		*word = mark;
		ok = *word == mark;
	}
	*word = old;
	return ok;
}

phys_addr_t ram_check_span(phys_addr_t start, phys_addr_t size)
{
	phys_addr_t first = ALIGN_UP(start, (phys_addr_t)8);
	phys_addr_t end = ALIGN_DOWN(start + size, (phys_addr_t)8);
	phys_addr_t stride = MAX(ALIGN_UP(size / TOUCHES_MAX, (phys_addr_t)STRIDE),
				 (phys_addr_t)STRIDE);

	if (first >= end)
		return PHYS_ADDR_MAX;
	for (phys_addr_t pa = first; pa < end; pa = ALIGN_DOWN(pa + stride, (phys_addr_t)STRIDE))
		if (!keeps(pa))
			return pa;
	return keeps(end - 8) ? PHYS_ADDR_MAX : end - 8;
}

void ram_check_or_panic(phys_addr_t start, phys_addr_t size)
{
	const char *blame = ram_check.blame ? ram_check.blame : "";
	phys_addr_t bad = ram_check_span(start, size);

	if (bad == PHYS_ADDR_MAX)
		return;
	panic("no RAM at %pa, which the memory map calls RAM (to be used: %llu bytes at %pa%s%s); "
	      "leave it out with memmap=SIZE$START",
	      &bad, (unsigned long long)size, &start, blame[0] ? "; given: " : "", blame);
}

void accept_memory(phys_addr_t start, phys_addr_t size)
{
	if (start < ram_check.limit && size <= ram_check.limit - start)
		ram_check_or_panic(start, size);
}
