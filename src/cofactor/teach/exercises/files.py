"""Exercises of notebook 01: zeros that `pandas.read_sas` does not see, and codes that are no amounts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.teach.answer import Answer, numbers
from cofactor.teach.exercise import Exercise, Mistake
from cofactor.teach.exercises.words import ANY, LOST_NUMBER

Floats = npt.NDArray[np.float64]

ALCOHOL, DRINKS = "DR1TALCO", "ALQ130"
ZERO_OF_READ_SAS = 5.397605346934028e-79
"""What `pandas.read_sas` makes of the eight zero bytes that stand for 0 in a transport file."""
TINY = 1e-70
REFUSED, DO_NOT_KNOW = 777.0, 999.0


def _recalls(seed: int) -> pd.DataFrame:
    """Alcohol of a day in g, as `read_sas` gives it: none for most, missing without a recall."""
    rng = np.random.default_rng([1, seed])
    n = 3000
    share = rng.uniform(0.62, 0.82)
    grams = np.where(rng.random(n) < share, ZERO_OF_READ_SAS, np.round(rng.gamma(1.4, 17.0, n) + 0.1, 1))
    known = rng.random(n) < 0.88
    return pd.DataFrame({"SEQN": np.arange(n) + 31128.0, ALCOHOL: np.where(known, grams, np.nan)})


def _known(data: pd.DataFrame, name: str) -> Floats:
    return data[name].dropna().to_numpy(dtype=float)


def _none_and_mean(data: pd.DataFrame) -> Answer:
    grams = _known(data, ALCOHOL)
    return numbers(100 * float((grams < TINY).mean()), float(grams.mean()))


def _zero_not_seen(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (numbers(0.0, ANY),)


def _zero_made_missing(data: pd.DataFrame) -> tuple[Answer, ...]:
    grams = _known(data, ALCOHOL)
    return (numbers(ANY, float(grams[grams > TINY].mean())),)


def _missing_as_none(data: pd.DataFrame) -> tuple[Answer, ...]:
    grams = data[ALCOHOL].fillna(0.0).to_numpy(dtype=float)
    return (numbers(100 * float((grams < TINY).mean()), ANY), numbers(ANY, float(grams.mean())))


def _share_of_all(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (numbers(100 * float((data[ALCOHOL] < TINY).mean()), ANY),)


def _fraction(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (numbers(_none_and_mean(data).values[0] / 100, ANY),)


ZEROS = Exercise(
    name="01.1",
    title="Zero that reads as 5.4e-79",
    question="These are recalls as pandas.read_sas gives them (DR1TALCO: g of alcohol in a day). Of the people whose"
    " intake is known, how many per cent drank none, and what is the mean intake of all of them, in g?",
    asks=("without alcohol, %", "mean, g"),
    data=_recalls,
    needs=(ALCOHOL,),
    answer=_none_and_mean,
    mistakes=(
        Mistake(
            "zero not seen",
            _zero_not_seen,
            (
                "Nobody drank nothing? Sort the column and look at its smallest value.",
                "The file holds 0 as eight zero bytes, and pandas.read_sas turns these into a number of the order of"
                " 1e-79, which is not equal to 0.",
                "Before anything else: column.mask(column.abs() < 1e-70, 0.0).",
            ),
        ),
        Mistake(
            "zero made missing",
            _zero_made_missing,
            (
                "Your mean is high. Whose mean is it?",
                "It is the mean of those who drank. The smallest values of the column are zeros, not missing.",
                "Set what lies below 1e-70 to 0, and leave NaN as it is.",
            ),
        ),
        Mistake(
            "missing as none",
            _missing_as_none,
            (
                "Do you know that the people without a recall drank nothing?",
                "A missing value says that nobody asked, or that the answer was not usable.",
                "Drop the missing values of this column; do not fill them.",
            ),
        ),
        Mistake(
            "share of everybody",
            _share_of_all,
            (
                "Whom does your percentage divide by?",
                "(column == 0).mean() counts a missing value as a person who drank.",
                "Drop the missing values before you take the share.",
            ),
        ),
        Mistake("fraction", _fraction, ("Nearly. Which unit is asked for?", "Per cent.", "Multiply the share by 100.")),
    ),
    when_right="pyreadstat, which load uses, reads 0 as 0; read_sas does not.",
    when_lost=LOST_NUMBER,
    when_partly=(
        "Both numbers need the same people: those whose intake is known.",
        "Zeros are in, missing values out.",
    ),
)


def _drinks(seed: int) -> pd.DataFrame:
    rng = np.random.default_rng([2, seed])
    n = 2500
    drinks = 1.0 + rng.poisson(rng.uniform(1.0, 2.4), n)
    kind = rng.choice(4, n, p=[0.70, 0.25, 0.01, 0.04])
    drawn = np.select([kind == 1, kind == 2, kind == 3], [np.nan, REFUSED, DO_NOT_KNOW], drinks)
    return pd.DataFrame({"SEQN": np.arange(n) + 41475.0, DRINKS: drawn})


def _amounts(data: pd.DataFrame) -> Floats:
    found = _known(data, DRINKS)
    return np.extract(~np.isin(found, (REFUSED, DO_NOT_KNOW)), found)


def _mean_drinks(data: pd.DataFrame) -> Answer:
    return numbers(float(_amounts(data).mean()), len(_amounts(data)))


def _codes_left_in(data: pd.DataFrame) -> tuple[Answer, ...]:
    found = _known(data, DRINKS)
    one_code = [np.extract(found != code, found) for code in (REFUSED, DO_NOT_KNOW)]
    return tuple(numbers(float(part.mean()), ANY) for part in (found, *one_code))


def _codes_as_none(data: pd.DataFrame) -> tuple[Answer, ...]:
    found = _known(data, DRINKS)
    return (numbers(float(_amounts(data).sum()) / len(found), ANY),)


def _everybody(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (numbers(float(_amounts(data).sum()) / len(data), ANY), numbers(ANY, len(data)))


def _count_with_codes(data: pd.DataFrame) -> tuple[Answer, ...]:
    return (numbers(_mean_drinks(data).values[0], len(_known(data, DRINKS))),)


CODES = Exercise(
    name="01.2",
    title="Codes that are no amounts",
    question="ALQ130 is the average number of drinks on a day with drinks. Its codebook says: 1 to 20 a number of"
    " drinks; 777 refused; 999 don't know; . missing. What is the mean, in drinks, over the people who gave a number,"
    " and how many are they?",
    asks=("mean, drinks", "people"),
    data=_drinks,
    needs=(DRINKS,),
    answer=_mean_drinks,
    mistakes=(
        Mistake(
            "codes left in",
            _codes_left_in,
            (
                "Could you drink that much? Look at the largest values.",
                "A refusal is written as a number. The codebook lists such codes below the range of amounts.",
                "Make 777 and 999 missing: column.replace([777, 999], float('nan')).",
            ),
        ),
        Mistake(
            "codes as none",
            _codes_as_none,
            (
                "What do you take somebody to drink who refused to answer?",
                "Unknown is not 0.",
                "Make both codes missing, so that neither the sum nor the count has these people.",
            ),
        ),
        Mistake(
            "everybody counted",
            _everybody,
            (
                "How many people gave a number?",
                "Rows without an answer are in your count.",
                "Count the rows that are left when codes and missing values are gone.",
            ),
        ),
        Mistake(
            "codes counted",
            _count_with_codes,
            (
                "The mean is right. Does a refusal count as a number of drinks?",
                "Your count still has the rows with codes.",
                "Count after the codes are made missing.",
            ),
        ),
    ),
    when_right="In cofactor the catalogue names these codes, and load makes them missing.",
    when_lost=LOST_NUMBER,
    when_partly=("Mean and count are of the same people.", "len of the column without missing values and codes."),
)

EXERCISES = (ZEROS, CODES)
