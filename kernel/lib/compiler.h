/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names for what gcc and clang both offer, so that declarations stay readable.
 */
#ifndef KERNEL_LIB_COMPILER_H
#define KERNEL_LIB_COMPILER_H

#include <stddef.h>

/* <sys/cdefs.h> of a host knows some of these names too, with the same sense. */
#undef __noreturn
#define __noreturn	__attribute__((noreturn))
#undef __printf
#define __printf(fmt, first)	__attribute__((format(printf, fmt, first)))
#undef __weak
#define __weak		__attribute__((weak))
#undef __noinline
#define __noinline	__attribute__((noinline))
#undef __always_inline
#define __always_inline	inline __attribute__((always_inline))
#undef __maybe_unused
#define __maybe_unused	__attribute__((unused))

/* What it reads may change meanwhile, and that is allowed: for the thread sanitizer. */
#define __racy		__attribute__((no_sanitize("thread")))

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)

/* Address in the caller of the function this is written in. */
#define RET_IP		((unsigned long)__builtin_return_address(0))

#define container_of(ptr, type, member) ((type *)(void *)((char *)(ptr)-offsetof(type, member)))

#endif /* KERNEL_LIB_COMPILER_H */
