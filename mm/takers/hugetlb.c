// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pools of huge pages (see hugetlb.h).
 *
 * A pool is two stacks, because a page goes back where it came from:
 *
 *	first_early --> [next|......1 GiB......] --> [next|.......] --> 0
 *	first	    --> 2 MiB of the buddy --> another --> 0
 *
 * What memblock gave is a reserved range, in no block: the link is its first word.  A large block
 * of the buddy's has a descriptor to spare: the link is there, so that a thousand pages do not
 * cost touching each.
 */
#include "mm/hugetlb.h"

#include "mm/ledger.h"
#include "mm/page_alloc.h"
#include "mm/release.h"
#include "mm/takers/hugetlb_internal.h"
#include "mm/totalram.h"

struct hugetlb hugetlb;

/* ---- pools --------------------------------------------------------------------------- */

struct hstate *hugetlb_get(unsigned int i)
{
	return i < hugetlb.nr_pools ? &hugetlb.pool[i] : NULL;
}

struct hstate *size_to_hstate(phys_addr_t size)
{
	for (unsigned int i = 0; i < hugetlb.nr_pools; i++)
		if (huge_page_size(&hugetlb.pool[i]) == size)
			return &hugetlb.pool[i];
	return NULL;
}

struct hstate *hugetlb_add_hstate(phys_addr_t size)
{
	struct hstate *h = size_to_hstate(size);
	const char *name = arch_hugetlb_size_name(size);

