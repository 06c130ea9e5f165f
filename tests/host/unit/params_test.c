// SPDX-License-Identifier: GPL-2.0-only
/*
 * kernel/lib/params.c: the words of kernel/PARAMETERS.md, split and read as on Linux.
 */
#include "kernel/lib/params.h"

#include "kernel/lib/errno.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/types.h"
#include "kernel/lib/vsnprintf.h"
#include "tests/host/include/host_console.h"
#include "tests/host/include/ktap.h"

#include <stdlib.h>
#include <string.h>

/* What handlers were told, in order: "early=1 setup:x ". */
static char told[4096];
static int answer;

static int tell(const char *who, const char *val)
{
	size_t len = strlen(told);

	kscnprintf(told + len, sizeof(told) - len, "%s%s%s ", who, val ? ":" : "", val ? val : "");
	return answer;
}

static int early_one(char *val)
{
	return tell("one", val);
}
early_param("early_one", early_one, "for the test");

static int early_two(char *val)
{
	return tell("two", val);
}
early_param("early_two", early_two, "for the test");

static int early_two_again(char *val)
{
	return tell("two-again", val);
}
early_param("early_two", early_two_again, "same name, both run");

static int core_one(char *val)
{
	return tell("core", val);
}
core_param("core_one", core_one, "for the test");

static bool early_switched, core_switched;
early_flag("switch_early", &early_switched, "for the test");
core_flag("switch_core", &core_switched, "for the test");
early_flag("switch_nothing", NULL, "for the test");

static int setup_long(char *val)
{
	tell("long", val);
	return !answer;
}
__setup("huge_pages=", setup_long, "for the test");

static int setup_short(char *val)
{
	tell("short", val);
	return !answer;
}
__setup("huge", setup_short, "prefix of the other");

KTAP_SETUP
{
	told[0] = 0;
	answer = 0;
}

/* ---- the tokeniser ---- */

/* Words as <name> or <name|value>. */
static const char *words_of(const char *line)
{
	static char text[512];
	char copy[256];
	char *rest = copy;
	size_t len = 0;

	strcpy(copy, line);
	text[0] = 0;
	while (*rest) {
		char *param, *val;

		rest = next_arg(rest, &param, &val);
		len += (size_t)kscnprintf(text + len, sizeof(text) - len, "<%s%s%s>", param,
					  val ? "|" : "", val ? val : "");
	}
	return text;
}

static const struct {
	const char	*name;
	const char	*line;
	const char	*words;
} word_cases[] = {
	{ "plain words",		"a bc d", "<a><bc><d>" },
	{ "any white space",		"a\tb\nc \v\f\r d", "<a><b><c><d>" },
	{ "trailing blanks",		"a b  ", "<a><b>" },
	{ "values",			"a=1 b=2=3 c=", "<a|1><b|2=3><c|>" },
	{ "quoted value",		"foo=\"a b\" x", "<foo|a b><x>" },
	{ "quoted word",		"\"foo=a b\" x", "<foo|a b><x>" },
	{ "quoted flag",		"\"foo bar\" x", "<foo bar><x>" },
	{ "quote in the middle",	"a=\"x\"y z", "<a|x\"y><z>" },
	{ "quotes join words",		"a=x\" \"y z", "<a|x\" \"y><z>" },
	{ "ends with a quote only",	"a=x\"b c\" d", "<a|x\"b c\"><d>" },
	{ "no escape",			"a=\"x\\\" b", "<a|x\\><b>" },
	{ "unterminated",		"a=\"x b c", "<a|x b c>" },
	{ "unterminated word",		"\"a=x b c", "<a|x b c>" },
	{ "equals inside quotes",	"\"a b=c\"", "<a b|c>" },
	{ "first equals wins",		"x\"a=b\"=c", "<x\"a|b\"=c>" },
	{ "leading equals",		"=a b", "<=a><b>" },
	{ "second equals after one",	"=a=b", "<=a|b>" },
	{ "two equals",			"==", "<=|>" },
	{ "equals alone",		"= b", "<=><b>" },
	{ "empty quotes",		"\"\" b", "<><b>" },
	{ "lone quote",			"\"", "<>" },
	{ "empty quoted value",		"a=\"\" b", "<a|><b>" },
	{ "value is a lone quote",	"a=\"", "<a|>" },
	{ "quoted word, quoted value",	"\"a=\"b c\"", "<a|b><c\">" },
	{ "last quote goes once",	"\"a b=\"x\"\"", "<a b|x\">" },
	{ "dashes",			"a -- b", "<a><--><b>" },
	{ "high bytes",			"\xc3\xa9=\xff", "<\xc3\xa9|\xff>" },
};

