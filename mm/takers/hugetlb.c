// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pools of huge pages (see hugetlb.h).
 *
 * A pool is two stacks, because a page goes back where it came from:
 *
 *	first_early --> [next|......1 GiB......] --> [next|.......] --> 0
 *	first	    --> 2 MiB of the buddy --> another --> 0
 *
 * What memblock gave is a reserved range, in no block: the link is its first word.  A block
 * of the buddy's has a descriptor to spare, that of its second page: the link is there, so
 * that a thousand pages do not cost touching each.
 */
#include "mm/hugetlb.h"

#include "kernel/lib/monitor.h"
#include "mm/handover.h"	/* totalram_pages_add() */
#include "mm/takers/hugetlb_internal.h"
#include "mm/ledger.h"
#include "mm/ledger_sum.h"
#include "mm/mm_init.h"		/* totalram_report() */
#include "mm/page_alloc.h"

static struct hstate pools[HUGETLB_MAX_SIZES];
static unsigned int nr_pools;
static int next_nid;		/* whose turn it is */
unsigned int hugetlb_default;

/* ---- pools --------------------------------------------------------------------------- */

struct hstate *hugetlb_get(unsigned int i)
{
	return i < nr_pools ? &pools[i] : NULL;
}

struct hstate *hugetlb_find(phys_addr_t size)
{
	for (unsigned int i = 0; i < nr_pools; i++)
		if (hugetlb_page_size(&pools[i]) == size)
			return &pools[i];
	return NULL;
}

struct hstate *hugetlb_add(phys_addr_t size)
{
	struct hstate *h = hugetlb_find(size);
	const char *name = arch_hugetlb_size_name(size);

	if (h || !name)
		return h;
	BUG_ON(nr_pools == HUGETLB_MAX_SIZES);
	h = &pools[nr_pools++];
	*h = (struct hstate){ .name = name };
	while (hugetlb_page_size(h) < size)
		h->order++;
	return h;
}

void hugetlb_push_early(struct hstate *h, phys_addr_t pa)
{
	*(phys_addr_t *)phys_to_virt(pa) = h->first_early;
	h->first_early = pa;
	h->pages++;
	h->early++;
}

/* The chunks of a block this large say nothing to the buddy (page.h). */
static struct units *spare_chunk(phys_addr_t pa)
{
	return span_chunk(page_span_of(PFN_DOWN(pa)), PFN_DOWN(pa));
}

static void push(struct hstate *h, phys_addr_t pa)
{
	spare_chunk(pa)->lo = h->first;
	h->first = pa;
	h->pages++;
}

/* Where somebody has freed a page of the pool's, the word is the buddy's: the stack ends. */
phys_addr_t hugetlb_next(phys_addr_t pa, bool early)
{
	struct page_state state;

	if (early)
		return *(const phys_addr_t *)phys_to_virt(pa);
	page_get_state(PFN_DOWN(pa), &state);
	if (state.mark != MARK_ALLOC || state.head != PFN_DOWN(pa) || state.order < PAGEBLOCK_ORDER)
		return 0;
	return spare_chunk(pa)->lo;
}

/* Is @pa in a page of some pool that the buddy gave? */
static bool is_in_pool(phys_addr_t pa, phys_addr_t base, const char **owner,
		       unsigned long *caller)
{
	(void)base;
	for (unsigned int i = 0; i < nr_pools; i++) {
		for (phys_addr_t at = pools[i].first; at; at = hugetlb_next(at, false)) {
			if (pa - at >= hugetlb_page_size(&pools[i]))
				continue;
			*owner = "huge page";
			*caller = (unsigned long)hugetlb_resize + 1;
			return true;
		}
	}
	return false;
}
BLOCK_OWNER(OWNER_BY_POOL, is_in_pool);

unsigned long hugetlb_early_pages(void)
{
	unsigned long pages = 0;

	for (unsigned int i = 0; i < nr_pools; i++)
		pages += pools[i].early << pools[i].order;
	return pages;
}

/*
 * What memblock gave counts as managed memory, as if the buddy had given it: "reserved" in
 * the Memory: line, MemTotal and watermarks are as if there were no huge pages.
 */
static void count_as_managed(phys_addr_t pa, long pages)
{
	zone_of_pfn(PFN_DOWN(pa))->managed_pages += (unsigned long)pages;
	totalram_pages_add(pages);
	ledger_keep(pages);
}

void gather_bootmem_prealloc(void)
{
	for (unsigned int i = 0; i < nr_pools; i++)
		for (phys_addr_t pa = pools[i].first_early; pa; pa = hugetlb_next(pa, true))
			count_as_managed(pa, 1L << pools[i].order);
	if (hugetlb_early_pages())
		totalram_report("gather_bootmem_prealloc");
}

/* ---- from the buddy and back ------------------------------------------------------------ */

int hugetlb_next_node(int nid)
{
	int next = nid;

	do {
		next = node_next(next + 1);
		if (next >= MAX_NUMNODES)
			next = node_next(0);
	} while (next != nid && next < MAX_NUMNODES && !node_data[next]->node_present_pages);
	return next;
}

