// SPDX-License-Identifier: GPL-2.0-only
/*
 * kernel/lib/string.c, under other names, against byte loops; and strutil.c.
 * In this file memcpy() and friends are the kernel's.
 */
#include "tests/host/include/string_renamed.h"

#include "kernel/lib/string.h"

#include "kernel/lib/errno.h"
#include "kernel/lib/types.h"
#include "tests/host/include/ktap.h"

/* Longer than two rounds of the unrolled loops, at every alignment. */
#define AREA	96
#define LEN_MAX	72

static unsigned char area[AREA + LEN_MAX], want[AREA + LEN_MAX];

static void fill(void)
{
	for (size_t i = 0; i < sizeof(area); i++)
		area[i] = want[i] = (unsigned char)(i * 7 + 1);
}

KTAP_TEST(test_memset_every_length_and_alignment)
{
	for (size_t at = 0; at < 16; at++) {
		for (size_t n = 0; n <= LEN_MAX; n++) {
			fill();
			for (size_t i = 0; i < n; i++)
				want[at + i] = 0xa5;
			expect_ptr_eq(memset(area + at, 0x7a5, n), area + at);
			require_true(expect_mem_eq(area, want, sizeof(area)));
		}
	}
}

/* The law: the destination gets what the source was, nothing else changes. */
static void check_move(void *(*move)(void *, const void *, size_t), size_t to, size_t from,
		       size_t n)
{
	unsigned char was[LEN_MAX];

	fill();
	for (size_t i = 0; i < n; i++)
		was[i] = area[from + i];
	for (size_t i = 0; i < n; i++)
		want[to + i] = was[i];
	expect_ptr_eq(move(area + to, area + from, n), area + to);
	require_true(expect_mem_eq(area, want, sizeof(area)));
}

KTAP_TEST(test_memmove_every_overlap)
{
	for (size_t to = 0; to < AREA; to += 3) {
		for (size_t from = 0; from < AREA; from++) {
			for (size_t n = 0; n <= LEN_MAX; n += 1 + n / 8)
				check_move(memmove, to, from, n);
		}
	}
}

KTAP_TEST(test_memcpy_disjoint_and_downwards)
{
	for (size_t n = 0; n <= LEN_MAX; n++) {
		check_move(memcpy, 1, 1 + LEN_MAX, n);
		check_move(memcpy, 5, 6, n);	/* ours is right for this, too */
	}
}

static int sign(int x)
{
	return (x > 0) - (x < 0);
}

static const struct {
	const char	*name;
	const char	*a, *b;
	size_t		n;
	int		strcmp, strncmp, memcmp;
} compare_cases[] = {
	{ "equal",			"abc", "abc", 3, 0, 0, 0 },
	{ "first is less",		"abb", "abc", 3, -1, -1, -1 },
	{ "differ behind n",		"abx", "abc", 2, 1, 0, 0 },
	{ "prefix is less",		"ab", "abc", 3, -1, -1, -1 },
	{ "bytes are unsigned",		"\x80", "\x7f", 1, 1, 1, 1 },
	{ "n is zero",			"a", "b", 0, -1, 0, 0 },
	{ "nothing behind the NUL",	"a\0x", "a\0y", 3, 0, 0, -1 },
	{ "empty",			"", "", 1, 0, 0, 0 },
};

KTAP_TABLE_TEST(test_compare, compare_cases, c)
{
	expect_eq(sign(strcmp(c->a, c->b)), c->strcmp);
	expect_eq(sign(strncmp(c->a, c->b, c->n)), c->strncmp);
	expect_eq(sign(memcmp(c->a, c->b, c->n)), c->memcmp);
	expect_eq(sign(strcmp(c->b, c->a)), -c->strcmp);
}

KTAP_TEST(test_lengths)
{
	expect_eq(strlen(""), 0);
	expect_eq(strlen("abc"), 3);
	expect_eq(strnlen("abc", 0), 0);
	expect_eq(strnlen("abc", 2), 2);
	expect_eq(strnlen("abc", 9), 3);
}

