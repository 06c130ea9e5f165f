// SPDX-License-Identifier: GPL-2.0-only
/*
 * The C library's names for the freestanding kernel; host builds use their
 * libc's and test these under other names.
 *
 * Bytes are moved eight at a time where a range is long enough; our CPUs do not
 * mind the alignment.  The bulk of what boot does with these is zeroing tables.
 */
#include "kernel/lib/string.h"

#include <stdint.h>

/* gcc would turn the loop of memset() into a call of memset(). */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-tree-loop-distribute-patterns")
#endif

typedef uint64_t __attribute__((may_alias, aligned(1))) word_t;

#define WORD	sizeof(word_t)
#define STEP	(4 * WORD)	/* per round of the unrolled loops */

void *memset(void *dst, int c, size_t n)
{
	unsigned char *d = dst;
	word_t pattern = 0x0101010101010101ULL * (unsigned char)c;

	for (; n >= STEP; n -= STEP, d += STEP) {
		word_t *w = (word_t *)d;

		w[0] = pattern;
		w[1] = pattern;
		w[2] = pattern;
		w[3] = pattern;
	}
	for (; n; n--)
		*d++ = (unsigned char)c;
	return dst;
}

/* Read a whole round before writing it: right for overlap with @d below @s. */
static void copy_up(unsigned char *d, const unsigned char *s, size_t n)
{
	for (; n >= STEP; n -= STEP, d += STEP, s += STEP) {
		const word_t *from = (const word_t *)s;
		word_t a = from[0], b = from[1], c = from[2], e = from[3];
		word_t *to = (word_t *)d;

		to[0] = a;
		to[1] = b;
		to[2] = c;
		to[3] = e;
	}
	for (; n; n--)
		*d++ = *s++;
}

/* The mirror image: from the ends down, for overlap with @d above @s. */
static void copy_down(unsigned char *d, const unsigned char *s, size_t n)
{
	d += n;
	s += n;
	for (; n >= STEP; n -= STEP) {
		const word_t *from = (const word_t *)(s -= STEP);
		word_t a = from[0], b = from[1], c = from[2], e = from[3];
		word_t *to = (word_t *)(d -= STEP);

		to[0] = a;
		to[1] = b;
		to[2] = c;
		to[3] = e;
	}
	for (; n; n--)
		*--d = *--s;
}

void *memcpy(void *dst, const void *src, size_t n)
{
	copy_up(dst, src, n);
	return dst;
}

void *memmove(void *dst, const void *src, size_t n)
{
	/* Unsigned distance: also large, so upwards, if dst is below src. */
	if ((uintptr_t)dst - (uintptr_t)src >= n)
		copy_up(dst, src, n);
	else
		copy_down(dst, src, n);
	return dst;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const unsigned char *x = a, *y = b;

	for (; n; n--, x++, y++) {
		if (*x != *y)
			return *x - *y;
	}
	return 0;
}

size_t strlen(const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}

size_t strnlen(const char *s, size_t max)
{
	size_t n = 0;

	while (n < max && s[n])
		n++;
	return n;
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++) {
		if (*a != *b || !*a)
			return (unsigned char)*a - (unsigned char)*b;
	}
	return 0;
}

int strcmp(const char *a, const char *b)
{
	return strncmp(a, b, SIZE_MAX);
}

void *memchr(const void *s, int c, size_t n)
{
	const unsigned char *p = s;

	for (; n; n--, p++) {
		if (*p == (unsigned char)c)
			return (void *)(uintptr_t)p;
	}
	return NULL;
}

char *strchr(const char *s, int c)
{
	return memchr(s, c, strlen(s) + 1);
}

char *strrchr(const char *s, int c)
{
	for (size_t n = strlen(s) + 1; n; n--) {
		if (s[n - 1] == (char)c)
			return (char *)(uintptr_t)&s[n - 1];
	}
	return NULL;
}

char *strstr(const char *hay, const char *needle)
{
	size_t n = strlen(needle);

	for (;; hay++) {
		if (strncmp(hay, needle, n) == 0)
			return (char *)(uintptr_t)hay;
		if (!*hay)
			return NULL;
	}
}
