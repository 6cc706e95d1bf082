"""Print how many tests on real files ran and were skipped, and the plain closing line of a test run."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ElementTree


def counts(path: str) -> tuple[int, int, int, int]:
    """Return tests passed, failed, skipped, and of the skipped those that lacked real files."""
    passed = failed = skipped = lacking = 0
    for case in ElementTree.parse(path).iter("testcase"):
        reason = case.find("skipped")
        if reason is not None:
            skipped += 1
            lacking += "COFACTOR_TEST_MIRROR" in (reason.get("message") or "")
        elif case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        else:
            passed += 1
    return passed, failed, skipped, lacking


def main() -> None:
    """Read the JUnit file that is named."""
    passed, failed, skipped, lacking = counts(sys.argv[1])
    print(f"{lacking} tests on real files were skipped for want of a mirror")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")


if __name__ == "__main__":
    main()
