"""fit_cox as its users meet it: what it counts, notes, warns of and refuses. Its numbers: test_cox_reference."""

from __future__ import annotations

import pickle
import tracemalloc
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import CofactorError, CofactorWarning, FitError, UnknownVariableError
from cofactor.models import contrast, design_effects, fit_cox, reri, wald_test
from cofactor.survey import SurveyDesign

DATA = Path(__file__).parent.parent / "reference" / "cox" / "data.csv"
MONTHS = {"time": "months", "event": "died"}


@pytest.fixture(scope="module")
def survey() -> pd.DataFrame:
    data = pd.read_csv(DATA)
    data["group"] = pd.Categorical(data["group"], categories=["low", "middle", "high"])
    return data


@pytest.fixture(scope="module")
def design(survey) -> SurveyDesign:
    return SurveyDesign(survey, weight="weight")


def design_with(survey, **changes) -> SurveyDesign:
    return SurveyDesign(survey.assign(**changes), weight="weight")


def test_the_result_says_what_was_done(design):
    fit = fit_cox(design, "age + group", **MONTHS, strata=["site", "flag"])
    assert fit.kind == "cox"
    assert fit.ties == "efron"
    assert fit.terms == ("age", "group[middle]", "group[high]")
    roles = {"time": "months", "event": "died", "entry": None, "strata": "site, flag", "offset": None}
    assert fit.outcome == roles
    assert fit.notes[0] == f"ties by Efron; {fit.counts.events} events; {fit.df:.0f} degrees of freedom"
    assert list(fit.extra["baseline"].columns) == ["stratum", "time", "cumulative_hazard"]
    assert fit.extra["baseline"]["stratum"].nunique() == 6
    assert list(fit.table(exponentiate=True).columns) == ["term", "estimate", "se", "low", "high", "p", "df"]
    assert "Cox model: age + group" in repr(fit)


def test_everything_asked_of_a_fit_works_on_a_cox_fit(design):
    fit = fit_cox(design, "age + flag * group", **MONTHS)
    assert wald_test(fit, "flag:group").df1 == 2.0
    assert contrast(fit, {"age": 60}, {"age": 50}).table()["estimate"][0] == pytest.approx(10 * fit.coefficient("age"))
    assert reri(fit, "flag", "group").table()["estimate"].notna().any()
    assert (design_effects(fit)["design_effect"] > 0).all()


def test_rows_with_missing_variables_leave_the_domain_and_are_counted(survey):
    data = survey.astype({"months": float, "died": float})
    data.loc[:4, "age"] = np.nan
    data.loc[3:8, "months"] = np.nan
    data.loc[20:21, "died"] = np.nan
    data.loc[30:30, "site"] = None
    fit = fit_cox(SurveyDesign(data, weight="weight"), "age + flag", **MONTHS, strata="site")
    assert dict(fit.counts.n_missing) == {"age": 5, "months": 6, "died": 2, "site": 1}
    assert fit.counts.n_used == len(data) - 12
    assert fit.counts.events + fit.counts.events_lost == np.nansum(data["died"])
    known = data[["age", "months", "died", "site"]].notna().all(axis=1)
    same = fit_cox(SurveyDesign(data, weight="weight", domain=known), "age + flag", **MONTHS, strata="site")
    np.testing.assert_array_equal(same.covariance, fit.covariance)


def test_a_flag_and_0_or_1_are_the_same_event(survey, design):
    reference = fit_cox(design, "age", **MONTHS).coefficient("age")
    for kind in ("bool", "boolean", "Int64", "float32"):
        assert fit_cox(design_with(survey, died=survey["died"].astype(kind)), "age", **MONTHS).coefficient(
            "age"
        ) == pytest.approx(reference, rel=1e-14)


def test_labels_of_psus_and_the_order_of_rows_do_not_matter(survey, design):
    reference = fit_cox(design, "age + flag", **MONTHS)
    order = np.random.default_rng(3).permutation(len(survey))
    shuffled = survey.iloc[order].assign(psu=lambda d: "psu " + d["psu"].astype(str))
    other = fit_cox(SurveyDesign(shuffled, weight="weight"), "age + flag", **MONTHS)
    np.testing.assert_allclose(other.estimate.values, reference.estimate.values, rtol=1e-11)
    np.testing.assert_allclose(other.covariance, reference.covariance, rtol=1e-10)


def test_knots_levels_and_references_can_be_those_of_another_fit(design):
    first = fit_cox(design, "rcs(age) + group", **MONTHS)
    again = fit_cox(design.within("domain == 1"), "rcs(age) + group", **MONTHS, like=first.spec)
    assert again.spec.factors == first.spec.factors
    named = fit_cox(design, "rcs(age, knots=mine)", **MONTHS, cuts={"mine": (30, 40, 60, 80)})
    assert len(named.terms) == 3


