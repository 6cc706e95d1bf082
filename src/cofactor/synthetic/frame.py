"""The people as `load` would return them, without files in between: for studies over many seeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.synthetic.deaths import ELIGIBLE
from cofactor.synthetic.health import NO, SKIN, SKIN_UNKNOWN_KIND, YES
from cofactor.synthetic.intake import magnesium_requirement
from cofactor.synthetic.levels import ALCOHOL, EDUCATIONS, INSTRUMENTS, RACES, SEASONS, SEXES, SMOKING
from cofactor.synthetic.people import People, draw_people
from cofactor.synthetic.plan import FOUR_YEAR_POPULATION, CyclePlan, plans_of
from cofactor.synthetic.randomness import Floats, Ints, Mask
from cofactor.synthetic.sample import calibrated
from cofactor.synthetic.truth import Truth
from cofactor.synthetic.visit import RELIABLE

Column = npt.NDArray[np.generic] | pd.Categorical | pd.api.extensions.ExtensionArray


def synthetic_people(
    *, people: int = 4000, seed: int = 1, truth: Truth | None = None, cycles: str | Sequence[str] = "2001-2018"
) -> pd.DataFrame:
    """Return synthetic people with the variables of the main model, as `load` would from their files.

    Parameters
    ----------
    people : int
        People interviewed in each cycle, of all ages; some 45% of them are in the main job's domain.
    seed : int
        The same seed, people and cycle give the same rows, also through `synthetic_nhanes`.
    truth : Truth, optional
        Log hazard ratios to plant; by default those of `Truth()`.
    cycles : span or list of cycles within 1999-2018

    Returns
    -------
    DataFrame indexed by SEQN, one row a person: the variables under the names of the catalogue, and cycle, strata, psu
    and analysis_weight (first recall, scaled to the pool; 0 for people without).

    Raises
    ------
    StudyError
        A negative seed, fewer than 300 people a cycle, or cycles that are not within 1999-2018.

    Examples
    --------
    >>> frame = synthetic_people(people=500, seed=1, cycles="2005-2008")
    >>> len(frame), int(frame["mortality_eligible"].sum()) > 600
    (1000, True)
    """
    plans = plans_of(cycles, people)
    truth = Truth() if truth is None else truth
    drawn = [draw_people(plan, people, seed, truth) for plan in plans]
    names = tuple(plan.cycle for plan in plans)
    columns = {name: make(drawn) for name, make in _COLUMNS.items()}
    columns["cycle"] = pd.Categorical.from_codes(_cycle_codes(drawn), categories=pd.Index(list(names)))
    columns["analysis_weight"] = np.concatenate([_weight(one, names) for one in drawn])
    index = pd.Index(np.concatenate([one.sample.seqn for one in drawn]), name="SEQN")
    frame = pd.DataFrame(columns, index=index)
    frame.attrs["weight_name"] = "weight_diet_day1"
    frame.attrs["weight_reason"] = "synthetic people with a first recall"
    return frame


def _cycle_codes(drawn: Sequence[People]) -> Ints:
    return np.repeat(np.arange(len(drawn)), [one.sample.size for one in drawn])


def _weight(one: People, cycles: tuple[str, ...]) -> Floats:
    """The two-year weight over the number of cycles; the four-year weight, counting twice, where 1999-2002 is whole."""
    both = set(FOUR_YEAR_POPULATION) <= set(cycles)
    if both and one.plan.cycle in FOUR_YEAR_POPULATION:
        return four_year_weight(one.plan, one.visit.weight_day1) * (2.0 / len(cycles))
    return one.visit.weight_day1 / len(cycles)


def four_year_weight(plan: CyclePlan, two_year: Floats) -> Floats:
    """Return the file's part of a four-year weight, (n,) persons."""
    return calibrated(two_year, FOUR_YEAR_POPULATION[plan.cycle])


def _all(values: Callable[[People], npt.NDArray[np.generic]]) -> Callable[[Sequence[People]], Column]:
    def make(drawn: Sequence[People]) -> Column:
        return np.concatenate([values(one) for one in drawn])

    return make


def _number(
    values: Callable[[People], Floats], known: Callable[[People], Mask]
) -> Callable[[Sequence[People]], Column]:
    return _all(lambda one: np.where(known(one), values(one), np.nan))


def _flag(yes: Callable[[People], Mask], known: Callable[[People], Mask]) -> Callable[[Sequence[People]], Column]:
    def make(drawn: Sequence[People]) -> Column:
        unknown = ~np.concatenate([known(one) for one in drawn])
        return pd.arrays.BooleanArray(np.concatenate([yes(one) for one in drawn]) & ~unknown, unknown)

    return make


def _category(
    position: Callable[[People], Ints], known: Callable[[People], Mask], levels: tuple[str, ...]
) -> Callable[[Sequence[People]], Column]:
    def make(drawn: Sequence[People]) -> Column:
        codes = np.concatenate([np.where(known(one), position(one), -1) for one in drawn])
        return pd.Categorical.from_codes(codes, categories=pd.Index(list(levels)))

    return make


