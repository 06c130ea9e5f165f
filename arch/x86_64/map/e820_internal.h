/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shared by arch/x86_64/map/e820*.c and their tests; nobody else.
 */
#ifndef ARCH_X86_64_MAP_E820_INTERNAL_H
#define ARCH_X86_64_MAP_E820_INTERNAL_H

#include "arch/x86_64/e820.h"
#include "mm/range.h"

#define E820_STATIC	256	/* entries before a table borrows; QEMU and PCs have 5 to 70 */

/* ULLONG_MAX - start for a span that would pass the end: the last byte is never covered. */
static inline uint64_t e820_clip(uint64_t start, uint64_t size)
{
	return phys_range_end(start, size) - start;
}

static inline uint64_t e820_end(const struct e820_entry *e)
{
	return e->addr + e->size;
}

/* Memory of ours: what firmware calls RAM, and RAM that Linux's loaders took for the kernel. */
static inline bool e820_is_ram(const struct e820_entry *e)
{
	return e->type == E820_TYPE_RAM || e->type == E820_TYPE_RESERVED_KERN;
}

/* Append to any table; see e820__range_add(). */
void e820_table_add(struct e820_table *table, uint64_t start, uint64_t size, uint32_t type);

/* Room for @nr entries in all, borrowed if need be; false if there is none. */
bool e820_table_room(struct e820_table *table, uint32_t nr);

/*
 * What e820__update_table() does once it does not decline: any number of entries, none of
 * which may wrap.  Return: 0, or -1 (table unchanged) if there is no room to work in.
 */
int e820_sanitise(struct e820_table *table);

/*
 * RAM for bigger tables; e820_setup.c borrows and reserves it, tests and the time after
 * e820__memblock_setup() have none.
 */
void *e820_borrow(uint64_t size);

/* e820_user.c: a mem= or memmap= was seen / forget it. */
bool e820_user_defined(void);
void e820_user_reset(void);

/* e820.c: give tables new static or foreign room. */
void e820_table_move(struct e820_table *table, struct e820_entry *to, uint32_t capacity);
void e820_tables_init(void);

#endif /* ARCH_X86_64_MAP_E820_INTERNAL_H */
