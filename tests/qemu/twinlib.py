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
import devicetree  # noqa: E402
import mbi  # noqa: E402
import qemulib as q  # noqa: E402
from memmaplib import difflinux, wording  # noqa: E402
import debianlinux  # noqa: E402

# How the reference logs were made, and the first lines even of a boot that dies early.
PREFIX = {
    "x86_64": "console=ttyS0 earlyprintk=serial,ttyS0,115200 memblock=debug panic=-1 "
              "ignore_loglevel nokaslr",
    "arm64": "console=ttyAMA0 earlycon=pl011,0x9000000 memblock=debug panic=-1 ignore_loglevel "
             "nokaslr",
}
OURS = "selftest=all"       # what ours does besides, after its last compared line
# Seconds of a boot; without a line; without a line and without anything to compute: a machine that
# has halted.  In between a kernel may wait for a device that does not answer.
LONGEST, SILENCE, HALTED = 500, 150, 12
# Of the processor's seconds, which do not depend on what else this computer does: without a line.
BUSY = 40
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
    arch: str = "x86_64"
    machine: str = "pc"
    cpu: str = "qemu64"
    mem: str = "1G"
    fw: str = "bios"
    initrd: str = ""            # size of a file of noise, or the path of one
    cmdline: str = ""           # follows PREFIX
    row: str = ""               # of the table of releases
    acpi: list = field(default_factory=list)        # tables in the words of scripts/acpi.py
    qemu: list = field(default_factory=list)
    dts: list = field(default_factory=list)         # of arm64: lines of the device tree's root,
    dtfw: list = field(default_factory=list)        # and deeds of devicetree.py
    differs: dict = field(default_factory=dict)     # kind of line, or /regex/: why it may
    silent: str = ""            # why Linux says nothing here, if it does not

    def words(self):
        """The options of tests/qemu/twins that make this machine again."""
        out = []
        for key in ("arch", "machine", "cpu", "mem", "fw", "initrd", "cmdline"):
            value = getattr(self, key)
            if value != Machine.__dataclass_fields__[key].default:
                out.append(f"--{key}={value}")
        for key in ("acpi", "dts", "dtfw"):
            out += [f"--{key}={line}" for line in getattr(self, key)]
        return out + [f"--qemu={word}" for word in self.qemu]


@dataclass
class Reference:
    """The Linux of one column of the table, and how ours is made to resemble it."""
    release: str                # "6.18", or the path of a vmlinuz
    kernel: str                 # the vmlinuz
    dialect: str                # what dialect= says
    wording: wording.Wording


DIALECTS = ("6.12", "6.18", "7.3")


def dialect_of(release):
    """The dialect nearest to @release from below; of what is older, the first."""
    def number(text):
        return [int(part) for part in text.split(".")[:2]]
    return [d for d in DIALECTS if number(d) <= max(number(release), number(DIALECTS[0]))][-1]


def reference(word, build, arch="x86_64"):
    """(Reference, why): of a release such as 6.18 or of a vmlinuz; None and a reason."""
    release = re.search(r"(?:^|vmlinuz-)(\d+\.\d+)", word)
    release = release[1] if release else "6.12"
    path, why = (word, "") if not re.fullmatch(r"\d+\.\d+", word) else \
        debianlinux.kernel(word, build, {"x86_64": "amd64"}.get(arch, arch))
    return (Reference(word, path, dialect_of(release), wording.read(release)) if path else None,
            why)


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


def arm64_command(machine, build, kernel, cmdline):
    args = q.arm64_args(machine.machine, machine.mem, machine.cpu)
    initrd = noise(build, machine.initrd) if machine.initrd else None
    image = kernel or os.path.join(build, "Image")
    if not machine.dts:
        return args + q.image_args(image, cmdline, initrd) + machine.qemu
    words = hashlib.sha256(" ".join(machine.words()).encode()).hexdigest()[:16]
    folder = os.path.join(build, "twins", f"tree-{'linux' if kernel else 'ours'}-{words}")
    os.makedirs(folder, exist_ok=True)
    tree = devicetree.Machine(machine.dts, machine.dtfw, cmdline)
    return args + tree.args(image, initrd, folder) + machine.qemu


def command(machine, build, kernel=None, dialect=DIALECTS[0]):
    """QEMU for Linux (@kernel) or for ours (None) in a dialect."""
    ours = [OURS] + ([f"dialect={dialect}"] if dialect != DIALECTS[0] else [])
    cmdline = " ".join([PREFIX[machine.arch]] + ([] if kernel else ours)
                       + [machine.cmdline]).strip()
    if machine.arch == "arm64":
        return arm64_command(machine, build, kernel, cmdline)
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


