"""Bars stand beside long work where somebody sees them, and nowhere else."""

from __future__ import annotations

import io
import sys
from types import SimpleNamespace

import joblib
import pytest

import cofactor.progress as house
from cofactor.progress import bars_are_seen, progress, progress_bar


class Terminal(io.StringIO):
    """A standard error that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def written(monkeypatch: pytest.MonkeyPatch, *, terminal: bool, wanted: bool = True) -> str:
    """Return what standard error gets from work of both forms. (pytest gives each phase its own, so no fixture.)"""
    stderr = Terminal() if terminal else io.StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)
    monkeypatch.setattr(house, "AFTER_SECONDS", 0.0)
    assert list(progress([1, 2], label="models", unit="model", wanted=wanted)) == [1, 2]
    with progress_bar(4, label="replicates", unit="replicate") as done:
        done(4)
    return stderr.getvalue()


def test_terminal_shows_what_is_done(monkeypatch):
    shown = written(monkeypatch, terminal=True)
    assert "models" in shown
    assert "replicates" in shown


def test_file_or_pipe_stays_clean(monkeypatch):
    assert written(monkeypatch, terminal=False) == ""


def test_bar_can_be_declined(monkeypatch):
    assert "models" not in written(monkeypatch, terminal=True, wanted=False)


@pytest.mark.parametrize(("config", "seen"), [({"IPKernelApp": {}}, True), ({}, False)])
def test_notebook_shows_bars_and_ipython_in_a_pipe_does_not(config, seen, monkeypatch):
    shell = SimpleNamespace(config=config)
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert bars_are_seen() is seen


def test_workers_draw_nothing_into_the_terminal_of_their_parent():
    def seen_in_worker() -> bool:  # defined here, so that the worker receives it whole: it cannot import this file
        sys.stderr = SimpleNamespace(isatty=lambda: True)
        return bars_are_seen()

    assert joblib.Parallel(n_jobs=2)(joblib.delayed(seen_in_worker)() for _ in range(2)) == [False, False]
