# SPDX-License-Identifier: GPL-2.0-only
"""How Daybreak is put into QEMU: one function from wishes to a command line.

Shared by scripts/run-qemu (a person's boot) and tests/qemu/run (the cases).
Nothing here starts a process.
"""

import os
import re
import shutil
import sys
import tarfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kexec  # noqa: E402
import pe  # noqa: E402

QEMU = os.environ.get("QEMU", "qemu-system-x86_64")
QEMU_ARM64 = os.environ.get("QEMU_ARM64", "qemu-system-aarch64")
OVMF = "/usr/share/qemu/OVMF.fd"
AAVMF = "/usr/share/qemu-efi-aarch64/QEMU_EFI.fd"

PASSED, PANICKED, FAILED = 33, 35, 37
MEANING = {
    PASSED: "passed",
    PANICKED: "the kernel panicked or refused to go on",
    FAILED: "the kernel's own tests failed",
    0: "the machine reset, halted or was switched off without a verdict",
    1: "QEMU could not start, or pvpanic",
    124: "timeout",
}

# bzImage by GRUB: what it boots from, and the road (iso/grub.cfg).
GRUB_ROADS = {"linux-bios": ("iso-bios", "linux"), "linux-uefi": ("iso-uefi", "linux"),
              "efi-chain": ("iso-uefi", "chain")}
KEXEC = {"kexec": False, "kexec-file": True}    # from a running Linux: kexec -l, kexec -s
EFI_LOADERS = ("efi-stub", "efi-disc", "efi-shell")     # firmware starts the file itself
PVH_CMDLINE = 4095      # QEMU 7.2's pvh.bin has a buffer of 4096 bytes and does not look at it
UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
LAZY_FROM = 8 << 30     # from here on the host's RAM is not asked in advance
ESCAPES = re.compile(r"\x1b(\[[0-9;?=]*[A-Za-z]|c)|\x00")
CRASH_LOG = "int,cpu_reset,guest_errors"


class Trouble(Exception):
    """A mistake of the user or of the machine, told in one line."""


class Missing(Trouble):
    """A package that not everybody has: tests of it are skipped."""


def parse_size(text):
    """'64M' -> bytes; a bare number is bytes, except for QEMU's -m (MiB)."""
    match = re.fullmatch(r"(0x[0-9a-fA-F]+|\d+)([KMGT]?)i?B?", text.strip())
    if not match:
        raise Trouble(f"'{text}' is not a size like 512K, 128M, 1G or 4T")
    return int(match[1], 0) * UNITS[match[2]]


def meaning(status):
    return MEANING.get(status, f"unexpected exit status {status}")


def plain(text):
    """Serial text without carriage returns and the escapes of OVMF and GRUB."""
    return ESCAPES.sub("", text).replace("\r", "")


def attended(command):
    """@command, which ends when the thread that starts it does, however that is killed."""
    return ["setpriv", "--pdeathsig", "KILL", *command]


def smbios_value(text):
    return text.replace(",", ",,")


def initrd_disk(initrd, workdir):
    """A tar file GRUB can read as a disk; cheaper than a new ISO."""
    path = os.path.join(workdir, "initrd.tar")
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
        tar.add(initrd, arcname="initrd")
    return path


def memory_args(machine, mem, cpu, ram_file=None, widen=True):
    """-M, -m and -cpu for this much RAM; lazily backed from 8 GiB on."""
    size = parse_size(mem)
    if ram_file:
        backend = f"memory-backend-file,id=ram,mem-path={ram_file},size={size},share=on"
    elif size >= LAZY_FROM:
        backend = f"memory-backend-ram,id=ram,size={size},reserve=off"
    else:
        backend = None
    # 40 physical address bits end at 1 TiB, PCI hole included.
    if widen and size > 900 << 30 and "phys-bits" not in cpu:
        cpu += ",phys-bits=46"
    args = ["-cpu", cpu, "-m", f"size={size >> 10}K"]
    if backend:
        return ["-M", f"{machine},memory-backend=ram", "-object", backend] + args
    return ["-M", machine] + args


