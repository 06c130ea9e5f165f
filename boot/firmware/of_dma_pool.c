// SPDX-License-Identifier: GPL-2.0-only
/*
 * "shared-dma-pool" of /reserved-memory (see boot/of_reserved_mem.h).
 *
 *	reusable		a CMA area: movable pages may be there until a device wants it
 *	linux,cma-default	... and it is the one that cma= would have been about
 *	neither			a device's own memory: it stays reserved
 *
 * Linux has two functions for the same `compatible` and asks both; the second one's answer
 * counts if neither wants the region.
 */
#include "boot/of_fdt.h"
#include "boot/of_reserved_mem.h"
#include "kernel/lib/errno.h"
#include "kernel/lib/init.h"
#include "kernel/lib/printk.h"
#include "mm/cma.h"

#define RMEM		"Reserved memory: "
#define COMPATIBLE	"shared-dma-pool"

static void __init say_created(const char *what, const struct reserved_mem *r)
{
	pr_info(RMEM "created %s memory pool at %pa, size %ld MiB\n", what, &r->base,
		(long)(r->size >> 20));
	pr_info("OF: reserved mem: initialized node %s, compatible id " COMPATIBLE "\n", r->name);
}

/*
 * Linux differs: a pool that shares memory with another reservation becomes an area, too, and
 * the other's memory is given to anybody.
 */
static int __init rmem_cma_setup(const struct reserved_mem *r, bool is_default)
{
	struct cma *cma;

	if (is_default && cma_is_on_command_line()) {
		pr_info(RMEM "bypass %s node, using cmdline CMA params instead\n", r->name);
		return -EBUSY;
	}
	if ((r->base | r->size) & (CMA_MIN_ALIGNMENT - 1)) {
		pr_err(RMEM "incorrect alignment of CMA region\n");
		return -EINVAL;
	}
	cma = is_default && !cma_area.count ? &cma_area : cma_new_area();
	if (!cma)
		return -ENOSPC;
	if (of_reserved_mem_is_shared(r) ||
	    cma_init_reserved_mem(cma, r->base, r->size, r->name)) {
		pr_err(RMEM "unable to setup CMA region\n");
		return -EINVAL;
	}
	say_created("CMA", r);
	return 0;
}

int __init rmem_dma_pool_setup(const struct reserved_mem *r, const struct fdt_node *node)
{
	if (!fdt_compatible(&of_fdt.fdt, node, COMPATIBLE))
		return -ENOENT;
	if (r->reusable)
		return r->nomap ? -EINVAL :
		       rmem_cma_setup(r, fdt_has(&of_fdt.fdt, node, "linux,cma-default"));
	say_created("DMA", r);
	return 0;
}