def everybody(one: People) -> Mask:
    """Return True for each person."""
    return np.ones(one.sample.size, dtype=bool)


def _examined(one: People) -> Mask:
    return one.visit.examined


def _reliable(one: People) -> Mask:
    return np.asarray(one.visit.recall1 == RELIABLE)


def _education_known(one: People) -> Mask:
    return one.background.education_known


def _income_known(one: People) -> Mask:
    return one.background.income_known


def _magnesium(one: People) -> Floats:
    return one.intake.mean_of_reliable(one.intake.magnesium, one.visit)


def _below_ear(one: People) -> Mask:
    return np.asarray(_magnesium(one) < magnesium_requirement(one.sample.age_known, one.sample.male))


def _has_requirement(one: People) -> Mask:
    return np.asarray(_reliable(one) & (one.sample.age >= 19) & (one.visit.pregnancy != 1))


def _told(code: Callable[[People], Ints], no: tuple[int, ...] = (NO,)) -> Callable[[Sequence[People]], Column]:
    return _flag(lambda one: code(one) == YES, lambda one: np.isin(code(one), (YES, *no)))


def _cvd_known(one: People) -> Mask:
    codes = one.health.cardiovascular
    return np.asarray(np.any(codes == YES, axis=1) | np.all(codes == NO, axis=1))


def _cancer(one: People) -> Mask:
    kinds = one.health.cancer_kinds
    skin_alone = np.all(np.isin(kinds, (0, SKIN, SKIN_UNKNOWN_KIND)), axis=1)
    return np.asarray((one.health.cancer == YES) & ~skin_alone)


def _eligible(one: People) -> Mask:
    return np.asarray(one.deaths.eligibility == ELIGIBLE)


def _months(months: Ints) -> Floats:
    return np.where(months == 0, 0.5, months)


_COLUMNS: dict[str, Callable[[Sequence[People]], Column]] = {
    "age_years": _all(lambda one: one.sample.age_known),
    "age_80_plus": _flag(lambda one: one.sample.age >= 80, everybody),
    "sex": _category(lambda one: (~one.sample.male).astype(np.int64), everybody, SEXES),
    "race_ethnicity": _category(lambda one: one.sample.race, everybody, RACES),
    "education": _category(lambda one: one.background.education, _education_known, EDUCATIONS),
    "poverty_income_ratio": _number(lambda one: one.background.income, _income_known),
    "poverty_income_ratio_top": _flag(lambda one: one.background.income >= 5.0, _income_known),
    "examined": _flag(_examined, everybody),
    "season": _category(lambda one: one.visit.season, _examined, SEASONS),
    "pregnant": _flag(lambda one: one.visit.pregnancy == 1, lambda one: _examined(one) & (one.visit.pregnancy != 3)),
    "recall_reliable_day1": _flag(_reliable, _examined),
    "energy_diet_kcal": _number(lambda one: one.intake.mean_of_reliable(one.intake.energy, one.visit), _reliable),
    "magnesium_diet_mg": _number(_magnesium, _reliable),
    "magnesium_below_ear": _flag(_below_ear, _has_requirement),
    "vitd_25oh_nmol_l": _number(lambda one: one.intake.vitamin_d, lambda one: one.intake.vitamin_d_known),
    "bmi_kg_m2": _number(lambda one: one.background.bmi, lambda one: one.background.bmi_known),
    "smoking": _category(lambda one: one.habits.smoking, lambda one: one.habits.smoking_known, SMOKING),
    "alcohol": _category(lambda one: one.habits.alcohol, lambda one: one.habits.alcohol_known, ALCOHOL),
    "physical_activity_met_min_week": _all(lambda one: one.activity.met_minutes),
    "activity_instrument": _category(
        lambda one: np.full(one.sample.size, int(not one.plan.asks_past_30_days)), everybody, INSTRUMENTS
    ),
    "diabetes_diagnosed": _told(lambda one: one.health.diabetes, (NO, 3)),
    "hypertension_diagnosed": _told(lambda one: one.health.hypertension),
    "cvd_history": _flag(lambda one: np.any(one.health.cardiovascular == YES, axis=1), _cvd_known),
    "cancer_history": _flag(_cancer, lambda one: np.isin(one.health.cancer, (YES, NO))),
    "mortality_eligible": _flag(_eligible, everybody),
    "died": _flag(lambda one: one.deaths.died, _eligible),
    "died_heart": _flag(lambda one: one.deaths.cause == 1, _eligible),
    "died_cancer": _flag(lambda one: one.deaths.cause == 2, _eligible),
    "followup_months_exam": _number(
        lambda one: _months(one.deaths.from_exam), lambda one: _eligible(one) & _examined(one)
    ),
    "followup_months_interview": _number(lambda one: _months(one.deaths.from_interview), _eligible),
    "strata": _all(lambda one: one.sample.stratum),
    "psu": _all(lambda one: one.sample.psu),
}  # fmt: skip
