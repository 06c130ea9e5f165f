// SPDX-License-Identifier: GPL-2.0-only
/*
 * boot/firmware/acpi.c as when the machine was switched on (see arch_reset.h).
 */
#include "tests/host/include/arch_reset.h"

#include "boot/firmware/acpi_internal.h"
#include "kernel/lib/string.h"

void acpi_reset(void)
{
	memset(&acpi_state, 0, sizeof(acpi_state));
}
