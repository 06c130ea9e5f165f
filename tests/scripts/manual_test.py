#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The manual says what the tree does: parameters, differences from Linux, links, commands."""

import fnmatch
import re
import subprocess
import sys
import unittest
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/scripts"))
import ktap_unittest                             # noqa: E402

KERNEL = [p for top in ("boot", "arch", "mm", "kernel") for p in sorted((ROOT / top).rglob("*"))
          if p.suffix in (".c", ".h", ".asm")]
MANUAL = [p for p in sorted(ROOT.rglob("*.md"))
          if not any(part.startswith((".", "build")) for part in p.relative_to(ROOT).parts)]
# Where the rows about a file of that floor stand.
DIFFERENCES = {"mm": "mm/README.md", "arch": "arch/README.md", "boot": "arch/README.md",
               "kernel": "kernel/lib/README.md"}


def text(path):
    return (ROOT / path).read_text(encoding="utf-8")


def name(path):
    return str(path.relative_to(ROOT))


def registered(macro):
    """First argument of every use of @macro; quotes removed."""
    use = re.compile(rf'^(?:{macro})\("?(\w+)', re.M)
    return {found for p in KERNEL for found in use.findall(p.read_text(encoding="utf-8"))}


def quoted_code():
    """(file, line) of everything in the manual that is set as code."""
    for path in MANUAL:
        inside = False
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.lstrip().startswith("```"):
                inside = not inside
            elif inside:
                yield name(path), line
            else:
                for code in re.findall(r"`([^`]+)`", line):
                    yield name(path), code


class Parameters(unittest.TestCase):
    def test_every_parameter_is_described_and_nothing_else(self):
        described = set(re.findall(r"^\t([a-z]\w*)", text("kernel/PARAMETERS.md"), re.M))
        known = registered("first_param|early_param|core_param|early_flag|core_flag|__setup")
        self.assertGreater(len(known), 20)
        self.assertEqual(known - described, set(), "missing in kernel/PARAMETERS.md")
        self.assertEqual(described - known, set(), "the kernel does not know these")


class Differences(unittest.TestCase):
    def test_marks_and_rows_agree_file_by_file(self):
        marks = Counter({name(p): n for p in KERNEL
                         if (n := p.read_text(encoding="utf-8").count("Linux differs:"))})
        rows = Counter()
        for page in set(DIFFERENCES.values()):
            table = re.split(r"(?i)\n## Differences from Linux", text(page))[1].split("\n## ")[0]
            for row in re.findall(r"^\| `([^`]+)` \|", table, re.M):
                rows[row] += 1
                self.assertEqual(DIFFERENCES[row.split("/")[0]], page, f"{row}: wrong page")
        self.assertEqual(marks - rows, Counter(), '"Linux differs:" without a row in the table')
        self.assertEqual(rows - marks, Counter(), 'row without "Linux differs:" in the file')


class Commands(unittest.TestCase):
    def test_quoted_make_targets_exist(self):
        known = set(re.findall(r"^([\w.-]+)(?: [\w.-]+)*:(?!=)", "\n".join(
            text(f) for f in ("Makefile", "tests/host/host.mk", "tests/host/memblock.mk",
                                 "tests/proofs/proofs.mk")), re.M))
        for where, line in quoted_code():
            for words in re.findall(r"(?:^|[`(|] *|&& )make ((?:[a-z][\w-]*(?= |$|\)) ?)+)", line):
                for target in set(words.split()):
                    self.assertIn(target, known, f"{where}: {line}")

    def test_quoted_memmap_commands_exist(self):
        said = subprocess.run([sys.executable, "scripts/memmap.py", "--help"], cwd=ROOT,
                              capture_output=True, text=True, check=True).stdout
        known = set(re.findall(r"^    ([a-z-]+)\b", said, re.M))
        for where, line in quoted_code():
            for word in re.findall(r"memmap\.py ([a-z][\w-]*)", line):
                self.assertIn(word, known, f"{where}: {line}")

    def test_every_memmap_and_monitor_command_is_described(self):
        said = subprocess.run([sys.executable, "scripts/memmap.py", "--help"], cwd=ROOT,
                              capture_output=True, text=True, check=True).stdout
        for word in re.findall(r"^    ([a-z-]+)\b", said, re.M):
            self.assertIn(f"`{word}", text("scripts/README.md"))
        for word in registered("MONITOR_COMMAND"):
            self.assertRegex(text("kernel/README.md"), rf"`{word}[ `]")

    def test_every_key_and_operation_of_the_trace_is_described(self):
        schema = text("scripts/README.md")
        source = text("kernel/lib/trace.c") + text("kernel/snapshot.c")
        for key in set(re.findall(r'\w+\(j?&?j?, "(\w+)"|put_\w+\(j, "(\w+)"', source)):
            self.assertIn(f"`{key[0] or key[1]}`", schema)
        for op in set(re.findall(r'(?:\] = |\.op = )"(\w+)"', text("mm/ledger.c") +
                                 text("mm/memblock/memblock_event.c"))):
            self.assertIn(f"`{op}`", schema)


