/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ledger: who owns which byte of RAM.
 *
 * memblock knows what is reserved, the ledger knows by whom: a sorted array of
 * disjoint records, each with an owner's name or at least the function that
 * asked.  It is told everything: memblock_event.c tells it what memblock did,
 * whoever took memory tells it a name, and after the hand-over every release is
 * reported to it.  It asks nobody, so that every floor of mm/ may call it.
 * Beside the records it keeps the account, whose sides must come out equal to
 * the byte (ledger_sum.h audits it):
 *
 *	RAM of the map = given to the buddy + reserved, by owner + lost to rounding
 *
 * Ranges are (base, size), half open; printed inclusive.
 */
#ifndef MM_LEDGER_H
#define MM_LEDGER_H

#include "kernel/lib/init.h"	/* LINKER_TABLE */
#include "kernel/lib/types.h"

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

/** struct ledger_sum - the sum, in bytes; valid after ledger_close() */
struct ledger_sum {
	phys_addr_t	usable;		/* RAM of the map			*/
	phys_addr_t	buddy;		/* given to the buddy, free or not	*/
	phys_addr_t	reserved;	/* records and unnamed, inside RAM	*/
	phys_addr_t	unnamed;	/* part of it for which no record fitted */
	phys_addr_t	rounding;	/* pieces of pages			*/
	phys_addr_t	withheld;	/* RAM that memblock was not given	*/
};

/**
 * struct ledger - records and account; written by the functions below only
 * @records: @first, or the array that took its place when it was nearly full; NULL: no record
 *	has been made yet
 * @nr, @max: records in use, and how many fit
 * @ram: RAM the map promises; 0: nobody has said
 * @trimmed: what memblock's RAM lost when it was cut to whole pages
 * @kept: pages that zones count as managed and that are reserved all the same
 * @shared: bytes of records in pages that are no zone's, because two nodes share them
 * @buddy_bytes: asked for what the buddy has; set when the account is closed
 * @sum: as of the last release; its @buddy is what the buddy had then
 *
 * one writer, the boot CPU: with every operation of memblock's, and at later releases, which the
 * monitor asks for on that CPU.
 */
struct ledger {
	struct ledger_entry	*records;
	unsigned int		nr, max;
	phys_addr_t		ram;
	phys_addr_t		trimmed;
	unsigned long		kept;
	phys_addr_t		shared;
	bool			closed;
	phys_addr_t		(*buddy_bytes)(void);
	struct ledger_sum	sum;
	struct ledger_entry	first[LEDGER_RECORDS];
};

extern struct ledger ledger;

/* ---- records ------------------------------------------------------------------- */

/**
 * ledger_fill() - [@base, @base + @size) is reserved now
 * @owner: name that outlives the boot, or NULL
 * @caller: who reserved it
 *
 * The parts that have a record keep it; the others get one.  The end is cut at the top of the
 * address space.  Where there is no room for a record the bytes stay without one: the sum
 * counts them as unnamed.
 */
void ledger_fill(phys_addr_t base, phys_addr_t size, const char *owner, unsigned long caller);

/** ledger_clear() - the range is not reserved any more.  Return: bytes of it that had a record */
phys_addr_t ledger_clear(phys_addr_t base, phys_addr_t size);

/**
 * ledger_name() - give the unnamed parts of a range an owner
 *
 * Parts that are not reserved or that have a name already stay as they are: the
 * first owner keeps its bytes.
 */
void ledger_name(phys_addr_t base, phys_addr_t size, const char *owner);

/**
 * ledger_get() - record number @i in order of address
 *
 * Return: false past the last one.
 */
bool ledger_get(unsigned int i, struct ledger_entry *entry);

/** ledger_find_record() - the record of the byte at @pa.  Return: false if it has none */
bool ledger_find_record(phys_addr_t pa, struct ledger_entry *entry);

/**
 * ledger_wants() - bytes that an array twice as large needs; 0: there is room, or it is too late
 *
 * The array is doubled when it is three quarters full, so that no record is lost while whoever
 * answers this allocates.
 */
size_t ledger_wants(void);

/**
 * ledger_move() - all records are at @to from now on, where ledger_wants() bytes are
 * Return: the array they left, to be given back, and its @bytes; NULL if it was the first one.
 */
void *ledger_move(void *to, size_t *bytes);

/* ---- the account ----------------------------------------------------------------- */

/**
 * ledger_set_ram() - how much RAM the map promises
 * @bytes: sum of the RAM entries, before any rounding or trimming
 *
 * Without it the sum of what was added to memblock is used.
 */
void ledger_set_ram(phys_addr_t bytes);

/** ledger_trimmed() - memblock has just given up @bytes of RAM that were no whole pages */
void ledger_trimmed(phys_addr_t bytes);

/**
 * ledger_keep() - @pages more (fewer, if negative) that zones count as managed stay reserved
 *
 * The sum counts the buddy's pages by managed_pages; these were never the buddy's.
 */
void ledger_keep(long pages);

/**
 * ledger_open_account() - the hand-over is done: from now on releases change the sum
 * @sum: as it is at the hand-over
 * @shared: bytes of records in pages that are no zone's
 * @buddy_bytes: returns what the buddy has, in bytes; asked at every release
 *
 * memblock's arrays are not needed any more, and records grow no further.
 */
void ledger_open_account(const struct ledger_sum *sum, phys_addr_t shared,
			 phys_addr_t (*buddy_bytes)(void));

/**
 * ledger_release() - a reserved range has become ordinary memory
 *
 * For releases after the hand-over (memory of init, the initrd), once the buddy has the
 * pages; earlier ones are told by memblock_event().  Whole pages.
 */
void ledger_release(phys_addr_t base, phys_addr_t size);

/* ---- who has a block of the buddy's ---------------------------------------------- */

enum block_owner_rank {
	OWNER_BY_CALLER,	/* the function that called the page allocator */
	OWNER_BY_POOL,		/* a pool that keeps blocks for later */
	OWNER_BY_NOTE,		/* somebody said so: ledger_note() */
	OWNER_RANKS
};

/**
 * struct block_owner - somebody to ask who has an allocated block
 * @rank: of several who know, the one with the highest rank is believed
 * @knows: is the block at @base, of which @pa is a byte, yours?  Sets *@owner (NULL: no name)
 *	and *@caller (0: unknown) if it returns true.
 */
struct block_owner {
	enum block_owner_rank rank;
	bool (*knows)(phys_addr_t pa, phys_addr_t base, const char **owner, unsigned long *caller);
};

/* BLOCK_OWNER(OWNER_BY_POOL, fn): ledger_find() asks @fn, too. */
#define BLOCK_OWNER(rank_, fn)							\
	static const struct block_owner block_owner_##fn			\
	LINKER_TABLE(block_owners, struct block_owner) = { .rank = (rank_), .knows = (fn) }

#endif /* MM_LEDGER_H */
