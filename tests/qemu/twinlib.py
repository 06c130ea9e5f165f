# SPDX-License-Identifier: GPL-2.0-only
"""Two kernels on one QEMU machine: Debian's Linux and ours.

A Machine is what both get.  boot() runs one kernel until its last compared
line has come and keeps the log; judge() says where the two part.
"""

import glob
import hashlib
import os
import re
import select
import shlex
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [os.path.join(TOP, "scripts")]
import mbi  # noqa: E402
import qemulib as q  # noqa: E402
from memmaplib import difflinux  # noqa: E402

# How the reference logs were made, and the first lines even of a boot that dies early.
PREFIX = "console=ttyS0 earlyprintk=serial,ttyS0,115200 memblock=debug panic=-1 " \
         "ignore_loglevel nokaslr"
OURS = "selftest=all"       # what ours does besides, after its last compared line
PACKAGE = r"^linux-image-6\.12\.[0-9]+[+]deb[0-9]+-amd64-unsigned$"
SILENCE, LONGEST = 150, 500    # seconds without a line; of a whole boot
TRIES = 5

STAMP = re.compile(r"^[^\[]*\[\s*\d+\.\d+\] ?")    # an early panic says its text twice
OVER = re.compile(r"^---\[ end Kernel panic")
# The last lines somebody may want to compare are the RAM buffers; these come after them.
LINUX_END = re.compile(r"^(PCI: CLS|Trying to unpack rootfs|workingset:|Initialise system trusted)")
OUR_END = re.compile(r"^verdict: (passed|failed)")
# Nothing to do with memory: a host so busy that the guest's timer comes late.  Once more, then.
BAD_LUCK = re.compile(r"^Kernel panic - not syncing: IO-APIC \+ timer doesn't work")
REFUSED, SILENT = "QEMU ended with status", "it fell silent"
DEATH = re.compile(r"^(Kernel panic - not syncing: .*|BUG: .*|Oops: .*|PANIC: early exception .*)")


class Trouble(Exception):
    """Something is not as it has to be on this computer; told in one line."""


@dataclass
class Machine:
    """What the two kernels share."""
    name: str
    machine: str = "pc"
    cpu: str = "qemu64"
    mem: str = "1G"
    fw: str = "bios"
    initrd: str = ""            # size of a file of noise, or the path of one
    cmdline: str = ""           # follows PREFIX
    acpi: list = field(default_factory=list)        # tables in the words of scripts/acpi.py
    qemu: list = field(default_factory=list)
    differs: dict = field(default_factory=dict)     # kind of line, or /regex/: why it may
    silent: str = ""            # why Linux says nothing here, if it does not

    def words(self):
        """The options of tests/qemu/twins that make this machine again."""
        out = []
        for key in ("machine", "cpu", "mem", "fw", "initrd", "cmdline"):
            value = getattr(self, key)
            if value != Machine.__dataclass_fields__[key].default:
                out.append(f"--{key}={value}")
        out += [f"--acpi={line}" for line in self.acpi]
        return out + [f"--qemu={word}" for word in self.qemu]


def linux_kernel(build, fetch=True):
    """The vmlinuz to boot: $LINUX, the one of the last time, or out of Debian's package."""
    known = [os.environ["LINUX"]] if os.environ.get("LINUX") else \
        sorted(glob.glob(os.path.join(build, "linux", "boot", "vmlinuz-6.12.*")))[-1:]
    if known:
        return known[0]
    if not fetch:
        return None
    names = subprocess.run(["apt-cache", "pkgnames", "linux-image-6.12"], text=True,
                           capture_output=True, check=False).stdout.split()
    names = sorted((name for name in names if re.match(PACKAGE, name)),
                   key=lambda name: int(name.split(".")[2].split("+")[0]))
    if not names:
        return None
    folder = os.path.join(os.path.abspath(build), "linux")
    os.makedirs(folder, exist_ok=True)
    script = f"apt-get download -q -o APT::Sandbox::User=root {names[-1]} && " \
             f"dpkg-deb -x {names[-1]}_*.deb . && rm -rf {names[-1]}_*.deb lib usr"
    if subprocess.run(script, shell=True, cwd=folder, check=False).returncode:
        return None
    return linux_kernel(build, fetch=False)


