/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of functions, embedded in the image.
 *
 * scripts/ksyms writes a C file that defines ksyms_table from the symbols of a
 * first link; the second link must not move text, so the table lives after it
 * (section .ksyms).  A symbol reaches to the next one, as /0xlen of %pS says; an
 * empty name stands where no function is, between two ranges of text.
 *
 *	offsets   | 0 | 0x40 | 0x1c0 | end |	count + 1, ascending, from base
 *	names     | 0 |  12  |  25   |		count, into pool
 *	pool      start_kernel\0 setup_arch\0 ...
 *
 * With --empty scripts/ksyms writes a table of count 0 for the first link.
 */
#ifndef KERNEL_LIB_KSYMS_H
#define KERNEL_LIB_KSYMS_H

#include <stdint.h>

#include "kernel/lib/compiler.h"

struct ksyms_table {
	uint64_t	base;		/* virtual address of the first symbol */
	uint32_t	count;
	const uint32_t	*offsets;
	const uint32_t	*names;
	const char	*pool;
};

/* Weak: a build without a table (host tests) has no names. */
extern const struct ksyms_table ksyms_table __weak;

/**
 * ksyms_lookup() - the function an address lies in
 * @offset: set to the distance from its start; may be NULL
 * @size: set to its length, up to the next symbol; may be NULL
 *
 * Context: any.
 * Return: its name, or NULL (and *@offset, *@size untouched).
 */
const char *ksyms_lookup(unsigned long addr, unsigned long *offset, unsigned long *size);

/** ksyms_lookup_in() - the same in a given table */
const char *ksyms_lookup_in(const struct ksyms_table *table, unsigned long addr,
			    unsigned long *offset, unsigned long *size);

#endif /* KERNEL_LIB_KSYMS_H */
