// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rest of the kernel, as far as memblock's object files want to link in a bench:
 * nothing is printed unless something is wrong, nothing is handed over.
 */
#include "kernel/lib/bug.h"
#include "kernel/lib/panic.h"
#include "kernel/lib/printk.h"
#include "mm/handover.h"
#include "mm/port.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

bool movable_node_enabled;

/* As tests/host/host_phys.c wants it; the bench maps physical addresses where they are. */
void *host_phys_to_virt(uint64_t pa);
uint64_t host_virt_to_phys(const void *va);

void *host_phys_to_virt(uint64_t pa)
{
	return (void *)(uintptr_t)pa;
}

uint64_t host_virt_to_phys(const void *va)
{
	return (uintptr_t)va;
}

int printk(const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vfprintf(stderr, fmt, args);
	va_end(args);
	return n;
}

void panic(const char *fmt, ...)
{
	fprintf(stderr, "panic: %s\n", fmt);
	abort();
}

void bug_at(const char *file, int line)
{
	fprintf(stderr, "BUG at %s:%d\n", file, line);
	abort();
}

void warn_at(const char *file, int line, const char *fmt, ...)
{
	(void)file;
	(void)line;
	(void)fmt;
}

void dump_stack(void)
{
}

struct page *pfn_to_page(unsigned long pfn)
{
	(void)pfn;
	return NULL;
}

void memblock_free_pages(struct page *page, unsigned long pfn, unsigned int order)
{
	(void)page;
	(void)pfn;
	(void)order;
}

bool memblock_free_late_page(unsigned long pfn)
{
	(void)pfn;
	return true;
}

void reserve_bootmem_region(phys_addr_t start, phys_addr_t end, int nid)
{
	(void)start;
	(void)end;
	(void)nid;
}

void totalram_pages_add(long pages)
{
	(void)pages;
}

void zones_clear_managed_pages(void)
{
}

void accept_memory(phys_addr_t start, phys_addr_t size)
{
	(void)start;
	(void)size;
}
