// SPDX-License-Identifier: GPL-2.0-only
/*
 * See switched_on.h.  ASan must not look: what is copied has its red zones in it.
 */
#include "switched_on.h"

#include "fuzz.h"

#include "boot/boot_info.h"
#include "mm/memblock.h"

static struct {
	char	*from, *to;
	char	*saved;
} parts[] = {
	{ state_begin_data, state_end_data, NULL },
	{ state_begin_bss, state_end_bss, NULL },
	{ state_begin_init_data, state_end_init_data, NULL },
	{ state_begin_init_bss, state_end_init_bss, NULL },
};

/* Not memcpy(): ASan has its own. */
static void copy(char *to, const char *from, size_t n)
{
	__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(n) : : "memory");
}

/* Another linker may have another order. */
static bool inside(const void *variable)
{
	uintptr_t at = (uintptr_t)variable;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (at > (uintptr_t)parts[i].from && at < (uintptr_t)parts[i].to)
			return true;
	return false;
}

void switch_on(void)
{
	check(inside(&boot_info) && inside(&memblock) && !inside(parts));
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		size_t n = (size_t)((uintptr_t)parts[i].to - (uintptr_t)parts[i].from);

		check(parts[i].from < parts[i].to);
		if (parts[i].saved) {
			copy(parts[i].from, parts[i].saved, n);
		} else {
			parts[i].saved = malloc(n);
			check(parts[i].saved);
			copy(parts[i].saved, parts[i].from, n);
		}
	}
}
