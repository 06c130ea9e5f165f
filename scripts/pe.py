# SPDX-License-Identifier: GPL-2.0-only
"""Sections of a PE32+ file, and a command line for a kernel that is one.

The file that the build makes has an empty section .cmdline, as systemd's stub knows it: what
stands there is used if firmware passes no options, as it does for EFI/BOOT/BOOTX64.EFI.
"""

import struct


class PeError(Exception):
    """Why a file is not what it should be, in one line."""


def header(data):
    """(offset of the COFF header, machine)"""
    if data[:2] != b"MZ" or len(data) < 0x40:
        raise PeError("no MZ at its beginning")
    at, = struct.unpack_from("<I", data, 0x3c)
    if data[at:at + 4] != b"PE\0\0":
        raise PeError(f"no PE header at {at:#x}")
    return at + 4, struct.unpack_from("<H", data, at + 4)[0]


def sections(data):
    """{name: (address, bytes in memory, offset in the file, bytes there, flags)}"""
    coff, _ = header(data)
    count, optional = struct.unpack_from("<H", data, coff + 2)[0], \
        struct.unpack_from("<H", data, coff + 16)[0]
    rows = {}
    for at in range(coff + 20 + optional, coff + 20 + optional + 40 * count, 40):
        name = data[at:at + 8].rstrip(b"\0").decode("ascii", "replace")
        size, address, raw_size, raw = struct.unpack_from("<4I", data, at + 8)
        rows[name] = (address, size, raw, raw_size, struct.unpack_from("<I", data, at + 36)[0])
    return rows


def with_cmdline(data, text, most=2047):
    """The same file with @text, a str, as its own command line."""
    if ".cmdline" not in sections(data):
        raise PeError("no section .cmdline: not a kernel with an EFI stub")
    _, _, offset, size, _ = sections(data)[".cmdline"]
    words = text.encode()
    if len(words) > most:
        raise PeError(f"a command line of {len(words)} bytes: the file has room for {most}")
    return data[:offset] + words.ljust(size, b"\0") + data[offset + size:]
