"""Does the association of serum 25(OH)D with mortality depend on magnesium intake?

NHANES 2001-2018 with deaths to the end of 2019. The study is the frozen value STUDY; importing this file runs nothing.
Run it with ``cofactor run mg_vitd_mortality --data DIR --output DIR`` or ``python analyses/mg_vitd_mortality.py``.
"""

from dataclasses import replace

from cofactor.study import (
    Adjustment,
    Comparison,
    Covariate,
    Crossed,
    Cut,
    DoseResponse,
    ErrorDial,
    Flag,
    Groups,
    Headline,
    Incidence,
    MissingData,
    Model,
    Outcome,
    Recalls,
    Residual,
    Scaled,
    Score,
    Step,
    Study,
    SurfaceOf,
    Test,
    renamed_variables,
)

# Who: the population

MEASURED = "known(vitd_25oh_nmol_l)"
POPULATION = (
    Step("aged 20 or over", "age_years >= 20"),
    Step("eligible for mortality linkage", "mortality_eligible"),
    Step("examined", "examined"),
    Step("day-1 dietary recall reliable", "recall_reliable_day1"),
    Step("serum 25(OH)D measured", MEASURED),
    Step("not known to be pregnant", "not_true(pregnant)"),
)

# What: exposures, made from the variables

SPREAD = (0.05, 0.35, 0.65, 0.95)
QUARTERS = ("lowest quarter", "second quarter", "third quarter", "highest quarter")

CUTS = (
    Cut("age_knots", "age_years", probs=SPREAD),
    Cut("bmi_knots", "bmi_kg_m2", probs=SPREAD),
    Cut("vitd_knots", "vitd_25oh_nmol_l", probs=SPREAD),
    Cut("activity_cuts", "physical_activity_met_min_week", probs=(1 / 3, 2 / 3), by="activity_instrument"),
    Cut("magnesium_knots", "magnesium_diet_mg", probs=SPREAD),
    Cut("magnesium_median", "magnesium_diet_mg", probs=(0.5,)),
    Cut("magnesium_quartiles", "magnesium_diet_mg", probs=(0.25, 0.5, 0.75)),
    Cut("magnesium_adjusted_quartiles", "magnesium_energy_adjusted_mg", probs=(0.25, 0.5, 0.75), by="sex"),
)

COLUMNS = (
    Scaled("vitd_capped_per_25", "vitd_25oh_nmol_l", per=25, cap=75, label="25(OH)D up to 75 nmol/L, per 25 nmol/L"),
    Scaled("vitd_per_10", "vitd_25oh_nmol_l", per=10, label="25(OH)D, per 10 nmol/L"),
    Scaled("magnesium_per_100", "magnesium_diet_mg", per=100, label="magnesium intake, per 100 mg"),
    Scaled("vitd_per_50", "vitd_25oh_nmol_l", per=50, label="25(OH)D, per 50 nmol/L"),
    Scaled("magnesium_per_200", "magnesium_diet_mg", per=200, label="magnesium intake, per 200 mg"),
    Scaled("entry_age_years_in_months", "age_years", per=1 / 12, label="age at entry, 12 × years"),
    Scaled("energy_per_1000", "energy_diet_kcal", per=1000, label="energy intake, per 1,000 kcal"),
    Flag("magnesium_adequate", "not magnesium_below_ear", label="magnesium intake at or above the EAR"),
    Flag("magnesium_low", "magnesium_below_ear", label="magnesium intake below the EAR"),
    Flag("vitd_low", "vitd_25oh_nmol_l < 50", label="25(OH)D below 50 nmol/L"),
    Groups("magnesium_half", "magnesium_median", ("lower half", "upper half"), label="magnesium intake, halves"),
    Flag("magnesium_below_median", "magnesium_half == 'lower half'", label="magnesium intake below the median"),
    Groups("magnesium_quarter", "magnesium_quartiles", QUARTERS, label="magnesium intake, quarters"),
    Groups(
        "activity_third",
        "activity_cuts",
        ("low", "middle", "high"),
        label="physical activity, thirds within instrument",
    ),
    Residual(
        "magnesium_energy_adjusted_mg",
        "magnesium_diet_mg",
        on="energy_diet_kcal",
        by="sex",
        label="magnesium intake adjusted for energy within sex",
    ),
    Groups(
        "magnesium_adjusted_quarter",
        "magnesium_adjusted_quartiles",
        QUARTERS,
        label="energy-adjusted magnesium, quarters",
    ),
    Score(
        "magnesium_adjusted_score", "magnesium_adjusted_quarter", label="energy-adjusted magnesium, trend over quarters"
    ),
    Flag("age_65", "age_years >= 65", label="aged 65 or over"),
    Crossed(
        "joint_status",
        "vitd_low",
        "magnesium_low",
        ("both high", "only magnesium low", "only 25(OH)D low", "both low"),
        label="25(OH)D and magnesium together",
    ),
)

