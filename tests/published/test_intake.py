"""Intake of nutrients and 25(OH)D against published tables."""

from __future__ import annotations

import numpy as np
import pytest

from cofactor.cohort import load
from cofactor.survey import SurveyDesign, weighted_mean, weighted_proportion, weighted_quantile, weighted_ratio

pytestmark = pytest.mark.real_data

ADULTS = "age_years >= 20 and recall_reliable_day1"

FORD = [
    # sex, group, median, mean
    ("male", "non-Hispanic White", 326, 352),
    ("male", "non-Hispanic Black", 237, 278),
    ("male", "Mexican American", 297, 330),
    ("female", "non-Hispanic White", 237, 256),
    ("female", "non-Hispanic Black", 177, 202),
    ("female", "Mexican American", 221, 242),
]


@pytest.fixture(scope="module")
def adults_1999(real):
    names = ["magnesium_diet_day1_mg", "recall_reliable_day1", "age_years", "sex", "race_ethnicity"]
    return SurveyDesign(load(names, cycles="1999-2000", data=real), domain=ADULTS)


@pytest.mark.parametrize(("sex", "group", "median", "mean"), FORD)
def test_magnesium_by_sex_and_race_of_ford_and_mokdad(adults_1999, sex, group, median, mean):
    """Ford & Mokdad (2003), doi:10.1093/jn/133.9.2879: adults 20+, first recall. CDC has released that file anew."""
    those = adults_1999.within(f"sex == '{sex}' and race_ethnicity == '{group}'")
    assert weighted_quantile(those, "magnesium_diet_day1_mg", 0.5).values[0] == pytest.approx(median, rel=0.02)
    assert weighted_mean(those, "magnesium_diet_day1_mg").values[0] == pytest.approx(mean, rel=0.02)


def test_fifths_of_total_magnesium_of_tarleton_and_littenberg(real):
    """Tarleton & Littenberg (2015), doi:10.3122/jabfm.2015.02.140176, table 1: recall and supplements of the same day.

    Adults 20+ with PHQ-9 in 2007-2010, unweighted; they had 8,894 with all covariates, here is everybody.
    """
    names = ["magnesium_total_day1_mg", "phq9_score", "age_years"]
    frame = load(names, cycles="2007-2010", data=real)
    taken = frame.loc[(frame["age_years"] >= 20) & frame["phq9_score"].notna(), "magnesium_total_day1_mg"].dropna()
    assert np.quantile(taken, [0.2, 0.4, 0.6, 0.8]) == pytest.approx([183.5, 246.5, 315.5, 417.5], abs=3)
    fifth = np.digitize(taken, [183.5, 246.5, 315.5, 417.5])
    assert taken.groupby(fifth).mean().to_numpy() == pytest.approx([138, 216, 281, 361, 581], rel=0.02)
    assert taken.max() == 2437


@pytest.fixture(scope="module")
def adults_2007(real):
    names = ["calcium_diet_day1_mg", "magnesium_diet_day1_mg", "ca_mg_ratio_day1", "recall_reliable_day1", "age_years"]
    return SurveyDesign(load([*names, "sex"], cycles="2007-2008", data=real), domain=ADULTS)


@pytest.mark.parametrize(("sex", "published"), [("male", 3.108), ("female", 3.231)])
def test_ratio_of_mean_calcium_to_mean_magnesium_of_rosanoff(adults_2007, sex, published):
    """Rosanoff (2010), doi:10.1684/mrh.2010.0221: 2007-2008, adults 20+, first recall, from group means."""
    those = adults_2007.within(f"sex == '{sex}'")
    ratio = weighted_ratio(those, "calcium_diet_day1_mg", "magnesium_diet_day1_mg").values[0]
    assert ratio == pytest.approx(published, abs=0.0011)


@pytest.mark.parametrize(("sex", "apart"), [("male", 0.08), ("female", 0.13)])
def test_ratio_of_means_is_not_the_mean_of_ratios(adults_2007, sex, apart):
    """People with little magnesium have high ratios, and count as much in the mean of ratios."""
    those = adults_2007.within(f"sex == '{sex}'")
    of_means = weighted_ratio(those, "calcium_diet_day1_mg", "magnesium_diet_day1_mg").values[0]
    of_people = weighted_mean(those, "ca_mg_ratio_day1").values[0]
    assert of_people - of_means == pytest.approx(apart, abs=0.01)


def test_vitamin_d_status_of_herrick(real):
    """Herrick et al. (2019), doi:10.1093/ajcn/nqz037: age 1+, 2011-2014, n 16,180; 5.0% < 30, 18.3% 30-49 nmol/L."""
    frame = load(["vitd_status", "age_years"], cycles="2011-2014", data=real)
    table = weighted_proportion(SurveyDesign(frame, domain="age_years >= 1"), "vitd_status").table()
    shares = table.set_index("level")
    assert shares.loc["deficient", "n"] == 16180
    assert 100 * shares.loc["deficient", "estimate"] == pytest.approx(5.0, abs=0.051)
    assert 100 * shares.loc["insufficient", "estimate"] == pytest.approx(18.3, abs=0.051)
    assert [100 * shares.loc["deficient", side] for side in ("low", "high")] == pytest.approx([4.1, 6.2], abs=0.1)
    assert [100 * shares.loc["insufficient", side] for side in ("low", "high")] == pytest.approx([16.2, 20.6], abs=0.1)


