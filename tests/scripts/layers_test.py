#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""scripts/check-layers refuses one planted violation of each kind, in one line with a cure."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/scripts"))
sys.path.insert(0, str(ROOT / "scripts"))
import ktap_unittest                                            # noqa: E402
from layerslib import state                                     # noqa: E402

LAWS = "mm/README.md"          # every citation of a law depends on it
SPDX = "/* SPDX-License-Identifier: GPL-2.0-only */\n"

# (what is planted, file, text that is put in front or (old, new), what the line must say: where
# the trouble is, the rule, the cure)
PLANTED = [
    ("an include that goes up", "mm/memblock/memblock_numa.c", '#include "mm/zone.h"\n',
     r"^mm/memblock/memblock_numa\.c:1: \"mm/zone\.h\" is up, from mm/memblock to mm/nodes: let "),
    ("an include of the floor above all", "kernel/lib/json.c", '#include "mm/port.h"\n',
     r"^kernel/lib/json\.c:1: .* is up, from kernel/lib to mm/port: let .* register"),
    ("an include that goes sideways", "mm/ram_check.c", '#include "mm/totalram.h"\n',
     r"^mm/ram_check\.c:1: \"mm/totalram\.h\" is sideways, from mm/ram_check to mm/totalram: let "),
    ("a header in the wrong room", "mm/page_alloc/page_contig.c",
     '#include "mm/buddy/buddy_internal.h"\n',
     r"^mm/page_alloc/page_contig\.c:1: .* is private to mm/buddy/: include .*, or move"),
    ("a private header of paging", "arch/x86_64/pci.c",
     '#include "arch/x86_64/paging/paging_internal.h"\n',
     r"^arch/x86_64/pci\.c:1: .* is private to arch/x86_64/paging/: include "),
    ("an include that is no file", "mm/mm_init.c", '#include "mm/mm_inlt.h"\n',
     r"^mm/mm_init\.c:1: \"mm/mm_inlt\.h\" is no file: write the path"),
    ("an include around a corner", "mm/memblock/memblock_debug.c",
     '#include "mm/memblock/../zone.h"\n',
     r"^mm/memblock/memblock_debug\.c:1: \"mm/memblock/\.\./zone\.h\" is no file: write the path"),
    ("an include behind a comment", "mm/memblock/memblock_param.c", '/**/ #include "mm/zone.h"\n',
     r"^mm/memblock/memblock_param\.c:1: \"mm/zone\.h\" is up, from mm/memblock to mm/nodes: "),
    ("an include by a macro", "mm/memblock/memblock_free.c",
     '#define UP "mm/zone.h"\n#include UP\n',
     r"^mm/memblock/memblock_free\.c:2: an include of a macro: write the path"),
    ("a prototype instead of an include", "mm/memblock/memblock_limit.c",
     "void setup_per_zone_wmarks(void);\n",
     r"^mm/memblock/memblock_limit\.c:1: declares what another file has: include the header "),
    ("an extern instead of an include", "mm/memblock/memblock_array.c",
     "extern unsigned long min_free_kbytes;\n",
     r"^mm/memblock/memblock_array\.c:1: declares what another file has: include the header "),
    ("a header of a libc", "kernel/lib/json.c", "#include <stdio.h>\n",
     r"^kernel/lib/json\.c:1: <stdio\.h> is not freestanding: the kernel has "),
    ("the machine in kernel/lib", "kernel/lib/json.c", "#include <arch/memory.h>\n",
     r"^kernel/lib/json\.c:1: <arch/memory\.h>: kernel/lib knows no machine: let arch/ register"),
    ("an architecture's include", "kernel/monitor.c", '#include "arch/x86_64/setup.h"\n',
     r"^kernel/monitor\.c:1: \"arch/x86_64/setup\.h\" is no file"),
    ("a header of one architecture", "kernel/monitor.c", '#include "arch/x86_64/paging.h"\n',
     r"^kernel/monitor\.c:1: \"arch/x86_64/paging\.h\" is of one architecture: include "),
    ("an architecture's name in a comment", "mm/mm_init.h", "/* As arm64 does. */\n",
     r"^mm/mm_init\.h:1: names an architecture \(arm64\): move it "),
    ("a builtin of one CPU", "mm/takers/cma.c",
     "static inline void relax(void) { __builtin_ia32_pause(); }\n",
     r"^mm/takers/cma\.c:1: names an architecture \(__builtin_ia32_pause\): move it "),
    ("a macro of one compiler's machine", "mm/takers/crash.c", "#ifdef __x86_64__\n#endif\n",
     r"^mm/takers/crash\.c:1: names an architecture \(x86_64__\): move it "),
    ("a feature of one CPU", "mm/takers/memtest.c", "#ifdef __AVX2__\n#endif\n",
     r"^mm/takers/memtest\.c:1: names an architecture \(__AVX2__\): move it "),
    ("an instruction", "mm/nodes/zone_iter.c",
     'static inline void stop(void) { __asm__ volatile("hlt"); }\n',
     r"^mm/nodes/zone_iter\.c:1: __asm__: instructions belong to arch/: ask "),
    ("a control register", "mm/nodes/node.c", "static unsigned long cr3;\n",
     r"^mm/nodes/node\.c:1: cr3: control registers belong to arch/: ask "),
    ("the device tree in mm/", "mm/nodes/numa_memblks.c", "static int of_numa_nodes;\n",
     r"^mm/nodes/numa_memblks\.c:1: of_numa_nodes: the device tree belongs to boot/firmware/: "),
    ("e820 in mm/", "mm/takers/crash.c", "int e820_entries;\n",
     r"^mm/takers/crash\.c:1: e820_entries: only arch/ knows the word e820: "),
    ("an #if for hosts", "mm/report/vmstat.c", "#ifdef __STDC_HOSTED__\n#endif\n",
     r"^mm/report/vmstat\.c:1: kernel and host compile the same text here: put "),
    ("a comment that names a missing file", "mm/nodes/zone.c", "/* See mm/bootmem.c. */\n",
     r"^mm/nodes/zone\.c:1: names mm/bootmem\.c, which is not in the tree: name "),
    ("a document that names a missing file", "README.md", "More in `mm/bootmem.md`.\n",
     r"^README\.md:1: names mm/bootmem\.md, which is not in the tree: name "),
    ("a function that moved", "mm/nodes/movable.c", "/* ledger_check() in mm/mm_init.c. */\n",
     r"^mm/nodes/movable\.c:1: ledger_check\(\) is not in mm/mm_init\.c: name the file that defines it"),
    ("a script that is gone", "scripts/gdb/breaks.py", "# As scripts/check-walls says.\n",
     r"^scripts/gdb/breaks\.py:1: names scripts/check-walls, which is not in the tree: name "),
    ("a folder that is gone", "mm/report/ledger_sum.c", "/* More of it in mm/early/. */\n",
     r"^mm/report/ledger_sum\.c:1: names mm/early/, which is not in the tree: name "),
    ("a function that is gone", "mm/report/ledger_find.c", "/* See free_bootmem_core(). */\n",
     r"^mm/report/ledger_find\.c:1: free_bootmem_core\(\) is nowhere in the tree: name the "),
    ("an include for what the header has not", "mm/buddy/buddy_check.c",
     '#include "mm/pcp.h"	/* buddy_seed() */\n',
     r"^mm/buddy/buddy_check\.c:1: mm/pcp\.h has no buddy_seed\(\): say what "),
    ("an include for what is not used", "mm/buddy/buddy_exact.c",
     '#include "mm/pcp.h"	/* drain_all_pages() */\n',
     r"^mm/buddy/buddy_exact\.c:1: drain_all_pages\(\) of mm/pcp\.h is not used here: say "),
    ("a law in words", "mm/report/ledger_print.c", "/* By law nine. */\n",
     r"^mm/report/ledger_print\.c:1: \"law nine\": write its number"),
    ("a law on two lines", "mm/buddy/page_state.c", "/* What law\n * 9 says. */\n",
     r"^mm/buddy/page_state\.c:1: there is no law 9: mm/README\.md has the laws 1 to 8"),
    ("a law that does not exist", "mm/buddy/buddy.c", "/* Law 9 holds. */\n",
     r"^mm/buddy/buddy\.c:1: there is no law 9: mm/README\.md has the laws 1 to 8"),
    ("the laws taken away", "mm/README.md", ("## The laws", "## Habits"),
     r"law [18]|no laws: restore its list"),
    ("a section of nobody knows what", "mm/page_alloc/page_bad.c", "/* As section 4 says. */\n",
     r"^mm/page_alloc/page_bad\.c:1: \"section 4\" of which document\? cite "),
    ("a title that a document has not", "mm/takers/memtest.c", '/* See mm/README.md, "Roofs". */\n',
     r"^mm/takers/memtest\.c:1: mm/README\.md has no section \"Roofs\": name one it has"),
    ("a permission that nothing uses", "scripts/layerslib/walls.py",
     ('"mm/ledger": "', '"mm/ledger": "arch/include '),
     r"^scripts/layerslib/walls\.py:\d+: mm/ledger includes nothing of arch/include: take it out"),
    ("a permission for a room that is gone", "scripts/layerslib/walls.py",
     ('"mm/ram_check": "', '"mm/ram_check": "mm/attic '),
     r"^scripts/layerslib/walls\.py:\d+: no room is called \"mm/attic\": FLOORS has the names"),
    ("a libc's header that nobody includes", "scripts/layerslib/walls.py",
     ('"stdarg.h"}', '"stdarg.h", "stdatomic.h"}'),
     r"^scripts/layerslib/walls\.py:\d+: nothing includes <stdatomic\.h>: take it out"),
    ("a foreign folder that is gone", "scripts/layerslib/walls.py",
     ('FOREIGN = (', 'FOREIGN = ("attic/", '),
     r"^scripts/layerslib/walls\.py:\d+: FOREIGN names \"attic/\", which is gone: take it out"),
    ("a permission that goes up", "scripts/layerslib/walls.py",
     ('"mm/ledger": "', '"mm/ledger": "mm/nodes '),
     r"^scripts/layerslib/walls\.py:\d+: mm/nodes is not below mm/ledger: take it out"),
    ("an include without a permission", "mm/nodes/node.c", '#include "mm/totalram.h"\n',
     r"^mm/nodes/node\.c:1: \"mm/totalram\.h\": mm/nodes includes nothing of mm/totalram so far"),
    ("a home for a header that is gone", "scripts/layerslib/walls.py",
     ("HOMES = {\n", 'HOMES = {\n    "mm/gone.h": "mm/nodes",\n'),
     r"^scripts/layerslib/walls\.py:\d+: HOMES names \"mm/gone\.h\", which is gone: take "),
    ("a room without files", "scripts/layerslib/walls.py",
     ("FLOORS = [\n", 'FLOORS = [\n    [("attic", r"attic/")],\n'),
     r"^scripts/layerslib/walls\.py:\d+: no file is in room \"attic\": take "),
    ("a word nobody speaks there", "scripts/layerslib/words.py",
     ('["boot/", "tests/"]', '["boot/", "tests/", "attic/"]'),
     r"^scripts/layerslib/words\.py:\d+: no file in attic/ speaks such a word: take it out"),
    ("a file outside that nobody names", "scripts/layerslib/references.py",
     ("ELSEWHERE = {\n", 'ELSEWHERE = {\n    "attic.c": "nowhere",\n'),
     r"^scripts/layerslib/references\.py:\d+: nothing names attic\.c: take the row out"),
]


