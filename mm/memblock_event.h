/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What follows each of memblock's operations in this kernel: the trace, the ledger's
 * records, and whoever wants to look at the arrays step by step.
 *
 * The portable library calls memblock_event() (memblock.h) and does without this file.
 */
#ifndef MM_MEMBLOCK_EVENT_H
#define MM_MEMBLOCK_EVENT_H

#include "mm/ledger.h"		/* ledger_name() */
#include "mm/memblock.h"	/* memblock_reserve() */

struct trace_event;

/** struct memblock_events - boot only: written until the hand-over, by memblock_event() */
struct memblock_events {
	/* Called after each operation: @seq is the number of @event in the trace. NULL: nobody. */
	void		(*stepper)(uint64_t seq, const struct trace_event *event);
	phys_addr_t	memory;		/* bytes of RAM memblock has */
	phys_addr_t	excess;		/* total_size is more by so much: trimming leaves it */
	bool		growing;	/* memory for the ledger's records is being allocated */
};

extern struct memblock_events memblock_events;

/**
 * memblock_memory_bytes() - the sum of memblock.memory's regions
 *
 * memblock_phys_mem_size() may be too large after memblock_trim_memory(), as in Linux; this
 * is not.
 */
phys_addr_t memblock_memory_bytes(void);

/**
 * ledger_reserve() - memblock_reserve() with an owner
 * @owner: must outlive the boot (a constant)
 *
 * Inline, so that `memblock=debug` shows the caller's own function.
 * Return: as memblock_reserve().
 */
__attribute__((always_inline))
static inline int ledger_reserve(phys_addr_t base, phys_addr_t size, const char *owner)
{
	int rc = memblock_reserve(base, size);

	if (!rc)
		ledger_name(base, size, owner);
	return rc;
}

/** ledger_reserve_kern() - memblock_reserve_kern() with an owner; the same in all else */
__attribute__((always_inline))
static inline int ledger_reserve_kern(phys_addr_t base, phys_addr_t size, const char *owner)
{
	int rc = memblock_reserve_kern(base, size);

	if (!rc)
		ledger_name(base, size, owner);
	return rc;
}

/**
 * ledger_owned() - @mem, just allocated from memblock, has an owner
 * @mem: address of @size bytes, or NULL: the allocation failed
 * @owner: must outlive the boot (a constant)
 *
 *	table = ledger_owned(memblock_alloc(bytes, align), bytes, "table");
 *
 * The allocation stays an expression of the caller, so that `memblock=debug` shows his name.
 * Return: @mem.
 */
static inline void *ledger_owned(void *mem, phys_addr_t size, const char *owner)
{
	if (mem)
		ledger_name(virt_to_phys(mem), size, owner);
	return mem;
}

#endif /* MM_MEMBLOCK_EVENT_H */
