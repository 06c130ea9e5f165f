// SPDX-License-Identifier: GPL-2.0-only
/*
 * memblock's parameters, and its part of a panic.  Apart from memblock's other files because
 * it registers in kernel/lib's tables, which a foreign test-suite does not have.
 */
#include "mm/memblock/memblock_internal.h"

#include "kernel/lib/params.h"	/* early_param() */

bool movable_node_enabled;	/* constant after boot */

/*
 * memblock=<anything with "debug" in it>; there is no way to switch it off again.
 * Linux differs: "step" stops after every operation.
 */
static int early_memblock(char *val)
{
	if (val && strstr(val, "debug"))
		memblock_set_verbose(true);
	if (val && strstr(val, "step"))
		mb_state.step = true;
	return 0;
}
early_param("memblock", early_memblock,
	    "memblock=debug|step: log every memblock operation; draw each and wait for a key");

static int cmdline_parse_movable_node(char *val)
{
	(void)val;
	movable_node_enabled = true;
	return 0;
}
early_param("movable_node", cmdline_parse_movable_node,
	    "movable_node: keep kernel data out of hotpluggable memory");

/* A panic shows the arrays, and how to learn who filled them. */
static void panic_memblock(void)
{
	memblock_dump(printk);
	if (!mb_state.verbose)
		printk(KERN_EMERG "run again with memblock=debug to see how it came to this\n");
}
PANIC_NOTE(memblock, "memblock", panic_memblock);
