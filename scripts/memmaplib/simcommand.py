# SPDX-License-Identifier: GPL-2.0-only
"""`memmap sim` and scripts/sim: the simulator at a terminal or in somebody's CI.

Exit status, as of `memmap sim`: 0 all is accounted for; 35 the kernel refused to boot or panicked;
37 the ledger does not come out even; 2 there is no map in the log, or no simulator.
"""

import io
import json
import subprocess
import sys
import tempfile

from memmaplib import compare
from memmaplib.bootlog import read_file
from memmaplib.machine import NoMap, from_log
from memmaplib.whatif import Boot


def compared(dmesg, command, machine):
    """The table of a simulation of @machine beside the log it is of."""
    run = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    with open(dmesg, "rb") as stream:
        linux = compare.results(stream)
    image = machine.image if machine.image_made_ram else None
    sys.stdout.write(compare.table(linux, compare.results(io.BytesIO(run.stdout)), image)[0])
    if run.returncode:
        print(f"sim: the boot ended with status {run.returncode}; without --compare it says why",
              file=sys.stderr)
    return run.returncode


def as_json(log, cmdline, simulator):
    """What the boot came to, schema 1, on standard output."""
    boot = Boot(simulator, log, cmdline)
    data = boot.data(None)
    out = {"schema": 1, "source": log.name, "status": boot.status, "even": data["even"],
           "cmdline": boot.cmdline, "notes": boot.machine.told(cmdline),
           "came_to": boot.said, "ledger": boot.trace.facts.get("ledger"),
           "owners": boot.owners(), "refused": [{"word": word, "why": text.splitlines()}
                                                for word, text in boot.refusals()]}
    print(json.dumps(out, indent=1))
    return boot.status


def run(args, simulator, trace=""):
    """Boot args.map with args.cmdline; args.why, args.compare, args.json say what is shown."""
    if args.compare and args.map == "-":
        raise NoMap("--compare reads the map's file twice; '-' can be read once")
    log = read_file(args.map)
    machine = from_log(log, simulator.extent)
    if args.json:
        return as_json(log, args.cmdline, simulator)
    for note in machine.told(args.cmdline):
        print(f"sim: {args.map}: {note}", file=sys.stderr)
    more = [f"trace={trace}"] if trace else []
    if args.why:
        more += ["log=/dev/null", "ask=why" + ("" if args.why == "all" else f" {args.why}")]
    with tempfile.TemporaryDirectory(prefix="daybreak-") as folder:
        command = simulator.command(machine, machine.cmdline(args.cmdline), folder, *more)
        if args.compare:
            return compared(args.map, command, machine)
        return subprocess.run(command, check=False).returncode
