# SPDX-License-Identifier: GPL-2.0-only
"""Log files as people have them: from bytes to the words the kernel printed.

    plain, gzip, xz, bzip2, UTF-16                          ─► lines()
    "> Nov 28 08:26:02 host kernel: [    0.000000] words"   ─► bare() ─► "words"

A message may wear several coats: a mail's quote marks, a terminal program's
clock, the journal's date and host, a level, the kernel's stamp, a caller.  They
come off in any order; spaces that belong to the message itself stay.
"""

import bz2
import gzip
import html
import io
import lzma
import re
import zlib

LINE_MAX = 16 << 20     # a snapshot is one line, and long on a machine with many regions
PACKED = ((b"\x1f\x8b", gzip.open), (b"\xfd7zXZ\0", lzma.open), (b"BZh", bz2.open))
UTF16 = (b"\xff\xfe", b"\xfe\xff")      # what a Windows console writes into a file
BROKEN = (OSError, EOFError, zlib.error, lzma.LZMAError)

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


def unpack(stream):
    """The open binary @stream as text or bytes line by line, whatever it is packed in."""
    if not hasattr(stream, "peek"):
        stream = io.BufferedReader(stream)
    head = stream.peek(6)[:6]
    for magic, opener in PACKED:
        if head.startswith(magic):
            return opener(stream, "rb")
    return io.TextIOWrapper(stream, "utf-16", "replace") if head.startswith(UTF16) else stream


def lines(stream, broken=lambda lineno, error: None):
    """
    (number, text) of every line that is not empty.  A line longer than LINE_MAX
    goes on as the next.  A packed file that ends in the middle gives what is
    there, and @broken hears of it.
    """
    lineno = 0
    try:
        stream = unpack(stream)
        while raw := stream.readline(LINE_MAX):
            lineno += 1
            if not raw.isspace():
                yield lineno, raw if isinstance(raw, str) else raw.decode("utf-8", "replace")
    except BROKEN as error:
        broken(lineno + 1, f"the file is packed and ends or breaks here: {error}")
