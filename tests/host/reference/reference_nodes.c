// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reference's second half: nodes, zones and pages.  No header of Daybreak may be included
 * here.
 */
#include "reference_lists.h"

#define MIB	    (1ull << 20)
#define GIB	    (1ull << 30)
#define BLOCK_PAGES 1024ull /* 4 MiB, the largest block of the buddy */

/* No range of @list has @address inside of it afterwards. */
static void cut(struct ref_list *list, uint64_t address)
{
	unsigned int count = list->count;

	for (unsigned int i = 0; i < count; i++) {
		struct ref_range upper = list->at[i];

		if (upper.start >= address || upper.end <= address)
			continue;
		list->at[i].end = address;
		upper.start = address;
		append(list, upper);
	}
}

static void put_on_node(struct ref_list *memory, uint64_t start, uint64_t end, int nid)
{
	cut(memory, start);
	cut(memory, end);
	for (unsigned int i = 0; i < memory->count; i++) {
		if (memory->at[i].start >= start && memory->at[i].end <= end)
			memory->at[i].nid = nid;
	}
}

static void set_hotplug(struct ref_list *memory, uint64_t start, uint64_t end, bool hotplug)
{
	cut(memory, start);
	cut(memory, end);
	for (unsigned int i = 0; i < memory->count; i++) {
		if (memory->at[i].start >= start && memory->at[i].end <= end)
			memory->at[i].hotplug = hotplug;
	}
}

void ref_one_node(struct ref_list *memory, struct ref_node *node)
{
	memset(node, 0, REF_NODES * sizeof(*node));
	for (unsigned int i = 0; i < memory->count; i++) {
		memory->at[i].nid = 0;
		memory->at[i].hotplug = false;
	}
	node[0].known = true;
}

/* Domains get node numbers in the order in which they are named; -1: there are too many. */
static int node_of(uint32_t pxm, uint32_t *named, unsigned int *count)
{
	for (unsigned int i = 0; i < *count; i++) {
		if (named[i] == pxm)
			return (int)i;
	}
	if (*count == REF_NODES)
		return -1;
	named[*count] = pxm;
	return (int)(*count)++;
}

static bool touches(const struct ref_list *list, uint64_t start, uint64_t end)
{
	for (unsigned int i = 0; i < list->count; i++) {
		if (list->at[i].start < end && start < list->at[i].end)
			return true;
	}
	return false;
}

/* What no block covers goes to the nearest that has a node; false: it is too much to be an
 * oversight. */
static bool cover_rest(struct ref_list *memory)
{
	uint64_t pages = 0;

	qsort(memory->at, memory->count, sizeof(memory->at[0]), by_start);
	for (unsigned int i = 0; i < memory->count; i++) {
		struct ref_range *r = &memory->at[i];
		uint64_t end = r->end;

		if (r->nid != REF_NO_NODE)
			continue;
		/* A flag may have cut it; its pages count together. */
		while (i + 1 < memory->count && memory->at[i + 1].start == end &&
		       memory->at[i + 1].nid == REF_NO_NODE)
			end = memory->at[++i].end;
		if (page_down(end) > page_up(r->start))
			pages += page_down(end) - page_up(r->start);
	}
	if (pages > MIB / REF_PAGE)
		return false;
	for (unsigned int i = 0; i < memory->count; i++) {
		struct ref_range *r = &memory->at[i];
		uint64_t below = UINT64_MAX, above = UINT64_MAX;
		int low = REF_NO_NODE, high = REF_NO_NODE;
		uint64_t start = r->start, end = r->end;

		if (r->nid != REF_NO_NODE)
			continue;
		for (unsigned int k = 0; k < memory->count; k++) {
			const struct ref_range *other = &memory->at[k];

			if (other->nid == REF_NO_NODE)
				continue;
			if (other->end <= start && start - other->end < below) {
				below = start - other->end;
				low = other->nid;
			}
			if (other->start >= end && other->start - end < above) {
				above = other->start - end;
				high = other->nid;
			}
		}
		/* Marked, so that it is nobody's neighbour: a number below REF_ANY_NODE. */
		if (low == high || below < above)
			r->nid = -10 - low;
		else
			r->nid = above < below ? -10 - high : REF_ANY_NODE;
	}
	for (unsigned int i = 0; i < memory->count; i++) {
		if (memory->at[i].nid <= -9)
			memory->at[i].nid = -10 - memory->at[i].nid;
	}
	return true;
}

