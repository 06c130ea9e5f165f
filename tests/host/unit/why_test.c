// SPDX-License-Identifier: GPL-2.0-only
/*
 * Why a taker was refused.  The law: what is said to fit, fits when it is typed, and what is said
 * to be in the way is not free.
 */
#include "ktap.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "kernel/lib/vsnprintf.h"
#include "kernel/lib/params.h"
#include "mm/memblock.h"
#include "mm/memblock_event.h"
#include "mm/takers.h"
#include "mm/why.h"
#include "mm_machine.h"
#include "tests/host/include/lib_reset.h"

#define M	* (1ULL << 20)
#define G	* (1ULL << 30)

static const struct mm_machine machine_6g = {
	.name = "6 GiB",
	.ram = { { 0x1000, 0x9f000, 0 }, { 0x100000, 0xbfee0000 - 0x100000, 0 }, { 4 G, 3 G, 0 } },
	.reserved = { { 0, 0x100000, 0 }, { 16 M, 48 M, 0 } },
};

static const struct mm_machine machine_2node = {
	.name = "two nodes",
	.ram = { { 0x1000, 0x9f000, 0 }, { 0x100000, 1 G - 0x100000, 0 }, { 1 G, 1 G, 1 } },
	.reserved = { { 0, 0x100000, 0 }, { 512 M, 1 M, 0 } },
};

static char text[4096];		/* what why_print() said last */

__attribute__((format(printf, 1, 2)))
static int print(const char *fmt, ...)
{
	const size_t len = strlen(text);
	char line[512];
	va_list args;
	int n;

	va_start(args, fmt);
	n = kvsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	snprintf(text + len, sizeof(text) - len, "%s", line);
	return n;
}

static unsigned int explain(const struct mm_machine *machine, const char *cmdline, const char *word)
{
	char line[256];

	mm_machine_reset();
	params_reset();
	mm_machine_memory(machine);
	parse_early_param(cmdline);
	mm_early_takers(memblock_end_of_DRAM(), cmdline);
	snprintf(line, sizeof(line), "%s", cmdline);
	parse_args(line);
	text[0] = '\0';
	reserve_mem_find_by_name("", &(phys_addr_t){ 0 }, &(phys_addr_t){ 0 });	/* links the word */
	return why_print(word, print);
}

static const struct {
	const char		*name;
	const struct mm_machine	*machine;
	const char		*cmdline, *word;
	const char		*said[5];
} rows[] = {
	{ .name = "a crash kernel over the kernel", .machine = &machine_6g,
	  .cmdline = "crashkernel=64M@16M", .word = "crashkernel",
	  .said = { "crashkernel: 64M at 0x1000000 refused after step ",
		    "in the way: [mem 0x0000000001000000-0x0000000003ffffff] \"test\", since step ",
		    "nearest place: [mem 0x0000000004000000-0x0000000007ffffff]: crashkernel=64M@0x4000000\n" } },
	{ .name = "its end is in the way", .machine = &machine_6g,
	  .cmdline = "crashkernel=700M@2500M", .word = "crashkernel",
	  .said = { "in the way: [mem 0x00000000bfee0000-0x00000000ffffffff] no memory, says the map\n",
		    "free from there on: 584576K, [mem 0x000000009c400000-0x00000000bfedffff]",
		    "nearest place: [mem 0x0000000094000000-0x00000000bfbfffff]: crashkernel=700M@0x94000000\n" } },
	{ .name = "no multiple", .machine = &machine_6g,
	  .cmdline = "crashkernel=64M@257M", .word = "crashkernel",
	  .said = { "the place is no multiple of 16M\n", "crashkernel=64M@0x11000000\n" } },
	{ .name = "in a hole", .machine = &machine_6g,
	  .cmdline = "crashkernel=64M@3200M", .word = "crashkernel",
	  .said = { "crashkernel=64M@0xbb000000\n" } },
	{ .name = "nowhere so much", .machine = &machine_6g, .cmdline = "crashkernel=4G",
	  .word = "crashkernel",
	  .said = { "looked for multiples of 16M in [mem 0x0000000000000000-0x00000000ffffffff]\n",
		    "largest room there: 3006M in [mem 0x0000000004000000-0x00000000bfedffff]: crashkernel=3006M\n",
		    "largest room at all: 3G in ", ": crashkernel=3G,high\n" } },
	{ .name = "more than RAM", .machine = &machine_6g, .cmdline = "crashkernel=99999T",
	  .word = "crashkernel", .said = { "crashkernel: 99999T refused", "crashkernel=3006M\n" } },
	{ .name = "low part", .machine = &machine_6g,
	  .cmdline = "crashkernel=512M,high crashkernel=4G,low", .word = "crashkernel",
	  .said = { "crashkernel=3006M,low\n" } },
	{ .name = "cma across a border", .machine = &machine_6g, .cmdline = "cma=64M@3040M", .word = "cma",
	  .said = { "cma: 64M at 0xbe000000 refused", "cma=64M@0xbbe00000\n", "cma=3G\n" } },
	{ .name = "cma in a range", .machine = &machine_6g, .cmdline = "cma=600M@2600M-3100M",
	  .word = "cma", .said = { "largest room there: 470M", "cma=470M@0xa2800000-0xc1c00000\n" } },
	{ .name = "named memory", .machine = &machine_6g, .cmdline = "reserve_mem=5G:4K:trace",
	  .word = "reserve_mem", .said = { "reserve_mem=3G:4K:NAME\n" } },
	{ .name = "nothing was refused", .machine = &machine_6g, .cmdline = "crashkernel=64M",
	  .word = "crashkernel", .said = { NULL } },
	{ .name = "another word", .machine = &machine_6g, .cmdline = "crashkernel=64M@16M",
	  .word = "cma", .said = { NULL } },
	{ .name = "all words", .machine = &machine_6g, .cmdline = "crashkernel=64M@16M cma=64M@16M",
	  .said = { "crashkernel: 64M at", "cma: 64M at" } },
	{ .name = "the end of the address space", .machine = &machine_6g,
	  .cmdline = "crashkernel=64M@0xffffffffff000000", .word = "crashkernel",
	  .said = { "crashkernel=64M@0x1bc000000\n" } },
	{ .name = "nodes are no walls for what is looked for, but of one room", .machine = &machine_2node,
	  .cmdline = "crashkernel=1200M", .word = "crashkernel",
	  .said = { "largest room there: 1G in [mem 0x0000000040000000-0x000000007fffffff]" } },
};

