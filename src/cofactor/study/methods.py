"""The methods paragraphs, made from what was done."""

from __future__ import annotations

from cofactor.study.error_dial import MEASURED
from cofactor.study.headline import p_words
from cofactor.study.result import StudyResult


def methods(result: StudyResult) -> tuple[str, ...]:
    """Return the paragraphs of the methods section."""
    study = result.study
    last = result.flow.iloc[-1]
    primary = result.models[study.headline.model]
    fit = primary.fit
    steps = "; ".join(step.words for step in study.population)
    covariates = "; ".join(c.words for c in study.adjustment(primary.model.adjustment).covariates)
    return (
        f"Data: public NHANES files of {study.cycles}. The population is a domain of the full sample, so that every"
        f" stratum and PSU counts in the variance: {steps} ({last['people']:,} people, {last['deaths']:,} deaths)."
        + "".join(f" {row['words'].capitalize()}: {row['people']:,}." for _, row in result.counted.iterrows()),
        f"Weights: {result.weight_reason}.",
        "Cut points and knots are weighted quantiles of the population before anyone is lost to a missing covariate,"
        " made once and fixed in every model. " + _rows_words(result),
        f"Models: Cox proportional hazards with sampling weights, {str(fit.ties).capitalize()}'s handling of ties in"
        " whole months, and follow-up from the examination; a follow-up of 0 months counts as half a month. The"
        " covariance is the linearised (with-replacement PSU) covariance of the estimates' influence;"
        " intervals use Student's t with"
        f" the design's degrees of freedom ({fit.df:.0f} in the primary model: PSUs minus strata); joint"
        " tests are Wald F with the design's correction.",
        *_missing_words(result),
        *_error_words(result),
        _hazards_words(result),
        f"Primary model: log hazard ~ {' + '.join(primary.model.terms)}, adjusted for: {covariates}.",
        f"The analysis was fixed in the repository at hash {study.hash[:12]}, after the literature on these data was"
        " known."
        f" What would support the claim: {study.supports}. What would contradict it: {study.contradicts}.",
    )


def _missing_words(result: StudyResult) -> tuple[str, ...]:
    """Say how values were imputed and people weighted, where they were."""
    answers, asked = result.missing_answers, result.study.missing_data
    if answers is None or asked is None:
        return ()
    return (
        f"Missing data: beside complete cases, {answers.m} imputations by chained equations (seed {answers.seed},"
        f" {asked.rounds} rounds) of the covariates alone. Each variable's model holds the terms of the analysis, the"
        " event and its Nelson-Aalen cumulative hazard, the logarithm of the weight, stratum and cycle; numbers are"
        " drawn by predictive mean matching. Pooled by Rubin's rules with Barnard and Rubin's degrees of freedom. And"
        " weights for response: within cells, people whose row is complete carry the weight of all; the covariance"
        " holds the estimation of these weights.",
    )


def _error_words(result: StudyResult) -> tuple[str, ...]:
    """Say how the reliability of told intakes was measured and used, where it was."""
    tables = [item.error_dial for item in result.models.values() if item.error_dial is not None]
    if not any((table["quantity"] == MEASURED).any() for table in tables):
        return ()
    return (
        "Error of told intakes: the reliability of the means of one or two recalls was measured by the differences"
        " between the days of people with two, given all other columns of the model; coefficients were corrected by"
        " regression calibration for the errors of all intakes of the same days together, with intervals that hold the"
        " uncertainty of the reliability. The headline's own ratio is not corrected.",
    )


def _hazards_words(result: StudyResult) -> str:
    """Say what the test of proportional hazards found, for the product and for all terms."""
    primary = result.models[result.study.headline.model]
    if primary.proportional_hazards is None:
        return "Proportional hazards were not tested in this population."
    tests = primary.proportional_hazards.set_index("term")["p"]
    return (
        "Proportional hazards were tested in the primary model by the design-based Wald test of each term's product"
        f" with the logarithm of time: {p_words(float(tests[result.study.headline.term]))} for the product of interest,"
        f" {p_words(float(tests['global']))} for all terms together. Where hazards are not proportional a hazard ratio"
        " is an average over the follow-up; the windows of follow-up among the sensitivity analyses show how it moves."
    )


def _rows_words(result: StudyResult) -> str:
    lost = result.missing.iloc[-1]
    return (
        f"All models but those marked “own rows” stand on one set of rows, complete on exposures and covariates:"
        f" {lost['people']:,} people ({lost['weighted_percent']:.1f}% of the weighted population,"
        f" {lost['deaths']:,} deaths) lack something and leave as a further domain restriction."
    )
