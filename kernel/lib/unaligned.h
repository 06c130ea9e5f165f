/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers in tables of others, at any address: little-endian and, of device trees, big-endian.
 * The caller has checked that the bytes are there.
 */
#ifndef KERNEL_LIB_UNALIGNED_H
#define KERNEL_LIB_UNALIGNED_H

#include "kernel/lib/string.h"
#include "kernel/lib/types.h"

static inline uint16_t get_le16(const void *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static inline uint32_t get_le32(const void *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static inline uint64_t get_le64(const void *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static inline uint32_t get_be32(const void *p)
{
	return __builtin_bswap32(get_le32(p));
}

static inline uint64_t get_be64(const void *p)
{
	return __builtin_bswap64(get_le64(p));
}

#endif /* KERNEL_LIB_UNALIGNED_H */
