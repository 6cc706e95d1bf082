"""Words that every page carries: how to read it, how to cite, the terms of the data."""

from __future__ import annotations

from collections.abc import Sequence

from cofactor.report.inputs import inputs_of
from cofactor.study import StudyResult

DATA_TERMS = (
    "The data are public-use files of the National Center for Health Statistics (NCHS), Centers for Disease Control and"
    " Prevention. The Public Health Service Act (42 U.S.C. 242m(d)) lets data that NCHS collected be used for"
    " statistical reporting and analysis alone. Whoever uses them agrees:",
    "to make no attempt to learn the identity of any person or establishment in them;",
    "to make no use of an identity discovered by accident, and to tell NCHS of it;",
    "not to link them with data that identify people.",
    "Analyses, interpretations and conclusions here are not those of NCHS, which answers for the initial data only.",
)

SOURCES = (
    "Survey design and linearised variance: Binder DA (1992), Fitting Cox's proportional hazards models from survey"
    " data. Biometrika 79:139-147. doi:10.1093/biomet/79.1.139. Lin DY (2000), On fitting Cox's proportional hazards"
    " models to survey data. Biometrika 87:37-47. doi:10.1093/biomet/87.1.37.",
    "Interaction and its presentation: Knol MJ, VanderWeele TJ (2012), Recommendations for presenting analyses of"
    " effect modification and interaction. International Journal of Epidemiology 41:514-520. doi:10.1093/ije/dyr218."
    " Hosmer DW, Lemeshow S (1992), Confidence interval estimation of interaction. Epidemiology 3:452-456."
    " doi:10.1097/00001648-199209000-00012.",
    "Missing data: Rubin DB (1987), Multiple Imputation for Nonresponse in Surveys. doi:10.1002/9780470316696."
    " Barnard J, Rubin DB (1999), Small-sample degrees of freedom with multiple imputation. Biometrika 86:948-955."
    " doi:10.1093/biomet/86.4.948. White IR, Royston P (2009), Imputing missing covariate values for the Cox model."
    " Statistics in Medicine 28:1982-1998. doi:10.1002/sim.3618. Little RJA (1986), Survey nonresponse adjustments for"
    " estimates of means. International Statistical Review 54:139-157. doi:10.2307/1403140.",
    "Error of told intakes: Rosner B, Spiegelman D, Willett WC (1990), Correction of logistic regression relative risk"
    " estimates and confidence intervals for measurement error: the case of multiple covariates measured with error."
    " American Journal of Epidemiology 132:734-745. doi:10.1093/oxfordjournals.aje.a115715. The same authors (1992),"
    " for random within-person measurement error. American Journal of Epidemiology 136:1400-1413."
    " doi:10.1093/oxfordjournals.aje.a116453.",
    "Reporting: von Elm E et al. (2007), The STROBE statement. PLoS Medicine 4:e296."
    " doi:10.1371/journal.pmed.0040296. Lachat C et al. (2016), STROBE-nut. PLoS Medicine 13:e1002036."
    " doi:10.1371/journal.pmed.1002036.",
)

READING = (
    "A hazard ratio below 1 means fewer deaths per person and time. A ratio of hazard ratios of 1 means that the"
    " association of one exposure with death is the same at both levels of the other, on the multiplicative scale; a"
    " RERI of 0 means that the excesses of the two add up.",
    "Intervals are 95% intervals. Where a table gives several analyses they answer one question; to pick the one that"
    " pleases is to answer another.",
)


def how_to_cite(result: StudyResult) -> tuple[str, ...]:
    """Return how to cite the program, the data and this analysis."""
    made = result.provenance.get("wasGeneratedBy", {})
    revision = made.get("revision")
    version = f"version {made.get('cofactor', 'unknown')}" + (f", revision {revision[:12]}" if revision else "")
    return (
        f"Program: cofactor, {version}.",
        f"Analysis: study “{result.study.title}” ({result.study.name}), hash {result.study.hash}.",
        "Data: National Center for Health Statistics. National Health and Nutrition Examination Survey"
        f" {result.study.cycles}, and NHANES Public-Use Linked Mortality Files, 2019. Hyattsville, MD: U.S. Department"
        " of Health and Human Services, Centers for Disease Control and Prevention. https://wwwn.cdc.gov/nchs/nhanes/",
    )


def notices_of(result: StudyResult) -> tuple[tuple[str, str], ...]:
    """Return what must be said of the input files before anything else: (level, words)."""
    return notices_of_inputs([str(item.get("status", "")) for item in inputs_of(result)])


def notices_of_inputs(statuses: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return what must be said of input files of these statuses: (level, words)."""
    notices = []
    if "synthetic" in statuses:
        notices.append(("synthetic", "SYNTHETIC DATA"))
        notices.append(
            ("made-up", "These numbers come from made-up people with a planted truth: they say nothing of health.")
        )
    for status, words in (
        ("unverified", "could not be verified: neither bytes nor content are in the manifest"),
        ("accepted", "with content other than the manifest's, accepted by whoever ran this"),
    ):
        number = statuses.count(status)
        if number:
            notices.append(("warning", f"{number} of {len(statuses)} input files {words}. See the list of inputs."))
    return tuple(notices)
