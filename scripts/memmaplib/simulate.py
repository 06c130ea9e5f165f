# SPDX-License-Identifier: GPL-2.0-only
"""The simulator as a program: a machine and a command line in, a log and a trace out.

    Machine ──► mbi.py: the loader's block, ACPI tables ──► files ──► build/sim ──► log, trace

The borders of the real kernel's image come from kernel.elf, or from the file `sim.image` that
`make install` puts beside the program.
"""

import os
import resource
import subprocess
import time

import mbi

KERNEL_MAP_BASE = 0xFFFFFFFF80000000
BORDERS = {"_text", "_etext", "__start_rodata", "__end_rodata", "_sdata", "__end_ro_after_init",
           "_edata", "__init_begin", "__init_end", "__bss_start", "__bss_stop", "_end",
           "_sinittext", "_einittext", "__initdata_begin", "__initdata_end",
           "__start_ro_after_init", "table_pages"}
SECONDS, BYTES, TRACE_BYTES = 20, 3 << 30, 64 << 20     # what a run for a stranger may take
LOOK = 0.02                                             # seconds between two looks at it
PAGE = os.sysconf("SC_PAGE_SIZE")


class NoSimulator(Exception):
    """There is none; told in one line."""


class TooMuch(Exception):
    """A run took more time or memory than it may."""


def image_words(kernel):
    """Where the kernel's image has its borders: `image=` words for the simulator."""
    listing = subprocess.run(["nm", kernel], capture_output=True, text=True, check=True).stdout
    words = []
    for line in listing.splitlines():
        fields = line.split()
        if len(fields) == 3 and fields[2] in BORDERS:
            words.append(f"image={int(fields[0], 16) - KERNEL_MAP_BASE:x}:{fields[2]}")
    return words


class Simulator:
    """The program in a folder, and the image it stands for."""

    def __init__(self, folder):
        self.program = os.path.join(folder, "sim")
        kernel, image = (os.path.join(folder, name) for name in ("kernel.elf", "sim.image"))
        try:
            if os.path.exists(kernel) or not os.path.exists(image):
                self.extent, self.words = mbi.Elf(kernel).extent(), image_words(kernel)
            else:
                with open(image, encoding="ascii") as file:
                    self.words = file.read().split()
                start, end = self.words.pop(0).split("-")
                self.extent = int(start, 16), int(end, 16)
            os.stat(self.program)
        except OSError as error:
            raise NoSimulator(f"{error.filename}: {error.strerror}: no simulator here "
                              "(in the tree: make build/sim; else make install)") from error

    def image_text(self):
        """For sim.image."""
        return "\n".join([f"{self.extent[0]:x}-{self.extent[1]:x}", *self.words]) + "\n"

    def command(self, machine, cmdline, folder, *more):
        """The command, after the loader's block and the tables were put into @folder."""
        cpu = machine.qemu_memory()[2].rsplit("phys-bits=", 1)[1]
        block = mbi.build("fake-mb2", machine.parts(cmdline), cmdline)
        words = []
        for index, (address, data) in enumerate(block.pieces):
            path = os.path.join(folder, str(index))
            with open(path, "wb") as file:
                file.write(data)
            words.append(f"{address:x}={path}")
        return [self.program, f"{block.magic:x}", f"{block.at:x}", "cpu=gbpages",
                f"cpu=phys-bits={cpu}", *more, *words, *self.words]


def limit_files():
    """In the child: no core, no endless trace.  Its address space is lazy, and no measure."""
    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (TRACE_BYTES, TRACE_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))


def resident(pid):
    """Bytes of memory a process has; 0: it is gone."""
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * PAGE
    except (OSError, IndexError, ValueError):
        return 0


def run_limited(command, stdout, seconds=SECONDS, most=BYTES):
    """Run it within limits.  Return: its status; raises TooMuch."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stdout,
                          stderr=subprocess.DEVNULL, preexec_fn=limit_files) as child:
        end = time.monotonic() + seconds
        while True:
            try:
                return child.wait(LOOK)
            except subprocess.TimeoutExpired:
                pass
            why = (f"took more than {seconds} seconds" if time.monotonic() > end else
                   f"took more than {most >> 20} MiB" if resident(child.pid) > most else "")
            if why:
                child.kill()
                child.wait()
                raise TooMuch(f"the simulated boot {why} and was ended")
