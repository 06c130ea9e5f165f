// SPDX-License-Identifier: GPL-2.0-only
/*
 * arch/x86_64/numa.c and boot/firmware/srat.c as when the machine was switched on (see
 * arch_reset.h).
 */
#include "tests/host/include/arch_reset.h"

#include "arch/x86_64/numa.h"
#include "boot/firmware/srat_internal.h"

void numa_reset(void)
{
	numa_off = false;
	srat_state.disabled = false;
}