class Layers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="daybreak-layers-")) / "tree"
        files = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT,
                               capture_output=True, text=True, check=True).stdout.split("\n")
        for name in files:
            if name and (ROOT / name).is_file():
                (cls.folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, cls.folder / name)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder.parent, ignore_errors=True)

    def check(self, *options):
        """(status, lines) of check-layers in the copy, which has no git and nothing built."""
        done = subprocess.run([sys.executable, "scripts/check-layers", *options], cwd=self.folder,
                              capture_output=True, text=True, check=False,
                              env={**os.environ, "B": "build", "GIT_DIR": "/nonexistent"})
        return done.returncode, (done.stdout + done.stderr).splitlines()

    def plant(self, name, change):
        path = self.folder / name
        before = path.read_text(encoding="utf-8")
        after = before.replace(*change, 1) if isinstance(change, tuple) else change + before
        self.assertNotEqual(before, after, f"{name}: nothing to change")
        path.write_text(after, encoding="utf-8")
        return lambda: path.write_text(before, encoding="utf-8")

    def test_the_tree_as_it_is_passes(self):
        self.assertEqual(self.check("--quiet"), (0, []))
        status, lines = self.check()
        self.assertEqual((status, [line for line in lines if line.startswith("#")]), (0, []))

    def batches(self):
        """The rows, as many at once as touch different files; the tables may change twice."""
        rows = list(PLANTED)
        while rows:
            batch, files = [], set()
            for row in rows[:]:
                _, name, change, _ = row
                alone = name == LAWS
                if (alone and batch) or LAWS in files or \
                        (name in files and not isinstance(change, tuple)):
                    continue
                batch.append(row)
                files.add(name)
                rows.remove(row)
            yield batch

    def test_each_kind_is_refused_in_one_line_with_a_cure(self):
        for batch in self.batches():
            restore = [self.plant(name, change) for _, name, change, _ in batch]
            status, lines = self.check("--quiet")
            for undo in reversed(restore):
                undo()
            self.assertEqual(status, 1)
            for what, _, _, said in batch:
                with self.subTest(what):
                    self.assertTrue([line for line in lines if re.search(said, line)],
                                    "\n".join(lines))

    def test_a_header_in_no_room_that_nobody_includes(self):
        path = self.folder / "mm/secret.h"
        path.write_text(SPDX, encoding="utf-8")
        status, lines = self.check("--quiet")
        path.unlink()
        self.assertEqual((status, len(lines)), (1, 1))
        self.assertRegex(lines[0], r"^mm/secret\.h:1: .* is in no room: move it into one, or ")

    def test_a_file_in_no_room(self):
        path = self.folder / "mm/attic/x.c"
        path.parent.mkdir()
        path.write_text(SPDX + '#include "kernel/lib/types.h"\n', encoding="utf-8")
        status, lines = self.check("--quiet")
        shutil.rmtree(path.parent)
        self.assertEqual(status, 1)
        self.assertRegex(lines[0], r"^mm/attic/x\.c:1: .* is in no room: move it into one, or ")

    def test_the_graph_has_no_circle_and_says_so(self):
        status, lines = self.check("--graph")
        self.assertEqual((status, lines[-1]), (0, "no circle between rooms, none between folders"))
        restore = self.plant("mm/memblock/memblock_numa.c", '#include "mm/zone.h"\n')
        status, lines = self.check("--graph")
        restore()
        self.assertEqual(status, 1)
        self.assertTrue(any(line.startswith("circle: ") for line in lines), lines)