# Outcomes

OUTCOMES = (
    Outcome("death", "death from any cause", "died"),
    Outcome("heart", "death from heart disease", "died_heart"),
    Outcome("cancer", "death from cancer", "died_cancer"),
    Outcome("death_after_24", "death after month 24", "died", start=24),
    Outcome("death_0_60", "death in months 0 to 60", "died", stop=60),
    Outcome("death_60_120", "death in months 60 to 120", "died", start=60, stop=120),
    Outcome("death_after_120", "death after month 120", "died", start=120),
    Outcome(
        "death_by_age",
        "death, with age as time scale",
        "died",
        origin="entry_age_months",
        strata=("sex", "birth_decade"),
    ),
    Outcome(
        "death_by_age_in_years",
        "death, with age as time scale (12 × age in years at entry)",
        "died",
        origin="entry_age_years_in_months",
        strata=("sex", "birth_decade"),
    ),
)

# Adjustment

AGE_SPLINE = Covariate("rcs(age_years, knots=age_knots) * sex", "age (restricted cubic spline, 4 knots) by sex")
AGE_80 = Covariate("age_80_plus", "an indicator of age 80 and over")
RACE = Covariate("race_ethnicity", "race and ethnicity (5 levels)")
EDUCATION = Covariate("education", "education (5 levels)")
INCOME = Covariate("poverty_income_ratio", "income to poverty ratio (linear)")
INCOME_TOP = Covariate("poverty_income_ratio_top", "an indicator of its top code")
SMOKING = Covariate("smoking", "smoking with intensity (4 levels)")
ENERGY = Covariate("energy_per_1000", "energy intake")

NONE = Adjustment("none", "crude")
SET_1 = Adjustment(
    "set_1",
    "set 1: age, sex, race only",
    (Covariate("age_years", "age (linear)"), Covariate("sex", "sex"), RACE),
)
SET_2 = Adjustment(
    "set_2",
    "set 2: the headline set",
    (
        AGE_SPLINE,
        AGE_80,
        RACE,
        Covariate("season", "season of examination", "precision"),
        Covariate("cycle", "survey cycle", "precision"),
        EDUCATION,
        INCOME,
        INCOME_TOP,
        SMOKING,
        Covariate("alcohol", "alcohol (5 levels)"),
        Covariate("rcs(bmi_kg_m2, knots=bmi_knots)", "body mass index (restricted cubic spline, 4 knots)"),
        ENERGY,
        Covariate("activity_third", "physical activity in thirds within instrument"),
    ),
)
HISTORIES = (
    Covariate("diabetes_diagnosed", "diabetes told by a doctor", "mediator"),
    Covariate("hypertension_diagnosed", "hypertension told by a doctor", "mediator"),
    Covariate("cvd_history", "history of cardiovascular disease", "mediator"),
    Covariate("cancer_history", "history of cancer other than non-melanoma skin cancer", "mediator"),
)
SET_3 = SET_2.plus("set_3", "set 3: includes possible mediators", *HISTORIES)
TRUST_SMOKING = SET_1.plus("set_1_smoking", "set 1 + smoking", SMOKING)
TRUST_SOCIAL = TRUST_SMOKING.plus("set_1_social", "+ education and income", EDUCATION, INCOME, INCOME_TOP)
TRUST_ENERGY = TRUST_SOCIAL.plus("set_1_energy", "+ energy", ENERGY)
BY_AGE = SET_2.without("set_2_by_age", "set 2 without age and sex terms", AGE_SPLINE.term, AGE_80.term)
DAY_1 = SET_2.without("set_2_without_energy", "set 2 without energy", ENERGY.term).plus(
    "set_2_day_1",
    "set 2 with day-1 energy",
    Covariate("I(energy_diet_day1_kcal / 1000)", "energy intake of day 1"),
)