def test_a_group_without_events_is_a_result_with_a_note_and_a_warning(survey):
    immune = (survey.index % 9 == 0).astype(int)
    with pytest.warns(CofactorWarning, match="grows without bound in immune"):
        fit = fit_cox(design_with(survey, died=survey["died"] * (1 - immune), immune=immune), "age + immune", **MONTHS)
    assert fit.coefficient("immune") < -8
    assert any("grows without bound in immune" in note for note in fit.notes)


def test_a_fit_survives_pickling_and_gives_the_same_influence(design):
    fit = fit_cox(design, "age + rcs(x)", **MONTHS, entry="late")
    again = pickle.loads(pickle.dumps(fit))
    np.testing.assert_array_equal(again.influence(), fit.influence())
    np.testing.assert_array_equal(again.covariance, fit.covariance)


def test_the_kernel_holds_no_copy_of_the_matrix(monkeypatch):
    from cofactor.models.cox_kernel import solve_cox
    from cofactor.models.cox_matrix import centred
    from cofactor.models.cox_slots import risk_slots

    monkeypatch.setenv("COFACTOR_KERNEL", "numpy")
    rng = np.random.default_rng(8)
    n, p = 40_000, 40
    matrix = centred(rng.normal(size=(n, p)), np.zeros(p))
    time, event = rng.integers(1, 200, n).astype(float), rng.random(n) < 0.2
    slots = risk_slots(time, event, np.ones(n))
    tracemalloc.start()
    solution = solve_cox(matrix, slots, [f"x{j}" for j in range(p)], "the model")
    solution.psu_totals(matrix, slots, rng.integers(0, 100, n), 100)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < matrix.rows.nbytes / 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"died": 0}, "has no event: 'died' is 0 in all 1,200 rows used"),
        ({"died": [1, 2] * 600}, "the event 'died' of the Cox model 'age' must be a flag, or 0 and 1; it also has 2"),
        ({"died": "dead"}, "the event 'died' of .* is of type"),
        ({"months": [-1] + [5] * 1199}, "1 rows of the Cox model 'age' have a negative time in 'months'"),
        ({"months": [0, 0] + [5] * 1198}, "2 rows .* have a time of 0 in 'months', .* use 0.5"),
        ({"months": "six"}, "the time 'months' of .* is of type"),
        ({"months": [np.inf] + [5] * 1199}, "infinite times in 'months'"),
    ],
)
def test_bad_outcomes_are_refused(survey, change, message):
    with pytest.raises(FitError, match=message):
        fit_cox(design_with(survey, **change), "age", **MONTHS)


def test_entry_at_or_after_the_exit_is_refused_with_the_mend(survey):
    late = np.where(survey.index < 3, survey["months"], survey["late"])
    with pytest.raises(FitError, match=r"3 rows .* leave \('months'\) no later than they enter.*'months > late'"):
        fit_cox(design_with(survey, late=late), "age", **MONTHS, entry="late")


def test_collinear_columns_are_refused_by_name(survey):
    with pytest.raises(FitError, match="collinear among those at risk: twice depends on age"):
        fit_cox(design_with(survey, twice=2 * survey["age"] + 3), "age + twice", **MONTHS)


def test_a_covariate_constant_within_strata_is_refused_by_name(survey):
    north = (survey["site"] == "north").astype(int)
    with pytest.raises(FitError, match=r"north of .age .* north. does not vary among those at risk"):
        fit_cox(design_with(survey, north=north), "age + north", **MONTHS, strata="site")


def test_more_coefficients_than_degrees_of_freedom_warn(survey):
    few = survey[survey["strata"] < 2]
    with pytest.warns(CofactorWarning, match="degrees of freedom"):
        fit_cox(SurveyDesign(few, weight="weight"), "age + x + flag + group", **MONTHS)


def test_a_model_without_terms_is_refused(design):
    with pytest.raises(CofactorError, match="no term"):
        fit_cox(design, "1", **MONTHS)


def test_unknown_ties_are_refused(design):
    with pytest.raises(FitError, match="ties='exact' is unknown; there are: efron, breslow"):
        fit_cox(design, "age", **MONTHS, ties="exact")


@pytest.mark.parametrize("role", ["time", "event", "entry", "strata"])
def test_unknown_columns_are_refused_with_near_names(design, role):
    with pytest.raises(UnknownVariableError, match="unknown variable 'month'"):
        fit_cox(design, "age", **{**MONTHS, role: "month"})
