/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ledger audited: does every byte of RAM appear in it exactly once?
 *
 * The sum is counted from three sides that know nothing of each other: the zones' counters of
 * what the buddy was given, memblock's arrays as they were at the hand-over, and the map.
 */
#ifndef MM_LEDGER_SUM_H
#define MM_LEDGER_SUM_H

#include "mm/ledger.h"

/**
 * ledger_close() - draw the line at the hand-over
 *
 * Called by mem_init() right after memblock_free_all(); from now on memblock's
 * arrays are not needed any more.
 */
void ledger_close(void);

/* The sum as it is now, later releases included.  Not even: a bug (ledger_check() says it). */
void ledger_get_sum(struct ledger_sum *sum);

/** ledger_check() - does the sum come out even? Silent. */
bool ledger_check(void);

/** ledger_ram_bytes() - how much of a range is RAM of some zone */
phys_addr_t ledger_ram_bytes(phys_addr_t base, phys_addr_t size);

/* One owner's share, summed over its records: @who is one of them. */
struct ledger_share {
	struct ledger_entry	who;
	phys_addr_t		bytes;
	unsigned int		pieces;
};

/**
 * ledger_shares() - the owners with the largest shares of RAM, largest first (ledger_print.c)
 * @top, @room: filled with at most @room of them
 *
 * Return: how many owners there are.
 */
unsigned int ledger_shares(struct ledger_share *top, unsigned int room);

/* Do two records belong to one name or, where there is none, to one caller? */
bool ledger_same_owner(const struct ledger_entry *a, const struct ledger_entry *b);

/**
 * ledger_print() - the sum and the largest owners, at most a screen (ledger_print.c)
 *
 * `ledger: usable %lluB = buddy ... + reserved ... + rounding ... OK|BROKEN`
 */
void ledger_print(void);

#endif /* MM_LEDGER_SUM_H */
