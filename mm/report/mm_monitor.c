// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a person may ask mm/ in the monitor, and do to it.  Everything typed is foreign:
 * wrong addresses and wrong orders get the allocator's own report and change nothing.
 */
#include "kernel/lib/monitor.h"
#include "mm/hugetlb.h"
#include "mm/ledger.h"
#include "mm/ledger_find.h"
#include "mm/ledger_sum.h"
#include "mm/page_alloc.h"
#include "mm/vmstat.h"
#include "mm/why.h"

static int cmd_mb(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "memory"))
		memblock_show_type(&memblock.memory, monitor_print);
	else if (argc > 1 && !strcmp(argv[1], "reserved"))
		memblock_show_type(&memblock.reserved, monitor_print);
	else if (argc > 1)
		return -EINVAL;
	else
		memblock_dump(monitor_print);
	return 0;
}
MONITOR_COMMAND(mb, "[memory|reserved]", "memblock's arrays, as boot left them (debugfs)", 0, 1, cmd_mb);

static int cmd_find(int argc, char **argv)
{
	struct ledger_entry e;
	uint64_t addr;

	if (argc > 1) {
		if (!monitor_address(argv[1], &addr))
			return -EINVAL;
		ledger_explain(addr, monitor_print);
		return 0;
	}
	for (unsigned int i = 0; ledger_get(i, &e); i++) {
		ledger_explain(e.base, monitor_print);
		ledger_explain(e.base + e.size - 1, monitor_print);
	}
	return 0;
}
MONITOR_COMMAND(find, "[ADDR]", "who owns this byte?  none: both ends of all that is owned", 0, 1,
		cmd_find);

static int cmd_owners(int argc, char **argv)
{
	struct ledger_entry e;

	(void)argc;
	(void)argv;
	for (unsigned int i = 0; ledger_get(i, &e); i++) {
		phys_addr_t last = e.base + e.size - 1;

		monitor_print("%pa-%pa %10llu  ", &e.base, &last, (unsigned long long)e.size);
		if (e.owner)
			monitor_print("%s", e.owner);
		else
			monitor_print("(unnamed)");
		monitor_print("  %pS\n", (void *)e.caller);
	}
	return 0;
}
MONITOR_COMMAND(owners, "", "every reserved range with its owner", 0, 0, cmd_owners);

static int cmd_release(int argc, char **argv)
{
	(void)argc;
	if (reserve_mem_release_by_name(argv[1]))
		monitor_print("%s: given to the buddy, ledger %s\n", argv[1],
			      ledger_check() ? "OK" : "BROKEN");
	else
		monitor_print("no reserve_mem= range of that name\n");
	return 0;
}
MONITOR_COMMAND(release, "NAME", "give a range of reserve_mem= to the buddy", 1, 1, cmd_release);

/* ---- the buddy --------------------------------------------------------------- */

static int cmd_buddy(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	buddyinfo_print(monitor_print);
	return 0;
}
MONITOR_COMMAND(buddy, "", "free blocks by order (/proc/buddyinfo)", 0, 0, cmd_buddy);

static int cmd_pagetypes(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	pagetypeinfo_print(monitor_print);
	return 0;
}
MONITOR_COMMAND(pagetypes, "", "the same by migrate type (/proc/pagetypeinfo)", 0, 0, cmd_pagetypes);

static int cmd_zones(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	zoneinfo_print(monitor_print);
	return 0;
}
MONITOR_COMMAND(zones, "", "sizes and watermarks (/proc/zoneinfo)", 0, 0, cmd_zones);

static int cmd_nodes(int argc, char **argv)
{
	int nid, other;

	(void)argc;
	(void)argv;
	for_each_node(nid) {
		const struct pglist_data *node = NODE_DATA(nid);

		monitor_print("node %d: pfn %lu, spanned %lu, present %lu pages; distances:", nid,
			      node->node_start_pfn, node->node_spanned_pages,
			      node->node_present_pages);
		for_each_node(other)
			monitor_print(" %d", node_distance(nid, other));
		monitor_print("\n");
	}
	return 0;
}
MONITOR_COMMAND(nodes, "", "nodes, their pages and distances", 0, 0, cmd_nodes);

