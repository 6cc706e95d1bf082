"""The single days behind a told intake: loaded apart, since a cycle may lack the second, and never weighed by."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from cofactor.cohort import load
from cofactor.study.definition import Study
from cofactor.study.parts import ErrorDial, Recalls


def recalls_of(study: Study) -> tuple[Recalls, ...]:
    """Return the recalls that any error dial of the study names, each once."""
    named = [item for model in study.models if model.error_dial for item in model.error_dial.recalls]
    return tuple(dict.fromkeys(named))


def with_recalls(frame: pd.DataFrame, study: Study, data: str | Path | None) -> pd.DataFrame:
    """Add the single days to a frame as `load` returned it, missing where a cycle has none; no weight rests on them."""
    wanted = [day for item in recalls_of(study) for day in (item.first, item.second)]
    lacking = [name for name in dict.fromkeys(wanted) if name not in frame.columns]
    if lacking:
        days = load(lacking, cycles=study.cycles, data=data, weight=None, absent="missing")
        for name in lacking:
            frame[name] = days[name]
    return frame


def day_columns(frame: pd.DataFrame, study: Study) -> dict[str, pd.Series]:
    """Return the columns of both days in the unit of the model's column, where the frame has both."""
    made: dict[str, pd.Series] = {}
    for item in recalls_of(study):
        if {item.first, item.second} <= set(frame.columns):
            for name, day in zip(_names(item), (item.first, item.second), strict=True):
                made[name] = frame[day].astype(float) / item.per
    return made


def recalls_in(frame: pd.DataFrame, dial: ErrorDial) -> Mapping[str, tuple[str, str]] | None:
    """Return the columns of the days by the model's column, for `reliability`; None where the frame lacks one."""
    found = {item.of: _names(item) for item in dial.recalls}
    there = bool(found) and all(set(pair) <= set(frame.columns) for pair in found.values())
    return found if there else None


def _names(item: Recalls) -> tuple[str, str]:
    return f"{item.of}_first_day", f"{item.of}_second_day"
