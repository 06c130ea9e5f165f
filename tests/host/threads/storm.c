// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page allocator among CPUs: a thread is a CPU, the sources are the kernel's, and the
 * compiler's thread sanitizer watches.  Blocks of all orders are taken, given to other threads and
 * freed there; some frees are wrong.  What must hold: nobody gets a page that somebody has; every
 * wrong free is counted once; of several threads that free one block at the same time, one does;
 * when all is freed, the zone has the blocks it began with.
 *
 *	storm [thousands of operations a thread] [seed]
 */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include "host_phys.h"
#include "ktap.h"
#include "mm/buddy.h"
#include "mm/memblock.h"
#include "mm/page_alloc.h"
#include "mm/pcp.h"
#include "mm_machine.h"

#define CPUS		4U
#define RAM		(128ULL << 20)
#define PAGES		(RAM >> PAGE_SHIFT)
#define LIVE		512U		/* blocks that a thread has at most */
#define DESKS		64U		/* where threads leave blocks for each other */
#define RACES		2000U

static const struct mm_machine machine = {
	.ram = { { 0x100000, RAM - 0x100000, 0 } },
	.reserved = { { 0x100000, 0x100000, 0 } },
};

/* Which thread has a page; written by it, but for the desks: 0 is nobody. */
static uint8_t owner[PAGES];
static uint64_t desk[DESKS];		/* pfn and order + 1 of a block, or 0 */
static unsigned long wrong_frees;	/* atomic */
static unsigned long wrong_in_races;	/* the first thread's */
static unsigned long operations;
static struct per_cpu areas[CPUS];	/* the first is not used: that CPU has boot_cpu */
static pthread_barrier_t barrier;
static struct page *contested;
static unsigned int started;

static void __attribute__((noreturn)) fail(const char *what)
{
	printf("not ok - %s\n", what);
	exit(1);
}

/* mm_machine.c can fail a test. */
void ktap_fail(const char *file, int line, const char *fmt, ...)
{
	(void)file;
	(void)line;
	fail(fmt);
}

struct block {
	unsigned long	pfn;
	unsigned int	order;
};

struct worker {
	pthread_t	thread;
	unsigned int	number;
	uint64_t	random_state;
	struct block	live[LIVE];
	unsigned int	nr_live;
};

static struct worker workers[CPUS];

static unsigned int random_below(struct worker *w, unsigned int n)
{
	w->random_state ^= w->random_state << 13;
	w->random_state ^= w->random_state >> 7;
	w->random_state ^= w->random_state << 17;
	return (unsigned int)((w->random_state >> 11) % n);
}

static void own(struct worker *w, struct block block, bool begin)
{
	const uint8_t from = begin ? 0 : (uint8_t)(w->number + 1);
	const uint8_t to = begin ? (uint8_t)(w->number + 1) : 0;

	for (unsigned long pfn = block.pfn; pfn < block.pfn + (1UL << block.order); pfn++)
		if (__atomic_exchange_n(&owner[pfn], to, __ATOMIC_RELAXED) != from)
			fail("a page has two owners");
}

static void take(struct worker *w, unsigned int order)
{
	const gfp_t gfp = random_below(w, 4) ? GFP_HIGHUSER_MOVABLE : GFP_KERNEL;
	struct page *page = alloc_pages(gfp | __GFP_NOWARN, order);

	if (!page)
		return;
	w->live[w->nr_live] = (struct block){ page_to_pfn(page), order };
	own(w, w->live[w->nr_live++], true);
}

static void give(struct worker *w, struct block block)
{
	own(w, block, false);
	__free_pages(page_at(block.pfn), block.order);
}

/* Frees of what this thread has that are wrong whatever others do. */
static void give_wrongly(struct worker *w, struct block block)
{
	const bool middle = block.order && random_below(w, 2);

	__free_pages(page_at(block.pfn + middle), middle ? 0 : block.order + 1);
	__atomic_fetch_add(&wrong_frees, 1, __ATOMIC_RELAXED);
}

/* A block is left on a desk; what lay there is this thread's, and may be freed by it. */
static void exchange(struct worker *w, unsigned int slot)
{
	const struct block block = w->live[slot];
	uint64_t old;

	own(w, block, false);
	old = __atomic_exchange_n(&desk[random_below(w, DESKS)],
				  block.pfn << 8 | (block.order + 1), __ATOMIC_ACQ_REL);
	w->live[slot] = w->live[--w->nr_live];
	if (!old)
		return;
	w->live[w->nr_live] = (struct block){ old >> 8, (unsigned int)(old & 255) - 1 };
	own(w, w->live[w->nr_live++], true);
}

static void rare(struct worker *w)
{
	const unsigned long pfn = PAGES / 2 + random_below(w, PAGES / 4);
	const unsigned long pages = 1 + random_below(w, 200);

	switch (random_below(w, 3)) {
	case 0:
		drain_all_pages();
		break;
	case 1:
		if (!alloc_contig_range(pfn, pfn + pages, GFP_KERNEL))
			free_contig_range(pfn, pages);
		break;
	default:
		(void)nr_free_pages();
	}
}

