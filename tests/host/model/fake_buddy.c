/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The page allocator of the memblock tests: a notebook.
 */
#include "tests/host/model/fake_buddy.h"

#include <string.h>

#include "mm/handover.h"
#include "mm/ledger.h"
#include "mm/memblock.h"
#include "mm/mm_init.h"
#include "mm/takers.h"
#include "mm/totalram.h"
#include "mm/why.h"

struct fake_buddy fake_buddy;

void fake_buddy_reset(void)
{
	memset(&fake_buddy, 0, sizeof(fake_buddy));
}

unsigned long fake_buddy_freed(void)
{
	unsigned long n = 0;

	for (unsigned int i = 0; i < fake_buddy.blocks; i++)
		n += 1UL << fake_buddy.block[i].order;
	return n;
}

/* Any number will do, as long as it comes back with its pfn. */
struct page *pfn_to_page(unsigned long pfn)
{
	return (struct page *)(uintptr_t)(0x1000000000000 + pfn * 64);
}

void memblock_free_pages(struct page *page, unsigned long pfn, unsigned int order)
{
	unsigned long n = 1UL << order;

	if (page != pfn_to_page(pfn) || order > MAX_PAGE_ORDER || pfn & (n - 1) ||
	    pfn + n > FAKE_PAGES || fake_buddy.blocks == FAKE_BLOCKS) {
		fake_buddy.bad++;
		return;
	}
	fake_buddy.block[fake_buddy.blocks++] = (struct fake_block){ pfn, order };
	for (unsigned long i = 0; i < n; i++)
		fake_buddy.freed[pfn + i]++;
}

bool memblock_free_late_page(unsigned long pfn)
{
	if (pfn && pfn == fake_buddy.refuse)
		return false;
	memblock_free_pages(pfn_to_page(pfn), pfn, 0);
	return true;
}

void reserve_bootmem_region(phys_addr_t start, phys_addr_t end, int nid)
{
	for (unsigned long pfn = PFN_DOWN(start); pfn < PFN_UP(end) && pfn < FAKE_PAGES; pfn++) {
		fake_buddy.reserved[pfn]++;
		fake_buddy.reserved_nid[pfn] = nid;
	}
}

void totalram_pages_add(long pages)
{
	fake_buddy.totalram += pages;
}

void zones_clear_managed_pages(void)
{
	fake_buddy.managed_resets++;
	fake_buddy.resets_after_free += fake_buddy.blocks != 0;
}

/* Deferred initialisation is the page allocator's business; nobody walks zones here. */
void __next_mem_pfn_range_in_zone(uint64_t *idx, struct zone *zone, unsigned long *out_spfn,
				  unsigned long *out_epfn)
{
	(void)zone;
	*idx = UINT64_MAX;
	*out_spfn = ~0UL;
	*out_epfn = 0;
}

/* reserve_mem= tells the ledger its names; here the last is kept. */
struct fake_name fake_name;

void ledger_name(phys_addr_t base, phys_addr_t size, const char *owner)
{
	fake_name = (struct fake_name){ base, size, owner };
}

/* Whether there is room for the page map after an early taker: as a test says. */
bool fake_memory_suffices = true;

void totalram_report(const char *step)
{
	fake_buddy.step = step;
}

bool early_memory_suffices(void)
{
	return fake_memory_suffices;
}

/* Why it was refused is asked in why_test.c. */
void why_note(const struct why_wish *wish)
{
	(void)wish;
}
