// SPDX-License-Identifier: GPL-2.0-only
/*
 * mm/ram_check.c: which words of a span are touched.  A host has no memory that forgets, but
 * pages that may not be touched, and says which word of one was.
 */
#include "ktap.h"

#include "host_phys.h"
#include "mm/port.h"		/* accept_memory() */
#include "mm/ram_check.h"
#include "mm/range.h"

#include <arch/memory.h>

#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>

#define BASE	0x10000000UL
#define SIZE	(8UL << 20)

static sigjmp_buf caught;
static uint64_t touched;

static void on_fault(int signal, siginfo_t *about, void *context)
{
	(void)signal, (void)context;
	touched = (uint64_t)((char *)about->si_addr - host_phys_base);
	siglongjmp(caught, 1);
}

/* The first word that the check of [start, start + size) touches in the page at @trap, or 0. */
static uint64_t first_touch(phys_addr_t start, phys_addr_t size, phys_addr_t trap)
{
	struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO }, old;

	sigaction(SIGSEGV, &action, &old);
	mprotect(phys_to_virt(trap), PAGE_SIZE, PROT_NONE);
	touched = 0;
	if (!sigsetjmp(caught, 1))
		expect_eq(ram_check_span(start, size), PHYS_ADDR_MAX);
	mprotect(phys_to_virt(trap), PAGE_SIZE, PROT_READ | PROT_WRITE);
	sigaction(SIGSEGV, &old, NULL);
	return touched;
}

static const struct {
	const char	*name;
	phys_addr_t	start, size, trap, want;
} rows[] = {
	{ "the first word", BASE, SIZE, BASE, BASE },
	{ "the last word", BASE, SIZE, BASE + SIZE - PAGE_SIZE, BASE + SIZE - 8 },
	{ "nothing behind the last whole word of an odd span", BASE + 3, 4099, BASE + PAGE_SIZE, 0 },
	{ "the first whole word of an odd span", BASE + 3, 4099, BASE, BASE + 8 },
	{ "one word per 2 MiB", BASE, SIZE, BASE + (2UL << 20), BASE + (2UL << 20) },
	{ "nothing between", BASE, SIZE, BASE + (1UL << 20), 0 },
	{ "nothing behind", BASE, SIZE, BASE + SIZE, 0 },
	{ "nothing of less than a word", BASE + 1, 14, BASE, 0 },
	{ "one word", BASE, 8, BASE, BASE },
	{ "the last word of a page and one word", BASE, PAGE_SIZE + 8, BASE + PAGE_SIZE,
	  BASE + PAGE_SIZE },
};

KTAP_TABLE_TEST(test_ram_check_touches, rows, c)
{
	expect_eq(first_touch(c->start, c->size, c->trap), c->want);
}

KTAP_TEST(test_ram_check_leaves_what_was_there)
{
	uint64_t *word = phys_to_virt(BASE);

	*word = 0x123456789abcdef0;
	expect_eq(ram_check_span(BASE, PAGE_SIZE), PHYS_ADDR_MAX);
	expect_eq(*word, 0x123456789abcdef0);
}

static const struct {
	const char	*name;
	phys_addr_t	limit, touched;
} limits[] = {
	{ "all of it is below the limit", BASE + SIZE, BASE },
	{ "its last byte is not", BASE + SIZE - 1, 0 },
	{ "nothing is", BASE, 0 },
	{ "not yet", 0, 0 },
};

/* What is given out is touched, as soon as it can be. */
KTAP_TABLE_TEST(test_ram_check_waits_for_the_map, limits, c)
{
	struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO }, old;

	sigaction(SIGSEGV, &action, &old);
	mprotect(phys_to_virt(BASE), PAGE_SIZE, PROT_NONE);
	ram_check.limit = c->limit;
	touched = 0;
	if (!sigsetjmp(caught, 1))
		accept_memory(BASE, SIZE);
	ram_check.limit = 0;
	mprotect(phys_to_virt(BASE), PAGE_SIZE, PROT_READ | PROT_WRITE);
	sigaction(SIGSEGV, &old, NULL);
	expect_eq(touched, c->touched);
}
