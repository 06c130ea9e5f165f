#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Turn a Linux dmesg of any era into a machine that Daybreak boots.

  e820-import.py server.dmesg                 say what was found
  e820-import.py server.dmesg --parts         lines for scripts/mbi.py
  e820-import.py server.dmesg --multiboot2 F  the loader's block itself

`make run MAP=server.dmesg` boots it in QEMU, `make sim MAP=server.dmesg` on the host.

Read are BIOS-e820 lines (old and new form), BIOS-88, efi memNN lines, Xen's, user:
lines, memblock lines, and SRAT lines.  '-' is standard input.
"""

import argparse
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))
# pylint: disable=wrong-import-position
import mbi                                                       # noqa: E402
from memmaplib.bootlog import read_file          # noqa: E402
from memmaplib.facts import RAM, type_name       # noqa: E402
from memmaplib.machine import BLOCK_AT, NoMap, from_log          # noqa: E402
from memmaplib.story import human, mem                           # noqa: E402


def describe(machine, log):
    """For people."""
    ram = sum(max(entry.size, 0) for entry in machine.entries if entry.type == RAM)
    out = [f"{log.name}: {len(machine.entries)} entries from {machine.source}, "
           f"{human(ram)} of RAM up to {machine.top:#x}"]
    out += [f"  {mem(entry.start, entry.end)} {type_name(entry.type)}" for entry in machine.entries]
    if machine.srat:
        nodes = {node.nid for node in machine.srat}
        out.append(f"  {len(machine.srat)} SRAT ranges of {len(nodes)} nodes")
    out += [f"  note: {note}" for note in machine.told("")]
    if machine.words:
        out.append(f"  command line: {' '.join(machine.words)}")
    if machine.at_log:
        out.append(f"  @log: {' '.join(machine.at_log)}")
    name, size, cpu = machine.qemu_memory()
    out.append(f"  QEMU: -M {name} -m {size >> 10}K -cpu {cpu}" + "".join(
        f" and {human(part)} at {base:#x}" for base, part in machine.pci_ram()))
    return "\n".join(out) + "\n"


def main():
    top = argparse.ArgumentParser(description=__doc__,
                                  formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("dmesg", help="a kernel log; '-' for standard input")
    top.add_argument("--parts", action="store_true", help="print the parts for mbi.py")
    top.add_argument("--json", action="store_true", help="parts and machine as one JSON object")
    top.add_argument("--multiboot2", metavar="FILE", help="write the block as bytes")
    top.add_argument("--cmdline", default="", help="kernel command line in the block")
    top.add_argument("--build", default=str(ROOT / "build"), metavar="DIR",
                     help="where kernel.elf is, whose image has a place in the map")
    args = top.parse_args()
    try:
        log = read_file(args.dmesg)
        kernel = Path(args.build, "kernel.elf")
        machine = from_log(log, mbi.Elf(kernel).extent() if kernel.exists() else None)
        cmdline = machine.cmdline(args.cmdline)
        parts = machine.parts(cmdline)
        if args.multiboot2:
            block = mbi.build("fake-mb2", parts, cmdline)
            Path(args.multiboot2).write_bytes(dict(block.pieces)[BLOCK_AT])
        elif args.parts:
            print("\n".join(parts))
        elif args.json:
            name, size, cpu = machine.qemu_memory()
            print(json.dumps({"schema": 1, "source": machine.source, "parts": parts,
                              "notes": machine.told(args.cmdline), "machine": name, "mem": size, "cpu": cpu,
                              "pci_ram": machine.pci_ram(), "words": machine.words,
                              "at_log": machine.at_log}))
        else:
            sys.stdout.write(describe(machine, log))
    except NoMap as trouble:
        sys.exit(f"e820-import.py: {trouble}")
    except OSError as error:
        sys.exit(f"e820-import.py: {error.filename or args.dmesg}: {error.strerror}")
    except mbi.BlobError as error:
        sys.exit(f"e820-import.py: {error}")


if __name__ == "__main__":
    main()
