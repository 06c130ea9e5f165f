/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Segments: long mode needs hardly any, but the TSS holds the exception stacks.
 */
#include "arch/x86_64/gdt.h"

#include <arch/memory.h>

#define DESC_CODE64	0x00af9b000000ffffUL	/* present, ring 0, code, long */
#define DESC_DATA	0x00cf93000000ffffUL	/* present, ring 0, writable data */
#define DESC_TSS	0x0000890000000000UL	/* present, ring 0, available 64-bit TSS */

/*
 * The accessed bits are set, so the CPU never writes here except the TSS's busy bit.  A system
 * descriptor is two entries; its base is in pieces, as on the 80286.
 */
static void fill_descriptors(struct segments *s)
{
	uint64_t base = (uint64_t)&s->tss;

	s->gdt[SEL_CODE64 / 8] = DESC_CODE64;
	s->gdt[SEL_DATA / 8] = DESC_DATA;
	s->gdt[SEL_TSS / 8] = DESC_TSS | (sizeof(s->tss) - 1) | (base & 0xffffff) << 16 |
			      (base >> 24 & 0xff) << 56;
	s->gdt[SEL_TSS / 8 + 1] = base >> 32;
}

void gdt_init(struct segments *s, const uint64_t stack_tops[IST_COUNT])
{
	struct table_pointer pointer = {
		.limit = sizeof(s->gdt) - 1, .base = (uint64_t)s->gdt,
	};

	for (unsigned int i = 1; i < IST_COUNT; i++)
		s->tss.ist[i - 1] = stack_tops[i];
	s->tss.io_bitmap = sizeof(s->tss);
	fill_descriptors(s);

	/* The selectors in use mean the same in this table: only the TSS is news. */
	__asm__ volatile("lgdt %0" : : "m"(pointer));
	__asm__ volatile("ltr %w0" : : "r"(SEL_TSS));
}
