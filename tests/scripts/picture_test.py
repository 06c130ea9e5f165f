#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Pictures: an owner looks the same everywhere, nobody looks like a neighbour, labels are whole."""

import io
import json
import re
import sys
import unittest
import xml.etree.ElementTree as tree
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests/scripts")]
# pylint: disable=wrong-import-position
import ktap_unittest                                        # noqa: E402
from memmaplib import colours, html, picture, svg           # noqa: E402
from memmaplib.bootlog import read_file, read_log           # noqa: E402
from memmaplib.show import show                             # noqa: E402
from memmaplib.story import Story                           # noqa: E402

MAPS = sorted((ROOT / "tests/maps").glob("*.dmesg"))
EIGHT = ROOT / "tests/maps/dell-r7425-epyc-8node-1tb.dmesg"
MANY = ROOT / "tests/maps/dell-r7625-epyc-32node-768g.dmesg"
SVG = "{http://www.w3.org/2000/svg}"

# What a person without red, without green or without blue cones sees (Viénot, Brettel, Mollon).
BLIND = {
    "protan": ((.11238, .88762, 0), (.11238, .88762, 0), (.00401, -.00401, 1)),
    "deutan": ((.29275, .70725, 0), (.29275, .70725, 0), (-.02234, .02234, 1)),
    "tritan": ((1, .1502, -.1502), (0, .85, .15), (0, .85, .15)),
}


def light(colour, matrix):
    """A colour as seen, in a space where distances mean something (cube roots of light)."""
    rgb = [(int(colour[at:at + 2], 16) / 255) ** 2.2 for at in (1, 3, 5)]
    seen = [max(0, sum(m * c for m, c in zip(row, rgb))) for row in matrix]
    return [value ** (1 / 3) for value in seen]


def story_of(text):
    return Story(read_log(io.BytesIO(text.encode()), "a log"))


class Colours(unittest.TestCase):
    def test_a_name_looks_the_same_in_every_company(self):
        alone = {name: colours.Looks([name])[name] for name in list(colours.OWNERS) + ["sparse_init"]}
        for name, look in alone.items():
            together = colours.Looks([name, "initrd", "kernel image", "page map", "ledger"])[name]
            self.assertEqual(together, look)

    def test_no_two_owners_of_a_picture_look_alike(self):
        names = list(colours.OWNERS) + [f"module {n}" for n in range(30)]
        looks = colours.Looks(names)
        self.assertEqual(len({looks[name][:2] for name in names}), len(names))
        self.assertEqual(len({looks[name][2] for name in names}), len(names))

    def test_the_table_has_no_pair_and_no_letter_twice(self):
        pairs = [row[:2] for row in colours.OWNERS.values()]
        letters = [row[2] for row in colours.OWNERS.values()]
        self.assertEqual((len(set(pairs)), len(set(letters))), (len(pairs), len(letters)))

    def test_free_taken_and_in_the_buddy_are_told_apart(self):
        looks = [colours.FREE, colours.BUDDY, colours.HOLE, colours.UNOWNED]
        self.assertEqual(len({look[0] for look in looks}), len(looks))
        self.assertEqual(len({look[2] for look in looks}), len(looks))

    def test_colours_differ_for_the_colour_blind(self):
        for kind, matrix in BLIND.items():
            seen = [light(colour, matrix) for colour in colours.COLOURS]
            close = [(colours.COLOURS[i], colours.COLOURS[j]) for i in range(len(seen))
                     for j in range(i) if sum(abs(a - b) for a, b in zip(seen[i], seen[j])) < .05]
            self.assertEqual(close, [], kind)


class Pictures(unittest.TestCase):
    def test_every_map_draws_with_a_legend_for_its_types(self):
        for path in MAPS:
            with self.subTest(path=path.name):
                story = Story(read_file(str(path)))
                drawn = picture.of(story)
                types = {piece.label for piece in drawn.lanes.get("the map", ())}
                told = {name for heading, rows in drawn.legend if heading == "the map:"
                        for _, _, name in rows}
                self.assertEqual(types, told)
                tree.fromstring(svg.render(story))

    def test_the_title_says_the_machine(self):
        title = picture.of(Story(read_file(str(EIGHT)))).title
        self.assertRegex(title, r"^dell-r7425-epyc-8node-1tb.dmesg: .*1019.7G RAM, 8 nodes$")

    def test_every_node_is_labelled(self):
        for path, nodes in ((EIGHT, 8), (MANY, 32)):
            story = Story(read_file(str(path)))
            words = [text.text for text in tree.fromstring(svg.render(story)).iter(f"{SVG}text")]
            for nid in range(nodes):
                self.assertTrue(f"node {nid}" in words or str(nid) in words, f"{path.name} node {nid}")

    def test_no_label_is_cut_or_leaves_the_picture(self):
        long = "a name of an owner that is longer than any column of the legend should be"
        text = "".join(json.dumps({"schema": 1, "kind": "event", "seq": at, "op": op, "base": base,
                                   "size": "0x1000000", "nid": None, "flags": "0x0", "caller": None,
                                   "owner": owner, "rc": 0}) + "\n"
                       for at, (op, base, owner) in enumerate((("add", "0x0", None), ("add", "0x1000000", None),
                                                               ("reserve", "0x1000000", long))))
        root = tree.fromstring(svg.render(story_of(text)))
        words = [(float(t.get("x")), t.text) for t in root.iter(f"{SVG}text")]
        self.assertTrue(any(long in text for _, text in words), words)
        self.assertNotIn("…", "".join(text or "" for _, text in words))
        width = float(root.get("viewBox").split()[2])
        for x, text in words:
            self.assertLess(x + len(text or "") * 5, width, text)

    def test_zones_are_a_lane(self):
        lanes = picture.of(Story(read_file(str(EIGHT)))).lanes
        self.assertEqual([piece.label for piece in lanes["zones"]], ["DMA", "DMA32", "Normal"])

    def test_what_a_log_does_not_contain_is_not_announced(self):
        story = story_of("BIOS-e820: [mem 0x0000000000000000-0x000000003fffffff] usable\n")
        drawn = picture.of(story)
        self.assertEqual(list(drawn.lanes), ["the map", "free"])
        self.assertNotIn("operations", re.sub(r"<script>.*", "", html.render(story, "x"), flags=re.S)
                         .split('"sub"')[-1][:60])

    def test_terminal_and_svg_use_the_same_colours(self):
        story = Story(read_file(str(EIGHT)))
        initrd = colours.Looks(["initrd"])["initrd"][0]
        red, green, blue = (int(initrd[at:at + 2], 16) for at in (1, 3, 5))
        self.assertIn(f"48;2;{red};{green};{blue}", show(story, 120, True))
        self.assertIn(initrd, svg.render(story))
        self.assertIn(initrd, html.render(story, "x"))


if __name__ == "__main__":
    ktap_unittest.main()
