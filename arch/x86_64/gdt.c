/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Segments: long mode needs hardly any, but the TSS holds the exception stacks.
 */
#include "arch/x86_64/gdt.h"

#include <arch/memory.h>

struct tss {
	uint32_t	reserved0;
	uint64_t	rsp[3];
	uint64_t	reserved1;
	uint64_t	ist[7];		/* ist[0] is IST 1 */
	uint64_t	reserved2;
	uint16_t	reserved3;
	uint16_t	io_bitmap;	/* offset; beyond the limit: no bitmap */
} __attribute__((packed));

#define DESC_CODE64	0x00af9b000000ffffUL	/* present, ring 0, code, long */
#define DESC_DATA	0x00cf93000000ffffUL	/* present, ring 0, writable data */
#define DESC_TSS	0x0000890000000000UL	/* present, ring 0, available 64-bit TSS */

/*
 * Segment descriptors and the TSS: constant after boot.  The accessed bits are set, so the CPU
 * never writes here except the TSS's busy bit.
 */
static struct {
	uint64_t	gdt[SEL_TSS / 8 + 2];
	struct tss	tss;
} segments = {
	.gdt = { [SEL_CODE64 / 8] = DESC_CODE64, [SEL_DATA / 8] = DESC_DATA },
};

/* A system descriptor is two entries; its base is in pieces, as on the 80286. */
static void set_tss_descriptor(void)
{
	uint64_t base = (uint64_t)&segments.tss;

	segments.gdt[SEL_TSS / 8] = DESC_TSS | (sizeof(segments.tss) - 1) |
				    (base & 0xffffff) << 16 | (base >> 24 & 0xff) << 56;
	segments.gdt[SEL_TSS / 8 + 1] = base >> 32;
}

void gdt_init(const uint64_t stack_tops[IST_COUNT])
{
	struct table_pointer pointer = {
		.limit = sizeof(segments.gdt) - 1, .base = (uint64_t)segments.gdt,
	};

	for (unsigned int i = 1; i < IST_COUNT; i++)
		segments.tss.ist[i - 1] = stack_tops[i];
	segments.tss.io_bitmap = sizeof(segments.tss);
	set_tss_descriptor();

	/* The selectors in use mean the same in this table: only the TSS is news. */
	__asm__ volatile("lgdt %0" : : "m"(pointer));
	__asm__ volatile("ltr %w0" : : "r"(SEL_TSS));
}
