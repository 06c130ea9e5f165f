// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ledger: names stick to bytes, bytes are never lost, and each address has an answer.
 */
#include "ktap.h"

#include "host_console.h"
#include "kernel/lib/params.h"
#include "kernel/lib/vsnprintf.h"
#include "mm/buddy.h"
#include "mm/cma.h"
#include "mm/hugetlb.h"
#include "mm/ledger.h"
#include "mm/ledger_find.h"
#include "mm/ledger_sum.h"
#include "mm/memblock.h"
#include "mm/memblock_event.h"
#include "mm/mm_init.h"
#include "mm/page_alloc.h"
#include "mm/release.h"
#include "mm_machine.h"
#include "tests/host/include/lib_reset.h"

KTAP_SETUP
{
	mm_machine_reset();
	memblock_add(SZ_1M, SZ_16M);
}

static void expect_record(unsigned int i, phys_addr_t base, phys_addr_t size, const char *owner)
{
	struct ledger_entry entry;

	require_true(ledger_get(i, &entry));
	expect_eq(entry.base, base);
	expect_eq(entry.size, size);
	if (owner)
		expect_str_eq(entry.owner, owner);
	else
		expect_null(entry.owner);
}

static void expect_records(unsigned int count)
{
	struct ledger_entry entry;

	expect_true(!count || ledger_get(count - 1, &entry));
	expect_false(ledger_get(count, &entry));
}

KTAP_TEST(test_ledger_first_owner_keeps_its_bytes)
{
	/*
	 *	kernel	    [=====)
	 *	boot	[=============)
	 *	result	[b ][kernel][b)
	 */
	ledger_reserve(0x200000, 0x1000, "kernel");
	ledger_reserve(0x1ff000, 0x3000, "boot");
	expect_records(3);
	expect_record(0, 0x1ff000, 0x1000, "boot");
	expect_record(1, 0x200000, 0x1000, "kernel");
	expect_record(2, 0x201000, 0x1000, "boot");
}

KTAP_TEST(test_ledger_names_what_has_none)
{
	memblock_reserve(0x200000, 0x3000);
	expect_records(1);
	expect_record(0, 0x200000, 0x3000, NULL);
	ledger_name(0x201000, 0x1000, "middle");
	expect_records(3);
	expect_record(1, 0x201000, 0x1000, "middle");
	ledger_name(0, PHYS_ADDR_MAX, "rest");
	expect_record(0, 0x200000, 0x1000, "rest");
	expect_record(1, 0x201000, 0x1000, "middle");
	ledger_name(0x200000, 0x3000, "too late");
	expect_record(2, 0x202000, 0x1000, "rest");
}

KTAP_TEST(test_ledger_follows_frees)
{
	ledger_reserve(0x200000, 0x5000, "a");
	memblock_phys_free(0x201000, 0x1000);
	expect_records(2);
	expect_record(1, 0x202000, 0x3000, "a");
	memblock_phys_free(0, SZ_1G);
	expect_records(0);
}

/* What is cut off has no owner any more, below and above; what trimming costs counts once. */
KTAP_TEST(test_ledger_follows_caps_and_trims)
{
	ledger_reserve(0x200000, 0x1000, "low");
	ledger_reserve(0x400000, 0x1000, "kept");
	ledger_reserve(0x800000, 0x1000, "high");
	memblock_cap_memory_range(0x300000, 0x200000);
	expect_records(1);
	expect_record(0, 0x400000, 0x1000, "kept");

	memblock_trim_memory(PAGE_SIZE);
	expect_eq(ledger.trimmed, 0);
	memblock_add(0x2000000, 0x1800);
	memblock_trim_memory(PAGE_SIZE);
	expect_eq(ledger.trimmed, 0x800);
	memblock_add(0x3000000, 0x1400);
	memblock_trim_memory(PAGE_SIZE);
	expect_eq(ledger.trimmed, 0xc00);
	memblock_trim_memory(PAGE_SIZE);
	expect_eq(ledger.trimmed, 0xc00);
}

KTAP_TEST(test_ledger_joins_neighbours_of_one_owner)
{
	for (phys_addr_t pa = 0x200000; pa < 0x280000; pa += 0x1000) {
		memblock_reserve(pa, 0x1000);
		ledger_name(pa, 0x1000, "page tables");
	}
	expect_records(1);
	expect_record(0, 0x200000, 0x80000, "page tables");
}

/* The name of the record of the byte at @pa; "" if it has none. */
static const char *record_name(phys_addr_t pa)
{
	struct ledger_entry entry;

	return ledger_find_record(pa, &entry) ? entry.owner : "";
}

