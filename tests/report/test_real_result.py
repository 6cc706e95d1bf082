"""A real run of a small study, from frame to page: what the estimators give is what the page reads."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cofactor.models import standardized_risk
from cofactor.report import write_report
from cofactor.study import (
    Adjustment,
    Comparison,
    Covariate,
    Crossed,
    Cut,
    DoseResponse,
    Flag,
    Groups,
    Headline,
    Incidence,
    Model,
    Outcome,
    Scaled,
    Step,
    Study,
    Test,
    run_study,
)

HIGH, LOW = "with enough magnesium", "with too little magnesium"
PRODUCT = "vitd_per_25:enough"
CURVED = "rcs(vitd_25oh_nmol_l, knots=vitd_knots)"


def model(name: str, group: str, terms: str, **more: object) -> Model:
    return Model(name, f"the {name} model", group, (terms,), "age_only", "death", **more)  # type: ignore[arg-type]


STUDY = Study(
    name="small",
    title="A small study",
    question="Does the page show what was run?",
    cycles="2005-2006",
    population=(Step("aged 20 or over", "age_years >= 20"),),
    columns=(
        Scaled("vitd_per_25", "vitd_25oh_nmol_l", per=25, label="25(OH)D, per 25 nmol/L"),
        Flag("enough", "magnesium_diet_mg >= 280", label="magnesium intake of 280 mg or more"),
        Flag("vitd_low", "vitd_25oh_nmol_l < 50", label="25(OH)D below 50 nmol/L"),
        Flag("magnesium_low", "magnesium_diet_mg < 280", label="magnesium intake below 280 mg"),
        Groups("third", "thirds", ("low", "middle", "high"), label="magnesium intake, thirds"),
        Crossed("joint", "vitd_low", "magnesium_low", ("none", "mg", "d", "both"), label="both together"),
    ),
    cuts=(
        Cut("vitd_knots", "vitd_25oh_nmol_l", probs=(0.1, 0.5, 0.9)),
        Cut("thirds", "magnesium_diet_mg", probs=(1 / 3, 2 / 3)),
    ),
    outcomes=(Outcome("death", "death from any cause", "died"),),
    adjustments=(Adjustment("age_only", "age only", (Covariate("age_years", "age"),)),),
    models=(
        model(
            "primary",
            "primary",
            "vitd_per_25 * enough",
            coefficients=("vitd_per_25", "enough", PRODUCT),
            comparisons=tuple(
                Comparison(
                    label, (("vitd_per_25", 2.0), ("enough", enough)), (("vitd_per_25", 1.0), ("enough", enough))
                )
                for label, enough in ((HIGH, True), (LOW, False))
            ),
            tests=(Test("product", (PRODUCT,)),),
            proportional_hazards=True,
        ),
        model(
            "deficits",
            "primary",
            "vitd_low * magnesium_low",
            additive=("vitd_low", "magnesium_low"),
            standardized=120,
        ),
        model("thirds", "companion", "vitd_low * third", additive=("vitd_low", "third")),
        model(
            "curved",
            "companion",
            f"{CURVED} * enough",
            tests=(Test("curve × magnesium", (f"{CURVED}:enough",)),),
            curve=DoseResponse("vitd_25oh_nmol_l", reference=75, modifier="enough", points=11),
        ),
    ),
    complete_on=("vitd_25oh_nmol_l", "magnesium_diet_mg", "age_years"),
    characteristics=("age_years", "sex", "enough"),
    groups="joint",
    incidence=Incidence("cause", months=120),
    headline=Headline(
        model="primary",
        term=PRODUCT,
        exposure="25(OH)D, per 25 nmol/L",
        high=HIGH,
        low=LOW,
        additive_model="deficits",
        picture_model="primary",
        picture_term=PRODUCT,
        picture="25 nmol/L more",
        companions=("thirds", "curved"),
    ),
    supports="a ratio far from 1",
    contradicts="a ratio near 1",
    limits=("Nothing: these people were drawn.",),
)


def people(n: int = 3_000) -> pd.DataFrame:
    random = np.random.default_rng(42)
    age = random.uniform(15, 80, n)
    months = random.exponential(4_000 / np.exp(0.03 * (age - 15)), n)
    magnesium = random.gamma(6, 48, n)
    magnesium[:7] = np.nan
    return pd.DataFrame(
        {
            "age_years": age,
            "sex": pd.Categorical(random.choice(["male", "female"], n), categories=["male", "female"]),
            "vitd_25oh_nmol_l": random.normal(65, 22, n).clip(10),
            "magnesium_diet_mg": magnesium,
            "followup_months_exam": np.ceil(months).clip(1, 160),
            "died": pd.array(months < 160, dtype="boolean"),
            "cause": pd.Categorical(random.choice(["heart", "cancer"], n)),
            "cycle": "2005-2006",
            "strata": random.integers(1, 16, n),
            "psu": random.integers(1, 3, n),
            "analysis_weight": random.uniform(1e3, 9e4, n),
        },
        index=pd.RangeIndex(1, n + 1, name="SEQN"),
    )


@pytest.fixture(scope="module")
def run():
    return run_study(STUDY, data=people())


def test_standardised_risks_are_those_of_the_fit(run):
    """Four cells, their differences from the first, the interaction contrast, and RERI of independent hazards."""
    item = run.models["deficits"]
    table = item.standardized.set_index(["quantity", "vitd_low", "magnesium_low"])["estimate"]
    risks = standardized_risk(
        item.fit, "vitd_low", [False, True], at=120, modifier="magnesium_low", modifier_levels=[False, True]
    ).risks.values
    np.testing.assert_allclose(table["risk"], risks, rtol=1e-12)
    np.testing.assert_allclose(table["difference"], risks[1:] - risks[0], rtol=1e-10)
    np.testing.assert_allclose(table["interaction"], risks[3] - risks[2] - risks[1] + risks[0], rtol=1e-8)
    ratios = item.hazard_ratios.set_index("term")["hazard_ratio"]
    independent = (ratios["vitd_low"] - 1.0) * (ratios["magnesium_low"] - 1.0)
    np.testing.assert_allclose(table["expected RERI"], independent, rtol=1e-10)


def test_incidences_of_causes_add_up_to_the_risk_of_death(run):
    """The causes compete: together they are 1 less the Kaplan-Meier curve of each group."""
    total = run.incidence.groupby("joint", observed=True)["cumulative_incidence"].sum()
    curves = run.curves.table()
    last = curves[curves["time"] <= 120].groupby("joint", observed=True)["survival"].last()
    np.testing.assert_allclose(total, 1.0 - last, rtol=1e-10)


def test_every_part_of_a_real_run_reaches_the_page(run, tmp_path):
    files = write_report(run, tmp_path / "out")
    text = files.html.read_text(encoding="utf-8")
    for part in (
        "table-flow",
        "table-characteristics",
        "table-missing",
        "table-sets_primary",
        "table-incidence_of_causes",
        "table-standardized_deficits",
        "table-companions",
        "table-joint_deficits",
        "table-measures_deficits",
        "table-joint_thirds",
        "table-measures_thirds",
        "figure-forest",
        "figure-curve_curved",
        "figure-survival",
        "table-followed",
        "table-proportional_hazards_primary",
        "table-diagnostics_primary",
        "table-diagnostics_primary_covariates",
        "table-models",
        "table-run",
    ):
        assert f'id="{part}"' in text
    primary = run.headline["primary"]
    assert f"{primary['ratio']:.2f}</span>" in text
    assert "The weight of the frame that was given; cycles 2005-2006; n = " in text


def test_reference_cell_and_counts_of_a_real_interaction(run, tmp_path):
    text = write_report(run, tmp_path / "out").markdown.read_text(encoding="utf-8")
    cells = run.models["deficits"].interaction.cells
    first = cells.iloc[0]
    assert f"{first['events']:,.0f} / {first['n'] - first['events']:,.0f} | 1 (reference)" in text
