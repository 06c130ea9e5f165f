/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Strings and bytes.
 *
 * The first group has the C library's names, prototypes and meaning.  The
 * kernel gets them from string.c, host builds from their libc; a file may
 * include this header and <string.h> together.  The second group is ours and
 * lives in strutil.c in both builds.
 */
#ifndef KERNEL_LIB_STRING_H
#define KERNEL_LIB_STRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void *memset(void *dst, int c, size_t n);
void *memcpy(void *dst, const void *src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
int memcmp(const void *a, const void *b, size_t n);

size_t strlen(const char *s);
size_t strnlen(const char *s, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);

/* strstr() of the empty needle is @hay itself; strchr(s, 0) is the end of @s. */
void *memchr(const void *s, int c, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
char *strstr(const char *hay, const char *needle);

/**
 * strscpy() - copy a string into a buffer of @size bytes
 *
 * @dst is always terminated (if @size is not 0).  The rest of @dst is untouched.
 *
 * Return: characters copied without the NUL, or -E2BIG if @src was cut (or
 * @size is 0).
 */
long strscpy(char *dst, const char *src, size_t size);

/** str_has_prefix() - length of @prefix if @s begins with it, else 0 */
size_t str_has_prefix(const char *s, const char *prefix);

/** char_is_space() - blank, \t \n \v \f \r; bytes above 0x7f are not */
static inline bool char_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/** skip_spaces() - @s without leading white space */
char *skip_spaces(const char *s);

/**
 * kstrtoull() - leading digits of @s as a number
 * @end: set to the first character not used, @s itself if there are no digits;
 *       may be NULL
 * @base: 8, 10, 16 (then with or without 0x), or 0 to tell from the text: 0x is hex if a hex digit
 *       follows, else a leading 0 is octal, else decimal
 *
 * No sign and no white space are accepted.  An overflow wraps silently, as in
 * Linux' simple_strtoull().
 */
unsigned long long kstrtoull(const char *s, char **end, unsigned int base);

/** crc32() - the CRC-32 of zip, PNG and Python's zlib: reflected 0x04c11db7 */
uint32_t crc32(const void *p, size_t n);

#endif /* KERNEL_LIB_STRING_H */
