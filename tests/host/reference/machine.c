// SPDX-License-Identifier: GPL-2.0-only
/* Machines nobody thought of (see machine.h). */
#include "machine.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define K *(1ULL << 10)
#define M *(1ULL << 20)
#define G *(1ULL << 30)
#define T *(1ULL << 40)

struct machine machine;

/* ---- a number is a machine ------------------------------------------------------------------ */

static uint64_t dice;

uint64_t roll(uint64_t below)
{
	dice ^= dice << 13;
	dice ^= dice >> 7;
	dice ^= dice << 17;
	return (dice * 0x2545f4914f6cdd1dULL >> 11) % below;
}

static bool one_in(unsigned int n)
{
	return roll(n) == 0;
}

static uint64_t any_size(uint64_t most)
{
	uint64_t size = (1 + roll(63)) << 12 << roll(20);

	if (one_in(6))
		size += roll(4096);
	return size > most ? 1 + size % most : size;
}

static void add_entry(uint64_t base, uint64_t size, uint32_t type)
{
	if (machine.entries == ENTRIES)
		return;
	machine.entry[machine.entries].base = base;
	machine.entry[machine.entries].size = size;
	machine.entry[machine.entries++].type = type;
}

static uint32_t any_type(void)
{
	static const uint32_t types[] = { 1, 1, 1, 2, 2, 3, 4, 5, 7, 12, 20, 0, 128, 0xefffffff };

	return types[roll(sizeof(types) / sizeof(types[0]))];
}

/* What every machine has, or it would not get far: RAM around the image. */
static void add_usual_ram(void)
{
	uint64_t top = 16 M + any_size(one_in(20) ? 2 G : 32 M);

	add_entry(0, 0x9fc00, 1);
	add_entry(0x9fc00, 0x400, 2);
	add_entry(0xf0000, 0x10000, 2);
	add_entry(1 M, top - 1 M, 1);
	if (one_in(2))
		add_entry(top, any_size(1 M), 2 + (uint32_t)roll(3));
	if (one_in(2))
		add_entry(0xfffc0000, 0x40000, 2);
	if (one_in(2))
		add_entry(4 G, any_size(one_in(40) ? 12 G : 64 M), 1);
}

static uint64_t any_place(void)
{
	uint64_t limit = one_in(12) ? 64 T : one_in(3) ? 8 G : 256 M;

	return roll(limit) & ~(one_in(4) ? 0 : 0xfffULL);
}

static void shuffle(void)
{
	for (unsigned int i = machine.entries; i > 1; i--) {
		unsigned int k = (unsigned int)roll(i);
		__typeof__(machine.entry[0]) swap = machine.entry[i - 1];

		machine.entry[i - 1] = machine.entry[k];
		machine.entry[k] = swap;
	}
}

/* Rows of RAM with holes, a node each, as big machines have them. */
static void make_many_nodes(void)
{
	unsigned int nodes = 2 + (unsigned int)roll(one_in(20) ? 1030 : one_in(6) ? 400 : 16);
	uint64_t each = (1 + roll(one_in(8) ? 64 : 6)) M, at = 4 G;

	if (one_in(100))
		each = (1 + roll(64)) * 1 G;
	machine.srat = true;
	for (unsigned int i = 0; i < nodes && at < 63 T; i++) {
		uint64_t size = one_in(3) ? each - roll(each / 4096 / 2) * 4096 : each;

		add_entry(at, size, 1);
		machine.block[machine.blocks++] = (struct ref_block){
			.base = at,
			.size = size,
			.pxm = i,
			.enabled = true,
			.hotplug = one_in(5),
		};
		at += each + (one_in(2) ? roll(64) M : 0);
	}
	machine.block[machine.blocks++] = (struct ref_block){
		.size = 4 G,
		.pxm = (uint32_t)roll(nodes),
		.enabled = true,
	};
}