# Models

PER_25 = "25 nmol/L more 25(OH)D (up to 75 nmol/L)"
AT_EAR = "with magnesium intake at or above the EAR"
BELOW_EAR = "with magnesium intake below the EAR"
PRODUCT = "vitd_capped_per_25:magnesium_adequate"

RECALLS = (
    Recalls("magnesium_per_100", "magnesium_diet_day1_mg", "magnesium_diet_day2_mg", per=100),
    Recalls("energy_per_1000", "energy_diet_day1_kcal", "energy_diet_day2_kcal", per=1000),
)

PRIMARY = Model(
    "primary",
    "25(OH)D per 25 nmol/L (capped at 75) × magnesium at or above the EAR",
    "primary",
    terms=("vitd_capped_per_25 * magnesium_adequate",),
    adjustment="set_2",
    outcome="death",
    coefficients=("vitd_capped_per_25", "magnesium_adequate", PRODUCT),
    comparisons=(
        Comparison(
            AT_EAR,
            (("vitd_capped_per_25", 2.0), ("magnesium_adequate", True)),
            (("vitd_capped_per_25", 1.0), ("magnesium_adequate", True)),
        ),
        Comparison(
            BELOW_EAR,
            (("vitd_capped_per_25", 2.0), ("magnesium_adequate", False)),
            (("vitd_capped_per_25", 1.0), ("magnesium_adequate", False)),
        ),
    ),
    tests=(Test("product", (PRODUCT,)),),
    proportional_hazards=True,
)

DEFICITS = Model(
    "deficits",
    "25(OH)D below 50 nmol/L × magnesium below the EAR, reference both high",
    "primary",
    terms=("vitd_low * magnesium_low",),
    adjustment="set_2",
    outcome="death",
    coefficients=("vitd_low", "magnesium_low", "vitd_low:magnesium_low"),
    tests=(Test("product", ("vitd_low:magnesium_low",)),),
    additive=("vitd_low", "magnesium_low"),
    standardized=120,
)

PICTURE = "50 nmol/L more 25(OH)D in people who eat 200 mg more magnesium, against people who do not"