KTAP_TEST(test_ledger_record_of_a_byte)
{
	expect_str_eq(record_name(0), "");
	ledger_reserve(0x200000, 0x1000, "a");
	ledger_reserve(0x201000, 0x1000, "b");
	ledger_reserve(0x300001, 1, "c");
	expect_str_eq(record_name(0x1fffff), "");
	expect_str_eq(record_name(0x200000), "a");
	expect_str_eq(record_name(0x200fff), "a");
	expect_str_eq(record_name(0x201000), "b");
	expect_str_eq(record_name(0x201fff), "b");
	expect_str_eq(record_name(0x202000), "");
	expect_str_eq(record_name(0x300000), "");
	expect_str_eq(record_name(0x300001), "c");
	expect_str_eq(record_name(0x300002), "");
	expect_str_eq(record_name(PHYS_ADDR_MAX), "");
}

KTAP_TEST(test_ledger_end_of_address_space)
{
	ledger_reserve(PHYS_ADDR_MAX - 0x1000, PHYS_ADDR_MAX, "top");
	expect_records(1);
	expect_record(0, PHYS_ADDR_MAX - 0x1000, 0x1000, "top");
}

KTAP_TEST(test_ledger_overflow_loses_names_not_bytes)
{
	struct ledger_sum sum;

	memblock_allow_resize();
	for (unsigned long i = 0; i < LEDGER_RECORDS + 88; i++)
		ledger_reserve(0x200000 + i * 0x2000, 0x1001, i % 2 ? "odd" : "even");
	mm_machine_hand_over();
	expect_mm_sound();
	ledger_get_sum(&sum);
	expect_true(sum.unnamed >= 88 * 0x1001);
	ledger_print();
	expect_log("(unnamed): there was no room for a record");
	/* Releases of unnamed bytes keep the sum. */
	free_reserved_area(phys_to_virt(0x200000), phys_to_virt(0x900000), -1, NULL);
	expect_true(bad_page_count() > 0);	/* the free pages between */
	expect_mm_sound();
}

/* Allocations of ever other owners: the book moves twice, and knows every one of them. */
KTAP_TEST(test_ledger_grows_before_names_are_lost)
{
	static const char *const names[] = { "even", "odd" };
	const unsigned long count = 2 * LEDGER_RECORDS;
	phys_addr_t pa[2 * LEDGER_RECORDS];
	struct ledger_answer answer;
	struct ledger_sum sum;

	memblock_allow_resize();
	for (unsigned long i = 0; i < count; i++) {
		pa[i] = memblock_phys_alloc(0x1000, 0x1000);
		expect_true(pa[i] != 0);
		ledger_name(pa[i], 0x1000, names[i % 2]);
	}
	for (unsigned long i = 0; i < count; i++) {
		ledger_find(pa[i], &answer);
		expect_str_eq(answer.owner, names[i % 2]);
	}
	mm_machine_hand_over();
	expect_mm_sound();
	ledger_get_sum(&sum);
	expect_eq(sum.unnamed, 0);
	ledger_print();
	expect_log("B ledger (1)");
}

/* ---- answers ---------------------------------------------------------------------------- */

static const struct {
	const char		*name;
	phys_addr_t		pa;
	enum ledger_state	state;
	const char		*owner;
} answers[] = {
	{ "hole", 0xa0000, LEDGER_NOT_RAM, NULL },
	{ "ACPI, not RAM", 0x3ffe0010, LEDGER_NOT_RAM, "ACPI" },
	{ "reserved", 0x1000000, LEDGER_RESERVED, "kernel" },
	{ "rest of a page", 0x10bf900, LEDGER_ROUNDING, NULL },
	{ "free", 0x2000000, LEDGER_BUDDY_FREE, NULL },
	{ "beyond everything", 1ULL << 51, LEDGER_NOT_RAM, NULL },
};

KTAP_TABLE_TEST(ledger_answers, answers, c)
{
	struct ledger_answer answer;

	mm_machine_reset();
	memblock_add(SZ_1M, 0x3fee0000);
	ledger_reserve(0x1000000, 0xbf800, "kernel");
	ledger_reserve(0x3ffe0000, 0x1000, "ACPI");
	mm_machine_hand_over();
	ledger_find(c->pa, &answer);
	expect_eq(answer.state, c->state);
	if (c->owner)
		expect_str_eq(answer.owner, c->owner);
	expect_true(c->pa >= answer.base && c->pa - answer.base < answer.size);
	ledger_explain(c->pa, printk);
	expect_mm_sound();
}