	if (h || !name)
		return h;
	BUG_ON(hugetlb.nr_pools == HUGETLB_MAX_SIZES);
	h = &hugetlb.pool[hugetlb.nr_pools++];
	*h = (struct hstate){ .name = name };
	while (huge_page_size(h) < size)
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

/*
 * Where a page that the buddy gave keeps the link to the next.  Inside an allocated block the
 * buddy reads no chunk descriptor (page.h), so it is in that of the page's first chunk.  A page
 * smaller than a chunk has no descriptor to itself and keeps the link in its first word.
 */
static uint64_t *link_of(const struct hstate *h, phys_addr_t pa)
{
	if (h->order < CHUNK_ORDER)
		return phys_to_virt(pa);
	return &span_chunk(page_span_of(PFN_DOWN(pa)), PFN_DOWN(pa))->lo;
}

static void push_on_pool(struct hstate *h, phys_addr_t pa)
{
	*link_of(h, pa) = h->first;
	h->first = pa;
	h->pages++;
}

/* Does an allocated block that could be a page of the pool begin at @pa? */
static bool may_be_in_pool(const struct hstate *h, phys_addr_t pa)
{
	struct page_state state;

	page_get_state(PFN_DOWN(pa), &state);
	return state.mark == MARK_ALLOC && PFN_PHYS(state.head) == pa &&
	       state.order >= MIN(h->order, (unsigned int)PAGEBLOCK_ORDER);
}

/*
 * If somebody has freed the page behind the pool's back its link may be overwritten.  The
 * states of the page and of the one it leads to show that, and the stack ends there.
 */
phys_addr_t hugetlb_next(const struct hstate *h, phys_addr_t pa, bool early)
{
	phys_addr_t next;

	if (early)
		return *(const phys_addr_t *)phys_to_virt(pa);
	if (!may_be_in_pool(h, pa))
		return 0;
	next = *link_of(h, pa);
	return may_be_in_pool(h, next) ? next : 0;
}

/* Is @pa in a page of some pool that the buddy gave? */
static bool is_in_pool(phys_addr_t pa, phys_addr_t base, const char **owner,
		       unsigned long *caller)
{
	(void)base;
	for (unsigned int i = 0; i < hugetlb.nr_pools; i++) {
		const struct hstate *h = &hugetlb.pool[i];

		for (phys_addr_t at = h->first; at; at = hugetlb_next(h, at, false)) {
			if (pa - at >= huge_page_size(h))
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

	for (unsigned int i = 0; i < hugetlb.nr_pools; i++)
		pages += hugetlb.pool[i].early << hugetlb.pool[i].order;
	return pages;
}

/*
 * Pages that memblock gave count as managed, as those of the buddy do, so that "reserved" in the
 * Memory: line, MemTotal and the watermarks do not depend on where huge pages come from.
 */
static void count_as_managed(phys_addr_t pa, long pages)
{
	zone_of_pfn(PFN_DOWN(pa))->managed_pages += (unsigned long)pages;
	totalram_pages_add(pages);
	ledger_keep(pages);
}

void gather_bootmem_prealloc(void)
{
	for (unsigned int i = 0; i < hugetlb.nr_pools; i++) {
		const struct hstate *h = &hugetlb.pool[i];

		for (phys_addr_t pa = h->first_early; pa; pa = hugetlb_next(h, pa, true))
			count_as_managed(pa, 1L << h->order);
	}
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

static bool grow_pool_on(struct hstate *h, int nid)
{
	const gfp_t gfp = GFP_HIGHUSER_MOVABLE | __GFP_THISNODE | __GFP_NOWARN;
	struct page *page;

	if (hstate_is_gigantic(h)) {
		page = hugetlb_cma_alloc(h, nid);
		if (!page)
			page = alloc_contig_pages(1UL << h->order, 1UL << h->order,
						  gfp | __GFP_COMP, nid);
	} else {
		page = alloc_pages_node(nid, gfp, h->order);
	}
	if (page)
		push_on_pool(h, page_to_phys(page));
	return page != NULL;
}

bool alloc_pool_huge_folio(struct hstate *h, int nid)
{
	int first;

	if (nid != NUMA_NO_NODE)
		return grow_pool_on(h, nid);
	first = nid = hugetlb_next_node(hugetlb.next_nid - 1);
	do {
		if (grow_pool_on(h, nid)) {
			hugetlb.next_nid = hugetlb_next_node(nid);
			return true;
		}
		nid = hugetlb_next_node(nid);
	} while (nid != first);
	return false;
}

static void shrink_to_memblock(struct hstate *h)
{
	const phys_addr_t pa = h->first_early, size = huge_page_size(h);

	h->first_early = hugetlb_next(h, pa, true);
	h->pages--;
	h->early--;
	count_as_managed(pa, -(1L << h->order));
	free_reserved_range(PFN_DOWN(pa), PFN_DOWN(size));
	ledger_release(pa, size);
	totalram_report("a huge page");
}

static void shrink_to_buddy(struct hstate *h)
{
	const phys_addr_t pa = h->first;

	h->first = hugetlb_next(h, pa, false);
	h->pages = h->first ? h->pages - 1 : h->early;
	if (hstate_is_gigantic(h))
		free_contig_range(PFN_DOWN(pa), 1UL << h->order);
	else
		__free_pages(page_at(PFN_DOWN(pa)), h->order);
}

unsigned long hugetlb_resize(struct hstate *h, unsigned long pages)
{
	while (h->pages > pages && h->first)
		shrink_to_buddy(h);
	while (h->pages > pages)
		shrink_to_memblock(h);
	while (h->pages < pages && alloc_pool_huge_folio(h, NUMA_NO_NODE))
		;
	return h->pages;
}

/* ---- views --------------------------------------------------------------------------------- */

#define KB(h)	((unsigned long)(huge_page_size(h) >> 10))

void hugetlb_report_meminfo(int (*print)(const char *fmt, ...))
{
	const struct hstate *h = hugetlb_get(hugetlb.default_pool);
	unsigned long total = 0;

	if (!h)
		return;
	for (unsigned int i = 0; i < hugetlb.nr_pools; i++)
		total += hugetlb.pool[i].pages * KB(&hugetlb.pool[i]);
	print("HugePages_Total:   %5lu\nHugePages_Free:    %5lu\n", h->pages, h->pages);
	print("HugePages_Rsvd:    %5lu\nHugePages_Surp:    %5lu\n", 0UL, 0UL);
	print("Hugepagesize:   %8lu kB\nHugetlb:        %8lu kB\n", KB(h), total);
}
