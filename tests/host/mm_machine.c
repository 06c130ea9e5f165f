// SPDX-License-Identifier: GPL-2.0-only
#include "mm_machine.h"

#include "host_phys.h"
#include "ktap.h"
#include "ledger_reset.h"
#include "mm/buddy.h"
#include "mm/buddy/buddy_internal.h"
#include "mm/ledger.h"
#include "mm/ledger_sum.h"
#include "mm/memblock/memblock_internal.h"
#include "mm/memblock_event.h"
#include "mm/mm_init.h"
#include "mm/nodes/movable.h"
#include "mm/nodes/numa_meminfo.h"
#include "mm/page_alloc.h"
#include "mm/page_alloc/page_bad.h"
#include "mm/page_wipe.h"
#include "mm/pcp.h"
#include "mm/takers/hugetlb_internal.h"
#include "mm/takers/takers_internal.h"
#include "mm/totalram.h"
#include "mm/vmstat.h"
#include "tests/host/include/memblock_reset.h"

/* QEMU -m 1G: kernel, first MiB, initrd; an EBDA border inside a page. */
const struct mm_machine mm_machine_1g = {
	.name = "1 GiB",
	.ram = { { 0x1000, 0x9ec00, 0 }, { 0x100000, 0x3fee0000, 0 } },
	.reserved = { { 0, 0x100000, 0 }, { 0x1000000, 0xc0000, 0 }, { 0x3fee4000, 0xfc000, 0 } },
};

const struct mm_machine mm_machine_6g = {
	.name = "6 GiB",
	.ram = { { 0x1000, 0x9ec00, 0 }, { 0x100000, 0xbfee0000, 0 }, { SZ_4G, 0xc0000000, 0 } },
	.reserved = { { 0, 0x100000, 0 }, { 0x100000, 0xc0000, 0 } },
};

const struct mm_machine mm_machine_small = {
	.name = "16 MiB",
	.ram = { { 0x1000, 0x9f000, 0 }, { 0x100000, 0xf00000, 0 } },
	.reserved = { { 0, 0x100000, 0 }, { 0x100000, 0xa3000, 0 } },
	.dirty = true,
};

static void nodes_reset(void)
{
	memset(&page_map, 0, sizeof(page_map));
	memset(node_data, 0, sizeof(node_data));
	nr_node_ids = 0;
	memset(&zone_index, 0, sizeof(zone_index));
	page_group_by_mobility_disabled = false;
	min_free_kbytes = 0;
	memset(&zone_movable, 0, sizeof(zone_movable));
	memset(&numa_nodes, 0, sizeof(numa_nodes));
	numa_forget_found();
	memset(&numa_distances, 0, sizeof(numa_distances));
	memset(&numa_faking, 0, sizeof(numa_faking));
}

static void takers_reset(void)
{
	memset(cma_areas, 0, sizeof(cma_areas));
	totalcma_pages = 0;
	memset(&cma_word, 0, sizeof(cma_word));
	memset(&hugetlb, 0, sizeof(hugetlb));
	memset(&hugetlb_words, 0, sizeof(hugetlb_words));
	memset(&log_buf_word, 0, sizeof(log_buf_word));
	memset(&hash_words, 0, sizeof(hash_words));
	memset(&why_records, 0, sizeof(why_records));
}

/* The buddy and the page allocator as at power on; before there are spans none was found. */
static void page_alloc_reset(void)
{
	static const struct page_span no_span;

	this_cpu()->page_span_recent = &no_span;
	forget_preferred_zones();
	page_options = 0;
	totalram_pages_add(-(long)totalram_pages());
	memset(&handover, 0, sizeof(handover));
	memset(&page_bad, 0, sizeof(page_bad));
}

void mm_machine_reset(void)
{
	host_phys_reset();
	memblock_reset();
	ledger_reset();
	nodes_reset();
	page_alloc_reset();
	takers_reset();
}

void mm_machine_memory(const struct mm_machine *machine)
{
	phys_addr_t bytes = 0;

	for (const struct mm_span *s = machine->ram; s < machine->ram + MM_SPANS && s->size; s++) {
		if (machine->dirty)
			memset(phys_to_virt(s->base), 0xa5, s->size);
		memblock_add_node(s->base, s->size, s->nid, MEMBLOCK_NONE);
		bytes += s->size;
	}
	const struct mm_span *end = machine->reserved + MM_SPANS;

	for (const struct mm_span *s = machine->reserved; s < end && s->size; s++)
		ledger_reserve(s->base, s->size, "test");
	ledger_set_ram(bytes);
	memblock_trim_memory(PAGE_SIZE);
	memblock_allow_resize();
}

void mm_machine_hand_over(void)
{
	static const struct image_sizes image = { 0x4000, 0x1000, 0x2000, 0x1000, 0x3000 };

	max_low_pfn = max_pfn = PFN_DOWN(memblock_end_of_DRAM());
	zone_sizes_init();
	mm_core_init();
	page_alloc_init_late(&image);
	mm_initcalls();
}

void mm_machine_boot(const struct mm_machine *machine)
{
	mm_machine_reset();
	mm_machine_memory(machine);
	mm_machine_hand_over();
}

void mm_histogram(unsigned long blocks[NR_PAGE_ORDERS])
{
	struct zone *zone;

	drain_all_pages();
	memset(blocks, 0, NR_PAGE_ORDERS * sizeof(*blocks));
	for_each_populated_zone(zone) {
		unsigned long of_zone[NR_PAGE_ORDERS];

		buddy_count(zone, of_zone);
		for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++)
			blocks[order] += of_zone[order];
	}
}

bool mm_filled(const void *mem, uint8_t byte, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (((const uint8_t *)mem)[i] != byte)
			return false;
	return true;
}

void mm_expect_sound(const char *file, int line)
{
	struct zone *zone;

	for_each_populated_zone(zone) {
		unsigned long where = 0;
		const char *what = buddy_broken(zone, &where);

		if (what)
			ktap_fail(file, line, "node %d zone %s, pfn %#lx: %s", zone->nid, zone->name,
				  where, what);
	}
	/* A page is in one range, and neighbours of one zone are in one. */
	for (unsigned int i = 1; i < zone_range_count(); i++) {
		const struct zone_range *below = zone_range_get(i - 1), *range = zone_range_get(i);

		if (below->end > range->start ||
		    (below->end == range->start && below->zone == range->zone))
			ktap_fail(file, line, "zone range %u begins at pfn %#lx, that below it ends at %#lx",
				  i, range->start, below->end);
	}
	if (!ledger_check()) {
		struct ledger_sum sum;

		ledger_get_sum(&sum);
		ktap_fail(file, line, "ledger: usable %llu, buddy %llu, reserved %llu, rounding %llu, "
			  "withheld %llu, unnamed %llu",
			  KTAP_ULL(sum.usable), KTAP_ULL(sum.buddy), KTAP_ULL(sum.reserved),
			  KTAP_ULL(sum.rounding), KTAP_ULL(sum.withheld), KTAP_ULL(sum.unnamed));
	}
}