class State(unittest.TestCase):
    """What scripts/layerslib/state.py accepts as a mark."""

    ROWS = [
        ("static int a;", False),
        ("/* Only at boot. */\nstatic int a;", False),
        ("/* How many: boot only. */\nstatic int a;", True),
        ("static int a;\t/* per CPU */", True),
        ("/* All of it: constant\n * after boot. */\nint a __ro_after_init = 1;", True),
        ("struct s {\n\tint x;\n};\n\nstatic struct s a;", False),
        ("struct s {\n\tint x;\t\t/* under zone->lock */\n};\n\nstatic struct s a;", True),
        ("/* Boot only: boot only. */\nstruct s {\n\tint x;\n};\n\nstatic struct s a = {", True),
        ("/* boot only */\nstatic int b;\n\nstatic int a;", False),
        ("static struct {\n\tint x;\t\t/* boot only */\n} a;", True),
        ("static struct {\n\tint x;\n} a;", False),
    ]

    def test_one_variable_too_many(self):
        with mock.patch.object(state, "variables", return_value=[("mm/x.c", "a")] * 90):
            (said,) = state.check_count([])
        self.assertRegex(said, r"^scripts/layerslib/state\.py:1: 90 variables, at most 89: put ")

    def test_marks(self):
        for source, good in self.ROWS:
            with self.subTest(source):
                self.assertEqual(bool(state.text_marked(source + "\n", "a", [])), good)


if __name__ == "__main__":
    ktap_unittest.main()
