/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What programs learn on COM2 besides the events: the state of memory, as JSON objects of kind
 * "snapshot", schema 1, one line each:
 *
 *	snapshot_handover()	given, sane, user, memory, reserved
 *	snapshot_end()		owners, ledger, nodes, zones
 *
 * given, sane, user	[{base, size, type}]		the firmware's map in three stages
 * memory, reserved	[{base, size, nid, flags}]	memblock's arrays
 * owners		[{base, size, owner, caller}]	the ledger's records
 * ledger		{usable, buddy, reserved, rounding, withheld, even}	bytes
 * nodes		[{nid, base, size, present}]	present in bytes
 * zones		[{nid, name, base, size, present, managed, free, blocks}]
 *			blocks: free blocks of order 0, 1, 2...; the others in bytes
 *
 * base and size are hex strings, as in events.
 */
#ifndef KERNEL_SNAPSHOT_H
#define KERNEL_SNAPSHOT_H

/* Send events and snapshots to COM2 from now on; what was recorded is sent first. */
void snapshot_init(void);

/* Call after the hand-over, before memblock's arrays are discarded. */
void snapshot_handover(void);

/* Call when nothing will change any more. */
void snapshot_end(void);

#endif /* KERNEL_SNAPSHOT_H */
