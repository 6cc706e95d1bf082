"""Complete cases, imputed and weighted, side by side: against the same by hand, and against nothing missing."""

from __future__ import annotations

from dataclasses import replace

import joblib
import numpy as np
import pandas as pd
import pytest

from cofactor.errors import StudyError
from cofactor.models import contrast, fit_cox, impute, pool, reri, response_weights
from cofactor.report import write_report
from cofactor.study import (
    Adjustment,
    Comparison,
    Covariate,
    Crossed,
    Cut,
    Flag,
    Groups,
    Headline,
    MissingData,
    Model,
    Outcome,
    Step,
    Study,
    load_study,
    run_study,
)
from cofactor.study.imputing import impute_for, imputed_designs, plan_of
from cofactor.study.missing_data import COMPLETE, IMPUTED, WEIGHTED, WEIGHTED_WIDER
from cofactor.study.preparing import prepare
from cofactor.survey import SurveyDesign

PRODUCT = "vitd_low:magnesium_low"
WITH_ENOUGH, WITH_LITTLE = "with enough magnesium", "with too little magnesium"


def in_set(name: str, *terms: str) -> Adjustment:
    return Adjustment(name, name, tuple(Covariate(term, term) for term in terms))


def low_against_high(label: str, magnesium_low: bool) -> Comparison:
    return Comparison(
        label,
        (("vitd_low", True), ("magnesium_low", magnesium_low)),
        (("vitd_low", False), ("magnesium_low", magnesium_low)),
    )


PRIMARY = Model(
    "primary",
    "both deficits",
    "primary",
    ("vitd_low * magnesium_low",),
    "numbers",
    "death",
    coefficients=("vitd_low", "magnesium_low", PRODUCT),
    comparisons=(low_against_high(WITH_ENOUGH, False), low_against_high(WITH_LITTLE, True)),
    additive=("vitd_low", "magnesium_low"),
)
ASKED = MissingData(
    models=("primary",),
    variables=("bmi_kg_m2", "smoking"),
    cells=("old", "sex"),
    derived=(("very_obese", "bmi_kg_m2 >= 35"),),
    measured=("known(vitd_25oh_nmol_l)",),
    rounds=3,
)
STUDY = Study(
    name="small",
    title="A small study",
    question="Does it hang on who is missing?",
    cycles="2005-2006",
    population=(
        Step("aged 20 or over", "age_years >= 20"),
        Step("25(OH)D measured", "known(vitd_25oh_nmol_l)"),
    ),
    columns=(
        Flag("vitd_low", "vitd_25oh_nmol_l < 50", label="25(OH)D below 50 nmol/L"),
        Flag("magnesium_low", "magnesium_diet_mg < 280", label="magnesium intake below 280 mg"),
        Flag("old", "age_years >= 50", label="aged 50 or over"),
        Flag("obese", "bmi_kg_m2 >= 30", label="obese"),
        Flag("smokes", "smoking == 'current'", label="smokes now"),
        Groups("bmi_group", "bmi_thirds", ("low", "middle", "high"), label="body mass index, thirds"),
        Flag("heaviest", "bmi_group == 'high'", label="in the highest third of body mass index"),
        Crossed("habits", "obese", "smokes", ("neither", "smokes", "obese", "both"), label="habits"),
        Crossed("joint", "vitd_low", "magnesium_low", ("none", "mg", "d", "both"), label="both together"),
    ),
    cuts=(Cut("bmi_knots", "bmi_kg_m2", probs=(0.1, 0.5, 0.9)), Cut("bmi_thirds", "bmi_kg_m2", probs=(1 / 3, 2 / 3))),
    outcomes=(Outcome("death", "death from any cause", "died"),),
    adjustments=(
        in_set("numbers", "age_years", "rcs(bmi_kg_m2, knots=bmi_knots)", "very_obese", "smoking"),
        in_set("groups", "age_years", "bmi_group", "smoking"),
        in_set("flags", "age_years", "obese", "smokes"),
        in_set("crossed", "age_years", "habits"),
    ),
    models=(PRIMARY,),
    complete_on=("vitd_25oh_nmol_l", "magnesium_diet_mg", "age_years", "bmi_kg_m2", "smoking"),
    characteristics=("age_years", "sex"),
    groups="joint",
    headline=Headline(
        model="primary",
        term=PRODUCT,
        exposure="25(OH)D below 50 nmol/L",
        high=WITH_ENOUGH,
        low=WITH_LITTLE,
        additive_model="primary",
        picture_model="primary",
        picture_term=PRODUCT,
        picture="both deficits",
    ),
    supports="a ratio far from 1",
    contradicts="a ratio near 1",
    missing_data=ASKED,
)
LEVELS = ["never", "former", "current"]