/* Forgets what @memory said of nodes; tells where it begins and ends. */
static struct ref_range forget(struct ref_list *memory)
{
	struct ref_range all = { .start = UINT64_MAX };

	for (unsigned int i = 0; i < memory->count; i++) {
		memory->at[i].nid = REF_NO_NODE;
		memory->at[i].hotplug = false;
		all.start = least(all.start, memory->at[i].start);
		all.end = most(all.end, memory->at[i].end);
	}
	return all;
}

/* The SRAT's memory as blocks of a node; HOTPLUG goes to memory at once.  False: no such entry. */
static bool read_srat(const struct ref_srat *srat, struct ref_list *memory, struct ref_list *list,
		      struct ref_node *node)
{
	static uint32_t named[REF_NODES];
	const uint32_t mask = srat->revision <= 1 ? 0xff : UINT32_MAX;
	unsigned int count = 0, entries = 0;
	int nid;

	for (unsigned int i = 0; i < srat->cpus; i++) {
		nid = node_of(srat->cpu[i] & mask, named, &count);
		if (nid < 0)
			return false;
		node[nid].known = true;
	}
	list->count = 0;
	for (unsigned int i = 0; i < srat->blocks; i++) {
		const struct ref_block *b = &srat->block[i];
		uint64_t end = b->base + b->size;

		if (!b->enabled)
			continue;
		nid = node_of(b->pxm & mask, named, &count);
		if (nid < 0)
			return false;
		node[nid].known = true;
		entries++;
		if (end > b->base)
			append(list,
			       (struct ref_range){ .start = b->base, .end = end, .nid = nid });
		if (b->hotplug && b->size)
			set_hotplug(memory, b->base, end < b->base ? REF_TOP : end, true);
	}
	return entries;
}

/* Blocks without RAM are for later; the others end where RAM does.  False: two nodes overlap. */
static bool tidy_blocks(struct ref_list *list, const struct ref_list *memory, struct ref_range all)
{
	for (unsigned int i = 0; i < list->count;) {
		struct ref_range *r = &list->at[i];

		if (touches(memory, r->start, r->end)) {
			r->start = most(r->start, all.start);
			r->end = least(r->end, all.end);
			i++;
		} else {
			*r = list->at[--list->count];
		}
	}
	qsort(list->at, list->count, sizeof(list->at[0]), by_start);
	for (unsigned int i = 0; i < list->count; i++) {
		for (unsigned int k = i + 1; k < list->count; k++) {
			if (list->at[k].start < list->at[i].end &&
			    list->at[k].nid != list->at[i].nid)
				return false;
		}
	}
	return list->count;
}

bool ref_nodes(struct ref_list *memory, const struct ref_list *reserved,
	       const struct ref_srat *srat, struct ref_node *node)
{
	static struct ref_list list;
	static bool has_kernel[REF_NODES];
	const struct ref_range all = forget(memory);

	memset(node, 0, REF_NODES * sizeof(*node));
	memset(has_kernel, 0, sizeof(has_kernel));
	if (!read_srat(srat, memory, &list, node) || !tidy_blocks(&list, memory, all))
		return false;
	/* Neighbours of one node are one block, with what lies between them. */
	for (unsigned int i = 0; i < list.count; i++) {
		unsigned int k = i;
		uint64_t end = list.at[i].end;

		while (k + 1 < list.count && list.at[k + 1].nid == list.at[i].nid)
			end = most(end, list.at[++k].end);
		put_on_node(memory, list.at[i].start, end, list.at[i].nid);
		if (touches(reserved, list.at[i].start, end))
			has_kernel[list.at[i].nid] = true;
		i = k;
	}
	for (unsigned int i = 0; i < memory->count; i++) {
		struct ref_range *r = &memory->at[i];

		if (r->nid >= 0 && has_kernel[r->nid])
			r->hotplug = false;
	}
	return cover_rest(memory);
}

