# SPDX-License-Identifier: GPL-2.0-only
"""A firmware of ten instructions for arm64: any device tree, anywhere, damaged as wished.

QEMU's own -dtb rewrites the memory nodes; here the tree arrives as it is written.  A case has
`dts =` lines, which stand in the root, and `dtfw =` lines, one deed each:

    chosen TEXT         TEXT stands in /chosen, behind bootargs
    memreserve A S      an entry of the reservation block
    root TEXT           instead of the root's two cells of addresses and sizes
    dtb A, kernel A, initrd A   where it is put; `dtb none`: x0 is 0
    shift N             x0 is N bytes behind the tree's begin
    cut N, word OFFSET=VALUE    the blob loses its end, or a big-endian word of it is changed
    x1 VALUE            what x1 holds at the entry
"""

import os
import subprocess

import qemulib as q

RAM = 0x40000000
PLACES = {"kernel": RAM + 0x200000, "dtb": RAM + 0x4000000, "initrd": RAM + 0x5000000}
STUB = RAM + 0x7ff0000
# ldr x0, dtb; ldr x1, x1; mov x2, xzr; mov x3, xzr; ldr x4, kernel; br x4; nop; nop
CODE = (0x58000100, 0x58000121, 0xaa1f03e2, 0xaa1f03e3, 0x58000104, 0xd61f0080, 0xd503201f,
        0xd503201f)


class Machine:
    """The deeds of a firmware, and what comes of them."""

    def __init__(self, nodes, deeds, cmdline):
        self.places, self.x1, self.shift, self.cut = dict(PLACES), 0, 0, None
        self.words, self.chosen, self.reserved = [], [], []
        self.root = "#address-cells = <2>; #size-cells = <2>;"
        self.nodes, self.cmdline = nodes, cmdline
        for line in deeds:
            self.deed(*(line.split(None, 1) + [""])[:2])

    def deed(self, word, rest):
        if word in PLACES:
            self.places[word] = None if rest == "none" else int(rest, 0)
        elif word == "chosen":
            self.chosen.append(rest)
        elif word == "memreserve":
            self.reserved.append(f"/memreserve/ {rest};")
        elif word == "root":
            self.root = rest
        elif word in ("shift", "cut", "x1"):
            setattr(self, word, int(rest, 0))
        elif word == "word":
            self.words.append([int(n, 0) for n in rest.split("=")])
        else:
            raise q.Trouble(f"dtfw = {word}: no such deed; devicetree.py lists them")

    def source(self):
        text = self.cmdline.replace("\\", "\\\\").replace('"', '\\"')
        return "\n".join(["/dts-v1/;"] + self.reserved + ["/ {", self.root, "chosen {",
                         f'bootargs = "{text}";'] + self.chosen + ["};"] + self.nodes + ["};"])

    def blob(self):
        done = subprocess.run(["dtc", "-q", "-f", "-I", "dts", "-O", "dtb"], check=False,
                              input=self.source().encode(), capture_output=True)
        if not done.stdout:
            raise q.Trouble("dtc: " + done.stderr.decode(errors="replace").strip())
        blob = bytearray(done.stdout)
        for offset, value in self.words:
            blob[offset:offset + 4] = (value & 0xffffffff).to_bytes(4, "big")
        return bytes(blob[:self.cut])

    def stub(self):
        dtb = self.places["dtb"]
        values = (0 if dtb is None else dtb + self.shift, self.x1, self.places["kernel"])
        return (b"".join(word.to_bytes(4, "little") for word in CODE)
                + b"".join(value.to_bytes(8, "little") for value in values))

    def args(self, image, initrd, folder):
        """QEMU's arguments; files go to @folder."""
        files = [("stub", self.stub(), STUB)]
        if self.places["dtb"] is not None:
            files.append(("dtb", self.blob(), self.places["dtb"]))
        args = ["-device", f"loader,file={image},addr={self.places['kernel']:#x},force-raw=on"]
        if initrd:
            args += ["-device", f"loader,file={initrd},addr={self.places['initrd']:#x},"
                     "force-raw=on"]
        for name, data, address in files:
            path = os.path.join(folder, name)
            with open(path, "wb") as file:
                file.write(data)
            args += ["-device", f"loader,file={path},addr={address:#x},force-raw=on"
                     + (",cpu-num=0" if name == "stub" else "")]
        return args
