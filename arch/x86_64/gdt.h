/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Segments and the task state segment.
 */
#ifndef ARCH_X86_64_GDT_H
#define ARCH_X86_64_GDT_H

#include <stdint.h>

/* Selectors: the first three are also those of boot/x86_64/entry.inc. */
#define SEL_CODE64	0x08
#define SEL_DATA	0x10
#define SEL_TSS		0x20

/* What lgdt and lidt load. */
struct table_pointer {
	uint16_t	limit;
	uint64_t	base;
} __attribute__((packed));

/* Stacks of their own for what may hit when the normal stack is no good; IST numbers. */
enum ist {
	IST_NONE,
	IST_DOUBLE_FAULT,
	IST_NMI,
	IST_MACHINE_CHECK,
	IST_COUNT,
};

struct tss {
	uint32_t	reserved0;
	uint64_t	rsp[3];
	uint64_t	reserved1;
	uint64_t	ist[7];		/* ist[0] is IST 1 */
	uint64_t	reserved2;
	uint16_t	reserved3;
	uint16_t	io_bitmap;	/* offset; beyond the limit: no bitmap */
} __attribute__((packed));

/* What each CPU has of its own. */
struct segments {
	uint64_t	gdt[SEL_TSS / 8 + 2];
	struct tss	tss;
};

/*
 * Fill @s, which is zero, and load its GDT and its TSS, whose IST entry n is @stack_tops[n]; entry
 * 0 is not used.  Context: the CPU that @s is for.
 */
void gdt_init(struct segments *s, const uint64_t stack_tops[IST_COUNT]);

#endif /* ARCH_X86_64_GDT_H */
