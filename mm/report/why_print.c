// SPDX-License-Identifier: GPL-2.0-only
/*
 * A refusal in words (see mm/why.h): what was asked, who is in the way, what would fit, and what
 * to type to get it.
 */
#include "mm/why.h"

#include "kernel/lib/ksyms.h"
#include "kernel/lib/string.h"
#include "kernel/lib/vsnprintf.h"
#include "mm/port.h"

/* The largest unit that says @bytes exactly: "349M". */
struct amount {
	char	text[24];
};

static struct amount amount_of(phys_addr_t bytes)
{
	static const char units[] = { '\0', 'K', 'M', 'G', 'T' };
	unsigned int unit = 0;
	struct amount out;

	for (; bytes && !(bytes & 1023) && unit < ARRAY_SIZE(units) - 1; unit++)
		bytes >>= 10;
	ksnprintf(out.text, sizeof(out.text), "%llu%c", (unsigned long long)bytes, units[unit]);
	return out;
}

/* As much of @room as may be asked for, in whole MiB if it is that much. */
static phys_addr_t may_ask(const struct why_wish *w, phys_addr_t room)
{
	const phys_addr_t unit = room >= SZ_1M ? SZ_1M : 1024;

	return ALIGN_DOWN(room, MAX(w->grain, unit));
}

static void print_range(phys_addr_t base, phys_addr_t size, memblock_print_fn *print)
{
	const phys_addr_t last = base + size - 1;

	print("[mem %pa-%pa]", &base, &last);
}

/*
 * "largest room: 349M in [mem ...]: crashkernel=349M"; @inside: the word has to say the borders
 * it looked between.
 */
static void print_room(const struct why_wish *w, const char *what, phys_addr_t base,
		       phys_addr_t room, const char *tail, bool inside, memblock_print_fn *print)
{
	const phys_addr_t size = may_ask(w, room);

	print("  %s: ", what);
	if (!size) {
		print("none\n");
		return;
	}
	print("%s in ", amount_of(size).text);
	print_range(base, room, print);
	if (w->from == WHY_RAM_OF_MAP)
		print(": %s=%s%s%#llx\n", w->word, amount_of(size).text, tail, (unsigned long long)base);
	else if (inside && w->low)
		print(": %s=%s@%#llx-%#llx%s\n", w->word, amount_of(size).text,
		      (unsigned long long)w->low, (unsigned long long)w->high, tail);
	else
		print(": %s=%s%s\n", w->word, amount_of(size).text, tail);
}

static void print_piece(const struct why_piece *p, memblock_print_fn *print)
{
	print("  in the way: ");
	print_range(p->base, p->end - p->base, print);
	if (p->type[0])
		print(" %s, says the map", p->type);
	else if (p->owner)
		print(" \"%s\"", p->owner);
	else
		print(" reserved");
	if (p->step >= 0)
		print(", since step %lld", (long long)p->step);
	if (p->caller && ksyms_lookup(p->caller, NULL, NULL))
		print(", by %pS", (void *)p->caller);
	print("\n");
}

static void print_fixed(const struct why *w, memblock_print_fn *print)
{
	const struct why_wish *wish = &w->wish;
	const char *sign = wish->from == WHY_RAM_OF_MAP ? wish->tail : "@";

	if (wish->low & (wish->align - 1))
		print("  the place is no multiple of %s\n", amount_of(wish->align).text);
	if (w->start) {
		print("  free from there on: %s, ", amount_of(w->start).text);
		print_range(wish->low, w->start, print);
		print("\n");
	}
	if (w->nearest) {
		print("  nearest place: ");
		print_range(w->nearest, wish->size, print);
		print(": %s=%s%s%#llx\n", wish->word, amount_of(wish->size).text, sign,
		      (unsigned long long)w->nearest);
	} else {
		print("  nearest place: none has so much\n");
	}
	print_room(wish, "largest room", w->far_base, w->far,
		   wish->from == WHY_RAM_OF_MAP ? wish->tail : "", false, print);
}

static void print_anywhere(const struct why *w, memblock_print_fn *print)
{
	const struct why_wish *wish = &w->wish;

	print("  looked for multiples of %s in ", amount_of(wish->align).text);
	print_range(wish->low, (wish->high ? wish->high : PHYS_ADDR_MAX) - wish->low, print);
	print("\n");
	print_room(wish, "largest room there", w->base, w->largest, wish->tail, true, print);
	if (wish->far && w->far > w->largest)
		print_room(wish, "largest room at all", w->far_base, w->far, wish->far, false, print);
}

/* Pages of one size, by node. */
static void print_pages(const struct why *w, memblock_print_fn *print)
{
	const struct why_wish *wish = &w->wish;

	print("  %lu of %lu pages of %s were had; room for more:", wish->got, wish->wanted,
	      amount_of(wish->size).text);
	for (int nid = 0; nid < WHY_NODES; nid++)
		if (w->node[nid])
			print(" node %d: %u", nid, w->node[nid]);
	print("%s\n", w->pages ? "" : " none on any node");
	if (w->largest) {
		print("  largest free range: ");
		print_range(w->begin, w->base + w->largest - w->begin, print);
		print("\n");
	}
}

static void print_one(const struct why *w, memblock_print_fn *print)
{
	const struct why_wish *wish = &w->wish;

	print("%s: %s", wish->word, amount_of(wish->size).text);
	if (wish->fixed)
		print(" at %#llx", (unsigned long long)wish->low);
	if (wish->nid >= 0)
		print(" on node %d", wish->nid);
	print("%s after step %llu\n",
	      wish->from == WHY_RAM_OF_MAP ? " is not all free RAM" : " refused",
	      (unsigned long long)w->at);
	if (w->starves)
		print("  there was room, but too little would have been left for what comes after it\n");
	for (unsigned int i = 0; i < w->pieces; i++)
		print_piece(&w->piece[i], print);
	if (w->more)
		print("  in the way: %u more\n", w->more);
	if (wish->wanted)
		print_pages(w, print);
	else if (wish->fixed)
		print_fixed(w, print);
	else
		print_anywhere(w, print);
}

unsigned int why_print(const char *word, memblock_print_fn *print)
{
	const struct why *w;
	unsigned int found = 0;

	for (unsigned int i = 0; (w = why_get(i)); i++) {
		if (word && strcmp(word, w->wish.word))
			continue;
		print_one(w, print);
		found++;
	}
	return found;
}