static uint64_t zone_top(enum ref_zone zone)
{
	switch (zone) {
	case REF_DMA:
		return 16 * MIB / REF_PAGE;
	case REF_DMA32:
		return 4 * GIB / REF_PAGE;
	default:
		return UINT64_MAX;
	}
}

static uint64_t zone_bottom(enum ref_zone zone)
{
	return zone == REF_DMA ? 0 : zone_top(zone - 1);
}

/* The whole pages of each piece of memory on one node, in order; type says if it is HOTPLUG. */
static void pages_by_node(const struct ref_list *memory, struct ref_list *out)
{
	static struct ref_list sorted;

	copy(&sorted, memory);
	qsort(sorted.at, sorted.count, sizeof(sorted.at[0]), by_start);
	out->count = 0;
	for (unsigned int i = 0; i < sorted.count; i++) {
		uint64_t start = sorted.at[i].start, end = sorted.at[i].end;
		int nid = sorted.at[i].nid;

		while (i + 1 < sorted.count && sorted.at[i + 1].start == end &&
		       sorted.at[i + 1].nid == nid)
			end = sorted.at[++i].end;
		if (page_up(start) < page_down(end))
			append(out, (struct ref_range){ .start = page_up(start),
							.end = page_down(end),
							.nid = nid });
	}
}

/*
 * Kernel pages are poured into the nodes: each gets an equal share, in rounds with ever fewer of
 * them.  Where the pouring stops in a node, movable pages begin.  RAM below @usable is the
 * kernel's whatever the share, and counts.
 */
static void pour(const struct ref_list *pages, uint64_t wanted, uint64_t usable,
		 struct ref_node *node)
{
	unsigned int nodes = 0;

	for (unsigned int n = 0; n < REF_NODES; n++)
		nodes += node[n].first < node[n].end;
	for (; nodes && wanted >= 1; nodes--) {
		uint64_t share = wanted / nodes;

		for (unsigned int n = 0; n < REF_NODES; n++) {
			uint64_t left;

			if (node[n].first == node[n].end)
				continue;
			if (wanted < share)
				share = wanted / nodes;
			left = share;
			for (unsigned int i = 0; i < pages->count; i++) {
				uint64_t at = most(pages->at[i].start, node[n].movable);
				uint64_t end = pages->at[i].end, some;

				if (pages->at[i].nid != (int)n || at >= end)
					continue;
				if (at < usable) {
					some = least(end, usable) - at;
					left -= least(left, some);
					wanted -= least(wanted, some);
					at += some;
					node[n].movable = at;
					if (at == end)
						continue;
				}
				some = least(end - at, left);
				left -= some;
				wanted -= least(wanted, some);
				node[n].movable = at + some;
				if (!left)
					break;
			}
		}
		if (wanted <= nodes - 1)
			break;
	}
}

static void find_movable(const struct ref_list *memory, const struct ref_list *pages,
			 const struct ref_movable *movable, uint64_t last, struct ref_node *node)
{
	uint64_t total = 0, kernel;

	for (unsigned int i = 0; i < pages->count; i++)
		total += pages->at[i].end - pages->at[i].start;
	kernel = movable->kernelcore_percent ? total * movable->kernelcore_percent / 100
					     : movable->kernelcore;
	if (movable->by_hotplug) {
		for (unsigned int i = 0; i < memory->count; i++) {
			const struct ref_range *r = &memory->at[i];
			struct ref_node *n = r->nid >= 0 ? &node[r->nid] : NULL;

			if (n && r->hotplug && (!n->movable || page_up(r->start) < n->movable))
				n->movable = page_up(r->start);
		}
	} else {
		uint64_t rest = movable->movablecore_percent
					? total * movable->movablecore_percent / 100
					: movable->movablecore;

		rest = least(total, (rest + BLOCK_PAGES - 1) / BLOCK_PAGES * BLOCK_PAGES);
		if (rest)
			kernel = most(kernel, total - rest);
		if (!kernel || kernel >= total)
			return;
		pour(pages, kernel,
		     last > zone_top(REF_DMA32) ? zone_top(REF_DMA32)
		     : last > zone_top(REF_DMA) ? zone_top(REF_DMA)
						: 0,
		     node);
	}
	for (unsigned int n = 0; n < REF_NODES; n++) {
		node[n].movable = (node[n].movable + BLOCK_PAGES - 1) / BLOCK_PAGES * BLOCK_PAGES;
		if (node[n].movable >= node[n].end)
			node[n].movable = 0;
	}
}

