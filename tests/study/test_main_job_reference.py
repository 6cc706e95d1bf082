"""The main job on real files against an independent analysis by R (tests/reference/main_job), cell by cell.

One run of the study serves all tests of this file. Under xdist each worker that gets one of them runs it again, so
they are few: each compares a whole table and reports every cell that differs at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, isclose, isnan, log, nan
from pathlib import Path

import pandas as pd
import pytest

from cofactor.errors import CofactorWarning
from cofactor.study import StudyResult, load_study, run_study

pytestmark = [pytest.mark.real_data, pytest.mark.slow]

# Which model answers which analysis of R

SETS = {"set1_all": "_set_1_own_rows", "set1": "_set_1", "set2_own": "_set_2_own_rows", "set2": "", "set3": "_set_3"}
EVERYWHERE = {
    **{f"primary/{key}": f"primary{suffix}" for key, suffix in SETS.items()},
    **{f"deficits/{key}": f"deficits{suffix}" for key, suffix in SETS.items()},
    "spline_x_ear/set2": "spline",
    "spline_x_mg100/set2": "spline_by_100_mg",
    "linear/set2": "linear",
    "picture/set2": "picture",
    "median2x2/set2": "median",
    "3x4/set2": "three_by_four",
    "additive/set2": "additive",
}
MAIN_ONLY = {
    **{f"additive/{key}": f"additive{suffix}" for key, suffix in SETS.items()},
    **{f"additive_linear/{key}": f"additive_linear{suffix}" for key, suffix in SETS.items()},
    **{f"additive_categories/{key}": f"additive_categories{suffix}" for key, suffix in SETS.items()},
    "additive_spline/set2": "additive_spline",
    "cause/heart": "primary_heart",
    "cause/cancer_death": "primary_cancer",
    "cause_deficits/heart": "deficits_heart",
    "cause_deficits/cancer_death": "deficits_cancer",
    "cause_additive/heart": "additive_heart",
    "cause_additive/cancer_death": "additive_cancer",
    "sens/delayed24": "after_24_months",
    "sens/window0_60": "months_0_60",
    "sens/window60_120": "months_60_120",
    "sens/window120_": "months_over_120",
    "sens/healthy": "healthy",
    "sens/age_scale_under80": "age_scale_under_80",
    "sens/age_scale_all": "age_scale_all",
    "sens/2005+": "from_2005",
    "sens/2007+": "from_2007",
    "sens/energy500_6000": "energy_500_6000",
    "sens/day1": "day_1",
    "sens/day1_energy500_6000": "day_1_energy_500_6000",
    "sens/energy_adjusted_trend": "energy_adjusted_trend",
    "sens/energy_adjusted_quarters": "energy_adjusted_quarters",
    "deficits/set2_2005+": "deficits_from_2005",
    "deficits/set2_2007+": "deficits_from_2007",
    "trust/crude": "trust_crude",
    "trust/set1": "trust_set_1",
    "trust/smoking": "trust_smoking",
    "trust/education_income": "trust_social",
    "trust/energy": "trust_energy",
    "trust/healthy": "trust_healthy",
    "trust/after10": "trust_late",
    "subgroup/female": "by_sex",
    "subgroup/age65": "by_age",
    "subgroup/race": "by_race",
}
PAIRS = {"main": EVERYWHERE | MAIN_ONLY, "total": EVERYWHERE, "two_days": EVERYWHERE | {"sens/2005+": "from_2005"}}
NOT_IN_R = {
    ("total", "complete"),  # R did not read the product files that say whose supplements are completely known
    ("main", "surface"),  # held against svycoxph on real people in tests/models/test_cox_nhanes.py
}

# What a column, a level and a cut point are called in R

NUMBERS = {
    "vitd_capped_per_25": "vitd25", "vitd_per_10": "vitd10", "vitd_per_50": "vitd50", "vitd_low": "low_d",
    "magnesium_adequate": "mg_ear", "magnesium_adequate_day1": "mg_ear", "magnesium_low": "low_mg",
    "magnesium_per_100": "mg100", "magnesium_per_200": "mg200", "magnesium_below_median": "below_median",
    "magnesium_adjusted_score": "mg_score", "age_years": "age", "age_80_plus": "age80", "age_65": "age65",
    "sex[female]": "female", "poverty_income_ratio": "pir", "poverty_income_ratio_top": "pir5",
    "energy_per_1000": "kcal1000", "diabetes_diagnosed": "diabetes", "hypertension_diagnosed": "hypertension",
    "cvd_history": "cvd", "cancer_history": "cancer",
    **{
        f"rcs({ours})[{i}]": f"{theirs}{i}"
        for ours, theirs in (("age_years", "a"), ("bmi_kg_m2", "b"), ("vitd_25oh_nmol_l", "v"))
        for i in (1, 2, 3)
    },
}  # fmt: skip
QUARTERS = ("lowest quarter", "second quarter", "third quarter", "highest quarter")
CYCLES = tuple(f"{year}-{year + 1}" for year in range(2001, 2019, 2))
LEVELS = {
    "race_ethnicity": ("race", {"Mexican American": "mexican", "other Hispanic": "hispanic",
                                "non-Hispanic Black": "black", "other": "other"}),
    "season": ("season", {"May-October": "May-Oct"}),
    "cycle": ("cycle", {cycle: cycle[:4] for cycle in CYCLES}),
    "education": ("education", {"college graduate": "college", "some college": "some", "high school or GED": "high",
                                "grades 9-11": "9-11", "less than 9th grade": "<9"}),
    "smoking": ("smoking", {"never": "never", "former": "former", "current under 15 a day": "<15",
                            "current 15 or more": "15+"}),
    "alcohol": ("alcohol", {level: level for level in ("never", "former", "light", "moderate", "heavy")}),
    "activity_third": ("activity", {level: level for level in ("low", "middle", "high")}),
    "vitd_status": ("vs", {"deficient": "deficient", "insufficient": "insufficient"}),
    "magnesium_quarter": ("mq", {level: f"Q{i}" for i, level in enumerate(QUARTERS, start=1)}),
    "magnesium_adjusted_quarter": ("mg_adj_q", {level: f"{i}" for i, level in enumerate(QUARTERS, start=1)}),
}  # fmt: skip
R_TERM = NUMBERS | {
    f"{ours}[{level}]": f"{theirs}{name}" for ours, (theirs, names) in LEVELS.items() for level, name in names.items()
}
R_CUT = {
    "age_knots": "age", "bmi_knots": "bmi", "vitd_knots": "vitd", "magnesium_median": "mg_median",
    "magnesium_quartiles": "mg_quartiles", "activity_cuts/past 30 days": "activity_early",
    "activity_cuts/typical week": "activity_late", "magnesium_adjusted_quartiles/male": "mg_residual_male",
    "magnesium_adjusted_quartiles/female": "mg_residual_female",
}  # fmt: skip
CUTS_NOT_IN_R = {"magnesium_knots", "age_limits"}  # of the surface; of the response weights
MEANS = {
    "age": "age_years", "bmi": "bmi_kg_m2", "kcal": "energy_diet_kcal", "mg": "magnesium_diet_mg",
    "vitd": "vitd_25oh_nmol_l", "pir": "poverty_income_ratio",
}  # fmt: skip
DEGREES_OF_FREEDOM = {
    ("main", "common"): "primary", ("main", "after24"): "after_24_months", ("main", "after60"): "months_60_120",
    ("main", "after120"): "months_over_120", ("main", "from2005"): "from_2005", ("main", "from2007"): "from_2007",
    ("total", "common"): "primary", ("two_days", "common"): "primary",
}  # fmt: skip

Results = dict[str, StudyResult]
Key = tuple[str, str]


@dataclass(frozen=True)
class Cell:
    """One row of expected.csv; what a side does not give is missing."""

    estimate: float
    se: float = nan
    n: float = nan
    events: float = nan


def key(analysis: str, term: str) -> Key:
    """Return the name of a cell; a product's factors in alphabetical order."""
    return analysis, ":".join(sorted(term.split(":")))


