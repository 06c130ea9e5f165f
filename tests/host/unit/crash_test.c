// SPDX-License-Identifier: GPL-2.0-only
/*
 * crashkernel= in all its forms, and in forms it does not have.
 */
#include "ktap.h"

#include "host_console.h"
#include "mm/crash.h"
#include "mm/ledger.h"
#include "mm/memblock/memblock_internal.h"
#include "mm_machine.h"

#define M	* (1ULL << 20)
#define G	* (1ULL << 30)
#define LOW	(256 M)

static const struct {
	const char		*name;
	const char		*cmdline;
	phys_addr_t		ram;
	struct crash_request	want;
	const char		*log;		/* NULL: says nothing */
} words[] = {
	{ "none", "quiet", 1 G, { 0, 0, 0, false }, NULL },
	{ "empty line", "", 1 G, { 0, 0, 0, false }, NULL },
	{ "size", "crashkernel=64M", 1 G, { 64 M, 0, 0, false }, NULL },
	{ "size and offset", "crashkernel=64M@256M", 1 G, { 64 M, 256 M, 0, false }, NULL },
	{ "bytes", "crashkernel=0x4000000", 1 G, { 64 M, 0, 0, false }, NULL },
	{ "offset 0 is anywhere", "crashkernel=64M@0", 1 G, { 64 M, 0, 0, false }, NULL },
	{ "last wins", "crashkernel=64M a crashkernel=32M@16M b", 1 G, { 32 M, 16 M, 0, false }, NULL },
	{ "inside a word", "xcrashkernel=64M", 1 G, { 64 M, 0, 0, false }, NULL },
	{ "behind --", "a -- crashkernel=64M", 1 G, { 64 M, 0, 0, false }, NULL },
	{ "in quotes", "\"crashkernel=64M b\"", 1 G, { 64 M, 0, 0, false }, NULL },
	{ "quote behind", "x=\"crashkernel=64M\"", 1 G, { 0, 0, 0, false },
	  "crashkernel: unrecognized char: \"" },
	{ "no size", "crashkernel=", 1 G, { 0, 0, 0, false }, "crashkernel: memory value expected" },
	{ "garbage", "crashkernel=auto", 1 G, { 0, 0, 0, false }, "crashkernel: memory value expected" },
	{ "garbage behind", "crashkernel=64MB", 1 G, { 0, 0, 0, false },
	  "crashkernel: unrecognized char: B" },
	{ "all of RAM", "crashkernel=1G", 1 G, { 0, 0, 0, false },
	  "crash kernel: 1073741824 bytes asked for, not less than the 1073741824 of RAM; none reserved" },
	{ "absurd", "crashkernel=99999T", 1 G, { 0, 0, 0, false }, "none reserved" },
	{ "nearly all", "crashkernel=1023M", 1 G, { 1023 M, 0, 0, false }, NULL },

	{ "range", "crashkernel=512M-2G:64M", 1 G, { 64 M, 0, 0, false }, NULL },
	{ "range's end is not in it", "crashkernel=512M-1G:64M", 1 G, { 0, 0, 0, false },
	  "crashkernel size resulted in zero bytes" },
	{ "open range", "crashkernel=512M-:64M", 64 G, { 64 M, 0, 0, false }, NULL },
	{ "second range", "crashkernel=0-1G:0,1G-4G:160M,4G-:256M", 2 G, { 160 M, 0, 0, false }, NULL },
	{ "range with offset", "crashkernel=1G-4G:160M,4G-:256M@32M x", 2 G, { 160 M, 32 M, 0, false },
	  NULL },
	{ "RAM rounds up", "crashkernel=1G-:64M", 1 G - 0x12345, { 64 M, 0, 0, false }, NULL },
	{ "too small a machine", "crashkernel=2G-:64M", 1 G, { 0, 0, 0, false },
	  "crashkernel size resulted in zero bytes" },
	{ "colon missing", "crashkernel=1G-2G,64M:1", 1 G, { 0, 0, 0, false },
	  "crashkernel: ':' expected" },
	{ "hyphen missing", "crashkernel=1G:64M", 1 G, { 0, 0, 0, false },
	  "crashkernel: '-' expected" },
	{ "range backwards", "crashkernel=2G-1G:64M", 1 G, { 0, 0, 0, false },
	  "crashkernel: end <= start" },
	{ "range of nothing", "crashkernel=1G-1G:64M", 1 G, { 0, 0, 0, false },
	  "crashkernel: end <= start" },
	{ "size missing", "crashkernel=1G-2G:", 1 G, { 0, 0, 0, false },
	  "crashkernel: Memory value expected" },
	{ "end missing", "crashkernel=1G-x:64M", 1 G, { 0, 0, 0, false },
	  "crashkernel: Memory value expected" },
	{ "size of all RAM", "crashkernel=1G-:1G", 1 G, { 0, 0, 0, false }, "crashkernel: invalid size" },
	{ "offset missing", "crashkernel=1G-:64M@", 1 G, { 0, 0, 0, false },
	  "crahskernel: Memory value expected after '@'" },
	{ "colon of another word", "crashkernel=64M a:b", 1 G, { 64 M, 0, 0, false }, NULL },

	{ "high", "crashkernel=64M,high", 8 G, { 64 M, 0, LOW, true }, NULL },
	{ "high and low", "crashkernel=64M,high crashkernel=32M,low", 8 G, { 64 M, 0, 32 M, true }, NULL },
	{ "low first", "crashkernel=32M,low crashkernel=64M,high", 8 G, { 64 M, 0, 32 M, true }, NULL },
	{ "no low part", "crashkernel=64M,high crashkernel=0,low", 8 G, { 64 M, 0, 0, true }, NULL },
	{ "low alone", "crashkernel=32M,low", 8 G, { 0, 0, 0, false }, NULL },
	{ "plain beats high", "crashkernel=64M,high crashkernel=16M", 8 G, { 16 M, 0, 0, false }, NULL },
	{ "high of nothing", "crashkernel=,high", 8 G, { 0, 0, 0, false },
	  "crashkernel: memory value expected" },
	{ "high twice", "crashkernel=64M,high crashkernel=32M,high", 8 G, { 32 M, 0, LOW, true }, NULL },
	{ "unknown suffix", "crashkernel=64M,top", 8 G, { 0, 0, 0, false },
	  "crashkernel: unrecognized char: ," },
	{ "garbage before the suffix", "crashkernel=64Mx,high", 8 G, { 0, 0, 0, false },
	  "crashkernel: unrecognized char: x" },
};