KTAP_TABLE_TEST(test_next_arg, word_cases, c)
{
	expect_str_eq(words_of(c->line), c->words);
}

KTAP_TEST(test_next_arg_at_the_end)
{
	char line[] = "";
	char *param, *val;

	expect_ptr_eq(next_arg(line, &param, &val), line);
	expect_str_eq(param, "");
	expect_null(val);
}

KTAP_TEST(test_names_compare_dash_as_underscore)
{
	expect_true(parameq("log-buf_len", "log_buf-len"));
	expect_false(parameq("log_buf", "log_buf_len"));
	expect_false(parameq("log_buf_len", "log_buf"));
	expect_true(parameq("", ""));
	expect_true(parameqn("ab-cd", "ab_xy", 3));
	expect_false(parameqn("ab-cd", "ab_xy", 4));
	expect_true(parameqn("ab", "ab", 9));
	expect_true(parameqn("a", "b", 0));
}

/* ---- the passes ---- */

static const struct {
	const char	*name;
	const char	*line;
	const char	*told;
	const char	*log;
} early_cases[] = {
	{ "flag and value",	"early_one early_one=5", "one one:5 ", "" },
	{ "command-line order",	"early_two=1 early_one", "two:1 two-again:1 one ", "" },
	{ "dash is underscore",	"early-one", "one ", "" },
	{ "whole name only",	"early_ones early_on early", "", "" },
	{ "stops at --",	"early_one -- early_one=2", "one ", "" },
	{ "-- with a value",	"--=x early_one", "one ", "" },
	{ "quoted",		"\"early_one=a b\"", "one:a b ", "" },
	{ "leading blanks",	"   early_one", "one ", "" },
	{ "others are silent",	"core_one huge=1 foo", "", "" },
	{ "empty",		"", "", "" },
	{ "only blanks",	"  \t ", "", "" },
};

KTAP_TABLE_TEST(test_early_pass, early_cases, c)
{
	parse_early_param(c->line);
	expect_str_eq(told, c->told);
	expect_str_eq(host_console_text(), c->log);
}

KTAP_TEST(test_early_pass_runs_once)
{
	parse_early_param("early_one=1");
	parse_early_param("early_one=2");
	expect_str_eq(told, "one:1 ");
}

KTAP_TEST(test_early_pass_reports_malformed)
{
	answer = -EINVAL;
	parse_early_param("early-one=5");
	expect_str_eq(host_console_text(), "Malformed early option 'early-one'\n");
}

#define UNKNOWN(words) \
	"Unknown kernel command line parameters \"" words "\", will be passed to user space.\n"

