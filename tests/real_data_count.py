"""Print how many tests on real files ran and were skipped, and the plain closing line of a test run."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass


@dataclass
class Count:
    """Tests that passed, failed and were skipped."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, case: ElementTree.Element) -> None:
        """Count one test case of a JUnit file."""
        if case.find("skipped") is not None:
            self.skipped += 1
        elif case.find("failure") is not None or case.find("error") is not None:
            self.failed += 1
        else:
            self.passed += 1

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def main() -> None:
    """Read the JUnit file that is named."""
    every, real = Count(), Count()
    for case in ElementTree.parse(sys.argv[1]).iter("testcase"):
        every.add(case)
        if case.find("properties/property[@name='real_data']") is not None:
            real.add(case)
    print(f"of these on real files: {real}")
    print(every)


if __name__ == "__main__":
    main()
