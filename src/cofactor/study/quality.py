"""The quality of data: what each cycle has of each variable, and where a variable breaks between cycles."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cofactor.cohort.availability import in_order
from cofactor.cohort.breaks import KnownBreak, causes, known_breaks
from cofactor.cohort.loading import ALWAYS, load
from cofactor.cohort.measured import Measured
from cofactor.cohort.registry import canonical, variable, variables
from cofactor.cohort.weights import SUBSAMPLES
from cofactor.display import lines_html, table_html
from cofactor.loaders import data_folder, parse_cycles
from cofactor.loaders.store import DataFolder
from cofactor.models import adjust_pvalues
from cofactor.study.provenance import generation, used
from cofactor.study.quality_counts import as_numbers, counts_table, raw_counts, weight_of, weights_of_people
from cofactor.study.quality_steps import Floats, Survey, steps_of, survey_of

FALSE_DISCOVERIES = 0.05
"""Benjamini and Hochberg's bound on the expected share of false ones among the steps called notable."""

STEP_SD = 0.10
"""The smallest notable step, in standard deviations of a person within a cycle."""

SPREAD_RATIO = 1.15
"""The smallest notable change of spread: the larger standard deviation over the smaller."""

RULE = (
    f"A step of the level is notable where it is at least {STEP_SD:g} standard deviations of a person within a cycle; a"
    f" change of spread where one standard deviation is at least {SPREAD_RATIO:g} times the other; either only where"
    f" its p-value, adjusted by Benjamini and Hochberg over all steps of level and spread on this page, is at most"
    f" {FALSE_DISCOVERIES:g}."
)
"""What is called notable, in words."""

_WEIGHTS = frozenset(name for part in SUBSAMPLES.values() for name in (part.weight, part.four_years) if name)
_NO_STEPS = _WEIGHTS | {"strata", "psu", "age_years"}
"""Design, weights, and what the steps are adjusted for."""