def noise(build, size):
    """A file of this size that no kernel takes for an archive; the same every time."""
    if os.path.exists(size):
        return size
    path = os.path.join(build, "twins", f"noise-{size}")
    if not os.path.exists(path):
        block = b"".join(hashlib.sha256(bytes([at])).digest() for at in range(256))
        left = q.parse_size(size)
        new = f"{path}.{threading.get_ident()}"     # another pair may want the same file now
        with open(new, "wb") as file:
            while left > 0:
                left -= file.write(block[:min(left, len(block))])
        os.rename(new, path)
    return path


def acpi_args(words, build):
    """-acpitable for each table that the words describe."""
    tables, args = mbi.acpi.Tables(mbi.number, mbi.ranges), []
    for line in words:
        name, options, rest, _ = mbi.split_words(line)
        if not tables.part(name, options, rest):
            raise Trouble(f"not a table: {line}")
    for table in tables.tables:
        name = hashlib.sha256(table).hexdigest()[:16]
        path = os.path.join(build, "twins", f"{table[:4].decode()}-{name}")
        new = f"{path}.{threading.get_ident()}"     # another pair may want the same table now
        with open(new, "wb") as file:
            file.write(table)
        os.rename(new, path)
        args += ["-acpitable", f"file={path}"]
    return args


def command(machine, build, kernel=None):
    """QEMU for Linux (@kernel) or for ours (None)."""
    cmdline = " ".join([PREFIX] + ([] if kernel else [OURS]) + [machine.cmdline]).strip()
    args = [arg for arg in q.base_args() if not arg.startswith("isa-debug-exit")]
    args.remove("-device")
    args += q.memory_args(machine.machine, machine.mem, machine.cpu)
    initrd = noise(build, machine.initrd) if machine.initrd else None
    if kernel:
        args += ["-kernel", kernel, "-append", cmdline] + (["-initrd", initrd] if initrd else [])
        args += ["-bios", q.OVMF, "-vga", "std"] if machine.fw == "uefi" else []
    else:
        args += q.loader_args("iso-uefi" if machine.fw == "uefi" else "pvh",
                              os.path.join(build, "kernel.iso"),
                              os.path.join(build, "kernel.elf"), cmdline, initrd, "",
                              os.path.join(build, "twins"))
    return args + acpi_args(machine.acpi, build) + machine.qemu


def run(args, end, path):
    """Run QEMU until a line matches @end, it stops, or it says no more; how it ended."""
    started = heard = time.monotonic()
    fate, pending = None, b""
    with open(path + ".new", "wb") as log, subprocess.Popen(
            q.attended(args), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT) as qemu:
        try:
            while True:
                ready, _, _ = select.select([qemu.stdout], [], [], 1)
                now = time.monotonic()
                if ready:
                    chunk = os.read(qemu.stdout.fileno(), 65536)
                    if not chunk:
                        status = qemu.wait()
                        fate = f"{REFUSED} {status}" if status else \
                            fate or "it stopped without a word"
                        break
                    log.write(chunk)
                    heard = now
                    *lines, pending = (pending + chunk).split(b"\n")
                    for raw in lines:
                        line = STAMP.sub("", q.plain(raw.decode(errors="replace")))
                        if end.match(line):
                            return fate or end.match(line)[0]
                        if OVER.match(line):
                            return fate
                        fate = fate or (DEATH.match(line) and DEATH.match(line)[0])
                elif now - heard > SILENCE or now - started > LONGEST:
                    fate = fate or SILENT
                    break
        finally:
            qemu.kill()
            qemu.wait()
            log.close()
            os.replace(path + ".new", path)
    return fate