COMPANIONS = (
    Model(
        "spline",
        "spline of 25(OH)D × magnesium at or above the EAR",
        "companion",
        terms=("rcs(vitd_25oh_nmol_l, knots=vitd_knots) * magnesium_adequate",),
        adjustment="set_2",
        outcome="death",
        coefficients=(
            "rcs(vitd_25oh_nmol_l, knots=vitd_knots)",
            "magnesium_adequate",
            "rcs(vitd_25oh_nmol_l, knots=vitd_knots):magnesium_adequate",
        ),
        tests=(Test("spline × magnesium", ("rcs(vitd_25oh_nmol_l, knots=vitd_knots):magnesium_adequate",)),),
        curve=DoseResponse("vitd_25oh_nmol_l", reference=75, modifier="magnesium_adequate"),
    ),
    Model(
        "spline_by_100_mg",
        "spline of 25(OH)D × magnesium per 100 mg",
        "companion",
        terms=("rcs(vitd_25oh_nmol_l, knots=vitd_knots) * magnesium_per_100",),
        adjustment="set_2",
        outcome="death",
        coefficients=("rcs(vitd_25oh_nmol_l, knots=vitd_knots):magnesium_per_100",),
        tests=(Test("spline × magnesium", ("rcs(vitd_25oh_nmol_l, knots=vitd_knots):magnesium_per_100",)),),
    ),
    Model(
        "linear",
        "25(OH)D per 10 nmol/L × magnesium per 100 mg, both linear",
        "companion",
        terms=("vitd_per_10 * magnesium_per_100",),
        adjustment="set_2",
        outcome="death",
        coefficients=("vitd_per_10", "magnesium_per_100", "vitd_per_10:magnesium_per_100"),
        tests=(Test("linear × linear", ("vitd_per_10:magnesium_per_100",)),),
        error_dial=ErrorDial(
            "vitd_per_10:magnesium_per_100",
            "ratio of hazard ratios, 10 nmol/L 25(OH)D by 100 mg magnesium",
            RECALLS,
        ),
    ),
    Model(
        "picture",
        "the linear product in units that people can picture",
        "picture",
        terms=("vitd_per_50 * magnesium_per_200",),
        adjustment="set_2",
        outcome="death",
        coefficients=("vitd_per_50", "magnesium_per_200", "vitd_per_50:magnesium_per_200"),
    ),
    Model(
        "median",
        "25(OH)D below 50 nmol/L × magnesium below the median",
        "companion",
        terms=("vitd_low * magnesium_below_median",),
        adjustment="set_2",
        outcome="death",
        coefficients=("vitd_low", "magnesium_below_median", "vitd_low:magnesium_below_median"),
        tests=(Test("2 × 2 at the median", ("vitd_low:magnesium_below_median",)),),
        additive=("vitd_low", "magnesium_below_median"),
    ),
    Model(
        "three_by_four",
        "25(OH)D status (3) × magnesium quarters (4)",
        "companion",
        terms=("reference(vitd_status, 'sufficient') * reference(magnesium_quarter, 'highest quarter')",),
        adjustment="set_2",
        outcome="death",
        tests=(
            Test(
                "3 × 4",
                ("reference(vitd_status, 'sufficient'):reference(magnesium_quarter, 'highest quarter')",),
            ),
        ),
        additive=("vitd_status", "magnesium_quarter"),
    ),
)

ADDITIVE_TERMS = ("vitd_capped_per_25", "magnesium_adequate")
ADDITIVE = Model(
    "additive",
    "25(OH)D per 25 nmol/L (capped) and magnesium at or above the EAR, no product",
    "main effects",
    terms=ADDITIVE_TERMS,
    adjustment="set_2",
    outcome="death",
    coefficients=ADDITIVE_TERMS,
)
MAIN_EFFECTS = (
    ADDITIVE,
    replace(
        ADDITIVE,
        name="additive_linear",
        label="25(OH)D per 10 nmol/L and magnesium per 100 mg",
        terms=("vitd_per_10", "magnesium_per_100"),
        coefficients=("vitd_per_10", "magnesium_per_100"),
        error_dial=ErrorDial("magnesium_per_100", "hazard ratio per 100 mg magnesium", RECALLS),
    ),
    replace(
        ADDITIVE,
        name="additive_categories",
        label="25(OH)D status and magnesium quarters",
        terms=("reference(vitd_status, 'sufficient')", "magnesium_quarter"),
        coefficients=("reference(vitd_status, 'sufficient')", "magnesium_quarter"),
    ),
    replace(
        ADDITIVE,
        name="additive_spline",
        label="spline of 25(OH)D and magnesium at or above the EAR",
        terms=("rcs(vitd_25oh_nmol_l, knots=vitd_knots)", "magnesium_adequate"),
        coefficients=("rcs(vitd_25oh_nmol_l, knots=vitd_knots)", "magnesium_adequate"),
        curve=DoseResponse("vitd_25oh_nmol_l", reference=75),
    ),
)


