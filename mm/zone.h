/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Nodes and zones.
 *
 * Every node has four zones; a zone knows its free blocks (buddy.h), its sizes and
 * its watermarks.  Zones that have pages are numbered; the number is what a page
 * descriptor keeps, so "same zone and node" is one comparison.
 */
#ifndef MM_ZONE_H
#define MM_ZONE_H

#include "kernel/lib/spinlock.h"
#include "mm/page.h"

enum zone_type {
	ZONE_DMA,		/* below 16 MiB  */
	ZONE_DMA32,		/* below 4 GiB   */
	ZONE_NORMAL,
	ZONE_MOVABLE,		/* no range of its own: cut from the others */
	NR_ZONES,
	ZONE_DEVICE = NR_ZONES,	/* a name in Linux's views, never populated */
	MAX_NR_ZONES
};

enum migratetype {
	MIGRATE_UNMOVABLE,
	MIGRATE_MOVABLE,
	MIGRATE_RECLAIMABLE,
	MIGRATE_HIGHATOMIC,
	MIGRATE_CMA,
	MIGRATE_ISOLATE,
	MIGRATE_TYPES
};

enum zone_watermark { WMARK_MIN, WMARK_LOW, WMARK_HIGH, WMARK_PROMO, NR_WMARK };

/*
 * The lists of a migrate type: of chunks and pageblocks by the order of their largest free
 * block and, the last one, of those without a free block.
 */
#define LIST_NONE	NR_PAGE_ORDERS
#define NR_LISTS	(LIST_NONE + 1)

/**
 * struct stacked - a block on a stack, with all it takes to make it an allocated one
 * @units: the words that have its state, in which it begins at unit @at % 64 (mm/block_place.h)
 * @at: its first page is @at / 64
 */
struct stacked {
	struct units	*units;
	unsigned long	at;
};

static inline struct stacked stacked_block(struct units *units, unsigned long pfn,
					   unsigned int unit)
{
	return (struct stacked){ .units = units, .at = pfn << 6 | unit };
}

static inline unsigned long stacked_pfn(const struct stacked *block)
{
	return block->at >> 6;
}

/**
 * struct per_cpu_pages - a stack of free blocks of one zone, migrate type and order: mm/pcp.h
 * @blocks, @end: it may hold so many now
 * @top: behind the block that was pushed last; @blocks: there is none
 * @room: there is memory for so many, below PCP_GIVEN_ONE; and behind that, in the same word, how
 *	many blocks were ever popped: pcp_room(), pcp_given()
 */
struct per_cpu_pages {
	struct stacked	*top, *blocks, *end;
	unsigned long	room;
} __attribute__((aligned(32)));	/* as struct block_pattern: one index for both */

#define PCP_GIVEN_SHIFT	16
#define PCP_GIVEN_ONE	(1UL << PCP_GIVEN_SHIFT)

static inline unsigned long pcp_room(const struct per_cpu_pages *pcp)
{
	return pcp->room % PCP_GIVEN_ONE;
}

static inline unsigned long pcp_given(const struct per_cpu_pages *pcp)
{
	return pcp->room >> PCP_GIVEN_SHIFT;
}

/* How many blocks are on a stack, and how many it may hold. */
static inline unsigned int pcp_count(const struct per_cpu_pages *pcp)
{
	return (unsigned int)(__atomic_load_n(&pcp->top, __ATOMIC_RELAXED) - pcp->blocks);
}

static inline unsigned int pcp_high(const struct per_cpu_pages *pcp)
{
	return (unsigned int)(pcp->end - pcp->blocks);
}

#define PCP_TYPES	3	/* unmovable, movable, reclaimable have stacks */

/**
 * struct zone - pages [zone_start_pfn, + spanned_pages) of one node
 *
 * @lock: of the fields below and of the zone's pageblocks and chunks (mm/page.h)
 *
 * under zone->lock:
 * @listed_pages: pages on lists; zone_free_pages() (mm/pcp.h) counts those on stacks, too; read
 *	without the lock where it may be a little old
 * @avail: per migrate type: bit o clear means that the list of order o is empty; set means that it
 *	may have a member, so check
 * @list: see NR_LISTS
 * @managed_pages: given to the buddy
 * @free_cma_pages: of these, those of MIGRATE_CMA
 * @alloc_count: blocks given off lists; zone_alloc_count() (mm/pcp.h) counts those off stacks, too
 *
 * constant after boot:
 * @stacks: where in each CPU's table of stacks those of the zone begin: mm/pcp.h
 * @watermark, @lowmem_reserve: set by setup_per_zone_wmarks()
 * @span: if all its pages are in one, else NULL
 * @id: index in zone_index.zone
 * @index, @nid, @name: which zone of which node
 * @zone_start_pfn, @spanned_pages: where it lies, holes included
 * @present_pages: in memory regions
 * @cma_pages: in CMA areas
 */
struct zone {
	unsigned long	listed_pages;
	unsigned long	watermark[NR_WMARK];
	unsigned long	lowmem_reserve[MAX_NR_ZONES];
	uint16_t	avail[MIGRATE_TYPES];
	struct head	list[MIGRATE_TYPES][NR_LISTS];
	const struct page_span *span;
	unsigned long	stacks;
	uint16_t	id;
	enum zone_type	index;
	int		nid;
	const char	*name;
	unsigned long	zone_start_pfn;
	unsigned long	spanned_pages;
	unsigned long	present_pages;
	unsigned long	managed_pages;
	unsigned long	free_cma_pages;
	unsigned long	cma_pages;
	unsigned long	alloc_count;
	struct spinlock	lock __attribute__((aligned(64)));
};

