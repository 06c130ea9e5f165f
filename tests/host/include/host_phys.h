/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Physical memory of host builds: one MAP_NORESERVE mapping, so that tests use
 * real addresses up to many TiB and pay for the pages they touch.  Fresh pages
 * read as zero.
 */
#ifndef TESTS_HOST_HOST_PHYS_H
#define TESTS_HOST_HOST_PHYS_H

#include <stdint.h>

#define HOST_PHYS_SIZE	(64ULL << 40)	/* default: the most that fits beside ASan */

/* Where physical address 0 is; NULL before the first use. */
extern char *host_phys_base;
extern uint64_t host_phys_size;

/**
 * host_phys_init() - make @size bytes of physical memory, all zero
 *
 * Optional: the first phys_to_virt() makes HOST_PHYS_SIZE.  Again: starts over.
 */
void host_phys_init(uint64_t size);

/** host_phys_reset() - all pages back to zero, their memory given back */
void host_phys_reset(void);

/* The work behind <arch/memory.h>; an address outside is a panic() that names it. */
void *host_phys_to_virt(uint64_t pa);
uint64_t host_virt_to_phys(const void *va);

#endif /* TESTS_HOST_HOST_PHYS_H */
