"""Try in samplics each feature that docs/comparison.md compares, and print one line a feature.

python probe_samplics.py, in an environment of its own with samplics 0.6.1 (which calls itself 0.6.0) and what it brings
(polars, pandas, statsmodels, scipy). What a line says stands in probing.py. Its cross-tabulations stop with polars 2.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from probing import columns_of_people, public_names, say
from scipy.stats import t as student

with warnings.catch_warnings():
    warnings.simplefilter("ignore", FutureWarning)  # that samplics is archived
    import samplics as sp
    from samplics.utils.types import QuantileMethod

# what a search finds and is something else: of sample sizes, of the unit models, of raking, a breakpoint of a debugger
ELSE = {"kappa", "boxcox", "breakpoint", "margins", "diff_margin", "diff_ctrl_margin", "QuantileMethod", "quantile"}


PEOPLE, WEIGHTS = pd.DataFrame(columns_of_people(np.random.default_rng(1))), sp.SampleWeight()


def design(people: pd.DataFrame = PEOPLE) -> dict[str, np.ndarray]:
    return {"samp_weight": people.weight.to_numpy(), "stratum": people.stratum.to_numpy(), "psu": people.psu.to_numpy()}


def se(y: str = "bmi", param: str = "mean", people: pd.DataFrame = PEOPLE, **options: object) -> float | str:
    made = sp.TaylorEstimator(sp.PopParam[param])
    try:
        made.estimate(people[y].to_numpy(), **design(people) | options)
    except ValueError as error:
        return f"refused ({error})"
    return made.stderror


def errors_stages_finite_populations() -> dict[str, float | str]:
    finite, stages = se(fpc=dict.fromkeys(range(10), 1 - 2 / 50)), se(ssu=np.arange(480))
    seen = {"design": se(), "weights alone": se(stratum=None, psu=None)}
    return seen | {"one finite stage": finite, "persons given as ssu": stages}


def calibration_raking_post_stratification() -> dict[str, float | str]:
    weight, men = PEOPLE.weight, (PEOPLE.sex == 0).to_numpy()
    post = WEIGHTS.poststratify(weight, control={0: 1e6, 1: 1.2e6}, domain=PEOPLE.sex)
    margins = {"sex": {0: 1e6, 1: 1.2e6}, "group": {"a": 7e5, "b": 7e5, "c": 8e5}}
    raked = WEIGHTS.rake(weight, {name: PEOPLE[name] for name in margins}, margins)
    columns, _ = WEIGHTS.calib_covariates(PEOPLE.astype({"sex": str}), x_cat=["sex"], x_cont=["age"])
    calibrated = WEIGHTS.calibrate(weight, columns, {"0": 1e6, "1": 1.2e6, "age": 1.1e8})
    adjusted = WEIGHTS.adjust(weight, PEOPLE.group, np.where(np.arange(480) % 5 == 0, "nr", "rr"))
    seen = {"men, post-stratified": post[men].sum(), "raked": raked[men].sum(), "calibrated": calibrated[men].sum()}
    known = se("man", "total", PEOPLE.assign(weight=post, man=men.astype(float)))
    return seen | {"respondents": np.count_nonzero(adjusted), "se of the known total of men": known}


def selecting_a_sample_and_its_size() -> dict[str, float | str]:
    chosen = sp.SampleSelection(sp.SelectMethod.pps_sys, strat=False).select(np.arange(480), 10, mos=PEOPLE.age)
    size = sp.SampleSize(param=sp.PopParam.prop, method=sp.SizeMethod.wald, strat=False)
    size.calculate(target=0.3, half_ci=0.05)
    return {"drawn": np.sum(chosen[0]), "size for a proportion": size.samp_size}


def small_areas() -> dict[str, float | str]:
    rng, ones = np.random.default_rng(2), np.ones((20, 1))
    model = sp.EblupAreaModel(method=sp.FitMethod.reml)
    model.fit(1 + rng.normal(size=20), ones, np.arange(20), error_std=np.full(20, 0.5), intercept=False)
    model.predict(ones, np.arange(20), intercept=False)
    return {"an area": model.area_est[0], "its mean squared error": model.area_mse[0]}


def domains_that_keep_all_psus() -> dict[str, float | str]:
    outside, skip = PEOPLE.assign(weight=PEOPLE.weight * PEOPLE.domain), {"single_psu": sp.SinglePSUEst.skip}
    where = np.where(PEOPLE.domain, "in", "out")
    seen = {"domain=": se(domain=where)["in"], "by=": se(by=where, **skip)["in"]}
    return seen | {"weight 0 outside": se(people=outside), "rows dropped": se(people=PEOPLE[PEOPLE.domain], **skip)}


def a_stratum_with_one_psu() -> dict[str, float | str]:
    alone = PEOPLE[(PEOPLE.stratum < 9) | (PEOPLE.psu == 1)]
    return {p.name: se(people=alone, single_psu=p, strata_comb={9: 8}) for p in sp.SinglePSUEst}


def replicated(method: str, people: pd.DataFrame = PEOPLE, fay: float = 0.0, given: bool = False) -> float | str:
    kind = sp.RepMethod[method]
    made = sp.ReplicateWeight(kind, nb_reps=300, fay_coef=fay, rand_seed=1)
    try:
        table = made.replicate(people.weight, people.psu, people.stratum)
    except IndexError as error:
        return f"refused ({error})"
    estimator = sp.ReplicateEstimator(kind, sp.PopParam.mean, rep_weight_cls=made)
    factors = {"rep_coefs": np.array(made.rep_coefs)} if given else {}
    return estimator.estimate(people.bmi, people.weight, table.iloc[:, 3:], **factors).stderror


def replicate_weights() -> dict[str, float | str]:
    wide = PEOPLE.assign(stratum=3 * PEOPLE.stratum + np.arange(480) % 3)
    seen = {"jackknife": replicated("jackknife"), "its factors given": replicated("jackknife", given=True)}
    seen |= {"BRR": replicated("brr"), "Fay": replicated("brr", fay=0.3), "bootstrap": replicated("bootstrap")}
    return seen | {"BRR of 8 strata": replicated("brr", PEOPLE[PEOPLE.stratum < 8]), "of 30": replicated("brr", wide)}


def means_totals_ratios_median() -> dict[str, float | str]:
    seen = {"mean": se(), "total": se("ill", "total"), "ratio": se(param="ratio", x=PEOPLE.age.to_numpy())}
    return seen | {f"{rule.value} median": se(param="median", q_method=rule) for rule in QuantileMethod}


def interval_of_a_proportion() -> dict[str, float | str]:
    found = {}
    for method in ("logit", "wald", "any word"):
        made = sp.TaylorEstimator(sp.PopParam.prop, ciprop_method=method)
        made.estimate(PEOPLE.ill.to_numpy(), **design())
        found[method] = f"{made.lower_ci[1]:.5f} to {made.upper_ci[1]:.5f}"
    rate, half = made.point_est[1], student.ppf(0.975, 10) * made.stderror[1]
    odds = rate / (1 - rate) * np.exp(np.array([-half, half]) / (rate * (1 - rate)))
    return found | {"logit by hand": "{:.5f} to {:.5f}".format(*odds / (1 + odds))}


def t_test() -> dict[str, float | str]:
    test = sp.Ttest("two-sample")
    test.compare(PEOPLE.bmi, group=PEOPLE.sex.to_numpy(), varnames="bmi", **design())
    return {"df": test.stats["df_uneq_variance"], "p": test.stats["p_value_uneq_variance"]["not_equal"]}


def chi_squared_test() -> dict[str, float | str]:
    table = sp.CrossTabulation(sp.PopParam.prop)
    table.tabulate(PEOPLE[["ill", "group"]].astype(str), varnames=["ill", "group"], remove_nan=True, **design())
    return {"p, no design": table.stats["Pearson-Unadj"]["p_value"], "p, design": table.stats["Pearson-Adj"]["p_value"]}


def linear_and_logistic_models() -> dict[str, float | str]:
    seen = {}
    for kind, y in ((sp.ModelType.LINEAR, "bmi"), (sp.ModelType.LOGISTIC, "ill")):
        model = sp.SurveyGLM(kind)
        model.estimate(PEOPLE[y].to_numpy(), PEOPLE[["age"]].to_numpy(), add_intercept=True, **design())
        beta = {name: values[1] for name, values in model.beta.items()}
        seen[kind.value] = beta["stderror"]
    return seen | {"half an interval, in se": (beta["upper_ci"] - beta["point_est"]) / beta["stderror"]}


PROBES = (
    errors_stages_finite_populations, calibration_raking_post_stratification, selecting_a_sample_and_its_size,
    small_areas, domains_that_keep_all_psus, a_stratum_with_one_psu, replicate_weights, means_totals_ratios_median,
    interval_of_a_proportion, t_test, chi_squared_test, linear_and_logistic_models,
)  # fmt: skip
SEARCHES = {
    "two-phase designs": "two_phase twophase phase",
    "quantiles other than the median; rank tests": "quantile percentile wilcoxon ranktest",
    "age standardisation; whether NCHS would print it": "standardi nchs suppress reliab publish",
    "log-linear models, principal components, factor analysis, kappa": "loglin principal pca factor_anal kappa",
    "Cox, penalised or not; test of proportional hazards": "cox hazard phreg penal ridge firth schoenfeld",
    "parametric survival, log-rank test, Kaplan-Meier": "surviv weibull lifetime logrank log_rank kaplan",
    "competing causes; standardised risks": "compet incidence finegray restricted_mean rmst margin",
    "other generalised linear models; ordinal, quantile, multinomial": "poisson ordinal quantreg multinom instrument",
    "mixed models, time series; multiple imputation": "mixed_mod random_eff arima time_series imput mice rubin",
    "RERI; contrasts": "reri excess_risk interaction_contrast contrast",
    "splines; change point, surface": "spline knot basis change_point breakpoint segment surface",
    "E-values, multiplicity": "evalue e_value bonferroni holm fdr multiplicity",
}


if __name__ == "__main__":
    say(PROBES, SEARCHES, public_names(Path(sp.__file__).parent), ELSE)
