"""Every code of every measured variable, counted by us and by CDC's codebook."""

from __future__ import annotations

import pandas as pd
import pytest

from cofactor.cohort import load
from cofactor.cohort.catalogue_files import file_name, measured_variables
from cofactor.cohort.measured import Measured, Number, Source
from cofactor.loaders.cycles import CYCLES
from cofactor.loaders.disagreements import known_disagreements
from cofactor.loaders.store import DataFolder

pytestmark = pytest.mark.real_data

DESIGN = ("strata", "psu")
"""In every frame anyway, and no codes."""


def in_codebook(found: Measured) -> bool:
    """Whether the codebook counts the variable as we read it: one column, one row a person, a transport file."""
    one = all(s.rows == "one" and s.file is not None and not s.file.endswith(".dat") for s in found.sources)
    return one and found.name not in DESIGN


COUNTED = {name: found for name, found in measured_variables().items() if in_codebook(found)}


@pytest.fixture(scope="module")
def everything(real: DataFolder) -> pd.DataFrame:
    return load(list(COUNTED), cycles=list(CYCLES), data=real, absent="missing", weight=None, pool_2021=True)


@pytest.fixture(scope="module")
def counts(codebook: pd.DataFrame) -> dict[tuple[str, str], pd.DataFrame]:
    """By file and column. The page of KIQ_U_C prints its tables twice; that of OSQ_B some names otherwise."""
    upper = codebook["variable"].str.upper()
    ages = (codebook["file"] == "OSQ_B") & upper.str.match("OSQ030[ABC][A-Z]$")
    named = codebook.assign(variable=upper.where(~ages, upper.str.replace("OSQ", "OSD")))
    return dict(list(named.drop_duplicates().groupby(["file", "variable"])))


KNOWN = {(file, column) for file, column, _ in known_disagreements().reasons} | set(known_disagreements().uncounted)
"""Columns where the page is known not to count what the file has; `cofactor verify --codebook` says why."""


@pytest.mark.parametrize("name", COUNTED)
def test_values_are_as_many_as_in_the_codebook(name, everything, counts):
    found = COUNTED[name]
    for cycle in found.cycles:
        source = found.source(cycle)
        if (file_name(source.file, cycle), source.columns[0]) in KNOWN:
            continue
        table = counts[file_name(source.file, cycle).removesuffix(".xpt"), source.columns[0]]
        ours = everything.loc[everything["cycle"] == cycle, name]
        if found.kind in ("flag", "category"):
            assert by_outcome(ours) == published_by_outcome(table, source), cycle
        else:
            assert ours.notna().sum() == published_numbers(table, source), cycle


def by_outcome(column: pd.Series) -> dict[str, int]:
    names = column.map({True: "yes", False: "no"}) if column.dtype == "boolean" else column
    return {str(name): int(n) for name, n in names.value_counts().items() if n}


def published_by_outcome(table: pd.DataFrame, source: Source) -> dict[str, int]:
    counted = {
        name: int(sum(n for code, n in _codes(table) if _within(code, spans))) for name, spans in source.recode.outcomes
    }
    return {name: n for name, n in counted.items() if n}


def published_numbers(table: pd.DataFrame, source: Source) -> int:
    """Values that are no missing code: the ranges and the single codes."""
    ranges = table["code_or_value"].str.contains(" to ", na=False)
    singles = sum(n for code, n in _codes(table[~ranges]) if not _within(code, source.recode.missing))
    return int(table.loc[ranges, "count"].sum() + singles)


def _codes(table: pd.DataFrame) -> list[tuple[float, float]]:
    codes = pd.to_numeric(table["code_or_value"], errors="coerce")
    return [(code, n) for code, n in zip(codes, table["count"], strict=True) if pd.notna(code)]


def _within(code: float, spans: tuple[Number, ...]) -> bool:
    return any(low <= code <= high for low, high in spans)
