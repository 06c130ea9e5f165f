#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""See boot memory: a Daybreak trace, our serial log, or any Linux dmesg.

  memmap.py show boot.log            coloured bars in the terminal
  memmap.py html boot.log -o a.html  one offline page with a slider over all operations
  memmap.py find boot.log 0x102000   who owns this byte?
  memmap.py lint my.dmesg            what is wrong with this firmware map (exit 1: something)
  memmap.py serve                    what if? drop a log, edit the command line, see

A file may be '-' for standard input.
"""

import argparse
import gc
import json
import os
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
# pylint: disable=wrong-import-position
from mbi import BlobError                                        # noqa: E402
from memmaplib import (compare, diff, difflinux, html, lint, place, serve,      # noqa: E402
                       simcommand, svg, whatif, wording)
from memmaplib.bootlog import read_file                          # noqa: E402
from memmaplib.facts import type_name                            # noqa: E402
from memmaplib.machine import NoMap                              # noqa: E402
from memmaplib.readers import READERS                            # noqa: E402
from memmaplib.show import show                                  # noqa: E402
from memmaplib.simulate import NoSimulator, Simulator, TooMuch   # noqa: E402
from memmaplib.story import (NO_RESERVATION, Story, flags_text, human, mem,   # noqa: E402
                             node_text, owner_of)


class Trouble(Exception):
    """A message for the person at the terminal; no traceback."""


def read(name):
    """Read the log @name; '-' is standard input."""
    try:
        return read_file(name)
    except OSError as error:
        raise Trouble(f"{name}: {error.strerror}") from error


def load(name):
    """Read the log @name and think it through; refuse what has nothing to show."""
    story = Story(read(name))
    log = story.log
    if not log.speaks():
        first = log.like or log.first_bad
        more = [f"the first that looks like it is {first}"] * bool(first) + log.remarks
        raise Trouble("; ".join([f"{name}: nothing about memory in {log.lines} lines (`memmap.py "
                                 "readers` says what is read)"] + more))
    return story


def write(args, text):
    """To --output, or to standard output."""
    if args.output in (None, "-"):
        sys.stdout.write(text)
        return
    try:
        Path(args.output).parent.mkdir(parents=True, exist_ok=True)
        Path(args.output).write_text(text, encoding="utf-8")
    except OSError as error:
        raise Trouble(f"{args.output}: {error.strerror}") from error
    print(f"memmap.py: wrote {args.output} ({human(len(text))})", file=sys.stderr)


def notes(log):
    """What the reader should know about the file, on standard error."""
    for doubt in log.doubts():
        print(f"memmap.py: {log.name}: {doubt}", file=sys.stderr)
    if log.dropped:
        print(f"memmap.py: {log.name}: the kernel's ring dropped {log.dropped} operations",
              file=sys.stderr)
    if log.missing():
        print(f"memmap.py: {log.name}: " + "; ".join(log.missing()), file=sys.stderr)


def cmd_show(args):
    story = load(args.file)
    colour = args.colour == "always" or (
        args.colour == "auto" and sys.stdout.isatty() and "NO_COLOR" not in os.environ)
    width = args.width or shutil.get_terminal_size((110, 24)).columns
    write(args, show(story, width, colour))
    notes(story.log)


def cmd_svg(args):
    story = load(args.file)
    write(args, svg.render(story, args.title or Path(story.log.name).name))
    notes(story.log)


def cmd_html(args):
    story = load(args.file)
    write(args, html.render(story, args.title or Path(story.log.name).name))
    notes(story.log)


def parse_address(text):
    """An address as people write them: hexadecimal, with or without 0x."""
    try:
        value = int(text, 16)
    except ValueError as error:
        raise Trouble(f"'{text}' is no hexadecimal address") from error
    if not 0 <= value < 1 << 64:
        raise Trouble(f"'{text}' is not below 2^64")
    return value


def cmd_find(args):
    story = load(args.file)
    addr = parse_address(args.address)
    lines = [f"{addr:#018x}"]
    lines += [f"  {topic:<9} {text}" for topic, text in story.find(addr)]
    write(args, "\n".join(lines) + "\n")
    notes(story.log)


def cmd_list(args):
    story = load(args.file)
    whose = story.log.witness()
    out = [f"firmware map{f' ({whose})' if whose else ''}:"]
    out += [f"  {mem(s, e)} {human(e - s):>7} {type_name(x.type)}" for s, e, x in story.firmware]
    if not len(story.firmware):
        out.append("  (the log has none)")
    out.append("memory:")
    out += [f"  {mem(s, e)} {human(e - s):>7}{node_text(x.nid)}" for s, e, x in story.memory]
    out.append("reserved:")
    out += [f"  {mem(s, e)} {human(e - s):>7} {owner_of(x)}{flags_text(x.flags)}"
            for s, e, x in story.reserved]
    if not len(story.reserved):
        out.append(f"  ({NO_RESERVATION})")
    out += ["free in the buddy:"] * bool(story.log.buddy)
    out += [f"  node {nid} zone {zone:<8} {human(sum(n << at for at, n in enumerate(counts)) * 4096)}"
            for (nid, zone), counts in story.log.buddy.items()]
    write(args, "\n".join(out) + "\n")
    notes(story.log)


def region_json(start, end, load):
    """A region with numbers as hex strings, stable key order."""
    return {"base": f"{start:#x}", "size": f"{end - start:#x}", "nid": load.nid,
            "flags": f"{load.flags:#x}", "owner": load.owner, "caller": load.caller}


def cmd_json(args):
    story = load(args.file)
    write(args, json.dumps({
        "schema": 1, "source": Path(story.log.name).name, "kind": story.log.kind,
        "firmware": [{"base": f"{x.start:#x}", "size": f"{x.size:#x}", "type": x.type,
                      "name": type_name(x.type)} for x in story.log.firmware()],
        "memory": [region_json(*item) for item in story.memory],
        "reserved": [region_json(*item) for item in story.reserved],
        "operations": len(story.log.events), "missing": story.log.missing(),
        "doubts": story.log.doubts(),
    }, indent=1) + "\n")
    notes(story.log)


def cmd_lint(args):
    log = read(args.file)
    reports = lint.lint(log, args.phys_bits)
    if args.json:
        write(args, json.dumps(lint.as_json(log, reports), indent=1) + "\n")
    else:
        write(args, lint.as_text(log, reports))
    notes(log)
    worst = {"never": (), "error": ("error",), "warn": ("error", "warn")}[args.fail_on]
    return 1 if any(report.rule.severity in worst for report in reports) else 0


def cmd_diff(args):
    sides = load(args.file), load(args.other)
    text = diff.report(*sides)
    write(args, text)
    for story in sides:
        notes(story.log)
    return 0 if text == "identical\n" else 1


def cmd_diff_linux(args):
    kinds = list(dict.fromkeys(kind for kind, _ in difflinux.COMPARED))
    only = set(args.only.split(",")) if args.only else None
    if only and not only <= set(kinds):
        raise Trouble(f"--only: no such kind of line: {', '.join(sorted(only - set(kinds)))} "
                      f"(there are {','.join(kinds)})")
    rules = wording.read(args.release or ("exactly" if args.words else "any"))
    sides = difflinux.beside(*(rules.apply(comparable(name, only))[0]
                               for name in (args.file, args.other)))
    write(args, difflinux.report(*sides, everything=args.all))
    return 1 if difflinux.diverge(*sides) else 0


def comparable(name, only):
    """The lines of the log @name that diff-linux compares; refuse a log without any."""
    try:
        if name == "-":
            found = difflinux.items(sys.stdin.buffer, only)
        else:
            with open(name, "rb") as stream:
                found = difflinux.items(stream, only)
    except OSError as error:
        raise Trouble(f"{name}: {error.strerror}") from error
    if not found:
        raise Trouble(f"{name}: no line to compare (is it a boot log?)")
    return found


def cmd_compare(args):
    sides = []
    for name in (args.file, args.other):
        try:
            with open(name, "rb") if name != "-" else sys.stdin.buffer as stream:
                sides.append(compare.results(stream))
        except OSError as error:
            raise Trouble(f"{name}: {error.strerror}") from error
        if not sides[-1]:
            raise Trouble(f"{name}: no result to compare (neither last_pfn, nodes, zones nor totals)")
    text, different = compare.table(*sides)
    write(args, text)
    return 1 if different else 0


def cmd_rules(_args):
    for rule in lint.RULES:
        print(f"{rule.id:<16} {rule.severity:<6} {rule.why}\n{'':23} breaks: {rule.breaks}")


def cmd_readers(_args):
    for row in READERS:
        print(f"{row.reader.__name__.rsplit('.', 1)[1]:<14} {row.says}")


def cmd_serve(args):
    files = [Path(name) for name in args.files]
    for path in files:
        if not path.is_file():
            raise Trouble(f"{path}: no such file")
    try:
        Simulator(args.build)
        serve.serve(files, place.MAPS, args.build, args.port,
                    lambda url: print(f"what if?  {url}  (Ctrl-C ends it)", flush=True))
    except NoSimulator as error:
        raise Trouble(error) from error
    except OSError as error:
        raise Trouble(f"port {args.port}: {error.strerror}") from error


def cmd_sim(args):
    try:
        args.map = args.file
        return simcommand.run(args, Simulator(args.build), args.trace)
    except (NoSimulator, NoMap, TooMuch, BlobError) as error:
        raise Trouble(error) from error
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Trouble(f"{error.filename}: {error.strerror}") from error


def parser():
    """The command line."""
    top = argparse.ArgumentParser(
        prog="memmap" if place.INSTALLED else "memmap.py", description=__doc__.split("\n")[0],
        epilog="\n".join(__doc__.split("\n")[1:]),
        formatter_class=argparse.RawDescriptionHelpFormatter)
    subs = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name, function, text):
        sub = subs.add_parser(name, help=text, description=text)
        sub.add_argument("file", help="trace, serial log or dmesg; '-' for standard input")
        sub.add_argument("-o", "--output", help="write here instead of standard output")
        sub.set_defaults(function=function)
        return sub

    sub = add("show", cmd_show, "coloured bars in the terminal")
    sub.add_argument("--colour", "--color", choices=("auto", "always", "never"), default="auto")
    sub.add_argument("--width", type=int, help="columns (default: the terminal's)")
    for name, function, text in (("svg", cmd_svg, "the map as an SVG picture"),
                                 ("html", cmd_html, "one offline page: map, slider, search")):
        add(name, function, text).add_argument("--title")
    add("find", cmd_find, "who owns this byte?").add_argument("address", help="hexadecimal")
    add("list", cmd_list, "every range in words")
    add("json", cmd_json, "the final state as one JSON object")
    add("diff", cmd_diff, "what differs between two logs' final states; exit 1: something"
        ).add_argument("other")
    add("compare", cmd_compare, "one table, Linux said / we say: last_pfn, nodes, zones, totals, "
        "takers; exit 1: something differs").add_argument("other", help="our log")
    sub = add("diff-linux", cmd_diff_linux,
              "where our log first parts from Linux's for the same machine")
    sub.add_argument("other", help="our log")
    sub.add_argument("--all", action="store_true", help="every divergence, not only the first")
    sub.add_argument("--words", action="store_true", help="compare words, too, not only types")
    sub.add_argument("--release", choices=wording.releases(),
                     help="words count, but for how this release of Linux has them")
    sub.add_argument("--only", help="kinds of lines to compare, comma separated: "
                     + ",".join(dict.fromkeys(kind for kind, _ in difflinux.COMPARED)))
    sub = add("lint", cmd_lint, "what is wrong with this firmware map; exit 1: something")
    sub.add_argument("--json", action="store_true", help="findings as JSON")
    sub.add_argument("--phys-bits", type=int, default=0, help="physical address bits of the CPU")
    sub.add_argument("--fail-on", choices=("never", "error", "warn"), default="error")
    subs.add_parser("rules", help="the rules of lint").set_defaults(function=cmd_rules)
    subs.add_parser("readers", help="whose prints are read").set_defaults(function=cmd_readers)
    sub = add("sim", cmd_sim, "boot this log's machine in the simulator; exit 0: all is accounted "
              "for, 35: the kernel refused it, 37: it is not")
    sub.add_argument("--cmdline", default="", help="the kernel's; @log: what the log's kernel was asked")
    sub.add_argument("--why", metavar="WORD", help="why this word got no memory; 'all'")
    sub.add_argument("--compare", action="store_true", help="a table, Linux said / we say")
    sub.add_argument("--json", action="store_true", help="what it came to, as one JSON object")
    sub.add_argument("--trace", metavar="FILE", help="keep the trace there")
    sub.add_argument("--build", default=place.BUILD, metavar="DIR", help="where the simulator is")
    sub = subs.add_parser("serve", help="the what-if page, on loopback only",
                          description="the what-if page, on loopback only")
    sub.add_argument("files", nargs="*", metavar="FILE", help="logs to choose from there")
    sub.add_argument("--build", default=place.BUILD, metavar="DIR", help="where the simulator is")
    sub.add_argument("--port", type=int, default=0, help="default: a free one")
    sub.set_defaults(function=cmd_serve)
    return top


def main():
    if sys.argv[1:2] == ["whatif-worker"]:      # serve.py's child, which has limits
        return whatif.main(sys.argv[2:])
    gc.disable()        # a million events are a million objects, and none is garbage
    args = parser().parse_args()
    try:
        return args.function(args) or 0
    except Trouble as trouble:
        print(f"memmap.py: {trouble}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stdout = None
        return 0


if __name__ == "__main__":
    sys.exit(main())
