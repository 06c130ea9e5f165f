// SPDX-License-Identifier: GPL-2.0-only
/*
 * How much of each node only movable pages may use.
 *
 * The command line has three ways to ask for it; the first that applies wins:
 *
 *	movable_node		a node's movable part begins at its lowest HOTPLUG region
 *	kernelcore=mirror	at its lowest region above 4 GiB that is not mirrored
 *	kernelcore=, movablecore=	so many pages, or percent, are kernel or movable memory
 *
 * Where movable memory begins is rounded up to a border of largest blocks; if that is the
 * end of the node it has none.
 */
#include "mm/nodes/movable.h"

#include "kernel/lib/params.h"		/* early_param() */
#include "mm/memblock.h"
#include "mm/zone.h"

struct zone_movable zone_movable __initdata;

static int __init parse_amount(char *val, struct movable_amount *amount)
{
	unsigned long long number;
	char *end;

	if (!val)
		return -EINVAL;
	number = kstrtoull(val, &end, 0);
	if (*end == '%') {	/* Linux differs: it warns above 100, and means all there is, too */
		amount->percent = (unsigned long)MIN(number, 100ULL);
		return 0;	/* 0%: the pages of an earlier word count */
	}
	amount->percent = 0;
	amount->pages = (unsigned long)(memparse(val, &end) >> PAGE_SHIFT);
	return 0;
}

static int __init parse_kernelcore(char *val)
{
	if (val && parse_option_str(val, "mirror")) {
		mirrored_kernelcore = true;
		return 0;
	}
	return parse_amount(val, &zone_movable.kernelcore);
}
early_param("kernelcore", parse_kernelcore,
	    "nn[KMG] | nn% | mirror: memory the kernel may use, the rest is for movable pages");

static int __init parse_movablecore(char *val)
{
	return parse_amount(val, &zone_movable.movablecore);
}
early_param("movablecore", parse_movablecore, "nn[KMG] | nn%: memory for movable pages only");

/* ---- by region ------------------------------------------------------------------- */

static void __init lower_movable_pfn(int nid, unsigned long pfn)
{
	struct pglist_data *node = node_data[nid];

	if (!node)
		return;		/* it has less than a page */
	node->movable_pfn = node->movable_pfn ? MIN(node->movable_pfn, pfn) : pfn;
}

static int __init region_nid(const struct memblock_region *r)
{
	return nid_of_memory(memblock_get_region_node(r));
}

static void __init begin_at_hotplug(void)
{
	const struct memblock_region *r;

	for_each_mem_region(r)
		if (memblock_is_hotpluggable(r))
			lower_movable_pfn(region_nid(r), memblock_region_memory_base_pfn(r));
}

static void __init begin_above_mirror(void)
{
	const struct memblock_region *r;
	bool unmirrored_below = false;

	if (!memblock_has_mirror()) {
		pr_warn("The system has no mirror memory, ignore kernelcore=mirror.\n");
		return;
	}
	zone_movable.mirror_in_force = true;
	for_each_mem_region(r) {
		unsigned long pfn = memblock_region_memory_base_pfn(r);

		if (memblock_is_mirror(r))
			continue;
		if (pfn < MAX_DMA32_PFN)
			unmirrored_below = true;
		else
			lower_movable_pfn(region_nid(r), pfn);
	}
	if (unmirrored_below)
		pr_warn("This configuration results in unmirrored kernel memory.\n");
}

/* ---- by amount ------------------------------------------------------------------- */

static unsigned long __init amount_pages(const struct movable_amount *amount, unsigned long total)
{
	return amount->percent ? total * amount->percent / 100 : amount->pages;
}