static void step(struct worker *w)
{
	const unsigned int what = random_below(w, 100);
	const unsigned int slot = w->nr_live ? random_below(w, w->nr_live) : 0;

	if (!w->nr_live || (what < 48 && w->nr_live < LIVE)) {
		take(w, random_below(w, 10) < 7 ? 0 : random_below(w, 8));
	} else if (what < 85) {
		const struct block block = w->live[slot];

		w->live[slot] = w->live[--w->nr_live];
		give(w, block);
	} else if (what < 97) {
		exchange(w, slot);
	} else if (what < 99) {
		give_wrongly(w, w->live[slot]);
	} else if (!random_below(w, 50)) {
		rare(w);
	}
}

/* A barrier wakes one after the other; those who are awake wait here without sleeping. */
static void start_together(unsigned int round)
{
	const unsigned int all = (round + 1) * CPUS;

	__atomic_fetch_add(&started, 1, __ATOMIC_RELAXED);
	for (unsigned int i = 1; __atomic_load_n(&started, __ATOMIC_RELAXED) < all; i++)
		if (!(i % 1000))
			sched_yield();
}

/* All threads free the block that the first has got, at the same time. */
static void race(struct worker *w, unsigned int round)
{
	const unsigned int order = round % 4;

	if (!w->number)
		contested = alloc_pages(GFP_KERNEL, order);
	pthread_barrier_wait(&barrier);
	start_together(round);
	__free_pages(contested, order);
	pthread_barrier_wait(&barrier);
	if (!w->number) {
		wrong_in_races += CPUS - 1;
		if (bad_page_count() != wrong_in_races)
			fail("several threads have freed one block");
	}
	pthread_barrier_wait(&barrier);
}

static void *work(void *arg)
{
	struct worker *w = arg;

	host_cpu = w->number ? &areas[w->number] : &boot_cpu;
	setup_preferred_zones();
	for (unsigned int round = 0; round < RACES; round++)
		race(w, round);
	for (unsigned long i = 0; i < operations; i++)
		step(w);
	while (w->nr_live)
		give(w, w->live[--w->nr_live]);
	drain_local_pages();
	return NULL;
}

static void link_areas(void)
{
	struct per_cpu *last = &boot_cpu;

	for (unsigned int cpu = 1; cpu < CPUS; cpu++) {
		areas[cpu] = (struct per_cpu){ .self = &areas[cpu], .cpu = cpu };
		last->next = &areas[cpu];
		last = last->next;
	}
}

static void check_zones(void)
{
	unsigned long where;
	struct zone *zone;

	for_each_populated_zone(zone) {
		const char *what = buddy_broken(zone, &where);

		if (what)
			fail(what);
	}
}

static void count_all(unsigned long blocks[NR_PAGE_ORDERS])
{
	struct zone *zone;

	memset(blocks, 0, NR_PAGE_ORDERS * sizeof(*blocks));
	for_each_populated_zone(zone) {
		unsigned long of_zone[NR_PAGE_ORDERS];

		buddy_count(zone, of_zone);
		for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++)
			blocks[order] += of_zone[order];
	}
}

int main(int argc, char **argv)
{
	unsigned long before[NR_PAGE_ORDERS], after[NR_PAGE_ORDERS];
	const uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;

	operations = 1000 * (argc > 1 ? strtoul(argv[1], NULL, 0) : 20);
	host_phys_init(256ULL << 20);
	link_areas();
	mm_machine_boot(&machine);
	for (unsigned int cpu = 1; cpu < CPUS; cpu++)
		areas[cpu].page_span_recent = boot_cpu.page_span_recent;
	page_alloc_many_cpus();
	drain_all_pages();
	count_all(before);
	pthread_barrier_init(&barrier, NULL, CPUS);
	for (unsigned int i = 0; i < CPUS; i++) {
		workers[i].number = i;
		workers[i].random_state = (seed * CPUS + i) * 0x9e3779b97f4a7c15ULL + 1;
		pthread_create(&workers[i].thread, NULL, work, &workers[i]);
	}
	for (unsigned int i = 0; i < CPUS; i++)
		pthread_join(workers[i].thread, NULL);
	for (unsigned int i = 0; i < DESKS; i++)
		if (desk[i])
			__free_pages(page_at(desk[i] >> 8), (unsigned int)(desk[i] & 255) - 1);
	drain_all_pages();
	check_zones();
	count_all(after);
	wrong_frees += wrong_in_races;
	if (bad_page_count() != wrong_frees) {
		printf("# %lu bad frees, %lu reported\n", wrong_frees, bad_page_count());
		fail("each wrong free is reported once");
	}
	if (memcmp(before, after, sizeof(before)))
		fail("the zone has other blocks than before");
	printf("ok - %u threads, %lu operations each, %lu wrong frees\n", CPUS, operations,
	       wrong_frees);
	return 0;
}