class Quiet:
    """Has a machine fallen silent?  Told of each line, asked once a second."""

    def __init__(self, pid):
        self.pid = pid
        self.started = self.heard()

    def heard(self):
        """A line has come."""
        self.line = self.busy = time.monotonic()
        self.line_cpu = self.computed()[0]
        return self.line

    def computed(self):
        """(seconds of processor time so far, does a thread want to compute now?)"""
        try:
            with open(f"/proc/{self.pid}/stat", encoding="ascii", errors="replace") as file:
                fields = file.read().rpartition(")")[2].split()
            seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
            states = []
            for path in glob.glob(f"/proc/{self.pid}/task/*/stat"):
                with open(path, encoding="ascii", errors="replace") as file:
                    states.append(file.read().rpartition(")")[2].split()[0])
            return seconds, "R" in states
        except (OSError, IndexError, ValueError):
            return 0.0, True

    def over(self):
        """Is it time to give up?"""
        now = time.monotonic()
        seconds, runs = self.computed()
        self.busy = now if runs else self.busy
        return (now - self.busy > HALTED or seconds - self.line_cpu > BUSY
                or now - self.line > SILENCE or now - self.started > LONGEST)


def run(args, end, path):
    """Run QEMU until a line matches @end, it stops, or it says no more; how it ended."""
    fate, pending = None, b""
    with open(path + ".new", "wb") as log, subprocess.Popen(
            q.attended(args), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT) as qemu:
        quiet = Quiet(qemu.pid)
        try:
            while True:
                ready, _, _ = select.select([qemu.stdout], [], [], 1)
                if ready:
                    chunk = os.read(qemu.stdout.fileno(), 65536)
                    if not chunk:
                        status = qemu.wait()
                        fate = f"{REFUSED} {status}" if status else \
                            fate or "it stopped without a word"
                        break
                    log.write(chunk)
                    quiet.heard()
                    *lines, pending = (pending + chunk).split(b"\n")
                    for raw in lines:
                        line = STAMP.sub("", q.plain(raw.decode(errors="replace")))
                        if end.match(line):
                            return fate or end.match(line)[0]
                        if OVER.match(line):
                            return fate
                        fate = fate or (DEATH.match(line) and DEATH.match(line)[0])
                elif quiet.over():
                    fate = fate or SILENT
                    break
        finally:
            qemu.kill()
            qemu.wait()
            log.close()
            os.replace(path + ".new", path)
    return fate


def boot(machine, build, kernel=None, dialect=DIALECTS[0]):
    """Boot one of the two: (path of the log, fate).  Linux's log of the same machine is kept.

    Not that of a boot that says nothing of Linux: QEMU did not start, or the host was too busy.
    """
    folder = os.path.join(build, "twins")
    os.makedirs(folder, exist_ok=True)
    args = command(machine, build, kernel, dialect)
    if not kernel:
        path = os.path.join(folder, machine.name.replace("/", "-") + f".ours-{dialect}.log")
        return path, run(args, OUR_END, path)
    same = [os.path.basename(kernel), PREFIX[machine.arch]] + machine.words()
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


def read(path, machine, rules, skipped):
    """Those that have to be the same on this machine; adds the rules that left some out."""
    if "*" in machine.differs:
        return []
    lines = [re.compile(kind[1:-1]) for kind in machine.differs if kind.startswith("/")]
    found, used = rules.apply(difflinux.beside_itself(said(path)))
    skipped += [skip for skip in used if skip not in skipped]
    return [item for item in found
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
    places: int = 0     # where the two part
    skipped: list = field(default_factory=list)     # rules of the release that were needed


# died: Linux did, and ours made the best of it.  refused: QEMU did not run one of the two.
GOOD, BAD = ("equal", "died"), ("differs", "refused")


def judge(machine, linux, ours, rules=None):
    """Compare two boots, each (path, fate), by the rules of a release's wording."""
    skipped = []
    verdict = judge_lines(machine, linux, ours, rules or wording.Wording(), skipped)
    verdict.skipped = skipped
    return verdict


def judge_lines(machine, linux, ours, rules, skipped):
    """The same; @skipped is filled."""
    fates = f"Linux: {linux[1]}\nours:  {ours[1]}\n"
    for path, fate in (linux, ours):
        if fate.startswith(REFUSED):
            return Verdict("refused", 0, fates + last_words(path) + "\n")
    ends_well = ours[1] == "verdict: passed" or ours[1].startswith("Kernel panic - not syncing: ")
    left, right = difflinux.beside(*(read(side[0], machine, rules, skipped)
                                     for side in (linux, ours)))
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
    places = len(difflinux.diverge(left, right))
    if places:
        return Verdict("differs", len(left), fates + text, places)
    if not ends_well or whole and ours[1] != "verdict: passed":
        return Verdict("differs", len(left), fates)
    return Verdict("equal" if whole or ours[1] == linux[1] else "died", len(left), fates)