def people(n: int = 2_500, *, missing: bool = True) -> pd.DataFrame:
    """People whose body mass index raises mortality and goes with low vitamin D, and is unknown for many who die."""
    random = np.random.default_rng(5)
    age, bmi = random.uniform(15, 80, n), random.normal(28, 5, n).clip(15, 50)
    vitd = (70 - 1.5 * (bmi - 28) + random.normal(0, 18, n)).clip(10)
    smoking = random.choice(LEVELS, n)
    hazard = np.exp(0.05 * (age - 50) + 0.08 * (bmi - 28) + 0.6 * (smoking == "current") + 0.2 * (vitd < 50)) / 400
    months = random.exponential(1 / hazard)
    died = months < 160
    very_obese = pd.Series(bmi >= 35, dtype="boolean")
    frame = pd.DataFrame(
        {
            "age_years": age,
            "sex": pd.Categorical(random.choice(["male", "female"], n), categories=["male", "female"]),
            "vitd_25oh_nmol_l": vitd,
            "magnesium_diet_mg": random.gamma(6, 48, n),
            "bmi_kg_m2": bmi,
            "smoking": pd.Categorical(smoking, categories=LEVELS),
            "followup_months_exam": np.ceil(months).clip(1, 160),
            "died": pd.array(died, dtype="boolean"),
            "cycle": "2005-2006",
            "strata": random.integers(1, 16, n),
            "psu": random.integers(1, 3, n),
            "analysis_weight": random.uniform(1e3, 9e4, n),
            "very_obese": very_obese,
        }
    )
    if missing:
        lost = random.random(n) < np.where(died, 0.5, 0.05 + 0.3 * (vitd < 50))
        frame["bmi_kg_m2"] = frame["bmi_kg_m2"].mask(lost)
        frame["very_obese"] = very_obese.mask(lost)
        frame["smoking"] = frame["smoking"].mask(random.random(n) < 0.05)
        frame["vitd_25oh_nmol_l"] = frame["vitd_25oh_nmol_l"].mask(random.random(n) < 0.1)
    return frame.set_axis(pd.RangeIndex(1, n + 1, name="SEQN"))


@pytest.fixture(scope="module")
def frame():
    return people()


@pytest.fixture(scope="module")
def run(frame):
    return run_study(STUDY, data=frame, imputations=4)


@pytest.fixture(scope="module")
def prepared(frame):
    return prepare(STUDY, frame)


def rows_of(run, approach: str, kind: str) -> pd.DataFrame:
    answers = run.missing_answers.answers
    return answers[(answers["approach"] == approach) & (answers["quantity"] == kind)].reset_index(drop=True)


def fitted(design: SurveyDesign, prepared):
    knots = {"bmi_knots": prepared.cuts["bmi_knots"][""]}
    formula = STUDY.formula(PRIMARY)
    return fit_cox(design, formula, time="time_death", event="event_death", cuts=knots)


# the lines, each against the same by hand


def test_complete_cases_are_the_models_of_the_report(run):
    item = run.models["primary"]
    for kind, table in (("coefficient", item.hazard_ratios), ("comparison", item.comparisons)):
        columns = ["term", "estimate", "se", "low", "high", "p", "df", "hazard_ratio", "ratio_low", "ratio_high"]
        pd.testing.assert_frame_equal(rows_of(run, COMPLETE, kind)[columns], table[columns].reset_index(drop=True))
    additive = item.additive[item.additive["term"] == "RERI"].reset_index(drop=True)
    columns = ["estimate", "se", "low", "high", "p", "df"]
    pd.testing.assert_frame_equal(rows_of(run, COMPLETE, "additive")[columns], additive[columns])


@pytest.fixture(scope="module")
def by_hand(prepared):
    """Imputations made without the study, and the fits of each copy."""
    knots = {"bmi_knots": prepared.cuts["bmi_knots"][""]}
    imputations = impute(
        prepared.population,
        ["bmi_kg_m2", "smoking"],
        formula=STUDY.formula(PRIMARY),
        time="time_death",
        event="event_death",
        derived={"very_obese": "bmi_kg_m2 >= 35"},
        cycle="cycle",
        cuts=knots,
        m=4,
        rounds=3,
        seed=1,
    )
    return [fitted(design, prepared) for design in imputations.designs()]