def r_term(term: str) -> str:
    return ":".join(R_TERM.get(part, part) for part in term.split(":"))


def read_expected() -> dict[Key, Cell]:
    path = Path(__file__).parent.parent / "reference" / "main_job" / "expected.csv"
    rows = pd.read_csv(path)
    return {key(row.analysis, row.term): Cell(row.estimate, row.se, row.n, row.events) for row in rows.itertuples()}


EXPECTED = read_expected()


@pytest.fixture(scope="module")
def results(real_data_folder: Path) -> Results:
    # Nobody examined in 2015-2016 can be seen to die after month 60: that cycle's coefficient has no finite value.
    with pytest.warns(CofactorWarning, match=r"without bound in cycle\[2015-2016\]"):
        main = run_study(load_study("mg_vitd_mortality"), data=real_data_folder)
    return {"main": main, "total": main.variants["total_intake"], "two_days": main.variants["two_days"]}


def models(results: Results) -> Iterator[tuple[str, StudyResult, str]]:
    """Yield R's name of each analysis, the result that it is in, and the model."""
    for population, pairs in PAIRS.items():
        for analysis, model in pairs.items():
            yield f"{population}/{analysis}", results[population], model


# The study's cells, by kind


def coefficients(results: Results) -> dict[Key, Cell]:
    """Every coefficient of the tables, and of the whole fit where R has it too."""
    cells = {}
    for analysis, result, name in models(results):
        model = result.models[name]
        fitted = {key(analysis, r_term(row.term)): row for row in model.fit.table().itertuples()}
        shown = {key(analysis, r_term(row.term)): row for row in model.hazard_ratios.itertuples()}
        rows = {at: row for at, row in fitted.items() if at in EXPECTED} | shown
        cells |= {at: Cell(row.estimate, row.se, model.people, model.events) for at, row in rows.items()}
    return cells


