/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From the loader's numbers to zones: the first half of boot.
 */
#ifndef ARCH_SETUP_H
#define ARCH_SETUP_H

#include "kernel/lib/types.h"

/**
 * setup_arch() - everything about memory until the page array stands
 * @magic, @info: what the entry code hands over: which loader, and its block
 *
 * Fills boot_info and runs the early parameters.  On return memblock has memory, reservations
 * and nodes, the direct map is in use, zones are sized; memblock still allocates.  Panics when
 * there is no safe way on.
 *
 * Context: once, with console, traps and cpu_init() done.
 */
void setup_arch(uint32_t magic, phys_addr_t info);

/**
 * pcibios_resource_survey() - keep from devices what lies close behind the ends of RAM
 *
 * Does nothing where there are no devices that could be moved there.  Linux's name; here
 * memory is all that is surveyed.
 *
 * Context: after setup_arch().
 */
void pcibios_resource_survey(void);

#endif /* ARCH_SETUP_H */
