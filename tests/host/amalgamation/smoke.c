// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does the amalgamated memblock live in somebody else's kernel?  Knows memblock.h, the
 * port and libc, nothing of this tree; prints KTAP.
 */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memblock.h"

#define MB		0x100000ULL
#define FAKE_RAM	(64 * MB)

char fake_ram[FAKE_RAM] __attribute__((aligned(4096)));

/* ---- the port ---- */

static char said[1 << 16];
static size_t said_len;
static jmp_buf panicked;
static unsigned long pages_freed, pages_reserved;
static unsigned int events;

void memblock_port_write(const char *text)
{
	said_len += (size_t)snprintf(said + said_len, sizeof(said) - said_len, "%s", text);
	if (said_len > sizeof(said) / 2)
		said_len = 0;
}

void memblock_port_panic(const char *text)
{
	memblock_port_write(text);
	longjmp(panicked, 1);
}

void memblock_port_free_pages(unsigned long pfn, unsigned int order)
{
	(void)pfn;
	pages_freed += 1UL << order;
}

void memblock_port_reserve_pages(phys_addr_t start, phys_addr_t end, int nid)
{
	(void)nid;
	pages_reserved += PFN_UP(end) - PFN_DOWN(start);
}

/* The optional hook. */
void memblock_event(enum memblock_op op, phys_addr_t base, phys_addr_t size, int nid,
		    unsigned int flags, unsigned long caller, int rc)
{
	(void)base;
	(void)size;
	(void)nid;
	(void)flags;
	(void)caller;
	events += op < MEMBLOCK_OP_COUNT && !rc;
}

/* ---- checking ---- */

static int failures;

#define check(cond) check_that(cond, #cond, __LINE__)

static void check_that(bool ok, const char *what, int line)
{
	failures += !ok;
	if (!ok)
		printf("# smoke.c:%d: %s\n", line, what);
}

static bool at(const struct memblock_type *type, unsigned long i, phys_addr_t base,
	       phys_addr_t size)
{
	return i < type->cnt && type->regions[i].base == base && type->regions[i].size == size;
}

static struct memblock_type *memory = &memblock.memory, *reserved = &memblock.reserved;

/* ---- tests: each begins with an empty memblock ---- */

static void starts_empty(void)
{
	check(!memory->cnt && !reserved->cnt && !memblock_phys_mem_size());
	check(memory->max == INIT_MEMBLOCK_REGIONS);
}

static void add_and_merge(void)
{
	check(!memblock_add(1 * MB, 2 * MB) && !memblock_add(3 * MB, MB));
	check(memory->cnt == 1 && at(memory, 0, MB, 3 * MB));
}

static void add_fills_gaps(void)
{
	memblock_add(1 * MB, MB);
	memblock_add(3 * MB, MB);
	memblock_add(0, 5 * MB);
	check(memory->cnt == 1 && at(memory, 0, 0, 5 * MB));
}

static void add_is_cut_at_the_top(void)
{
	memblock_add(PHYS_ADDR_MAX - MB, 2 * MB);
	check(at(memory, 0, PHYS_ADDR_MAX - MB, MB));
}

static void remove_punches_a_hole(void)
{
	memblock_add(0, 8 * MB);
	memblock_remove(2 * MB, MB);
	check(memory->cnt == 2 && at(memory, 0, 0, 2 * MB) && at(memory, 1, 3 * MB, 5 * MB));
	check(memblock_phys_mem_size() == 7 * MB);
}

static void reserve_and_free(void)
{
	memblock_reserve(MB, 4 * MB);
	memblock_phys_free(2 * MB, MB);
	check(reserved->cnt == 2 && memblock_reserved_size() == 3 * MB);
}

static void questions(void)
{
	memblock_add(MB, 4 * MB);
	memblock_reserve(2 * MB, MB);
	check(memblock_is_memory(MB) && !memblock_is_memory(5 * MB));
	check(memblock_is_reserved(2 * MB) && !memblock_is_reserved(3 * MB));
	check(memblock_is_region_memory(MB, 4 * MB) && !memblock_is_region_memory(MB, 5 * MB));
	check(memblock_is_region_reserved(MB, 2 * MB) && !memblock_is_region_reserved(MB, MB));
	check(memblock_start_of_DRAM() == MB && memblock_end_of_DRAM() == 5 * MB);
}

static void alloc_top_down(void)
{
	memblock_add(MB, 32 * MB);
	check(memblock_phys_alloc(MB, MB) == 32 * MB);
	check(memblock_phys_alloc(4096, 4096) == 32 * MB - 4096);
	check(reserved->cnt == 1);
}

