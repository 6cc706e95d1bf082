"""A person's products: which label each has, and how many of its servings they take a day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cofactor.cohort.products.files import ProductFile
from cofactor.cohort.products.labels import ProductLabels
from cofactor.cohort.products.servings import servings

Floats = NDArray[np.float64]

WINDOW = 30.0
"""Days that the interview asks about."""
DAYS_PER = {1: 1.0, 2: 7.0}
"""Days of the unit in "times per day" and "per week"; times per month (3) are counts of the window itself."""
MONTH = 3
AMOUNT_CODES = 7777.0
"""Amounts from here on are codes (7777, 9999, 777777, 999999); the largest in any file is 1,000."""


@dataclass(frozen=True, eq=False)
class ProductRows:
    """Rows of a file of products, one a product of a person.

    person : (n,) position of the person. label : (n,) position of the product among the labels, -1 for none.
    servings : (n,) label servings a day, mean of the past 30 days; NaN where the product, the amount or the days are
    not known. antacid : (n,) whether it is an antacid.
    """

    person: NDArray[np.intp]
    label: NDArray[np.intp]
    servings: Floats
    antacid: NDArray[np.bool_]


def product_rows(
    table: pd.DataFrame, person: NDArray[np.intp], columns: ProductFile, labels: ProductLabels
) -> ProductRows:
    """Return the rows of `table` joined to the labels: servings a day = servings on a day of use × days / 30."""
    label = labels.positions(table[columns.product], columns.product)
    amount = _numbers(table, columns.amount)
    taken = servings(
        np.where(amount < AMOUNT_CODES, amount, np.nan),
        _numbers(table, columns.unit),
        np.where(label >= 0, labels.serving[label], np.nan),
        np.where(label >= 0, labels.unit[label], np.nan),
    )
    days = days_of_use(_numbers(table, columns.days)) if columns.days else _times_in_window(table, columns)
    return ProductRows(person, label, taken * days / WINDOW, _numbers(table, columns.antacid) > 0)


def days_of_use(days: Floats) -> Floats:
    """Return days of the past 30 on which a product was taken; what is no number of days (7777, 9999) is missing.

    They are taken as told, also by people who began less than 30 days ago: the mean is over the 30 days, as in the
    totals that CDC releases.
    """
    return np.where((days >= 0) & (days <= WINDOW), days, np.nan)


def times_in_window(times: Floats, per: Floats, since: Floats) -> Floats:
    """Return how many times a product was taken in the past 30 days, from a frequency told for the time of use.

    times per day or week hold for the days of use, which are `since` days where that is less than 30 (the question was
    about "the past {number and unit}" then); times per month are a count already. An unknown `since` is a long one.

    >>> two, day, week = np.array([2.0]), np.array([1.0]), np.array([2.0])
    >>> times_in_window(two, day, np.array([400.0])).tolist(), times_in_window(two, day, np.array([5.0])).tolist()
    ([60.0], [10.0])
    >>> times_in_window(two, week, np.array([14.0])).tolist()
    [4.0]
    """
    of_use = np.where((since >= 0) & (since < WINDOW), since, WINDOW)
    found = np.full(len(times), np.nan)
    for code, length in DAYS_PER.items():
        found = np.where(per == code, times * of_use / length, found)
    return np.where(times < AMOUNT_CODES, np.where(per == MONTH, times, found), np.nan)


def _times_in_window(table: pd.DataFrame, columns: ProductFile) -> Floats:
    names = (columns.times, columns.per, columns.since)
    return times_in_window(*(_numbers(table, str(name)) for name in names))


def _numbers(table: pd.DataFrame, name: str) -> Floats:
    return table[name].to_numpy(dtype=float)
