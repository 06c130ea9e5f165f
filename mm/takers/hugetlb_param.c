// SPDX-License-Identifier: GPL-2.0-only
/*
 * hugepagesz=, hugepages= and default_hugepagesz=, word by word in the order they come,
 * and what they ask for.
 *
 * A hugepages= belongs to the size before it, or to the default size if there is none.
 */
#include "mm/hugetlb.h"

#include "kernel/lib/dialect.h"
#include "kernel/lib/errno.h"
#include "kernel/lib/params.h"	/* __setup(), memparse() */
#include "mm/ledger.h"
#include "mm/memblock.h"
#include "mm/memblock_iter.h"	/* for_each_mem_pfn_range() */
#include "mm/memblock_since.h"	/* memblock_alloc_hugetlb() */
#include "mm/takers.h"		/* early_memory_suffices() */
#include "mm/takers/hugetlb_internal.h"
#include "mm/why.h"
#include "mm/zone.h"

/* Linux differs: it keeps 64 bytes a page and can free all but 4096 of a huge page's. */
#define LINUX_VMEMMAP_KB(h)	((int)(((64UL << (h)->order) - 4096) >> 10))

struct hugetlb_words hugetlb_words __initdata;

static struct huge_wish *__init wish_of(const struct hstate *h)
{
	return &hugetlb_words.wishes[h - hugetlb.pool];
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

static bool __init node_has_memory(int nid)
{
	unsigned long start, end;
	int i, which;

	for_each_mem_pfn_range(i, nid, &start, &end, &which)
		return true;
	return false;
}

/* Before zones are sized no node has pages, but memblock knows. */
static bool __init node_is_there(int nid)
{
	return node_online(nid) || node_has_memory(nid);
}

/* "1:2,": the next of a list; false if it makes no sense, *@s is where. */
static bool __init take_node_pages(const char **s, int *nid, unsigned long *pages)
{
	unsigned long node;
	const char *p = *s;

	if (!take_decimal(&p, &node) || *p != ':' || node >= MAX_NUMNODES ||
	    !node_is_there((int)node))
		return false;
	*nid = (int)node;
	*s = p + 1;
	if (!take_decimal(s, pages))
		return false;
	if (**s == ',')
		++*s;
	return true;
}

/* Read "N" or "node:N,...".  Return: false, after a line, if it is neither. */
static bool __init parse_huge_wish(const char *text, struct huge_wish *wish)
{
	const char *s = text;
	unsigned long pages;
	int nid;

	*wish = (struct huge_wish){ 0 };
	if (take_decimal(&s, &pages) && *s != ':') {
		wish->pages = pages;
		return true;
	}
	for (s = text; *s && (s == text || s[-1] == ',');) {
		if (!take_node_pages(&s, &nid, &pages)) {
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
static bool __init page_is_on_node(const void *page, int nid)
{
	return memblock_search_pfn_nid(PFN_DOWN(virt_to_phys(page)), NULL, NULL) == nid;
}

/* The node from @nid on whose turn it is: one that memblock has memory of. */
static int __init boot_node_from(int nid)
{
	int next = nid;

	for (int tries = 0; tries < MAX_NUMNODES; tries++, next++) {
		next = node_next(next);
		if (next >= MAX_NUMNODES)
			next = node_next(0);
		if (node_has_memory(next))
			break;
	}
	return next;
}

__attribute__((always_inline)) static inline void *__init take_gigantic(phys_addr_t size, int nid,
									bool exact)
{
	if (dialect->alloc_hugetlb)
		return memblock_alloc_hugetlb(size, nid, exact);
	if (dialect->early_hugepages && exact)
		return memblock_alloc_exact_nid_raw(size, size, 0, MEMBLOCK_ALLOC_ACCESSIBLE, nid);
	return memblock_alloc_try_nid_raw(size, size, 0, MEMBLOCK_ALLOC_ACCESSIBLE, nid);
}

static __noinline bool __init __alloc_bootmem_huge_page(struct hstate *h, int nid)
{
	const phys_addr_t size = huge_page_size(h);
	void *page = NULL;
	phys_addr_t pa;

	if (nid != NUMA_NO_NODE) {
		page = take_gigantic(size, nid, true);
		if (page && !page_is_on_node(page, nid)) {
			memblock_phys_free(virt_to_phys(page), size);
			page = NULL;
		}
	} else {
		nid = boot_node_from(hugetlb_words.next_nid);
		page = take_gigantic(size, nid, false);
		hugetlb_words.next_nid = nid + 1;
	}
	if (!page)
		return false;
	pa = virt_to_phys(page);
	if (!early_memory_suffices()) {
		memblock_phys_free(pa, size);
		return false;
	}
	ledger_name(pa, size, "huge page");
	/* As in Linux all but the first page are NOINIT, which splits the reservation in two. */
	memblock_reserved_mark_noinit(pa + PAGE_SIZE, size - PAGE_SIZE);
	hugetlb_push_early(h, pa);
	return true;
}

static unsigned long __init take_huge_pages(struct hstate *h, int nid, unsigned long pages)
{
	unsigned long i = 0;

	while (i < pages && (hstate_is_gigantic(h) ? __alloc_bootmem_huge_page(h, nid) :
						      alloc_pool_huge_folio(h, nid)))
		i++;
	return i;
}

/* How many pages a list that makes sense wants of @nid; of two entries the last one counts. */
static unsigned long __init pages_of_node(const char *list, int nid)
{
	unsigned long pages = 0, n;
	int which;

	while (*list && take_node_pages(&list, &which, &n))
		if (which == nid)
			pages = n;
	return pages;
}

/* Fewer than wanted; of pages that the buddy lacks the log says all there is to say. */
static __noinline void __init huge_refused(const struct hstate *h, int nid, unsigned long pages,
					   unsigned long got)
{
	if (hstate_is_gigantic(h))
		why_note(&(struct why_wish){
			.word = "hugepages", .size = huge_page_size(h), .align = huge_page_size(h),
			.nid = nid, .got = got, .wanted = pages,
		});
}

static void __init hugetlb_hstate_alloc_pages(struct hstate *h)
{
	const struct huge_wish *wish = wish_of(h);
	unsigned long pages, got;
	int nid;

	/* Linux differs: what memblock gave before this came out stays lost. */
	if (!arch_hugetlb_supported())
		return;
	if (hstate_is_gigantic(h) && hugetlb_cma_enabled()) {
		if (!hugetlb_words.skipped)
			pr_warn("HugeTLB: hugetlb_cma is enabled, skip boot time allocation\n");
		hugetlb_words.skipped = true;
		return;
	}
	if (!wish->nodes) {
		got = take_huge_pages(h, NUMA_NO_NODE, wish->pages);
		if (got < wish->pages) {
			pr_warn("HugeTLB: allocating %lu of page size %s failed.  "
				"Only allocated %lu hugepages.\n", wish->pages, h->name, got);
			huge_refused(h, NUMA_NO_NODE, wish->pages, got);
		}
		return;
	}
	for_each_node(nid) {
		pages = pages_of_node(wish->nodes, nid);
		got = take_huge_pages(h, nid, pages);
		if (got < pages) {
			pr_warn("HugeTLB: allocating %lu of page size %s failed node%d.  "
				"Only allocated %lu hugepages.\n", pages, h->name, nid, got);
			huge_refused(h, nid, pages, got);
		}
	}
}

/* ---- words ----------------------------------------------------------------------------------- */

static int __init hugepagesz_setup(char *val)
{
	const phys_addr_t size = memparse(val, NULL);
	struct hstate *old = size_to_hstate(size);

	hugetlb_words.bad_size = true;
	if (!arch_hugetlb_size_name(size)) {
		pr_err("HugeTLB: unsupported hugepagesz=%s\n", val);
		return 1;
	}
	/* A size may be named once; the default size once more, to give it pages. */
	if (old && (!hugetlb_words.default_given || old != hugetlb_get(hugetlb.default_pool) ||
		    wish_of(old)->pages)) {
		pr_warn("HugeTLB: hugepagesz=%s specified twice, ignoring\n", val);
		return 1;
	}
	hugetlb_words.size = hugetlb_add_hstate(size);
	hugetlb_words.bad_size = false;
	return 1;
}
__setup("hugepagesz=", hugepagesz_setup,
	"hugepagesz=2M|1G: the size that the next hugepages= is about");

static int __init hugepages_setup(char *val)
{
	struct hstate *h = hugetlb_words.size;
	struct huge_wish *wish = h ? wish_of(h) : &hugetlb_words.for_default;

	if (hugetlb_words.bad_size) {
		pr_warn("HugeTLB: hugepages=%s does not follow a valid hugepagesz, ignoring\n", val);
		hugetlb_words.bad_size = false;
		return 1;
	}
	if (wish == hugetlb_words.last) {
		pr_warn("HugeTLB: hugepages= specified twice without interleaving hugepagesz=, "
			"ignoring hugepages=%s\n", val);
		return 1;
	}
	if (!parse_huge_wish(val, wish)) {
		*wish = (struct huge_wish){ 0 };
		return 1;
	}
	hugetlb_words.last = wish;
	if (h && hstate_is_gigantic(h))
		hugetlb_hstate_alloc_pages(h);	/* later they are rare */
	return 1;
}
__setup("hugepages=", hugepages_setup,
	"hugepages=N | node:N[,node:N...]: huge pages to take at boot");

static int __init default_hugepagesz_setup(char *val)
{
	const phys_addr_t size = memparse(val, NULL);
	struct hstate *h = size_to_hstate(size);

	hugetlb_words.bad_size = true;
	if (hugetlb_words.default_given) {
		pr_err("HugeTLB: default_hugepagesz previously specified, ignoring %s\n", val);
		return 1;
	}
	if (!arch_hugetlb_size_name(size)) {
		pr_err("HugeTLB: unsupported default_hugepagesz=%s\n", val);
		return 1;
	}
	/* A hugepages= that follows is about this size, unless that had been named before. */
	if (!h)
		hugetlb_words.size = h = hugetlb_add_hstate(size);
	hugetlb_words.bad_size = false;
	hugetlb_words.default_given = true;
	hugetlb.default_pool = (unsigned int)(h - hugetlb.pool);
	if (hugetlb_words.for_default.pages) {
		*wish_of(h) = hugetlb_words.for_default;
		hugetlb_words.for_default = (struct huge_wish){ 0 };
		if (hstate_is_gigantic(h))
			hugetlb_hstate_alloc_pages(h);
	}
	return 1;
}
__setup("default_hugepagesz=", default_hugepagesz_setup,
	"default_hugepagesz=2M|1G: the size of hugepages= alone and in meminfo");

/* ---- the same words, early ---------------------------------------------------------------- */

static bool __init words_are_early(void)
{
	return dialect->early_hugepages;
}

/* The words wait for hugetlb_bootmem_alloc(), in the order they come. */
static int __init wait_early(int (*setup)(char *val), char *val)
{
	if (!val || hugetlb_words.nr_early == HUGETLB_EARLY_WORDS)
		return -EINVAL;
	hugetlb_words.early[hugetlb_words.nr_early++] = (struct huge_early_word){ setup, val };
	return 0;
}

static int __init early_hugepagesz(char *val)
{
	return wait_early(hugepagesz_setup, val);
}
early_param_if(words_are_early, "hugepagesz", early_hugepagesz, "the same, of later releases");

static int __init early_hugepages(char *val)
{
	return wait_early(hugepages_setup, val);
}
early_param_if(words_are_early, "hugepages", early_hugepages, "the same, of later releases");

static int __init early_default_hugepagesz(char *val)
{
	return wait_early(default_hugepagesz_setup, val);
}
early_param_if(words_are_early, "default_hugepagesz", early_default_hugepagesz,
	       "the same, of later releases");

void __init hugetlb_bootmem_alloc(void)
{
	for (unsigned int i = 0; i < hugetlb_words.nr_early; i++)
		hugetlb_words.early[i].setup(hugetlb_words.early[i].val);
	hugetlb_words.nr_early = 0;
}

/* ---- after the hand-over ---------------------------------------------------------------- */

/* hugepages= before any size was about the default size, which is known only now. */
static void __init settle_default(void)
{
	struct hstate *h = size_to_hstate(arch_hugetlb_default_size());
	struct huge_wish *wish = wish_of(h);

	if (hugetlb_words.default_given)
		return;
	hugetlb.default_pool = (unsigned int)(h - hugetlb.pool);
	if (!hugetlb_words.for_default.pages)
		return;
	if (wish->pages) {
		pr_warn("HugeTLB: Ignoring hugepages=%lu associated with %s page size\n",
			wish->pages, h->name);
		pr_warn("HugeTLB: Using hugepages=%lu for number of default huge pages\n",
			hugetlb_words.for_default.pages);
	}
	*wish = hugetlb_words.for_default;
}

void __init hugetlb_init(void)
{
	phys_addr_t size;
	struct hstate *h;

	hugetlb_add_hstate(arch_hugetlb_gigantic_size());
	if (!arch_hugetlb_supported()) {
		if (hugetlb_get(0))
			pr_warn("HugeTLB: huge pages not supported, "
				"ignoring associated command-line parameters\n");
		return;
	}
	for (unsigned int i = 0; (size = arch_hugetlb_size(i)); i++)
		hugetlb_add_hstate(size);
	if (!size_to_hstate(arch_hugetlb_default_size()))
		return;
	settle_default();
	for (unsigned int i = 0; (h = hugetlb_get(i)); i++)
		if (!hstate_is_gigantic(h))
			hugetlb_hstate_alloc_pages(h);
	for (unsigned int i = 0; (h = hugetlb_get(i)); i++) {
		pr_info("HugeTLB: registered %s page size, pre-allocated %ld pages\n", h->name,
			(long)h->pages);
		pr_info("HugeTLB: %d KiB vmemmap can be freed for a %s page\n",
			HUGETLB_FREES_VMEMMAP ? LINUX_VMEMMAP_KB(h) : 0, h->name);
	}
}