@pytest.mark.parametrize(
    ("ages", "diet", "diet_se", "total", "total_se"),
    [("31 <= age_years <= 50", 1118, 25, 1220, 27), ("51 <= age_years <= 70", 951, 19, 1092, 21)],
)
def test_calcium_of_men_of_bailey(real, ages, diet, diet_se, total, total_se):
    """Bailey et al. (2010), doi:10.3945/jn.109.118539, table 3: men, 2003-2006.

    Theirs are means of usual intake, adjusted for the day of the week; ours of the recalls: within two of their
    standard errors. Their vitamin D rests on a food table that the public files of 2005-2006 lack.
    """
    names = ["calcium_diet_mg", "calcium_diet_day1_mg", "calcium_total_mg", "recall_reliable_day1", "age_years", "sex"]
    frame = load(names, cycles="2003-2006", data=real)
    men = SurveyDesign(frame, domain=f"sex == 'male' and {ages} and recall_reliable_day1")
    assert weighted_mean(men, "calcium_diet_day1_mg").values[0] == pytest.approx(diet, abs=2 * diet_se)
    assert weighted_mean(men, "calcium_diet_mg").values[0] == pytest.approx(diet, abs=2 * diet_se)
    assert weighted_mean(men, "calcium_total_mg").values[0] == pytest.approx(total, abs=2 * total_se)


@pytest.mark.parametrize(("sex", "kcal"), [("male", 2512), ("female", 1778)])
def test_energy_of_adults_in_2009(real, sex, kcal):
    """What We Eat in America, NHANES 2009-2010, table 1 (Agricultural Research Service, 2012): adults 20+."""
    frame = load(["energy_diet_day1_kcal", "recall_reliable_day1", "age_years", "sex"], cycles="2009-2010", data=real)
    those = SurveyDesign(frame, domain=f"{ADULTS} and sex == '{sex}'")
    assert weighted_mean(those, "energy_diet_day1_kcal").values[0] == pytest.approx(kcal, abs=0.51)


def test_sodium_to_potassium_of_bailey(real):
    """Bailey et al. (2016), doi:10.3945/jn.115.221184, table 3: 1,183 of 4,730 adults below 1.0 on one day, 2011-2012.

    Adults 20+, neither pregnant nor breast-feeding. One person more is here, above 1.0.
    """
    names = ["sodium_diet_day1_mg", "potassium_diet_day1_mg", "recall_reliable_day1", "age_years", "pregnant"]
    frame = load(names, cycles="2011-2012", data=real)
    nursing = real.columns("RHQ_G.xpt", ["SEQN", "RHQ200"]).set_index("SEQN")["RHQ200"].reindex(frame.index).eq(1)
    adults = frame[(frame["age_years"] >= 20) & frame["recall_reliable_day1"] & ~frame["pregnant"].fillna(False)]
    adults = adults[~nursing[adults.index]]
    ratio = adults["sodium_diet_day1_mg"] / adults["potassium_diet_day1_mg"]
    assert (ratio < 1).sum() == 1183
    assert len(ratio) == pytest.approx(4730, abs=1)


# What We Eat in America, NHANES 2013-2014, table 1 (Agricultural Research Service, 2016), first recall, men: mean and
# standard error of each nutrient as printed.
NUTRIENTS = [
    "energy_diet_day1_kcal",
    "protein_diet_day1_g",
    "carbohydrate_diet_day1_g",
    "sugars_diet_day1_g",
    "fibre_diet_day1_g",
    "fat_diet_day1_g",
    "saturated_fat_diet_day1_g",
    "monounsaturated_fat_diet_day1_g",
    "polyunsaturated_fat_diet_day1_g",
]
MEN = """
 2  5 337 1571 35.2  55.8 2.36 217  5.2 104 3.1 12.4 0.48  55.7 1.27 20.1 0.57 18.3 0.40 12.0 0.38
 6 11 537 2036 46.2  72.9 2.13 270  4.7 126 2.8 15.0 0.70  76.2 2.54 28.5 1.29 25.1 0.83 15.4 0.59
12 19 646 2376 38.2  95.5 3.51 298  7.9 139 4.8 16.4 0.43  90.5 1.59 30.5 0.82 30.9 0.83 20.1 0.79
20 29 424 2704 62.5 110.8 3.32 310 10.3 141 7.5 17.7 0.80 103.9 2.86 34.3 1.16 35.8 1.01 23.8 0.90
30 39 429 2622 68.0 102.0 2.03 310  9.8 138 6.6 19.1 0.53  97.7 2.18 31.3 0.91 34.2 0.70 22.4 0.73
40 49 410 2520 45.3 101.9 2.65 294  9.1 129 6.7 19.0 0.70  94.1 2.60 30.8 1.19 32.5 0.92 21.5 0.74
50 59 398 2493 77.7  96.7 1.98 286  8.1 119 4.5 19.5 0.91  96.3 3.67 31.1 1.06 34.6 1.46 21.6 1.07
"""


@pytest.fixture(scope="module")
def men_2013(real):
    frame = load([*NUTRIENTS, "recall_reliable_day1", "age_years", "sex"], cycles="2013-2014", data=real)
    return SurveyDesign(frame, domain="sex == 'male' and recall_reliable_day1")


@pytest.mark.parametrize("line", MEN.strip().splitlines(), ids=lambda line: "-".join(line.split()[:2]))
def test_every_printed_digit_of_what_we_eat_in_america(men_2013, line):
    """Number of people, means and standard errors, to half of the last digit printed."""
    low, high, n, *printed = line.split()
    those = men_2013.within(f"{low} <= age_years <= {high}")
    assert int(those.in_domain.sum()) == int(n)
    table = weighted_mean(those, NUTRIENTS).table()
    ours = table[["estimate", "se"]].to_numpy().ravel()
    for value, text in zip(ours, printed, strict=True):
        assert value == pytest.approx(float(text), abs=half_a_digit(text)), text


def half_a_digit(text: str) -> float:
    decimals = len(text.partition(".")[2])
    return 0.501 * 10.0**-decimals
