"""The one variance: against a plain loop over strata, for every policy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import DesignError
from cofactor.survey import SurveyDesign, weighted_mean, weighted_total
from cofactor.survey.variance import covariance, psu_totals


@pytest.fixture
def survey():
    rng = np.random.default_rng(3)
    strata = np.repeat([1, 1, 2, 2, 2, 3, 4, 4], 6)
    psu = np.repeat([1, 2, 1, 2, 3, 1, 1, 2], 6)
    order = rng.permutation(len(strata))
    data = pd.DataFrame({"strata": strata[order], "psu": psu[order], "analysis_weight": rng.uniform(1, 3, len(order))})
    return data.assign(x=rng.normal(5.0, 2.0, len(order)), y=rng.normal(0.0, 1.0, len(order)))


def by_hand(data, influence, policy):
    """The covariance by loops: what a reader would write from the formula."""
    totals = data[["strata", "psu"]].assign(z=list(influence)).groupby(["strata", "psu"])["z"].sum()
    totals = totals.map(lambda z: np.asarray(z))
    grand = np.mean(list(totals), axis=0)
    parts, lonely = [], 0
    for _, stratum in totals.groupby("strata"):
        z = np.stack(list(stratum))
        if len(z) > 1:
            d = z - z.mean(axis=0)
            parts.append(len(z) / (len(z) - 1) * d.T @ d)
        elif policy == "adjust":
            parts.append(np.outer(z[0] - grand, z[0] - grand))
        else:
            lonely += 1
    made = np.sum(parts, axis=0)
    return made * (len(parts) + lonely) / len(parts) if policy == "average" else made


@pytest.mark.parametrize("policy", ["adjust", "average", "certainty"])
def test_covariance_is_the_sum_over_strata(policy, survey):
    design = SurveyDesign(survey, lonely_psu=policy)
    influence = np.random.default_rng(1).normal(1.0, 1.0, (len(survey), 3))  # sums to no zero: as a total's
    found = covariance(design, psu_totals(design, influence))
    np.testing.assert_allclose(found, by_hand(survey, influence, policy), rtol=1e-12)


def test_adjust_of_a_total_deviates_from_the_mean_over_all_psus(survey):
    design = SurveyDesign(survey, lonely_psu="adjust")
    influence = (survey["analysis_weight"] * survey["x"]).to_numpy()[:, np.newaxis]
    found = weighted_total(design, "x")
    np.testing.assert_allclose(found.covariance, by_hand(survey, influence, "adjust"), rtol=1e-12)


def test_a_lonely_psu_is_an_error_that_names_the_stratum_and_the_mends(survey):
    found = weighted_mean(SurveyDesign(survey), "x")
    message = r'1 stratum has one PSU .*: 3 \(of \'strata\'\).*Were rows dropped\?.*"adjust", "average" or "certainty"'
    with pytest.raises(DesignError, match=message):
        found.table()


def test_a_lonely_psu_outside_the_domain_is_no_error(survey):
    assert np.isfinite(weighted_mean(SurveyDesign(survey, domain="strata != 3"), "x").se).all()


def test_a_stratum_with_one_psu_in_the_domain_and_two_in_the_design_is_not_lonely(survey):
    design = SurveyDesign(survey, domain="strata in (2, 4) or (strata == 1 and psu == 1)")
    assert np.isfinite(weighted_mean(design, "x").se).all()


def test_average_of_lonely_strata_alone_is_an_error(survey):
    design = SurveyDesign(survey, domain="strata == 3", lonely_psu="average")
    with pytest.raises(DesignError, match="nothing to average"):
        weighted_mean(design, "x").table()


def test_many_lonely_strata_are_cut_short():
    data = pd.DataFrame({"strata": range(15), "psu": 1, "analysis_weight": 1.0, "x": 1.0})
    with pytest.raises(DesignError, match=r"15 strata have one PSU .* and 5 more"):
        weighted_mean(SurveyDesign(data), "x").table()


def test_average_weighs_by_the_strata_of_each_group(survey):
    survey["group"] = np.where(survey["strata"] == 3, "a", np.where(survey["strata"] < 3, "a", "b"))
    design = SurveyDesign(survey, lonely_psu="average")
    together = weighted_mean(design, "x", by="group")
    for i, group in enumerate("ab"):
        alone = weighted_mean(design.within(f"group == '{group}'"), "x")
        np.testing.assert_allclose(together.se[i], alone.se[0], rtol=1e-12)


def test_row_blocks_give_the_same_totals(survey):
    design = SurveyDesign(survey)
    influence = np.random.default_rng(2).normal(size=(len(survey), 2))
    blocks = (influence[start : start + 7] for start in range(0, len(survey), 7))
    np.testing.assert_allclose(psu_totals(design, blocks), psu_totals(design, influence), rtol=1e-13)


@pytest.mark.parametrize("rows", [5, 47, 49])
def test_influence_of_another_number_of_rows_is_refused(rows, survey):
    with pytest.raises(DesignError, match="for a design of 48"):
        psu_totals(SurveyDesign(survey), np.zeros((rows, 1)))
    with pytest.raises(DesignError, match="for a design of 48"):
        psu_totals(SurveyDesign(survey), iter([np.zeros((rows, 1))]))


def test_totals_of_another_design_are_refused(survey):
    with pytest.raises(DesignError, match="8 PSUs"):
        covariance(SurveyDesign(survey), np.zeros((5, 1)))


def test_covariance_with_other_totals_is_the_block_of_the_joint_one(survey):
    design = SurveyDesign(survey, lonely_psu="average")
    totals = psu_totals(design, np.random.default_rng(5).normal(size=(len(survey), 5)))
    whole = covariance(design, totals)
    np.testing.assert_allclose(covariance(design, totals[:, :2], totals[:, 2:]), whole[:2, 2:], rtol=1e-12)


def test_dropping_rows_instead_of_naming_a_domain_is_caught_or_wrong(survey):
    """What a domain is for: the design must know of PSUs that hold nobody of the population."""
    survey = survey[survey["strata"] != 3].reset_index(drop=True)
    older = "x > 6 or psu == 2"
    domain = weighted_mean(SurveyDesign(survey, domain=older), "y")
    keep = (survey["x"] > 6) | (survey["psu"] == 2)
    dropped = survey[keep & ~((survey["strata"] == 1) & (survey["psu"] == 1))]
    with pytest.raises(DesignError, match=r"Were rows dropped\?"):
        weighted_mean(SurveyDesign(dropped), "y").table()
    assert np.isfinite(domain.se).all()
