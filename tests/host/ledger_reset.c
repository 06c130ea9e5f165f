// SPDX-License-Identifier: GPL-2.0-only
#include "ledger_reset.h"

#include "kernel/lib/string.h"
#include "mm/ledger.h"
#include "mm/memblock_event.h"	/* memblock_events */

void ledger_reset(void)
{
	memset(&ledger, 0, sizeof(ledger));
	memset(&memblock_events, 0, sizeof(memblock_events));
}
