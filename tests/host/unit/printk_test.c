// SPDX-License-Identifier: GPL-2.0-only
/*
 * kernel/lib/printk.c and console.c: lines, levels, ring, consoles.
 *
 * The harness' own console stays registered; tests of consoles start from none
 * and leave it switched off, so they come last.
 */
#include "kernel/lib/printk.h"

#include "kernel/lib/params.h"
#include "kernel/lib/types.h"
#include "tests/host/include/host_console.h"
#include "tests/host/include/ktap.h"
#include "tests/host/include/lib_reset.h"

#include <stdio.h>
#include <string.h>

/* ---- lines ---- */

KTAP_TEST(test_line_is_shown_when_complete)
{
	struct log_line line;

	printk(KERN_INFO "a");
	expect_false(log_read(0, &line));
	printk(KERN_CONT "b");
	printk(KERN_CONT "c\n");
	expect_true(log_read(0, &line));
	expect_eq(line.level, LOG_INFO);
	expect_str_eq(host_console_text(), "abc\n");
}

KTAP_TEST(test_next_message_completes_a_line_left_open)
{
	pr_info("no newline");
	pr_info("next\n");
	pr_cont("cont of nothing\n");
	expect_str_eq(host_console_text(), "no newline\nnext\ncont of nothing\n");
}

KTAP_TEST(test_message_of_several_lines)
{
	struct log_line line;

	expect_eq(pr_err("one\n\ntwo\nthr"), 12);
	pr_cont("ee\n");
	expect_str_eq(host_console_text(), "one\n\ntwo\nthree\n");
	expect_true(log_read(3, &line));
	expect_eq(line.level, LOG_ERR);
	expect_false(log_read(4, &line));
}

KTAP_TEST(test_empty_message_is_nothing)
{
	expect_eq(printk(KERN_INFO "%s", ""), 0);
	expect_str_eq(host_console_text(), "");
}

KTAP_TEST(test_control_bytes_are_shown)
{
	pr_info("a\tb\x1b\r\x7f\xc3\xa9\n");
	expect_str_eq(host_console_text(), "a\tb\\x1b\\x0d\\x7f\xc3\xa9\n");
}

KTAP_TEST(test_long_line_is_cut_and_says_so)
{
	static char text[3 * LOG_LINE_MAX];
	struct log_line line;

	memset(text, 'x', sizeof(text) - 1);
	pr_info("%s\n", text);
	expect_true(log_read(0, &line));	/* its newline is not waited for */
	expect_eq(strlen(host_console_text()), LOG_LINE_MAX + 1);
	expect_log("xxx...\n");

	host_console_reset();
	for (int i = 0; i < 60; i++)
		printk("%s%040d", i ? KERN_CONT : KERN_INFO, i);
	expect_log("...\n");
	expect_true(strlen(host_console_text()) <= LOG_LINE_MAX + 1);
}

KTAP_TEST(test_line_that_just_fits_is_whole)
{
	static char text[LOG_LINE_MAX - 2];

	memset(text, 'x', sizeof(text) - 1);
	pr_info("%s\n", text);
	expect_eq(strlen(host_console_text()), LOG_LINE_MAX - 3 + 1);
	expect_no_log("...");
}

/* ---- stamps ---- */

static uint64_t now;

static uint64_t clock_of_test(void)
{
	return now;
}

KTAP_TEST(test_stamps)
{
	printk_set_stamps(true);
	pr_info("early\n");
	printk_set_clock(clock_of_test);
	now = 1234567999;
	pr_info("begun");
	now = 123456 * 1000000000ULL;
	pr_cont(" and ended\n");
	pr_info("late\n");
	expect_str_eq(host_console_text(), "[    0.000000] early\n"
					   "[    1.234567] begun and ended\n"
					   "[123456.000000] late\n");
}

/* ---- levels ---- */

static void one_of_each(void)
{
	pr_emerg("0\n");
	pr_alert("1\n");
	pr_crit("2\n");
	pr_err("3\n");
	pr_warn("4\n");
	printk("default\n");
	pr_notice("5\n");
	pr_info("6\n");
	pr_debug("7\n");
}

static const struct {
	const char	*name;
	const char	*cmdline;
	const char	*log;
} level_cases[] = {
	{ "default",		"", "0\n1\n2\n3\n4\ndefault\n5\n6\n" },
	{ "loglevel",		"loglevel=4", "0\n1\n2\n3\n" },
	{ "quiet",		"quiet", "0\n1\n2\n3\n" },
	{ "debug",		"debug", "0\n1\n2\n3\n4\ndefault\n5\n6\n7\n" },
	{ "8 shows all",	"loglevel=8", "0\n1\n2\n3\n4\ndefault\n5\n6\n7\n" },
	{ "the last one wins",	"debug loglevel=1", "0\n" },
	{ "ignored",		"loglevel=1 ignore_loglevel",
	  "printk: debug: ignoring loglevel setting.\n0\n1\n2\n3\n4\ndefault\n5\n6\n7\n" },
	{ "0 is 1",		"loglevel=0", "0\n" },
	{ "99 is 15",		"loglevel=99",
	  "loglevel=99 is outside 1-15; using 15\n0\n1\n2\n3\n4\ndefault\n5\n6\n7\n" },
	{ "garbage",		"loglevel=x quiet",
	  "Malformed early option 'loglevel'\n0\n1\n2\n3\n" },
	{ "nothing",		"loglevel quiet",
	  "Malformed early option 'loglevel'\n0\n1\n2\n3\n" },
};