static void alloc_bottom_up(void)
{
	memblock_add(MB, 32 * MB);
	memblock_set_bottom_up(true);
	check(memblock_phys_alloc(MB, MB) == MB && memblock_phys_alloc(MB, MB) == 2 * MB);
}

static void alloc_is_zeroed(void)
{
	unsigned char *p;

	memblock_add(MB, 32 * MB);
	memset(fake_ram + MB, 0xaa, 32 * MB);
	p = memblock_alloc(100, 64);
	check(p && !p[0] && !p[99] && (size_t)(p - (unsigned char *)fake_ram) % 64 == 0);
	memset(fake_ram, 0, FAKE_RAM);
}

static void alloc_goes_round_what_is_reserved(void)
{
	memblock_add(MB, 4 * MB);
	memblock_reserve(3 * MB, 2 * MB);
	check(memblock_phys_alloc(2 * MB, MB) == MB);
	check(!memblock_phys_alloc(4096, 4096));
}

static void alloc_keeps_limits(void)
{
	memblock_add(MB, 32 * MB);
	check(memblock_phys_alloc_range(MB, MB, 4 * MB, 6 * MB) == 5 * MB);
	memblock_set_current_limit(16 * MB);
	check(memblock_phys_alloc(MB, MB) == 15 * MB);
}

static void free_by_pointer(void)
{
	void *p;

	memblock_add(MB, 4 * MB);
	p = memblock_alloc_raw(4096, 4096);
	memblock_free(p, 4096);
	check(!memblock_reserved_size());
}

static void alloc_or_panic_panics(void)
{
	if (!setjmp(panicked)) {
		memblock_alloc_or_panic(4096, 64);
		check(false);
	}
	check(strstr(said, "alloc_or_panic_panics: Failed to allocate 0x0000000000001000 bytes"));
}

static void arrays_double(void)
{
	unsigned int n = 3 * INIT_MEMBLOCK_REGIONS;

	memblock_add(0, FAKE_RAM);
	memblock_allow_resize();
	for (unsigned int i = 0; i < n; i++)
		check(!memblock_reserve(MB + i * 0x4000, 0x1000));
	check(reserved->cnt >= n && reserved->max == 4 * INIT_MEMBLOCK_REGIONS);
	check(memblock_is_reserved(virt_to_phys(reserved->regions)));
	for (unsigned int i = 0; i < n; i++)
		check(memblock_is_reserved(MB + i * 0x4000));
}

static void full_before_doubling_is_a_panic(void)
{
	if (!setjmp(panicked)) {
		for (unsigned int i = 0; i <= INIT_MEMBLOCK_REGIONS; i++)
			memblock_add(i * 2 * MB, MB);
		check(false);
	}
	check(memory->cnt == INIT_MEMBLOCK_REGIONS && strstr(said, "cannot resize memory array"));
}

static void iterate_free_ranges(void)
{
	phys_addr_t start, end, sum = 0;
	unsigned int n = 0;
	uint64_t i;

	memblock_add(MB, 8 * MB);
	memblock_add(16 * MB, MB);
	memblock_reserve(2 * MB, MB);
	for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_NONE, &start, &end, NULL) {
		sum += end - start;
		n++;
	}
	check(n == 3 && sum == 8 * MB);
	for_each_free_mem_range_reverse(i, NUMA_NO_NODE, MEMBLOCK_NONE, &start, &end, NULL)
		n--;
	check(!n && start == MB && end == 2 * MB);
}

static void iterate_regions_and_pages(void)
{
	unsigned long start, end, pages = 0;
	struct memblock_region *r;
	unsigned int n = 0;
	int i;

	memblock_add(0x800, 0x2000);
	memblock_add(MB, MB);
	for_each_mem_region(r)
		n++;
	for_each_mem_pfn_range(i, MAX_NUMNODES, &start, &end, NULL)
		pages += end - start;
	check(n == 2 && pages == 1 + 256);
}

static void flags_split_and_merge(void)
{
	memblock_add(0, 4 * MB);
	memblock_mark_nomap(MB, MB);
	check(memory->cnt == 3 && memblock_is_nomap(&memory->regions[1]));
	check(memblock_is_memory(MB) && !memblock_is_map_memory(MB));
	memblock_clear_nomap(0, 4 * MB);
	check(memory->cnt == 1);
}