KTAP_TEST(test_ledger_says_who_has_a_page_now)
{
	struct ledger_answer answer;
	struct page *page;

	mm_machine_boot(&mm_machine_1g);
	page = alloc_pages(GFP_KERNEL, 4);
	ledger_find(page_to_phys(page) + 0x5123, &answer);
	expect_eq(answer.state, LEDGER_ALLOCATED);
	expect_eq(answer.order, 4);
	expect_eq(answer.base, page_to_phys(page));
	__free_pages(page, 4);
	ledger_find(page_to_phys(page), &answer);
	expect_eq(answer.state, LEDGER_BUDDY_FREE);
	page = alloc_page(GFP_KERNEL);
	ledger_find(page_to_phys(page), &answer);
	expect_eq(answer.state, LEDGER_ALLOCATED);
	__free_page(page);
	ledger_find(page_to_phys(page), &answer);
	expect_eq(answer.state, LEDGER_BUDDY_FREE);
	ledger_explain(page_to_phys(page), printk);
	expect_log("free in the buddy");
}

static char line[256];

static int collect(const char *fmt, ...)
{
	size_t used = strlen(line);
	va_list args;

	va_start(args, fmt);
	kvsnprintf(line + used, sizeof(line) - used, fmt, args);
	va_end(args);
	return 0;
}

static const char *explanation(phys_addr_t pa)
{
	line[0] = '\0';
	ledger_explain(pa, collect);
	return line;
}

/* Blocks of the buddy's: whoever takes one for long says so, and pools are asked. */
KTAP_TEST(test_ledger_says_who_took_a_block)
{
	struct ledger_answer answer;
	struct hstate *h;
	struct page *page;

	mm_machine_boot(&mm_machine_1g);
	h = size_to_hstate(SZ_2M);
	expect_eq(hugetlb_resize(h, 2), 2);
	ledger_find(h->first + 0x12345, &answer);
	expect_eq(answer.state, LEDGER_ALLOCATED);
	expect_str_eq(answer.owner, "huge page");
	expect_true(answer.caller != 0);
	page = alloc_pages(GFP_KERNEL, 3);
	ledger_note(page_to_phys(page), "monitor");
	ledger_find(page_to_phys(page) + 0x7fff, &answer);
	expect_str_eq(answer.owner, "monitor");
	expect_true(answer.caller != 0);
	expect_true(strstr(explanation(page_to_phys(page)), ", order 3, owner \"monitor\", by "));
	__free_pages(page, 3);
	ledger_find(page_to_phys(page), &answer);
	expect_eq(answer.state, LEDGER_BUDDY_FREE);
	expect_null(answer.owner);
	ledger_note(page_to_phys(page), NULL);
	page = alloc_pages(GFP_KERNEL, 3);
	ledger_find(page_to_phys(page), &answer);
	expect_eq(answer.state, LEDGER_ALLOCATED);
	expect_null(answer.owner);
	__free_pages(page, 3);
}

/* Of several who know a block, a note is believed before a pool. */
KTAP_TEST(test_ledger_note_is_believed_before_a_pool)
{
	struct ledger_answer answer;
	struct hstate *h;

	mm_machine_boot(&mm_machine_1g);
	h = size_to_hstate(SZ_2M);
	expect_eq(hugetlb_resize(h, 1), 1);
	ledger_note(h->first, "borrowed");
	ledger_find(h->first, &answer);
	expect_str_eq(answer.owner, "borrowed");
	ledger_note(h->first, NULL);
	ledger_find(h->first, &answer);
	expect_str_eq(answer.owner, "huge page");
}

KTAP_TEST(test_ledger_knows_cma_areas)
{
	struct page *page;

	mm_machine_reset();
	mm_machine_memory(&mm_machine_1g);
	params_reset();
	parse_early_param("cma=16M");
	dma_contiguous_reserve(memblock_end_of_DRAM());
	mm_machine_hand_over();
	expect_str_eq(explanation(PFN_PHYS(cma_area.base_pfn)), "0x000000003ee00000: free in the buddy, "
		      "[mem 0x000000003ee00000-0x000000003effffff], order 9, in a CMA area, "
		      "node 0 zone DMA32\n");
	page = cma_alloc(5, 0);
	expect_true(strstr(explanation(page_to_phys(page)), ": allocated, [mem "));
	expect_true(strstr(explanation(page_to_phys(page)), ", in a CMA area, node 0"));
	cma_release(page, 5);
}

KTAP_TEST(test_ledger_print_fits_a_screen)
{
	static char owners[40][8];

	mm_machine_reset();
	memblock_add(SZ_1M, SZ_16M);
	for (unsigned int i = 0; i < 40; i++) {
		owners[i][0] = (char)('A' + i / 10);
		owners[i][1] = (char)('0' + i % 10);
		ledger_reserve(0x200000 + i * 0x10000UL, 0x1000 + i * 16UL, owners[i]);
	}
	mm_machine_hand_over();
	host_console_reset();
	ledger_print();
	expect_log("smaller owners");
	expect_log(" OK");
}
