// SPDX-License-Identifier: GPL-2.0-only
#include "mm/page_owner.h"

#include "kernel/lib/params.h"	/* early_param() */
#include "mm/ledger.h"	/* BLOCK_OWNER() */
#include "mm/memblock.h"
#include "mm/memblock_event.h"	/* ledger_owned() */
#include "mm/page_alloc.h"
#include "mm/page_wipe.h"

/*
 * By span and page of it: the caller, as far behind page_owner_init() as it lies.  The entry of a
 * page is under zone->lock; where they are is constant after boot.
 */
static int32_t **owners;

static int __init parse_page_owner(char *val)
{
	if (val && !strcmp(val, "on"))
		page_options |= PAGE_OWNER;
	else if (val && !strcmp(val, "off"))
		page_options &= ~PAGE_OWNER;
	else
		return -EINVAL;
	return 0;
}
early_param("page_owner", parse_page_owner, "on: remember who got every block, for `find`");

static void *__init alloc_zeroed(phys_addr_t bytes, int nid)
{
	return ledger_owned(memblock_alloc_node(bytes, SMP_CACHE_BYTES, nid), bytes, "page owner");
}

void __init page_owner_init(void)
{
	const unsigned int spans = page_span_count();

	owners = NULL;
	if (!(page_options & PAGE_OWNER))
		return;
	owners = alloc_zeroed(spans * sizeof(*owners), NUMA_NO_NODE);
	for (unsigned int i = 0; owners && i < spans; i++) {
		const struct page_span *span = page_span_get(i);

		owners[i] = alloc_zeroed(span->pages * sizeof(*owners[i]), span->nid);
		if (!owners[i])
			owners = NULL;
	}
	if (owners) {
		pr_info("page_owner is enabled\n");
		return;
	}
	page_options &= ~PAGE_OWNER;
	pr_warn("page_owner: no memory for 4 bytes a page; it is off\n");
}

static int32_t *owner_of(unsigned long pfn)
{
	const struct page_span *span = page_span_of(pfn);

	return owners && span ? &owners[span - page_span_get(0)][pfn - span->start] : NULL;
}

void page_owner_set(unsigned long pfn, unsigned int order, unsigned int each, unsigned long caller)
{
	const unsigned long end = pfn + (1UL << order);

	for (; pfn < end; pfn += 1UL << each) {
		int32_t *owner = owner_of(pfn);

		if (owner)
			*owner = (int32_t)(caller - (unsigned long)page_owner_init);
	}
}

unsigned long page_owner_get(unsigned long pfn)
{
	const int32_t *owner = owner_of(pfn);

	return owner && *owner ? (unsigned long)page_owner_init + (unsigned long)*owner : 0;
}

static bool known_caller(phys_addr_t pa, phys_addr_t base, const char **owner,
			 unsigned long *caller)
{
	(void)pa;
	(void)owner;
	*caller = page_owner_get(PFN_DOWN(base));
	return *caller != 0;
}
BLOCK_OWNER(OWNER_BY_CALLER, known_caller);