static const struct {
	const char	*name;
	const char	*line;
	const char	*told;
	const char	*log;
} normal_cases[] = {
	{ "core parameter",		"core_one=3 core-one", "core:3 core ", "" },
	{ "early ones are known",	"early_one=1 early-two", "", "" },
	{ "setup gets the rest",	"huge_pages=4", "long:4 ", "" },
	{ "setup by prefix",		"hugely=4 huge", "short:ly=4 short: ", "" },
	{ "dash in a prefix",		"huge-pages=4", "long:4 ", "" },
	{ "prefix cut short",		"hug", "", UNKNOWN("hug") },
	{ "quotes are removed",		"huge_pages=\"a b\"", "long:a b ", "" },
	{ "the log of Linux",		"nokaslr foo=\"a b\" \"bar=c d\" baz mem_foo=1", "",
	  UNKNOWN("nokaslr baz foo=a b bar=c d mem_foo=1") },
	{ "flags only",			"x y", "", UNKNOWN("x y") },
	{ "Linux knows them",		"nosmp root=/dev/sda1 no-kvmclock no_kvmclock hashdist", "", "" },
	{ "a first, a last, parts",	"acpi_backlight xen_nopv=1 nosm nosmpx acpi_backlight_", "",
	  UNKNOWN("nosm nosmpx acpi_backlight_") },
	{ "values only",		"x=1 y=", "", UNKNOWN("x=1 y=") },
	{ "behind -- is silence",	"a -- b c=1", "", UNKNOWN("a") },
	{ "module parameters",		"a.b=1 c.d", "", "" },
	{ "a dot in the value",		"a=1.5", "", UNKNOWN("a=1.5") },
	{ "the loader's words",		"BOOT_IMAGE=/x kexec_jump=1 kexec", "", "" },
	{ "BOOT_IMAGE without =",	"BOOT_IMAGE", "", UNKNOWN("BOOT_IMAGE") },
	{ "sysctl aliases",		"numa_zonelist_order=n hung_task_panic", "", "" },
	{ "equals alone",		"=", "", UNKNOWN("=") },
	{ "nothing",			"", "", "" },
};

KTAP_TABLE_TEST(test_normal_pass, normal_cases, c)
{
	parse_args(c->line);
	expect_str_eq(told, c->told);
	expect_str_eq(host_console_text(), c->log);
}

KTAP_TEST(test_normal_pass_reports_invalid_core)
{
	answer = -EINVAL;
	parse_args("core_one=x core_one");
	expect_str_eq(host_console_text(),
		      "Booting kernel: `x' invalid for parameter `core_one'\n"
		      "Booting kernel: `' invalid for parameter `core_one'\n");
}

KTAP_TEST(test_setup_that_declines_is_unknown)
{
	answer = 1;
	parse_args("huge_pages=4 x");
	expect_str_eq(told, "long:4 short:_pages=4 ");
	expect_log("\"x huge_pages=4\"");
}

/* ---- hostile lines: listed, cut, never fatal ---- */

KTAP_TEST(test_4096_words)
{
	char *line = calloc(4096, 3);

	for (size_t i = 0; i < 4096; i++)
		memcpy(line + 2 * i, "w ", 2);
	parse_early_param(line);
	parse_args(line);
	expect_eq(host_console_count("Unknown kernel command line parameters \"w w w"), 1);
	free(line);
}

KTAP_TEST(test_word_of_30_KiB)
{
	char *line = calloc(30 * 1024 + 1, 1);

	memset(line, 'x', 30 * 1024);
	parse_early_param(line);
	parse_args(line);
	expect_eq(host_console_count("parameters \"xxxx"), 1);
	expect_eq(strlen(host_console_text()), strlen(UNKNOWN("")) + COMMAND_LINE_SIZE - 1);
	free(line);
}

KTAP_TEST(test_quote_never_closed)
{
	parse_args("a \"b c d=1");
	expect_log("\"a b c d=1\"");
}

KTAP_TEST(test_control_bytes_are_shown_safely)
{
	parse_args("evil\x1b[2Jword");
	expect_log("\"evil\\x1b[2Jword\"");
}

/* ---- values ---- */

