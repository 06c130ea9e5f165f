/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For physical addresses of 32 bits on a machine that runs no 32 bit programs: the suite's
 * physical memory, which it takes by malloc() in one large piece, lies below 4 GiB.
 */
#ifndef LINUX_SUITE_LOW_H
#define LINUX_SUITE_LOW_H

#include <stdlib.h>
#include <sys/mman.h>

#define LOW_LARGE	(1UL << 20)
#define LOW_HEAD	4096UL		/* a page before the piece knows its size */

static inline void *low_malloc(size_t size)
{
	size_t *p;

	if (size < LOW_LARGE)
		return malloc(size);
	p = mmap(NULL, LOW_HEAD + size, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	if (p == MAP_FAILED)
		return NULL;
	*p = LOW_HEAD + size;
	return (char *)p + LOW_HEAD;
}

static inline void low_free(void *p)
{
	size_t *head = (size_t *)((char *)p - LOW_HEAD);

	if (!p || (unsigned long)p >> 32)
		free(p);
	else
		munmap(head, *head);
}

#define malloc	low_malloc
#define free	low_free

#endif /* LINUX_SUITE_LOW_H */
