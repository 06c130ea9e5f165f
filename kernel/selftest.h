/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests that run inside the booted kernel and speak KTAP version 1 on COM1.
 *
 *	SELFTEST(ledger_even)
 *	{
 *		struct ledger_sum sum;
 *
 *		ledger_get_sum(&sum);
 *		expect_true(t, ledger_check());
 *		expect_eq(t, sum.withheld, 0);
 *	}
 *
 * Every test joins a linker table; `selftest=all` runs the table in name
 * order, `selftest=ledger,buddy` only those whose name starts with a listed
 * word, and a word that matches nothing fails the run: a test that silently
 * does not run proves nothing.  Tests named crash_... provoke a panic on
 * purpose, those named report_... print a lot for a program outside; both run
 * only when named.  A test never stops the others; it reports.
 *
 * Context: boot CPU, after free_initmem(); tests may allocate and must free.
 */
#ifndef KERNEL_SELFTEST_H
#define KERNEL_SELFTEST_H

#include "kernel/lib/init.h"
#include "kernel/lib/types.h"

/* The running test's account; passed to every expectation as `t`. */
struct ktap {
	const char	*name;
	unsigned int	checks;		/* expectations evaluated */
	unsigned int	failed;		/* of them, not met */
	unsigned int	warns;		/* WARNs this test causes on purpose; 0 unless it says so */
	const char	*skip;		/* why the test did not apply, or NULL */
};

struct selftest {
	const char	*name;
	void		(*fn)(struct ktap *t);
};

#define SELFTEST(test)								\
	static void selftest_##test(struct ktap *t);				\
	static const struct selftest selftest_entry_##test			\
		LINKER_TABLE(selftests, struct selftest) = { #test, selftest_##test }; \
	static void selftest_##test(struct ktap *t)

/* Each returns whether the expectation held, so that a test can stop early. */
bool ktap_true(struct ktap *t, bool ok, const char *what, const char *file, int line);
bool ktap_eq(struct ktap *t, uint64_t got, uint64_t want, const char *what, const char *file,
	     int line);

#define expect_true(t, cond)	ktap_true(t, (cond), #cond, __FILE__, __LINE__)
#define expect_eq(t, got, want) \
	ktap_eq(t, (uint64_t)(got), (uint64_t)(want), #got " == " #want, __FILE__, __LINE__)

/* One more line about the running test ("# ..."); fails it as well. */
void ktap_fail(struct ktap *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* One more line about the running test; no verdict. */
void ktap_note(struct ktap *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The test does not apply here; @why ends up after `# SKIP`.  Then return. */
void ktap_skip(struct ktap *t, const char *why);

/*
 * Run what `selftest=` asked for, or nothing.  Call once, last of all.
 *
 * Return: true if nothing failed: no expectation, no unknown word in the
 * list, and no WARN since power-on (an unexpected warning is a failure even
 * when all tests pass).
 */
bool selftest_run(void);

#endif /* KERNEL_SELFTEST_H */