def comparisons(results: Results) -> dict[Key, Cell]:
    """The exposure's log hazard ratio below and at or above the requirement of magnesium."""
    return {
        key(analysis, "within_high" if "at or above" in row.term else "within_low"): Cell(
            row.estimate, row.se, result.models[name].people, result.models[name].events
        )
        for analysis, result, name in models(results)
        for row in result.models[name].comparisons.itertuples()
    }


def additive(results: Results) -> dict[Key, Cell]:
    """RERI, AP and log S of each pair of levels."""
    cells = {}
    for analysis, result, name in models(results):
        model = result.models[name]
        for row in (model.additive if model.additive is not None else pd.DataFrame()).itertuples():
            pair = f"/{row.exposure}/{LEVELS['magnesium_quarter'][1][row.modifier]}" if name == "three_by_four" else ""
            term, estimate = ("logS", log(row.estimate)) if row.term == "S" else (row.term, row.estimate)
            if term != "multiplicative":
                cells[key(analysis + pair, term)] = Cell(estimate, row.se, model.people, model.events)
    return cells


def wald_tests(results: Results) -> dict[Key, Cell]:
    """F, its degrees of freedom and p; that of one coefficient is its squared t, so R has them for some alone."""
    return {
        key(analysis, f"product {part}"): Cell(value)
        for analysis, result, name in models(results)
        for row in result.models[name].tests.itertuples()
        for part, value in (("F", row.f), ("df1", row.df1), ("df2", row.df2), ("p", row.p))
        if key(analysis, "product F") in EXPECTED
    }


def degrees_of_freedom(results: Results) -> dict[Key, Cell]:
    return {
        key(f"{population}/df", rows): Cell(results[population].models[name].fit.df)
        for (population, rows), name in DEGREES_OF_FREEDOM.items()
    }


def flow(results: Results) -> dict[Key, Cell]:
    """Weighted people, people and deaths after each step; the steps are in one order on both sides."""
    cells = {}
    for population, result in results.items():
        steps = [at for at in EXPECTED if at[0] == f"{population}/flow"]
        rows = result.flow[result.flow["step"] != "with a positive analysis weight"].itertuples()
        cells |= {at: Cell(row.weighted, nan, row.people, row.deaths) for at, row in zip(steps, rows, strict=True)}
    return cells


def cut_points(results: Results) -> dict[Key, Cell]:
    cells = {}
    for population, result in results.items():
        table = result.cut_points.assign(level=result.cut_points["level"].fillna(""))
        for (cut, level), points in table.groupby(["cut", "level"]):
            if cut in CUTS_NOT_IN_R:
                continue
            name = R_CUT[f"{cut}/{level}".rstrip("/")]
            for i, value in enumerate(points.sort_values("prob")["value"], start=1):
                cells[key(f"{population}/cuts", f"{name}{i}")] = Cell(value)
        curve = result.models["spline"].curve["value"]
        cells[key(f"{population}/cuts", "curve1")] = Cell(curve.min())
        cells[key(f"{population}/cuts", "curve2")] = Cell(curve.max())
    return cells


