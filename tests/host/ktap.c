// SPDX-License-Identifier: GPL-2.0-only
/*
 * The host unit test runner: see include/ktap.h for what a test may say.
 *
 * A test that panics unexpectedly, or calls require_*() in vain, is left by
 * longjmp; the stop hook of panic() is the only bridge to the code under test.
 */
#include "tests/host/include/ktap.h"

#include "tests/host/include/host_console.h"
#include "kernel/lib/bug.h"		/* warn_count() */
#include "kernel/lib/panic.h"		/* panic_set_halt() */
#include "tests/host/include/lib_reset.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SETUPS 8

jmp_buf ktap_panic_env;

static struct ktap_test *tests;
static void (*setups[MAX_SETUPS])(void);
static size_t setup_count;

/* State of the running test. */
static jmp_buf leave_env;
static bool failed;
static const char *skipped;
static unsigned int warns_wanted;
static struct {
	const char	*text;		/* NULL: a panic is unexpected */
	const char	*file;
	int		line;
} armed;

void ktap_register(struct ktap_test *test)
{
	struct ktap_test **at = &tests;

	/* Order of the file: constructors promise none. */
	while (*at && (*at)->line < test->line)
		at = &(*at)->next;
	test->next = *at;
	*at = test;
}

void ktap_at_start(void (*fn)(void))
{
	if (setup_count == MAX_SETUPS)
		abort();
	setups[setup_count++] = fn;
}

void ktap_fail(const char *file, int line, const char *fmt, ...)
{
	va_list args;

	failed = true;
	printf("    # %s:%d: ", file, line);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
}

void ktap_leave(void)
{
	failed = failed || !skipped;
	longjmp(leave_env, 1);
}

void ktap_skip(const char *reason)
{
	skipped = reason;
	ktap_leave();
}

bool ktap_eq(unsigned long long a, unsigned long long b, bool want_equal, const char *what,
	     const char *file, int line)
{
	if ((a == b) == want_equal)
		return true;
	ktap_fail(file, line, "expected %s\n    #   left  %#llx (%lld)\n    #   right %#llx (%lld)",
		  what, a, (long long)a, b, (long long)b);
	return false;
}

bool ktap_true(bool ok, const char *what, const char *file, int line)
{
	if (!ok)
		ktap_fail(file, line, "expected %s", what);
	return ok;
}

bool ktap_str_eq(const char *a, const char *b, const char *what, const char *file, int line)
{
	if (a == b || (a && b && strcmp(a, b) == 0))
		return true;
	ktap_fail(file, line, "%s\n    #   is     \"%s\"\n    #   wanted \"%s\"", what,
		  a ? a : "(null)", b ? b : "(null)");
	return false;
}

bool ktap_mem_eq(const void *a, const void *b, size_t n, const char *what, const char *file,
		 int line)
{
	const unsigned char *x = a, *y = b;

	for (size_t i = 0; i < n; i++) {
		if (x[i] != y[i]) {
			ktap_fail(file, line, "%s differs at byte %zu: is %#x, wanted %#x", what, i,
				  x[i], y[i]);
			return false;
		}
	}
	return true;
}

bool ktap_log(const char *text, bool want, const char *file, int line)
{
	if (host_console_has(text) == want)
		return true;
	ktap_fail(file, line, "log %s \"%s\"; it is:\n%s", want ? "lacks" : "has", text,
		  host_console_text());
	return false;
}

void ktap_expect_warns(unsigned int n)
{
	warns_wanted += n;
}

/* ---- panics ---- */

void ktap_panic_arm(const char *text, const char *file, int line)
{
	armed.text = text;
	armed.file = file;
	armed.line = line;
}

void ktap_panic_caught(void)
{
	const char *wanted = armed.text;
	const char *reason = panic_reason();

	armed.text = NULL;
	if (!strstr(reason, wanted))
		ktap_fail(armed.file, armed.line, "panic \"%s\"\n    #   should have said \"%s\"",
			  reason, wanted);
	panic_reset();
}

void ktap_panic_missed(void)
{
	ktap_fail(armed.file, armed.line, "no panic \"%s\"", armed.text);
	armed.text = NULL;
}

static void halt(int status)
{
	(void)status;
	if (armed.text)
		longjmp(ktap_panic_env, 1);
	printf("    # unexpected panic: %s\n%s", panic_reason(), host_console_text());
	failed = true;
	longjmp(leave_env, 1);
}

/* ---- running ---- */

static void fresh_start(void)
{
	host_console_reset();
	panic_reset();
	warn_reset();
	trace_reset();
	params_reset();
	panic_set_halt(halt);
	failed = false;
	skipped = NULL;
	warns_wanted = 0;
	armed.text = NULL;
	for (size_t i = 0; i < setup_count; i++)
		setups[i]();
}

/* Return: true unless it failed. */
static bool run_one(const struct ktap_test *test, const void *row)
{
	if (setjmp(leave_env) == 0) {
		fresh_start();
		test->fn(row);
	}
	if (!skipped && warn_count() != warns_wanted)
		ktap_fail(test->name, test->line, "%u WARNs instead of %u; the log is:\n%s",
			  warn_count(), warns_wanted, host_console_text());
	return !failed;
}

/* A table is reported as one test; a failing row is named. */
static bool run_test(const struct ktap_test *test)
{
	bool ok = true;

	if (!test->rows)
		return run_one(test, NULL);
	for (size_t i = 0; i < test->row_count; i++) {
		const char *row = (const char *)test->rows + i * test->row_size;

		if (!run_one(test, row)) {
			printf("    # in row %zu: %s\n", i,
			       *(const char *const *)(const void *)row);
			ok = false;
		}
	}
	return ok;
}

int main(int argc, char **argv)
{
	const char *filter = argc > 2 && strcmp(argv[1], "--filter") == 0 ? argv[2] : "";
	bool list = argc > 1 && strcmp(argv[1], "--list") == 0;
	unsigned int count = 0, number = 0, bad = 0;

	for (const struct ktap_test *t = tests; t; t = t->next) {
		count += strstr(t->name, filter) != NULL;
		if (list)
			puts(t->name);
	}
	if (list)
		return 0;
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("KTAP version 1\n1..%u\n", count);
	host_console_init();
	for (const struct ktap_test *t = tests; t; t = t->next) {
		bool ok;

		if (!strstr(t->name, filter))
			continue;
		ok = run_test(t);
		printf("%s %u %s%s%s\n", ok ? "ok" : "not ok", ++number, t->name,
		       skipped ? " # SKIP " : "", skipped ? skipped : "");
		bad += !ok;
	}
	printf("# %s: %u passed, %u failed\n", argv[0], number - bad, bad);
	return bad != 0;
}