/* Type what was said to fit, one after the other. */
static void expect_fits(const struct mm_machine *machine, const char *word)
{
	char said[sizeof(text)], typed[160], begin[32];

	snprintf(said, sizeof(said), "%s", text);
	snprintf(begin, sizeof(begin), ": %s=", word);
	for (const char *p = said; (p = strstr(p, begin)); p++) {
		const char *what = p + 2;

		snprintf(typed, sizeof(typed), "%.*s%s", (int)strcspn(what, "\n"), what,
			 strstr(what, ",low\n") ? " crashkernel=512M,high" : "");
		if (explain(machine, typed, NULL))
			printf("# %s was said to fit, but\n%s", typed, text);
		expect_eq(why_get(0), NULL);
	}
}

KTAP_TABLE_TEST(test_why, rows, c)
{
	const unsigned int found = explain(c->machine, c->cmdline, c->word);

	expect_eq(found != 0, c->said[0] != NULL);
	for (unsigned int i = 0; i < ARRAY_SIZE(c->said) && c->said[i]; i++) {
		expect_true(strstr(text, c->said[i]) != NULL);
		if (!strstr(text, c->said[i]))
			printf("# not said: %s\n%s", c->said[i], text);
	}
	if (c->word)
		expect_fits(c->machine, c->word);
}

/* Wishes at random: every piece said to be in the way is not free, every advice fits. */
KTAP_TEST(test_why_advice_fits_whatever_was_asked)
{
	uint64_t random = 1;
	char cmdline[128];

	for (unsigned int i = 0; i < 200; i++) {
		random = random * 6364136223846793005UL + 1442695040888963407UL;

		const unsigned long size = 1 + (random >> 33) % 4096, at = (random >> 45) % 8192;
		const char *word = random >> 63 ? "cma" : "crashkernel";

		snprintf(cmdline, sizeof(cmdline), random >> 62 & 1 ? "%s=%luM@%luM" : "%s=%luM", word, size,
			 at);
		if (!explain(&machine_6g, cmdline, word))
			continue;
		for (unsigned int n = 0; n < why_get(0)->pieces; n++) {
			const struct why_piece *p = &why_get(0)->piece[n];

			expect_true(!memblock_is_memory(p->base) || memblock_is_reserved(p->base));
		}
		expect_fits(&machine_6g, word);
	}
}

KTAP_TEST(test_why_later_refusals_are_dropped)
{
	explain(&machine_6g, "reserve_mem=9T:1:a reserve_mem=9T:1:b reserve_mem=9T:1:c "
		"reserve_mem=9T:1:d reserve_mem=9T:1:e reserve_mem=9T:1:f", NULL);
	expect_true(why_get(WHY_RECORDS - 1) != NULL);
	expect_eq(why_get(WHY_RECORDS), NULL);
}
