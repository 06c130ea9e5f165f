// SPDX-License-Identifier: GPL-2.0-only
/*
 * The MMU of host builds: there is none, what is done to it is remembered, and
 * a made-up kernel image stands at 1 MiB.
 */
#include "tests/host/include/host_mmu.h"

#include "arch/x86_64/image.h"
#include "arch/x86_64/paging/mmu.h"

#include <arch/memory.h>

struct host_mmu host_mmu;

void mmu_load_root(phys_addr_t root)
{
	host_mmu.root = root;
}

void mmu_flush_page(uint64_t va)
{
	(void)va;
	host_mmu.page_flushes++;
}

void mmu_flush_all_cpus(void)
{
	host_mmu.full_flushes++;
}

uint64_t mmu_write_combining(void)
{
	return PTE_PWT;
}

void *mmu_pointer(uint64_t va, phys_addr_t pa)
{
	(void)va;
	return phys_to_virt(pa);
}

struct paging_setup host_paging_setup = {
	.nx = true, .pge = true, .pse = true, .levels = 4,
	.direct_base = 0xffff888000000000UL,
	.image_base = 0xffffffff80000000UL,
	.early_limit = 0x100000000UL,
	.parts = {
		{ 0x100000, 0x120000, PTE_RX },		/* text         */
		{ 0x120000, 0x130000, PTE_RO },		/* rodata       */
		{ 0x130000, 0x132000, PTE_RW },		/* ro_after_init */
		{ 0x132000, 0x138000, PTE_RW },		/* data         */
		{ 0x138000, 0x13c000, PTE_RX },		/* init text    */
		{ 0x13c000, 0x140000, PTE_RW },		/* init data    */
		{ 0x140000, 0x148000, PTE_RW },		/* bss          */
		{ 0x148000, 0x149000, 0 },		/* guard        */
		{ 0x149000, 0x14d000, PTE_RW },		/* stack        */
		{ 0x14d000, 0x164000, PTE_RW },		/* fixed, pool  */
	},
	.image_start = 0x100000, .image_end = 0x164000,
	.rodata_start = 0x120000, .rodata_end = 0x132000,
	.fixed = 0x14d000, .fixed_end = 0x14d000 + PAGING_FIXED_PAGES * 0x1000,
	.pool = 0x154000, .pool_end = 0x154000 + PAGING_POOL_PAGES * 0x1000,
};

void early_paging_init(void)
{
	paging_setup(&host_paging_setup);
}
