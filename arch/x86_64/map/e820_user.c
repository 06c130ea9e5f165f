// SPDX-License-Identifier: GPL-2.0-only
/*
 * The user's hand in the map: mem= and memmap=.
 *
 * Both work on the map directly, word by word in command-line order; sanitising and printing
 * wait for e820__finish_early_params().  Errors inside a memmap= element are never reported,
 * as in Linux; the words are remembered, so that a map they spoil can be explained.
 */
#include "arch/x86_64/e820.h"
#include "arch/x86_64/map/e820_internal.h"
#include "kernel/lib/errno.h"
#include "kernel/lib/init.h"
#include "kernel/lib/params.h"		/* early_param(), memparse() */
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/lib/vsnprintf.h"	/* ksnprintf() */
#include "mm/memblock.h"		/* memblock_is_region_reserved() */
#include "mm/port.h"			/* PAGE_SIZE */
#include "mm/why.h"

#include <arch/map.h>

bool e820_user_defined(void)
{
	return e820_init.user_defined;
}

const char *e820_user_words(void)
{
	return e820_init.words;
}

static void remember_word(const char *name, const char *val)
{
	char *words = e820_init.words;
	const size_t size = sizeof(e820_init.words), len = strnlen(words, size);

	if (len < size - 4 && (size_t)ksnprintf(words + len, size - len, "%s%s=%s", len ? " " : "",
						name, val) >= size - len)
		memcpy(words + size - 4, "...", 4);
}

/* RAM above @limit does not exist; an address, not an amount. */
static void limit_ram(unsigned long long limit)
{
	e820__range_remove(limit, UINT64_MAX - limit, E820_TYPE_RAM, true);
}

static int parse_memopt(char *p)
{
	if (!p)
		return -EINVAL;
	if (strcmp(p, "nopentium") == 0) {
		pr_warn("mem=nopentium ignored! (only supported on x86_32)\n");
		return -EINVAL;
	}
	e820_init.user_defined = true;
	remember_word("mem", p);

	unsigned long long limit = memparse(p, &p);

	if (!limit)		/* "mem=0" would leave nothing at all */
		return -EINVAL;
	limit_ram(limit);
	return 0;
}
early_param("mem", parse_memopt, "SIZE: use no RAM above this address");

/* "nn%ss[-from][+to]": @p is behind the percent sign. */
static int convert_range(unsigned long long size, char *p)
{
	unsigned long long start = memparse(p, &p);
	uint32_t from = 0, to = 0;

	if (*p == '-')
		from = (uint32_t)kstrtoull(p + 1, &p, 0);
	if (*p == '+')
		to = (uint32_t)kstrtoull(p + 1, &p, 0);
	if (*p)
		return -EINVAL;

	if (from && to)
		e820__range_update(start, size, from, to);
	else if (to)
		e820__range_add(start, size, to);
	else
		e820__range_remove(start, size, from, from != 0);
	return 0;
}

static const struct {
	char		separator;
	const char	*sign;
	uint32_t	type;
} added_types[] = {
	{ '@', "@", E820_TYPE_RAM },
	{ '#', "#", E820_TYPE_ACPI },
	{ '$', "$", E820_TYPE_RESERVED },
	{ '!', "!", E820_TYPE_PRAM },
};

static void remember_taken(phys_addr_t base, phys_addr_t size, const char *sign)
{
	if (*sign != '@' && e820_init.nr_taken < ARRAY_SIZE(e820_init.taken))
		e820_init.taken[e820_init.nr_taken++] = (struct e820_taken){ base, size, sign };
}

/* Whoever takes RAM away wants it to be free RAM: if it is not, `why memmap` tells. */
void __init e820_user_explain(void)
{
	phys_addr_t first, last;

	for (unsigned int i = 0; i < e820_init.nr_taken; i++) {
		const struct e820_taken *t = &e820_init.taken[i];
		const char *type = arch_map_type(ARCH_MAP_SANE, t->base, &first, &last);

		if (!type || strcmp(type, "usable") || t->size - 1 > last - t->base ||
		    memblock_is_region_reserved(t->base, t->size))
			why_note(&(struct why_wish){
				.word = "memmap", .size = t->size, .align = PAGE_SIZE,
				.grain = PAGE_SIZE, .low = t->base, .fixed = true,
				.nid = NUMA_NO_NODE, .from = WHY_RAM_OF_MAP, .tail = t->sign,
			});
	}
}

static int parse_memmap_one(char *p)
{
	char *begin = p;

	if (strncmp(p, "exactmap", 8) == 0) {
		e820_init.user_defined = true;
		e820_table->nr_entries = 0;
		return 0;
	}

	unsigned long long size = memparse(p, &p);

	if (p == begin)
		return -EINVAL;
	e820_init.user_defined = true;
	if (*p == '%')
		return convert_range(size, p + 1);
	for (size_t i = 0; i < ARRAY_SIZE(added_types); i++) {
		if (*p != added_types[i].separator)
			continue;

		const uint64_t start = memparse(p + 1, &p);

		remember_taken(start, size, added_types[i].sign);
		e820__range_add(start, size, added_types[i].type);
		return *p ? -EINVAL : 0;
	}
	limit_ram(size);	/* also where the separator has no meaning */
	return *p ? -EINVAL : 0;
}

static int parse_memmap_opt(char *list)
{
	if (list)
		remember_word("memmap", list);
	while (list) {
		char *comma = strchr(list, ',');

		if (comma)
			*comma++ = '\0';
		parse_memmap_one(list);
		list = comma;
	}
	return 0;
}
early_param("memmap", parse_memmap_opt,
	    "exactmap | SIZE{@RAM,#ACPI,$reserved,!persistent}START | SIZE%START[-FROM][+TO] | LIMIT");
