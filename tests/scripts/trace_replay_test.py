#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The replay of a trace: every operation has its effect, and a lie is found."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/scripts"))
import ktap_unittest                             # noqa: E402

PROGRAM = os.environ.get("TRACE_REPLAY", str(ROOT / "build/trace_replay"))
MB, NONE = 1 << 20, 1024
HOTPLUG, MIRROR, NOMAP, NOINIT = 1, 2, 4, 16


def event(op, first, end, nid=None, flags=0, code=0):
    """An event over [first, end) MiB."""
    return {"schema": 1, "kind": "event", "seq": 0, "op": op, "base": f"{first * MB:#018x}",
            "size": f"{(end - first) * MB:#018x}", "nid": nid, "flags": f"{flags:#x}",
            "caller": "some\"body+0x1/0x2", "owner": None, "rc": code}


def region(first, end, nid=NONE, flags=0):
    return {"base": f"{first * MB:#018x}", "size": f"{(end - first) * MB:#018x}", "nid": nid,
            "flags": f"{flags:#x}"}


RAM = event("add", 0, 16, NONE)
# name: (events, memory, reserved)
STORIES = {
    "nothing": ([], [], []),
    "add": ([RAM], [region(0, 16)], []),
    "add with a node and flags": ([event("add", 0, 4, 3, HOTPLUG)], [region(0, 4, 3, HOTPLUG)], []),
    "touching adds merge": ([event("add", 0, 4, 0), event("add", 4, 8, 0)], [region(0, 8, 0)], []),
    "remove punches": ([RAM, event("remove", 4, 8)], [region(0, 4), region(8, 16)], []),
    "reserve": ([RAM, event("reserve", 1, 2)], [region(0, 16)], [region(1, 2)]),
    "an allocation": ([RAM, event("alloc", 1, 2, 0)], [region(0, 16)], [region(1, 2)]),
    "an allocation that failed": ([RAM, event("alloc", 0, 2, None, 0, -12)], [region(0, 16)], []),
    "free": ([RAM, event("reserve", 1, 4), event("free", 2, 3)],
             [region(0, 16)], [region(1, 2), region(3, 4)]),
    "a doubling": ([RAM, event("double", 8, 9, None, 1)], [region(0, 16)], [region(8, 9)]),
    "hotplug set and cleared": (
        [RAM, event("set_flag", 4, 12, None, HOTPLUG), event("clear_flag", 4, 8, None, HOTPLUG)],
        [region(0, 8), region(8, 12, NONE, HOTPLUG), region(12, 16)], []),
    "mirror": ([RAM, event("set_flag", 0, 8, None, MIRROR)],
               [region(0, 8, NONE, MIRROR), region(8, 16)], []),
    "nomap": ([RAM, event("set_flag", 0, 8, None, NOMAP), event("clear_flag", 0, 4, None, NOMAP)],
              [region(0, 4), region(4, 8, NONE, NOMAP), region(8, 16)], []),
    "noinit is a flag of reserved": (
        [RAM, event("reserve", 1, 3), event("set_flag", 1, 2, None, NOINIT)],
        [region(0, 16)], [region(1, 2, NONE, NOINIT), region(2, 3)]),
    "nodes of both arrays": (
        [RAM, event("reserve", 6, 10), event("set_node", 0, 8, 0), event("set_node", 8, 16, 1),
         event("set_node", 0, 8, 0, 1)],
        [region(0, 8, 0), region(8, 16, 1)], [region(6, 8, 0), region(8, 10)]),
    "trim to 4 MiB": ([event("add", 1, 11, 0), event("trim", 0, 4)], [region(4, 8, 0)], []),
    "cap leaves NOMAP whole": (
        [RAM, event("set_flag", 12, 14, None, NOMAP), event("reserve", 7, 9),
         event("cap", 2, 8, None, NOMAP)],
        [region(2, 8), region(12, 14, NONE, NOMAP)], [region(7, 8)]),
    "a limit cuts all": (
        [RAM, event("set_flag", 12, 14, None, NOMAP), event("reserve", 7, 9),
         event("cap", 0, 8)], [region(0, 8)], [region(7, 8)]),
    "names are nothing": ([RAM, event("name", 0, 1), event("release", 0, 1)], [region(0, 16)], []),
}


def replay(events, memory, reserved, snapshot=True):
    lines = list(events)
    if snapshot:
        lines.append({"schema": 1, "kind": "snapshot", "given": [], "memory": memory,
                      "reserved": reserved})
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.writelines(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
        file.flush()
        done = subprocess.run([PROGRAM, file.name], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


class Replay(unittest.TestCase):
    def test_every_operation_has_its_effect(self):
        for name, story in STORIES.items():
            with self.subTest(name):
                status, said = replay(*story)
                self.assertEqual(status, 0, said)

    def test_a_story_without_one_of_its_events_is_found(self):
        for name, (events, memory, reserved) in STORIES.items():
            if name in ("nothing", "names are nothing", "an allocation that failed"):
                continue
            with self.subTest(name):
                status, said = replay(events[:-1], memory, reserved)
                self.assertEqual(status, 1, said)

    def test_node_and_flags_are_compared(self):
        for wrong in (region(0, 16, 0), region(0, 16, NONE, HOTPLUG), region(0, 15)):
            status, said = replay([RAM], [wrong], [])
            self.assertEqual(status, 1)
            self.assertIn("memory[0] differs", said)

    def test_an_operation_nobody_knows_is_told(self):
        status, said = replay([RAM, event("teleport", 0, 1)], [region(0, 16)], [])
        self.assertEqual(status, 1)
        self.assertIn("line 2 cannot be replayed", said)

    def test_an_incomplete_trace_is_neither_right_nor_wrong(self):
        self.assertEqual(replay([RAM], [], [], snapshot=False)[0], 3)
        dropped = {"schema": 1, "kind": "dropped", "seq": 0, "count": 5}
        status, said = replay([dropped, RAM], [], [])
        self.assertEqual((status, said.strip()), (3, "incomplete: the ring dropped 5 events"))

    def test_no_file_is_told(self):
        done = subprocess.run([PROGRAM, "/does/not/exist"], capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("cannot read", done.stderr)


if __name__ == "__main__":
    ktap_unittest.main()
