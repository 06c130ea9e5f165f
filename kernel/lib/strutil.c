// SPDX-License-Identifier: GPL-2.0-only
/*
 * The string functions that no libc has: same object in kernel and host.
 */
#include "kernel/lib/errno.h"
#include "kernel/lib/string.h"

#include <stdint.h>

long strscpy(char *dst, const char *src, size_t size)
{
	size_t n;

	if (!size)
		return -E2BIG;
	n = strnlen(src, size);
	if (n < size) {
		memcpy(dst, src, n + 1);
		return (long)n;
	}
	memcpy(dst, src, size - 1);
	dst[size - 1] = '\0';
	return -E2BIG;
}

size_t str_has_prefix(const char *s, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(s, prefix, n) == 0 ? n : 0;
}

char *skip_spaces(const char *s)
{
	while (char_is_space(*s))
		s++;
	return (char *)(uintptr_t)s;
}

/* The digit's value, or 255 for what is not a digit in any base. */
static unsigned int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	c |= 'a' ^ 'A';
	if (c >= 'a' && c <= 'f')
		return (unsigned int)(c - 'a') + 10;
	return 255;
}

unsigned long long kstrtoull(const char *s, char **end, unsigned int base)
{
	bool prefixed = s[0] == '0' && (s[1] == 'x' || s[1] == 'X') && digit_value(s[2]) < 16;
	unsigned long long val = 0;

	if (!base)
		base = prefixed ? 16 : s[0] == '0' ? 8 : 10;
	if (prefixed && base == 16)
		s += 2;
	for (; digit_value(*s) < base; s++)
		val = val * base + digit_value(*s);
	if (end)
		*end = (char *)(uintptr_t)s;
	return val;
}

uint32_t crc32(const void *p, size_t n)
{
	const uint8_t *byte = p;
	uint32_t table[256], crc = ~0u;

	for (uint32_t i = 0; i < 256; i++) {
		table[i] = i;
		for (int bit = 0; bit < 8; bit++)
			table[i] = table[i] >> 1 ^ (table[i] & 1 ? 0xedb88320u : 0);
	}
	while (n--)
		crc = crc >> 8 ^ table[(crc ^ *byte++) & 0xff];
	return ~crc;
}
