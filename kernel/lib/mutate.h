/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Planted bugs: proof that the tests of "nothing of value is free" can fail.
 *
 *	if (!MUTATE(skip_boot_info))
 *		ledger_reserve(...);
 *
 * A normal build knows no mutation and MUTATE() is the constant false.
 * `make MUTATION=skip_boot_info ...` plants that one; only tests do.
 */
#ifndef KERNEL_LIB_MUTATE_H
#define KERNEL_LIB_MUTATE_H

#ifdef MUTATION
#define MUTATE_STR_(x)	#x
#define MUTATE_STR(x)	MUTATE_STR_(x)
#define MUTATE(name)	(__builtin_strcmp(#name, MUTATE_STR(MUTATION)) == 0)
#else
#define MUTATE(name)	(0)
#endif

#endif /* KERNEL_LIB_MUTATE_H */
