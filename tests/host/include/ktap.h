/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Host unit tests: small, named, run in the order of the file, KTAP v1 out.
 *
 *	KTAP_TEST(test_memblock_reserve_empty_span_does_nothing)
 *	{
 *		expect_eq(memblock_reserve(0x1000, 0), 0);
 *		expect_eq(memblock.reserved.cnt, 0);
 *	}
 *
 *	KTAP_TABLE_TEST(range_shrink, shrink_cases, c)	// a subtest per row,
 *	{						// rows have a .name
 *		expect_eq(f(c->in), c->want);
 *	}
 *
 * Each file is a program; main() is in ktap.c: exit status 1 if a test failed,
 * `--filter SUBSTR` runs some, `--list` names them.  A failed expectation
 * prints where and both values and goes on; require_*() leave the test.
 *
 * Before each test the log capture, the trace, the WARN count and the console
 * level are fresh (ktap_at_start() adds more).  An unexpected panic or WARN
 * fails the test:
 *
 *	expect_panic("out of memory") { memblock_alloc_or_panic(-1UL, 8); }
 *	expect_warns(1);		// over the whole test
 *
 * What was printed is in the capture of host_console.h:
 *
 *	expect_log("memblock_reserve: [0x");	// some line has this text
 *	expect_no_log("BUG");
 */
#ifndef TESTS_HOST_KTAP_H
#define TESTS_HOST_KTAP_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Locals are not changed between setjmp() and longjmp() in these tests. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wclobbered"
#endif

struct ktap_test {
	const char		*name;
	void			(*fn)(const void *row);
	const void		*rows;		/* NULL: called once */
	size_t			row_size;
	size_t			row_count;
	int			line;
	struct ktap_test	*next;
};

void ktap_register(struct ktap_test *test);

/* Called before every test, e.g. to reset the module under test. */
void ktap_at_start(void (*fn)(void));

#define KTAP_REGISTER(id, ...)							\
	__attribute__((constructor)) static void ktap_register_##id(void)	\
	{									\
		static struct ktap_test test_ = { .name = #id, .line = __LINE__, __VA_ARGS__ }; \
		ktap_register(&test_);						\
	}

#define KTAP_TEST(id)								\
	static void id(void);							\
	static void ktap_run_##id(const void *row)				\
	{									\
		(void)row;							\
		id();								\
	}									\
	KTAP_REGISTER(id, .fn = ktap_run_##id)					\
	static void id(void)

/* The rows' first member must be `const char *name`. */
#define KTAP_TABLE_TEST(id, table, c)						\
	static void id(const __typeof__((table)[0]) *c);			\
	static void ktap_run_##id(const void *row)				\
	{									\
		id(row);							\
	}									\
	KTAP_REGISTER(id, .fn = ktap_run_##id, .rows = (table),			\
		      .row_size = sizeof((table)[0]),				\
		      .row_count = sizeof(table) / sizeof((table)[0]))		\
	static void id(const __typeof__((table)[0]) *c)

/* KTAP_SETUP { memblock_reset(); }: runs before every test of the file. */
#define KTAP_SETUP								\
	static void ktap_setup_(void);						\
	__attribute__((constructor)) static void ktap_setup_register_(void)	\
	{									\
		ktap_at_start(ktap_setup_);					\
	}									\
	static void ktap_setup_(void)

/* ---- expectations ---- */

/* How integers of any type and sign are compared: after C's conversion. */
bool ktap_eq(unsigned long long a, unsigned long long b, bool want_equal, const char *what,
	     const char *file, int line);
bool ktap_true(bool ok, const char *what, const char *file, int line);
bool ktap_str_eq(const char *a, const char *b, const char *what, const char *file, int line);
bool ktap_mem_eq(const void *a, const void *b, size_t n, const char *what, const char *file,
		 int line);
bool ktap_log(const char *text, bool want, const char *file, int line);
void ktap_expect_warns(unsigned int n);	/* adds up */

/* Fail the running test with a message of one's own; goes on. */
__attribute__((format(printf, 3, 4))) void ktap_fail(const char *file, int line,
						     const char *fmt, ...);
__attribute__((noreturn)) void ktap_leave(void);
/* Mark the running test as skipped and leave it. */
__attribute__((noreturn)) void ktap_skip(const char *reason);

#define KTAP_ULL(x)		((unsigned long long)(x))
#define KTAP_HERE		__FILE__, __LINE__
#define expect_eq(a, b)		ktap_eq(KTAP_ULL(a), KTAP_ULL(b), true, #a " == " #b, KTAP_HERE)
#define expect_ne(a, b)		ktap_eq(KTAP_ULL(a), KTAP_ULL(b), false, #a " != " #b, KTAP_HERE)
#define expect_true(c)		ktap_true(!!(c), #c, KTAP_HERE)
#define expect_false(c)		ktap_true(!(c), "!(" #c ")", KTAP_HERE)
#define expect_null(p)		ktap_true((p) == NULL, #p " == NULL", KTAP_HERE)
#define expect_ptr_eq(a, b)	expect_eq((uintptr_t)(a), (uintptr_t)(b))
#define expect_str_eq(a, b)	ktap_str_eq(a, b, #a, KTAP_HERE)
#define expect_mem_eq(a, b, n)	ktap_mem_eq(a, b, n, #a, KTAP_HERE)
#define expect_log(text)	ktap_log(text, true, KTAP_HERE)
#define expect_no_log(text)	ktap_log(text, false, KTAP_HERE)
#define expect_warns(n)		ktap_expect_warns(n)
#define expect_fail(...)	ktap_fail(KTAP_HERE, __VA_ARGS__)

#define require_eq(a, b)	((void)(expect_eq(a, b) || (ktap_leave(), 0)))
#define require_true(c)		((void)(expect_true(c) || (ktap_leave(), 0)))

/* ---- panics ---- */

extern jmp_buf ktap_panic_env;
void ktap_panic_arm(const char *text, const char *file, int line);
void ktap_panic_caught(void);
void ktap_panic_missed(void);

/* The block that follows must panic with a message that contains @text.  What
 * it changed in local variables is undefined afterwards (longjmp). */
#define expect_panic(text)							\
	if (ktap_panic_arm(text, __FILE__, __LINE__), setjmp(ktap_panic_env) != 0) \
		ktap_panic_caught();						\
	else									\
		for (bool once_ = true; once_; once_ = false, ktap_panic_missed())

#endif /* TESTS_HOST_KTAP_H */
