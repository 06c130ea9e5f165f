/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Assertions.  BUG is for our own broken invariants and stops; WARN tells,
 * counts and goes on.  Neither is for bad input: that costs a pr_warn().
 */
#ifndef KERNEL_LIB_BUG_H
#define KERNEL_LIB_BUG_H

#include <stdbool.h>

#include "kernel/lib/compiler.h"

/* "kernel BUG at FILE:LINE!", then panic() with the function. */
__noreturn void bug_at(const char *file, int line);

/* "WARNING: ... at FILE:LINE function+off/len", the message, a call trace. */
__printf(3, 4) void warn_at(const char *file, int line, const char *fmt, ...);

/**
 * warn_count() - WARNs that fired since boot
 *
 * A run whose tests expected none fails if this is not 0.
 */
unsigned int warn_count(void);

#define BUG()		bug_at(__FILE__, __LINE__)
#define BUG_ON(cond)								\
	do {									\
		if (unlikely(cond))						\
			BUG();							\
	} while (0)

/* All of these have the truth value of @cond. */
#define WARN(cond, fmt, ...)							\
	({									\
		bool warn_ = !!(cond);						\
		if (unlikely(warn_))						\
			warn_at(__FILE__, __LINE__, fmt, ##__VA_ARGS__);	\
		unlikely(warn_);						\
	})
#define WARN_ON(cond)		WARN(cond, "%s", "")
#define WARN_ONCE(cond, fmt, ...)						\
	({									\
		static bool warned_;	/* one writer: who warns first */	\
		bool once_ = !!(cond);						\
		if (unlikely(once_ && !warned_)) {				\
			warned_ = true;						\
			warn_at(__FILE__, __LINE__, fmt, ##__VA_ARGS__);	\
		}								\
		unlikely(once_);						\
	})
#define WARN_ON_ONCE(cond)	WARN_ONCE(cond, "%s", "")

#endif /* KERNEL_LIB_BUG_H */
