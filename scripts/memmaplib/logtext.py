# SPDX-License-Identifier: GPL-2.0-only
"""Log files as people have them: from bytes to the words the kernel printed.

    plain, gzip, xz, bzip2, zip, tar, base64, UTF-16        ─► lines()
    "> Nov 28 08:26:02 host kernel: [    0.000000] words"   ─► bare() ─► "words"

A message may wear several coats: a mail's quote marks, a terminal program's
clock, the journal's date and host, a level, the kernel's stamp, a caller.  They
come off in any order; spaces that belong to the message itself stay.
"""

import base64
import bz2
import gzip
import html
import io
import lzma
import re
import tarfile
import zipfile
import zlib

LINE_MAX = 16 << 20     # a snapshot is one line, and long on a machine with many regions
PACKED = ((b"\x1f\x8b", gzip.open), (b"\xfd7zXZ\0", lzma.open), (b"BZh", bz2.open))
UTF16 = (b"\xff\xfe", b"\xfe\xff")      # what a Windows console writes into a file
BROKEN = (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError,
          NotImplementedError, RuntimeError)
# Packed in ways that Python's library does not know.
UNKNOWN = {b"\x28\xb5\x2f\xfd": "zstd -d", b"7z\xbc\xaf": "7z x", b"Rar!": "unrar x",
           b"\x04\x22\x4d\x18": "lz4 -d", b"\x1f\x9d": "uncompress"}
ENCODED = re.compile(r"content-transfer-encoding:\s*base64", re.IGNORECASE)
BASE64 = re.compile(rb"[A-Za-z0-9+/]{4,}={0,2}\s*$")

ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|[()][A-Z0-9]|c)|.\x08|\x00|\ufeff")
MONTH = r"[^\W\d_]{3,9}\.?"                                            # Nov, June, Mär
CLOCK = r"\d\d:\d\d:\d\d(?:[.,]\d+)?"
DATE = (rf"(?:{MONTH} [ \d]\d {CLOCK}"                                  # Nov 28 08:26:02
        rf"|(?:[A-Z][a-z]{{2}} )?\d{{4}}-\d\d-\d\d[T ]{CLOCK}\S*(?: [A-Z]{{3,5}})?)")
STAMP = r"\[\s*\d+\.\d+\](?:\[\s*[CT]?\d+\])?"
COAT = (r"(?:> ?|gt; "                                      # quoted in a mail, or a web archive
        r"|\s*(?:\d+ )?\d\d:\d\d:\d\d\.\d+\s+(?=[<\[])"         # a test laboratory's clock
        rf"|{DATE} \S+ kernel(?:\[\d*\])?: ?"                # syslog, journalctl
        rf"|{DATE} kern\.\w+: ?|\t(?={DATE})"                # socklog
        r"|kernel: (?=\[)|(?<!\S)\[\] "                      # dates cut off; stamps blanked
        r"|\d{4}-\d\d-\d\dT[\d:]{8},\d{6}\S* "              # dmesg --time-format iso
        r"|[a-z]+ *:[a-z]+ *: (?=\[)"                       # dmesg --decode
        r"|\d+,\d+,\d+,[-c];"                               # /dev/kmsg, netconsole
        r"|\s*<\d+>(?: (?=\[))?"                            # level
        rf"|\s*{STAMP}(?: \S+ kernel:)? ?"                  # stamp, caller, host
        r"|\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d [\d:]{8} \d{4}\] "     # dmesg --ctime
        r"|\[(?:\s*[+<]\s*\d+\.\d+>?|[A-Z][a-z]{2} ?\d+ \d\d:\d\d)\] "    # dmesg --reltime
        r"|\[(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d[^\]]*\] ?)"   # a terminal program's clock
        )
COATS = re.compile(f"{COAT}*")
# The coat of a next message that lost its line end, behind a message.
TRAIL = re.compile(rf"(?:\s*{STAMP}\s*|{DATE.replace(MONTH, '[A-Z][a-z]{2,8}')} \S+ kernel(?:\[\d*\])?: ?|\s*<\d+>)+$")
# What a message begins with after its coat, and readers do not look for.
LEADS = re.compile(r"\s*(?:(?:e820|efi|NUMA|EFI|ACPI|OF|fdt|x86|PM|Early|kexec|memattr|\(XEN\)): *)*\s*")