def test_imputed_coefficients_follow_rubins_rules(run, by_hand):
    found = rows_of(run, IMPUTED, "coefficient")
    terms = list(by_hand[0].terms)
    at = [terms.index(term) for term in found["term"]]
    values = np.array([fit.estimate.values[at] for fit in by_hand])
    within = np.array([np.diag(fit.covariance)[at] for fit in by_hand]).mean(axis=0)
    between = values.var(axis=0, ddof=1)
    np.testing.assert_allclose(found["estimate"], values.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(found["se"], np.sqrt(within + (1 + 1 / 4) * between), rtol=1e-6)
    assert (found["people"] == by_hand[0].counts.n_used).all()
    assert (found["missing_information"] > 0.02).all()


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        (
            "comparison",
            lambda fit: contrast(
                fit, {"vitd_low": True, "magnesium_low": [False, True]}, {"vitd_low": False, "magnesium_low": [0, 1]}
            ),
        ),
        ("additive", lambda fit: reri(fit, "vitd_low", "magnesium_low", measures=["RERI"])),
    ],
)
def test_comparisons_and_reri_are_pooled_as_they_are(run, by_hand, kind, asked):
    found, expected = rows_of(run, IMPUTED, kind), pool([asked(fit) for fit in by_hand]).table()
    columns = ["estimate", "se", "low", "high", "p", "df", "missing_information"]
    np.testing.assert_allclose(found[columns], expected[columns], rtol=1e-5)


@pytest.mark.parametrize(
    ("approach", "whole"),
    [(WEIGHTED, "age_years >= 20 and known(vitd_25oh_nmol_l)"), (WEIGHTED_WIDER, "age_years >= 20")],
)
def test_weighted_people_stand_for_all_of_their_cell(run, prepared, approach, whole):
    """The weights are made by sums within cells; that they were estimated is in the interval."""
    data = prepared.population.data
    design = SurveyDesign(data, domain=whole)
    inside, known = design.in_domain, design.in_domain & prepared.common
    cells = data["old"].astype(str) + data["sex"].astype(str)
    weight = data["analysis_weight"]
    factor = weight[inside].groupby(cells[inside]).sum() / weight[known].groupby(cells[known]).sum()
    multiplied = SurveyDesign(data.assign(analysis_weight=np.where(known, weight * cells.map(factor), 0.0)))
    found = rows_of(run, approach, "coefficient")
    plain = fitted(multiplied, prepared).table().set_index("term").loc[found["term"]]
    np.testing.assert_allclose(found["estimate"], plain["estimate"], rtol=1e-6, atol=1e-8)
    made = response_weights(design, list(STUDY.complete_on), by=["old", "sex"])
    se = made.adjusted(fitted(made.design, prepared)).table().set_index("term").loc[found["term"], "se"]
    np.testing.assert_allclose(found["se"], se, rtol=1e-5)
    assert (found["people"] == known.sum()).all()
    assert (found["stand_for"] == inside.sum()).all()


def test_imputation_comes_nearer_to_nothing_missing_than_complete_cases(run):
    """The planted loss depends on death and vitamin D, so that complete cases distort their association."""
    whole = run_study(STUDY, data=people(missing=False)).models["primary"].comparisons["estimate"].to_numpy()
    gaps = {kind: np.abs(rows_of(run, kind, "comparison")["estimate"] - whole) for kind in (COMPLETE, IMPUTED)}
    assert (gaps[IMPUTED] < 0.5 * gaps[COMPLETE]).all()


# columns that rest on imputed values


def copies(study: Study, frame: pd.DataFrame, model: Model, asked: MissingData = ASKED):
    study = replace(study, models=(model,))
    prepared = prepare(study, frame)
    plan = plan_of(study, model, asked)
    imputations = impute_for(study, model, prepared, plan, asked, m=2, seed=3)
    return prepared, imputations, list(imputed_designs(study, prepared, plan, imputations))


def test_groups_and_flags_are_made_again_at_the_populations_cut_points(frame):
    prepared, _, designs = copies(STUDY, frame, replace(PRIMARY, adjustment="groups"))
    first, second = (design.data[prepared.population.in_domain] for design in designs)
    edges = [-np.inf, *prepared.cuts["bmi_thirds"][""], np.inf]
    for data in (first, second):
        expected = pd.cut(data["bmi_kg_m2"], edges, right=False, labels=["low", "middle", "high"])
        assert data["bmi_group"].astype(str).tolist() == expected.astype(str).tolist()
        assert data["heaviest"].astype(bool).tolist() == (expected == "high").tolist()
    assert (first["bmi_group"] != second["bmi_group"]).any()
    known = prepared.population.data["bmi_kg_m2"].notna() & prepared.population.in_domain
    assert (first["bmi_group"] == second["bmi_group"])[known[prepared.population.in_domain]].all()


