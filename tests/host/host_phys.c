// SPDX-License-Identifier: GPL-2.0-only
/*
 * Physical memory of host builds (see host_phys.h).
 */
#include "tests/host/include/host_phys.h"

#include "kernel/lib/panic.h"	/* panic() */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

char *host_phys_base;
uint64_t host_phys_size;

void host_phys_init(uint64_t size)
{
	void *p;

	if (host_phys_base)
		munmap(host_phys_base, host_phys_size);
	p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
		 -1, 0);
	if (p == MAP_FAILED) {
		perror("host_phys: mmap of the fake physical memory (ulimit -v?)");
		exit(1);
	}
	host_phys_base = p;
	host_phys_size = size;
}

#define HOST_PHYS_SMALL	(32ULL << 20)

/* Zeroes again.  New pages cost more than to clear a small machine's old ones. */
void host_phys_reset(void)
{
	if (!host_phys_base)
		return;
	if (host_phys_size <= HOST_PHYS_SMALL)
		memset(host_phys_base, 0, host_phys_size);
	else
		madvise(host_phys_base, host_phys_size, MADV_DONTNEED);
}

void *host_phys_to_virt(uint64_t pa)
{
	if (!host_phys_base)
		host_phys_init(HOST_PHYS_SIZE);
	/* The end itself is a fair address to compute with. */
	if (pa > host_phys_size)
		panic("host_phys: %#llx is outside the %llu TiB of fake memory",
		      (unsigned long long)pa, (unsigned long long)(host_phys_size >> 40));
	return host_phys_base + pa;
}

uint64_t host_virt_to_phys(const void *va)
{
	uint64_t pa = (uint64_t)((uintptr_t)va - (uintptr_t)host_phys_base);

	if (!host_phys_base || pa > host_phys_size)
		panic("host_phys: %p is not in the fake physical memory", va);
	return pa;
}
