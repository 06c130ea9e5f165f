/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What memblock says, to the character: operation lines, both dumps, debugfs.
 *
 * The caller of a line is "%pS", which host builds without a symbol table print
 * as a number; it is cut off here and tested in the kernel.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "kernel/lib/params.h"		/* parse_early_param() */
#include "kernel/lib/vsnprintf.h"	/* kvsnprintf() */
#include "mm/memblock.h"
#include "mm/memblock/memblock_internal.h"
#include "tests/host/include/host_console.h"
#include "tests/host/include/ktap.h"
#include "tests/host/include/lib_reset.h"
#include "tests/host/model/mbtest.h"

/* The log with every "] CALLER" or "0x... CALLER" cut behind the last argument. */
static const char *log_without_callers(void)
{
	static char out[8192];
	const char *line = host_console_text();
	size_t n = 0;

	while (*line && n < sizeof(out) - 256) {
		size_t len = strcspn(line, "\n"), keep = len;

		while (keep && line[keep - 1] != ' ')
			keep--;
		n += (size_t)snprintf(out + n, sizeof(out) - n, "%.*s\n",
				      keep ? (int)keep - 1 : 0, line);
		line += len + (line[len] == '\n');
	}
	out[n] = '\0';
	return out;
}

static void start(void)
{
	mbtest_load("========", "", page_grid);
	memblock_set_verbose(true);
}

enum say {
	SAY_ADD, SAY_ADD_NODE, SAY_REMOVE, SAY_RESERVE, SAY_PHYS_FREE, SAY_FREE,
	SAY_MARKS, SAY_LIMITS,
};

struct line_row {
	const char	*name;
	enum say	what;
	phys_addr_t	base, size;
	const char	*line;
};

static const struct line_row line_rows[] = {
	{ "add", SAY_ADD, 0x100000, 0x1000,
	  "memblock_add: [0x0000000000100000-0x0000000000100fff]\n" },
	{ "add_node", SAY_ADD_NODE, 0x100000, 0x1000,
	  "memblock_add_node: [0x0000000000100000-0x0000000000100fff] nid=3 flags=5\n" },
	{ "remove", SAY_REMOVE, 0x1000000, 0x1000,
	  "memblock_remove: [0x0000000001000000-0x0000000001000fff]\n" },
	{ "reserve", SAY_RESERVE, 0x12345678, 0x9abc,
	  "memblock_reserve: [0x0000000012345678-0x000000001234f133]\n" },
	{ "phys_free", SAY_PHYS_FREE, 0x1000000, 1,
	  "memblock_phys_free: [0x0000000001000000-0x0000000001000000]\n" },
	{ "free", SAY_FREE, 0x1000000, 0x2000,
	  "memblock_phys_free: [0x0000000001000000-0x0000000001001fff]\n" },
	{ "marks say nothing", SAY_MARKS, 0x1000000, 0x2000, "" },
	{ "limits say nothing", SAY_LIMITS, 0x1000000, 0x6000, "" },
	/* the end is printed before cutting: it may wrap, or lie below the start */
	{ "wraps", SAY_REMOVE, 0x1000000000000, ~0ULL,
	  "memblock_remove: [0x0001000000000000-0x0000fffffffffffe]\n" },
	{ "size 0", SAY_RESERVE, 0x1000, 0,
	  "memblock_reserve: [0x0000000000001000-0x0000000000000fff]\n" },
	{ "size 0 at 0", SAY_ADD, 0, 0,
	  "memblock_add: [0x0000000000000000-0xffffffffffffffff]\n" },
};

static void say(const struct line_row *row)
{
	switch (row->what) {
	case SAY_ADD:
		memblock_add(row->base, row->size);
		break;
	case SAY_ADD_NODE:
		memblock_add_node(row->base, row->size, 3,
				  (enum memblock_flags)(MEMBLOCK_HOTPLUG | MEMBLOCK_NOMAP));
		break;
	case SAY_REMOVE:
		memblock_remove(row->base, row->size);
		break;
	case SAY_RESERVE:
		memblock_reserve(row->base, row->size);
		break;
	case SAY_PHYS_FREE:
		memblock_phys_free(row->base, row->size);
		break;
	case SAY_FREE:
		memblock_free(phys_to_virt(row->base), (size_t)row->size);
		break;
	case SAY_MARKS:
		mirrored_kernelcore = true;
		memblock_mark_hotplug(row->base, row->size);
		memblock_clear_hotplug(row->base, row->size);
		memblock_mark_nomap(row->base, row->size);
		memblock_clear_nomap(row->base, row->size);
		memblock_mark_mirror(row->base, row->size);
		memblock_reserved_mark_noinit(row->base, row->size);
		memblock_set_node(row->base, row->size, &memblock.memory, 1);
		memblock_free(NULL, 5);
		break;
	case SAY_LIMITS:
		memblock_cap_memory_range(row->base, row->size);
		memblock_enforce_memory_limit(row->size - 0x800);
		memblock_mem_limit_remove_map(row->size - 0x1800);
		memblock_trim_memory(0x1000);
		break;
	}
}