@dataclass(frozen=True, eq=False)
class DataQuality:
    """What `data_quality` found.

    title : whose variables these are. names, cycles : in order. counts : a row a variable and cycle, of
    `quality_counts.counts_table`. steps : a row a step between neighbouring cycles, of `quality_steps.steps_of`, with
    p_adjusted, sd_ratio_p_adjusted, notable_level, notable_spread, notable, causes (names of known changes, with
    commas), explained, by_construction. changes : a row a known change among these variables and cycles, with how many
    steps lie on it and how many of them are notable. provenance : plain data.
    """

    title: str
    names: tuple[str, ...]
    cycles: tuple[str, ...]
    counts: pd.DataFrame
    steps: pd.DataFrame
    changes: pd.DataFrame
    provenance: dict[str, Any]

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return every tidy table by the name of its CSV file."""
        return {"quality_counts": self.counts, "quality_steps": self.steps, "quality_changes": self.changes}

    def _repr_html_(self) -> str:
        notable = self.steps[self.steps["notable"]]
        said = f"{len(self.names)} variables in {len(self.cycles)} cycles; {len(notable)} of {len(self.steps)} steps"
        table = table_html(notable, caption="Notable steps between cycles")
        return lines_html([f"Data quality of {self.title}", f"{said} are notable"]) + table


def described_variables() -> tuple[str, ...]:
    """Return every variable of the catalogue but strata, PSUs and weights."""
    return tuple(name for name in variables() if name not in _WEIGHTS | {"strata", "psu"})


def with_inputs(names: Sequence[str]) -> tuple[str, ...]:
    """Return variables and all that they are made of, each after its inputs, without design and weights.

    >>> with_inputs(["vitd_status"])
    ('vitd_25oh_nmol_l', 'vitd_status')
    """
    own = [canonical(name) for name in dict.fromkeys(names) if name not in ALWAYS]
    return tuple(name for name in in_order(own) if name not in _WEIGHTS | {"strata", "psu"})


def data_quality(
    names: Sequence[str] | None = None,
    *,
    cycles: str | Sequence[str] = "1999-2018",
    data: str | Path | DataFolder | None = None,
    title: str = "the variables of the catalogue",
) -> DataQuality:
    """Count what each cycle has of each variable, and find where a variable breaks between neighbouring cycles.

    Parameters
    ----------
    names : names or aliases of the catalogue; None for all but design and weights.
    cycles : a span, a cycle, or a list. Each is described by its own weights: nothing is pooled.
    data : a data folder; None for COFACTOR_DATA, else the platform's cache folder.
    title : whose variables these are, in words.

    Returns
    -------
    DataQuality

    Raises
    ------
    UnknownVariableError, FileError, StudyError (no such cycles)

    Notes
    -----
    A step is a difference that a linear model in age group × sex leaves to the cycle (`quality_steps`). What is called
    notable: `RULE`. A cause is linked where a document names a change of method between the two cycles; that is no
    proof that it made the step, and a step without a known change may be a change of the population.
    """
    started = datetime.datetime.now(datetime.UTC)
    pool = parse_cycles(cycles)
    asked = described_variables() if names is None else tuple(dict.fromkeys(canonical(name) for name in names))
    folder = data_folder(data)
    frame = _frame(asked, pool, folder)
    origin = {str(name): value for name, value in frame.attrs.items()}
    frame.attrs = {}  # pandas copies them with every column that is taken
    weights = weights_of_people(frame, asked)
    measured = [name for name in in_order(asked) if isinstance(variable(name), Measured)]
    raw = raw_counts(folder, measured, pool, frame.index)
    steps = judged(_steps(survey_of(frame), frame, weights))
    return DataQuality(
        title=title,
        names=asked,
        cycles=pool,
        counts=counts_table(frame, asked, weights, raw),
        steps=steps,
        changes=changes_table(steps, asked, pool),
        provenance=_provenance(origin, title, asked, pool, started),
    )


def _frame(asked: Sequence[str], pool: tuple[str, ...], folder: DataFolder) -> pd.DataFrame:
    """Everybody of the cycles with the variables, age, sex and each weight that one of them needs."""
    weights = {weight_of(name, cycle) for name in asked for cycle in pool}
    wanted = dict.fromkeys([*asked, "age_years", "sex", *sorted(weights)])
    return load(list(wanted), cycles=pool, data=folder, weight="weight_interview", absent="missing", pool_2021=True)


def _steps(survey: Survey, frame: pd.DataFrame, weights: Mapping[str, Floats]) -> pd.DataFrame:
    found = []
    for name in weights:
        if name in _NO_STEPS or variable(name).kind == "category":
            continue
        steps = steps_of(survey, as_numbers(frame[name]), weights[name])
        if variable(name).kind == "flag":  # its spread follows from its level: a test of it would be the same test
            steps[["sd_ratio", "sd_ratio_log_se", "sd_ratio_p"]] = np.nan
        if len(steps):
            found.append(steps.assign(variable=name))
    if not found:
        return steps_of(survey, np.full(len(frame), np.nan), np.zeros(len(frame))).assign(variable="")
    whole = pd.concat(found, ignore_index=True)
    return whole[["variable", *(name for name in whole.columns if name != "variable")]]


def judged(steps: pd.DataFrame) -> pd.DataFrame:
    """Return steps with adjusted p-values, what is notable by the rule, and the known changes that lie on them."""
    both = np.concatenate([steps["p"].to_numpy(dtype=float), steps["sd_ratio_p"].to_numpy(dtype=float)])
    adjusted = adjust_pvalues(both, method="benjamini-hochberg")["adjusted"].to_numpy()
    of_level, of_spread = adjusted[: len(steps)], adjusted[len(steps) :]
    far = np.abs(steps["step_sd"].to_numpy(dtype=float)) >= STEP_SD
    wide = np.abs(np.log(steps["sd_ratio"].to_numpy(dtype=float))) >= np.log(SPREAD_RATIO)
    level, spread = far & (of_level <= FALSE_DISCOVERIES), wide & (of_spread <= FALSE_DISCOVERIES)
    known = [
        causes(name, before, after)
        for name, before, after in zip(steps["variable"], steps["from"], steps["to"], strict=True)
    ]
    return steps.assign(
        p_adjusted=of_level,
        sd_ratio_p_adjusted=of_spread,
        notable_level=level,
        notable_spread=spread,
        notable=level | spread,
        causes=[", ".join(one.name for one in several) for several in known],
        explained=np.array([bool(several) for several in known], dtype=bool),
        by_construction=np.array([any(one.first_cycle is None for one in several) for several in known], dtype=bool),
    )


def changes_table(steps: pd.DataFrame, names: Sequence[str], cycles: Sequence[str]) -> pd.DataFrame:
    """Return each known change among these variables and cycles, and what became of the steps that lie on it.

    Columns: change, title, first_cycle ("every" where by construction), cause, source, steps, notable, largest_step_sd
    (by size, with its sign), largest_variable.
    """
    rows = []
    for known in known_breaks():
        inside = known.first_cycle is None or known.first_cycle in cycles[1:]
        if not inside or not any(known.concerns(part) for name in names for part in in_order([name])):
            continue
        on_it = steps[[known.name in one.split(", ") for one in steps["causes"]]]
        rows.append(_change(known) | _largest(on_it) | {"steps": len(on_it), "notable": int(on_it["notable"].sum())})
    columns = [
        "change",
        "title",
        "first_cycle",
        "cause",
        "source",
        "steps",
        "notable",
        "largest_step_sd",
        "largest_variable",
    ]
    return pd.DataFrame(rows, columns=columns)


def _change(known: KnownBreak) -> dict[str, Any]:
    first = known.first_cycle or "every"
    return {
        "change": known.name,
        "title": known.title,
        "first_cycle": first,
        "cause": known.cause,
        "source": known.source,
    }


def _largest(steps: pd.DataFrame) -> dict[str, Any]:
    if steps.empty:
        return {"largest_step_sd": np.nan, "largest_variable": ""}
    row = steps.iloc[int(steps["step_sd"].abs().to_numpy(dtype=float).argmax())]
    return {"largest_step_sd": float(row["step_sd"]), "largest_variable": row["variable"]}


def _provenance(
    origin: Mapping[str, Any], title: str, names: Sequence[str], cycles: Sequence[str], started: datetime.datetime
) -> dict[str, Any]:
    return {
        "quality": {"title": title, "variables": list(names), "cycles": list(cycles), "rule": RULE},
        "wasGeneratedBy": generation(started),
        "used": used(origin),
    }
