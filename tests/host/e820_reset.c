// SPDX-License-Identifier: GPL-2.0-only
/*
 * arch/x86_64/map/e820.c as when the machine was switched on (see arch_reset.h).
 */
#include "tests/host/include/arch_reset.h"

#include "arch/x86_64/map/e820_internal.h"
#include "kernel/lib/string.h"

void e820_reset(void)
{
	memset(&e820_state, 0, sizeof(e820_state));
	memset(&e820_init, 0, sizeof(e820_init));
	e820_tables_init();
}
