/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why a taker did not get its memory, who is in the way, and what would fit.
 *
 *	taker: why_note() ──► a record: the wish, and what memblock, ledger and map
 *	                      say of it at that moment ──► why_print(), for the
 *	                      monitor's `why` and the simulator's WHY=
 *
 * The answer is worked out when the taker has just been refused and has given back what it had:
 * what is reserved later was not in the way.
 */
#ifndef MM_WHY_H
#define MM_WHY_H

#include "kernel/lib/types.h"
#include "mm/memblock.h"	/* memblock_print_fn */

#define WHY_RECORDS	4	/* refused wishes that are kept: the first ones */
#define WHY_PIECES	3	/* of what is in the way, the rest is counted */
#define WHY_NODES	64	/* nodes whose room for gigantic pages is told */
#define WHY_TYPE	16	/* letters of a type of the map, with NUL */

enum why_from {
	WHY_FREE_MEMORY,	/* memblock's free memory */
	WHY_RAM_OF_MAP,		/* RAM of the map and not reserved: memmap= */
};

/**
 * struct why_wish - what was asked for
 * @word: of the command line, a constant: "crashkernel"
 * @size, @align: bytes; @align is a power of two, 0: any
 * @grain: what sizes are rounded up to, a power of two; 0: nothing
 * @low, @high: it was to lie in [@low, @high); @high 0: anywhere from @low on
 * @nid: on that node, or NUMA_NO_NODE
 * @fixed: at @low and nowhere else
 * @tail: what follows the size where such a wish is typed, "" or ",low"
 * @far: the same for a place outside of [@low, @high); NULL: there is no such wish
 * @got: of @wanted pieces so many were had; 0 of 0: it is about one
 */
struct why_wish {
	const char	*word;
	phys_addr_t	size, align, grain;
	phys_addr_t	low, high;
	int		nid;
	bool		fixed;
	enum why_from	from;
	const char	*tail, *far;
	unsigned long	got, wanted;
};

/**
 * struct why_piece - a range that is in the way
 * @owner, @caller: whose reservation it is; both unknown: the map calls it @type
 * @step: number of the operation that reserved it; -1: not known any more
 */
struct why_piece {
	phys_addr_t	base, end;
	const char	*owner;
	unsigned long	caller;
	int64_t		step;
	char		type[WHY_TYPE];
};

/**
 * struct why - a wish and the answer
 * @at: the operations there had been
 * @start: bytes from @wish.low on that are free, if it is @wish.fixed
 * @begin, @base, @largest: the largest aligned room in [low, high), which begins at @base in a
 *	free range from @begin on; @largest 0: there is none
 * @far_base, @far: the same for all places
 * @nearest: the place nearest to @wish.low with room for all; 0: there is none
 * @pages: rooms of @wish.size in [low, high)
 * @starves: there was room, but what follows would have had too little
 * @more: pieces beyond those of @piece
 */
struct why {
	struct why_wish	wish;
	uint64_t	at;
	phys_addr_t	start;
	phys_addr_t	begin, base, largest, far_base, far, nearest;
	unsigned long	pages;
	bool		starves;
	struct why_piece piece[WHY_PIECES];
	unsigned int	pieces, more;
	uint16_t	node[WHY_NODES];
};

/**
 * why_note() - a wish was not fulfilled
 *
 * Prints nothing.  Of more than WHY_RECORDS the later ones are dropped.
 * Context: before the hand-over, when whatever was taken in vain has been given back.
 */
void why_note(const struct why_wish *wish);

/** why_get() - record number @i; NULL past the last one */
const struct why *why_get(unsigned int i);

/**
 * why_print() - every refusal of @word, or of all words if it is NULL (mm/report/why_print.c)
 * @print: as printf(); a line may come in pieces
 *
 * Return: how many there were; 0: nothing was printed.
 */
unsigned int why_print(const char *word, memblock_print_fn *print);

#endif /* MM_WHY_H */
