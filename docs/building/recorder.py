"""A pytest plugin that notes how far apart the numbers were that each test compared: ours, and those from outside.

It listens where tests compare (`numpy.testing.assert_allclose` and `pytest.approx`) and changes nothing that they find.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

KINDS = tuple(type(pytest.approx(value)) for value in (1.0, [1.0], {"a": 1.0}, np.ones(1)))


class Recorder:
    """Comparisons by test: how many numbers, how far apart, and the pair itself where it is a single number."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.test = ""
        self.inside = False
        self.rows: list[dict[str, Any]] = []
        self.outcomes: dict[str, dict[str, Any]] = {}

    def note(self, found: Any, expected: Any) -> None:
        """Keep one comparison, where both sides are numbers."""
        if isinstance(expected, dict):
            found, expected = [found.get(key) for key in expected], list(expected.values())
        try:
            ours, theirs = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
            ours, theirs = np.broadcast_arrays(ours, theirs)
        except (TypeError, ValueError):
            return
        known = np.isfinite(ours) & np.isfinite(theirs)
        if not known.any():
            return
        ours, theirs = ours[known], theirs[known]
        largest = float(np.abs(theirs).max())
        apart = float(np.abs(ours - theirs).max())
        row = {"test": self.test, "numbers": int(known.sum()), "apart": apart / largest if largest else apart}
        if ours.size <= 6:
            row |= {"ours": ours.ravel().tolist(), "theirs": theirs.ravel().tolist()}
        self.rows.append(row)

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Remember which test is about to run, and the first line of what it says of itself."""
        self.test = item.nodeid
        function = getattr(item, "function", None)
        words = (getattr(function, "__doc__", None) or "").strip()
        module = (getattr(getattr(item, "module", None), "__doc__", None) or "").strip()
        self.outcomes[item.nodeid] = {"says": words, "module": module.split("\n")[0], "outcome": "not run"}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep how the test ended."""
        if report.when == "call" or report.outcome != "passed":
            self.outcomes[report.nodeid]["outcome"] = report.outcome

    def pytest_sessionfinish(self) -> None:
        """Write all of it as JSON."""
        self.path.write_text(json.dumps({"comparisons": self.rows, "tests": self.outcomes}), encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    """Put the ears in place: they hear both sides of a comparison, and hand them on."""
    recorder = Recorder(Path(os.environ["COFACTOR_DOCS_RECORD"]))
    config.pluginmanager.register(recorder)
    exact = np.testing.assert_allclose

    def assert_allclose(actual: Any, desired: Any, *rest: Any, **options: Any) -> None:
        recorder.note(actual, desired)
        exact(actual, desired, *rest, **options)

    np.testing.assert_allclose = assert_allclose
    for kind in KINDS:
        _listen(kind, recorder)


def _listen(kind: Any, recorder: Recorder) -> None:
    """Hear the comparisons of a kind of `approx`; those of its elements, which it makes itself, are not heard again."""
    equal = kind.__eq__

    def __eq__(self: Any, actual: Any) -> bool:  # noqa: N807  (the method that is heard)
        if recorder.inside:
            return bool(equal(self, actual))
        recorder.note(actual, self.expected)
        recorder.inside = True
        try:
            return bool(equal(self, actual))
        finally:
            recorder.inside = False

    kind.__eq__ = __eq__
