/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The serial port that firmware says a person sits at: ACPI's SPCR (spcr.c).
 */
#ifndef ARCH_X86_64_SPCR_H
#define ARCH_X86_64_SPCR_H

#include "kernel/lib/types.h"

/**
 * acpi_parse_spcr() - show the log on the port of the SPCR, too, unless console= names ports
 *
 * A port in I/O space only: one that is memory, and what is no 16550, is said and not used.
 * Linux differs: on x86 the table names a port for `earlycon` only.
 *
 * Context: after acpi_boot_table_init().
 */
void acpi_parse_spcr(void);

/**
 * serial_use_port() - the 16550 at @base is a console now, unless console= has named others
 * @baud: 0: as it is
 *
 * A port that is none of ttyS0 to ttyS3 takes the place of the first of them that is not there,
 * but not of ttyS1, which is for programs (serial.c).
 * Return: its number, or -1 if no port answers there, or all places are taken.
 */
int serial_use_port(uint16_t base, unsigned int baud);

#endif /* ARCH_X86_64_SPCR_H */
