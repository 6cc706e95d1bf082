"""Replicate weights through one function, held against R's and against the linearised errors."""

from __future__ import annotations

from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest

from cofactor.errors import CofactorError, CofactorWarning, DesignError, FitError
from cofactor.models import fit_cox, fit_glm, reri
from cofactor.survey import SurveyDesign, replicate, replicate_weights, weighted_mean, weighted_ratio, weighted_total
from cofactor.survey.replicate_weights import from_matrix

REFERENCE = Path(__file__).parents[1] / "reference" / "replicate"
EXPECTED = pd.read_csv(REFERENCE / "expected.csv")
WEIGHTS = pd.read_csv(REFERENCE / "weights.csv")
OPTIONS = {"jackknife": {}, "brr": {}, "fay": {"rho": 0.3}, "bootstrap": {"number": 40, "seed": 1}}
ESTIMATORS = {
    "total": (None, lambda d: weighted_total(d, ["age", "x0"])),
    "mean": (None, lambda d: weighted_mean(d, ["age", "x0"])),
    "domain": ("age >= 40", lambda d: weighted_mean(d, "x0")),
    "ratio": (None, lambda d: weighted_ratio(d, "x0", "age")),
    "glm": (None, lambda d: fit_glm(d, "x0 ~ age")),
    "logistic": (None, lambda d: fit_glm(d, "died ~ age", family="binomial")),
    "cox": (None, lambda d: fit_cox(d, "age", time="months", event="died")),
}
methods = pytest.mark.parametrize("method", OPTIONS)


@pytest.fixture(scope="module")
def data(synthetic):
    kept = synthetic[synthetic["stratum"] != 9].copy()
    kept["x0"] = kept["x"].fillna(0.0)
    kept["months"] = kept["z"] + kept["age"] / 100.0
    kept["died"] = (kept["y"] > 15).astype(float)
    return kept


@pytest.fixture(scope="module")
def pairs(data):
    """The first two PSUs of each stratum: what half-samples need."""
    return data[data["psu"] <= 2]


def design_of(data, domain=None):
    return SurveyDesign(data, weight="weight", strata="stratum", domain=domain)


def given(method, design):
    """R's replicate weights of a method, in the order of the design's PSUs."""
    table = WEIGHTS[WEIGHTS["method"] == method]
    first = design.data.iloc[np.unique(design.psu_index, return_index=True)[1]]
    factors = table.pivot_table(index="replicate", columns=["stratum", "psu"], values="factor")
    return from_matrix(
        "R's", factors[list(zip(first["stratum"], first["psu"], strict=True))].to_numpy(), table["scale"].iloc[0]
    )


@methods
@pytest.mark.parametrize("case", ESTIMATORS)
def test_the_covariance_matches_as_svrepdesign_on_the_same_weights(method, case, data, pairs):
    domain, estimator = ESTIMATORS[case]
    design = design_of(pairs if method in ("brr", "fay") else data, domain)
    made = replicate(design, estimator, method="jackknife" if method == "jackknife" else given(method, design))
    rows = EXPECTED[(EXPECTED["method"] == method) & (EXPECTED["case"] == case)]
    np.testing.assert_allclose(made.covariance[rows["i"] - 1, rows["j"] - 1], rows["value"], rtol=1e-8)


@pytest.mark.parametrize("method", ["jackknife", "brr", "fay"])
def test_of_a_total_every_balanced_method_gives_the_linearised_covariance(method, pairs):
    design = design_of(pairs)
    total = weighted_total(design, ["age", "x0"])
    made = replicate(design, lambda d: weighted_total(d, ["age", "x0"]), method=method, **OPTIONS[method])
    np.testing.assert_allclose(made.covariance, total.covariance, rtol=1e-10)
    np.testing.assert_allclose(made.replicates.mean(axis=0) if method != "jackknife" else made.values, total.values)


