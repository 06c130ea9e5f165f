/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The MMU of host builds (host_mmu.c) and the kernel image it pretends.
 */
#ifndef TESTS_HOST_HOST_MMU_H
#define TESTS_HOST_HOST_MMU_H

#include "arch/x86_64/paging.h"

/* What arch/x86_64/paging/mmu.h was asked to do. */
struct host_mmu {
	phys_addr_t	root;		/* last mmu_load_root() */
	unsigned long	page_flushes;
	unsigned long	full_flushes;
};
extern struct host_mmu host_mmu;

/*
 * A 4-level CPU with NX and global pages, without 1G pages, and an image of
 * 400 KiB at 1 MiB.  early_paging_init() of host builds uses it as it is.
 */
extern struct paging_setup host_paging_setup;

#endif /* TESTS_HOST_HOST_MMU_H */
