"""Coefficients and variables in words."""

from __future__ import annotations

import pytest

from cofactor.report.labels import Labels, labels_of

LABELS = Labels(
    {"vitd_status": "vitamin D status", "sex": "Sex", "low": "Magnesium below the EAR", "bmi": "BMI"}, {"bmi": "kg/m²"}
)


@pytest.mark.parametrize(
    ("term", "words"),
    [
        ("low", "Magnesium below the EAR"),
        ("vitd_status[deficient]", "Vitamin D status: deficient"),
        (
            "reference(vitd_status, 'sufficient')[deficient]:low",
            "Vitamin D status: deficient × magnesium below the EAR",
        ),
        ("reference(vitd_status, 'a:b')[c:d]:low", "Vitamin D status: c:d × magnesium below the EAR"),
        ("rcs(bmi, knots=bmi_knots)[2]", "BMI, spline part 2"),
        ("low:bmi", "Magnesium below the EAR × BMI"),
        ("unheard_of", "Unheard of"),
    ],
)
def test_term_in_words(term, words):
    assert LABELS.term(term) == words


def test_unit_stands_behind_a_label_that_lacks_it():
    assert LABELS.with_unit("bmi") == "BMI (kg/m²)"
    assert LABELS.with_unit("sex") == "Sex"


def test_study_labels_go_before_the_catalogue(study):
    labels = labels_of(study)
    assert labels.variable("joint_status") == "25(OH)D and magnesium together"
    assert labels.with_unit("magnesium_diet_mg").endswith("(mg)")
