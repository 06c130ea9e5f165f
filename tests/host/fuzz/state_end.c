// SPDX-License-Identifier: GPL-2.0-only
/* Linked after the kernel's objects: see switched_on.h. */
#include "switched_on.h"

STATE_MARKS(end);
