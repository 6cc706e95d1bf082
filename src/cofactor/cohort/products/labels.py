"""The database of labels (DSPI, DSII): each product's serving and how much of a nutrient a serving holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_numeric_dtype

from cofactor.cohort.products.files import LABEL_FILES
from cofactor.cohort.products.nutrients import NUTRIENTS, Nutrient
from cofactor.errors import FileError
from cofactor.loaders.store import DataFolder

Floats = NDArray[np.float64]
NUMBER, TEXT = "DSDPID", "DSDSUPID"


@dataclass(frozen=True, eq=False)
class ProductLabels:
    """Labels of n products.

    keys : name of the key's column -> the products' keys; text that is blank stands for no product.
    serving, unit : (n,) the label's serving. per_serving : nutrient -> (n,) its amount a serving, 0 where the label has
    none, NaN where it has it without saying how much.
    """

    keys: Mapping[str, pd.Index]
    serving: Floats
    unit: Floats
    per_serving: Mapping[str, Floats]

    def positions(self, product: pd.Series, key: str) -> NDArray[np.intp]:
        """Return where each product stands among the labels; -1 for one that is not there."""
        known = product.notna().to_numpy()
        if known.any() and is_numeric_dtype(product) != is_numeric_dtype(self.keys[key]):
            raise FileError(f"{key} is text in one file and a number in the other; fetch both again")
        found = np.full(len(product), -1, dtype=np.intp)
        found[known] = self.keys[key].get_indexer(pd.Index(product[known]))
        return found


def read_labels(folder: DataFolder, nutrients: Iterable[str]) -> ProductLabels:
    """Return the labels of all products for some nutrients, read through the verified door.

    Raises
    ------
    FileError
        A database file is absent or damaged, or names a product twice.
    """
    products_file, ingredients_file = LABEL_FILES
    products = folder.columns(products_file, [NUMBER, TEXT, "DSDSERVQ", "DSDSERVU"], one_row_per_person=False)
    ingredients = folder.columns(ingredients_file, [NUMBER, "DSDIID", "DSDQTY", "DSDUNIT"], one_row_per_person=False)
    return product_labels(products, ingredients, nutrients)


def product_labels(products: pd.DataFrame, ingredients: pd.DataFrame, nutrients: Iterable[str]) -> ProductLabels:
    """Return labels from the two tables of the database: one row a product, and one an ingredient of a product."""
    number = pd.Index(products[NUMBER])
    if number.has_duplicates or products[TEXT].dropna().duplicated().any():
        raise FileError(f"{LABEL_FILES[0]} names a product more than once; fetch it again")
    # A blank text is no key: products since 2017 have a number alone.
    text = pd.Index(products[TEXT].where(products[TEXT].notna(), " " + number.astype(str)))
    at = number.get_indexer(pd.Index(ingredients[NUMBER]))
    if (strangers := int((at < 0).sum())) > 0:
        raise FileError(f"{LABEL_FILES[1]} has {strangers:,} ingredients of products that {LABEL_FILES[0]} lacks")
    rows = _Ingredients(at, *(ingredients[name].to_numpy() for name in ("DSDIID", "DSDQTY", "DSDUNIT")))
    return ProductLabels(
        keys={NUMBER: number, TEXT: text},
        serving=products["DSDSERVQ"].to_numpy(dtype=float),
        unit=products["DSDSERVU"].to_numpy(dtype=float),
        per_serving={name: _per_serving(NUTRIENTS[name], rows, len(products)) for name in dict.fromkeys(nutrients)},
    )


@dataclass(frozen=True, eq=False)
class _Ingredients:
    """Rows of the database: the product's position, the ingredient, how much of it, and in which unit."""

    product: NDArray[np.intp]
    ingredient: Floats
    quantity: Floats
    unit: Floats


def _per_serving(nutrient: Nutrient, rows: _Ingredients, n: int) -> Floats:
    """The element where a label states it, else what its compounds hold of it, else 0."""
    stated, amounts = _summed(rows, {nutrient.ingredient: 1.0}, nutrient.units, n)
    compound, held = _summed(rows, nutrient.compounds, nutrient.units, n)
    return np.where(stated, amounts, np.where(compound, held, 0.0))


def _summed(
    rows: _Ingredients, shares: Mapping[int, float], units: Mapping[int, float], n: int
) -> tuple[NDArray[np.bool_], Floats]:
    """For each product: whether it lists any of the ingredients, and the sum of their amounts."""
    mine = np.flatnonzero(np.isin(rows.ingredient, list(shares)))
    product = rows.product[mine]
    sizes = _mapped(rows.unit[mine], units) * _mapped(rows.ingredient[mine], shares)
    amounts: Floats = np.bincount(product, weights=rows.quantity[mine] * sizes, minlength=n).astype(float)
    return np.bincount(product, minlength=n) > 0, amounts


def _mapped(codes: Floats, values: Mapping[int, float]) -> Floats:
    found = np.full(len(codes), np.nan)
    for code, value in values.items():
        found[codes == code] = value
    return found
