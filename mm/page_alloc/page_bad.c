// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reports of misuse and exhaustion, in Linux's words where it has some.
 */
#include "mm/page_alloc/page_bad.h"

#include "mm/page_owner.h"
#include "mm/page_wipe.h"
#include "mm/totalram.h"

struct page_bad page_bad;

unsigned long bad_page_count(void)
{
	return __atomic_load_n(&page_bad.pages, __ATOMIC_RELAXED);
}

/* Count; may this one be printed?  Under page_bad.lock. */
static bool may_report(void)
{
	const unsigned long pages = page_bad.pages + 1;

	__atomic_store_n(&page_bad.pages, pages, __ATOMIC_RELAXED);
	if (pages <= PAGE_BAD_REPORTS)
		return true;
	if (pages == PAGE_BAD_REPORTS + 1)
		pr_alert("BUG: Bad page state: further messages suppressed; bad_page_count() goes on\n");
	return false;
}

/* Why can a block of @order not be freed at @pfn? */
static const char *why_bad(unsigned long pfn, unsigned int order, const struct page_state *state)
{
	if (!pfn_valid(pfn))
		return "no such page: pfn is outside of every zone";
	if (state->mark == MARK_NONE)
		return zone_of_pfn(pfn) ? "page is reserved, it was never allocated" :
					  "page is in a hole, it is no RAM";
	if (state->mark == MARK_FREE)
		return state->head == pfn ? "double free: page is free already" :
					    "double free: page is inside a free block";
	if (state->head != pfn)
		return "page is in the middle of an allocated block";
	if (order > MAX_PAGE_ORDER)
		return "order is larger than any block";
	if (!IS_ALIGNED(pfn, 1UL << order))
		return "wrong order: page is not aligned to it";
	return "wrong order: the block has another one";
}

static void print_block(const struct page_state *state)
{
	static const char *const words[] = { "reserved", "allocated", "free" };
	const struct zone *zone;
	unsigned long owner;

	if (state->mark == MARK_NONE) {
		pr_alert("page: in no block\n");
		return;
	}
	zone = zone_from_id(state->zone_id);
	pr_alert("page: refcount:%u order:%u head pfn:%05lx %s, node %d zone %s\n", state->refcount,
		 state->order, state->head, words[state->mark], zone->nid, zone->name);
	owner = page_owner_get(state->head);
	if (owner)
		pr_alert("page: last allocated by %pS\n", (void *)owner);
}

static void report_bad_page(unsigned long pfn, unsigned int order, unsigned long caller)
{
	struct page_state state;

	page_get_state(pfn, &state);
	pr_alert("BUG: Bad page state in process swapper  pfn:%05lx\n", pfn);
	print_block(&state);
	pr_alert("page dumped because: %s\n", why_bad(pfn, order, &state));
	pr_alert("freed as order %u by %pS; nothing was changed\n", order, (void *)caller);
	dump_stack();
}

void bad_page(unsigned long pfn, unsigned int order, unsigned long caller)
{
	spin_lock(&page_bad.lock);
	if (may_report())
		report_bad_page(pfn, order, caller);
	spin_unlock(&page_bad.lock);
}

static void report_corruption(unsigned long pfn, unsigned int order, size_t word, uint64_t value)
{
	const phys_addr_t at = PFN_PHYS(pfn) + word * sizeof(value);

	pr_alert("BUG: Bad page state in process swapper  pfn:%05lx\n", PFN_DOWN(at));
	pr_alert("pagealloc: memory corruption: %#018llx at %#llx instead of "
		 "the poison; block of order %u is leaked\n",
		 (unsigned long long)value, (unsigned long long)at, order);
	dump_stack();
}

bool check_page_poison(unsigned long pfn, unsigned int order)
{
	const uint64_t *word = phys_to_virt(PFN_PHYS(pfn));
	const uint64_t pattern = PAGE_POISON * 0x0101010101010101ULL;

	for (size_t i = 0; i < (PAGE_SIZE << order) / sizeof(*word); i++) {
		if (likely(word[i] == pattern))
			continue;
		spin_lock(&page_bad.lock);
		if (may_report())
			report_corruption(pfn, order, i, word[i]);
		spin_unlock(&page_bad.lock);
		return false;
	}
	return true;
}

void warn_alloc(gfp_t gfp, unsigned int order, unsigned long caller)
{
	spin_lock(&page_bad.lock);
	if (page_bad.failures++ < PAGE_FAILURE_REPORTS)
		pr_warn("swapper: page allocation failure: order:%u, mode:%#x, nodemask=(null), "
			"caller %pS, %luK of %luK free%s\n",
			order, gfp, (void *)caller, nr_free_pages() << (PAGE_SHIFT - 10),
			totalram_pages() << (PAGE_SHIFT - 10),
			page_bad.failures == PAGE_FAILURE_REPORTS ?
				"; further messages suppressed" : "");
	spin_unlock(&page_bad.lock);
}
