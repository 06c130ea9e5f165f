# SPDX-License-Identifier: GPL-2.0-only
"""A running Linux that goes on as Daybreak: an initrd for Debian's kernel that calls kexec.

Everything comes out of Debian's packages, unpacked under the build folder and not installed:
busybox-static, kexec-tools with the libraries it names, linux-image-6.12 (the one that
tests/qemu/twins fetches, if that is there; $LINUX is another).
"""

import glob
import gzip
import os
import re
import stat
import subprocess

KERNEL = r"linux-image-6\.12\.\d+\+deb12-amd64-unsigned$"
TOOLS = ("kexec-tools", "busybox-static")
LIBRARIES = r"(lib|zlib)[a-z0-9.+-]*$"      # of what kexec-tools depends on
NO_OTHER_FIELDS = ["--no-recommends", "--no-suggests", "--no-conflicts", "--no-breaks",
                   "--no-replaces", "--no-enhances"]
INIT = """#!/bin/busybox sh
b=/bin/busybox
$b mount -t proc proc /proc
$b mount -t sysfs sysfs /sys
$b mount -t devtmpfs dev /dev
exec >/dev/console 2>&1
$b dmesg | $b grep 'BIOS-e820:'
/sbin/kexec %(how)s %(initrd)s --command-line="$($b cat /cmdline)" /bzImage && /sbin/kexec -e
echo "GRUB-FAIL: kexec did not go on"
$b sleep 1
$b poweroff -f
"""


class NoPackages(Exception):
    """What is missing, in one line."""


def run(command, **more):
    return subprocess.run(command, capture_output=True, text=True, check=False, **more)


def download(folder, names):
    """Unpack these packages into @folder."""
    os.makedirs(folder, exist_ok=True)
    done = run(["apt-get", "download", "-q", "-o", "APT::Sandbox::User=root", *names], cwd=folder)
    debs = glob.glob(os.path.join(folder, "*.deb"))
    if done.returncode or not debs:
        raise NoPackages("apt-get cannot download " + " ".join(names))
    for deb in debs:
        subprocess.run(["dpkg-deb", "-x", deb, folder], check=True)
        os.remove(deb)


def tools(build, fetch):
    """The folder with busybox and kexec."""
    folder = os.path.join(os.path.abspath(build), "kexec")
    if not os.path.exists(os.path.join(folder, "sbin", "kexec")):
        if not fetch:
            raise NoPackages("busybox-static and kexec-tools are not unpacked: make run FW=kexec")
        depends = run(["apt-cache", "depends", "--recurse", *NO_OTHER_FIELDS, "kexec-tools"])
        libraries = [name for name in depends.stdout.split("\n") if re.match(LIBRARIES, name)]
        download(folder, [*TOOLS, *libraries])
    return folder


def linux_kernel(build, fetch):
    """Debian's vmlinuz."""
    where = os.path.join(os.path.abspath(build), "linux")
    known = [os.environ["LINUX"]] if os.environ.get("LINUX") else \
        sorted(glob.glob(os.path.join(where, "boot", "vmlinuz-6.12.*-amd64")))
    if known:
        return known[-1]
    names = [n for n in run(["apt-cache", "pkgnames", "linux-image-6.12"]).stdout.split()
             if re.match(KERNEL, n)] if fetch else []
    if not names:
        raise NoPackages("no Debian kernel: make run FW=kexec, make check-twins, or LINUX=vmlinuz")
    print("run-qemu: fetching Debian's kernel, 107 MB", flush=True)
    download(where, [max(names, key=lambda n: int(re.search(r"6\.12\.(\d+)", n)[1]))])
    return linux_kernel(build, False)


def needed(folder, program):
    """{path in the initrd: file} of the libraries that @program names, and those name."""
    found, todo = {}, [program]
    while todo:
        text = run(["readelf", "-dlW", todo.pop()]).stdout
        loader = re.search(r"program interpreter: (\S+)\]", text)
        paths = ["/lib/" + name for name in re.findall(r"\(NEEDED\).*\[(.*)\]", text)]
        for path in paths + ([loader[1]] if loader else []):
            name = os.path.basename(path)
            files = [f for top, _, _ in os.walk(folder)
                     if os.path.exists(f := os.path.join(top, name))]
            if path in found:
                continue
            if not files:
                raise NoPackages(f"{name}: not in the packages")
            found[path] = os.path.realpath(files[0])
            todo.append(found[path])
    return found


def cpio(entries):
    """A newc archive of (path, mode, bytes)."""
    out = b""
    for number, (path, mode, data) in enumerate([*entries, ("TRAILER!!!", 0, b"")], 1):
        name = path.encode() + b"\0"
        fields = [number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name), 0]
        out += b"070701" + b"".join(b"%08X" % field for field in fields) + name
        out += bytes(-len(out) % 4) + data
        out += bytes(-len(out) % 4)
    return out


def contents(path):
    with open(path, "rb") as file:
        return file.read()


def initrd(build, cmdline, module, by_file, fetch):
    """The bytes of an initrd that goes on as build/bzImage; @by_file: kexec -s, else -l."""
    folder = tools(build, fetch)
    program = os.path.join(folder, "sbin", "kexec")
    init = INIT % {"how": "-s -l" if by_file else "-c -l",
                   "initrd": "--initrd=/module" if module else ""}
    files = {"init": init.encode(), "bin/busybox": contents(os.path.join(folder, "bin", "busybox")),
             "sbin/kexec": contents(program), "cmdline": cmdline.encode(),
             "bzImage": contents(os.path.join(build, "bzImage"))}
    for path, file in needed(folder, program).items():
        files[path.lstrip("/")] = contents(file)
    if module:
        files["module"] = contents(module)
    folders = ["bin", "sbin", "lib", "lib64", "proc", "sys", "dev"]
    return gzip.compress(cpio([(name, stat.S_IFDIR | 0o755, b"") for name in folders]
                              + [(name, stat.S_IFREG | 0o755, data)
                                 for name, data in files.items()]), 1)


def args(build, cmdline, module, by_file, workdir, fetch):
    """QEMU's words: Debian's kernel, and an initrd written to @workdir."""
    path = os.path.join(workdir, "kexec-initrd")
    kernel = linux_kernel(build, fetch)
    with open(path, "wb") as file:
        file.write(initrd(build, cmdline, module, by_file, fetch))
    return ["-kernel", kernel, "-initrd", path, "-append", "console=ttyS0 quiet nokaslr no_timer_check"]