def boot(machine, build, kernel=None):
    """Boot one of the two: (path of the log, fate).  Linux's log of the same machine is kept.

    Not that of a boot that says nothing of Linux: QEMU did not start, or the host was too busy.
    """
    folder = os.path.join(build, "twins")
    os.makedirs(folder, exist_ok=True)
    args = command(machine, build, kernel)
    if not kernel:
        path = os.path.join(folder, machine.name.replace("/", "-") + ".ours.log")
        return path, run(args, OUR_END, path)
    same = [os.path.basename(kernel), PREFIX] + machine.words()
    key = hashlib.sha256("\0".join(same).encode()).hexdigest()[:16]
    path = os.path.join(folder, f"linux-{key}.log")
    if not os.path.exists(path + ".fate"):
        for _ in range(TRIES):
            fate = run(args, LINUX_END, path)
            if not BAD_LUCK.match(fate):
                break
        if fate.startswith(REFUSED) or fate == SILENT and not said(path):
            return path, fate
        with open(path + ".fate", "w", encoding="utf-8") as file:
            file.write(f"{fate}\n# {shlex.join(args)}\n")
    with open(path + ".fate", encoding="utf-8") as file:
        return path, file.readline().rstrip("\n")


def said(path):
    """All comparable lines of a log."""
    with open(path, "rb") as stream:
        return difflinux.items(stream, changes=difflinux.SAME_INITRD)


def read(path, machine):
    """Those that have to be the same on this machine."""
    if "*" in machine.differs:
        return []
    lines = [re.compile(kind[1:-1]) for kind in machine.differs if kind.startswith("/")]
    return [item for item in difflinux.beside_itself(said(path))
            if item.kind not in machine.differs
            and not any(line.search(item.text) for line in lines)]


def last_words(path):
    """The last line of a log, whatever it is about."""
    with open(path, "rb") as file:
        text = q.plain(file.read().decode(errors="replace")).strip()
    return text.splitlines()[-1].strip() if text else "(an empty log)"


@dataclass
class Verdict:
    """What came of one pair of boots."""
    word: str           # of GOOD, BAD, or silent: Linux said nothing, so nothing was compared
    lines: int
    text: str


# died: Linux did, and ours made the best of it.  refused: QEMU did not run one of the two.
GOOD, BAD = ("equal", "died"), ("differs", "refused")


def judge(machine, linux, ours):
    """Compare two boots, each (path, fate)."""
    fates = f"Linux: {linux[1]}\nours:  {ours[1]}\n"
    for path, fate in (linux, ours):
        if fate.startswith(REFUSED):
            return Verdict("refused", 0, fates + last_words(path) + "\n")
    ends_well = ours[1] == "verdict: passed" or ours[1].startswith("Kernel panic - not syncing: ")
    left, right = difflinux.beside(read(linux[0], machine), read(ours[0], machine))
    if not left and ("*" not in machine.differs or not said(linux[0])):
        return Verdict("silent" if ends_well else "differs", 0,
                       fates + f"Linux's last line: {last_words(linux[0])}\n")
    if linux[1] != ours[1]:     # its last words are judged below
        left, right = ([item for item in side if item.kind != "panic"] for side in (left, right))
    whole = bool(LINUX_END.match(linux[1]))
    if not whole:       # Linux's log ends where it died: ours may go on
        codes = difflinux.diverge(left, right)
        if codes and codes[-1][0] == "insert" and codes[-1][1] == len(left):
            right = right[:codes[-1][3]]
    text = difflinux.report(left, right, everything=True, most=6)
    if difflinux.diverge(left, right):
        return Verdict("differs", len(left), fates + text)
    if not ends_well or whole and ours[1] != "verdict: passed":
        return Verdict("differs", len(left), fates)
    return Verdict("equal" if whole or ours[1] == linux[1] else "died", len(left), fates)
