// SPDX-License-Identifier: GPL-2.0-only
/*
 * memblock on the command line, and in a panic.  Apart from the rest because it needs
 * kernel/lib's tables, which a test-suite has not got.
 */
#include "mm/memblock/memblock_internal.h"

#include "kernel/lib/params.h"	/* early_param() */

bool movable_node_enabled;

bool memblock_step;

/*
 * memblock=<anything with "debug" in it>; there is no way to switch it off again.
 * Linux differs: "step" stops after every operation.
 */
static int parse_memblock(char *val)
{
	if (val && strstr(val, "debug"))
		memblock_verbose = true;
	if (val && strstr(val, "step"))
		memblock_step = true;
	return 0;
}
early_param("memblock", parse_memblock,
	    "memblock=debug|step: log every memblock operation; draw each and wait for a key");

static int parse_movable_node(char *val)
{
	(void)val;
	movable_node_enabled = true;
	return 0;
}
early_param("movable_node", parse_movable_node,
	    "movable_node: keep kernel data out of hotpluggable memory");

/* The arrays, and how to learn who filled them. */
static void panic_memblock(void)
{
	memblock_dump(printk);
	if (!memblock_verbose)
		printk(KERN_EMERG "run again with memblock=debug to see how it came to this\n");
}
PANIC_NOTE(memblock, "memblock", panic_memblock);
