"""The methods paragraphs, made from what was done."""

from __future__ import annotations

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
        f" stratum and PSU counts in the variance: {steps} ({last['people']:,} people, {last['deaths']:,} deaths).",
        f"Weights: {result.weight_reason}",
        "Cut points and knots are weighted quantiles of the population before anyone is lost to a missing covariate,"
        " made once and fixed in every model. " + _rows_words(result),
        f"Models: Cox proportional hazards with sampling weights, {str(fit.ties).capitalize()}'s handling of ties in"
        " whole months, and follow-up from the examination; a follow-up of 0 months counts as half a month. The"
        " covariance is the linearised (with-replacement PSU) covariance of the estimates' influence;"
        " intervals use Student's t with"
        f" the design's degrees of freedom ({fit.df:.0f} in the primary model: PSUs minus strata); joint"
        " tests are Wald F with the design's correction.",
        f"Primary model: log hazard ~ {' + '.join(primary.model.terms)}, adjusted for: {covariates}.",
        f"The analysis was fixed in the repository at hash {study.hash[:12]}, after the literature on these data was"
        " known."
        f" What would support the claim: {study.supports}. What would contradict it: {study.contradicts}.",
    )


def _rows_words(result: StudyResult) -> str:
    lost = result.missing.iloc[-1]
    return (
        f"All models but those marked “own rows” stand on one set of rows, complete on exposures and covariates:"
        f" {lost['people']:,} people ({lost['weighted_percent']:.1f}% of the weighted population,"
        f" {lost['deaths']:,} deaths) lack something and leave as a further domain restriction."
    )