SURFACE = Model(
    "surface",
    "25(OH)D and magnesium together, splines of both and their products",
    "surface",
    terms=("rcs(vitd_25oh_nmol_l, knots=vitd_knots) * rcs(magnesium_diet_mg, knots=magnesium_knots)",),
    adjustment="set_2",
    outcome="death",
    coefficients=("rcs(vitd_25oh_nmol_l, knots=vitd_knots):rcs(magnesium_diet_mg, knots=magnesium_knots)",),
    tests=(
        Test(
            "products of the two splines",
            ("rcs(vitd_25oh_nmol_l, knots=vitd_knots):rcs(magnesium_diet_mg, knots=magnesium_knots)",),
        ),
    ),
    surface=SurfaceOf("vitd_25oh_nmol_l", "magnesium_diet_mg", reference=(75, 350)),
)


def with_sets(*models: Model) -> tuple[Model, ...]:
    """Each model again in set 1 (own and common rows), set 2 on its own rows, and set 3."""
    return tuple(
        replace(
            model,
            name=f"{model.name}_{suffix}",
            label=f"{model.label}: {words}",
            group="sets" if model.group == "primary" else model.group,
            adjustment=adjustment,
            rows=rows,
            standardized=None,
            error_dial=None,
            proportional_hazards=False,
        )
        for model in models
        for suffix, words, adjustment, rows in (
            ("set_1_own_rows", "set 1 on all its rows", "set_1", "own"),
            ("set_1", "set 1", "set_1", "common"),
            ("set_2_own_rows", "set 2 on all its rows", "set_2", "own"),
            ("set_3", "set 3, includes possible mediators", "set_3", "common"),
        )
    )


def for_causes(*models: Model) -> tuple[Model, ...]:
    """Each model again for heart disease and cancer."""
    return tuple(
        replace(
            model,
            name=f"{model.name}_{outcome}",
            label=f"{model.label}: {words}",
            group="causes",
            outcome=outcome,
            standardized=None,
            proportional_hazards=False,
        )
        for model in models
        for outcome, words in (("heart", "death from heart disease"), ("cancer", "death from cancer"))
    )


def sensitivity(name: str, label: str, **changes: object) -> Model:
    """The primary model with changes."""
    return replace(PRIMARY, name=name, label=label, group="sensitivity", proportional_hazards=False, **changes)  # type: ignore[arg-type]  # the fields of Model, by name


def day_1(name: str, label: str, subset: str | None = None) -> Model:
    """The primary model with the first day's magnesium and energy."""
    model = sensitivity(name, label, adjustment="set_2_day_1", subset=subset, product=PRODUCT)
    return renamed_variables(model, {"magnesium_adequate": "magnesium_adequate_day1"})