KTAP_TABLE_TEST(test_levels, level_cases, c)
{
	parse_early_param(c->cmdline);
	one_of_each();
	expect_str_eq(host_console_text(), c->log);
}

KTAP_TEST(test_level_may_come_as_an_argument)
{
	struct log_line line;

	printk("%sx\n", KERN_CRIT);
	printk("\001x\n");
	expect_true(log_read(0, &line));
	expect_eq(line.level, LOG_CRIT);
	expect_eq(line.len, 1);
	expect_log("\\x01x\n");
}

/* ---- the ring ---- */

/* The law: what is kept is the youngest, whole, in order. */
static void check_ring(uint64_t written, const char *(*text_of)(uint64_t))
{
	struct log_line line;
	uint64_t expected = log_dropped();

	for (uint64_t seq = 0; log_read(seq, &line); seq = line.seq + 1) {
		const char *want = text_of(line.seq);

		require_eq(line.seq, expected++);
		require_eq(line.len, strlen(want));
		require_true(memcmp(line.text, want, line.len) == 0);
	}
	expect_eq(expected, written);
}

static const char *text_of(uint64_t seq)
{
	static char text[600];
	size_t len = 10 + (seq * 37) % 500;

	memset(text, 'a' + (int)(seq % 26), len);
	sprintf(text, "%-9llu", (unsigned long long)seq);
	text[9] = '.';
	text[len] = 0;
	return text;
}

KTAP_TEST(test_ring_keeps_the_youngest)
{
	for (uint64_t seq = 0; seq < 3000; seq++) {
		pr_debug("%s\n", text_of(seq));
		if (seq % 97 == 0)
			check_ring(seq + 1, text_of);
	}
	check_ring(3000, text_of);
	expect_true(log_dropped() > 2000 && log_dropped() < 2900);
}

KTAP_TEST(test_ring_random_access)
{
	struct log_line line;

	for (uint64_t seq = 0; seq < 1000; seq++)
		pr_debug("%s\n", text_of(seq));
	for (uint64_t i = 0; i < 3000; i++) {
		uint64_t seq = log_dropped() + (i * 7919) % (1000 - log_dropped());

		require_true(log_read(seq, &line));
		require_eq(line.seq, seq);
		require_true(memcmp(line.text, text_of(seq), line.len) == 0);
	}
	expect_false(log_read(1000, &line));
}

KTAP_TEST(test_format_line_into_any_size)
{
	const struct log_line line = { .ns = 5000, .text = "hello", .len = 5 };
	char buf[32];

	printk_set_stamps(true);
	expect_eq(log_format_line(&line, buf, sizeof(buf)), 21);
	expect_mem_eq(buf, "[    0.000005] hello\n", 21);
	expect_eq(log_format_line(&line, buf, 18), 18);
	expect_mem_eq(buf, "[    0.000005] he\n", 18);
	expect_eq(log_format_line(&line, buf, 1), 1);
	expect_eq(log_format_line(&line, buf, 0), 0);
}

/* ---- a printk inside a printk ---- */

static void write_that_faults(const char *s, size_t n)
{
	static bool once;

	(void)s;
	(void)n;
	if (!once) {
		once = true;
		pr_err("fault in the driver\n");
	}
}

static struct console faulty = { .name = "faulty", .write = write_that_faults };

KTAP_TEST(test_printk_from_inside_is_its_own_line)
{
	register_console(&faulty);
	faulty.enabled = true;
	pr_info("out");
	pr_cont("er\n");
	pr_info("more\n");
	expect_str_eq(host_console_text(), "outer\nfault in the driver\nmore\n");
	faulty.enabled = false;
}

/* ---- consoles; from here on the harness' one is off ---- */

static char shown[2][4096];
static char options[2][32];

static void show(int i, const char *s, size_t n)
{
	strncat(shown[i], s, n);
}

static void show0(const char *s, size_t n)
{
	show(0, s, n);
}

static void show1(const char *s, size_t n)
{
	show(1, s, n);
}

static void setup1(const char *opts)
{
	strcpy(options[1], opts);
}

static struct console con0 = { .name = "ttyS", .index = 0, .write = show0 };
static struct console con1 = { .name = "ttyS", .index = 1, .write = show1, .setup = setup1 };

static void no_consoles(void)
{
	console_reset();
	printk_reset();
	printk_set_stamps(false);
	memset(shown, 0, sizeof(shown));
	strcpy(options[1], "never");
}

KTAP_TEST(test_console_first_is_default_and_gets_the_past)
{
	no_consoles();
	pr_info("before\n");
	pr_debug("hidden\n");
	register_console(&con0);
	register_console(&con1);
	register_console(&con0);
	pr_info("after\n");
	expect_str_eq(shown[0], "before\nafter\n");
	expect_str_eq(shown[1], "");
	expect_str_eq(options[1], "never");
}

