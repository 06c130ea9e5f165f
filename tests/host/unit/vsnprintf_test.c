// SPDX-License-Identifier: GPL-2.0-only
/*
 * kernel/lib/vsnprintf.c: our formats by table, C's formats against libc's.
 */
#include "kernel/lib/vsnprintf.h"

#include "kernel/lib/ksyms.h"
#include "kernel/lib/types.h"
#include "tests/host/include/ktap.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* A table of three functions at 0x1000, as scripts/ksyms would write it. */
static const uint32_t offsets[] = { 0, 0x40, 0x1c0, 0x200 };
static const uint32_t names[] = { 0, 6, 12 };
const struct ksyms_table ksyms_table = {
	.base = 0xffffffff80001000,
	.count = 3,
	.offsets = offsets,
	.names = names,
	.pool = "alpha\0bravo\0charlie",
};

/* Behind pointers, or the compilers would judge formats that are meant to be odd. */
static int (*volatile ours)(char *, size_t, const char *, ...) = ksnprintf;
static int (*volatile libcs)(char *, size_t, const char *, ...) = snprintf;

/* What libc prints, we print, and return the same. */
#define same(...)								\
	do {									\
		char ours_[128], libcs_[128];					\
										\
		expect_eq(ours(ours_, sizeof(ours_), __VA_ARGS__),		\
			  libcs(libcs_, sizeof(libcs_), __VA_ARGS__));		\
		expect_str_eq(ours_, libcs_);					\
	} while (0)

#define is(want, ...)								\
	do {									\
		char ours_[128];						\
										\
		expect_eq(ours(ours_, sizeof(ours_), __VA_ARGS__), strlen(want)); \
		expect_str_eq(ours_, want);					\
	} while (0)

KTAP_TEST(test_integers_as_libc)
{
	static const long long values[] = { 0, 1, -1, 7, 42, -4096, 0x12345678, INT_MAX,
					    INT_MIN, LLONG_MAX, LLONG_MIN };

	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		long long v = values[i];
		int d = (int)v;

		same("%d|%i|%u|%o", d, d, d, d);
		same("%x|%X|%5d|%-5d|", d, d, d, d);
		same("%05d|%+d|% d|%.4d", d, d, d, d);
		same("%10.4d|%-10.4d|%+010d", d, d, d);
		same("%hhd|%hd|%hhu|%hu|%hhx", d, d, d, d, d);
		same("%ld|%lu|%lx|%zu|%zd|%jd|%td", (long)v, (long)v, (long)v, (size_t)v,
		     (ssize_t)v, (intmax_t)v, (ptrdiff_t)v);
		same("%lld|%llu|%llo|%016llx|%-20lld|", v, v, v, v, v);
		same("%*d|%-*d|%*d", 8, d, 8, d, -8, d);
		same("%.*d", 6, d);
		same("%.*d", -6, d);
		same("%5llu.%06llu", (unsigned long long)v, (unsigned long long)v);
	}
}

KTAP_TEST(test_strings_as_libc)
{
	same("plain");
	same("");
	same("%s|%10s|%-10s|", "abc", "abc", "abc");
	same("%.2s|%5.1s|%-5.9s|", "abc", "abc", "abc");
	same("%.*s|%.*s|", 2, "abc", -1, "abc");
	same("%c|%3c|%-3c|", 'x', 'y', 'z');
	same("100%% %s", "sure");
	same("%s", "");
}

KTAP_TEST(test_hex_with_prefix)
{
	same("%#x|%#o|%#llx", 255u, 8u, 0xffff888000000000ull);
	same("%#10x|%-#10x|%#010x", 255u, 255u, 255u);
	is("0x0000000000100000", "%#018llx", 0x100000ull);
	is("0X1F", "%#X", 31u);
	/* Linux prints the prefix of zero, C does not. */
	is("0x0", "%#x", 0u);
	is("0x0000000000000000", "%#018llx", 0ull);
}

KTAP_TEST(test_pointers)
{
	phys_addr_t pa = 0x3ff7ec00;

	is("0x00000000deadbeef", "%p", (void *)0xdeadbeef);
	is("0x0000000000000000", "%p", NULL);
	is("0xffff888000000000|", "%p|", (void *)0xffff888000000000);
	is("[0x000000003ff7ec00-0x000000003ff7ec00]", "[%pa-%pa]", &pa, &pa);
	is("(null)", "%pa", NULL);
	is("    0x000000003ff7ec00", "%22pa", &pa);
}

KTAP_TEST(test_symbols)
{
	is("alpha+0x0/0x40", "%pS", (void *)0xffffffff80001000);
	is("bravo+0x17f/0x180", "%pS", (void *)0xffffffff800011bf);
	is("charlie", "%ps", (void *)0xffffffff800011c0);
	is("0xffffffff80001200", "%pS", (void *)0xffffffff80001200);
	is("0xffffffff80000fff", "%ps", (void *)0xffffffff80000fff);
	/* A call as alpha's last instruction returns to bravo's first byte. */
	is("alpha+0x40/0x40", "%pB", (void *)0xffffffff80001040);
	is("0x0000000000000000", "%pB", NULL);
}

KTAP_TEST(test_odd_formats)
{
	is("(null)", "%s", NULL);
	is("  (null)", "%8s", NULL);
	is("%q 5", "%q %d", 5);
	is("50%", "50%");
	is("%", "%");
}

/* The law of snprintf: cut text, terminated, the whole length returned. */
KTAP_TEST(test_every_buffer_size)
{
	const char *whole = "ab 0x0000000000001000 -42 xyz";

	for (size_t size = 0; size < 40; size++) {
		char buf[48];
		size_t fits = size > strlen(whole) ? strlen(whole) : size ? size - 1 : 0;

		memset(buf, '#', sizeof(buf));
		expect_eq(ours(buf, size, "ab %p %d %s", (void *)0x1000, -42, "xyz"),
			  strlen(whole));
		expect_mem_eq(buf, whole, fits);
		if (size)
			expect_eq(buf[fits], 0);
		expect_eq(buf[size], '#');
		expect_eq(kscnprintf(buf, size, "%s", whole), fits);
	}
	expect_eq(ours(NULL, 0, "%d", 12345), 5);
}

KTAP_TEST(test_absurd_width_is_bounded)
{
	char buf[16];

	expect_eq(ours(buf, sizeof(buf), "%2147483648d", 1), 4096);
	expect_eq(ours(buf, sizeof(buf), "%*d", INT_MIN, 1), 4096);
	expect_eq(ours(buf, sizeof(buf), "%.99999999999d", 1), 4096);
}
