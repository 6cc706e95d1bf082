"""Try in svy each feature that docs/comparison.md compares, and print one line a feature.

python probe_svy.py, in an environment of its own with svy 0.35.0 and what it brings (polars, numpy, scipy). What a
line says stands in probing.py.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import svy
import svy_rs
from probing import columns_of_people, public_names, say
from scipy.stats import t as student

DESIGN = {"stratum": "stratum", "psu": "psu", "wgt": "weight"}
SEXES, AGES = {0: 1e6, 1: 1.2e6}, {"20-39": 0.4, "40-59": 0.35, "60+": 0.25}
# what a search finds and is something else: a ratio of sample sizes, a hook for a package beside it, a type of variable
ELSE = {"kappa", "SAEAccessor", "DescribeOrdinal", "dt_ordinal_day", "ordinal"}


def make_people() -> pl.DataFrame:
    rng = np.random.default_rng(1)
    columns = columns_of_people(rng)
    age = columns["age"]
    columns |= {"smokes": rng.integers(0, 2, 480), "visits": rng.poisson(2, 480), "person": np.arange(480)}
    columns |= {"response": rng.choice(["rr", "nr"], 480, p=[0.8, 0.2]), "psus": 50, "persons": 300}
    return pl.DataFrame(columns | {"age_group": np.select([age < 40, age < 60], ["20-39", "40-59"], "60+")})


PEOPLE = make_people()
SAMPLE = svy.Sample(PEOPLE, svy.Design(**DESIGN))
WEIGHTING, ESTIMATION, CATEGORICAL = SAMPLE.weighting, SAMPLE.estimation, SAMPLE.categorical
LOGISTIC = SAMPLE.glm.fit("ill", x=["age", "sex", "smokes", svy.Cross("sex", "smokes")], family="binomial")


def value(result: object, column: str = "se", row: int = 0) -> float:
    return float(result.to_polars()[column][row])


def ses(**results: object) -> dict[str, float | str]:
    return {name: value(result) for name, result in results.items()}


def mean(people: pl.DataFrame = PEOPLE, **design: object) -> svy.Estimate:
    return svy.Sample(people, svy.Design(**DESIGN | design)).estimation.mean("bmi")


def attempt(call: Callable[..., object], *given: object, **options: object) -> float | str:
    try:
        return value(call(*given, **options))
    except (svy.SvyError, ValueError) as error:
        return f"refused ({getattr(error, 'title', None) or error})"


def errors_stages_finite_populations() -> dict[str, float | str]:
    one, two = mean(pop_size="psus"), mean(ssu="person", pop_size=svy.PopSize("psus", "persons"))
    return ses(design=mean(), weights_alone=mean(stratum=None, psu=None), one_finite_stage=one, two_finite_stages=two)


def calibration_raking_post_stratification() -> dict[str, float | str]:
    post, totals = WEIGHTING.poststratify(SEXES, cells="sex"), {svy.Cat("sex"): SEXES, "age": 1.1e8}
    raked = WEIGHTING.rake(controls={"sex": SEXES, "group": {"a": 7e5, "b": 7e5, "c": 8e5}}).estimation.mean("bmi")
    seen = ses(post_stratified=post.estimation.mean("bmi"), weights_taken_as_given=mean(post.data, wgt="ps_wgt"))
    seen |= ses(raked=raked, calibrated_total=WEIGHTING.calibrate(controls=totals).estimation.total("age"))
    trimmed = WEIGHTING.trim(upper=svy.Threshold("median", 3.0)).data["trim_wgt"].max()
    return seen | {"trimmed to": trimmed, "respondents": WEIGHTING.adjust("response", cells="group").n_records}


def selecting_a_sample_and_its_size() -> dict[str, float | str]:
    drawn = svy.Sample(PEOPLE, svy.Design(stratum="stratum", mos="age")).sampling.pps_sys(3, rstate=1)
    return {"drawn": drawn.n_records, "size for a proportion": svy.SampleSize().estimate_prop(0.3, 0.05).n}


def domains_that_keep_all_psus() -> dict[str, float | str]:
    within, zero = ESTIMATION.mean("bmi", where=svy.col("domain")), pl.col("weight") * pl.col("domain")
    seen = ses(where=within, rows_dropped=mean(PEOPLE.filter("domain"), singleton="skip"))
    return seen | ses(weight_0_outside=mean(PEOPLE.with_columns(weight=zero))) | {"df": value(within, "df")}


def a_stratum_with_one_psu() -> dict[str, float | str]:
    alone = PEOPLE.filter((pl.col("stratum") < 9) | (pl.col("psu") == 1))
    return {str(rule): attempt(mean, alone, singleton=rule) for rule in (None, *svy.SingletonMethod)}


def replicate_weights() -> dict[str, float | str]:
    made = {"JKn": WEIGHTING.create_jk_wgts(), "BRR": WEIGHTING.create_brr_wgts(), "SDR": WEIGHTING.create_sdr_wgts(16)}
    made |= {"JK2": WEIGHTING.create_jk_wgts(paired=True), "Fay": WEIGHTING.create_brr_wgts(fay_coef=0.3)}
    made |= {kind: WEIGHTING.create_bs_wgts(300, kind=kind, rstate=1) for kind in ("rao-wu", "poisson")}
    return ses(**{name: one.estimation.mean("bmi", method="replication") for name, one in made.items()})


def means_totals_ratios_quantiles() -> dict[str, float | str]:
    seen = ses(mean=mean(), total=ESTIMATION.total("ill"), ratio=ESTIMATION.ratio("bmi", "age"))
    seen |= ses(tenth=ESTIMATION.quantile("bmi", p=0.1), median=ESTIMATION.median("bmi"))
    return seen | ses(correlation=ESTIMATION.corr(("bmi", "age")))


def interval_of_a_proportion() -> dict[str, float | str]:
    found = {"wald": attempt(ESTIMATION.prop, "ill", ci_method="wald")}
    for method in ("logit", "korn-graubard", "wilson"):
        rate, se, low, high, _, df = ESTIMATION.prop("ill", ci_method=method).to_polars().row(1)[1:7]
        found[method] = f"{low:.5f} to {high:.5f}"
    odds = rate / (1 - rate) * np.exp(student.ppf([0.025, 0.975], df) * se / (rate * (1 - rate)))
    return found | {"logit by hand": "{:.5f} to {:.5f}".format(*odds / (1 + odds))}


def t_rank_and_chi_squared_tests() -> dict[str, float | str]:
    tests = (CATEGORICAL.ttest, CATEGORICAL.ranktest)
    p = {f"p of {test.__name__}": value(test("bmi", group="sex"), "p_value") for test in tests}
    return p | {"p of Rao-Scott": CATEGORICAL.tabulate("ill", "group").stats.f.p_value}


def age_standardisation() -> dict[str, float | str]:
    ill, influence = PEOPLE["ill"].to_numpy(), np.zeros(480)
    for level, share in AGES.items():
        inside = (PEOPLE["weight"] * (PEOPLE["age_group"] == level)).to_numpy()
        influence += share * inside * (ill - np.average(ill, weights=inside)) / inside.sum()
    by_hand = np.sqrt(np.sum(np.diff(influence.reshape(10, 2, 24).sum(axis=2)) ** 2))
    return ses(se=WEIGHTING.standardize("age_group", shares=AGES).estimation.mean("ill")) | {"se by hand": by_hand}


def standardised_risks() -> dict[str, float | str]:
    margins, smoking = LOGISTIC.margins(at={"smokes": [0, 1]}), PEOPLE.with_columns(smokes=pl.lit(1))
    by_hand = np.average(LOGISTIC.predict(smoking).yhat, weights=PEOPLE["weight"])
    seen = {"risk": value(margins, "margin", 1), "by hand": by_hand, "se": value(margins, "se", 1)}
    return seen | {"average effect of age": value(LOGISTIC.margins(variables=["age"])[0], "margin")}


def generalised_linear_models() -> dict[str, float | str]:
    families = {"bmi": "gaussian gamma inverse_gaussian", "ill": "binomial", "visits": "poisson negative_binomial"}
    fits = {one: SAMPLE.glm.fit(y, x=["age"], family=one) for y, some in families.items() for one in some.split()}
    return {family: value(fit, "std_err", 1) for family, fit in fits.items()}


def reri_ap_s_with_intervals() -> dict[str, float | str]:
    one, other, product = (svy.estd(name) for name in ("sex", "smokes", "sex:smokes"))
    both, excess = (one + other + product).exp(), one.exp() + other.exp() - 2
    made = LOGISTIC.contrast({"RERI": both - 1 - excess, "AP": (both - 1 - excess) / both, "S": (both - 1) / excess})
    return {name: value(made, "se", row) for row, name in enumerate(("RERI", "AP", "S"))}


def contrasts_within_and_across_results() -> dict[str, float | str]:
    seen = ses(difference=ESTIMATION.mean("bmi", by="sex").contrast(svy.estd(1) - svy.estd(0)))
    return seen | {"across results": attempt(ESTIMATION.mean(["bmi", "age"]).contrast, svy.estd("bmi"))}


PROBES = (
    errors_stages_finite_populations, calibration_raking_post_stratification, selecting_a_sample_and_its_size,
    domains_that_keep_all_psus, a_stratum_with_one_psu, replicate_weights, means_totals_ratios_quantiles,
    interval_of_a_proportion, t_rank_and_chi_squared_tests, age_standardisation, standardised_risks,
    generalised_linear_models, reri_ap_s_with_intervals, contrasts_within_and_across_results,
)  # fmt: skip
SEARCHES = {
    "two-phase designs": "two_phase twophase phase",
    "small areas": "small_area sae eblup fay_herriot",
    "whether NCHS would print it": "nchs suppress reliab publish",
    "log-linear models, principal components, factor analysis, kappa": "loglin principal pca factor_anal kappa",
    "Cox, penalised or not; test of proportional hazards": "cox hazard phreg penal ridge firth schoenfeld",
    "parametric survival, log-rank test, Kaplan-Meier": "surviv weibull lifetime logrank log_rank kaplan",
    "competing causes; restricted means": "compet incidence finegray restricted_mean rmst",
    "ordinal, quantile, multinomial; instrumental variables": "ordinal quantile_reg quantreg multinom instrument 2sls",
    "mixed models, time series; multiple imputation": "mixed_mod random_eff arima time_series imput mice rubin",
    "splines; change point, surface": "spline knot basis change_point breakpoint segment surface",
    "E-values, multiplicity": "evalue e_value bonferroni holm fdr multiplicity",
}


if __name__ == "__main__":
    say(PROBES, SEARCHES, public_names(Path(svy.__file__).parent, dir(svy_rs)), ELSE)