SENSITIVITIES = (
    sensitivity("after_24_months", "deaths after month 24 (delayed entry)", outcome="death_after_24"),
    sensitivity("months_0_60", "months 0 to 60", outcome="death_0_60"),
    sensitivity("months_60_120", "months 60 to 120", outcome="death_60_120"),
    sensitivity("months_over_120", "after month 120", outcome="death_after_120"),
    sensitivity(
        "healthy", "free of cardiovascular disease, cancer, and fair or poor health", subset="free_of_serious_illness"
    ),
    sensitivity(
        "age_scale_under_80",
        "under 80, age as time scale",
        subset="age_years < 80",
        adjustment="set_2_by_age",
        outcome="death_by_age",
    ),
    sensitivity(
        "age_scale_all",
        "all ages, age as time scale (12 × age)",
        adjustment="set_2_by_age",
        outcome="death_by_age_in_years",
    ),
    sensitivity("from_2005", "2005 on (plain water in the totals)", subset="cycle_first_year >= 2005"),
    sensitivity("from_2007", "2007 on (25(OH)D by LC-MS/MS)", subset="cycle_first_year >= 2007"),
    sensitivity("energy_500_6000", "energy intake 500 to 6,000 kcal", subset="500 <= energy_diet_kcal <= 6000"),
    day_1("day_1", "day-1 recall alone"),
    day_1(
        "day_1_energy_500_6000",
        "day-1 recall alone, energy of that day 500 to 6,000 kcal",
        subset="500 <= energy_diet_day1_kcal <= 6000",
    ),
    sensitivity(
        "energy_adjusted_trend",
        "energy-adjusted magnesium, trend over quarters",
        terms=("vitd_capped_per_25 * magnesium_adjusted_score",),
        coefficients=("vitd_capped_per_25", "magnesium_adjusted_score", "vitd_capped_per_25:magnesium_adjusted_score"),
        comparisons=(),
        tests=(Test("product", ("vitd_capped_per_25:magnesium_adjusted_score",)),),
    ),
    sensitivity(
        "energy_adjusted_quarters",
        "energy-adjusted magnesium, quarters",
        terms=("vitd_capped_per_25 * magnesium_adjusted_quarter",),
        coefficients=(
            "vitd_capped_per_25",
            "magnesium_adjusted_quarter",
            "vitd_capped_per_25:magnesium_adjusted_quarter",
        ),
        comparisons=(),
        tests=(Test("product", ("vitd_capped_per_25:magnesium_adjusted_quarter",)),),
    ),
)

DEFICITS_LATER = tuple(
    replace(
        DEFICITS,
        name=f"deficits_{name}",
        label=label,
        group="sensitivity of RERI",
        subset=subset,
        standardized=None,
    )
    for name, label, subset in (
        ("from_2005", "2005 on (plain water in the totals)", "cycle_first_year >= 2005"),
        ("from_2007", "2007 on (25(OH)D by LC-MS/MS)", "cycle_first_year >= 2007"),
    )
)

TRUST = tuple(
    replace(
        ADDITIVE,
        name=f"trust_{name}",
        label=label,
        group="trust",
        adjustment=adjustment,
        subset=subset,
        outcome=outcome,
    )
    for name, label, adjustment, subset, outcome in (
        ("crude", "crude", "none", None, "death"),
        ("set_1", "age, sex, race (set 1)", "set_1", None, "death"),
        ("smoking", "+ smoking", "set_1_smoking", None, "death"),
        ("social", "+ education and income", "set_1_social", None, "death"),
        ("energy", "+ energy", "set_1_energy", None, "death"),
        ("healthy", "the same, healthy at baseline", "set_1_energy", "free_of_serious_illness", "death"),
        ("late", "the same, after 10 years", "set_1_energy", None, "death_after_120"),
    )
)


def heterogeneity(name: str, label: str, by: str) -> Model:
    """The primary product within a subgroup variable, with one test of whether it differs."""
    product = f"vitd_capped_per_25:magnesium_adequate:{by}"
    return replace(
        PRIMARY,
        name=name,
        label=label,
        group="subgroups",
        terms=(f"vitd_capped_per_25 * magnesium_adequate * {by}",),
        coefficients=(PRODUCT, product),
        comparisons=(),
        tests=(Test(f"does the product differ by {label}?", (product,)),),
        proportional_hazards=False,
    )


SUBGROUPS = (
    heterogeneity("by_sex", "sex", "sex"),
    heterogeneity("by_age", "age 65 or over", "age_65"),
    heterogeneity("by_race", "race and ethnicity", "race_ethnicity"),
)

# Those left out for a missing answer