/* Blocks cut anywhere through what RAM there is. */
static void make_srat(void)
{
	uint64_t at = 0, end = 0;
	unsigned int pieces = 1 + (unsigned int)roll(6);

	machine.srat = true;
	for (unsigned int i = 0; i < machine.entries; i++) {
		uint64_t top = machine.entry[i].base + machine.entry[i].size;

		if (machine.entry[i].type == 1 && top > machine.entry[i].base && top > end)
			end = top;
	}
	for (unsigned int i = 0; i < pieces; i++) {
		uint64_t size = i + 1 == pieces ? end - at : end / pieces;

		if (i + 1 < pieces && one_in(2))
			size = size / 2 + roll(size / 2 + 1);
		if (!one_in(5))
			size &= ~0xfffffULL;
		if (i + 1 == pieces && !one_in(8))
			size = end - at;
		machine.block[machine.blocks++] = (struct ref_block){
			.base = at,
			.size = size,
			.pxm = (uint32_t)roll(one_in(6) ? 600 : 4),
			.enabled = !one_in(24),
			.hotplug = one_in(4),
		};
		at += size;
		if (one_in(16))
			at += any_size(2 M);
		if (one_in(30))
			at -= any_size(1 M);
	}
	if (one_in(16))
		machine.block[machine.blocks++] = (struct ref_block){
			.base = any_place(),
			.size = any_size(1 G),
			.pxm = 9,
			.enabled = true,
		};
	for (unsigned int n = (unsigned int)roll(5); n; n--)
		machine.cpu[machine.cpus++] = (uint32_t)roll(4);
}

static void say(const char *format, ...)
{
	size_t length = strlen(machine.cmdline);
	va_list args;

	va_start(args, format);
	vsnprintf(machine.cmdline + length, sizeof(machine.cmdline) - length, format, args);
	va_end(args);
}

/* The same amount, spelled in one of several ways. */
static const char *spelled(uint64_t amount)
{
	static char text[4][32];
	static unsigned int turn;
	char *to = text[turn++ % 4];

	if (amount % (1 G) == 0 && one_in(2))
		snprintf(to, 32, "%" PRIu64 "%c", amount >> 30, one_in(2) ? 'G' : 'g');
	else if (amount % (1 M) == 0 && one_in(2))
		snprintf(to, 32, "%" PRIu64 "M", amount >> 20);
	else if (amount % 1024 == 0 && one_in(2))
		snprintf(to, 32, "%#" PRIx64 "k", amount >> 10);
	else if (one_in(8))
		snprintf(to, 32, "0%" PRIo64, amount);
	else
		snprintf(to, 32, "%#" PRIx64, amount);
	return to;
}

static const char *number(uint32_t type)
{
	static char text[2][16];
	static unsigned int turn;
	char *to = text[turn++ % 2];

	snprintf(to, 16, one_in(2) ? "%u" : "%#x", type);
	return to;
}

static void add_word(void)
{
	static const uint32_t plain[][2] = { { '@', 1 }, { '#', 3 }, { '$', 2 }, { '!', 12 } };
	struct ref_word *w = &machine.word[machine.words];
	unsigned int kind = (unsigned int)roll(11), sign = (unsigned int)roll(4);

	if (machine.words == WORDS)
		return;
	*w = (struct ref_word){ .size = any_size(one_in(10) ? 1 G : 32 M),
				.start = any_place(),
				.from = any_type(),
				.to = any_type() };
	if (one_in(40))
		w->start = UINT64_MAX - roll(8 M);
	switch (kind) {
	case 0:
		w->verb = REF_MEM;
		w->size = one_in(10) ? 0 : 16 M + any_place();
		say(" mem=%s", spelled(w->size));
		break;
	case 1:
		w->verb = REF_LIMIT;
		w->size = 16 M + any_place();
		say(" memmap=%s", spelled(w->size));
		break;
	case 2 ... 5:
		w->verb = REF_ADD;
		w->to = plain[sign][1];
		say(" memmap=%s%c%s", spelled(w->size), (int)plain[sign][0], spelled(w->start));
		break;
	case 6:
		w->verb = REF_ADD;
		say(" memmap=%s%%%s+%s", spelled(w->size), spelled(w->start), number(w->to));
		break;
	case 7:
		w->verb = REF_CONVERT;
		say(" memmap=%s%%%s-%s+%s", spelled(w->size), spelled(w->start), number(w->from),
		    number(w->to));
		break;
	case 8:
		w->verb = REF_REMOVE_TYPE;
		say(" memmap=%s%%%s-%s", spelled(w->size), spelled(w->start), number(w->from));
		break;
	case 9:
		w->verb = REF_REMOVE;
		say(" memmap=%s%%%s", spelled(w->size), spelled(w->start));
		break;
	default:
		if (!one_in(3))
			return;
		*w = (struct ref_word){ .verb = REF_EXACT };
		say(" memmap=exactmap");
		if (one_in(12) || machine.words + 4 >= WORDS)
			break;
		w[1] = (struct ref_word){ .verb = REF_ADD, .size = 640 K, .to = 1 };
		w[2] = (struct ref_word){
			.verb = REF_ADD, .start = 1 M, .size = 32 M + any_size(64 M), .to = 1
		};
		say(",640K@0 memmap=%s@1M", spelled(w[2].size));
		machine.words += 2;
	}
	machine.words++;
}

