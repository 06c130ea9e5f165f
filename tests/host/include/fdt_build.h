/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A device tree for tests, made call by call:
 *
 *	fdt_build_start();
 *	node("");				the root
 *	cells("#address-cells", 1, 2);
 *	node("memory@40000000");
 *	text("device_type", "memory");
 *	cells("reg", 4, 0, 0x40000000, 0, 0x10000000);
 *	end();
 *	end();
 *	blob = fdt_build_finish(&size);
 */
#ifndef TESTS_HOST_FDT_BUILD_H
#define TESTS_HOST_FDT_BUILD_H

#include <stddef.h>
#include <stdint.h>

void fdt_build_start(void);
void fdt_build_reservation(uint64_t base, uint64_t size);
void node(const char *name);
void end(void);
void empty(const char *name);
void text(const char *name, const char *value);
void bytes(const char *name, const void *data, size_t n);

/* @n cells follow. */
void cells(const char *name, int n, ...);

/* One address and one size of two cells each: `reg` and the like. */
void range(const char *name, uint64_t base, uint64_t size);

/* The blob, good until fdt_build_start(): may be damaged by the test. */
uint8_t *fdt_build_finish(uint32_t *size);

#endif /* TESTS_HOST_FDT_BUILD_H */