AGE_LIMITS = Cut("age_limits", "age_years", values=(40, 60, 70))
RESPONSE_COLUMNS = (
    Groups("age_band", "age_limits", ("20 to 39", "40 to 59", "60 to 69", "70 and over"), label="age in four bands"),
    Flag(
        "told_poor_health",
        "known(self_rated_health) and self_rated_health in ('fair', 'poor')",
        label="told fair or poor health",
    ),
)
MISSING_DATA = MissingData(
    models=("primary", "deficits", "picture", "additive"),
    variables=(
        "education",
        "poverty_income_ratio",
        "smoking",
        "alcohol",
        "bmi_kg_m2",
        "activity_third",
        *(covariate.term for covariate in HISTORIES),
    ),
    derived=(("poverty_income_ratio_top", "poverty_income_ratio >= 5"),),
    cells=("age_band", "sex", "race_ethnicity", "told_poor_health"),
    measured=(MEASURED,),
)

# The study

COUNTED = (
    Step("people whose follow-up of 0 months counts as half a month", "died and followup_months_exam < 1"),
    Step("deaths without a cause, censored at death for single causes", "died_of_unknown_cause"),
)

LABELS = (
    ("age_years", "Age (80 and over as 80)"),
    ("education", "Education"),
    ("poverty_income_ratio", "Income to poverty ratio (5 and over as 5)"),
    ("energy_diet_kcal", "Energy intake"),
    ("energy_diet_two_day_kcal", "Energy intake, mean of two days"),
    ("magnesium_diet_mg", "Magnesium intake, diet"),
    ("magnesium_total_mg", "Magnesium intake, diet and supplements"),
    ("magnesium_diet_two_day_mg", "Magnesium intake, mean of two days"),
    ("calcium_diet_mg", "Calcium intake, diet"),
)

LIMITS = (
    "Association, never effect: nobody was assigned an intake or a serum level, and what makes people eat and live"
    " differently also makes them die differently.",
    "Intake is told from one or two days. It says little of a person's usual intake, which pulls associations"
    " towards none.",
    "No cycle measured magnesium in blood or urine: this is magnesium eaten, not magnesium status.",
    "25(OH)D was measured once, up to 18 years before the end of follow-up; illness lowers it, so part of its link with"
    " early death runs backwards. Examination by season is tied to latitude.",
    "25(OH)D of 2001-2006 is a conversion of an older assay and varies less; plain drinking water is in the totals from"
    " 2005 on only. The analyses from 2005 and from 2007 on are shown for that reason.",
    "NCHS perturbs some dates and causes in the public mortality file; follow-up ends on 31 December 2019.",
)

