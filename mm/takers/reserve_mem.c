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
#include "mm/memblock/memblock_internal.h"
#include "mm/mm_init.h"		/* early_memory_suffices(), totalram_report() */

#define RESERVE_MEM_MAX		8
#define RESERVE_MEM_NAME	16	/* with its NUL */

struct reserve_mem {
	char		name[RESERVE_MEM_NAME];
	phys_addr_t	start;
	phys_addr_t	size;		/* 0: released, the name is forgotten */
};

static struct reserve_mem table[RESERVE_MEM_MAX];
static unsigned int used;

void reserve_mem_reset(void)
{
	memset(table, 0, sizeof(table));
	used = 0;
}

static struct reserve_mem *find(const char *name)
{
	for (unsigned int i = 0; i < used; i++)
		if (table[i].size && !strcmp(table[i].name, name))
			return &table[i];
	return NULL;
}

int reserve_mem_find_by_name(const char *name, phys_addr_t *start, phys_addr_t *size)
{
	const struct reserve_mem *r = find(name);

	if (!r)
		return 0;
	*start = r->start;
	*size = r->size;
	return 1;
}

int reserve_mem_release_by_name(const char *name)
{
	struct reserve_mem *r = find(name);

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
	struct reserve_mem *r = &table[used];
	phys_addr_t size, align;
	char *rest, *name;

	if (used == RESERVE_MEM_MAX)
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
	if (find(name))
		return -EBUSY;
	r->start = memblock_phys_alloc(size, align);
	if (!r->start)
		return -ENOMEM;
	if (!early_memory_suffices()) {
		memblock_phys_free(r->start, size);
		return -ENOMEM;
	}
	r->size = size;
	memcpy(r->name, name, strlen(name) + 1);
	ledger_name(r->start, size, r->name);
	used++;
	return 1;
}
__setup("reserve_mem=", reserve_mem, "reserve_mem=size:align:name: reserve memory under a name");
