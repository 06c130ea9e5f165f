/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * System registers, by name, and barriers.
 */
#ifndef ASM_SYSREG_H
#define ASM_SYSREG_H

#include "kernel/lib/types.h"

#define read_sysreg(name)							\
({										\
	uint64_t value_;							\
										\
	__asm__ volatile("mrs %0, " #name : "=r"(value_) : : "memory");		\
	value_;									\
})

#define write_sysreg(value, name)						\
	__asm__ volatile("msr " #name ", %0; isb" : : "r"((uint64_t)(value)) : "memory")

/* What was written to tables is seen by whoever walks them. */
static inline void tables_written(void)
{
	__asm__ volatile("dsb ishst; isb" : : : "memory");
}

/* Forget the translation of the page at @va. */
static inline void tlb_flush_page(uint64_t va)
{
	__asm__ volatile("dsb ishst; tlbi vaale1is, %0; dsb ish; isb"
			 : : "r"(va >> 12 & 0xfffffffffffUL) : "memory");
}

/* Forget all translations. */
static inline void tlb_flush_all(void)
{
	__asm__ volatile("dsb ishst; tlbi vmalle1is; dsb ish; isb" : : : "memory");
}

#endif /* ASM_SYSREG_H */
