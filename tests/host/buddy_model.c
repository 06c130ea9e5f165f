// SPDX-License-Identifier: GPL-2.0-only
#include "buddy_model.h"

#include "kernel/lib/vsnprintf.h"
#include "mm/buddy.h"
#include "mm/memblock.h"

void model_init(struct buddy_model *model, struct zone *zone)
{
	memset(model, 0, sizeof(*model));
	model->zone = zone;
	model->start = zone->zone_start_pfn;
	model->end = zone_end_pfn(zone);
	for (unsigned long pfn = model->start; pfn < model->end; pfn++)
		model->free[pfn - model->start] =
			zone_of_pfn(pfn) == zone &&
			memblock_is_region_memory(PFN_PHYS(pfn), PAGE_SIZE) &&
			!memblock_is_region_reserved(PFN_PHYS(pfn), PAGE_SIZE);
}

static bool whole(const struct buddy_model *model, unsigned long pfn, unsigned int order)
{
	if (pfn < model->start || pfn + (1UL << order) > model->end)
		return false;
	for (unsigned long p = pfn; p < pfn + (1UL << order); p++)
		if (!model->free[p - model->start])
			return false;
	return true;
}

/* The order of the free block around a free page: as large as can be. */
static unsigned int block_order(const struct buddy_model *model, unsigned long pfn)
{
	unsigned int order = 0;

	while (order < MAX_PAGE_ORDER &&
	       whole(model, ALIGN_DOWN(pfn, 2UL << order), order + 1))
		order++;
	return order;
}

void model_count(struct buddy_model *model)
{
	memset(model->blocks, 0, sizeof(model->blocks));
	for (unsigned long pfn = model->start; pfn < model->end;) {
		unsigned int order;

		if (!model->free[pfn - model->start]) {
			pfn++;
			continue;
		}
		order = block_order(model, pfn);
		model->blocks[order]++;
		pfn += 1UL << order;
	}
}

const char *model_alloc(struct buddy_model *model, unsigned long pfn, unsigned int order)
{
	if (!IS_ALIGNED(pfn, 1UL << order))
		return "block is not aligned";
	if (!whole(model, pfn, order))
		return "block is not free";
	memset(&model->free[pfn - model->start], 0, 1UL << order);
	model->head[pfn - model->start] = (uint8_t)(order + 1);
	return NULL;
}

const char *model_free(struct buddy_model *model, unsigned long pfn, unsigned int order)
{
	if (pfn < model->start || pfn >= model->end ||
	    model->head[pfn - model->start] != order + 1)
		return "block was not allocated";
	memset(&model->free[pfn - model->start], 1, 1UL << order);
	model->head[pfn - model->start] = 0;
	return NULL;
}

const char *model_compare(struct buddy_model *model)
{
	unsigned long blocks[NR_PAGE_ORDERS];
	static char text[64];

	model_count(model);
	buddy_count(model->zone, blocks);
	for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++) {
		if (model->blocks[order] == blocks[order])
			continue;
		ksnprintf(text, sizeof(text), "%lu free blocks of order %u, should be %lu",
			  blocks[order], order, model->blocks[order]);
		return text;
	}
	return NULL;
}

void model_copy_parts(const struct model_part *parts, size_t count, bool save)
{
	for (size_t i = 0; i < count; i++)
		if (save)
			memcpy(parts[i].copy, parts[i].live, parts[i].size);
		else
			memcpy(parts[i].live, parts[i].copy, parts[i].size);
}
