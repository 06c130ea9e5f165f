// SPDX-License-Identifier: GPL-2.0-only
#include "arch/x86_64/pci.h"

#include "boot/firmware/acpi.h"

#include <arch/io.h>

#define CONFIG_ADDRESS	0xcf8
#define CONFIG_ENABLE	0x80000000

/* The address register keeps what was written to it; where there is none, all bits are set. */
static bool has_mechanism_1(void)
{
	const uint32_t before = inl(CONFIG_ADDRESS);
	bool has;

	outl(CONFIG_ADDRESS, CONFIG_ENABLE);
	has = inl(CONFIG_ADDRESS) == CONFIG_ENABLE;
	outl(CONFIG_ADDRESS, before);
	return has;
}

bool pci_has_config_space(void)
{
	return has_mechanism_1() || acpi_find_table("MCFG");
}
