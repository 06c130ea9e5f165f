// SPDX-License-Identifier: GPL-2.0-only
/*
 * One window of early_memremap() at a time, so any length may be read.
 */
#include "boot/phys_read.h"

#include "boot/boot_info.h"
#include "kernel/lib/align.h"
#include "kernel/lib/string.h"

#include <arch/memory.h>
#include <arch/paging.h>

phys_addr_t phys_read_limit(void)
{
	return boot_info.phys_end ? boot_info.phys_end : EARLY_MAP_SIZE;
}

static bool in_reach(phys_addr_t pa, size_t n)
{
	return n <= phys_read_limit() && pa <= phys_read_limit() - n;
}

bool phys_read(void *to, phys_addr_t pa, size_t n)
{
	uint8_t *out = to;

	if (!in_reach(pa, n))
		return false;
	while (n) {
		size_t piece = MIN(n, EARLY_MEMREMAP_MAX);
		void *window = early_memremap(pa, piece);

		if (!window)
			return false;
		memcpy(out, window, piece);
		early_memunmap(window, piece);
		out += piece;
		pa += piece;
		n -= piece;
	}
	return true;
}

/* Modulo 256: neighbours are added in lanes of 16 bits, then the multiplication adds the lanes. */
static uint8_t sum_of_8_bytes(uint64_t w)
{
	const uint64_t even = 0x00ff00ff00ff00ffUL;

	w = (w & even) + (w >> 8 & even);
	return (uint8_t)(w * 0x0001000100010001UL >> 48);
}

int phys_sum(phys_addr_t pa, size_t n)
{
	uint8_t sum = 0;

	if (!in_reach(pa, n))
		return -1;
	while (n) {
		size_t piece = MIN(n, EARLY_MEMREMAP_MAX);
		uint8_t *window = early_memremap(pa, piece);
		size_t i = 0;

		if (!window)
			return -1;
		for (uint64_t w; i + sizeof(w) <= piece; i += sizeof(w)) {
			__builtin_memcpy(&w, window + i, sizeof(w));
			sum = (uint8_t)(sum + sum_of_8_bytes(w));
		}
		for (; i < piece; i++)
			sum = (uint8_t)(sum + window[i]);
		early_memunmap(window, piece);
		pa += piece;
		n -= piece;
	}
	return sum;
}

phys_addr_t phys_scan(phys_addr_t start, phys_addr_t end, const char *mark, size_t n,
		      phys_scan_fn ok, const void *ctx)
{
	uint8_t piece[1024];

	for (; start < end; start += sizeof(piece)) {
		size_t have = MIN(end - start, sizeof(piece));

		if (!phys_read(piece, start, have))
			return 0;
		for (size_t i = 0; i + n <= have; i += 16)
			if (memcmp(piece + i, mark, n) == 0 && ok(start + i, ctx))
				return start + i;
	}
	return 0;
}
