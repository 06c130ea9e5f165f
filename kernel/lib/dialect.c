// SPDX-License-Identifier: GPL-2.0-only
/*
 * The dialects, a row each (see dialect.h).  The first is in force without the word.
 */
#include "kernel/lib/dialect.h"

#include "kernel/lib/init.h"
#include "kernel/lib/params.h"		/* first_param() */
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/lib/types.h"

static const struct dialect dialects[] = {
	{
		.release = "6.12",
		.kern_type = true,
		.ram = "usable",
		.reserved = "reserved",
		.persistent = "persistent",
		.table_full = "too many entries",
		.ram_buffer = "reserve RAM buffer",
		.bad_range = "node",
	},
	{
		.release = "6.18",
		.rsrv_kern = true,
		.low_scratch = true,
		.distance_table_silent = true,
		.early_hugepages = true,
		.ram = "usable",
		.reserved = "reserved",
		.persistent = "persistent",
		.table_full = "too many entries",
		.ram_buffer = "reserve RAM buffer",
		.bad_range = "node",
	},
	{
		.release = "7.3",
		.rsrv_kern = true,
		.low_scratch = true,
		.holes_before_zones = true,
		.distance_table_silent = true,
		.early_hugepages = true,
		.hugepages_after_zones = true,
		.alloc_hugetlb = true,
		.ram = "System RAM",
		.reserved = "device reserved",
		.persistent = "persistent RAM",
		.map_gaps = true,
		.table_full = "E820 table full",
		.highest_gap = true,
		.ram_buffer = "register RAM buffer resource",
		.bad_range = "range for node",
	},
};

const struct dialect *dialect = dialects;	/* constant after boot */

static int __init dialect_param(char *val)
{
	for (size_t i = 0; val && i < ARRAY_SIZE(dialects); i++) {
		if (strcmp(val, dialects[i].release) == 0) {
			dialect = &dialects[i];
			return 0;
		}
	}
	pr_warn("dialect=%s: not one of 6.12, 6.18, 7.3; %s stays\n", val ? val : "",
		dialect->release);
	return 0;
}
first_param("dialect", dialect_param,
	    "6.12|6.18|7.3: the release of Linux to behave and to speak like");

void __init choose_dialect(const char *cmdline)
{
	parse_first_param(cmdline);
}
