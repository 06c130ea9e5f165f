/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TESTS_HOST_INCLUDE_LEDGER_RESET_H
#define TESTS_HOST_INCLUDE_LEDGER_RESET_H

/*
 * The ledger as at power on: no record, no account.  A program that calls this also has
 * memblock_event(), so that the ledger hears what memblock does.
 */
void ledger_reset(void);

#endif /* TESTS_HOST_INCLUDE_LEDGER_RESET_H */