KTAP_TABLE_TEST(test_debug_operation_lines, line_rows, row)
{
	start();
	say(row);
	expect_str_eq(log_without_callers(), row->line);
}

KTAP_TABLE_TEST(test_debug_off_says_nothing, line_rows, row)
{
	start();
	memblock_set_verbose(false);
	say(row);
	memblock_phys_alloc(16, 16);
	memblock_alloc(16, 16);
	memblock_alloc_node(16, 16, 1);
	memblock_dump_all();
	expect_str_eq(host_console_text(), "");
}

/* One request line, then one reserve line for each successful find. */
KTAP_TEST(test_debug_lines_of_phys_alloc)
{
	start();
	memblock_phys_alloc_range(28672, 0x1000, 0x1001000, 0x1100000);
	memblock_phys_alloc(0x800, 64);
	expect_str_eq(log_without_callers(),
		      "memblock_phys_alloc_range: 28672 bytes align=0x1000 from=0x0000000001001000 "
		      "max_addr=0x0000000001100000\n"
		      "memblock_reserve: [0x0000000001001000-0x0000000001007fff]\n"
		      "memblock_phys_alloc_range: 2048 bytes align=0x40 from=0x0000000000000000 "
		      "max_addr=0x0000000000000000\n"
		      "memblock_reserve: [0x0000000001000800-0x0000000001000fff]\n");
}

KTAP_TEST(test_debug_phys_alloc_try_nid_has_no_line_of_its_own)
{
	start();
	memblock_phys_alloc_try_nid(0x1000, 0x1000, 0);
	memblock_alloc_range_nid(0x1000, 0x1000, 0, 0, 1, false);
	expect_str_eq(log_without_callers(),
		      "memblock_reserve: [0x0000000001007000-0x0000000001007fff]\n"
		      "memblock_reserve: [0x0000000001006000-0x0000000001006fff]\n");
}

KTAP_TEST(test_debug_lines_of_virtual_allocs)
{
	start();
	memblock_alloc_try_nid(0x1000, 0x1000, 0x1000, 1, 3);
	memblock_alloc_try_nid_raw(10, 8, 0, 0x1003000, -1);
	memblock_alloc_exact_nid_raw(0x1000, 0x200000, 0, 0, 1024);
	memblock_alloc(100, 0x40);
	expect_str_eq(log_without_callers(),
		      "memblock_alloc_try_nid: 4096 bytes align=0x1000 nid=3 "
		      "from=0x0000000000001000 max_addr=0x0000000000000001\n"
		      "memblock_reserve: [0x0000000001007000-0x0000000001007fff]\n"
		      "memblock_alloc_try_nid_raw: 10 bytes align=0x8 nid=-1 "
		      "from=0x0000000000000000 max_addr=0x0000000001003000\n"
		      "memblock_reserve: [0x0000000001002ff0-0x0000000001002ff9]\n"
		      "memblock_alloc_exact_nid_raw: 4096 bytes align=0x200000 nid=1024 "
		      "from=0x0000000000000000 max_addr=0x0000000000000000\n"
		      "memblock_reserve: [0x0000000001000000-0x0000000001000fff]\n"
		      "memblock_alloc_try_nid: 100 bytes align=0x40 nid=-1 "
		      "from=0x0000000000000000 max_addr=0x0000000000000000\n"
		      "memblock_reserve: [0x0000000001006f80-0x0000000001006fe3]\n");
}

/* The raw max_addr is shown although the limit is lower; a failure shows no more. */
KTAP_TEST(test_debug_lines_show_the_arguments_as_given)
{
	start();
	memblock_set_current_limit(0x1002000);
	memblock_alloc_low(0x1000, 0x1000);
	memblock_alloc_from(0x100000, 0x1000, 0x5000);	/* retried without min: no second line */
	memblock_phys_alloc(~0ULL, 8);
	expect_str_eq(log_without_callers(),
		      "memblock_alloc_try_nid: 4096 bytes align=0x1000 nid=-1 "
		      "from=0x0000000000000000 max_addr=0x00000000ffffffff\n"
		      "memblock_reserve: [0x0000000001001000-0x0000000001001fff]\n"
		      "memblock_alloc_try_nid: 1048576 bytes align=0x1000 nid=-1 "
		      "from=0x0000000000005000 max_addr=0x0000000000000000\n"
		      "memblock_phys_alloc_range: 18446744073709551615 bytes align=0x8 "
		      "from=0x0000000000000000 max_addr=0x0000000000000000\n");
}