def test_flags_of_a_formula_follow_within_the_chain(frame):
    prepared, imputations, designs = copies(STUDY, frame, replace(PRIMARY, adjustment="flags"))
    data = designs[0].data[prepared.population.in_domain]
    assert data["obese"].astype(bool).tolist() == (data["bmi_kg_m2"] >= 30).tolist()
    assert data["smokes"].astype(bool).tolist() == (data["smoking"] == "current").tolist()
    assert set(imputations.imputed) == {"bmi_kg_m2", "smoking"}


def test_a_category_of_the_study_can_be_imputed_itself(frame):
    asked = replace(ASKED, variables=("bmi_group", "smoking"))
    prepared, imputations, designs = copies(STUDY, frame, replace(PRIMARY, adjustment="groups"), asked)
    assert imputations.imputed["bmi_group"].kind == "category"
    inside = prepared.population.in_domain
    assert designs[0].data.loc[inside, "bmi_group"].notna().all()


PLANS = {
    "a number": ("numbers", "rcs(bmi_kg_m2, knots=bmi_knots)", (), {"very_obese": "bmi_kg_m2 >= 35"}),
    "groups are their number": ("groups", " + bmi_kg_m2 + ", (), {}),
    "flags": (
        "flags",
        "obese + smokes",
        ("bmi_kg_m2", "smoking"),
        {"obese": "bmi_kg_m2 >= 30", "smokes": "smoking == 'current'"},
    ),
}


@pytest.mark.parametrize("name", PLANS)
def test_what_a_model_is_imputed_from(name):
    adjustment, part, also, derived = PLANS[name]
    plan = plan_of(STUDY, replace(PRIMARY, adjustment=adjustment), ASKED)
    assert part in plan.formula
    assert plan.also == also
    assert plan.derived == derived


@pytest.mark.parametrize(
    ("changes", "asked", "says"),
    [
        ({"adjustment": "crossed"}, {}, r"'habits' is made from .* let missing_data name 'habits' itself"),
        ({"subset": "bmi_kg_m2 < 40"}, {}, r"its subset rests on 'bmi_kg_m2'"),
        ({"subset": "not obese"}, {}, r"its subset rests on 'obese'"),
        ({}, {"variables": ("vitd_25oh_nmol_l",)}, r"its exposure rests on 'vitd_low', .* only covariates are"),
    ],
)
def test_what_cannot_be_imputed_is_named(changes, asked, says):
    with pytest.raises(StudyError, match=says):
        plan_of(STUDY, replace(PRIMARY, **changes), replace(ASKED, **asked))


# cells


def test_the_last_of_the_cells_goes_where_a_cell_has_too_few_people(frame):
    rare = frame.assign(sex=frame["sex"].mask(frame.index % 500 == 0))
    answers = run_study(STUDY, data=rare, imputations=2).missing_answers
    assert "sex" not in answers.cells
    assert sorted(answers.cells["approach"].unique()) == sorted([WEIGHTED, WEIGHTED_WIDER])


# seeds, processes, and what is refused


def test_a_seed_gives_the_same_answers_in_one_process_and_in_two(frame, run):
    with joblib.parallel_config(n_jobs=2):
        again = run_study(STUDY, data=frame, imputations=4, seed=1)
    pd.testing.assert_frame_equal(again.missing_answers.answers, run.missing_answers.answers, rtol=1e-9)
    other = run_study(STUDY, data=frame, imputations=4, seed=2)
    gap = rows_of(other, IMPUTED, "coefficient")["estimate"] - rows_of(run, IMPUTED, "coefficient")["estimate"]
    assert (gap.abs() > 1e-6).all()
    assert [one.provenance["options"]["seed of the imputations"] for one in (run, other)] == [1, 2]
    assert run.provenance["options"]["imputations"] == 4


@pytest.mark.parametrize("m", [0, 1, -3, 1_001, 10**12, 2.5, True])
def test_a_number_of_imputations_that_cannot_be_is_refused_before_anything_is_read(m):
    with pytest.raises(StudyError, match=r"imputations=.*: give a whole number from 2 to 1,000"):
        run_study(STUDY, data="no such folder", imputations=m)


