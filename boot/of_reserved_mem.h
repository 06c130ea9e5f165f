/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * /reserved-memory and what else the device tree keeps from us: boot/firmware/of_reserved_mem.c;
 * what a `compatible` makes of a region: of_dma_pool.c.
 */
#ifndef BOOT_OF_RESERVED_MEM_H
#define BOOT_OF_RESERVED_MEM_H

#include "boot/boot_info.h"
#include "boot/fdt.h"

#define MAX_RESERVED_REGIONS	64	/* until memory can be allocated */

/**
 * struct reserved_mem - a region of /reserved-memory that has been dealt with
 * @name: of its node, in the tree
 * @node: offset of its properties, for struct fdt_node.at
 * @base, @size: its first range
 * @nomap, @reusable: what its node says
 *
 * 48 bytes, as in Linux, for the array shows in the log.
 */
struct reserved_mem {
	const char	*name;
	uint64_t	node;
	phys_addr_t	base;
	phys_addr_t	size;
	bool		nomap, reusable;
	uint64_t	unused;
};

/**
 * What becomes of a region by its `compatible`.  @node is its node.
 *
 * Return: 0 done; -ENOENT: nothing is known of such nodes; else the region is given back.
 */
typedef int (*reserved_mem_init_fn)(const struct reserved_mem *region,
				    const struct fdt_node *node);

/**
 * early_init_fdt_scan_reserved_mem() - reserve what the tree wants to be reserved
 * @info: what else is in use; kept
 * @init: asked about every region, now or later
 *
 * The dump's header, the static nodes, the nodes that want to be placed, at last the
 * reservation block.  Context: after early_init_dt_verify(), before anything else is allocated.
 */
void early_init_fdt_scan_reserved_mem(const struct boot_info *info, reserved_mem_init_fn init);

/**
 * fdt_scan_reserved_mem_reg_nodes() - list the static nodes, ask about them, report overlaps
 *
 * Context: memblock allocates, and what it gives can be written.
 * Return: how many no-map regions have become RAM like any other, which is not mapped so far.
 */
unsigned int fdt_scan_reserved_mem_reg_nodes(void);

/**
 * of_reserved_mem_is_shared() - has anybody else reserved a byte of the region, too?
 *
 * The kernel, the initrd, the tree itself, another node, the reservation block.  memblock merges
 * what touches and cannot tell, so whoever gives a region away or back has to ask first.
 * Asked more than 64 times the answer is yes.
 */
bool of_reserved_mem_is_shared(const struct reserved_mem *region);

/**
 * rmem_dma_pool_setup() - a reserved_mem_init_fn: regions compatible with "shared-dma-pool"
 *
 * Reusable ones become CMA areas, the first area if they have "linux,cma-default".
 */
int rmem_dma_pool_setup(const struct reserved_mem *region, const struct fdt_node *node);

/** of_reserved_mem_get() - region @i in order of the log, later by address; NULL: no such one */
const struct reserved_mem *of_reserved_mem_get(unsigned int i);

#endif /* BOOT_OF_RESERVED_MEM_H */