KTAP_TEST(test_debug_or_panic_line_is_that_of_alloc)
{
	start();
	memblock_alloc_or_panic(0x1000, 0x1000);
	expect_str_eq(log_without_callers(),
		      "memblock_alloc_try_nid: 4096 bytes align=0x1000 nid=-1 "
		      "from=0x0000000000000000 max_addr=0x0000000000000000\n"
		      "memblock_reserve: [0x0000000001007000-0x0000000001007fff]\n");
}

/* ---- dumps ---- */

#ifdef CONFIG_HAVE_MEMBLOCK_PHYS_MAP
#define PHYSMEM_LINE	" physmem.cnt  = 0x0\n"
#else
#define PHYSMEM_LINE	""
#endif

KTAP_TEST(test_debug_dump_of_nothing)
{
	mbtest_reset();
	memblock_set_verbose(true);
	memblock_dump_all();
	expect_str_eq(host_console_text(),
		      "MEMBLOCK configuration:\n"
		      " memory size = 0x0000000000000000 reserved size = 0x0000000000000000\n"
		      " memory.cnt  = 0x0\n"
		      " reserved.cnt  = 0x0\n" PHYSMEM_LINE);
}

#ifdef CONFIG_NUMA
KTAP_TEST(test_debug_dump_is_linuxs)
{
	mbtest_load("=0.1h.-N", "=.I", page_grid);
	memblock_set_verbose(true);
	memblock_dump_all();
	expect_str_eq(host_console_text(),
		"MEMBLOCK configuration:\n"
		" memory size = 0x0000000000006000 reserved size = 0x0000000000002000\n"
		" memory.cnt  = 0x6\n"
		" memory[0x0]\t[0x0000000001000000-0x0000000001000fff], 0x0000000000001000 bytes"
		" flags: 0x0\n"
		" memory[0x1]\t[0x0000000001001000-0x0000000001001fff], 0x0000000000001000 bytes"
		" on node 0 flags: 0x0\n"
		" memory[0x2]\t[0x0000000001003000-0x0000000001003fff], 0x0000000000001000 bytes"
		" on node 1 flags: 0x0\n"
		" memory[0x3]\t[0x0000000001004000-0x0000000001004fff], 0x0000000000001000 bytes"
		" on node 0 flags: 0x1\n"
		" memory[0x4]\t[0x0000000001006000-0x0000000001006fff], 0x0000000000001000 bytes"
		" flags: 0x0\n"
		" memory[0x5]\t[0x0000000001007000-0x0000000001007fff], 0x0000000000001000 bytes"
		" flags: 0x4\n"
		" reserved.cnt  = 0x2\n"
		" reserved[0x0]\t[0x0000000001000000-0x0000000001000fff], 0x0000000000001000 bytes"
		" flags: 0x0\n"
		" reserved[0x1]\t[0x0000000001002000-0x0000000001002fff], 0x0000000000001000 bytes"
		" flags: 0x10\n" PHYSMEM_LINE);
}
#endif

KTAP_TEST(test_debug_dump_of_one_region)
{
	mbtest_load("==", "", page_grid);
	memblock_set_verbose(true);
	memblock_dump_all();
	expect_log(" memory[0x0]\t[0x0000000001000000-0x0000000001001fff], 0x0000000000002000 bytes"
		   " flags: 0x0\n");
	expect_no_log("on node");
}

KTAP_TEST(test_debug_dump_counts_in_hex)
{
	mbtest_reset();
	for (unsigned int i = 0; i < 20; i++)
		memblock_add(0x100000 * (i + 1ULL), 0x1000);
	memblock_set_verbose(true);
	memblock_dump_all();
	expect_log(" memory.cnt  = 0x14\n");
	expect_log(" memory[0x9]\t[");
	expect_log(" memory[0xa]\t[");
	expect_log(" memory[0x13]\t[");
}

KTAP_TEST(test_debug_dump_needs_debug)
{
	mbtest_load("==", "=", page_grid);
	memblock_dump_all();
	expect_str_eq(host_console_text(), "");
}

/* ---- debugfs ---- */

static char shown[4096];
static size_t shown_len;

__attribute__((format(printf, 1, 2))) static int show(const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = kvsnprintf(shown + shown_len, sizeof(shown) - shown_len, fmt, args);
	va_end(args);
	shown_len += (size_t)n;
	require_true(shown_len < sizeof(shown));
	return n;
}

