/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The state of memory for programs, streamed: a line may be long, the buffer is not.
 */
#include "kernel/snapshot.h"

#include "kernel/lib/json.h"
#include "kernel/lib/trace.h"
#include "kernel/lib/vsnprintf.h"
#include "mm/buddy.h"
#include "mm/ledger.h"
#include "mm/ledger_sum.h"
#include "mm/memblock.h"
#include "mm/pcp.h"		/* drain_pages_zone() */
#include "mm/pcp.h"
#include "mm/zone.h"

#include <arch/map.h>
#include <arch/memory.h>
#include <arch/serial.h>

#define COM2		1
#define ROOM_FOR_ITEM	512	/* more than the longest object of a list */

/* True if COM2 takes no JSON: there is no such port, or it is a console. */
static bool com2_unusable(void)
{
	return !serial_present(COM2) || serial_is_console(COM2);
}

static void write_com2(const char *s, size_t n)
{
	if (!com2_unusable())
		serial_write_raw(COM2, s, n);
}

void snapshot_init(void)
{
	if (serial_present(COM2))
		trace_set_sink(write_com2);
}

static void send_json(struct json *j)
{
	write_com2(j->buf, j->len);
	j->len = 0;
}

/* Begin an object of a list; what came before it goes out first if it is much. */
static void item_open(struct json *j)
{
	if (j->size - j->len < ROOM_FOR_ITEM)
		send_json(j);
	json_open(j, NULL, '{');
}

static void put_range(struct json *j, uint64_t base, uint64_t size)
{
	json_hex64(j, "base", base);
	json_hex64(j, "size", size);
}

static void put_map(struct json *j, const char *key, enum arch_map_stage stage)
{
	struct arch_map_entry e;

	json_open(j, key, '[');
	for (uint32_t i = 0; arch_map_entry(stage, i, &e); i++) {
		item_open(j);
		put_range(j, e.base, e.size);
		json_uint(j, "type", e.type);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void put_regions(struct json *j, const char *key, const struct memblock_type *type)
{
	json_open(j, key, '[');
	for (unsigned long i = 0; i < type->cnt; i++) {
		const struct memblock_region *r = &type->regions[i];

		item_open(j);
		put_range(j, r->base, r->size);
		json_int(j, "nid", memblock_get_region_node(r));
		json_hex(j, "flags", (uint64_t)r->flags);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void put_owners(struct json *j)
{
	struct ledger_entry e;

	json_open(j, "owners", '[');
	for (unsigned int i = 0; ledger_get(i, &e); i++) {
		char caller[128];

		item_open(j);
		put_range(j, e.base, e.size);
		json_str(j, "owner", e.owner);
		ksnprintf(caller, sizeof(caller), "%pS", (void *)e.caller);
		json_str(j, "caller", e.caller ? caller : NULL);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void put_ledger(struct json *j)
{
	struct ledger_sum sum;

	ledger_get_sum(&sum);
	json_open(j, "ledger", '{');
	json_uint(j, "usable", sum.usable);
	json_uint(j, "buddy", sum.buddy);
	json_uint(j, "reserved", sum.reserved);
	json_uint(j, "rounding", sum.rounding);
	json_uint(j, "withheld", sum.withheld);
	json_bool(j, "even", ledger_check());
	json_close(j, '}');
}

static void put_nodes(struct json *j)
{
	int nid;

	json_open(j, "nodes", '[');
	for_each_node(nid) {
		const struct pglist_data *node = NODE_DATA(nid);

		item_open(j);
		json_int(j, "nid", nid);
		put_range(j, PFN_PHYS(node->node_start_pfn), PFN_PHYS(node->node_spanned_pages));
		json_uint(j, "present", PFN_PHYS(node->node_present_pages));
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void put_zones(struct json *j)
{
	struct zone *zone;

	json_open(j, "zones", '[');
	for_each_populated_zone(zone) {
		unsigned long blocks[NR_PAGE_ORDERS];

		item_open(j);
		json_int(j, "nid", zone->nid);
		json_str(j, "name", zone->name);
		put_range(j, PFN_PHYS(zone->zone_start_pfn), PFN_PHYS(zone->spanned_pages));
		json_uint(j, "present", PFN_PHYS(zone->present_pages));
		json_uint(j, "managed", PFN_PHYS(zone->managed_pages));
		json_uint(j, "free", PFN_PHYS(zone_free_pages(zone)));
		drain_pages_zone(zone);
		buddy_count(zone, blocks);
		json_open(j, "blocks", '[');
		for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++)
			json_uint(j, NULL, blocks[order]);
		json_close(j, ']');
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void snapshot_open(struct json *j)
{
	trace_flush();
	json_open(j, NULL, '{');
	json_uint(j, "schema", 1);
	json_str(j, "kind", "snapshot");
}

static void snapshot_close(struct json *j)
{
	json_close(j, '}');
	json_line(j);
	send_json(j);
}

void snapshot_handover(void)
{
	char buf[2 * ROOM_FOR_ITEM];
	struct json j = JSON_INIT(buf, sizeof(buf));

	if (com2_unusable())
		return;
	snapshot_open(&j);
	put_map(&j, "given", ARCH_MAP_GIVEN);
	put_map(&j, "sane", ARCH_MAP_SANE);
	put_map(&j, "user", ARCH_MAP_IN_USE);
	put_regions(&j, "memory", &memblock.memory);
	put_regions(&j, "reserved", &memblock.reserved);
	snapshot_close(&j);
}

void snapshot_end(void)
{
	char buf[2 * ROOM_FOR_ITEM];
	struct json j = JSON_INIT(buf, sizeof(buf));

	if (com2_unusable())
		return;
	snapshot_open(&j);
	put_owners(&j);
	put_ledger(&j);
	put_nodes(&j);
	put_zones(&j);
	snapshot_close(&j);
}