static bool grow_on(struct hstate *h, int nid)
{
	const gfp_t gfp = GFP_HIGHUSER_MOVABLE | __GFP_THISNODE | __GFP_NOWARN;
	struct page *page;

	if (hugetlb_is_gigantic(h)) {
		page = hugetlb_cma_alloc(h, nid);
		if (!page)
			page = alloc_contig_pages(1UL << h->order, 1UL << h->order,
						  gfp | __GFP_COMP, nid);
	} else {
		page = alloc_pages_node(nid, gfp, h->order);
	}
	if (page)
		push(h, page_to_phys(page));
	return page != NULL;
}

bool hugetlb_grow(struct hstate *h, int nid)
{
	int first;

	if (nid != NUMA_NO_NODE)
		return grow_on(h, nid);
	first = nid = hugetlb_next_node(next_nid - 1);
	do {
		if (grow_on(h, nid)) {
			next_nid = hugetlb_next_node(nid);
			return true;
		}
		nid = hugetlb_next_node(nid);
	} while (nid != first);
	return false;
}

static void drop_early(struct hstate *h)
{
	const phys_addr_t pa = h->first_early, size = hugetlb_page_size(h);

	h->first_early = hugetlb_next(pa, true);
	h->pages--;
	h->early--;
	count_as_managed(pa, -(1L << h->order));
	free_reserved_range(PFN_DOWN(pa), PFN_DOWN(size));
	ledger_release(pa, size);
	totalram_report("a huge page");
}

static void drop(struct hstate *h)
{
	const phys_addr_t pa = h->first;

	h->first = hugetlb_next(pa, false);
	h->pages = h->first ? h->pages - 1 : h->early;
	if (hugetlb_is_gigantic(h))
		free_contig_range(PFN_DOWN(pa), 1UL << h->order);
	else
		__free_pages(page_at(PFN_DOWN(pa)), h->order);
}

unsigned long hugetlb_resize(struct hstate *h, unsigned long pages)
{
	while (h->pages > pages && h->first)
		drop(h);
	while (h->pages > pages)
		drop_early(h);
	while (h->pages < pages && hugetlb_grow(h, NUMA_NO_NODE))
		;
	return h->pages;
}

/* ---- views --------------------------------------------------------------------------------- */

#define KB(h)	((unsigned long)(hugetlb_page_size(h) >> 10))

void hugetlb_report_meminfo(int (*print)(const char *fmt, ...))
{
	const struct hstate *h = hugetlb_get(hugetlb_default);
	unsigned long total = 0;

	if (!h)
		return;
	for (unsigned int i = 0; i < nr_pools; i++)
		total += pools[i].pages * KB(&pools[i]);
	print("HugePages_Total:   %5lu\nHugePages_Free:    %5lu\n", h->pages, h->pages);
	print("HugePages_Rsvd:    %5lu\nHugePages_Surp:    %5lu\n", 0UL, 0UL);
	print("Hugepagesize:   %8lu kB\nHugetlb:        %8lu kB\n", KB(h), total);
}

#define POOL_LINES	16	/* of each stack; more would fill the screen */

static void print_stack(phys_addr_t pa, bool early)
{
	for (unsigned int i = 0; pa && i < POOL_LINES; i++, pa = hugetlb_next(pa, early)) {
		const struct zone *zone = zone_of_pfn(PFN_DOWN(pa));

		monitor_print("  %pa node %d %s\n", &pa, zone ? zone->nid : NUMA_NO_NODE,
			      early ? "memblock" : "buddy");
	}
	if (pa)
		monitor_print("  ...\n");
}

static void print_pool(const struct hstate *h)
{
	monitor_print("%s: %lu pages, %lu of them from memblock\n", h->name, h->pages, h->early);
	print_stack(h->first_early, true);
	print_stack(h->first, false);
}

static int cmd_hugepages(int argc, char **argv)
{
	struct hstate *h = NULL;
	uint64_t size, pages;

	if (argc == 1) {
		for (unsigned int i = 0; i < nr_pools; i++)
			print_pool(&pools[i]);
		return 0;
	}
	if (argc != 3 || !monitor_number(argv[1], &size) || !monitor_number(argv[2], &pages))
		return -EINVAL;
	h = hugetlb_find(size);
	if (!h) {
		monitor_print("no pool of such pages; there are:\n");
		for (unsigned int i = 0; i < nr_pools; i++)
			monitor_print("  %s\n", pools[i].name);
		return 0;
	}
	monitor_print("%s: %lu pages, ledger %s\n", h->name, hugetlb_resize(h, pages),
		      ledger_check() ? "OK" : "BROKEN");
	return 0;
}
MONITOR_COMMAND(hugepages, "[SIZE COUNT]", "pools of huge pages, or make one larger or smaller", 0, 2,
		cmd_hugepages);

void hugetlb_reset(void)
{
	memset(pools, 0, sizeof(pools));
	nr_pools = hugetlb_default = 0;
	next_nid = 0;
	hugetlb_param_reset();
	hugetlb_cma_reset();
}