class Outputs(unittest.TestCase):
    """What is quoted from runs still could be said: names, counts, commands."""

    def test_quoted_functions_exist(self):
        source = "\n".join(p.read_text(encoding="utf-8") for p in KERNEL)
        for where, line in quoted_code():
            for symbol in re.findall(r"\b([a-z]\w+)\+(?:0x|\.\.\.)", line):
                if symbol not in ("symbol", "pc"):
                    self.assertRegex(source, rf"\b{symbol}\(", f"{where}: {line}")

    def test_quoted_monitor_commands_exist(self):
        known = registered("MONITOR_COMMAND")
        for where, line in quoted_code():
            for word in re.findall(r"^daybreak> (\w+)", line):
                self.assertIn(word, known, f"{where}: {line}")

    def test_number_of_lint_rules(self):
        said = subprocess.run([sys.executable, "scripts/memmap.py", "rules"], cwd=ROOT,
                              capture_output=True, text=True, check=True).stdout
        rules = len(re.findall(r"^[a-z]", said, re.M))
        for page, words in (("README.md", "rules"), ("README.zh.md", "条规则")):
            self.assertIn(f"{rules} {words}", text(page))


class Laws(unittest.TestCase):
    def test_every_law_names_its_function_and_a_test_that_exist(self):
        laws = re.split(r"\n## The laws.*\n", text("mm/README.md"))[1].split("\n## ")[0]
        rows = re.findall(r"^(\d+)\. \*\*(.*?)(?=^\d+\. |\Z)", laws, re.M | re.S)
        self.assertEqual([number for number, _ in rows], [str(n + 1) for n in range(len(rows))])
        headers = "\n".join(p.read_text(encoding="utf-8") for top in ("mm", "arch", "tests")
                            for p in (ROOT / top).rglob("*.h"))
        for number, row in rows:
            for function in re.findall(r"`(\w+)\(\)`", row):
                self.assertRegex(headers, rf"\b{function}\(", f"law {number}")
            tests = re.findall(r"`(tests/[^`]+)`", row)
            self.assertTrue(tests, f"law {number} has no test")
            for test in tests:
                self.assertTrue((ROOT / test).exists(), f"law {number}: {test}")


class Tests(unittest.TestCase):
    def test_every_unit_test_is_in_the_table_of_rooms(self):
        page = text("tests/README.md")
        named = [word.rsplit("/", 1)[-1] for word in re.findall(r"`([\w*/]+_test\.c)`", page)]
        for path in sorted((ROOT / "tests/host/unit").glob("*_test.c")):
            self.assertTrue(any(fnmatch.fnmatch(path.name, word) for word in named),
                            f"{name(path)}: of which room? tests/README.md has a table")


class Links(unittest.TestCase):
    def test_links_lead_somewhere(self):
        for path in MANUAL:
            for link in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)",
                                   path.read_text(encoding="utf-8")):
                self.assertTrue((path.parent / link).exists(), f"{name(path)}: {link}")


class Chinese(unittest.TestCase):
    """Law: a page and its translation say the same of the tree."""
    PAGES = ("mm/QUESTIONS", "mm/EXERCISES")

    def pairs(self):
        for page in self.PAGES:
            with self.subTest(page=page):
                yield text(f"{page}.md"), text(f"{page}.zh.md")

    def test_commands_and_outputs_are_the_same(self):
        block = re.compile(r"^```.*?^```$", re.M | re.S)
        for english, chinese in self.pairs():
            self.assertEqual(block.findall(english), block.findall(chinese))

    def test_headings_stand_in_the_same_order(self):
        heading = re.compile(r"^(#+ (?:\d+\.)?)", re.M)
        for english, chinese in self.pairs():
            self.assertEqual(heading.findall(english), heading.findall(chinese))

    def test_the_same_things_of_the_tree_are_named(self):
        for english, chinese in self.pairs():
            named = [set(re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", page, flags=re.M | re.S)))
                     for page in (english, chinese)]
            self.assertEqual(named[0] ^ named[1], set())

    def test_each_leads_to_the_other(self):
        for page in self.PAGES:
            name_only = page.rsplit("/", 1)[1]
            self.assertIn(f"({name_only}.zh.md)", text(f"{page}.md"))
            self.assertIn(f"({name_only}.md)", text(f"{page}.zh.md"))
            self.assertIn(f"({page}.zh.md)", text("README.zh.md"))


if __name__ == "__main__":
    ktap_unittest.main()
