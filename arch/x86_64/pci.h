/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ARCH_X86_PCI_H
#define ARCH_X86_PCI_H

#include "kernel/lib/types.h"

/**
 * pci_has_config_space() - can anybody look at devices here?
 *
 * By ports (configuration mechanism 1 of PCI 3.0, 3.2.2.3.2) or by memory, as MCFG says.  A
 * microvm has neither.  Context: after acpi_boot_table_init().
 */
bool pci_has_config_space(void);

#endif /* ARCH_X86_PCI_H */