@pytest.mark.parametrize("seed", [-1, 0.5])
def test_a_seed_that_cannot_be_is_refused(seed):
    with pytest.raises(StudyError, match="whole number of 0 or more"):
        run_study(STUDY, data="no such folder", imputations=2, seed=seed)


@pytest.mark.parametrize(
    ("missing_data", "says"),
    [
        (None, "does not say what may be imputed"),
        (replace(ASKED, models=("secondary",)), "names 'secondary' in models; there are: primary"),
        (replace(ASKED, measured=("known(bmi_kg_m2)",)), r"names 'known\(bmi_kg_m2\)' in measured"),
        (replace(ASKED, cells=()), "has no cells"),
    ],
)
def test_a_study_that_does_not_fit_is_refused(missing_data, says):
    with pytest.raises(StudyError, match=says):
        run_study(replace(STUDY, missing_data=missing_data), data="no such folder", imputations=2)


# the page


def test_without_imputations_the_page_says_who_is_left_out_and_how_to_ask(frame, tmp_path):
    plain = run_study(STUDY, data=frame)
    lost = plain.missing.iloc[-1]
    files = write_report(plain, tmp_path / "out")
    text = files.markdown.read_text(encoding="utf-8")
    assert f"leave out {lost['people']:,} of {plain.flow['people'].iloc[-1]:,} people" in text
    assert "cofactor run small --imputations 20" in text
    assert plain.missing_answers is None
    assert not {"missing_data", "imputed_variables", "response_cells"} & set(plain.tables())


def test_with_imputations_the_page_shows_all_lines_and_what_they_take_for_granted(run, tmp_path):
    files = write_report(run, tmp_path / "out")
    text = files.html.read_text(encoding="utf-8")
    for part in ("table-missing_data", "table-imputed_variables", "table-response_cells", "figure-missing_data"):
        assert f'id="{part}"' in text
    for approach in (COMPLETE, IMPUTED, WEIGHTED, WEIGHTED_WIDER):
        assert text.count(f">{approach}<") >= 4
    row = rows_of(run, IMPUTED, "additive").iloc[0]
    assert f"{row['estimate']:.2f} ({row['low']:.2f} to {row['high']:.2f})" in text
    assert "missing at random" in text
    assert "4 imputations by chained equations (seed 1, 3 rounds)" in text
    whole = pd.read_csv(tmp_path / "out" / "tables" / "missing_data.csv")
    np.testing.assert_allclose(whole["estimate"], run.missing_answers.answers["estimate"], rtol=1e-15)


def test_a_model_beside_the_headlines_has_a_table_and_no_picture(frame, tmp_path):
    other = replace(PRIMARY, name="other", adjustment="groups", subset="age_years >= 60")
    study = replace(STUDY, models=(PRIMARY, other), missing_data=replace(ASKED, models=("other",)))
    result = run_study(study, data=frame, imputations=2)
    text = write_report(result, tmp_path / "out").html.read_text(encoding="utf-8")
    assert 'id="table-missing_data"' in text
    assert 'id="figure-missing_data"' not in text
    assert set(result.missing_answers.answers["model"]) == {"other"}


# the main study on real people


@pytest.mark.real_data
def test_the_main_study_imputes_its_covariates_on_real_people(real_data_folder):
    full = load_study("mg_vitd_mortality")
    kept = tuple(model for model in full.models if model.name in ("primary", "deficits", "picture"))
    study = replace(
        full,
        cycles="2003-2008",
        models=tuple(replace(model, proportional_hazards=False, standardized=None) for model in kept),
        headline=replace(full.headline, companions=()),
        variants=(),
        characteristics=("age_years",),
        missing_data=replace(full.missing_data, models=("primary",), rounds=2),
    )
    result = run_study(study, data=real_data_folder, quality=False, imputations=2)
    answers = result.missing_answers
    people = answers.answers.groupby("approach")["people"].first()
    population = result.flow["people"].iloc[-1]
    lost = result.missing.set_index("variable")["people"]
    assert people[IMPUTED] == population
    assert people[COMPLETE] == population - lost["any of these"]
    assert answers.imputed.set_index("variable")["missing"].to_dict() == {
        name: lost[name] for name in full.missing_data.variables
    }
    within = answers.answers[answers.answers["quantity"] == "comparison"].set_index("approach")
    for term, rows in within.groupby("term"):
        complete = rows.loc[COMPLETE]
        assert (np.abs(rows["estimate"] - complete["estimate"]) < 1.5 * complete["se"]).all(), term
