# SPDX-License-Identifier: GPL-2.0-only
"""Of a command line in a log: the words that are about memory.

`CMDLINE=@log` stands for these.  The others (root=, quiet, console= ...) say how that
machine ran, not what its memory was, and would only hide or end a run here.
"""

import re

# Words that change what RAM there is, how it is cut, or what is taken of it.
SHAPING = frozenset((
    "mem", "memmap", "crashkernel", "cma", "hugetlb_cma", "hugepages", "hugepagesz",
    "default_hugepagesz", "numa", "kernelcore", "movablecore", "movable_node", "reserve_mem",
    "memtest", "acpi", "dhash_entries", "ihash_entries", "log_buf_len", "initrdmem", "initrd",
    "retain_initrd"))
# Words that change how memory is mapped, handed out or reported, not how much there is.
MINOR = frozenset(("gbpages", "nogbpages", "no5lvl", "init_on_alloc", "init_on_free",
                   "page_poison", "page_owner", "memblock"))
ADDRESS = re.compile(r"(0x[0-9a-fA-F]+|\d+)[KMGTPE]?,", re.IGNORECASE)
M = 1 << 20


def split(line):
    """The kernel's words of @line: blanks inside double quotes belong to a word, -- ends them."""
    words = re.findall(r'(?:"[^"]*"?|[^\s"])+', line)
    return words[:words.index("--")] if "--" in words else words


def name_of(word):
    return word.strip('"').partition("=")[0].replace("-", "_")


def value_of(word):
    return word.strip('"').partition("=")[2]


def known(word, names):
    """Is @word one of @names, with a value that means something here?"""
    name, value = name_of(word), value_of(word)
    if name == "initrd":                    # often a file's name, for the loader
        return bool(ADDRESS.match(value))
    if name == "memblock":                  # memblock=step would wait for a key
        return name in names and "step" not in value
    return name in names


def shaping(line):
    """The words of @line that change what memory there is."""
    return [word for word in split(line) if known(word, SHAPING)]


def asked_of_memory(line, crash):
    """
    What @log stands for.  @crash: (start, end, low?, line) of the areas that the log's kernel
    reserved; they say how much where the words do not (crashkernel=auto, or no words at all).
    """
    words = [word for word in split(line) if known(word, SHAPING | MINOR)]
    vague = not line or any(value_of(word) == "auto" for word in words
                            if name_of(word) == "crashkernel")
    if not crash or not vague:
        return words
    words = [word for word in words if name_of(word) != "crashkernel"]
    high = any(start >= 1 << 32 for start, _, low, _ in crash if not low)
    for start, end, low, _ in crash:
        size = f"crashkernel={(end - start) // M}M"
        words.append(size + (",low" if low else ",high" if high else ""))
    return words