MAIN = Study(
    name="mg_vitd_mortality",
    title="Magnesium, vitamin D and mortality",
    question="Does the association of serum 25(OH)D with death depend on magnesium intake?",
    cycles="2001-2018",
    population=POPULATION,
    columns=(
        *COLUMNS,
        Flag(
            "magnesium_adequate_day1",
            "not magnesium_below_ear_day1",
            label="day-1 magnesium at or above the EAR",
        ),
        *RESPONSE_COLUMNS,
    ),
    cuts=(*CUTS, AGE_LIMITS),
    outcomes=OUTCOMES,
    adjustments=(NONE, SET_1, SET_2, SET_3, TRUST_SMOKING, TRUST_SOCIAL, TRUST_ENERGY, BY_AGE, DAY_1),
    models=(
        PRIMARY,
        DEFICITS,
        *with_sets(PRIMARY, DEFICITS),
        *COMPANIONS,
        SURFACE,
        *MAIN_EFFECTS,
        *with_sets(*MAIN_EFFECTS[:3]),
        *for_causes(PRIMARY, DEFICITS, ADDITIVE),
        *SENSITIVITIES,
        *DEFICITS_LATER,
        *TRUST,
        *SUBGROUPS,
    ),
    complete_on=(
        "vitd_25oh_nmol_l",
        "magnesium_below_ear",
        "age_years",
        "sex",
        "race_ethnicity",
        "season",
        "education",
        "poverty_income_ratio",
        "smoking",
        "alcohol",
        "bmi_kg_m2",
        "energy_diet_kcal",
        "activity_third",
        "diabetes_diagnosed",
        "hypertension_diagnosed",
        "cvd_history",
        "cancer_history",
    ),
    characteristics=(
        "age_years",
        "sex",
        "race_ethnicity",
        "education",
        "poverty_income_ratio",
        "smoking",
        "alcohol",
        "bmi_kg_m2",
        "energy_diet_kcal",
        "magnesium_diet_mg",
        "calcium_diet_mg",
        "ca_mg_ratio",
        "vitd_25oh_nmol_l",
        "activity_third",
        "season",
        "diabetes_diagnosed",
        "hypertension_diagnosed",
        "cvd_history",
        "cancer_history",
        "self_rated_health",
    ),
    groups="joint_status",
    incidence=Incidence("cause_of_death", months=120),
    missing_data=MISSING_DATA,
    headline=Headline(
        model="primary",
        term=PRODUCT,
        exposure=PER_25,
        high=AT_EAR,
        low=BELOW_EAR,
        additive_model="deficits",
        picture_model="picture",
        picture_term="vitd_per_50:magnesium_per_200",
        picture=PICTURE,
        companions=("spline", "spline_by_100_mg", "linear", "median", "three_by_four"),
    ),
    supports="a ratio of hazard ratios beyond 0.90 or 1.11 whose interval excludes 1, and which the sensitivity"
    " analyses keep",
    contradicts="an interval of the ratio within 0.90 to 1.11; intake is not corrected for recall error here, so that"
    " this would speak against a large interaction of told intake alone",
    counted=COUNTED,
    labels=LABELS,
    limits=LIMITS,
)

# Variants: populations of their own, with cut points of their own

VARIANT_MODELS = (
    replace(PRIMARY, proportional_hazards=False),
    replace(DEFICITS, standardized=None),
    *with_sets(PRIMARY, DEFICITS),
    *(replace(model, error_dial=None) for model in COMPANIONS),
    *MAIN_EFFECTS[:1],
)


def population_of_its_own(
    name: str, title: str, cycles: str, steps: tuple[Step, ...], models: tuple[Model, ...], renamed: dict[str, str]
) -> Study:
    """The main models in another population, with other intake variables: every mention of the old names is renamed."""
    return renamed_variables(
        replace(
            MAIN,
            name=name,
            title=title,
            cycles=cycles,
            population=(*POPULATION, *steps),
            columns=COLUMNS,
            cuts=CUTS,
            missing_data=None,
            models=(*VARIANT_MODELS, *models),
            characteristics=(),
            outcomes=OUTCOMES[:1],
            incidence=None,
            adjustments=(SET_1, SET_2, SET_3),
        ),
        renamed,
    )


TOTAL = population_of_its_own(
    "total_intake",
    "Magnesium from diet and supplements, 2007-2018",
    "2007-2018",
    (),
    (sensitivity("complete", "supplements completely known", subset="not supplement_incomplete"),),
    {"magnesium_diet_mg": "magnesium_total_mg", "magnesium_below_ear": "magnesium_total_below_ear"},
)
TWO_DAYS = population_of_its_own(
    "two_days",
    "Mean of two reliable recalls, 2003-2018",
    "2003-2018",
    (Step("day-2 dietary recall reliable", "recall_reliable_day2"),),
    (sensitivity("from_2005", "2005 on (plain water in the totals)", subset="cycle_first_year >= 2005"),),
    {
        "magnesium_diet_mg": "magnesium_diet_two_day_mg",
        "magnesium_below_ear": "magnesium_two_day_below_ear",
        "energy_diet_kcal": "energy_diet_two_day_kcal",
    },
)
STUDY = replace(MAIN, variants=(TOTAL, TWO_DAYS))

if __name__ == "__main__":
    from cofactor.cli import run_study_script

    run_study_script(__file__)