/* Pages of kernel memory asked for, 0 for all of them. */
static unsigned long __init wanted_kernelcore(unsigned long total)
{
	unsigned long kernel = amount_pages(&zone_movable.kernelcore, total);
	unsigned long movable = amount_pages(&zone_movable.movablecore, total);

	if (movable) {
		movable = MIN(ALIGN_UP(movable, MAX_ORDER_NR_PAGES), total);
		kernel = MAX(kernel, total - movable);
	}
	return kernel < total ? kernel : 0;
}

/* One range of a node, as its share of kernel memory is counted off. */
struct kernelcore_share {
	unsigned long	wanted;		/* by all nodes */
	unsigned long	here;		/* of it, by this node */
	unsigned long	usable_start;
};

static void __init count_off(struct kernelcore_share *share, unsigned long pages)
{
	share->wanted -= MIN(pages, share->wanted);
	share->here -= MIN(pages, share->here);
}

/*
 * Count [start, end) of @node as kernel memory, as far as the node's share goes; movable_pfn
 * moves up to where kernel memory ends so far.
 *
 *	start          usable_start          movable_pfn        end
 *	[--- kernel anyway ---|--- this node's share ---|- movable -)
 *
 * Return: true once movable memory begins.
 */
static bool __init take_from_range(struct kernelcore_share *share, struct pglist_data *node,
				   unsigned long start, unsigned long end)
{
	unsigned long pages;

	start = MAX(start, node->movable_pfn);
	if (start >= end)
		return false;
	if (start < share->usable_start) {
		count_off(share, MIN(end, share->usable_start) - start);
		if (end <= share->usable_start) {
			node->movable_pfn = end;	/* not counted again in the next round */
			return false;
		}
		start = share->usable_start;
	}
	pages = MIN(end - start, share->here);
	node->movable_pfn = start + pages;
	count_off(share, pages);
	return !share->here;
}

static void __init take_from_node(struct kernelcore_share *share, struct pglist_data *node)
{
	unsigned long start, end;
	int i, nid;

	for_each_page_range(i, &start, &end, &nid) {
		if (nid_of_memory(nid) != node->node_id)
			continue;
		if (take_from_range(share, node, start, end))
			return;
	}
}

/*
 * Kernel memory is spread evenly over the nodes.  A node smaller than its share leaves a rest,
 * which is spread over the others in the next round.
 */
static void __init begin_after_kernelcore(unsigned long wanted, unsigned long nodes,
					  unsigned long usable_start)
{
	struct kernelcore_share share = { .wanted = wanted, .usable_start = usable_start };

	do {
		unsigned long each = share.wanted / nodes;
		int nid;

		for_each_node(nid) {
			if (!node_data[nid]->node_present_pages)
				continue;
			if (share.wanted < each)
				each = share.wanted / nodes;
			share.here = each;
			take_from_node(&share, node_data[nid]);
		}
	} while (--nodes && share.wanted > nodes);
}

/* ---- together -------------------------------------------------------------------- */

static void __init align_movable_pfns(void)
{
	int nid;

	for_each_node(nid) {
		struct pglist_data *node = node_data[nid];
		unsigned long end = node->node_start_pfn + node->node_spanned_pages;

		node->movable_pfn = ALIGN_UP(node->movable_pfn, MAX_ORDER_NR_PAGES);
		if (node->movable_pfn >= end)
			node->movable_pfn = 0;
	}
}

void __init find_zone_movable_pfns_for_nodes(unsigned long usable_start_pfn)
{
	unsigned long total = 0, nodes = 0, wanted;
	int nid;

	for_each_node(nid) {
		total += node_data[nid]->node_present_pages;
		nodes += node_data[nid]->node_present_pages != 0;
	}
	wanted = wanted_kernelcore(total);
	if (movable_node_is_enabled())
		begin_at_hotplug();
	else if (mirrored_kernelcore)
		begin_above_mirror();
	else if (wanted)
		begin_after_kernelcore(wanted, nodes, usable_start_pfn);
	align_movable_pfns();
}

bool __init movable_zone_excludes_mirror(void)
{
	return zone_movable.mirror_in_force;
}