def test_the_bootstrap_of_a_total_tends_to_the_linearised_covariance(data):
    design = design_of(data)
    weights = replicate_weights(design, "bootstrap", number=4000, seed=2)
    totals = weighted_total(design, ["age", "x0"]).psu_totals
    factors = np.stack([weights.multiplier(r) for r in range(len(weights))])
    gaps = (factors - 1.0) @ totals
    covariance = gaps.T @ gaps * weights.scales[0]
    # The standard error of a variance from 4,000 replicates is about sqrt(2 / 4000) = 2%.
    np.testing.assert_allclose(covariance, weighted_total(design, ["age", "x0"]).covariance, rtol=0.08)


@pytest.mark.parametrize("method", ["jackknife", "brr", "fay"])
def test_a_cox_fit_and_its_interaction_have_nearly_their_linearised_errors(method):
    people = many_people()
    design = SurveyDesign(people)
    for estimator in (cox_fit, lambda d: reri(cox_fit(d), "a", "b")):
        linearised = getattr(estimator(design), "estimate", estimator(design)).se
        made = replicate(design, estimator, method=method, **OPTIONS[method])
        np.testing.assert_allclose(made.se, linearised, rtol=0.15)


def cox_fit(design):
    return fit_cox(design, "a * b + age", time="months", event="died")


def many_people():
    rng = np.random.default_rng(3)
    n = 2400
    a, b = rng.integers(0, 2, n), rng.integers(0, 2, n)
    people = pd.DataFrame({"strata": np.arange(n) // 200, "psu": np.arange(n) // 100 % 2, "a": a, "b": b,
                           "analysis_weight": rng.uniform(1, 3, n), "age": rng.normal(0, 1, n)})  # fmt: skip
    hazard = 0.02 * np.exp(0.5 * a + 0.4 * b + 0.3 * a * b + 0.3 * people["age"])
    people["months"] = np.ceil(np.minimum(rng.exponential(1 / hazard), 60))
    people["died"] = (people["months"] < 60).astype(int)
    return people


@methods
def test_the_table_has_the_columns_of_an_estimates(method, pairs):
    design = design_of(pairs)
    made = replicate(design, ESTIMATORS["logistic"][1], method=method, **OPTIONS[method])
    fit = ESTIMATORS["logistic"][1](design)
    for exponentiate in (False, True):
        table, theirs = made.table(exponentiate=exponentiate), fit.table(exponentiate=exponentiate)
        assert table.columns.tolist() == theirs.columns.tolist()
        pd.testing.assert_frame_equal(table[["term", "estimate", "df"]], theirs[["term", "estimate", "df"]])
    np.testing.assert_array_equal(made.table()["p"] < 0.05, made.table()["low"] * made.table()["high"] > 0.0)
    assert made.notes[0] in repr(made)
    assert made.notes[0] in made._repr_html_()


def test_by_variables_and_ratios_stand_in_the_table_as_in_an_estimates(data):
    by = replicate(design_of(data), lambda d: weighted_mean(d, "age", by="group"))
    assert by.table().columns.tolist() == ["group", "term", "estimate", "se", "low", "high", "p", "df"]
    design = SurveyDesign(many_people())
    measures = replicate(design, lambda d: reri(cox_fit(d), "a", "b"))
    np.testing.assert_allclose(measures.table()["estimate"], reri(cox_fit(design), "a", "b").table()["estimate"])


def test_an_array_is_a_result_too(data):
    made = replicate(design_of(data), lambda d: np.array([d.weights[d.in_domain].sum()]))
    assert made.values == pytest.approx([data["weight"].sum()])
    assert made.terms == ("[0]",)


def test_a_replicate_has_the_degrees_of_freedom_of_the_whole(pairs):
    design = design_of(pairs, "age >= 40")
    half = design.as_replicate(replicate_weights(design, "brr").multiplier(1))
    assert half.psus_holding().sum() < design.psus_holding().sum()
    assert half.degrees_of_freedom() == half.within("age < 60").degrees_of_freedom() == design.degrees_of_freedom()