/* Request flags for a zone's name; false if there is no such zone. */
static bool gfp_of_zone(const char *name, gfp_t *gfp)
{
	static const struct {
		const char	*name;
		gfp_t		gfp;
	} zones[] = {
		{ "DMA", GFP_KERNEL | __GFP_DMA },
		{ "DMA32", GFP_KERNEL | __GFP_DMA32 },
		{ "Normal", GFP_KERNEL },
		{ "Movable", GFP_HIGHUSER_MOVABLE },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(zones); i++) {
		if (!strcmp(zones[i].name, name)) {
			*gfp = zones[i].gfp;
			return true;
		}
	}
	monitor_print("no zone '%s': DMA, DMA32, Normal or Movable\n", name);
	return false;
}

static int cmd_alloc(int argc, char **argv)
{
	uint64_t order, nid = 0;
	gfp_t gfp = GFP_KERNEL;
	struct page *page;
	phys_addr_t pa;

	if (!monitor_number(argv[1], &order) || (argc > 2 && !monitor_number(argv[2], &nid)) ||
	    (argc > 3 && !gfp_of_zone(argv[3], &gfp)))
		return -EINVAL;
	if (order > MAX_PAGE_ORDER || nid >= MAX_NUMNODES || (argc > 2 && !NODE_DATA(nid))) {
		monitor_print("orders are 0 to %d, and the node must exist (nodes)\n",
			      MAX_PAGE_ORDER);
		return 0;
	}
	page = alloc_pages_node(argc > 2 ? (int)nid : NUMA_NO_NODE, gfp | __GFP_NOWARN,
				(unsigned int)order);
	if (!page) {
		monitor_print("no free block of order %llu there\n", (unsigned long long)order);
		return 0;
	}
	pa = page_to_phys(page);
	ledger_note(pa, "monitor");
	monitor_print("%pa: %lu pages\n", &pa, 1UL << order);
	return 0;
}
MONITOR_COMMAND(alloc, "ORDER [NODE [ZONE]]", "take a block from the buddy", 1, 3, cmd_alloc);

static int cmd_free(int argc, char **argv)
{
	unsigned long bad = bad_page_count();
	struct page_state state;
	uint64_t addr, order;

	if (!monitor_address(argv[1], &addr) || (argc > 2 && !monitor_number(argv[2], &order)))
		return -EINVAL;
	if (!pfn_valid(PFN_DOWN(addr))) {
		monitor_print("%#llx is in no zone\n", (unsigned long long)addr);
		return 0;
	}
	page_get_state(PFN_DOWN(addr), &state);
	if (argc < 3)
		order = state.order;
	__free_pages(page_at(PFN_DOWN(addr)), (unsigned int)MIN(order, (uint64_t)NR_PAGE_ORDERS));
	if (bad_page_count() != bad)
		monitor_print("refused: see the report above; nothing has changed\n");
	else
		monitor_print("freed %lu pages\n", 1UL << order);
	page_get_state(PFN_DOWN(addr), &state);
	if (state.mark != MARK_ALLOC)
		ledger_note(ALIGN_DOWN(addr, PAGE_SIZE), NULL);
	return 0;
}
MONITOR_COMMAND(free, "ADDR [ORDER]", "give a block back; misuse is answered", 1, 2, cmd_free);

static int cmd_why(int argc, char **argv)
{
	char *sign;

	if (argc > 1 && (sign = strchr(argv[1], '=')))
		*sign = '\0';
	if (!why_print(argc > 1 ? argv[1] : NULL, monitor_print))
		monitor_print("%s: nothing was refused for want of room (a word that makes no sense has its line in the log)\n",
			      argc > 1 ? argv[1] : "why");
	return 0;
}
MONITOR_COMMAND(why, "[WORD]", "why crashkernel=, cma= ... got no memory, and what would fit", 0, 1,
		cmd_why);

