// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walking a table that is a list of entries (see acpi_entries.h).
 */
#include "boot/firmware/acpi_entries.h"

#include "kernel/lib/align.h"		/* MIN() */
#include "kernel/lib/init.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"

bool __init acpi_walk(const struct acpi_table *t, uint32_t at, unsigned int wanted,
		      bool (*take)(const struct acpi_entry *e, void *context), void *context)
{
	struct acpi_entry e;

	for (; at + 2 < t->length && acpi_read(t, at, &e, 2); at += e.length) {
		uint32_t have = MIN((uint32_t)e.length, (uint32_t)sizeof(e));

		if (e.length > t->length - at) {
			pr_err("[%s:0x%02x] entry of type %u at +%#x has length %u, the table ends after %u\n",
			       t->signature, wanted, e.type, at, e.length, t->length - at);
			return false;
		}
		memset(&e.body, 0, sizeof(e.body));
		if (!acpi_read(t, at, &e, have))
			return false;
		if (!take(&e, context))
			return false;
		if (!e.length) {
			pr_err("[%s:0x%02x] Invalid zero length\n", t->signature, wanted);
			return false;
		}
	}
	return true;
}
