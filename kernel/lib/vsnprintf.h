/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Formatting into a caller's buffer, C's formats and a few of the kernel's.
 *
 *	%d %i %u %x %X %o %c %s %%   with h hh l ll z t j, width, precision, * and
 *	                             the flags - 0 + space # as in C, but %#x of 0
 *	                             prints 0x0 as Linux does
 *	%p	0x and 16 hex digits; the value, never a hash
 *	%pa	the same for the phys_addr_t that the argument points to
 *	%pS	symbol+0xoff/0xlen of the address, or as %p if no symbol covers it
 *	%ps	the symbol's name alone
 *	%pB	as %pS for a return address (the call may be the last instruction
 *		of its function, so the byte before it is looked up)
 *
 * No floating point.  A NULL string prints "(null)".  An unknown conversion is
 * copied as it stands and takes no argument.
 */
#ifndef KERNEL_LIB_VSNPRINTF_H
#define KERNEL_LIB_VSNPRINTF_H

#include <stdarg.h>
#include <stddef.h>

#include "kernel/lib/compiler.h"

/**
 * kvsnprintf() - format into @buf
 * @size: bytes at @buf; 0 is allowed, then @buf may be NULL
 *
 * The result is always terminated (if @size is not 0).
 *
 * Context: any; no state, no allocation, no recursion.
 * Return: characters the whole text has, without the NUL, like C's snprintf();
 * a value >= @size means that the text was cut.
 */
__printf(3, 0) int kvsnprintf(char *buf, size_t size, const char *fmt, va_list args);
__printf(3, 4) int ksnprintf(char *buf, size_t size, const char *fmt, ...);

/** kscnprintf() - ksnprintf() that returns the characters actually in @buf */
__printf(3, 4) int kscnprintf(char *buf, size_t size, const char *fmt, ...);

#endif /* KERNEL_LIB_VSNPRINTF_H */