KTAP_TABLE_TEST(test_crash_words, words, c)
{
	struct crash_request req = parse_crashkernel(c->cmdline, c->ram);

	expect_eq(req.size, c->want.size);
	expect_eq(req.size && c->want.base ? req.base : 0, c->want.base);
	expect_eq(req.low_size, c->want.low_size);
	expect_eq(req.high, c->want.high);
	if (c->log)
		expect_log(c->log);
	else
		expect_eq(host_console_count(""), 0);
}

/* ---- reserving ---------------------------------------------------------------------------- */

static const struct {
	const char		*name;
	const char		*cmdline;
	struct crash_area	area, low;
	const char		*log;
} machines[] = {
	{ "below 4 GiB", "crashkernel=256M", { 0xaf000000, 256 M }, { 0, 0 },
	  "crashkernel reserved: 0x00000000af000000 - 0x00000000bf000000 (256 MB)" },
	{ "fixed", "crashkernel=64M@256M", { 256 M, 64 M }, { 0, 0 },
	  "crashkernel reserved: 0x0000000010000000 - 0x0000000014000000 (64 MB)" },
	{ "fixed above", "crashkernel=64M@4G", { 4 G, 64 M }, { 0, 0 },
	  "crashkernel reserved: 0x0000000100000000 - 0x0000000104000000 (64 MB)" },
	{ "over the kernel", "crashkernel=64M@16M", { 0, 0 }, { 0, 0 },
	  "crashkernel reservation failed - memory is in use." },
	{ "misaligned", "crashkernel=64M@257M", { 0, 0 }, { 0, 0 },
	  "crashkernel reservation failed - memory is in use." },
	{ "in a hole", "crashkernel=64M@3G", { 0, 0 }, { 0, 0 },
	  "crashkernel reservation failed - memory is in use." },
	{ "past the end", "crashkernel=64M@1E", { 0, 0 }, { 0, 0 },
	  "crashkernel reservation failed - memory is in use." },
	{ "wraps", "crashkernel=64M@0xffffffffff000000", { 0, 0 }, { 0, 0 },
	  "crashkernel reservation failed - memory is in use." },
	{ "high", "crashkernel=512M,high", { 0x1a0000000, 512 M }, { 0xaf000000, 256 M },
	  "crashkernel reserved: 0x00000001a0000000 - 0x00000001c0000000 (512 MB)" },
	{ "high, no low", "crashkernel=512M,high crashkernel=0,low", { 0x1a0000000, 512 M }, { 0, 0 },
	  "crashkernel reserved: 0x00000001a0000000" },
	{ "low too large", "crashkernel=512M,high crashkernel=4G,low", { 0, 0 }, { 0, 0 },
	  "cannot allocate crashkernel low memory (size:0x100000000)." },
	{ "high that fits only low", "crashkernel=2944M,high", { 0x7000000, 2944 M }, { 0, 0 },
	  "crashkernel reserved: 0x0000000007000000 - 0x00000000bf000000 (2944 MB)" },
	{ "low that fits only high", "crashkernel=3G", { 4 G, 3 G }, { 0xaf000000, 256 M },
	  "crashkernel reserved: 0x0000000100000000 - 0x00000001c0000000 (3072 MB)" },
	{ "leaves too little", "crashkernel=120M", { 0, 0 }, { 0, 0 },
	  "cannot allocate crashkernel (size:0x7800000)" },
	{ "leaves too little, with low", "crashkernel=16M,high crashkernel=104M,low", { 0, 0 }, { 0, 0 },
	  "cannot allocate crashkernel (size:0x1000000)" },
	{ "fits nowhere", "crashkernel=4G", { 0, 0 }, { 0, 0 },
	  "cannot allocate crashkernel (size:0x100000000)" },
};

