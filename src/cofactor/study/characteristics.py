"""The weighted table of characteristics, by the study's groups."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cofactor.survey import SurveyDesign, weighted_mean, weighted_proportion

COLUMNS = ["variable", "level", "group", "statistic", "estimate", "se", "low", "high", "people", "missing"]


def characteristics_table(design: SurveyDesign, names: tuple[str, ...], groups: str) -> pd.DataFrame:
    """Return means (numbers) and proportions (categories, flags) of each variable, overall and by group.

    Columns: variable, level ("" for a number), group ("all" or a level of `groups`), statistic ("mean" or
    "proportion"), estimate, se, low, high, people (unweighted, known) and missing (unweighted, in the group).
    """
    tables = [_characteristic(design, name, by) for name in names for by in (None, groups)]
    return pd.concat(tables, ignore_index=True)[COLUMNS] if tables else pd.DataFrame(columns=COLUMNS)


def _characteristic(design: SurveyDesign, name: str, groups: str | None) -> pd.DataFrame:
    number = pd.api.types.is_float_dtype(design.data[name].dtype)
    estimate = weighted_mean(design, name, by=groups) if number else weighted_proportion(design, name, by=groups)
    table = estimate.table()
    table["variable"] = name
    table["statistic"] = "mean" if number else "proportion"
    table["level"] = "" if number else table["level"].astype(str)
    table["group"] = "all" if groups is None else table[groups].astype(str)
    counts = _counts(design, name, groups)
    return table.drop(columns="n", errors="ignore").merge(counts, on="group", how="left")


def _counts(design: SurveyDesign, name: str, groups: str | None) -> pd.DataFrame:
    """Unweighted people with the variable known, and missing, in each group."""
    inside = design.in_domain
    known = design.data[name].notna().to_numpy()
    if groups is None:
        codes, levels = np.zeros(len(inside), dtype=np.intp), ["all"]
    else:
        category = design.data[groups].astype("category").cat
        codes, levels = np.asarray(category.codes, dtype=np.intp), [str(level) for level in category.categories]
    inside = inside & (codes >= 0)

    def count(rows: NDArray[np.bool_]) -> NDArray[np.intp]:
        return np.bincount(codes[rows], minlength=len(levels))

    return pd.DataFrame({"group": levels, "people": count(inside & known), "missing": count(inside & ~known)})
