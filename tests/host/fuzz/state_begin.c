// SPDX-License-Identifier: GPL-2.0-only
/* Linked before the kernel's objects: see switched_on.h. */
#include "switched_on.h"

STATE_MARKS(begin);