def coat_of(text):
    """What stands before the message in a line, as far as it is known."""
    return text[:LEADS.match(text, COATS.match(text).end()).end()]


def bare(text):
    """The message in a line of a log: no coats, no escapes, no end of line."""
    if "\x1b" in text or "\0" in text or "\ufeff" in text:
        text = ESCAPES.sub("", text)
    if "&" in text:
        text = html.unescape(text)
    text = text.strip("\r\n")
    return text[COATS.match(text).end():]


def unpack(stream, remark):
    """The open binary @stream as text or bytes line by line, whatever it is packed in."""
    if not hasattr(stream, "peek"):
        stream = io.BufferedReader(stream)
    head = stream.peek(512)[:512]
    for magic, opener in PACKED:
        if head.startswith(magic):
            return unpack(io.BufferedReader(opener(stream, "rb")), remark)
    for magic, how in UNKNOWN.items():
        if head.startswith(magic):
            remark(f"the file is packed and cannot be read as it is: unpack it first ({how})")
    if head.startswith(b"PK\3\4"):
        return members(zipped(stream), remark)
    if head[257:262] == b"ustar":
        return members(tarred(stream), remark)
    return io.TextIOWrapper(stream, "utf-16", "replace") if head.startswith(UTF16) else stream


def zipped(stream):
    """(name, open file) of all files in a zip archive, which is read from its end."""
    whole = stream if stream.seekable() else io.BytesIO(stream.read())
    with zipfile.ZipFile(whole) as archive:
        for info in archive.infolist():
            if not info.is_dir():
                yield info.filename, archive.open(info)


def tarred(stream):
    """(name, open file) of all files in a tar archive."""
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for info in archive:
            if info.isfile():
                yield info.name, archive.extractfile(info)


class members:      # pylint: disable=invalid-name, too-few-public-methods
    """The files of an archive as one, in its order."""

    def __init__(self, files, remark):
        self.files, self.remark, self.names, self.now = files, remark, [], None

    def readline(self, most):
        """The next line of whatever file it is in."""
        while True:
            line = self.now.readline(most) if self.now else b""
            if line:
                return line
            name, file = next(self.files, (None, None))
            if file is None:
                if len(self.names) > 1:
                    self.remark(f"an archive of {len(self.names)} files, read one after the other: "
                                + ", ".join(self.names[:4]) + (", ..." * (len(self.names) > 4)))
                return b""
            self.names.append(name)
            self.now = unpack(io.BufferedReader(file), self.remark)


def lines(stream, broken=lambda lineno, error: None, remark=lambda text: None):
    """
    (number, text) of every line that is not empty.  A line longer than LINE_MAX
    goes on as the next.  A packed file that ends in the middle gives what is
    there, and @broken hears of it; @remark hears what else there is to know.
    """
    lineno, coded = 0, None
    try:
        stream = unpack(stream, remark)
        while raw := stream.readline(LINE_MAX):
            lineno += 1
            if isinstance(raw, bytes):
                if b"\0" in raw:        # UTF-16 without its mark, or behind a mail's header
                    raw = raw.replace(b"\0", b"")
                if coded is not None and BASE64.match(raw):
                    coded.append(raw)
                    continue
                raw = raw.decode("utf-8", "replace")
            if coded:
                yield from attachment(coded, lineno, broken, remark)
                coded = None
            if raw.isspace():
                continue
            if "ransfer-" in raw and ENCODED.match(raw):
                coded = []
            yield lineno, raw
        if coded:
            yield from attachment(coded, lineno, broken, remark)
    except BROKEN as error:
        broken(lineno + 1, f"the file is packed and ends or breaks here: {error}")


def attachment(coded, lineno, broken, remark):
    """The lines of a part of a mail in base64; all have the number of its last line."""
    try:
        whole = base64.b64decode(b"".join(coded))
    except ValueError as error:
        broken(lineno, f"base64: {error}")
        return
    for _, text in lines(io.BytesIO(whole), broken, remark):
        yield lineno, text