def loader_args(loader, iso, kernel, cmdline, initrd, grub, workdir, fetch=False):
    """How the kernel gets in: iso-bios, iso-uefi, pvh, linux; linux-bios, linux-uefi, efi-chain
    (GRUB's); efi-stub, efi-disc, efi-shell; kexec, kexec-file, for which @fetch gets packages."""
    if loader in (*EFI_LOADERS, *KEXEC) and grub:
        raise Trouble(f"no GRUB on the road {loader}: GRUB commands need an ISO boot")
    if loader in KEXEC:
        try:
            return kexec.args(os.path.dirname(kernel), cmdline, initrd, KEXEC[loader], workdir,
                              fetch)
        except kexec.NoPackages as error:
            raise Missing(str(error)) from error
    if loader in EFI_LOADERS:
        image = os.path.join(os.path.dirname(kernel), "bzImage")
        return ["-bios", OVMF, "-vga", "std"] + efi_args(loader, image, cmdline, initrd, workdir)
    if loader in ("pvh", "linux"):
        if grub:
            raise Trouble("GRUB commands need an ISO boot (loader iso-bios or iso-uefi)")
        if len(cmdline) > PVH_CMDLINE and loader == "pvh":
            raise Trouble(f"a command line of {len(cmdline)} bytes: QEMU's PVH loader writes over its own "
                          f"data with more than {PVH_CMDLINE}")
        if loader == "linux":
            kernel = os.path.join(os.path.dirname(kernel), "bzImage")
        return (["-kernel", kernel] + (["-append", cmdline] if cmdline else [])
                + (["-initrd", initrd] if initrd else []))
    if loader in GRUB_ROADS:
        loader, road = GRUB_ROADS[loader]
        if road == "chain" and initrd:
            raise Trouble("GRUB 2.06 hands a chainloaded kernel no initrd")
        grub = f"set road={road}" + (f"; {grub}" if grub else "")
    args = ["-cdrom", iso, "-smbios", "type=11,value=" + smbios_value(cmdline or " ")]
    if loader == "iso-uefi":        # with a screen: GRUB complains where there is none
        args += ["-bios", OVMF, "-vga", "std"]
    elif loader != "iso-bios":
        raise Trouble(f"no loader '{loader}': iso-bios, iso-uefi, pvh, linux, "
                      + ", ".join([*GRUB_ROADS, *EFI_LOADERS, *KEXEC]))
    if initrd:
        disk = initrd_disk(initrd, workdir)
        args += ["-drive", f"file={disk},format=raw,if=virtio,readonly=on"]
    if grub:
        args += ["-smbios", "type=1,product=grub,serial=" + smbios_value(grub)]
    return args


def efi_args(loader, image, cmdline, initrd, workdir, name="BOOTX64.EFI"):
    """The kernel as an application of UEFI firmware: by -kernel, or as a file of a FAT volume."""
    if loader == "efi-stub":
        return (["-kernel", image] + (["-append", cmdline] if cmdline else [])
                + (["-initrd", initrd] if initrd else []))
    volume = os.path.join(workdir, "volume")
    shutil.rmtree(volume, ignore_errors=True)
    os.makedirs(os.path.join(volume, "EFI", "BOOT"))
    if initrd:
        shutil.copy(initrd, os.path.join(volume, "initrd"))
        cmdline = f"{cmdline} initrd=/initrd".strip()
    try:
        with open(image, "rb") as file:
            data = file.read()
        if loader == "efi-disc":
            image, data = os.path.join(volume, "EFI", "BOOT", name), pe.with_cmdline(data, cmdline)
        else:
            image = os.path.join(volume, "kernel.efi")
            with open(os.path.join(volume, "startup.nsh"), "w", encoding="utf-8") as script:
                script.write(f"fs0:\\kernel.efi {cmdline}\n")
        with open(image, "wb") as file:
            file.write(data)
    except pe.PeError as error:
        raise Trouble(f"{image}: {error}") from error
    return ["-drive", f"file=fat:{volume},format=raw,if=virtio,readonly=on"]


# What firmware, loader and kernel need on each road, measured.
LEAST_RAM = {"iso-bios": 4 << 20, "linux-bios": 4 << 20, "iso-uefi": 48 << 20,
             "linux-uefi": 48 << 20, "pvh": 3 << 20, "linux": 3 << 20, "efi-chain": 48 << 20,
             "kexec": 256 << 20, "kexec-file": 256 << 20, "efi-stub": 48 << 20, "efi-disc": 48 << 20, "efi-shell": 48 << 20}