static char screen_shown[128];

static void screen_console_write(const char *s, size_t n)
{
	strncat(screen_shown, s, n);
}

KTAP_TEST(test_console_first_of_each_kind_is_default)
{
	struct console tty0 = { .name = "tty", .index = 0, .write = screen_console_write };

	no_consoles();
	screen_shown[0] = '\0';
	register_console(&con0);
	register_console(&con1);
	register_console(&tty0);
	pr_info("both\n");
	parse_early_param("console=tty");		/* as Linux reads it: number 0 */
	params_reset();
	pr_info("screen\n");
	parse_early_param("console=ttyS1");
	pr_info("named\n");
	expect_str_eq(shown[0], "both\n");
	expect_str_eq(shown[1], "both\nscreen\nnamed\n");
	expect_str_eq(screen_shown, "both\nscreen\nnamed\n");
	no_consoles();
}

KTAP_TEST(test_console_firmware_names_is_used_too_unless_named)
{
	no_consoles();
	register_console(&con0);
	register_console(&con1);
	pr_info("a\n");
	console_use_too(&con1);
	pr_info("b\n");
	expect_str_eq(shown[0], "a\nb\n");
	expect_str_eq(shown[1], "a\nb\n");
	no_consoles();
	parse_early_param("console=ttyS0");
	register_console(&con0);
	register_console(&con1);
	console_use_too(&con1);
	pr_info("c\n");
	expect_str_eq(shown[1], "");
	no_consoles();
}

KTAP_TEST(test_console_screen_stays_dark_if_a_port_is_named)
{
	struct console tty0 = { .name = "tty", .index = 0, .write = screen_console_write };

	no_consoles();
	screen_shown[0] = '\0';
	register_console(&con0);
	parse_early_param("console=ttyS0");
	register_console(&tty0);
	pr_info("a\n");
	expect_str_eq(screen_shown, "");
	no_consoles();
}

KTAP_TEST(test_console_named_later_takes_over)
{
	no_consoles();
	register_console(&con0);
	register_console(&con1);
	pr_info("a\n");
	parse_early_param("console=ttyS1,115200n8");
	pr_info("b\n");
	expect_str_eq(shown[0], "a\n");
	expect_str_eq(shown[1], "a\nb\n");
	expect_str_eq(options[1], "115200n8");
}

KTAP_TEST(test_console_named_earlier_waits)
{
	no_consoles();
	parse_early_param("console=ttyS1");
	register_console(&con0);
	pr_info("a\n");
	register_console(&con1);
	pr_info("b\n");
	expect_str_eq(shown[0],
		      "console=ttyS1: there is no ttyS1 (yet); the log stays where it is\na\n");
	expect_str_eq(shown[1],
		      "console=ttyS1: there is no ttyS1 (yet); the log stays where it is\na\nb\n");
	expect_str_eq(options[1], "");
}

KTAP_TEST(test_console_two_named)
{
	no_consoles();
	register_console(&con0);
	register_console(&con1);
	parse_early_param("console=ttyS1 console=ttyS0,9600 console=ttyS0");
	pr_info("a\n");
	expect_str_eq(shown[0], "a\n");
	expect_str_eq(shown[1], "a\n");
}

static const struct {
	const char	*name;
	const char	*cmdline;
	const char	*log;
} wish_cases[] = {
	{ "unknown",	"console=ttyS9",
	  "console=ttyS9: there is no ttyS9 (yet); the log stays where it is\na\n" },
	{ "no value",	"console", "Malformed early option 'console'\na\n" },
	{ "empty",	"console=", "console= ignored: no such console\na\n" },
	{ "too long",	"console=ttyttyttyttyttyttyS0",
	  "console=ttyttyttyttyttyttyS0 ignored: no such console\na\n" },
	{ "prefix",	"console=ttyS00",
	  "console=ttyS00: there is no ttyS00 (yet); the log stays where it is\na\n" },
};

KTAP_TABLE_TEST(test_console_bad_wish_changes_nothing, wish_cases, c)
{
	no_consoles();
	register_console(&con0);
	parse_early_param(c->cmdline);
	pr_info("a\n");
	expect_str_eq(shown[0], c->log);
}

KTAP_TEST(test_console_too_many_wishes)
{
	no_consoles();
	register_console(&con0);
	parse_early_param("console=x1 console=x2 console=x3 console=x4 console=x5 console=x6 "
			  "console=x7 console=x8 console=ttyS0");
	expect_true(strstr(shown[0], "console=ttyS0 ignored: only 8 consoles can be named\n"));
}

KTAP_TEST(test_console_that_missed_lines_says_so)
{
	no_consoles();
	for (uint64_t seq = 0; seq < 500; seq++)
		pr_err("%s\n", text_of(seq));
	console_loglevel = 1;
	register_console(&con0);
	expect_true(strstr(shown[0], "** ") == shown[0]);
	expect_true(strstr(shown[0], " printk messages dropped **\n"));
}
