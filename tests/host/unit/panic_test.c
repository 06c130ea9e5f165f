// SPDX-License-Identifier: GPL-2.0-only
/*
 * kernel/lib/panic.c and backtrace.c: what is said at the end, and the WARNs.
 */
#include "kernel/lib/panic.h"

#include "kernel/lib/bug.h"
#include "kernel/lib/params.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/types.h"
#include "tests/host/include/host_console.h"
#include "tests/host/include/ktap.h"

#include <string.h>

static bool note_panics;

static void note(void)
{
	pr_debug("the note speaks\n");
	if (note_panics)
		panic("note %d broke", 7);
	pr_emerg("the note ends\n");
}
PANIC_NOTE(test, "the test's note", note);

KTAP_SETUP
{
	note_panics = false;
	backtrace_set_stack_check(NULL);
}

KTAP_TEST(test_panic_tells_all)
{
	console_loglevel = 1;
	pr_cont("left open");
	expect_panic("RAM 0x1000 of bob: move it") {
		panic("RAM %#x of %s: move it", 0x1000, "bob");
	}
	expect_str_eq(host_console_text(),
		"left open\n"
		"Kernel panic - not syncing: RAM 0x1000 of bob: move it\n"
		"Call Trace:\n"
		" (unknown: no stack is registered)\n"
		"the note speaks\n"
		"the note ends\n"
		"---[ end Kernel panic - not syncing: RAM 0x1000 of bob: move it ]---\n");
}

KTAP_TEST(test_panic_inside_a_note_stops)
{
	note_panics = true;
	expect_panic("first") {
		panic("first");
	}
	expect_log("panic while reporting a panic (in the test's note): note 7 broke\n");
	expect_no_log("the note ends");
	expect_no_log("end Kernel panic");
}

KTAP_TEST(test_bug)
{
	expect_panic("kernel BUG at tests/host/unit/panic_test.c:") {
		BUG_ON(1 + 1 == 3);
		pr_info("passed\n");
		BUG_ON(1 + 1 == 2);
	}
	expect_log("passed");
}

KTAP_TEST(test_panic_in_progress)
{
	expect_false(panic_in_progress());
	expect_panic("x") {
		panic("x");
	}
	expect_false(panic_in_progress());	/* the harness resets it */
}

/* ---- WARN ---- */

KTAP_TEST(test_warn_tells_and_counts)
{
	expect_warns(2);
	expect_false(WARN(0, "never"));
	expect_eq(warn_count(), 0);
	expect_true(WARN(1, "pfn %#lx is bad", 0x123UL));
	expect_true(WARN_ON(5));
	expect_eq(warn_count(), 2);
	expect_log("------------[ cut here ]------------\n"
		   "pfn 0x123 is bad\n"
		   "WARNING: CPU: 0 PID: 0 at tests/host/unit/panic_test.c:");
	expect_log("---[ end trace 0000000000000000 ]---\n");
	expect_eq(host_console_count("cut here"), 2);
}

KTAP_TEST(test_warn_once)
{
	expect_warns(2);
	for (int i = 0; i < 5; i++) {
		expect_eq(WARN_ON_ONCE(i > 1), i > 1);
		expect_eq(WARN_ONCE(i == 3, "i is %d", i), i == 3);
	}
	expect_eq(host_console_count("i is 3"), 1);
}

/* ---- call traces ---- */

static unsigned long stack[80];

static bool in_stack(unsigned long addr)
{
	return addr >= (unsigned long)stack && addr <= (unsigned long)&stack[78];
}

static unsigned long slot(size_t i)
{
	return (unsigned long)&stack[i];
}

static void frame(size_t at, unsigned long next, unsigned long ret)
{
	stack[at] = next;
	stack[at + 1] = ret;
}

KTAP_TEST(test_backtrace_walks_to_the_end)
{
	backtrace_set_stack_check(in_stack);
	frame(2, slot(8), 0x1111);
	frame(8, slot(20), 0x2222);
	frame(20, 0, 0x3333);
	backtrace_print(0x9999, slot(2));
	expect_str_eq(host_console_text(), "Call Trace:\n"
					   " 0x0000000000009999\n"
					   " 0x0000000000001111\n"
					   " 0x0000000000002222\n"
					   " 0x0000000000003333\n");
}

KTAP_TEST(test_backtrace_of_broken_chains)
{
	backtrace_set_stack_check(in_stack);
	frame(2, slot(2), 0x1111);
	backtrace_print(0, slot(2));
	expect_log("does not rise");

	host_console_reset();
	frame(2, ~0xfUL, 0x1111);
	backtrace_print(0, slot(2));
	expect_log(" (frame pointer 0xfffffffffffffff0 leaves the stack)\n");

	host_console_reset();
	backtrace_print(0, slot(2) + 1);
	expect_log("leaves the stack");

	host_console_reset();
	backtrace_print(0, 0);
	expect_str_eq(host_console_text(), "Call Trace:\n");
}

KTAP_TEST(test_backtrace_is_bounded)
{
	backtrace_set_stack_check(in_stack);
	for (size_t i = 0; i < 78; i += 2)
		frame(i, slot(i + 2), i % 4 ? 0x1000 : 0x2000);
	frame(78, 0, 0x1000);
	backtrace_print(0, slot(0));
	expect_eq(host_console_count(" 0x0"), 32);
	expect_log("begins more lines than are shown)\n");
}

KTAP_TEST(test_backtrace_shows_recursion_once)
{
	backtrace_set_stack_check(in_stack);
	for (size_t i = 0; i < 78; i += 2)
		frame(i, slot(i + 2), 0x1000);
	frame(78, 0, 0x2000);
	backtrace_print(0, slot(0));
	expect_str_eq(host_console_text(), "Call Trace:\n"
					   " 0x0000000000001000\n"
					   " (and 38 times more)\n"
					   " 0x0000000000002000\n");
}

static const struct {
	const char	*name;
	const char	*cmdline;
	int		timeout;
	const char	*log;
} timeout_cases[] = {
	{ "seconds",	"panic=5", 5, "" },
	{ "at once",	"panic=-5", -5, "" },
	{ "stay",	"panic=3 panic=0", 0, "" },
	{ "garbage",	"panic=soon", 0, "Malformed early option 'panic'\n" },
	{ "nothing",	"panic", 0, "Malformed early option 'panic'\n" },
};

KTAP_TABLE_TEST(test_panic_parameter, timeout_cases, c)
{
	panic_timeout = 0;
	parse_early_param(c->cmdline);
	expect_eq(panic_timeout, c->timeout);
	expect_str_eq(host_console_text(), c->log);
}
