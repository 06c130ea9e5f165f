// SPDX-License-Identifier: GPL-2.0-only
/* The one variable Linux's suite defines in a test file of its own. */
#include <stdbool.h>

extern bool movable_node_enabled;
bool movable_node_enabled;