/* ---- huge pages ------------------------------------------------------------- */

#define POOL_LINES	16	/* of each stack; more would fill the screen */

static void print_huge_pages(const struct hstate *h, phys_addr_t pa, bool early)
{
	for (unsigned int i = 0; pa && i < POOL_LINES; i++, pa = hugetlb_next(h, pa, early)) {
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
	print_huge_pages(h, h->first_early, true);
	print_huge_pages(h, h->first, false);
}

static int cmd_hugepages(int argc, char **argv)
{
	struct hstate *h = NULL;
	uint64_t size, pages;

	if (argc == 1) {
		for (unsigned int i = 0; (h = hugetlb_get(i)); i++)
			print_pool(h);
		return 0;
	}
	if (argc != 3 || !monitor_number(argv[1], &size) || !monitor_number(argv[2], &pages))
		return -EINVAL;
	h = size_to_hstate(size);
	if (!h) {
		monitor_print("no pool of such pages; there are:\n");
		for (unsigned int i = 0; (h = hugetlb_get(i)); i++)
			monitor_print("  %s\n", h->name);
		return 0;
	}
	monitor_print("%s: %lu pages, ledger %s\n", h->name, hugetlb_resize(h, pages),
		      ledger_check() ? "OK" : "BROKEN");
	return 0;
}
MONITOR_COMMAND(hugepages, "[SIZE COUNT]", "pools of huge pages, or make one larger or smaller", 0, 2,
		cmd_hugepages);

/* ---- stress ------------------------------------------------------------------- */

#define STRESS_HELD	256
#define STRESS_LOOK	4096	/* steps between two looks for a ^C */

struct stress {
	struct page	*page[STRESS_HELD];
	uint8_t		order[STRESS_HELD];
	uint64_t	random;
	unsigned long	allocs, frees, empty;
};

static uint32_t stress_random(struct stress *s)
{
	s->random = s->random * 6364136223846793005UL + 1442695040888963407UL;
	return (uint32_t)(s->random >> 33);
}

/* One slot at random: what is held is freed, what is empty is filled. */
static void stress_step(struct stress *s)
{
	unsigned int i = stress_random(s) % STRESS_HELD;

	if (s->page[i]) {
		__free_pages(s->page[i], s->order[i]);
		s->page[i] = NULL;
		s->frees++;
		return;
	}
	/* Small orders more often: the number of trailing zeros of a random word. */
	s->order[i] = (uint8_t)MIN(__builtin_ctz(stress_random(s) | 1U << MAX_PAGE_ORDER),
				   MAX_PAGE_ORDER);
	s->page[i] = alloc_pages(GFP_KERNEL | __GFP_NOWARN, s->order[i]);
	s->allocs += s->page[i] != NULL;
	s->empty += !s->page[i];
}

static int cmd_stress(int argc, char **argv)
{
	unsigned long before = nr_free_pages();
	struct stress s;
	uint64_t steps;

	(void)argc;
	if (!monitor_number(argv[1], &steps))
		return -EINVAL;
	s = (struct stress){ .random = steps };
	for (uint64_t i = 0; i < steps && (i % STRESS_LOOK || !monitor_take_interrupt()); i++)
		stress_step(&s);
	for (unsigned int i = 0; i < STRESS_HELD; i++)
		if (s.page[i])
			__free_pages(s.page[i], s.order[i]);
	monitor_print("%lu allocations, %lu frees, %lu times nothing free; free pages %lu -> %lu, "
		      "ledger %s\n", s.allocs, s.frees, s.empty, before, nr_free_pages(),
		      ledger_check() ? "OK" : "BROKEN");
	return 0;
}
MONITOR_COMMAND(stress, "N", "N random allocations and frees (^C: fewer), then all back", 1, 1, cmd_stress);
