// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ground floor as it is in this image: the host tests see other code of
 * string.c and have no symbols, no stack and no clock of ours.
 */
#include "kernel/selftest.h"

#include "kernel/lib/ksyms.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/lib/vsnprintf.h"

/* The law: the destination gets what the source was, nothing else changes. */
static bool moved_right(size_t to, size_t from, size_t n)
{
	static unsigned char area[160];

	for (size_t i = 0; i < sizeof(area); i++)
		area[i] = (unsigned char)(i * 7 + 1);
	memmove(area + to, area + from, n);
	for (size_t i = 0; i < sizeof(area); i++) {
		size_t was = i >= to && i < to + n ? i - to + from : i;

		if (area[i] != (unsigned char)(was * 7 + 1))
			return false;
	}
	return true;
}

SELFTEST(lib_memmove)
{
	for (size_t n = 0; n <= 80; n += 1 + n / 16)
		for (size_t to = 0; to < 64; to += 5)
			for (size_t from = 0; from < 64; from += 3)
				if (!moved_right(to, from, n))
					ktap_fail(t, "%zu bytes from %zu to %zu", n, from, to);
	t->checks++;
}

SELFTEST(lib_memset)
{
	static unsigned char area[100];

	for (size_t n = 0; n <= 90; n++) {
		memset(area, 0x11, sizeof(area));
		memset(area + 3, 0xa5, n);
		for (size_t i = 0; i < sizeof(area); i++)
			if (area[i] != (i >= 3 && i < 3 + n ? 0xa5 : 0x11))
				ktap_fail(t, "%zu bytes: byte %zu is %#x", n, i, area[i]);
	}
	t->checks++;
}

SELFTEST(lib_string)
{
	expect_eq(t, strlen("memblock"), 8);
	expect_true(t, strcmp("abc", "abd") < 0);
	expect_true(t, strncmp("abc", "abd", 2) == 0);
	expect_true(t, memcmp("a\0b", "a\0c", 3) < 0);
	expect_true(t, strcmp(strstr("memblock=debug", "=d"), "=debug") == 0);
	expect_true(t, !strchr("abc", 'x'));
}

static __noinline void a_function_with_a_name(void)
{
	__asm__ volatile("");
}

SELFTEST(lib_symbols)
{
	void *fn = (void *)(uintptr_t)&a_function_with_a_name;
	char text[64];
	unsigned long offset = 1, size = 0;
	const char *name = ksyms_lookup((unsigned long)fn, &offset, &size);

	expect_true(t, name && strcmp(name, "a_function_with_a_name") == 0);
	expect_eq(t, offset, 0);
	expect_true(t, size > 0 && size < 64);
	ksnprintf(text, sizeof(text), "%ps", fn);
	expect_true(t, strcmp(text, "a_function_with_a_name") == 0);
	ksnprintf(text, sizeof(text), "%pS", (void *)1);
	expect_true(t, strcmp(text, "0x0000000000000001") == 0);
}

/* The log begins with line 0 unless it says how many it lost, and time goes on. */
SELFTEST(lib_log)
{
	struct log_line line;
	uint64_t expected = log_dropped(), last_ns = 0;

	for (uint64_t seq = 0; log_read(seq, &line); seq = line.seq + 1) {
		if (line.seq != expected++ || line.ns < last_ns)
			ktap_fail(t, "line %llu at %llu ns follows one at %llu ns",
				  (unsigned long long)line.seq, (unsigned long long)line.ns,
				  (unsigned long long)last_ns);
		last_ns = line.ns;
	}
	expect_true(t, expected > 0);
	expect_true(t, last_ns > 0);
}
