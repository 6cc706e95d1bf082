"""A design refuses what admits no inference, counts who is in, and never drops a row."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cofactor.errors import CofactorError, DesignError, FormulaError, UnknownVariableError
from cofactor.survey import SurveyDesign, weighted_mean


@pytest.fixture
def people():
    return pd.DataFrame(
        {
            "strata": [5, 5, 5, 7, 7, 7, 7, 9],
            "psu": [1, 1, 2, 1, 2, 2, 2, 1],
            "analysis_weight": [1.0, 2.0, 0.0, 1.5, 1.0, 3.0, 1.0, 1.0],
            "age": [30.0, 15.0, 50.0, np.nan, 40.0, 60.0, 10.0, 70.0],
        },
        index=pd.Index([11, 12, 13, 14, 15, 16, 17, 18], name="SEQN"),
    )


def test_psus_are_nested_within_strata(people):
    design = SurveyDesign(people)
    assert design.psu_index.tolist() == [0, 0, 1, 2, 3, 3, 3, 4]
    assert design.stratum_of_psu.tolist() == [0, 0, 1, 1, 2]
    assert (design.n_psu, design.n_strata) == (5, 3)
    assert design.stratum_label(2) == 9


def test_the_domain_holds_whom_the_condition_is_true_for_and_who_has_weight(people):
    design = SurveyDesign(people, domain="age >= 20")
    assert design.in_domain.tolist() == [True, False, False, False, True, True, False, True]
    assert design.domain_unknown == 1  # age missing; the row of weight 0 is not counted
    assert len(design.data) == 8
    assert design.data is people


def test_degrees_of_freedom_are_psus_less_strata_that_hold_the_domain(people):
    assert SurveyDesign(people).degrees_of_freedom() == 4 - 3  # PSU 2 of stratum 5 has no weight
    assert SurveyDesign(people, domain="age >= 20").degrees_of_freedom() == 0
    rows = np.array([True, False, True, True, True, False, False, False])
    assert SurveyDesign(people).degrees_of_freedom(rows) == 4 - 2


def test_within_restricts_further_in_any_form(people):
    design = SurveyDesign(people, domain="age >= 20")
    by_text = design.within("age < 65")
    by_series = design.within(people["age"] < 65)
    by_array = design.within((people["age"] < 65).to_numpy())
    for made in (by_text, by_series, by_array):
        assert made.in_domain.tolist() == [True, False, False, False, True, True, False, False]
        assert made.identity == design.identity
    assert by_text.domain_text == "(age >= 20) and (age < 65)"
    assert design.in_domain.sum() == 4  # as it was


def test_other_weights_keep_the_condition(people):
    design = SurveyDesign(people, domain="age >= 20")
    made = design.with_weights([0.0, 1, 1, 1, 1, 1, 1, 1])
    assert made.in_domain.tolist() == [False, False, True, False, True, True, False, True]
    assert made.within("age > 55").in_domain.sum() == 2
    assert design.weights[0] == 1.0


@pytest.mark.parametrize("restriction", ["age < 65", "mask"])
def test_replacing_a_field_keeps_restrictions_and_weights(restriction, people):
    condition = (people["age"] < 65).to_numpy() if restriction == "mask" else restriction
    design = SurveyDesign(people, domain="age >= 20").within(condition).with_weights(np.arange(8.0))
    made = replace(design, lonely_psu="adjust")
    assert made.in_domain.tolist() == design.in_domain.tolist()
    assert made.weights.tolist() == design.weights.tolist()
    assert made.data["analysis_weight"].tolist() == list(range(8))
    assert people["analysis_weight"].tolist() != list(range(8))


def test_without_strata_and_psus_each_row_is_drawn_from_one_stratum(people):
    design = SurveyDesign(people, strata=None, psu=None)
    assert (design.n_psu, design.n_strata) == (8, 1)
    clustered = SurveyDesign(people, strata=None)
    assert clustered.n_psu == 2


def test_identity_is_of_rows_and_psus_not_of_labels_domain_or_weights(people):
    design = SurveyDesign(people)
    relabelled = people.assign(psu=people["psu"].map({1: "b", 2: "a"}), strata=people["strata"] * -1)
    assert SurveyDesign(relabelled, domain="age > 20").identity == design.identity
    assert design.with_weights(np.ones(8)).identity == design.identity
    assert SurveyDesign(people.assign(psu=[1, 2, 2, 1, 2, 2, 2, 1])).identity != design.identity
    assert SurveyDesign(people.iloc[::-1]).identity != design.identity
    assert SurveyDesign(people.set_axis(range(8))).identity != design.identity


def test_derived_arrays_cannot_be_written_and_fields_not_set(people):
    design = SurveyDesign(people)
    with pytest.raises(ValueError, match="read-only"):
        design.weights[0] = 5.0
    with pytest.raises(AttributeError):
        design.lonely_psu = "adjust"


def test_the_data_stay_writable_where_the_frame_is(people):
    SurveyDesign(people)
    people.loc[11, "analysis_weight"] = 3.0
    assert people.loc[11, "analysis_weight"] == 3.0


def test_a_design_survives_pickling(people):
    design = pickle.loads(pickle.dumps(SurveyDesign(people, domain="age >= 20", lonely_psu="certainty")))
    assert design.in_domain.sum() == 4
    assert np.isfinite(weighted_mean(design, "age").values).all()


def test_a_design_prints_what_it_is(people):
    text = repr(SurveyDesign(people, domain="age >= 20", lonely_psu="adjust"))
    for part in ("4 rows (age >= 20, unknown for 1)", "analysis_weight", "3 (strata)", "5 (psu)", "adjust"):
        assert part in text
    html = SurveyDesign(people, domain="age < 20")._repr_html_()
    assert "age &lt; 20" in html


BAD_DESIGNS = {
    "missing weight": (
        lambda d: {"data": d.assign(analysis_weight=[1.0, np.nan, 1, 1, 1, np.nan, 1, 1])},
        DesignError,
        r"'analysis_weight' is missing or infinite in 2 of 8 rows \(positions 1, 5\); give 0",
    ),
    "infinite weight": (lambda d: {"data": d.assign(analysis_weight=np.inf)}, DesignError, "missing or infinite"),
    "negative weight": (
        lambda d: {"data": d.assign(analysis_weight=[-1.0] * 8)},
        DesignError,
        r"negative in 8 of 8 rows \(positions 0, 1, 2, 3, 4, \.\.\.\)",
    ),
    "weight of text": (lambda d: {"data": d.assign(analysis_weight="1")}, DesignError, "numbers are needed"),
    "no weight at all": (lambda d: {"data": d.assign(analysis_weight=0.0)}, DesignError, "no row of positive weight"),
    "no rows": (lambda d: {"data": d.iloc[:0]}, DesignError, r"no row of positive weight .* \(0 rows\)"),
    "unknown weight": (
        lambda d: {"data": d, "weight": "analysis_wieght"},
        UnknownVariableError,
        "did you mean analysis_weight",
    ),
    "unknown strata": (lambda d: {"data": d, "strata": "stratum"}, UnknownVariableError, "as strata"),
    "unknown psu": (lambda d: {"data": d, "psu": "cluster"}, UnknownVariableError, "as psu"),
    "missing strata": (
        lambda d: {"data": d.assign(strata=[1, np.nan, 1, 1, 1, 1, 1, 1])},
        DesignError,
        r"strata 'strata' is missing in 1 of 8 rows \(positions 1\)",
    ),
    "missing psu": (lambda d: {"data": d.assign(psu=[None, *range(7)])}, DesignError, "psu 'psu' is missing in 1"),
    "empty domain": (
        lambda d: {"data": d, "domain": "age > 100"},
        DesignError,
        "'age > 100': of 7 rows of positive weight the condition is false for 6 and unknown for 1",
    ),
    "domain of weight 0": (lambda d: {"data": d, "domain": "age == 50"}, DesignError, "no row is in the domain"),
    "domain with a typo": (lambda d: {"data": d, "domain": "agee > 20"}, UnknownVariableError, "did you mean age"),
    "domain that is no condition": (lambda d: {"data": d, "domain": "age >"}, FormulaError, "cannot read"),
    "series with another index": (
        lambda d: {"data": d, "domain": (d["age"] > 20).reset_index(drop=True)},
        DesignError,
        "another index",
    ),
    "series with missing values": (
        lambda d: {"data": d, "domain": d["age"].astype("Float64") > 20},
        DesignError,
        r"1 missing values: say whether they are in with .fillna",
    ),
    "series of numbers": (lambda d: {"data": d, "domain": d["analysis_weight"]}, DesignError, "not of type float64"),
    "mask of another length": (lambda d: {"data": d, "domain": np.ones(3, dtype=bool)}, DesignError, r"shape \(3,\)"),
    "no frame": (lambda d: {"data": d.to_dict()}, DesignError, "on a DataFrame, one row a person, not on dict"),
    "unknown policy": (lambda d: {"data": d, "lonely_psu": "remove"}, DesignError, "'adjust', 'average', 'certainty'"),
}


@pytest.mark.parametrize("name", BAD_DESIGNS)
def test_a_bad_design_is_refused_with_counts_and_a_mend(name, people):
    arguments, kind, message = BAD_DESIGNS[name]
    with pytest.raises(kind, match=message) as caught:
        SurveyDesign(**arguments(people))
    assert isinstance(caught.value, CofactorError)


@pytest.mark.parametrize(
    ("weights", "message"),
    [([1.0] * 7, "shape"), ([np.nan] * 8, "missing"), ([-1.0] * 8, "negative"), ([0.0] * 8, "0 for all of the domain")],
)
def test_bad_replacement_weights_are_refused(weights, message, people):
    with pytest.raises(DesignError, match=message):
        SurveyDesign(people).with_weights(weights)


def test_an_empty_restriction_is_refused(people):
    with pytest.raises(DesignError, match="'age > 100': of 4 rows of positive weight"):
        SurveyDesign(people, domain="age >= 20").within("age > 100")