static const struct {
	const char		*name;
	const char		*s;
	unsigned long long	val;
	size_t			used;
} memparse_cases[] = {
	{ "bytes",			"123", 123, 3 },
	{ "kilo",			"1K", 1ULL << 10, 2 },
	{ "mega, small letter",		"64m", 64ULL << 20, 3 },
	{ "giga",			"4G", 4ULL << 30, 2 },
	{ "tera",			"2T", 2ULL << 40, 2 },
	{ "peta",			"3p", 3ULL << 50, 2 },
	{ "exa",			"1E", 1ULL << 60, 2 },
	{ "hex with suffix",		"0x10K", 16ULL << 10, 5 },
	{ "octal",			"010", 8, 3 },
	{ "one letter only",		"1KB", 1024, 2 },
	{ "suffix twice",		"1KK", 1024, 2 },
	{ "other letter stays",		"5x", 5, 1 },
	{ "separator stays",		"1M@2M", 1ULL << 20, 2 },
	{ "overflow wraps",		"16E", 0, 3 },
	{ "overflow of digits",		"18446744073709551616", 0, 20 },
	{ "negative is no number",	"-1", 0, 0 },
	{ "no digits",			"garbage", 0, 0 },
	{ "a suffix is no number",	"K", 0, 0 },
	{ "empty",			"", 0, 0 },
	{ "hex E is a digit",		"0x1E", 0x1e, 4 },
};

KTAP_TABLE_TEST(test_memparse, memparse_cases, c)
{
	char *end;

	expect_eq(memparse(c->s, &end), c->val);
	expect_eq(end - c->s, c->used);
	expect_eq(memparse(c->s, NULL), c->val);
}

static const struct {
	const char	*name;
	const char	*s;
	int		ret;
	int		val;
	const char	*rest;
} option_cases[] = {
	{ "number",		"12", 1, 12, "" },
	{ "negative",		"-5", 1, -5, "" },
	{ "list",		"1,2", 2, 1, "2" },
	{ "range",		"3-7", 3, 3, "-7" },
	{ "hex",		"0x10,", 2, 16, "" },
	{ "junk behind",	"5abc", 1, 5, "abc" },
	{ "no number",		"abc", 0, 99, "abc" },
	{ "minus alone",	"-", 0, 99, "-" },
	{ "empty",		"", 0, 99, "" },
	{ "two signs",		"--5", 0, 99, "--5" },
};

KTAP_TABLE_TEST(test_get_option, option_cases, c)
{
	char copy[16];
	char *s = copy;
	int val = 99;

	strcpy(copy, c->s);
	expect_eq(get_option(&s, &val), c->ret);
	expect_eq(val, c->val);
	expect_str_eq(s, c->rest);
}

KTAP_TEST(test_parse_option_str)
{
	expect_true(parse_option_str("mirror", "mirror"));
	expect_true(parse_option_str("a,mirror,b", "mirror"));
	expect_true(parse_option_str("a,mirror", "mirror"));
	expect_false(parse_option_str("mirrors,mirro,xmirror", "mirror"));
	expect_false(parse_option_str("", "mirror"));
	expect_false(parse_option_str(",", ""));
	expect_false(parse_option_str(NULL, "mirror"));
}

KTAP_TEST(test_flags_are_set_each_in_its_pass)
{
	const char *words = "switch-core switch_early=0 switch_nothing=1";

	early_switched = core_switched = false;
	parse_early_param(words);
	expect_true(early_switched);	/* whatever follows the = */
	expect_false(core_switched);
	parse_args(words);
	expect_true(core_switched);
	expect_no_log("Malformed");
	expect_no_log("Unknown");
	expect_no_log("Booting kernel");
}

KTAP_TEST(test_help_is_sorted_and_complete)
{
	params_print_help(printk);
	expect_log("  core_one                 for the test\n"
		   "  debug                    ");
	expect_log("  early_one                for the test\n"
		   "  early_two                for the test\n"
		   "  early_two                same name, both run\n"
		   "  huge                     prefix of the other\n"
		   "  huge_pages=              for the test\n"
		   "  ignore_loglevel          ");
}
