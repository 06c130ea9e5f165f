// SPDX-License-Identifier: GPL-2.0-only
/*
 * The contender: the kernel's own files behind the public functions, so with zones,
 * watermarks, migrate types, reference counts and every check of misuse.
 */
#include <stdlib.h>

#include "bench.h"

#include "host_phys.h"
#include "ktap.h"
#include "mm/buddy.h"
#include "mm/memblock/memblock_internal.h"
#include "mm/mm_init.h"
#include "mm/page_alloc.h"
#include "mm/pcp.h"
#include "mm_machine.h"

#define BASE	SZ_4G

/* mm_machine.c can fail a test; here there is none. */
void ktap_fail(const char *file, int line, const char *fmt, ...)
{
	(void)file;
	(void)line;
	(void)fmt;
	abort();
}

static const struct mm_machine machine = {
	.ram = { { 0x100000, 0x3f00000, 0 }, { BASE, BENCH_PAGES << PAGE_SHIFT, 0 } },
	.reserved = { { BASE, BENCH_PAGES << PAGE_SHIFT, 0 } },
};

static void reset(void)
{
	if (!host_phys_base) {
		host_phys_init(BASE + (BENCH_PAGES << PAGE_SHIFT));
		bench_large_pages(host_phys_base, host_phys_size);
	}
	mm_machine_reset();
	mm_machine_memory(&machine);
	max_low_pfn = max_pfn = PFN_DOWN(memblock_end_of_DRAM());
	zone_sizes_init();
	build_all_zonelists();
	setup_preferred_zones();
	zones_clear_managed_pages();
	handover_begin();
	for (unsigned int i = 0; i < page_span_count(); i++) {
		const struct page_span *span = page_span_get(i);

		memset(span_page(span, span->start), 0xa5, span->pages * sizeof(struct page));
		memset(span_chunk(span, span->start), 0xa5,
		       (span->pages >> CHUNK_ORDER) * sizeof(struct units));
	}
}

static void seed(unsigned long page, unsigned int order)
{
	unsigned long pfn = page + PFN_DOWN(BASE);

	memblock_free_pages(pfn_to_page(pfn), pfn, order);
}

static void *take(unsigned int order)
{
	return alloc_pages(GFP_HIGHUSER_MOVABLE | __GFP_NOWARN, order);
}

static void drop(void *handle, unsigned int order)
{
	__free_pages(handle, order);
}

static double bytes_per_page(void)
{
	size_t blocks = 0;
	struct zone *zone;

	for_each_populated_zone(zone)
		for (unsigned int i = 0; i < PCP_TYPES * NR_PAGE_ORDERS; i++)
			blocks += pcp_room(&zone_stacks(zone, 0)[i]);
	return (double)(page_map_bytes() + blocks * sizeof(struct stacked)) /
	       (double)(get_num_physpages());
}

const struct bench_allocator bench_daybreak = {
	.name = "daybreak", .reset = reset, .seed = seed, .alloc = take, .free = drop,
	.bytes_per_page = bytes_per_page,
};
