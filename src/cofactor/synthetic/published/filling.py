"""Fill the files of a cycle with the catalogued columns that no truth is planted in."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cofactor.loaders.manifest import load_manifest
from cofactor.synthetic.people import People
from cofactor.synthetic.published.drawing import draw_values
from cofactor.synthetic.published.figures import Figures, figures_of
from cofactor.synthetic.published.rows import holding, in_file, stem_of
from cofactor.synthetic.randomness import Floats, Mask, stream
from cofactor.synthetic.sample import calibrated

SEVERAL_ROWS = frozenset({"DSQFILE2", "DSQ2", "DSQIDS", "DS1IDS", "DS2IDS", "RXQ_RX", "RXQ_ANA", "PAQIAF"})
"""Files with several rows a person: a row's columns belong together, so these are not drawn one by one."""

ASKED_IF_ONE = {"DSQTOT": "DSD010", "DS1TOT": "DS1DS", "DS2TOT": "DS2DS"}
"""Files whose amounts are missing for people who do not answer yes (1) to a question."""

SAME = 0.002
"""Share of rows by which two columns that are missing for the same people may differ in their missing."""


def filled(one: People, made: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables `made` with all other columns that the catalogue reads, and the files that lack altogether.

    No truth is planted in them: a column has the published shares of its codes, the published range and mean of its
    numbers, about the published share missing (for younger people where that can be, else for the same people as in a
    column that is missing as often), and depends on nothing else. Each column has a stream of its own, so that a new
    one moves no other.
    """
    files = dict(made)
    for file in load_manifest().files_of(one.plan.cycle):
        if not file.endswith(".xpt") or stem_of(file, one) in SEVERAL_ROWS:
            continue
        known = figures_of(file)
        here = files.get(file)
        lacking = [name for name in known if here is None or name not in here]
        if lacking:
            files[file] = _with_columns(one, file, here, {name: known[name] for name in lacking})
    return files


def _with_columns(one: People, file: str, made: pd.DataFrame | None, lacking: Mapping[str, Figures]) -> pd.DataFrame:
    table = pd.DataFrame({"SEQN": _people_in(one, file)}) if made is None else made
    rows = (table["SEQN"].to_numpy() - one.sample.seqn[0]).astype(np.int64)
    chance = stream(one.seed, one.plan.cycle, "published", file).random(len(table))
    answers: dict[str, Floats] = {}
    for name, known in lacking.items():
        rng = stream(one.seed, one.plan.cycle, "published", file, name)
        if name.startswith("WT"):
            values = calibrated(one.sample.weight[rows], known.total)
        else:
            values = draw_values(known, len(table), rng)
        there = _answered(one, file, table, rows, known, chance)
        answers[name] = np.where(there, values, np.nan)
    return pd.concat([table, pd.DataFrame(answers, index=table.index)], axis=1)


def _people_in(one: People, file: str) -> Floats:
    rows = in_file(file, one, stream(one.seed, one.plan.cycle, "published", file, "rows"))
    return one.sample.seqn[rows].astype(np.float64)


def _answered(
    one: People, file: str, table: pd.DataFrame, rows: np.ndarray[tuple[int], np.dtype[np.int64]], known: Figures,
    chance: Floats,
) -> Mask:  # fmt: skip
    """Who has a value, (rows,)."""
    twin = _missing_alike(file, table, known)
    if twin is not None:
        return table[twin].notna().to_numpy()
    gate = ASKED_IF_ONE.get(stem_of(file, one))
    asked = np.ones(len(table), dtype=bool)
    if gate in table and known.column != gate:
        asked = (table[gate] == 1.0).to_numpy()
    return holding(asked, one.sample.age_known[rows], 1.0 - known.missing, chance)


def _missing_alike(file: str, table: pd.DataFrame, known: Figures) -> str | None:
    """A column of the table that is missing for as many as `known`, some but not all: one that is skipped alike."""
    if not known.missing:
        return None
    there = {name: one for name, one in figures_of(file).items() if name in table}
    return next((name for name, one in there.items() if abs(one.missing - known.missing) <= SAME), None)