@methods
def test_knots_and_levels_are_those_of_the_whole_design(method, pairs):
    design = design_of(pairs)
    once = fit_glm(design, "x0 ~ rcs(age, 3) + group")

    def twice(part):  # one formula in two domains has two sets of knots
        return np.concatenate(
            [fit_glm(where, "x0 ~ rcs(age, 3) + group").estimate.values for where in (part, part.within("age < 60"))]
        )

    def fixed(part):
        return fit_glm(part, "x0 ~ rcs(age, 3) + group", like=once.spec)

    made = replicate(design, twice, method=method, **OPTIONS[method])
    held = replicate(design, fixed, method=method, **OPTIONS[method])
    np.testing.assert_array_equal(made.replicates[:, :5], held.replicates)
    younger = fit_glm(design.within("age < 60"), "x0 ~ rcs(age, 3) + group")
    assert younger.spec.factors["rcs(age, 3)"] != once.spec.factors["rcs(age, 3)"]
    held = replicate(
        design.within("age < 60"), lambda d: fit_glm(d, "x0 ~ rcs(age, 3) + group", like=younger.spec),
        method=method, **OPTIONS[method],
    )  # fmt: skip
    np.testing.assert_array_equal(made.replicates[:, 5:], held.replicates)


def test_the_bootstrap_is_made_again_by_its_seed(data):
    design = design_of(data)
    once, again, other = (
        replicate(design, ESTIMATORS["mean"][1], method="bootstrap", number=20, seed=seed) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(once.replicates, again.replicates)
    assert not np.array_equal(once.replicates, other.replicates)


def test_each_bootstrap_replicate_draws_one_psu_less_than_a_stratum_has(data):
    design = design_of(data)
    weights = replicate_weights(design, "bootstrap", number=50, seed=1)
    size = np.bincount(design.stratum_of_psu)[design.stratum_of_psu]
    drawn = np.stack([weights.multiplier(r) for r in range(50)]) * (size - 1) / size
    np.testing.assert_allclose(drawn, np.round(drawn), atol=1e-12)
    in_stratum = drawn @ (design.stratum_of_psu[:, np.newaxis] == np.arange(design.n_strata))
    np.testing.assert_allclose(in_stratum, np.bincount(design.stratum_of_psu)[np.newaxis] - 1 + np.zeros((50, 1)))


@pytest.mark.parametrize("backend", ["loky", "threading"])
@methods
def test_numbers_are_the_same_on_every_backend(backend, method, pairs):
    design, estimator = design_of(pairs), ESTIMATORS["cox"][1]
    alone = replicate(design, estimator, method=method, **OPTIONS[method])
    with joblib.parallel_config(backend=backend, n_jobs=2):
        made = replicate(design, estimator, method=method, **OPTIONS[method])
    np.testing.assert_array_equal(made.replicates, alone.replicates)
    np.testing.assert_array_equal(made.covariance, alone.covariance)


BAD = [
    ({"method": "delete-d"}, "method='delete-d' is unknown; there are .*\"?brr"),
    ({"method": "fay"}, "needs rho: e.g. "),
    ({"method": "fay", "rho": 1.0}, "rho=1.0 is no factor"),
    ({"method": "bootstrap"}, "needs number and seed"),
    ({"method": "bootstrap", "number": 1, "seed": 1}, "number=1 replicates give no variance"),
    ({"method": "brr", "seed": 1}, "takes no seed; leave it out"),
    ({"method": "brr"}, r"2 strata have more than two PSUs: .*take \"jackknife\""),
    ({"method": from_matrix("given", np.ones((3, 4)), 1.0)}, "factors for 4 PSUs, the design has 18"),
    ({"method": from_matrix("given", np.ones((3, 18)), 1.0), "seed": 1}, "take no rho, number or seed"),
]


@pytest.mark.parametrize(("options", "message"), BAD)
def test_options_that_cannot_be_used_are_refused(options, message, data):
    with pytest.raises(DesignError, match=message):
        replicate(design_of(data), ESTIMATORS["mean"][1], **options)


@methods
def test_a_stratum_with_one_psu_is_refused(method, synthetic):
    with pytest.raises(DesignError, match="1 strata have one PSU: 9"):
        replicate(design_of(synthetic), lambda d: weighted_mean(d, "age"), method=method, **OPTIONS[method])


def acting(act, times: int):
    """An estimator that does something else in its first replicates."""
    calls = iter(range(10_000))

    def estimator(design):
        if 0 < next(calls) <= times:
            return act(design)
        return weighted_mean(design, "age")

    return estimator


def fail(design):
    raise FitError("no convergence")


def tripled(data):
    """The survey three times over: 54 PSUs, so that one failure is under 5%."""
    return pd.concat([data.assign(stratum=data["stratum"] + 100 * i) for i in range(3)]).reset_index(drop=True)


def test_a_replicate_that_fails_is_named_and_counts_as_the_mean_of_the_others(data):
    wide = design_of(tripled(data))
    made = replicate(wide, acting(fail, 1))
    assert made.notes == (
        "errors by jackknife (JKn), 54 replicates",
        "replicate without PSU 1 of stratum 1 failed: no convergence",
    )
    assert np.isnan(made.replicates[0]).all()
    gaps = made.replicates[1:, 0] - made.values[0]
    scales = replicate_weights(wide).scales[1:]
    assert made.covariance[0, 0] == pytest.approx((scales * gaps**2).sum() * 54 / 53)


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (lambda d: weighted_mean(d, "x0"), r"it has other terms than the whole design \(age\)"),
        (lambda d: weighted_mean(d, ["age", "x0"]), r"it has other terms than the whole design \(x0\)"),
        (lambda d: np.linalg.cholesky(-np.eye(2)), "Matrix is not positive definite"),
    ],
)
def test_a_result_that_cannot_stand_beside_the_others_is_a_failure(act, why, data):
    made = replicate(design_of(tripled(data)), acting(act, 1))
    assert len(made.notes) == 2
    with pytest.raises(FitError, match=why):
        replicate(design_of(data), acting(act, 8))


