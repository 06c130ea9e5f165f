/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The in-kernel test runner: choose from the linker table, run, report KTAP.
 *
 * The report goes through printk like everything else, so its lines carry
 * stamps (KTAP allows that) and land in the log ring.  They are printed at
 * KERN_ALERT: a verdict must be seen even with `quiet`.  Before the chosen
 * tests one more is reported, boot_without_warnings.
 */
#include "kernel/selftest.h"

#include "kernel/lib/bug.h"	/* warn_count() */
#include "kernel/lib/params.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/lib/vsnprintf.h"

#define SAY	KERN_ALERT

extern const struct selftest __start_selftests[] __attribute__((weak));
extern const struct selftest __stop_selftests[] __attribute__((weak));

/* What follows selftest=, kept beyond free_initmem(); constant after boot. */
static char wanted[COMMAND_LINE_SIZE];

static int set_wanted(char *val)
{
	strscpy(wanted, val && *val ? val : "all", sizeof(wanted));
	return 0;
}
core_param("selftest", set_wanted, "all | NAME[,NAME...]: run the self-tests that begin so");

bool ktap_true(struct ktap *t, bool ok, const char *what, const char *file, int line)
{
	t->checks++;
	if (!ok)
		ktap_fail(t, "%s:%d: not true: %s", file, line, what);
	return ok;
}

bool ktap_eq(struct ktap *t, uint64_t got, uint64_t want, const char *what, const char *file,
	     int line)
{
	t->checks++;
	if (got != want)
		ktap_fail(t, "%s:%d: %s: %#llx is not %#llx", file, line, what,
			  (unsigned long long)got, (unsigned long long)want);
	return got == want;
}

/* One "# ..." line; what is longer than the buffer is cut. */
static void note(const char *fmt, va_list args)
{
	char text[240];

	kvsnprintf(text, sizeof(text), fmt, args);
	printk(SAY "# %s\n", text);
}

void ktap_fail(struct ktap *t, const char *fmt, ...)
{
	va_list args;

	t->failed++;
	va_start(args, fmt);
	note(fmt, args);
	va_end(args);
}

void ktap_note(struct ktap *t, const char *fmt, ...)
{
	va_list args;

	(void)t;
	va_start(args, fmt);
	note(fmt, args);
	va_end(args);
}

void ktap_skip(struct ktap *t, const char *why)
{
	t->skip = why;
}

/* Does @test belong to the @len bytes at @word, one member of the list? */
static bool word_wants(const char *word, size_t len, const struct selftest *test)
{
	if (len == 3 && memcmp(word, "all", 3) == 0)
		return strncmp(test->name, "crash_", 6) && strncmp(test->name, "report_", 7);
	return len && strncmp(test->name, word, len) == 0;
}

/* Step through the comma-separated list: the word at *@list, then *@list behind it. */
static size_t next_word(const char **list, const char **word)
{
	const char *comma = strchr(*list, ',');
	size_t len = comma ? (size_t)(comma - *list) : strlen(*list);

	*word = *list;
	*list += len + (comma != NULL);
	return len;
}

static bool is_wanted(const struct selftest *test)
{
	const char *list = wanted, *word;

	while (*list) {
		size_t len = next_word(&list, &word);

		if (word_wants(word, len, test))
			return true;
	}
	return false;
}

/* The wanted test whose name comes next after @last in the alphabet, or NULL. */
static const struct selftest *next_test(const char *last)
{
	const struct selftest *best = NULL;

	for (const struct selftest *t = __start_selftests; t < __stop_selftests; t++) {
		if (!is_wanted(t) || strcmp(t->name, last) <= 0)
			continue;
		if (!best || strcmp(t->name, best->name) < 0)
			best = t;
	}
	return best;
}

static void report(unsigned int number, const char *name, bool ok, const char *skip)
{
	printk(SAY "%s %u %s%s%s\n", ok ? "ok" : "not ok", number, name, skip ? " # SKIP " : "",
	       skip ? skip : "");
}

static bool run_one(const struct selftest *test, unsigned int number)
{
	struct ktap t = { .name = test->name };
	unsigned int warns = warn_count();

	test->fn(&t);
	warns = warn_count() - warns;
	if (warns != t.warns)
		ktap_fail(&t, "%u warnings, %u expected", warns, t.warns);
	if (!t.checks && !t.failed && !t.skip)
		ktap_fail(&t, "nothing was checked");
	report(number, test->name, t.failed == 0, t.skip);
	return t.failed == 0;
}

/* Words that name no test: a typing error must not look like success. */
static unsigned int report_unknown_words(unsigned int number)
{
	const char *list = wanted, *word;
	unsigned int unknown = 0;

	while (*list) {
		size_t len = next_word(&list, &word);
		bool known = len == 0;

		for (const struct selftest *t = __start_selftests; t < __stop_selftests; t++)
			known |= word_wants(word, len, t);
		if (known)
			continue;
		printk(SAY "# selftest: no test begins with '%.*s'\n", (int)len, word);
		unknown++;
	}
	report(number, "every_word_names_a_test", unknown == 0, NULL);
	return unknown;
}

bool selftest_run(void)
{
	const struct selftest *test;
	unsigned int planned = 2, number = 0, failed = 0;

	if (!*wanted)
		return warn_count() == 0;
	for (test = next_test(""); test; test = next_test(test->name))
		planned++;

	printk(SAY "KTAP version 1\n");
	printk(SAY "1..%u\n", planned);
	report(++number, "boot_without_warnings", warn_count() == 0, NULL);
	failed += warn_count() != 0;
	failed += report_unknown_words(++number) != 0;
	for (test = next_test(""); test; test = next_test(test->name))
		failed += !run_one(test, ++number);
	printk(SAY "# Totals: pass:%u fail:%u\n", number - failed, failed);
	return failed == 0;
}
