# SPDX-License-Identifier: GPL-2.0-only
"""unittest that speaks KTAP, so that scripts/ktap can add it up."""

import sys
import traceback
import unittest


class KtapResult(unittest.TestResult):
    """One line a test; a failure's traceback as comments before it."""

    def __init__(self, out):
        super().__init__()
        self.out = out
        self.count = 0
        self.failed_below = False

    def line(self, test, verdict, suffix=""):
        self.count += 1
        name = test.id().split(".", 1)[-1]
        self.out.write(f"{verdict} {self.count} {name}{suffix}\n")

    def trouble(self, test, error):
        text = "".join(traceback.format_exception(*error))
        self.out.write("".join(f"# {row[:400]}\n" for row in text.rstrip().splitlines()))
        self.line(test, "not ok")

    def addSuccess(self, test):
        super().addSuccess(test)
        self.line(test, "ok")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.trouble(test, err)

    def addError(self, test, err):
        super().addError(test, err)
        self.trouble(test, err)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.line(test, "ok", f" # SKIP {reason}")

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err:
            self.failed_below = True
            rows = "".join(traceback.format_exception(*err)).splitlines()
            self.out.write("".join(f"# {row[:400]}\n" for row in [f"in {subtest.id()}"] + rows))

    def startTest(self, test):
        super().startTest(test)
        self.failed_below = False

    def stopTest(self, test):
        super().stopTest(test)
        if self.failed_below:
            self.line(test, "not ok")


def main(module="__main__"):
    """Run every test of @module; exit status 1 if one failed."""
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules[module])
    sys.stdout.write(f"KTAP version 1\n1..{suite.countTestCases()}\n")
    result = KtapResult(sys.stdout)
    suite.run(result)
    sys.exit(0 if result.wasSuccessful() else 1)