unsigned int ref_zones(const struct ref_list *memory, const struct ref_movable *movable,
		       uint64_t last, struct ref_node *node)
{
	static struct ref_list pages;
	unsigned int populated = 0;

	pages_by_node(memory, &pages);
	for (unsigned int k = 0; k < REF_NODES; k++)
		node[k] = (struct ref_node){ .known = node[k].known };
	for (unsigned int i = 0; i < pages.count; i++) {
		struct ref_node *n;

		if (pages.at[i].nid < 0) /* either of two: the kernel has not said yet which */
			continue;
		n = &node[pages.at[i].nid];
		if (n->first == n->end)
			n->first = pages.at[i].start;
		n->end = pages.at[i].end;
	}
	find_movable(memory, &pages, movable, last, node);
	for (unsigned int k = 0; k < REF_NODES; k++) {
		struct ref_node *n = &node[k];

		if (n->first == n->end)
			continue;
		for (enum ref_zone z = REF_DMA; z < REF_ZONES; z++) {
			uint64_t start = z == REF_MOVABLE ? 0 : zone_bottom(z), end = zone_top(z);

			if (z == REF_MOVABLE)
				start = n->movable ? n->movable : n->end;
			else if (n->movable)
				end = least(end, n->movable);
			start = most(start, n->first);
			end = least(end, n->end);
			if (start >= end)
				continue;
			n->zone[z].start = start;
			n->zone[z].spanned = end - start;
			for (unsigned int i = 0; i < pages.count; i++) {
				uint64_t from = most(start, pages.at[i].start);
				uint64_t until = least(end, pages.at[i].end);

				if (pages.at[i].nid == (int)k && from < until)
					n->zone[z].present += until - from;
			}
			populated += n->zone[z].present != 0;
		}
	}
	return populated;
}

uint64_t ref_totals(const struct ref_list *memory, const struct ref_list *reserved,
		    struct ref_node *node)
{
	static struct ref_list pages, kept;
	uint64_t sum = 0;

	pages_by_node(memory, &pages);
	copy(&kept, reserved);
	qsort(kept.at, kept.count, sizeof(kept.at[0]), by_start);
	for (unsigned int i = 0; i < pages.count; i++) {
		struct ref_node *n = &node[pages.at[i].nid];

		for (enum ref_zone z = REF_DMA; z < REF_ZONES; z++) {
			uint64_t at = most(pages.at[i].start, n->zone[z].start);
			uint64_t end =
				least(pages.at[i].end, n->zone[z].start + n->zone[z].spanned);

			for (unsigned int k = 0; k < kept.count && at < end; k++) {
				uint64_t from = page_down(kept.at[k].start),
					 until = page_up(kept.at[k].end);

				if (until <= at || kept.at[k].start == kept.at[k].end)
					continue;
				if (from >= end)
					break;
				n->zone[z].managed += from > at ? from - at : 0;
				at = most(at, until);
			}
			n->zone[z].managed += at < end ? end - at : 0;
		}
	}
	for (unsigned int k = 0; k < REF_NODES; k++) {
		for (enum ref_zone z = REF_DMA; z < REF_ZONES; z++)
			sum += node[k].zone[z].managed;
	}
	return sum;
}
