// SPDX-License-Identifier: GPL-2.0-only
/*
 * hugetlb_cma=: a CMA area on each node for gigantic pages to come from later.
 *
 *	hugetlb_cma=4G			spread over the nodes, a page's size at least on each
 *	hugetlb_cma=0:1G,2:2G		so much on each of these
 *
 * Until somebody wants a gigantic page (hugepages 1G N in the monitor) movable pages may be
 * there.  hugepages= of gigantic pages takes nothing at boot then, as in Linux.
 */
#include "mm/hugetlb.h"

#include "kernel/lib/params.h"		/* early_param(), memparse() */
#include "mm/cma.h"
#include "mm/takers/hugetlb_internal.h"

#define MIB(bytes)	((unsigned long)((bytes) >> 20))

/* "0:1G,": the next of a list.  False: it makes no sense or is at its end. */
static bool __init take_node_size(const char **s, int *nid, phys_addr_t *size)
{
	char *end;
	unsigned long long node = kstrtoull(*s, &end, 10);

	if (end == *s || *end != ':' || node >= MAX_NUMNODES)
		return false;
	*nid = (int)node;
	*size = memparse(end + 1, &end);
	*s = end + (*end == ',');
	return true;
}

static phys_addr_t __init size_of_node(int nid)
{
	const char *s = hugetlb_words.cma_nodes;
	phys_addr_t size = 0, one;
	int which;

	while (take_node_size(&s, &which, &one))
		if (which == nid)
			size = one;
	return size;
}

static int __init cmdline_parse_hugetlb_cma(char *val)
{
	const char *s = val;
	phys_addr_t size;
	int nid;

	hugetlb_words.cma_nodes = NULL;
	hugetlb_words.cma_size = 0;
	if (!val)
		return -EINVAL;
	if (!take_node_size(&s, &nid, &size)) {
		hugetlb_words.cma_size = memparse(val, NULL);
		return 0;
	}
	hugetlb_words.cma_nodes = val;
	for (nid = 0; nid < MAX_NUMNODES; nid++)
		hugetlb_words.cma_size += size_of_node(nid);
	return 0;
}
early_param("hugetlb_cma", cmdline_parse_hugetlb_cma,
	    "nn[KMG] | node:nn[KMG][,...]: areas that gigantic pages are taken from later");

/* Sum up what the list wants; nodes that do not exist, or less than a page of one, do not count. */
static void __init check_list(phys_addr_t page)
{
	phys_addr_t size;

	hugetlb_words.cma_size = 0;
	for (int nid = 0; nid < MAX_NUMNODES; nid++) {
		size = size_of_node(nid);
		if (!size)
			continue;
		if (!node_data[nid])
			pr_warn("hugetlb_cma: invalid node %d specified\n", nid);
		else if (size < page)
			pr_warn("hugetlb_cma: cma area of node %d should be at least %lu MiB\n",
				nid, MIB(page));
		else
			hugetlb_words.cma_size += size;
	}
}

static phys_addr_t __init reserve_on(int nid, phys_addr_t size, phys_addr_t page)
{
	struct cma_wish w = {
		.size = ALIGN_UP(size, page), .align = page, .nid = nid, .owner = "hugetlb cma",
		.word = "hugetlb_cma",
	};

	struct cma *cma = cma_new_area();

	if (w.size < size || !cma || !cma_reserve(cma, &w)) {
		pr_warn("hugetlb_cma: reservation failed: err %d, node %d\n", -ENOMEM, nid);
		return 0;
	}
	hugetlb.cma_mask |= 1U << (cma - cma_areas);
	hugetlb.cma_nid[cma - cma_areas] = nid;
	pr_info("hugetlb_cma: reserved %lu MiB on node %d\n", MIB(w.size), nid);
	return w.size;
}

void __init hugetlb_cma_reserve(phys_addr_t page)
{
	phys_addr_t each = 0, reserved = 0;
	unsigned int nodes = 0;
	int nid;

	if (!hugetlb_words.cma_size)
		return;
	if (!arch_hugetlb_size_name(page)) {
		pr_warn("hugetlb_cma: the option isn't supported by current arch\n");
		return;
	}
	if (hugetlb_words.cma_nodes)
		check_list(page);
	if (hugetlb_words.cma_size && hugetlb_words.cma_size < page)
		pr_warn("hugetlb_cma: cma area should be at least %lu MiB\n", MIB(page));
	if (hugetlb_words.cma_size < page)
		return;
	for_each_node(nid)
		nodes++;
	if (!hugetlb_words.cma_nodes) {
		each = hugetlb_words.cma_size / nodes + (hugetlb_words.cma_size % nodes != 0);
		pr_info("hugetlb_cma: reserve %lu MiB, up to %lu MiB per node\n",
			MIB(hugetlb_words.cma_size), MIB(each));
	}
	for_each_node(nid) {
		const bool listed = hugetlb_words.cma_nodes != NULL;
		phys_addr_t size = listed ? size_of_node(nid) :
					    MIN(each, hugetlb_words.cma_size - reserved);

		if (size >= page || (size && !listed))
			reserved += reserve_on(nid, size, page);
		if (reserved >= hugetlb_words.cma_size)
			break;
	}
}

bool hugetlb_cma_enabled(void)
{
	return hugetlb.cma_mask != 0;
}

struct page *hugetlb_cma_alloc(const struct hstate *h, int nid)
{
	struct page *page = NULL;

	for (unsigned int i = 0; i < MAX_CMA_AREAS && !page; i++)
		if ((hugetlb.cma_mask >> i & 1) && hugetlb.cma_nid[i] == nid)
			page = cma_alloc_from(&cma_areas[i], 1UL << h->order, h->order,
					      __GFP_COMP);
	return page;
}
