// SPDX-License-Identifier: GPL-2.0-only
/*
 * log_buf_len=: how much is taken and what is said, as Linux 6.12 did on QEMU's pc of 1 GiB.
 */
#include <string.h>

#include "kernel/lib/params.h"
#include "mm/ledger.h"
#include "mm/log_buf.h"
#include "mm/memblock.h"
#include "tests/host/include/ktap.h"
#include "tests/host/include/lib_reset.h"
#include "tests/host/include/mm_machine.h"

#define NOTHING_TAKEN	"printk: log_buf_len: "

static void start(const char *cmdline)
{
	mm_machine_reset();
	mm_machine_memory(&mm_machine_1g);
	params_reset();
	parse_early_param(cmdline);
}

/* setup_log_buf(), with the bytes it took. */
static phys_addr_t taken(void)
{
	phys_addr_t before = memblock_reserved_size();

	setup_log_buf();
	return memblock_reserved_size() - before;
}

KTAP_TEST(test_log_buf_takes_buffer_descriptors_and_records)
{
	static const struct {
		const char	*word;
		phys_addr_t	text;
		const char	*said;
	} cases[] = {
		{ "log_buf_len=16M", 16 << 20, "printk: log_buf_len: 16777216 bytes" },
		{ "log_buf_len=300K", 512 << 10, "printk: log_buf_len: 524288 bytes" },
		{ "log-buf-len=131073", 256 << 10, "printk: log_buf_len: 262144 bytes" },
		{ "log_buf_len=1M log_buf_len=4K", 1 << 20, "printk: log_buf_len: 1048576 bytes" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		start(cases[i].word);
		expect_eq(taken(), cases[i].text + cases[i].text / 32 * (24 + 88));
		expect_log(cases[i].said);
		expect_eq(taken(), 0);			/* once is enough */
		mm_machine_hand_over();
		expect_mm_sound();
	}
}

KTAP_TEST(test_log_buf_memory_has_owners)
{
	const char *const owners[] = { "log buffer", "log descriptors", "log records" };
	const phys_addr_t sizes[] = { 4 << 20, 3 << 20, 11 << 20 };
	struct ledger_entry e;
	int found = 0;

	start("log_buf_len=4M");
	setup_log_buf();
	for (unsigned int i = 0; ledger_get(i, &e); i++)
		for (int part = 0; part < 3; part++)
			found += e.owner && !strcmp(e.owner, owners[part]) && e.size == sizes[part];
	expect_eq(found, 3);
}

KTAP_TEST(test_log_buf_small_or_senseless_takes_nothing)
{
	static const char *const words[] = { "", "log_buf_len=100K", "log_buf_len=128K",
					     "log_buf_len=0", "log_buf_len=many",
					     "log_buf_len=-5M", "-- log_buf_len=1M" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		start(words[i]);
		expect_eq(taken(), 0);
		expect_no_log(NOTHING_TAKEN);
	}
	start("log_buf_len");
	expect_log("Malformed early option 'log_buf_len'");
	expect_eq(taken(), 0);
}

/* Only the last @bytes of RAM below 1 GiB are free. */
static void leave(phys_addr_t bytes)
{
	memblock_reserve(0, memblock_end_of_DRAM() - bytes);
}

KTAP_TEST(test_log_buf_all_or_nothing)
{
	start("log_buf_len=16M");
	leave(64 << 20);
	expect_eq(taken(), 0);
	expect_log("printk: log_buf_len: 46137344 info bytes not available");

	start("log_buf_len=16M");
	leave(20 << 20);
	expect_eq(taken(), 0);
	expect_log("printk: log_buf_len: 12582912 desc bytes not available");

	start("log_buf_len=4G");
	expect_log("printk: log_buf over 2G is not supported.");
	expect_eq(taken(), 0);
	expect_log("printk: log_buf_len: 2147483648 text bytes not available");
	expect_eq(taken(), 0);		/* tried again before the hand-over, as Linux does */
	mm_machine_hand_over();
	expect_mm_sound();
}

KTAP_TEST(test_log_buf_must_leave_enough_for_the_page_map)
{
	start("log_buf_len=16M");		/* takes 72 MiB */
	leave(73 << 20);
	expect_eq(taken(), 0);
	expect_log("printk: log_buf_len: 16777216 bytes would leave too little memory");
}
