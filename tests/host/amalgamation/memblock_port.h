/* SPDX-License-Identifier: GPL-2.0-only */
/* The port of the smoke test: 64 MiB of fake memory from address 0, lines into a buffer. */
#include <stddef.h>
#include <stdint.h>
#define PAGE_SHIFT 12
typedef unsigned long long phys_addr_t;
extern char fake_ram[];
static inline void *phys_to_virt(phys_addr_t pa) { return fake_ram + pa; }
static inline phys_addr_t virt_to_phys(const void *p) { return (size_t)p - (size_t)fake_ram; }
void *memset(void *to, int byte, size_t n);
void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void memblock_port_write(const char *text);
void memblock_port_panic(const char *text) __attribute__((noreturn));
void memblock_port_free_pages(unsigned long pfn, unsigned int order);
void memblock_port_reserve_pages(phys_addr_t start, phys_addr_t end, int nid);