/**
 * struct pglist_data - one node; constant after boot
 * @node_zonelist: zones to try, best first, NULL at the end: all zones of the node
 *	from the highest down, then those of the next node
 * @node_zonelist_own: how many of them are of this node
 */
typedef struct pglist_data {
	struct zone	node_zones[NR_ZONES];
	struct zone	**node_zonelist;
	unsigned int	node_zonelist_own;
	struct zone	*first_zone[NR_ZONES];	/* of the list, by highest zone allowed */
	int		node_id;
	unsigned long	node_start_pfn;
	unsigned long	node_spanned_pages;	/* end - start, holes included */
	unsigned long	node_present_pages;
	unsigned long	movable_pfn;		/* where ZONE_MOVABLE begins, 0: nowhere */
	unsigned int	load;			/* how often it heads a distance group */
} __attribute__((aligned(64))) pg_data_t;	/* whole cache lines, like its memory */

/* NULL for nodes that do not exist.  A memory-less node exists. */
extern struct pglist_data *node_data[MAX_NUMNODES];
#define NODE_DATA(nid)	(node_data[nid])

/* Highest existing node + 1; 0 before the first. */
extern int nr_node_ids;

/**
 * alloc_node_data() - make a node exist
 *
 * Allocates its struct pglist_data on the node itself where possible, with Linux's
 * NODE_DATA lines; panics if there is no memory at all.  initmem_init() calls it for
 * the nodes that were found, alloc_all_node_data() for those that only memblock's regions
 * name.  A second call for a node does nothing.  Context: before free_area_init().
 */
void alloc_node_data(int nid);

/* The same for a node without memory: no line, and memory of any node. */
void alloc_offline_node_data(int nid);

/* Next existing node >= @nid, MAX_NUMNODES at the end. */
int node_next(int nid);
#define for_each_node(nid)							\
	for ((nid) = node_next(0); (nid) < MAX_NUMNODES; (nid) = node_next((nid) + 1))

/* Pages in memory regions of all nodes. */
unsigned long get_num_physpages(void);

/** node_online() - does node @nid exist, and have memory, a CPU, or a device like one? */
bool node_online(int nid);

/** node_distance() - what numa_set_distance() was told, or 10 and 20; any time, any id */
int node_distance(int from, int to);

#define MAX_ZONES	512	/* with pages, of all nodes */

/**
 * struct zone_index - nodes and zones, and where the pages of each zone are
 * @first_node: the node with the lowest id, which the boot CPU counts as its own
 * @zone: every zone that has pages, by its id
 * @range: RAM in order of address, each range of one zone
 *
 * constant after boot: free_area_init() fills it.
 */
struct zone_index {
	struct pglist_data	*first_node;
	struct zone		**zone;
	unsigned int		nr_zones;
	unsigned int		nr_ranges;
	struct zone_range	*range;
};

extern struct zone_index zone_index;

/* Every zone that has pages, by node and index; @zone is a struct zone *. */
#define for_each_populated_zone(zone)						\
	for (unsigned int zone_i_ = 0;						\
	     zone_i_ < zone_index.nr_zones &&					\
	     (zone = zone_index.zone[zone_i_], true); zone_i_++)

static inline struct zone *zone_from_id(unsigned int id)
{
	return zone_index.zone[id];
}

static inline unsigned long zone_listed_pages(const struct zone *zone)
{
	return __atomic_load_n(&zone->listed_pages, __ATOMIC_RELAXED);
}

static inline unsigned long zone_end_pfn(const struct zone *zone)
{
	return zone->zone_start_pfn + zone->spanned_pages;
}

/* The node that memory of region node @nid counts to: node 0 where no finder has named one. */
static inline int nid_of_memory(int nid)
{
	return numa_valid_node(nid) ? nid : 0;
}

static inline int zone_to_nid(const struct zone *zone)
{
	return zone->nid;
}

static inline bool populated_zone(const struct zone *zone)
{
	return zone->present_pages != 0;
}

/* page_span_of() for a page known to be in @zone. */
static inline const struct page_span *zone_span_of(const struct zone *zone, unsigned long pfn)
{
	return likely(zone->span) ? zone->span : page_span_of(pfn);
}

/** zone_of_pfn() - the zone a page of RAM belongs to, NULL if it is no RAM */
struct zone *zone_of_pfn(unsigned long pfn);

/**
 * struct zone_range - RAM [start, end) of one zone; sorted, disjoint
 *
 * What memblock knew, kept for afterwards: whole pages of memory regions, joined where
 * two touch and cut at the zones' borders.
 */
struct zone_range {
	unsigned long	start;
	unsigned long	end;
	struct zone	*zone;
};

unsigned int zone_range_count(void);
const struct zone_range *zone_range_get(unsigned int i);
/* The range with @pfn or, in a hole, the first above it; NULL if none. */
const struct zone_range *zone_range_from(unsigned long pfn);

/** zone_init_free_lists() - @zone has no free block */
void zone_init_free_lists(struct zone *zone);

extern const char *const zone_names[MAX_NR_ZONES];
extern const char *const migratetype_names[MIGRATE_TYPES];

/* ---- zone_policy.c: watermarks and order of zones -------------------------- */

extern unsigned long min_free_kbytes;

/** setup_per_zone_wmarks() - min_free_kbytes, watermarks and lowmem reserves by size */
void setup_per_zone_wmarks(void);

/* What setup_preferred_zones() found is not true any more: zonelists or watermarks change. */
static inline void forget_preferred_zones(void)
{
	memset(this_cpu()->preferred_zones, 0, sizeof(this_cpu()->preferred_zones));
}

/** build_all_zonelists() - "Fallback order", "Built", "Policy zone" */
void build_all_zonelists(void);

extern bool page_group_by_mobility_disabled;

#endif /* MM_ZONE_H */