static const struct mm_machine machine_6g = {
	.ram = { { 0x100000, 0xbfee0000 - 0x100000, 0 }, { 4 G, 3 G, 0 } },
	.reserved = { { 0, 0x100000, 0 }, { 16 M, 48 M, 0 } },
};

KTAP_TABLE_TEST(test_crash_reserves, machines, c)
{
	struct ledger_entry e;
	phys_addr_t owned = 0, before;

	mm_machine_reset();
	mm_machine_memory(&machine_6g);
	if (strstr(c->name, "only low"))	/* most of the upper part is somebody else's */
		memblock_reserve(5 G, 2 G);
	if (strstr(c->name, "too little")) {	/* 120 MiB and some KiB are free */
		const phys_addr_t high = strstr(c->name, "low") ? 16 M : 0;

		memblock_reserve(4 G + high, 3 G);
		memblock_reserve(64 M, 128 M);
		memblock_reserve(312 M - high, 3 G);
		memblock_reserve(1 M, 15 M - SZ_64K);
	}
	before = memblock_reserved_size();
	reserve_crashkernel(c->cmdline);
	expect_log(c->log);
	expect_eq(crashk_res.base, c->area.base);
	expect_eq(crashk_res.size, c->area.size);
	expect_eq(crashk_low_res.base, c->low.base);
	expect_eq(crashk_low_res.size, c->low.size);
	for (unsigned int i = 0; ledger_get(i, &e); i++)
		if (e.owner && !strcmp(e.owner, "crash kernel"))
			owned += e.size;
	expect_eq(owned, c->area.size + c->low.size);
	/* What was refused is free again, to the byte. */
	expect_eq(memblock_reserved_size() - before, owned);
	mm_machine_hand_over();
	expect_mm_sound();
}
