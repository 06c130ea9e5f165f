// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walking a table that is a list of entries (see acpi_entries.h).
 */
#include "boot/firmware/acpi_entries.h"

#include "kernel/lib/align.h"		/* MIN() */
#include "kernel/lib/init.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"

/* Part of a table: each look into memory that need not be RAM costs a mapping. */
struct table_window {
	uint32_t	at, n;
	uint8_t		bytes[256];
};

/* The @n bytes at @at of the table, which are inside of it; NULL if they cannot be read. */
static const uint8_t *__init look(struct table_window *w, const struct acpi_table *t, uint32_t at,
				  uint32_t n)
{
	if (at < w->at || at + n > w->at + w->n) {
		w->at = at;
		w->n = MIN(t->length - at, (uint32_t)sizeof(w->bytes));
		if (!acpi_read(t, at, w->bytes, w->n))
			return NULL;
	}
	return w->bytes + (at - w->at);
}

bool __init acpi_walk(const struct acpi_table *t, uint32_t at, unsigned int wanted,
		      bool (*take)(const struct acpi_entry *e, void *context), void *context)
{
	struct table_window w = { 0 };
	struct acpi_entry e;
	const uint8_t *from;

	for (; at + 2 < t->length && (from = look(&w, t, at, 2)); at += e.length) {
		uint32_t have = MIN((uint32_t)from[1], (uint32_t)sizeof(e));

		memset(&e, 0, sizeof(e));
		memcpy(&e, from, 2);
		if (e.length > t->length - at) {
			pr_err("[%s:0x%02x] entry of type %u at +%#x has length %u, the table ends after %u\n",
			       t->signature, wanted, e.type, at, e.length, t->length - at);
			return false;
		}
		from = look(&w, t, at, have);
		if (!from)
			return false;
		memcpy(&e, from, MAX(have, 2U));
		if (!take(&e, context))
			return false;
		if (!e.length) {
			pr_err("[%s:0x%02x] Invalid zero length\n", t->signature, wanted);
			return false;
		}
	}
	return true;
}
