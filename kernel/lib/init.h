/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where code and data live in the image, and tables the linker gathers.
 *
 * __init and __initdata are given back to the buddy by free_initmem(); nothing
 * that runs later may touch them.  __ro_after_init is written during boot and
 * write-protected together with .rodata.
 */
#ifndef KERNEL_LIB_INIT_H
#define KERNEL_LIB_INIT_H

#define __init		__attribute__((section(".init.text"), cold))
#define __initdata	__attribute__((section(".init.data")))
#define __initbss	__attribute__((section(".init.bss")))
#define __ro_after_init	__attribute__((section(".data.ro_after_init")))

/*
 * One entry of the table @table: an object in a section of that name.  The
 * linker script keeps the section; the linker itself defines the borders
 * __start_<table> and __stop_<table> (declare them weak: a table may be empty).
 * Entries of one file stay in order, files come as they are linked.
 * aligned: the compiler may pad a lone object to 32 bytes, an array may not.
 */
#define LINKER_TABLE(table, type) \
	__attribute__((used, section(#table), aligned(__alignof__(type)))) LINKER_TABLE_IN_ORDER

/* gcc likes to emit a file's variables backwards. */
#if defined(__GNUC__) && !defined(__clang__)
#define LINKER_TABLE_IN_ORDER	__attribute__((no_reorder))
#else
#define LINKER_TABLE_IN_ORDER
#endif

#endif /* KERNEL_LIB_INIT_H */
