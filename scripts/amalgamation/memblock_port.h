/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The port: everything memblock.c needs from your kernel.  Fill in the lines marked with
 * <--; PORTING.md says what each must do.  Macros, inline functions or plain prototypes are
 * all fine, and so is including your own headers for them.
 */
#ifndef MEMBLOCK_PORT_H
#define MEMBLOCK_PORT_H

#include <stddef.h>
#include <stdint.h>

/* How many regions, nodes: the defaults are in memblock.h. */
/* #define CONFIG_NUMA */
/* #define INIT_MEMBLOCK_REGIONS 128 */

typedef uint64_t phys_addr_t;

#define PAGE_SHIFT	12					/* <-- */
#define DIRECT_MAP	0xffff888000000000ULL			/* <-- or however yours works */

static inline void *phys_to_virt(phys_addr_t pa)
{
	return (void *)(uintptr_t)(DIRECT_MAP + pa);
}

static inline phys_addr_t virt_to_phys(const volatile void *va)
{
	return (uintptr_t)va - DIRECT_MAP;
}

void *memset(void *to, int byte, size_t n);
void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);

/* <-- in a C file of yours: */
void memblock_port_write(const char *text);
void memblock_port_panic(const char *text) __attribute__((noreturn));
void memblock_port_free_pages(unsigned long pfn, unsigned int order);
void memblock_port_reserve_pages(phys_addr_t start, phys_addr_t end, int nid);

#endif /* MEMBLOCK_PORT_H */
