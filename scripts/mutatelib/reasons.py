# SPDX-License-Identifier: GPL-2.0-only
"""The committed lists of survivors."""

import pathlib


class Reasons:
    """The committed list of survivors that are no bugs."""

    def __init__(self, path):
        self.rows = []
        for line in pathlib.Path(path).read_text().splitlines() if path else []:
            if line.strip() and not line.startswith("#"):
                self.rows.append([part.strip() for part in line.split(" | ")])

    def explain(self, mutant):
        for name, text, what, reason in self.rows:
            if name == mutant["file"] and text in mutant["text"] and \
                    what in ("*", mutant["what"]):
                return reason
        return None
