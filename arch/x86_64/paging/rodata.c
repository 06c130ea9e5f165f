// SPDX-License-Identifier: GPL-2.0-only
/*
 * The image's rights after boot: constants are protected, what only boot needed is let go.
 */
#include "arch/x86_64/paging.h"
#include "arch/x86_64/paging/mmu.h"
#include "arch/x86_64/paging/paging_internal.h"
#include "kernel/lib/printk.h"

void mark_rodata_ro(void)
{
	const struct paging_setup *s = &paging.set;
	unsigned long constant = 0;

	pt_change(&paging.pt, s->image_base + s->rodata_start, s->rodata_end - s->rodata_start,
		  0, PTE_W | PTE_D, NULL);
	mmu_flush_all_cpus();
	for (const struct image_part *p = s->parts; p->start != p->end; p++)
		if (image_is_constant(p))
			constant += p->end - p->start;
	pr_info("Write protecting the kernel read-only data: %luk\n", constant >> 10);
	if (!s->nx)
		pr_warn("x86/mm: this CPU has no NX: all that is writable can be executed\n");
	else if (paging_check(NULL) == 0)
		pr_info("x86/mm: Checked W+X mappings: passed, no W+X pages found.\n");
}

/* The parts change with what is released, so that paging_check() knows of it. */
void paging_release_image(phys_addr_t start, phys_addr_t end)
{
	struct paging_setup *s = &paging.set;

	for (struct image_part *p = s->parts; p->start != p->end; p++) {
		if (p->start < start || p->end > end)
			continue;
		if (image_is_constant(p))
			pt_change(&paging.pt, s->direct_base + p->start, p->end - p->start,
				  PTE_W | PTE_D, 0, NULL);
		p->flags = 0;
	}
	pt_change(&paging.pt, s->image_base + start, end - start, 0, PTE_P, NULL);
	mmu_flush_all_cpus();
}
