/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ledger: who owns which byte of RAM.
 *
 * memblock knows what is reserved, the ledger knows by whom: a sorted array of
 * disjoint records, each with an owner's name or at least the function that
 * asked.  It follows memblock by memblock_event() and, after the hand-over, is
 * told of every release.  The sum that must come out to the byte:
 *
 *	RAM of the map = given to the buddy + reserved, by owner + lost to rounding
 *
 * Records begin in a static array and move to memory of memblock's before it is full.
 * Where that cannot be (more than LEDGER_RECORDS reservations before the first allocation,
 * or no memory) bytes are still counted, as "(unnamed)"; none is ever lost.
 *
 * Ranges are (base, size), half open; printed inclusive.
 */
#ifndef MM_LEDGER_H
#define MM_LEDGER_H

#include "kernel/lib/trace.h"	/* struct trace_event */
#include "kernel/lib/types.h"
#include "mm/memblock.h"	/* memblock_reserve(), enum memblock_op */

#define LEDGER_RECORDS	256	/* at first: 8 KiB; boots of QEMU and PCs use 20 to 60 */

/**
 * struct ledger_entry - a reserved range and its owner
 * @base, @size: bytes
 * @owner: name that outlives the boot, or NULL
 * @caller: address in the function that reserved or allocated it, 0 unknown
 */
struct ledger_entry {
	phys_addr_t	base;
	phys_addr_t	size;
	const char	*owner;
	unsigned long	caller;
};

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

/**
 * ledger_reserve() - memblock_reserve() with an owner
 * @owner: must outlive the boot (a constant)
 *
 * Inline, so that `memblock=debug` shows the caller's own function.
 * Return: as memblock_reserve().
 */
static inline int ledger_reserve(phys_addr_t base, phys_addr_t size, const char *owner);

/**
 * ledger_name() - give the unnamed parts of a range an owner
 *
 * Parts that are not reserved or that have a name already stay as they are: the
 * first owner keeps its bytes.
 */
void ledger_name(phys_addr_t base, phys_addr_t size, const char *owner);

/**
 * ledger_set_ram() - how much RAM the map promises
 * @bytes: sum of the RAM entries, before any rounding or trimming
 *
 * Without it the sum of what was added to memblock is used.
 */
void ledger_set_ram(phys_addr_t bytes);

/**
 * ledger_release() - a reserved range has become ordinary memory
 *
 * For releases after the hand-over (memory of init, the initrd); earlier ones
 * are seen by memblock_event().  Whole pages.
 */
void ledger_release(phys_addr_t base, phys_addr_t size);

/**
 * ledger_keep() - @pages more (fewer, if negative) that zones count as managed stay reserved
 *
 * The sum counts the buddy's pages by managed_pages; these were never the buddy's.
 */
void ledger_keep(long pages);

/**
 * ledger_close() - draw the line at the hand-over
 *
 * Called by mem_init() right after memblock_free_all(); from now on memblock's
 * arrays are not needed any more.
 */
void ledger_close(void);

/** struct ledger_sum - the sum, in bytes; valid after ledger_close() */
struct ledger_sum {
	phys_addr_t	usable;		/* RAM of the map			*/
	phys_addr_t	buddy;		/* given to the buddy, free or not	*/
	phys_addr_t	reserved;	/* records and unnamed, inside RAM	*/
	phys_addr_t	unnamed;	/* part of it for which no record fitted */
	phys_addr_t	rounding;	/* pieces of pages			*/
	phys_addr_t	withheld;	/* RAM that memblock was not given	*/
};

/* The sum as it is now, later releases included.  Not even: a bug (ledger_check() says it). */
void ledger_get_sum(struct ledger_sum *sum);

/** ledger_ram_bytes() - how much of a range is RAM of some zone */
phys_addr_t ledger_ram_bytes(phys_addr_t base, phys_addr_t size);

/** ledger_check() - does the sum come out even? Silent. */
bool ledger_check(void);

/**
 * ledger_print() - the sum and the largest owners, at most a screen
 *
 * `ledger: usable %lluB = buddy ... + reserved ... + rounding ... OK|BROKEN`
 */
void ledger_print(void);

/**
 * ledger_note() - whose the block of the buddy's at @pa is
 * @owner: a constant, or NULL: nobody's any more
 *
 * The page allocator does not remember who called it, unless page_owner=on.  The last few notes
 * are kept, with their callers; pools of huge pages need none.
 */
void ledger_note(phys_addr_t pa, const char *owner);

/**
 * arch_map_type() - supplied by arch/: what the map in use calls @pa; NULL: nothing, a hole
 * @first, @last: the bytes it says the same of
 */
const char *arch_map_type(phys_addr_t pa, phys_addr_t *first, phys_addr_t *last);

/** ledger_find() - what is at @pa? */
void ledger_find(phys_addr_t pa, struct ledger_answer *answer);

/** ledger_explain() - ledger_find() as one line of text, printed in pieces */
void ledger_explain(phys_addr_t pa, memblock_print_fn *print);

/**
 * ledger_get() - record number @i in order of address
 *
 * Return: false past the last one.
 */
bool ledger_get(unsigned int i, struct ledger_entry *entry);

/* Somebody who wants to see every memblock operation after it was done, or NULL. */
extern void (*memblock_stepper)(uint64_t seq, const struct trace_event *event);

/** ledger_reset() - forget everything; tests only */
void ledger_reset(void);

__attribute__((always_inline))
static inline int ledger_reserve(phys_addr_t base, phys_addr_t size, const char *owner)
{
	int rc = memblock_reserve(base, size);

	if (!rc)
		ledger_name(base, size, owner);
	return rc;
}

#endif /* MM_LEDGER_H */