static const struct {
	const char	*name;
	const char	*hay;
	const char	*needle;
	int		at;	/* -1: not found */
} search_cases[] = {
	{ "in the middle",	"memblock=debug", "=de", 8 },
	{ "at the start",	"debug", "deb", 0 },
	{ "at the end",		"debug", "ug", 3 },
	{ "empty needle",	"debug", "", 0 },
	{ "both empty",		"", "", 0 },
	{ "needle longer",	"de", "deb", -1 },
	{ "false start",	"aab", "ab", 1 },
	{ "absent",		"debug", "x", -1 },
};

KTAP_TABLE_TEST(test_strstr, search_cases, c)
{
	expect_ptr_eq(strstr(c->hay, c->needle), c->at < 0 ? NULL : c->hay + c->at);
}

KTAP_TEST(test_find_byte)
{
	const char *s = "abcabc";

	expect_ptr_eq(strchr(s, 'b'), s + 1);
	expect_ptr_eq(strrchr(s, 'b'), s + 4);
	expect_ptr_eq(strchr(s, 0), s + 6);
	expect_ptr_eq(strrchr(s, 0), s + 6);
	expect_null(strchr(s, 'x'));
	expect_null(strrchr(s, 'x'));
	expect_ptr_eq(memchr(s, 'c', 3), s + 2);
	expect_null(memchr(s, 'c', 2));
	expect_ptr_eq(memchr("a\xffz", 0x1ff, 3), memchr("a\xffz", 0xff, 3));
}

/* ---- strutil.c ---- */

static const struct {
	const char	*name;
	const char	*src;
	size_t		size;
	long		ret;
	const char	*want;
} strscpy_cases[] = {
	{ "fits",			"abc", 8, 3, "abc" },
	{ "fits exactly",		"abc", 4, 3, "abc" },
	{ "one too long",		"abc", 3, -E2BIG, "ab" },
	{ "only the NUL fits",		"abc", 1, -E2BIG, "" },
	{ "no room: untouched",		"abc", 0, -E2BIG, "zzz" },
	{ "empty source",		"", 1, 0, "" },
};

KTAP_TABLE_TEST(test_strscpy, strscpy_cases, c)
{
	char buf[8] = "zzz";

	expect_eq(strscpy(buf, c->src, c->size), c->ret);
	expect_str_eq(buf, c->want);
}

KTAP_TEST(test_prefix_and_spaces)
{
	expect_eq(str_has_prefix("BOOT_IMAGE=x", "BOOT_IMAGE="), 11);
	expect_eq(str_has_prefix("BOOT", "BOOT_IMAGE="), 0);
	expect_eq(str_has_prefix("x", ""), 0);
	expect_str_eq(skip_spaces(" \t\n\v\f\rx "), "x ");
	expect_str_eq(skip_spaces(""), "");
	expect_false(char_is_space('\0'));
	expect_false(char_is_space((char)0xa0));
}

static const struct {
	const char		*name;
	const char		*s;
	unsigned int		base;
	unsigned long long	val;
	size_t			used;
} number_cases[] = {
	{ "decimal",			"123x", 0, 123, 3 },
	{ "octal",			"0178", 0, 017, 3 },
	{ "hex",			"0xfFg", 0, 255, 4 },
	{ "capital X",			"0X10", 0, 16, 4 },
	{ "0x without a digit",		"0xg", 0, 0, 1 },
	{ "base 16 takes the 0x",	"0x1f", 16, 31, 4 },
	{ "base 16 bare",		"1f", 16, 31, 2 },
	{ "base 10 ignores the 0",	"010", 10, 10, 3 },
	{ "base 10 stops at the x",	"0x10", 10, 0, 1 },
	{ "nothing",			"", 0, 0, 0 },
	{ "no sign",			"-1", 0, 0, 0 },
	{ "no blank",			" 1", 0, 0, 0 },
	{ "the largest",		"18446744073709551615", 0, ~0ULL, 20 },
	{ "wraps",			"18446744073709551617", 0, 1, 20 },
	{ "brackets are no digits",	"0x0[", 16, 0, 3 },
};

KTAP_TABLE_TEST(test_kstrtoull, number_cases, c)
{
	char *end;

	expect_eq(kstrtoull(c->s, &end, c->base), c->val);
	expect_eq(end - c->s, c->used);
	expect_eq(kstrtoull(c->s, NULL, c->base), c->val);
}
