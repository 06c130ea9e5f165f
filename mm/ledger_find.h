/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whose is the byte at this address?  One answer from the ledger's records, the zones, the
 * buddy, and whoever says that he has one of the buddy's blocks.
 */
#ifndef MM_LEDGER_FIND_H
#define MM_LEDGER_FIND_H

#include "mm/memblock.h"	/* memblock_print_fn */


/* What a byte of the physical address space is, now. */
enum ledger_state {
	LEDGER_NOT_RAM,		/* the map does not call it RAM			*/
	LEDGER_FREE_EARLY,	/* memblock may still give it away		*/
	LEDGER_RESERVED,	/* somebody's since boot			*/
	LEDGER_ROUNDING,	/* RAM, but less than a page of it is there or left */
	LEDGER_BUDDY_FREE,	/* in a free block				*/
	LEDGER_ALLOCATED,	/* in a block that alloc_pages() gave away	*/
};

/**
 * struct ledger_answer - all that is known about one address
 * @state: see above
 * @base, @size: the range the answer holds for: record, block or gap
 * @owner: name, or NULL
 * @caller: who took it; of a block only if the owner is known, else 0
 * @order: of the block, where it is one
 * @nid, @zone: node and name of the zone; -1 and NULL outside of the page map
 */
struct ledger_answer {
	enum ledger_state state;
	phys_addr_t	base;
	phys_addr_t	size;
	const char	*owner;
	unsigned long	caller;
	unsigned int	order;
	bool		cma;		/* a block in a CMA area */
	bool		stacked;	/* a free block that has not merged yet: pcp.h */
	int		nid;
	const char	*zone;
};

/** ledger_find() - what is at @pa?  Any time, any address. */
void ledger_find(phys_addr_t pa, struct ledger_answer *answer);

/** ledger_explain() - ledger_find() as one line of text, printed in pieces (ledger_print.c) */
void ledger_explain(phys_addr_t pa, memblock_print_fn *print);

/**
 * ledger_note() - whose the block of the buddy's at @pa is
 * @owner: a constant, or NULL: nobody's any more
 *
 * The page allocator does not remember who called it, unless page_owner=on.  The last few notes
 * are kept, with their callers; pools of huge pages need none.
 */
void ledger_note(phys_addr_t pa, const char *owner);

#endif /* MM_LEDGER_FIND_H */
