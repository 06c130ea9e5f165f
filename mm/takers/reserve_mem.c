// SPDX-License-Identifier: GPL-2.0-only
/*
 * reserve_mem=size:align:name: named reservations that other code asks for by name.
 *
 * At most RESERVE_MEM_MAX of them, placed wherever memblock has room.  As in 6.12
 * a word that makes no sense is dropped silently.
 */
#include "mm/memblock.h"

#include "kernel/lib/align.h"
#include "kernel/lib/errno.h"
#include "kernel/lib/params.h"	/* __setup(), memparse() */
#include "kernel/lib/string.h"
#include "mm/ledger.h"
#include "mm/takers.h"		/* early_memory_suffices() */
#include "mm/takers/takers_internal.h"
#include "mm/totalram.h"
#include "mm/why.h"

struct reserved_mems reserved_mems;

static struct reserved_mem *reserved_mem_of(const char *name)
{
	for (unsigned int i = 0; i < reserved_mems.used; i++)
		if (reserved_mems.table[i].size && !strcmp(reserved_mems.table[i].name, name))
			return &reserved_mems.table[i];
	return NULL;
}

int reserve_mem_find_by_name(const char *name, phys_addr_t *start, phys_addr_t *size)
{
	const struct reserved_mem *r = reserved_mem_of(name);

	if (!r)
		return 0;
	*start = r->start;
	*size = r->size;
	return 1;
}

int reserve_mem_release_by_name(const char *name)
{
	struct reserved_mem *r = reserved_mem_of(name);

	if (!r)
		return 0;
	memblock_phys_free(r->start, r->size);
	if (memblock_handed_over()) {
		memblock_free_late(r->start, r->size);
		totalram_report(name);
	}
	r->size = 0;
	return 1;
}

static bool all_blank(const char *s)
{
	while (*s == ' ' || (*s >= '\t' && *s <= '\r'))
		s++;
	return !*s;
}

/* "2M:4096:trace"; the function's name is what Linux's log shows as the caller. */
static int reserve_mem(char *val)
{
	struct reserved_mem *r = &reserved_mems.table[reserved_mems.used];
	phys_addr_t size, align;
	char *rest, *name;

	if (reserved_mems.used == RESERVE_MEM_MAX)
		return -EBUSY;
	size = memparse(val, &rest);
	if (!size || rest == val || *rest != ':')
		return -EINVAL;
	align = memparse(rest + 1, &rest);
	align = MAX(align, (phys_addr_t)SMP_CACHE_BYTES);
	if (*rest != ':')
		return -EINVAL;
	name = rest + 1;
	if (strlen(name) >= RESERVE_MEM_NAME || all_blank(name))
		return -EINVAL;
	if (reserved_mem_of(name))
		return -EBUSY;
	r->start = memblock_phys_alloc(size, align);
	if (r->start && !early_memory_suffices()) {
		memblock_phys_free(r->start, size);
		r->start = 0;
	}
	if (!r->start) {
		why_note(&(struct why_wish){
			.word = "reserve_mem", .size = size, .align = align,
			.nid = NUMA_NO_NODE, .tail = ":4K:NAME",
		});
		return -ENOMEM;
	}
	r->size = size;
	memcpy(r->name, name, strlen(name) + 1);
	ledger_name(r->start, size, r->name);
	reserved_mems.used++;
	return 1;
}
__setup("reserve_mem=", reserve_mem, "reserve_mem=size:align:name: reserve memory under a name");
