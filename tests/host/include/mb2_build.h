/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A multiboot2 information block, built byte by byte.  Include in one file of a program.
 */
#ifndef TESTS_HOST_MB2_BUILD_H
#define TESTS_HOST_MB2_BUILD_H

#include <stdint.h>
#include <string.h>

static uint8_t block[4 << 20];
static size_t len;

static inline void put32(uint32_t v)
{
	memcpy(block + len, &v, 4);
	len += 4;
}

static inline void put64(uint64_t v)
{
	memcpy(block + len, &v, 8);
	len += 8;
}

static inline void begin(void)
{
	len = 0;
	put64(0);
}

static inline size_t tag_begin(uint32_t type)
{
	size_t at = len;

	put32(type);
	put32(0);
	return at;
}

static inline void tag_end(size_t at)
{
	uint32_t size = (uint32_t)(len - at);

	memcpy(block + at + 4, &size, 4);
	while (len % 8)
		block[len++] = 0xee;
}

static inline void put_text(const char *text)
{
	memcpy(block + len, text, strlen(text) + 1);
	len += strlen(text) + 1;
}

static inline void tag_text(uint32_t type, const char *text)
{
	size_t at = tag_begin(type);

	put_text(text);
	tag_end(at);
}

static inline void tag_module(uint32_t start, uint32_t end, const char *name)
{
	size_t at = tag_begin(3);

	put32(start);
	put32(end);
	put_text(name);
	tag_end(at);
}

static inline void tag_two(uint32_t type, uint32_t a, uint32_t b)
{
	size_t at = tag_begin(type);

	put32(a);
	put32(b);
	tag_end(at);
}

static inline size_t map_begin(uint32_t stride)
{
	size_t at = tag_begin(6);

	put32(stride);
	put32(0);
	return at;
}

static inline void put_entry(uint64_t base, uint64_t size, uint32_t type)
{
	put64(base);
	put64(size);
	put32(type);
	put32(0);
}

static inline void tag_map(void)
{
	size_t at = map_begin(24);

	put_entry(0, 0x9fc00, 1);
	put_entry(0x9fc00, 0x400, 2);
	put_entry(0x100000, 0x7f00000, 1);
	tag_end(at);
}

static inline void tag_last(void)
{
	tag_end(tag_begin(0));
}

#endif /* TESTS_HOST_MB2_BUILD_H */