LEAST_RAM_AAVMF = 128 << 20


def check_machine(fw, loader, machine, mem):
    """Refuse, in one line, machines on which firmware or GRUB hang before the kernel is there."""
    if parse_size(mem) < LEAST_RAM[loader]:
        raise Trouble(f"{mem} of RAM is too little for FW={fw}: firmware, loader and kernel need "
                      f"{LEAST_RAM[loader] >> 20}M"
                      + ("" if loader in ("pvh", "linux") else " (FW=pvh: 3M)"))
    name = machine.split(",")[0]
    if name in ("isapc", "microvm") and loader not in ("pvh", "linux"):
        raise Trouble(f"{name} has no SMBIOS, by which GRUB gets the command line: take FW=pvh")


def losses(log, trace, initrd_size):
    """What the machine was asked for and did not get, by its serial log and its trace."""
    with open(log, encoding="utf-8", errors="replace") as file:
        for line in file:
            if "Daybreak 0." in line:
                break
            if line.startswith("error: "):
                yield f"GRUB said: {line.strip()}"
    if not initrd_size:
        return
    sizes = traced_sizes(trace, "initrd")
    if sizes is not None and not any(initrd_size <= size < initrd_size + 4096 for size in sizes):
        yield ("the initrd was lost: the kernel was handed "
               + (f"{sizes[0]} bytes (whole pages), not {initrd_size} bytes" if sizes else "no module"))


def traced_sizes(trace, owner):
    """Of the ranges with this owner; None if there is no trace to look into."""
    try:
        with open(trace, encoding="utf-8", errors="replace") as file:
            events = [line for line in file if f'"owner":"{owner}"' in line]
            whole = file.tell()
    except OSError:
        return None
    return [int(size[1], 16) for event in events
            if (size := re.search(r'"size":"(0x[0-9a-f]+)"', event))] if whole else None


def base_args(accel="tcg", trace=None, crash_log=None):
    """What every boot has: serial ports, the exit device, no reset, no idle devices."""
    args = [QEMU, "-accel", accel, "-nic", "none", "-vga", "none", "-display", "none",
            "-monitor", "none", "-no-reboot", "-serial", "stdio",
            "-device", "isa-debug-exit,iobase=0xf4,iosize=4"]
    if trace:
        args += ["-serial", f"file:{trace}"]
    if crash_log:
        args += ["-d", CRASH_LOG, "-D", crash_log]
    return args


def arm64_args(machine, mem, cpu, accel="tcg", trace=None, crash_log=None, ram_file=None):
    """The same for arm64: it leaves by semihosting, whose console is the second channel."""
    args = [QEMU_ARM64, "-accel", accel, "-nic", "none", "-display", "none", "-monitor", "none",
            "-no-reboot", "-serial", "stdio"]
    args += ["-chardev", f"file,id=trace,path={trace}", "-semihosting-config",
             "enable=on,target=native,chardev=trace,arg=daybreak,arg=trace"] if trace else \
            ["-semihosting-config", "enable=on,target=native"]
    if crash_log:
        args += ["-d", CRASH_LOG, "-D", crash_log]
    return args + memory_args(machine, mem, cpu, ram_file, widen=False)


def image_args(image, cmdline, initrd, loader="image", workdir=None):
    """An arm64 Image, started as QEMU's own loader does, or by UEFI firmware: efi-stub, efi-disc."""
    if loader in EFI_LOADERS:
        if not os.path.exists(AAVMF):
            raise Missing(f"{AAVMF} is not there: scripts/deps install efi-arm64")
        return ["-bios", AAVMF] + efi_args(loader, image, cmdline, initrd, workdir, "BOOTAA64.EFI")
    return (["-kernel", image] + (["-append", cmdline] if cmdline else [])
            + (["-initrd", initrd] if initrd else []))


def crash_tail(path, lines=40):
    """The end of QEMU's interrupt log: where the CPU was when it fell over."""
    try:
        with open(path, errors="replace") as log:
            text = log.read().splitlines()
    except OSError:
        return []
    return text[-lines:]