static const char *shown_of(const struct memblock_type *type)
{
	shown_len = 0;
	shown[0] = '\0';
	memblock_show_type(type, show);
	return shown;
}

KTAP_TEST(test_debug_debugfs_memory_is_linuxs)
{
	mbtest_load("=0.1h.XY=mN", "", page_grid);
	memblock_add_node(0x4000000000, 0x1234, 77, (enum memblock_flags)(MEMBLOCK_HOTPLUG | 0x40));
	memblock_add_node(0x5000000000, 0x1000, 1023,
			  (enum memblock_flags)(MEMBLOCK_HOTPLUG | MEMBLOCK_MIRROR |
						MEMBLOCK_NOMAP | MEMBLOCK_DRIVER_MANAGED));
#ifdef CONFIG_NUMA
	expect_str_eq(shown_of(&memblock.memory),
		      "   0: 0x0000000001000000..0x0000000001000fff    x NONE\n"
		      "   1: 0x0000000001001000..0x0000000001001fff    0 NONE\n"
		      "   2: 0x0000000001003000..0x0000000001003fff    1 NONE\n"
		      "   3: 0x0000000001004000..0x0000000001004fff    0 HOTPLUG\n"
		      "   4: 0x0000000001006000..0x0000000001006fff    x HOTPLUG|NOMAP\n"
		      "   5: 0x0000000001007000..0x0000000001007fff    x HOTPLUG|MIRROR\n"
		      "   6: 0x0000000001008000..0x0000000001008fff    x NONE\n"
		      "   7: 0x0000000001009000..0x0000000001009fff    0 MIRROR\n"
		      "   8: 0x000000000100a000..0x000000000100afff    x NOMAP\n"
		      "   9: 0x0000004000000000..0x0000004000001233   77 HOTPLUG|UNKNOWN\n"
		      "  10: 0x0000005000000000..0x0000005000000fff 1023 HOTPLUG|MIRROR|NOMAP|DRV_MNG\n");
#else
	expect_true(strstr(shown_of(&memblock.memory),
			   "   0: 0x0000000001000000..0x0000000001001fff    0 NONE\n") != NULL);
#endif
}

KTAP_TEST(test_debug_debugfs_reserved_is_linuxs)
{
	mbtest_load("", "I.0", page_grid);
	memblock_add_node(0, 0, 0, MEMBLOCK_NONE);
#ifdef CONFIG_NUMA
	expect_str_eq(shown_of(&memblock.reserved),
		      "   0: 0x0000000001000000..0x0000000001000fff    x RSV_NIT\n"
		      "   1: 0x0000000001002000..0x0000000001002fff    0 NONE\n");
#endif
	expect_str_eq(shown_of(&memblock.memory), "");
}

KTAP_TEST(test_debug_debugfs_unknown_flags_alone)
{
	mbtest_reset();
	memblock_add_node(0x1000, 0x1000, 0, (enum memblock_flags)0x40);
	expect_str_eq(shown_of(&memblock.memory),
		      "   0: 0x0000000000001000..0x0000000000001fff    0 UNKNOWN\n");
}

/* ---- memblock= ---- */

static const struct {
	const char	*name;
	const char	*cmdline;
	bool		verbose, step;
} param_rows[] = {
	{ "debug", "memblock=debug", true, false },
	{ "contains debug", "memblock=nodebugatall", true, false },
	{ "something else", "memblock=foo", false, false },
	{ "no value", "memblock", false, false },
	{ "empty", "memblock=", false, false },
	{ "another word", "memblocks=debug", false, false },
	{ "never off again", "memblock=debug memblock=foo", true, false },
	{ "later", "quiet memblock=foo memblock=xdebug", true, false },
	{ "step", "memblock=step", false, true },
	{ "both", "memblock=step,debug", true, true },
};

KTAP_TABLE_TEST(test_debug_parameter, param_rows, row)
{
	mbtest_reset();
	params_reset();
	mb_state.step = false;
	parse_early_param(row->cmdline);
	expect_eq(memblock_is_verbose(), row->verbose);
	expect_eq(memblock_is_stepping(), row->step);
	mb_state.step = false;
	expect_str_eq(host_console_text(), "");
}

KTAP_TEST(test_debug_movable_node_parameter)
{
	mbtest_reset();
	params_reset();
	parse_early_param("foo=bar");
	expect_false(movable_node_is_enabled());
	params_reset();
	parse_early_param("movable_node");
	expect_true(movable_node_is_enabled());
	expect_str_eq(host_console_text(), "");
}
