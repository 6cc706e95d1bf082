"""Answers of people's products: amounts a day, any product with a nutrient, any product unclear."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cofactor.cohort.products.asking import ProductQuestion
from cofactor.cohort.products.labels import ProductLabels
from cofactor.cohort.products.rows import ProductRows

Floats = NDArray[np.float64]
Codes = NDArray[np.int8]


def answer(question: ProductQuestion, rows: ProductRows, labels: ProductLabels, n: int) -> NDArray[Any]:
    """Return the answer for each of n people; people without a product have none (NaN, -1)."""
    if not question.nutrient:
        return _any(np.isnan(rows.servings), rows, n)
    per_serving = labels.per_serving[question.nutrient]
    held = np.where(rows.label >= 0, per_serving[rows.label], 0.0)
    mine = rows.antacid if question.antacids else np.ones(len(held), dtype=bool)
    mine = mine & (held != 0)
    if question.asked == "any":
        return _any(mine, rows, n)
    if question.asked == "unclear":
        return _any(mine & np.isnan(rows.servings * held), rows, n)
    return _amount(rows.servings * held, mine, rows, n)


def _amount(amounts: Floats, mine: NDArray[np.bool_], rows: ProductRows, n: int) -> Floats:
    """The sum over products with a known amount; missing where a person has none such, as in CDC's released totals."""
    mine = mine & ~np.isnan(amounts)
    person = rows.person[mine]
    sums = np.bincount(person, weights=amounts[mine], minlength=n)
    return np.where(np.bincount(person, minlength=n) > 0, sums, np.nan)


def _any(rows_with: NDArray[np.bool_], rows: ProductRows, n: int) -> Codes:
    """1 where any row of a person has it, 0 where none has, -1 without rows."""
    has_rows = np.bincount(rows.person, minlength=n) > 0
    found = np.bincount(rows.person[rows_with], minlength=n) > 0
    return np.where(has_rows, found, -1).astype(np.int8)