static void add_movable(void)
{
	struct ref_movable *m = &machine.movable;

	switch (roll(5)) {
	case 0:
		m->by_hotplug = true;
		say(" movable_node");
		break;
	case 1:
		m->kernelcore = any_size(4 G) / 4096;
		say(" kernelcore=%s", spelled(m->kernelcore * 4096 + roll(4096)));
		break;
	case 2:
		m->movablecore = any_size(4 G) / 4096;
		say(" movablecore=%s", spelled(m->movablecore * 4096 + roll(4096)));
		break;
	case 3:
		m->kernelcore_percent = 1 + (unsigned int)roll(99);
		say(" kernelcore=%u%%", m->kernelcore_percent);
		break;
	default:
		m->movablecore_percent = 1 + (unsigned int)roll(99);
		say(" movablecore=%u%%", m->movablecore_percent);
		if (one_in(2)) {
			m->kernelcore = any_size(1 G) / 4096;
			say(" kernelcore=%s", spelled(m->kernelcore * 4096));
		}
	}
}

void make_machine(uint64_t number)
{
	memset(&machine, 0, offsetof(struct machine, entry));
	machine.entries = machine.words = machine.blocks = machine.cpus = 0;
	machine.srat = machine.numa_off = false;
	machine.movable = (struct ref_movable){ 0 };
	machine.cmdline[0] = '\0';
	machine.number = number;
	dice = number * 0x9e3779b97f4a7c15ULL + 1;
	for (int i = 0; i < 8; i++)
		roll(2);

	machine.road = (enum road)roll(4);
	machine.srat_revision = one_in(6) ? 1 : 2 + (unsigned int)roll(2);
	machine.phys_bits = one_in(5) ? 36 + (unsigned int)roll(10) : 46;
	say("quiet");
	add_usual_ram();
	if (one_in(12))
		make_many_nodes();
	for (unsigned int n = (unsigned int)roll(one_in(10) ? 60 : 6); n; n--) {
		uint64_t base = any_place();

		add_entry(base,
			  one_in(20)	? 0
			  : one_in(300) ? roll(UINT64_MAX)
					: any_size(one_in(8) ? 128 M : 1 M),
			  any_type());
	}
	if (one_in(30))
		add_entry(UINT64_MAX - roll(1 M), roll(2 M), any_type());
	if (one_in(3))
		shuffle();
	if (machine.road == LINUX && machine.entries > 128)
		machine.road = PVH;
	if (!machine.srat && one_in(2))
		make_srat();
	if (one_in(12)) {
		machine.numa_off = true;
		say(" numa=%s", one_in(2) ? "off" : "noacpi");
	}
	if (one_in(3))
		for (unsigned int n = 1 + (unsigned int)roll(4); n; n--)
			add_word();
	if (one_in(3))
		add_movable();
}

void describe_machine(void)
{
	static const char *const roads[] = { "multiboot2", "EFI map", "PVH", "Linux" };

	printf("# machine %" PRIu64 ": %s, %u address bits, words:%s\n", machine.number,
	       roads[machine.road], machine.phys_bits, machine.cmdline);
	for (unsigned int i = 0; i < machine.entries && i < 80; i++)
		printf("#   map  [%#14" PRIx64 " + %#12" PRIx64 "] %u\n", machine.entry[i].base,
		       machine.entry[i].size, machine.entry[i].type);
	for (unsigned int i = 0; machine.srat && i < machine.blocks && i < 80; i++)
		printf("#   SRAT [%#14" PRIx64 " + %#12" PRIx64 "] pxm %u%s%s\n",
		       machine.block[i].base, machine.block[i].size, machine.block[i].pxm,
		       machine.block[i].hotplug ? " hotplug" : "",
		       machine.block[i].enabled ? "" : " disabled");
	if (machine.srat) {
		printf("#   SRAT revision %u, CPUs:", machine.srat_revision);
		for (unsigned int i = 0; i < machine.cpus; i++)
			printf(" %u", machine.cpu[i]);
		printf("\n");
	}
}
