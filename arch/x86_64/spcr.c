// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading the SPCR (see spcr.h):
 *
 *	36 kind of port  40 address: space, bits, offset, access, u64  58 speed, coded
 */
#include "arch/x86_64/spcr.h"

#include "boot/acpi.h"
#include "kernel/lib/init.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/unaligned.h"

#define SPCR_KIND	0
#define SPCR_SPACE	4
#define SPCR_ADDRESS	8
#define SPCR_SPEED	22
#define SPCR_BYTES	23

#define KIND_16550	0
#define KIND_16450	1	/* the same without FIFOs */
#define KIND_16550_GAS	18
#define SPACE_IO	1

/* By the code of the table; 0: as it is, or a code that has no meaning. */
static unsigned int __init speed_of(unsigned int code)
{
	static const unsigned int speeds[] = { [3] = 9600, [4] = 19200, [6] = 57600, [7] = 115200 };

	return code < sizeof(speeds) / sizeof(speeds[0]) ? speeds[code] : 0;
}

void __init acpi_parse_spcr(void)
{
	const struct acpi_table *table = acpi_find_table("SPCR");
	unsigned int baud;
	uint64_t address;
	uint8_t spcr[SPCR_BYTES];
	int port;

	if (!table)
		return;
	if (!acpi_read(table, ACPI_HEADER_SIZE, spcr, sizeof(spcr))) {
		pr_warn("ACPI: SPCR of %u bytes is too short; not used\n", table->length);
		return;
	}
	address = get_le64(spcr + SPCR_ADDRESS);
	baud = speed_of(spcr[SPCR_SPEED]);
	if (!address)			/* redirection is switched off */
		return;
	if ((spcr[SPCR_KIND] != KIND_16550 && spcr[SPCR_KIND] != KIND_16450 &&
	     spcr[SPCR_KIND] != KIND_16550_GAS) ||
	    spcr[SPCR_SPACE] != SPACE_IO || address > 0xfff8) {
		pr_info("ACPI: SPCR: a port of kind %u in address space %u at %#llx; not used\n",
			spcr[SPCR_KIND], spcr[SPCR_SPACE], (unsigned long long)address);
		return;
	}
	pr_info("ACPI: SPCR: console: uart,io,0x%llx,%u\n", (unsigned long long)address, baud);
	port = serial_use_port((uint16_t)address, baud);
	if (port < 0)
		pr_info("ACPI: SPCR: no free port answers at 0x%llx\n", (unsigned long long)address);
	else
		pr_info("ACPI: SPCR: that is ttyS%d\n", port);
}
