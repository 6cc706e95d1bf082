"""Grip strength: the best of a hand, and its classes."""

import pandas as pd

from cofactor.cohort.averages import largest_known
from cofactor.cohort.derive import Case, derived
from cofactor.cohort.logic import at_least, below, first_true, is_level, pick

MGX = "NHANES muscle strength examination (MGX): three tests of each hand"
FNIH = "Foundation for the National Institutes of Health: Alley et al. (2014), doi:10.1093/gerona/glu011"
WEAK_MEN, NORMAL_MEN = 26.0, 32.0  # kg
WEAK_WOMEN, NORMAL_WOMEN = 16.0, 20.0
LEVELS = ("normal", "intermediate", "weak")


def _tests(hand: int, *readings: float | None) -> dict[str, float | None]:
    return {f"grip_hand_{hand}_test_{i}_kg": value for i, value in enumerate(readings, start=1)}


@derived(
    "Best grip strength of the hand tested first",
    unit="kg",
    source=MGX,
    cases=(
        Case(**_tests(1, 30.1, 32.4, 31.0), gives=32.4, why="the largest"),
        Case(**_tests(1, 30.1, None, None), gives=30.1, why="of those there are"),
        Case(**_tests(1, None, None, None), gives=None, why="not tested"),
    ),
)
def grip_hand_1_kg(
    grip_hand_1_test_1_kg: pd.Series, grip_hand_1_test_2_kg: pd.Series, grip_hand_1_test_3_kg: pd.Series
) -> pd.Series:
    """The largest of the readings there are; which hand it is, is in `grip_first_hand`."""
    return largest_known([grip_hand_1_test_1_kg, grip_hand_1_test_2_kg, grip_hand_1_test_3_kg])


@derived(
    "Best grip strength of the hand tested second",
    unit="kg",
    source=MGX,
    cases=(
        Case(**_tests(2, 30.1, 32.4, 31.0), gives=32.4, why="the largest"),
        Case(**_tests(2, None, None, None), gives=None, why="not tested"),
    ),
)
def grip_hand_2_kg(
    grip_hand_2_test_1_kg: pd.Series, grip_hand_2_test_2_kg: pd.Series, grip_hand_2_test_3_kg: pd.Series
) -> pd.Series:
    """The largest of the readings there are."""
    return largest_known([grip_hand_2_test_1_kg, grip_hand_2_test_2_kg, grip_hand_2_test_3_kg])


@derived(
    "Best grip strength of either hand",
    unit="kg",
    source=MGX,
    cases=(
        Case(grip_hand_1_kg=30.0, grip_hand_2_kg=31.0, gives=31.0, why="the stronger hand"),
        Case(grip_hand_1_kg=30.0, grip_hand_2_kg=None, gives=30.0, why="one hand was tested"),
        Case(grip_hand_1_kg=None, grip_hand_2_kg=None, gives=None, why="not tested"),
    ),
)
def grip_best_kg(grip_hand_1_kg: pd.Series, grip_hand_2_kg: pd.Series) -> pd.Series:
    """The larger of the two hands, or the one that was tested."""
    return largest_known([grip_hand_1_kg, grip_hand_2_kg])


@derived(
    "Class of grip strength",
    kind="category",
    levels=LEVELS,
    source=FNIH,
    cases=(
        Case(grip_best_kg=25.9, sex="male", gives="weak", why="men below 26"),
        Case(grip_best_kg=26.0, sex="male", gives="intermediate", why="26 itself is intermediate"),
        Case(grip_best_kg=32.0, sex="male", gives="normal", why="men from 32"),
        Case(grip_best_kg=15.9, sex="female", gives="weak", why="women below 16"),
        Case(grip_best_kg=19.9, sex="female", gives="intermediate", why="women below 20"),
        Case(grip_best_kg=20.0, sex="female", gives="normal", why="women from 20"),
        Case(grip_best_kg=None, sex="female", gives=None, why="not tested"),
    ),
)
def grip_class(grip_best_kg: pd.Series, sex: pd.Series) -> pd.Series:
    """Weak below 26 kg (women 16), intermediate below 32 (women 20), by the best of either hand. For people of 60+."""
    man = is_level(sex, "male")
    weak, normal = pick(man, WEAK_MEN, WEAK_WOMEN), pick(man, NORMAL_MEN, NORMAL_WOMEN)
    return first_true(
        {
            "normal": at_least(grip_best_kg, normal),
            "intermediate": at_least(grip_best_kg, weak),
            "weak": below(grip_best_kg, weak),
        }
    )


@derived(
    "Low grip strength",
    kind="flag",
    source=FNIH,
    cases=(
        Case(grip_class="weak", gives=True, why="below 26 kg, women 16 kg"),
        Case(grip_class="intermediate", gives=False, why="not weak"),
        Case(grip_class=None, gives=None, why="not tested"),
    ),
)
def grip_low(grip_class: pd.Series) -> pd.Series:
    """Weak by the criteria of the FNIH."""
    return is_level(grip_class, "weak")
