// SPDX-License-Identifier: GPL-2.0-only
/*
 * x86_64 page tables: the only code that reads or writes a table entry.
 *
 * Every operation goes down from the root for each page it meets; no recursion, no state
 * between two pages.  Four loads a page are cheap beside what made the page.
 */
#include "arch/x86_64/pagetable.h"

#include "kernel/lib/align.h"

#include <arch/memory.h>	/* phys_to_virt() */

static bool is_leaf(uint64_t entry, unsigned int level)
{
	return (entry & PTE_P) && (level == PT_4K || (entry & PTE_PS));
}

static bool is_table(uint64_t entry, unsigned int level)
{
	return (entry & PTE_P) && level > PT_4K && !(entry & PTE_PS);
}

/* The entry for @va in the table of @level at @table. */
static uint64_t *entry_in(phys_addr_t table, uint64_t va, unsigned int level)
{
	uint64_t *entries = phys_to_virt(table);

	return &entries[pt_index(va, level)];
}

/* Bytes from @va to the end of the page of @level around it, but not more than @max. */
static uint64_t rest_of_page(uint64_t va, unsigned int level, uint64_t max)
{
	uint64_t rest = pt_size(level) - (va & (pt_size(level) - 1));

	return MIN(rest, max);
}

static uint64_t leaf_flags(const struct page_table *pt, uint64_t flags, unsigned int level)
{
	return (flags & pt->legal) | (level > PT_4K ? PTE_PS : 0);
}

/*
 * Go down for @va until the entry of @level, making tables on the way, and further while
 * there is a table where a page could be.
 * Return: the entry, a page or empty; *@level is the level it was found at, which is above
 * the wanted one if a larger page covers @va already.
 */
static uint64_t *reach(struct page_table *pt, uint64_t va, unsigned int *level)
{
	phys_addr_t table = pt->root;

	for (unsigned int l = pt->levels; ; l--) {
		uint64_t *entry = entry_in(table, va, l);

		if (is_leaf(*entry, l) || (l <= *level && !is_table(*entry, l))) {
			*level = l;
			return entry;
		}
		if (!is_table(*entry, l)) {
			*entry = pt->alloc() | PTE_TABLE;
			pt->tables++;
		}
		table = *entry & PTE_ADDR;
	}
}

void pt_map(struct page_table *pt, uint64_t va, phys_addr_t pa, uint64_t size,
	    unsigned int level, uint64_t flags, unsigned long made[PT_1G + 1])
{
	while (size) {
		unsigned int l = level;
		uint64_t *entry = reach(pt, va, &l);

		/* Go on in this table until its end, or until an entry leads to a lower table. */
		do {
			uint64_t step = rest_of_page(va, l, size);

			if (!(*entry & PTE_P)) {
				*entry = ALIGN_DOWN(pa, pt_size(l)) | leaf_flags(pt, flags, l);
				if (made)
					made[l]++;
			}
			entry++;
			va += step;
			pa += step;
			size -= step;
		} while (size && l <= level && pt_index(va, l) && !is_table(*entry, l));
	}
}

/* Replace the page at *@entry by a table of pages one level lower, same rights. */
static void split(struct page_table *pt, uint64_t *entry, unsigned int level,
		  unsigned long *made)
{
	phys_addr_t table = pt->alloc();
	uint64_t *lower = phys_to_virt(table);
	uint64_t page = *entry;

	if (level - 1 == PT_4K)
		page &= ~PTE_PS;
	for (unsigned int i = 0; i < PT_ENTRIES; i++)
		lower[i] = page + i * pt_size(level - 1);
	*entry = table | PTE_TABLE;
	pt->tables++;
	if (made) {
		made[level]--;
		made[level - 1] += PT_ENTRIES;
	}
}

/* The entry of the page around @va, and its level; NULL and the level of the hole if none. */
static uint64_t *find_leaf(const struct page_table *pt, uint64_t va, unsigned int *level)
{
	phys_addr_t table = pt->root;

	for (*level = pt->levels; ; (*level)--) {
		uint64_t *entry = entry_in(table, va, *level);

		if (is_leaf(*entry, *level))
			return entry;
		if (!is_table(*entry, *level))
			return NULL;
		table = *entry & PTE_ADDR;
	}
}

void pt_change(struct page_table *pt, uint64_t va, uint64_t size, uint64_t set, uint64_t clear,
	       unsigned long made[PT_1G + 1])
{
	while (size) {
		unsigned int level;
		uint64_t *entry = find_leaf(pt, va, &level);
		uint64_t step = rest_of_page(va, level, size);

		if (entry && step < pt_size(level)) {
			split(pt, entry, level, made);
			continue;		/* the same address, one level deeper */
		}
		if (entry) {
			*entry = (*entry & ~clear) | (set & pt->legal);
			if (clear & PTE_P) {
				*entry = 0;
				if (made)
					made[level]--;
			}
		}
		va += step;
		size -= step;
	}
}

