// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel's own text functions ask for and this program does not have.
 */
#include "kernel/lib/ksyms.h"

const char *ksyms_lookup(unsigned long addr, unsigned long *offset, unsigned long *size)
{
	(void)addr, (void)offset, (void)size;
	return NULL;
}
