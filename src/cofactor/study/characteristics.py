"""The weighted table of characteristics, by the study's groups."""

from __future__ import annotations

import pandas as pd

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
    inside = design.data.loc[design.in_domain, [name] if groups is None else [name, groups]]
    label = pd.Series("all", index=inside.index) if groups is None else inside[groups].astype("str")
    known = inside[name].notna()
    counts = pd.DataFrame({"group": label, "people": known, "missing": ~known})
    return counts.groupby("group", as_index=False).sum()
