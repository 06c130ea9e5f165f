// SPDX-License-Identifier: GPL-2.0-only
/*
 * hugepagesz=, hugepages= and default_hugepagesz=, word by word in the order they come,
 * and what they ask for.
 *
 * A hugepages= belongs to the size before it, or to the default size if there is none.
 */
#include "mm/hugetlb.h"

#include "kernel/lib/params.h"	/* __setup(), memparse() */
#include "mm/ledger.h"
#include "mm/memblock.h"
#include "mm/mm_init.h"		/* early_memory_suffices() */
#include "mm/takers/hugetlb_internal.h"
#include "mm/zone.h"

/* Linux differs: it keeps 64 bytes a page and can free all but 4096 of a huge page's. */
#define LINUX_VMEMMAP_KB(h)	((int)(((64UL << (h)->order) - 4096) >> 10))

/** struct wish - a hugepages=; @nodes: its text if it is a list of nodes, else NULL */
struct wish {
	unsigned long	pages;
	const char	*nodes;
};

static struct {
	struct wish	wishes[HUGETLB_MAX_SIZES];
	struct wish	for_default;	/* given before any size */
	struct hstate	*size;		/* of the last hugepagesz= that made sense */
	const struct wish *last;	/* given last: twice without a size is once too often */
	bool		valid;		/* false: the last size made no sense */
	bool		default_given;
	bool		skipped;	/* because of hugetlb_cma=, and said */
	int		next_nid;
} words __initdata = { .valid = true };

static struct wish *__init wish_of(const struct hstate *h)
{
	return &words.wishes[h - hugetlb_get(0)];
}

/* ---- lists of nodes ------------------------------------------------------------------- */

static bool __init take_decimal(const char **s, unsigned long *value)
{
	const char *p = *s;

	for (*value = 0; *p >= '0' && *p <= '9'; p++)
		*value = *value * 10 + (unsigned long)(*p - '0');
	if (p == *s)
		return false;
	*s = p;
	return true;
}

/* "1:2,": the next of a list; false if it makes no sense, *@s is where. */
static bool __init take_node(const char **s, int *nid, unsigned long *pages)
{
	unsigned long node;
	const char *p = *s;

	if (!take_decimal(&p, &node) || *p != ':' || node >= MAX_NUMNODES ||
	    !node_online((int)node))
		return false;
	*nid = (int)node;
	*s = p + 1;
	if (!take_decimal(s, pages))
		return false;
	if (**s == ',')
		++*s;
	return true;
}

/* A number, or a list of nodes.  False, and said, if it is neither. */
static bool __init parse_pages(const char *text, struct wish *wish)
{
	const char *s = text;
	unsigned long pages;
	int nid;

	*wish = (struct wish){ 0 };
	if (take_decimal(&s, &pages) && *s != ':') {
		wish->pages = pages;
		return true;
	}
	for (s = text; *s && (s == text || s[-1] == ',');) {
		if (!take_node(&s, &nid, &pages)) {
			pr_warn("HugeTLB: Invalid hugepages parameter %s\n", s);
			return false;
		}
		wish->pages += pages;
	}
	wish->nodes = text;
	return true;
}

/* ---- taking pages ----------------------------------------------------------------------- */

/*
 * Linux differs: with a list of nodes it takes what it gets, from another node too; here
 * such a page goes back and counts as not there.
 */
static bool __init is_on_node(const void *page, int nid)
{
	return memblock_search_pfn_nid(PFN_DOWN(virt_to_phys(page)), NULL, NULL) == nid;
}

static __noinline bool __init __alloc_bootmem_huge_page(struct hstate *h, int nid)
{
	const phys_addr_t size = hugetlb_page_size(h);
	void *page = NULL;
	phys_addr_t pa;

	if (nid != NUMA_NO_NODE) {
		page = memblock_alloc_try_nid_raw(size, size, 0, MEMBLOCK_ALLOC_ACCESSIBLE, nid);
		if (page && !is_on_node(page, nid)) {
			memblock_phys_free(virt_to_phys(page), size);
			page = NULL;
		}
	} else {
		nid = hugetlb_next_node(words.next_nid - 1);
		page = memblock_alloc_try_nid_raw(size, size, 0, MEMBLOCK_ALLOC_ACCESSIBLE, nid);
		words.next_nid = hugetlb_next_node(nid);
	}
	if (!page)
		return false;
	pa = virt_to_phys(page);
	if (!early_memory_suffices()) {
		memblock_phys_free(pa, size);
		return false;
	}
	ledger_name(pa, size, "huge page");
	/* Linux writes only the head's descriptor now; what says so splits the reservation. */
	memblock_reserved_mark_noinit(pa + PAGE_SIZE, size - PAGE_SIZE);
	hugetlb_push_early(h, pa);
	return true;
}

static unsigned long __init take_pages(struct hstate *h, int nid, unsigned long pages)
{
	unsigned long i = 0;

	while (i < pages && (hugetlb_is_gigantic(h) ? __alloc_bootmem_huge_page(h, nid) :
						      hugetlb_grow(h, nid)))
		i++;
	return i;
}

/* What a list that makes sense wants of @nid: the last word about it counts. */
static unsigned long __init pages_of_node(const char *list, int nid)
{
	unsigned long pages = 0, n;
	int which;

	while (*list && take_node(&list, &which, &n))
		if (which == nid)
			pages = n;
	return pages;
}

