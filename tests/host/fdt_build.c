// SPDX-License-Identifier: GPL-2.0-only
/*
 * Device trees for tests (see fdt_build.h).
 */
#include "tests/host/include/fdt_build.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#define HEADER		40
#define PART		(1u << 20)

static struct {
	uint8_t		blob[3 * PART] __attribute__((aligned(8)));
	uint8_t		structs[PART];
	char		strings[4096];
	uint64_t	rsv[512][2];
	uint32_t	nr_structs, nr_strings, nr_rsv;
} b;

static void put(uint8_t *at, uint64_t value, size_t n)
{
	for (size_t i = 0; i < n; i++)
		at[i] = (uint8_t)(value >> (8 * (n - 1 - i)));
}

static void cell(uint32_t value)
{
	assert(b.nr_structs + 4 <= PART);
	put(b.structs + b.nr_structs, value, 4);
	b.nr_structs += 4;
}

static void data(const void *p, size_t n)
{
	assert(b.nr_structs + n + 4 <= PART);
	memset(b.structs + b.nr_structs, 0, n + 4);
	if (n)
		memcpy(b.structs + b.nr_structs, p, n);
	b.nr_structs += (uint32_t)(n + 3) & ~3u;
}

static uint32_t string(const char *name)
{
	const size_t n = strlen(name) + 1;
	uint32_t at = 0;

	for (; at < b.nr_strings; at += (uint32_t)strlen(b.strings + at) + 1)
		if (!strcmp(b.strings + at, name))
			return at;
	assert(at + n <= sizeof(b.strings));
	memcpy(b.strings + at, name, n);
	b.nr_strings += (uint32_t)n;
	return at;
}

void fdt_build_start(void)
{
	b.nr_structs = b.nr_strings = b.nr_rsv = 0;
}

void fdt_build_reservation(uint64_t base, uint64_t size)
{
	assert(b.nr_rsv < 511);
	put((uint8_t *)&b.rsv[b.nr_rsv][0], base, 8);
	put((uint8_t *)&b.rsv[b.nr_rsv++][1], size, 8);
}

void node(const char *name)
{
	cell(1);
	data(name, strlen(name) + 1);
}

void end(void)
{
	cell(2);
}

void bytes(const char *name, const void *p, size_t n)
{
	cell(3);
	cell((uint32_t)n);
	cell(string(name));
	data(p, n);
}

void empty(const char *name)
{
	bytes(name, NULL, 0);
}

void text(const char *name, const char *value)
{
	bytes(name, value, strlen(value) + 1);
}

void cells(const char *name, int n, ...)
{
	uint8_t value[256];
	va_list args;

	assert((size_t)n * 4 <= sizeof(value));
	va_start(args, n);
	for (int i = 0; i < n; i++)
		put(value + i * 4, va_arg(args, unsigned int), 4);
	va_end(args);
	bytes(name, value, (size_t)n * 4);
}

void range(const char *name, uint64_t base, uint64_t size)
{
	cells(name, 4, (uint32_t)(base >> 32), (uint32_t)base, (uint32_t)(size >> 32),
	      (uint32_t)size);
}

uint8_t *fdt_build_finish(uint32_t *size)
{
	const uint32_t rsv = HEADER, structs = rsv + (b.nr_rsv + 1) * 16;
	uint32_t fields[10], strings;

	cell(9);
	strings = structs + b.nr_structs;
	*size = strings + b.nr_strings;
	memset(b.rsv[b.nr_rsv], 0, 16);
	memcpy(b.blob + rsv, b.rsv, (b.nr_rsv + 1) * 16);
	memcpy(b.blob + structs, b.structs, b.nr_structs);
	memcpy(b.blob + strings, b.strings, b.nr_strings);
	memcpy(fields, (uint32_t[]){ 0xd00dfeed, *size, structs, strings, rsv, 17, 16, 0,
				     b.nr_strings, b.nr_structs }, sizeof(fields));
	for (int i = 0; i < 10; i++)
		put(b.blob + i * 4, fields[i], 4);
	return b.blob;
}