static void nodes(void)
{
	memblock_add(0, 8 * MB);
	memblock_set_node(0, 4 * MB, memory, 0);
	memblock_set_node(4 * MB, 4 * MB, memory, 1);
#ifdef CONFIG_NUMA
	check(memory->cnt == 2 && memblock_search_pfn_nid(PFN_DOWN(5 * MB), NULL, NULL) == 1);
	check(memblock_phys_alloc_try_nid(MB, MB, 0) == 3 * MB);
#else
	check(memory->cnt == 1 && memblock_phys_alloc_try_nid(MB, MB, 0) == 7 * MB);
#endif
}

static void limits(void)
{
	memblock_add(0, 8 * MB);
	memblock_add(16 * MB, 8 * MB);
	memblock_enforce_memory_limit(12 * MB);
	check(memblock_end_of_DRAM() == 20 * MB);
	memblock_cap_memory_range(MB, 2 * MB);
	check(memory->cnt == 1 && at(memory, 0, MB, 2 * MB));
}

static void trim(void)
{
	memblock_add(0x1800, 0x4000);
	memblock_trim_memory(4096);
	check(at(memory, 0, 0x2000, 0x3000));
}

static void dump(void)
{
	memblock_add(MB, MB);
	memblock_reserve(MB, 0x1234);
	memblock_dump(memblock_printk);
	check(strstr(said, "MEMBLOCK configuration:\n memory size = 0x0000000000100000 "
			   "reserved size = 0x0000000000001234\n memory.cnt  = 0x1\n"));
	check(strstr(said, " memory[0x0]\t[0x0000000000100000-0x00000000001fffff], "
			   "0x0000000000100000 bytes flags: 0x0\n"));
	memblock_show_type(reserved, memblock_printk);
	check(strstr(said, "   0: 0x0000000000100000..0x0000000000101233 "));
}

static void debug_lines(void)
{
	memblock_set_verbose(true);
	memblock_reserve(MB, 0x1000);
	check(strstr(said, "memblock_reserve: [0x0000000000100000-0x0000000000100fff] 0x"));
}

static void events_are_told(void)
{
	unsigned int before = events;

	memblock_add(MB, MB);
	memblock_phys_alloc(4096, 4096);
	check(events == before + 2);
}

static void handover(void)
{
	memblock_add(MB, 8 * MB);
	memblock_reserve(2 * MB, MB);
	max_low_pfn = PFN_DOWN(FAKE_RAM);
	memblock_free_all();
	check(pages_freed == 7 * 256 && pages_reserved == 256);
	check(!memblock_phys_alloc(4096, 4096) && strstr(said, "ask the page allocator"));
}

static void normal_form_survives_a_thousand_operations(void)
{
	unsigned int seed = 1;

	memblock_add(0, FAKE_RAM);
	memblock_allow_resize();
	for (int i = 0; i < 1000; i++) {
		phys_addr_t base, size;

		seed = seed * 1103515245 + 12345;
		base = MB + (seed >> 8) % (60 * MB);
		size = 1 + (seed >> 16) % 0x8000;
		if (seed & 0x80)
			memblock_phys_free(base, size);
		else
			memblock_reserve(base, size);
		if (memblock_type_broken(memory) || memblock_type_broken(reserved))
			break;
	}
	check(!memblock_type_broken(memory) && !memblock_type_broken(reserved));
	check(reserved->cnt > 100);
}

static const struct {
	const char	*name;
	void		(*fn)(void);
} tests[] = {
#define T(fn) { #fn, fn }
	T(starts_empty), T(add_and_merge), T(add_fills_gaps), T(add_is_cut_at_the_top),
	T(remove_punches_a_hole), T(reserve_and_free), T(questions), T(alloc_top_down),
	T(alloc_bottom_up), T(alloc_is_zeroed), T(alloc_goes_round_what_is_reserved),
	T(alloc_keeps_limits), T(free_by_pointer), T(alloc_or_panic_panics), T(arrays_double),
	T(full_before_doubling_is_a_panic), T(iterate_free_ranges),
	T(iterate_regions_and_pages), T(flags_split_and_merge), T(nodes), T(limits), T(trim),
	T(dump), T(debug_lines), T(events_are_told), T(handover),
	T(normal_form_survives_a_thousand_operations),
};

int main(void)
{
	size_t n = sizeof(tests) / sizeof(tests[0]);
	int broken = 0;

	printf("KTAP version 1\n1..%zu\n", n);
	for (size_t i = 0; i < n; i++) {
		memblock_reset();
		memset(said, 0, sizeof(said));
		said_len = 0;
		failures = 0;
		tests[i].fn();
		broken += failures > 0;
		printf("%s %zu %s\n", failures ? "not ok" : "ok", i + 1, tests[i].name);
	}
	return broken ? EXIT_FAILURE : EXIT_SUCCESS;
}
