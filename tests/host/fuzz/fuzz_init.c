// SPDX-License-Identifier: GPL-2.0-only
/*
 * What every fuzzer is linked with: a panic is a finding.  A fuzzer whose code
 * may panic rightly sets a halt hook of its own that longjmps out.  There is no
 * console; printk() fills the log ring.
 */
#include "kernel/lib/panic.h"		/* panic_set_halt() */
#include "kernel/lib/panic_internal.h"	/* panic_reason() */

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);

static void halt(int status)
{
	fprintf(stderr, "panic (exit status %d): %s\n", status, panic_reason());
	abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	panic_set_halt(halt);
	return 0;
}