def counts(results: Results) -> dict[Key, Cell]:
    """People who lack a variable of the models, in one order on both sides; months of 0, deaths without a cause."""
    cells = {}
    for population, result in results.items():
        variables = [at for at in EXPECTED if at[0] == f"{population}/missing"]
        people = result.missing["people"].iloc[1:-1]  # the first is 25(OH)D, which nobody inside lacks; the last any
        cells |= {at: Cell(n) for at, n in zip(variables, people, strict=True)}
    noted = results["main"].counted["people"]
    return cells | {
        key("main/counts", "0 months in the domain"): Cell(noted.iloc[0]),
        key("main/counts", "deaths without a cause in the domain"): Cell(noted.iloc[1]),
    }


def curves(results: Results) -> dict[Key, Cell]:
    """The ends of the spline's curve, and crude survival at 5, 10 and 15 years."""
    main = results["main"]
    cells = {}
    for adequate, curve in main.models["spline"].curve.groupby("magnesium_adequate"):
        for end, row in (("low", curve.iloc[0]), ("high", curve.iloc[-1])):
            cells[key("main/curve", f"ear{int(str(adequate) == 'True')}_{end}")] = Cell(row["estimate"], row["se"])
    for group, curve in main.curves.table().groupby("joint_status", observed=True):
        for month in (60, 120, 180):
            survival = curve.loc[curve["time"] <= month, "survival"].iloc[-1]
            cells[key("main/km", f"{group}@{month}")] = Cell(survival)
    return cells


def table_1(results: Results) -> dict[Key, Cell]:
    table = results["main"].characteristics
    everyone = table[table["group"] == "all"]
    rows = {name: everyone[everyone["variable"] == variable].iloc[0] for name, variable in MEANS.items()}
    for variable in ("smoking", "alcohol", "activity_third", "education"):
        name, levels = LEVELS[variable]
        for _, row in everyone[everyone["variable"] == variable].iterrows():
            rows[name + levels[row["level"]]] = row
    for _, row in table[(table["variable"] == "vitd_25oh_nmol_l") & (table["group"] != "all")].iterrows():
        rows[f"vitd|{row['group']}"] = row
    return {key("main/table1", term): Cell(row["estimate"], row["se"]) for term, row in rows.items()}


def naive_errors(results: Results) -> dict[Key, Cell]:
    """Standard errors by the inverse information, as if the weights were all."""
    rows = results["main"].models["primary"].diagnostics.itertuples()
    return {key("main/naive", r_term(row.term)): Cell(row.naive_se) for row in rows}


# Comparing


def differing(ours: dict[Key, Cell]) -> list[str]:
    """One line for each cell that R has not, or has otherwise: relative 1e-6, absolute 1e-9; counts exactly."""
    lines = []
    for at, cell in ours.items():
        r = EXPECTED.get(at, Cell(inf, inf))
        exact = all(isnan(a) or isnan(b) or a == b for a, b in ((cell.n, r.n), (cell.events, r.events)))
        if not (exact and close(cell.estimate, r.estimate) and close(cell.se, r.se)):
            lines.append(f"{' '.join(at)}: here {cell}, in R {r}")
    return lines


def close(a: float, b: float) -> bool:
    return (isnan(a) and isnan(b)) or isclose(a, b, rel_tol=1e-6, abs_tol=1e-9)


KINDS = (
    coefficients, comparisons, additive, wald_tests, degrees_of_freedom, flow, cut_points, counts, curves, table_1,
    naive_errors,
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_cells_match_r(results, kind):
    offending = differing(kind(results))
    assert not offending, "\n".join(offending)


def test_every_row_of_r_is_compared(results):
    compared = {at for kind in KINDS for at in kind(results)}
    assert sorted(set(EXPECTED) - compared) == []


def test_every_model_has_its_analysis(results):
    fitted = {(population, model) for population, result in results.items() for model in result.models}
    assert fitted - {(population, model) for population, pairs in PAIRS.items() for model in pairs.values()} == NOT_IN_R
