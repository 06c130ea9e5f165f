/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of e820 share: e820_setup.c calls e820_user.c and e820_sanitise.c, and these
 * call e820.c.
 */
#ifndef ARCH_X86_64_MAP_E820_INTERNAL_H
#define ARCH_X86_64_MAP_E820_INTERNAL_H

#include "arch/x86_64/e820.h"
#include "kernel/lib/dialect.h"
#include "mm/why.h"
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
	return e->type == E820_TYPE_RAM ||
	       (e->type == E820_TYPE_RESERVED_KERN && dialect->kern_type);
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
 * RAM for bigger tables, reserved; NULL if there is none, or memblock has all there is (after
 * e820__memblock_setup(), and in tests).
 */
void *e820_borrow(uint64_t size);
extern const char e820_owner[];		/* in whose name */

/* A mem= or memmap= was seen. */
bool e820_user_defined(void);

/* Give @table other room. */
void e820_table_move(struct e820_table *table, struct e820_entry *to, uint32_t capacity);

/* Empty tables with static room: before the first is used. */
void e820_tables_init(void);

struct e820_border {
	uint64_t	addr;
	uint32_t	entry;		/* that begins here, or NO_ENTRY: one ends */
};

/* Scratch for sanitising; grows with the tables and stays. */
struct e820_scratch {
	struct e820_border	*borders;
	uint32_t		*active;
	struct e820_entry	*out;
	uint32_t		capacity;
};

/**
 * struct e820_state - constant after boot
 * @entries: room for @tables until they need more
 * @may_borrow: from e820__memory_setup() to e820__memblock_setup()
 * @no_room_for: the least that could not be borrowed
 * @have_buffers: e820__reserve_resources_late() was called
 * @odd_name, @odd_names: "persistent (type N)" or "type N" for two types at a time: an update line names two
 */
extern struct e820_state {
	struct e820_entry	entries[3][E820_STATIC];
	struct e820_table	tables[3];
	struct e820_scratch	scratch;
	uint64_t		no_room_for;
	bool			may_borrow;
	bool			have_buffers;
	char			odd_name[2][28];
	unsigned int		odd_names;
} e820_state;

/**
 * struct e820_init - boot only
 * @borders, @active, @out: the first scratch
 * @user_defined: a mem= or memmap= was seen
 * @words: of mem= and memmap=; what does not fit ends in "..."
 * @taken: ranges that memmap= takes out of RAM, the first ones
 */
extern struct e820_init {
	struct e820_border	borders[2 * E820_STATIC];
	uint32_t		active[E820_STATIC];
	struct e820_entry	out[E820_STATIC];
	bool			user_defined;
	char			words[512];
	struct e820_taken {
		phys_addr_t	base, size;
		const char	*sign;
	} taken[WHY_RECORDS];
	unsigned int		nr_taken;
} e820_init;

/* e820_user.c: for `why memmap`, when it is known what is reserved. */
void e820_user_explain(void);

#endif /* ARCH_X86_64_MAP_E820_INTERNAL_H */