void pt_lend(struct page_table *to, const struct page_table *from, uint64_t va)
{
	phys_addr_t to_table = to->root;
	phys_addr_t from_table = from->root;

	for (unsigned int l = to->levels; to_table != from_table; l--) {
		uint64_t *to_entries = phys_to_virt(to_table);
		const uint64_t *from_entries = phys_to_virt(from_table);
		uint64_t to_entry, from_entry;

		for (unsigned int i = 0; i < PT_ENTRIES; i++)
			if (!(to_entries[i] & PTE_P))
				to_entries[i] = from_entries[i];

		to_entry = to_entries[pt_index(va, l)];
		from_entry = from_entries[pt_index(va, l)];
		if (!is_table(to_entry, l) || !is_table(from_entry, l))
			break;
		to_table = to_entry & PTE_ADDR;
		from_table = from_entry & PTE_ADDR;
	}
}

phys_addr_t pt_leaf_table(struct page_table *pt, uint64_t va)
{
	unsigned int level = PT_4K;
	const uint64_t *entry = reach(pt, va, &level);

	/* A table is one page, aligned: its first entry is its address. */
	return virt_to_phys(entry) & PTE_ADDR;
}

static bool canonical(const struct page_table *pt, uint64_t va)
{
	int64_t top = (int64_t)va >> (pt_shift(pt->levels) + 8);

	return top == 0 || top == -1;
}

/* Sum up the entries the walk went through: the strictest level decides. */
static void combine(struct pt_walk *w)
{
	uint64_t leaf = w->entry[w->level];

	w->write = w->exec = w->user = true;
	for (unsigned int l = w->level; l <= w->top; l++) {
		w->write &= (w->entry[l] & PTE_W) != 0;
		w->exec &= (w->entry[l] & PTE_NX) == 0;
		w->user &= (w->entry[l] & PTE_U) != 0;
	}
	w->global = leaf & PTE_G;
	w->uncached = leaf & PTE_PCD;
	w->pa = (leaf & PTE_ADDR & ~(pt_size(w->level) - 1)) | (w->va & (pt_size(w->level) - 1));
}

bool pt_walk_table(const struct page_table *pt, uint64_t va, struct pt_walk *w)
{
	phys_addr_t table = pt->root;

	*w = (struct pt_walk){ .va = va, .top = pt->levels, .level = pt->levels };
	if (!canonical(pt, va))
		return false;
	for (unsigned int l = pt->levels; ; l--) {
		uint64_t entry = *entry_in(table, va, l);

		w->level = l;
		w->entry[l] = entry;
		w->mapped = is_leaf(entry, l);
		if (!is_table(entry, l))
			break;
		table = entry & PTE_ADDR;
	}
	if (w->mapped)
		combine(w);
	return w->mapped;
}

/* First address of the upper, kernel half. */
static uint64_t upper_half(const struct page_table *pt)
{
	return -(pt_size(pt->levels) << 8);
}

/*
 * Step @va over the page or hole the walk @w ended in.
 * Return: false if that was the end of the address space.
 */
static bool step_over(const struct page_table *pt, const struct pt_walk *w, uint64_t *va)
{
	*va = (w->va | (pt_size(w->level) - 1)) + 1;
	if (!canonical(pt, *va))
		*va = upper_half(pt);
	return *va != 0;
}

static bool continues(const struct pt_range *r, const struct pt_walk *w)
{
	return w->va == r->last + 1 && w->pa == r->pa + (w->va - r->first) &&
	       w->level == r->level && w->write == r->write && w->exec == r->exec &&
	       w->user == r->user && w->global == r->global && w->uncached == r->uncached;
}

/*
 * Move @w, which ended at a page or a hole, to the last entry of the same table that goes on
 * exactly like it.  This makes terabytes of equal pages, or of
 * holes, cheap; an entry that it stops at is walked to as before.
 */
static void skip_alike(const struct page_table *pt, struct pt_walk *w)
{
	phys_addr_t table = w->level == w->top ? pt->root : w->entry[w->level + 1] & PTE_ADDR;
	const uint64_t *entries = phys_to_virt(table);
	uint64_t step = w->mapped ? pt_size(w->level) : 0;
	uint64_t want = w->entry[w->level] + step;

	for (unsigned int i = pt_index(w->va, w->level) + 1; i < PT_ENTRIES; i++) {
		if (entries[i] != want)
			break;
		want += step;
		w->va += pt_size(w->level);
	}
}

bool pt_next_range(const struct page_table *pt, uint64_t va, struct pt_range *r)
{
	struct pt_walk w;

	if (!canonical(pt, va))
		va = upper_half(pt);
	while (!pt_walk_table(pt, va, &w)) {
		skip_alike(pt, &w);
		if (!step_over(pt, &w, &va))
			return false;
	}

	*r = (struct pt_range){
		.first = va, .pa = w.pa, .level = w.level,
		.write = w.write, .exec = w.exec, .user = w.user,
		.global = w.global, .uncached = w.uncached,
	};
	do {
		skip_alike(pt, &w);
		r->last = w.va | (pt_size(w.level) - 1);
	} while (step_over(pt, &w, &va) && pt_walk_table(pt, va, &w) && continues(r, &w));
	return true;
}

const char *pt_level_name(unsigned int level)
{
	static const char *const names[] = { "?", "4k", "2M", "1G", "512G", "256T" };

	return level < ARRAY_SIZE(names) ? names[level] : names[0];
}
