/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * RAM that the map promises and the machine has not got.
 */
#ifndef MM_RAM_CHECK_H
#define MM_RAM_CHECK_H

#include "kernel/lib/types.h"

/**
 * struct ram_check - boot only
 * @limit: phys_to_virt() works below this, so memory may be touched; 0: nothing is checked
 * @blame: said before the panic, e.g. the user's memmap= words; NULL: nothing
 */
struct ram_check {
	phys_addr_t	limit;
	const char	*blame;
};

extern struct ram_check ram_check;

/*
 * Does [start, start + size) keep what is written to it?  Looks at the first and last word
 * of the span and at one word in between per 2 MiB; what was there stays.
 *
 * Return: the address of a word that does not, or PHYS_ADDR_MAX.
 */
phys_addr_t ram_check_span(phys_addr_t start, phys_addr_t size);

/* Panic if it does not, naming the address and the words to blame. */
void ram_check_or_panic(phys_addr_t start, phys_addr_t size);

#endif /* MM_RAM_CHECK_H */