static void __init fulfil(struct hstate *h)
{
	const struct wish *wish = wish_of(h);
	unsigned long pages, got;
	int nid;

	/* Linux differs: what memblock gave before this came out stays lost. */
	if (!arch_hugetlb_supported())
		return;
	if (hugetlb_is_gigantic(h) && hugetlb_cma_enabled()) {
		if (!words.skipped)
			pr_warn("HugeTLB: hugetlb_cma is enabled, skip boot time allocation\n");
		words.skipped = true;
		return;
	}
	if (!wish->nodes) {
		got = take_pages(h, NUMA_NO_NODE, wish->pages);
		if (got < wish->pages)
			pr_warn("HugeTLB: allocating %lu of page size %s failed.  "
				"Only allocated %lu hugepages.\n", wish->pages, h->name, got);
		return;
	}
	for_each_node(nid) {
		pages = pages_of_node(wish->nodes, nid);
		got = take_pages(h, nid, pages);
		if (got < pages)
			pr_warn("HugeTLB: allocating %lu of page size %s failed node%d.  "
				"Only allocated %lu hugepages.\n", pages, h->name, nid, got);
	}
}

/* ---- words ----------------------------------------------------------------------------------- */

static int __init parse_hugepagesz(char *val)
{
	const phys_addr_t size = memparse(val, NULL);
	struct hstate *old = hugetlb_find(size);

	words.valid = false;
	if (!arch_hugetlb_size_name(size)) {
		pr_err("HugeTLB: unsupported hugepagesz=%s\n", val);
		return 1;
	}
	/* Twice is once too often, but the default size may be named once more to fill it. */
	if (old && (!words.default_given || old != hugetlb_get(hugetlb_default) ||
		    wish_of(old)->pages)) {
		pr_warn("HugeTLB: hugepagesz=%s specified twice, ignoring\n", val);
		return 1;
	}
	words.size = hugetlb_add(size);
	words.valid = true;
	return 1;
}
__setup("hugepagesz=", parse_hugepagesz,
	"hugepagesz=2M|1G: the size that the next hugepages= is about");

static int __init parse_hugepages(char *val)
{
	struct wish *wish = words.size ? wish_of(words.size) : &words.for_default;

	if (!words.valid) {
		pr_warn("HugeTLB: hugepages=%s does not follow a valid hugepagesz, ignoring\n", val);
		words.valid = true;
		return 1;
	}
	if (wish == words.last) {
		pr_warn("HugeTLB: hugepages= specified twice without interleaving hugepagesz=, "
			"ignoring hugepages=%s\n", val);
		return 1;
	}
	if (!parse_pages(val, wish)) {
		*wish = (struct wish){ 0 };
		return 1;
	}
	words.last = wish;
	if (words.size && hugetlb_is_gigantic(words.size))
		fulfil(words.size);	/* only memblock has such pages for sure */
	return 1;
}
__setup("hugepages=", parse_hugepages,
	"hugepages=N | node:N[,node:N...]: huge pages to take at boot");

static int __init parse_default_hugepagesz(char *val)
{
	const phys_addr_t size = memparse(val, NULL);
	struct hstate *h = hugetlb_find(size);

	words.valid = false;
	if (words.default_given) {
		pr_err("HugeTLB: default_hugepagesz previously specified, ignoring %s\n", val);
		return 1;
	}
	if (!arch_hugetlb_size_name(size)) {
		pr_err("HugeTLB: unsupported default_hugepagesz=%s\n", val);
		return 1;
	}
	/* What comes next is about a new size, but not about one that was named before. */
	if (!h)
		words.size = h = hugetlb_add(size);
	words.valid = words.default_given = true;
	hugetlb_default = (unsigned int)(h - hugetlb_get(0));
	if (words.for_default.pages) {
		*wish_of(h) = words.for_default;
		words.for_default = (struct wish){ 0 };
		if (hugetlb_is_gigantic(h))
			fulfil(h);
	}
	return 1;
}
__setup("default_hugepagesz=", parse_default_hugepagesz,
	"default_hugepagesz=2M|1G: the size of hugepages= alone and in meminfo");

/* ---- after the hand-over ---------------------------------------------------------------- */

/* hugepages= before any size was about the default size, which is known only now. */
static void __init settle_default(void)
{
	struct hstate *h = hugetlb_find(SZ_2M);
	struct wish *wish = wish_of(h);

	if (words.default_given)
		return;
	hugetlb_default = (unsigned int)(h - hugetlb_get(0));
	if (!words.for_default.pages)
		return;
	if (wish->pages) {
		pr_warn("HugeTLB: Ignoring hugepages=%lu associated with %s page size\n",
			wish->pages, h->name);
		pr_warn("HugeTLB: Using hugepages=%lu for number of default huge pages\n",
			words.for_default.pages);
	}
	*wish = words.for_default;
}

void __init hugetlb_init(void)
{
	struct hstate *h;

	hugetlb_add(SZ_1G);
	if (!arch_hugetlb_supported()) {
		if (hugetlb_get(0))
			pr_warn("HugeTLB: huge pages not supported, "
				"ignoring associated command-line parameters\n");
		return;
	}
	if (!hugetlb_add(SZ_2M))
		return;
	settle_default();
	for (unsigned int i = 0; (h = hugetlb_get(i)); i++)
		if (!hugetlb_is_gigantic(h))
			fulfil(h);
	for (unsigned int i = 0; (h = hugetlb_get(i)); i++) {
		pr_info("HugeTLB: registered %s page size, pre-allocated %ld pages\n", h->name,
			(long)h->pages);
		pr_info("HugeTLB: %d KiB vmemmap can be freed for a %s page\n",
			LINUX_VMEMMAP_KB(h), h->name);
	}
}

void hugetlb_param_reset(void)
{
	memset(&words, 0, sizeof(words));
	words.valid = true;
}