def test_curves_without_times_and_levels_of_one_psu_say_what_they_need(data):
    from cofactor.models import kaplan_meier

    with pytest.raises(FitError, match="curves need `times`"):
        replicate(design_of(data), lambda d: kaplan_meier(d, time="months", event="died"))
    rare = tripled(data)
    rare["kind"] = np.where(design_of(rare).psu_index == 0, "rare", rare["group"].astype(str))
    made = replicate(design_of(rare), lambda d: fit_glm(d, "x0 ~ kind"))
    assert made.notes[1:] == (
        "replicate without PSU 1 of stratum 1 failed: columns of 'x0 ~ kind' are collinear: kind[rare] depends on "
        "nothing: it is zero throughout. Leave out one of the terms",
    )


def test_what_the_whole_design_leaves_undefined_stays_undefined(data):
    made = replicate(design_of(data), lambda d: np.array([np.nan, weighted_mean(d, "age").values[0]]))
    assert np.isnan(made.se).tolist() == [True, False]
    assert made.se[1] == pytest.approx(replicate(design_of(data), lambda d: weighted_mean(d, "age")).se[0])


def test_many_failures_are_an_error(data):
    with pytest.raises(FitError, match=r"8 of 18 replicates failed; the first: replicate without PSU 1 of stratum 1"):
        replicate(design_of(data), acting(fail, 8))


def test_warnings_of_replicates_are_counted_in_the_notes(data):
    def warn(design):
        import warnings

        warnings.warn("few events", CofactorWarning, stacklevel=1)
        return weighted_mean(design, "age")

    made = replicate(design_of(data), acting(warn, 3))
    assert made.notes[1] == "3 of 18 replicates warned; the first: replicate without PSU 1 of stratum 1: few events"


def test_a_result_of_several_estimates_is_refused_with_their_names(data):
    from cofactor.models import rmst

    def means(design):
        return rmst(design, time="months", event="died", until=5, by="group")

    with pytest.raises(
        FitError, match="RestrictedMeans, not one estimate: return one of its means, differences, ratios"
    ):
        replicate(design_of(data), means)
    with pytest.raises(FitError, match="returns str, not one estimate: return an estimate, a fit or an array"):
        replicate(design_of(data), lambda d: "mean")
    np.testing.assert_allclose(
        replicate(design_of(data), lambda d: means(d).differences).se, means(design_of(data)).differences.se, rtol=0.5
    )


def test_an_error_of_the_whole_design_is_its_own(data):
    with pytest.raises(CofactorError, match="absent"):
        replicate(design_of(data), lambda d: weighted_mean(d, "absent"))
