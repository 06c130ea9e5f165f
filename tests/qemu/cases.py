# SPDX-License-Identifier: GPL-2.0-only
"""Reading tests/qemu/*.case: one boot, or a family of boots, as data.

A case file is `key = value` lines.  The comment at its head says which law it
checks.  Lines before the first [section] are shared; each [section] is one
boot named file/section; a file without sections is one boot.  KEYS below is
the whole vocabulary, and an unknown key is an error.
"""

import copy
import os
import re

# key: (default, how it combines, what it means)
#   one  = a section's value replaces the shared one
#   list = may be repeated; a section's lines follow the shared ones
#   own  = may be repeated; a section's lines replace the shared ones
KEYS = {
    "loader": ("iso-bios", "one", "iso-bios, iso-uefi, pvh, linux (bzImage), linux-bios, "
               "linux-uefi (by GRUB), efi-stub (QEMU -kernel), efi-disc (BOOTX64.EFI), efi-shell, "
               "efi-chain (GRUB), kexec, kexec-file (from Debian's Linux), fake-mb2, fake-pvh, fake-linux; of arm64: image, fake-dt, "
               "image-efi-stub, image-efi-disc"),
    "machine": ("", "one", "q35 (default), pc, microvm; of arm64: virt"),
    "mem": ("128M", "one", "guest RAM; from 8G on the host backs it lazily"),
    "cpu": ("", "one", "QEMU CPU model and flags (default max,la57=off; of arm64: max)"),
    "qemu": ([], "list", "more QEMU arguments, shell quoting"),
    "cmdline": ("selftest=all", "one", "kernel command line; `exit` is added unless `ask` is used"),
    "grub": ("", "one", "GRUB commands that run before the kernel is loaded"),
    "initrd": ("", "one", "size of a generated module; its CRC must be reported by the kernel"),
    "serial": ("stdio", "one", "none: a machine without serial ports; only the status is judged"),
    "trace": ("file", "one", "none: no second serial port, so no trace to replay"),
    "poison": ("", "one", "byte that fills RAM before power-on, e.g. 0xa5"),
    "mbi": ([], "own", "fake-mb2: one tag of the information block per line (mbi.py)"),
    "pvh": ([], "own", "fake-pvh: one part of the start info per line (mbi.py)"),
    "linux": ([], "own", "fake-linux: one part of boot_params per line (mbi.py)"),
    "dts": ([], "own", "fake-dt: a line of the device tree's root, as dtc reads it"),
    "dtfw": ([], "own", "fake-dt: one deed of the firmware per line (devicetree.py)"),
    "expect": ([], "list", "regular expression; must match a line after the previous one's"),
    "expect-any": ([], "list", "regular expression; must match some line"),
    "forbid": ([], "list", "regular expression that must match no line"),
    "allow": ([], "list", "takes a line out of what every case forbids"),
    "exit": ("33", "one", "QEMU's exit status: 33 passed, 35 panic, 37 tests failed; or several"),
    "refusal": ([], "list", "regular expression; if there are any, a panic's reason must match one"),
    "timeout": ("", "one", "seconds (default 30, UEFI 60); running out is always a failure"),
    "cpu-seconds": ("", "one", "what QEMU may use; wall time has `timeout`"),
    "check": ([], "list", "program in tests/qemu/checks/ and arguments; must exit 0"),
    "build": ("", "one", "make variables of another kernel, e.g. MUTATION=skip_boot_info"),
    "ask": ([], "list", "QEMU monitor command, its answer in ask-N.txt, or: wait REGEX; then the run "
            "ends"),
    "ask-at": ("", "one", "regular expression: the line after which to ask"),
    "type": ([], "list", "keys, escapes like \\r, each after type-at; or: random SEED LINES"),
    "type-at": (r"daybreak> $", "one", "regular expression for the end of the output to type at"),
    "gdb": ("", "one", "GDB script in tests/qemu/checks/ that drives the boot"),
    "golden": ("", "one", "file in tests/qemu/golden/ the normalised log must equal"),
}


class CaseError(Exception):
    """A case file that cannot be understood; the text names file and line."""


class Case:
    """One boot: the values of KEYS as attributes, `ask-at` as ask_at."""

    def __init__(self, name):
        self.name = name
        self.values = {key: copy.copy(default) for key, (default, _, _) in KEYS.items()}

    def __getattr__(self, key):
        try:
            return self.__dict__["values"][key.replace("_", "-")]
        except KeyError:
            raise AttributeError(key) from None

    def is_arm64(self):
        return self.loader.startswith("image") or self.loader == "fake-dt"

    def is_uefi(self):
        return self.loader.endswith("-uefi") or "efi-" in self.loader

    @property
    def machine(self):
        return self.values["machine"] or ("virt" if self.is_arm64() else "q35")

    @property
    def cpu(self):
        return self.values["cpu"] or ("max" if self.is_arm64() else "max,la57=off")

    def seconds(self):
        slow = self.is_uefi() or self.gdb or self.loader.startswith("kexec")
        return float(self.timeout or (60 if slow else 30))

    def full_cmdline(self):
        if self.ask or self.gdb or self.type or "exit" in self.cmdline.split():
            return self.cmdline
        keep = " retain_initrd" if self.initrd and self.wants_ktap() else ""
        return (self.cmdline + keep + " exit").strip()

    def wants_ktap(self):
        """A boot asked to test itself and meant to get that far owes a whole report."""
        return self.serial == "stdio" and "selftest=" in self.cmdline \
            and {"33", "37"} & set(self.exit.split()) and not self.ask


def parse_line(where, line):
    match = re.match(r"([a-z-]+)\s*=\s*(.*)$", line)
    if not match:
        raise CaseError(f"{where}: not `key = value`, [section] or # comment: {line}")
    key, value = match[1], match[2].strip()
    if key not in KEYS:
        raise CaseError(f"{where}: no key '{key}'; there are: {', '.join(KEYS)}")
    if key in ("expect", "expect-any", "forbid", "allow", "refusal", "ask-at"):
        try:
            re.compile(value)
        except re.error as error:
            raise CaseError(f"{where}: bad regular expression: {error}") from None
    return key, value


def apply(case, lines):
    """Enter (key, value) pairs; the first `own` line of a set clears what was inherited."""
    fresh = set()
    for key, value in lines:
        how = KEYS[key][1]
        if how == "one":
            case.values[key] = value
            continue
        if how == "own" and key not in fresh:
            case.values[key] = []
            fresh.add(key)
        case.values[key].append(value)


def read_case_file(path):
    """All boots of one file."""
    stem = os.path.splitext(os.path.basename(path))[0]
    shared, sections, current = [], [], None
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            section = re.fullmatch(r"\[([\w.+-]+)\]", line)
            if section:
                current = (section[1], [])
                sections.append(current)
                continue
            pair = parse_line(f"{path}:{number}", line)
            (current[1] if current else shared).append(pair)
    cases = []
    for name, lines in sections or [(None, [])]:
        case = Case(f"{stem}/{name}" if name else stem)
        apply(case, shared)
        apply(case, lines)
        cases.append(case)
    return cases


def read_all(folder):
    cases = []
    for name in sorted(os.listdir(folder)):
        if name.endswith(".case"):
            cases += read_case_file(os.path.join(folder, name))
    return cases
