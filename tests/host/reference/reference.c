// SPDX-License-Identifier: GPL-2.0-only
/* The reference's first half: from the map to RAM.  No header of Daybreak may be included here. */
#include "reference_lists.h"

/* Every border of what is not empty, sorted; between two neighbours there is no border. */
static unsigned int borders(const struct ref_list *list, uint64_t *out)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < list->count; i++) {
		if (list->at[i].start == list->at[i].end)
			continue;
		out[n++] = list->at[i].start;
		out[n++] = list->at[i].end;
	}
	qsort(out, n, sizeof(*out), by_value);
	return n;
}

static uint32_t highest_type(const struct ref_list *map, uint64_t address)
{
	uint32_t type = REF_GAP;

	for (unsigned int i = 0; i < map->count; i++) {
		const struct ref_range *r = &map->at[i];

		if (r->start <= address && address < r->end && (type == REF_GAP || r->type > type))
			type = r->type;
	}
	return type;
}

bool ref_sanitise(struct ref_list *map)
{
	static uint64_t border[2 * REF_LIST];
	static struct ref_list out;
	unsigned int n;

	if (map->count < 2)
		return false;
	for (unsigned int i = 0; i < map->count; i++) {
		if (map->at[i].end < map->at[i].start)
			return false;
	}
	n = borders(map, border);
	out.count = 0;
	for (unsigned int i = 0; i + 1 < n; i++) {
		uint32_t type = highest_type(map, border[i]);
		struct ref_range *last = out.count ? &out.at[out.count - 1] : NULL;

		if (border[i] == border[i + 1] || type == REF_GAP)
			continue;
		if (last && last->end == border[i] && last->type == type && type != REF_PRAM &&
		    type != REF_SOFT)
			last->end = border[i + 1];
		else
			append(&out, (struct ref_range){ .start = border[i],
							 .end = border[i + 1],
							 .type = type });
	}
	copy(map, &out);
	return true;
}

void ref_firmware(struct ref_list *map)
{
	for (unsigned int i = 0; i < map->count; i++) {
		if (map->at[i].end < map->at[i].start)
			map->at[i].end = REF_TOP;
	}
	ref_sanitise(map);
}

/* The part of each entry in [start, end) that has @type, or any type: becomes @to, or goes
 * (REF_GAP). */
static void change(struct ref_list *map, uint64_t start, uint64_t end, bool any, uint32_t type,
		   uint32_t to)
{
	unsigned int count = map->count;

	for (unsigned int i = 0; i < count; i++) {
		struct ref_range *r = &map->at[i], old = *r;
		uint64_t from = most(old.start, start), until = least(old.end, end);

		if (from >= until || (!any && old.type != type))
			continue;
		r->end = from; /* what is left below; perhaps nothing, but an entry all the same */
		if (to != REF_GAP)
			append(map, (struct ref_range){ .start = from, .end = until, .type = to });
		if (until < old.end)
			append(map, (struct ref_range){
					    .start = until, .end = old.end, .type = old.type });
	}
}

void ref_user_word(struct ref_list *map, const struct ref_word *word)
{
	uint64_t end = word->start + word->size;
	enum ref_verb verb = word->verb;

	/* Type 0 is none: as if that part of the word were not there. */
	if (verb == REF_CONVERT && !word->from)
		verb = REF_ADD;
	if (verb == REF_CONVERT && !word->to)
		verb = REF_REMOVE_TYPE;
	if ((verb == REF_ADD && !word->to) || (verb == REF_REMOVE_TYPE && !word->from))
		verb = REF_REMOVE;
	if (end < word->start && verb != REF_ADD)
		end = REF_TOP;
	switch (verb) {
	case REF_MEM:
		if (word->size)
			change(map, word->size, REF_TOP, false, REF_RAM, REF_GAP);
		break;
	case REF_LIMIT:
		change(map, word->size, REF_TOP, false, REF_RAM, REF_GAP);
		break;
	case REF_EXACT:
		map->count = 0;
		break;
	case REF_ADD:
		append(map,
		       (struct ref_range){ .start = word->start, .end = end, .type = word->to });
		break;
	case REF_CONVERT:
		if (word->from != word->to)
			change(map, word->start, end, false, word->from, word->to);
		break;
	case REF_REMOVE_TYPE:
		change(map, word->start, end, false, word->from, REF_GAP);
		break;
	case REF_REMOVE:
		change(map, word->start, end, true, 0, REF_GAP);
		break;
	}
}

bool ref_user_end(struct ref_list *map)
{
	return ref_sanitise(map);
}

void ref_fix(struct ref_list *map, uint64_t limit, uint64_t image, uint64_t image_end)
{
	uint64_t ram = 0;

	change(map, limit, REF_TOP, false, REF_RAM, REF_GAP);
	change(map, limit, REF_TOP, false, REF_KERN, REF_GAP);
	for (unsigned int i = 0; i < map->count; i++) {
		const struct ref_range *r = &map->at[i];

		if (r->type == REF_RAM && r->end > image && r->start < image_end)
			ram += least(r->end, image_end) - most(r->start, image);
	}
	if (ram < image_end - image) {
		change(map, image, image_end, true, 0, REF_GAP);
		append(map,
		       (struct ref_range){ .start = image, .end = image_end, .type = REF_RAM });
	}
	change(map, 0, REF_PAGE, false, REF_RAM, REF_RESERVED);
	change(map, 0xa0000, 0x100000, false, REF_RAM, REF_GAP);
	ref_sanitise(map);
}

uint64_t ref_last_page(const struct ref_list *map, uint64_t limit)
{
	uint64_t last = 0;

	for (unsigned int i = 0; i < map->count; i++) {
		const struct ref_range *r = &map->at[i];

		if (r->start < r->end &&
		    (r->type == REF_RAM || r->type == REF_KERN || r->type == REF_ACPI) &&
		    page_down(r->start) < page_down(limit))
			last = most(last, least(page_down(r->end), page_down(limit)));
	}
	return last;
}

uint64_t ref_memory(const struct ref_list *map, struct ref_list *memory)
{
	static struct ref_list ram;
	uint64_t said = 0;

	ram.count = 0;
	for (unsigned int i = 0; i < map->count; i++) {
		const struct ref_range *r = &map->at[i];
		struct ref_range *last = ram.count ? &ram.at[ram.count - 1] : NULL;

		if ((r->type != REF_RAM && r->type != REF_KERN) || r->start == r->end)
			continue;
		if (last && last->end == r->start)
			last->end = r->end;
		else
			append(&ram, (struct ref_range){ .start = r->start, .end = r->end });
	}
	memory->count = 0;
	for (unsigned int i = 0; i < ram.count; i++) {
		uint64_t start = page_up(ram.at[i].start) * REF_PAGE;
		uint64_t end = page_down(ram.at[i].end) * REF_PAGE;

		if (start >= end)
			continue;
		said += ram.at[i].end - ram.at[i].start; /* trimming does not correct it */
		append(memory, (struct ref_range){ .start = start, .end = end });
	}
	return said;
}
