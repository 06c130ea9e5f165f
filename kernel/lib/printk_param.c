// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the command line says about the log: loglevel=, quiet, debug, ignore_loglevel and
 * console=.
 */
#include "kernel/lib/printk_internal.h"

#include "kernel/lib/errno.h"
#include "kernel/lib/params.h"		/* early_param() */
#include "kernel/lib/string.h"

#define LOGLEVEL_QUIET		4
#define LOGLEVEL_DEBUG		10
#define LOGLEVEL_MAX		15

static int __init loglevel_param(char *val)
{
	int level;

	if (!val || !get_option(&val, &level))
		return -EINVAL;
	/* Linux differs: it takes any number.  Level 0 would hide even emergencies. */
	console_loglevel = level < 1 ? 1 : level > LOGLEVEL_MAX ? LOGLEVEL_MAX : level;
	if (console_loglevel != level)
		pr_warn("loglevel=%d is outside 1-%d; using %d\n", level, LOGLEVEL_MAX,
			console_loglevel);
	return 0;
}
early_param("loglevel", loglevel_param,
	    "1-15: show messages of a lower level than this; default 7");

static int __init ignore_loglevel_param(char *val)
{
	(void)val;
	ignore_loglevel = true;
	pr_info("printk: debug: ignoring loglevel setting.\n");
	return 0;
}
early_param("ignore_loglevel", ignore_loglevel_param,
	    "show all messages, whatever loglevel= says");

static int __init debug_param(char *val)
{
	(void)val;
	console_loglevel = LOGLEVEL_DEBUG;
	return 0;
}
early_param("debug", debug_param, "show debug messages too: loglevel=10");

static int __init quiet_param(char *val)
{
	(void)val;
	console_loglevel = LOGLEVEL_QUIET;
	return 0;
}
early_param("quiet", quiet_param, "show errors and worse only: loglevel=4");

static int __init console_param(char *val)
{
	const char *comma;

	if (!val)
		return -EINVAL;
	switch (console_wish(val)) {
	case WISH_GRANTED:
		break;
	case WISH_WAITS:
		comma = strchr(val, ',');
		pr_warn("console=%s: there is no %.*s (yet); the log stays where it is\n", val,
			comma ? (int)(comma - val) : CONSOLE_NAME_MAX, val);
		break;
	case WISH_ONE_TOO_MANY:
		pr_warn("console=%s ignored: only %d consoles can be named\n", val,
			CONSOLE_WISHES_MAX);
		break;
	case WISH_NAMES_NOTHING:
		pr_warn("console=%s ignored: no such console\n", val);
		break;
	}
	return 0;
}
early_param("console", console_param,
	    "DEVICE[,OPTIONS]: show the log there, as ttyS0,115200; may repeat");
