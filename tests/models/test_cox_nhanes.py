"""Cox models and curves on real files of 2003-2006 with linked deaths, against R (tests/reference/cox/nhanes.R)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from cofactor.models import dose_response, fit_cox, kaplan_meier, proportional_hazards_test, surface
from cofactor.survey import SurveyDesign

REFERENCE = Path(__file__).parent.parent / "reference"
SHAPES = json.loads((REFERENCE / "dose_response" / "nhanes.json").read_text())
EXPECTED = json.loads((REFERENCE / "cox" / "nhanes.json").read_text())
BODY = "rcs(bmi, [20, 25, 30, 38])"
MODELS = {  # what each model of nhanes.R is called here
    "months": (f"age * sex + race + {BODY}", {"time": "months"}),
    "age_as_time": (f"sex + race + {BODY}", {"time": "leaves", "entry": "enters"}),
    "age_as_time_strata": (f"race + {BODY}", {"time": "leaves", "entry": "enters", "strata": ["sex", "cycle"]}),
}


def people_2003(mirror: Path) -> pd.DataFrame:
    """Everyone of 2003-2006 with the variables of the models; nhanes.R reads this frame as CSV."""
    cycles = []
    for year, letter in ((2003, "C"), (2005, "D")):
        folder = mirror / "wwwn.cdc.gov" / "Nchs" / "Data" / "Nhanes" / "Public" / str(year) / "DataFiles"
        demo, body = (
            pyreadstat.read_xport(folder / f"{name}_{letter}.xpt")[0].set_index("SEQN") for name in ("DEMO", "BMX")
        )
        deaths = next((mirror / "ftp.cdc.gov").rglob(f"NHANES_{year}_{year + 1}_MORT_2019_PUBLIC.dat"))
        linked = pd.read_fwf(
            deaths, colspecs=[(0, 14), (14, 15), (15, 16), (45, 48)], names=["SEQN", "eligible", "died", "months"],
            na_values=["."], index_col="SEQN",
        )  # fmt: skip
        cycles.append(demo.join([body[["BMXBMI"]], linked]).assign(cycle=year))
    raw = pd.concat(cycles)
    months = raw["months"].mask(raw["months"] == 0, 0.5)
    enters = 12 * raw["RIDAGEYR"].clip(upper=80) + 6
    return pd.DataFrame({
        "strata": raw["SDMVSTRA"], "psu": raw["SDMVPSU"], "weight": raw["WTMEC2YR"] / 2, "cycle": raw["cycle"],
        "age": raw["RIDAGEYR"].clip(upper=80), "sex": raw["RIAGENDR"].map({1: "male", 2: "female"}),
        "race": "r" + raw["RIDRETH1"].astype(int).astype(str), "bmi": raw["BMXBMI"], "died": raw["died"],
        "months": months, "enters": enters, "leaves": enters + months,
        "adult": ((raw["RIDAGEYR"] >= 20) & (raw["eligible"] == 1)).astype(int),
    })  # fmt: skip


@pytest.fixture(scope="module")
def design(mirror) -> SurveyDesign:
    return SurveyDesign(people_2003(mirror), weight="weight", domain="adult == 1")


@pytest.mark.real_data
@pytest.mark.parametrize("name", MODELS)
def test_models_of_real_people_match_svycoxph(design, name):
    formula, roles = MODELS[name]
    fit = fit_cox(design, formula, event="died", **roles)
    expected = EXPECTED[name]
    np.testing.assert_allclose(fit.estimate.values, expected["coefficients"], rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(fit.estimate.se, expected["se"], rtol=1e-8)
    assert (fit.counts.n_used, fit.counts.events, fit.df) == (expected["n"], expected["events"], expected["df"])


@pytest.mark.real_data
def test_proportional_hazards_of_real_people_match_svycoxph_on_split_rows(design):
    fit = fit_cox(design, "age + sex", time="months", event="died")
    slopes = proportional_hazards_test(fit).slopes
    np.testing.assert_allclose(slopes.values, EXPECTED["slopes"]["coefficients"], rtol=1e-8)
    np.testing.assert_allclose(slopes.se, EXPECTED["slopes"]["se"], rtol=1e-8)


@pytest.mark.real_data
def test_survival_of_real_people_matches_svykm(design):
    expected = EXPECTED["survival"]
    curve = kaplan_meier(design, time="months", event="died", times=expected["time"])
    np.testing.assert_allclose(curve.table()["survival"], expected["survival"], rtol=1e-10)


@pytest.mark.real_data
def test_a_curve_of_real_people_matches_svycoxph(design):
    fit = fit_cox(design, f"{BODY} + age + sex", time="months", event="died")
    expected = SHAPES["curve"]
    made = dose_response(fit, "bmi", expected["values"], reference=25)
    np.testing.assert_allclose(made.estimate.values, expected["estimate"], rtol=1e-8)
    np.testing.assert_allclose(made.estimate.se, expected["se"], rtol=1e-8)
    test = made.non_linearity
    assert test.f * test.df1 * fit.df / test.df2 == pytest.approx(expected["non_linearity"], rel=1e-7)


@pytest.mark.real_data
def test_a_surface_of_real_people_matches_svycoxph(design):
    fit = fit_cox(design, f"{BODY} * rcs(age, [30, 50, 70]) + sex", time="months", event="died")
    expected = SHAPES["surface"]
    made = surface(fit, "bmi", "age", [20, 35], [40, 75], reference=(25, 60))
    np.testing.assert_allclose(made.estimate.values, expected["estimate"], rtol=1e-7)
    np.testing.assert_allclose(made.estimate.se, expected["se"], rtol=1e-7)
    test = made.interaction
    assert test.f * test.df1 * fit.df / test.df2 == pytest.approx(expected["interaction"], rel=1e-6)
