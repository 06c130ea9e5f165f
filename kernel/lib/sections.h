/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The borders of the image, from linker.ld.  All are page aligned virtual addresses
 * (arrays, so that `_text` is the address), half open: [_text, _etext) and so on.
 *
 *	_text .. _etext			code				r-x
 *	__start_rodata .. __end_rodata	constants, tables, symbols	r--
 *	__start_ro_after_init ..	written during boot only	rw-, later r--
 *	_sdata .. _edata		variables			rw-
 *	__init_begin .. __init_end	boot only, freed at the end:
 *	  up to _sinittext		  32-bit entry and first page tables rw-
 *	  _sinittext .. _einittext	  code				r-x
 *	  __initdata_begin ..		  data, bss			rw-
 *	__bss_start .. __bss_stop	zeroed variables, boot stack	rw-
 *	_text .. _end			everything the loader put in place or zeroed
 */
#ifndef KERNEL_LIB_SECTIONS_H
#define KERNEL_LIB_SECTIONS_H

extern char _text[], _stext[], _etext[];
extern char __start_rodata[], __end_rodata[];
extern char __start_ro_after_init[], __end_ro_after_init[];
extern char _sdata[], _edata[];
extern char __init_begin[], __init_end[];
extern char _sinittext[], _einittext[];
extern char __initdata_begin[], __initdata_end[];
extern char __bss_start[], __bss_stop[];
extern char _end[];

/* The boot CPU's stack and the page below it, which is unmapped to catch overflow. */
extern char boot_stack_guard[], boot_stack[], boot_stack_top[];

#endif /* KERNEL_LIB_SECTIONS_H */
