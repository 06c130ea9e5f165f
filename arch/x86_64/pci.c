// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether there are PCI devices, which is all that memory needs to know about them.
 */
#include <arch/setup.h>			/* pcibios_resource_survey() */

#include "arch/x86_64/e820.h"
#include "arch/x86_64/io.h"
#include "boot/acpi.h"


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

/*
 * Can anybody look at devices here?  By ports (configuration mechanism 1 of PCI 3.0,
 * 3.2.2.3.2) or by memory, as MCFG says.  A microvm has neither.
 */
static bool has_config_space(void)
{
	return has_mechanism_1() || acpi_find_table("MCFG");
}

void pcibios_resource_survey(void)
{
	if (has_config_space())
		e820__reserve_resources_late();
}
