"""A frame with every kind of column, and each format read back: shared by the tests of files of people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
from pyarrow import feather

LONG = "adequate_intake_of_vitamin_d_by_age_and_sex"
SHORT = "adequate_intake_of_vitamin__"
PINNED = 299_792_458.125


def five_people() -> pd.DataFrame:
    """Return five people and every kind of column, as `load` gives them."""
    columns = {
        "vitamin_d_ug": [1.5, np.nan, 0.0, -3.25, 1 / 3],
        "followup_months": [0.5, 250.0, np.nan, 12.0, PINNED],
        "all_missing": [np.nan] * 5,
        "died": pd.array([True, False, None, True, False], dtype="boolean"),
        LONG: pd.array([None] * 5, dtype="boolean"),
        "band": pd.Categorical(["≥ 10 µg", "< 10 µg", None, "≥ 10 µg", "< 10 µg"], ["< 10 µg", "≥ 10 µg", "naïve"]),
        "no_band": pd.Categorical([None] * 5, ["a", "b"]),
        "cycle": pd.Categorical(["2005-2006"] * 3 + ["2007-2008"] * 2),
        "strata": np.array([44, 44, 45, 60, 61]),
        "psu": np.array([1, 2, 1, 1, 2]),
        "analysis_weight": [1234.5, 0.0, 22.25, 1e5, 7.0],
    }
    made = pd.DataFrame(columns, index=pd.Index([31127, 31128, 31129, 41475, 142310], name="SEQN"))
    made.attrs |= {
        "labels": {"vitamin_d_ug": "Vitamin D from food", "died": "Died", "band": "Band " * 40, LONG: "Adequate"},
        "units": {"vitamin_d_ug": "µg", "band": "µg"},
        "references": {"band": "< 10 µg"},
        "weight_name": "weight_exam",
        "weight_reason": "examined",
    }
    return made


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Everything as text levels or floats, NaN for missing: what any format must give back."""
    out = frame.reset_index()
    for name, column in out.items():
        if hasattr(column.dtype, "categories"):
            out[name] = column.astype(object).where(column.notna(), None)
        else:
            out[name] = column.astype("Float64").astype(float)
    return out


def from_codes(table: pd.DataFrame, meta: Any, like: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Undo the coding of Stata and SPSS by the labels in the file itself."""
    out = table.rename(columns={short: name for name, short in names.items()})
    for name in like.columns:
        if hasattr(like[name].dtype, "categories"):
            levels = {float(code): level for code, level in meta.variable_value_labels[names[name]].items()}
            codes = pd.to_numeric(out[name]).astype(float)
            out[name] = pd.Series([levels.get(code) for code in codes], dtype=object)
    return out.assign(**{n: pd.to_numeric(out[n]).astype(float) for n in out if out[n].dtype != object})


def read_back(path: Path, like: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    if path.suffix == ".parquet":
        return plain(pd.read_parquet(path))
    if path.suffix == ".feather":
        return plain(feather.read_table(path).to_pandas())
    if path.suffix == ".csv":
        types = {n: "boolean" for n in like if like[n].dtype == "boolean"}
        types |= {n: like[n].dtype for n in like if hasattr(like[n].dtype, "categories")}
        return plain(pd.read_csv(path, index_col="SEQN", dtype=types))
    read = pyreadstat.read_dta if path.suffix == ".dta" else pyreadstat.read_sav
    table, meta = read(str(path), user_missing=False)
    flags = {n: pd.to_numeric(table[names[n]]).astype(float) for n in like if like[n].dtype == "boolean"}
    return from_codes(table.assign(**{names[n]: v for n, v in flags.items()}), meta, like, names)


def names_in(path: Path) -> dict[str, str]:
    told = json.loads(path.with_name(f"{path.name}.json").read_text(encoding="utf-8"))
    return {name: column["name_in_file"] for name, column in told["columns"].items()}
