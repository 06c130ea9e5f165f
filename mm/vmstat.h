/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The buddy as text: Linux's /proc files, character for character, for whoever
 * prints them.  Nothing is allocated; @print is printf-like and called in pieces.
 */
#ifndef MM_VMSTAT_H
#define MM_VMSTAT_H

typedef int vmstat_print_fn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* /proc/buddyinfo, pagetypeinfo, zoneinfo: any time after the hand-over. */
void buddyinfo_print(vmstat_print_fn *print);
void pagetypeinfo_print(vmstat_print_fn *print);
void zoneinfo_print(vmstat_print_fn *print);

/* The same at the end of boot, for the log: "buddy: Node 0, zone ..." */
void buddy_report(void);

/**
 * meminfo_print() - /proc/meminfo up to DirectMap, which others own
 * @extra: called at the end for those lines, may be NULL
 */
void meminfo_print(vmstat_print_fn *print, void (*extra)(vmstat_print_fn *print));

#endif /* MM_VMSTAT_H */
