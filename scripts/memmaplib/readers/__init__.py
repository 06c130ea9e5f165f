# SPDX-License-Identifier: GPL-2.0-only
"""Who can be read: one row a witness, one file a reader (scripts/README.md says how to add one)."""

from collections import namedtuple

from memmaplib.readers import (bsd, coreboot, debugfs, efishell, grub, iomem, limine, linuxmap,
                               linuxmemblock, linuxnodes, linuxsaid, procfs, seabios,
                               uboot, xen)

Row = namedtuple("Row", "reader says")
READERS = (
    Row(linuxmap, "Linux: firmware map, EFI, SRAT, ACPI tables"),
    Row(linuxmemblock, "Linux: memblock=debug"),
    Row(linuxnodes, "Linux: nodes, zones, who took memory; device tree machines"),
    Row(linuxsaid, "Linux: what it did to the map"),
    Row(xen, "Xen itself"),
    Row(efishell, "EFI shell memmap, GRUB lsefimmap, U-Boot efidebug memmap, ESXi"),
    Row(grub, "GRUB lsmmap, displaymem"),
    Row(seabios, "SeaBIOS, hvmloader"),
    Row(coreboot, "coreboot"),
    Row(uboot, "U-Boot bdinfo, lmb"),
    Row(limine, "Limine"),
    Row(bsd, "FreeBSD SMAP, EFI, chunks; OpenBSD machine memory"),
    Row(iomem, "/proc/iomem, /sys/firmware/memmap"),
    Row(procfs, "/proc/buddyinfo, /proc/zoneinfo"),
    Row(debugfs, "/sys/kernel/debug/memblock"),
)
KINDS = [kind for row in READERS for kind in row.reader.KINDS]
