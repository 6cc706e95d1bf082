"""Supplements and antacids by product (DSQFILE2, DSQ2, DSQIDS), and the database of their labels (DSPI, DSII).

The products are made up. Magnesium comes from two of them alone, in the amount that people's intake says, so that the
sums of products are the released totals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.synthetic.people import People
from cofactor.synthetic.randomness import Floats, Ints, Mask

TABLET, PIECES, GRAM_OF_POWDER, GRAMS = 18.0, 1.0, 33.0, 16.0
"""Units of the label (DSDSERVU) and of the interview (DSD120U, DSD122U): tablets, and powder by weight."""
SUPPLEMENT, ANTACID = 0.0, 2.0
AMOUNT_UNKNOWN, DAYS_UNKNOWN, PRODUCT_UNKNOWN = 0.02, 0.02, 0.015
DAYS_CODE_UNKNOWN = 9999.0
DAILY, PER_DAY, LONG_AGO = 30.0, 1.0, 400.0
NO_PRODUCT = 6666666064.0
"""A key that the database lacks: "no product information available"."""

INGREDIENTS = {
    "MAGN": (231.0, "MAGNESIUM", 1.0),
    "CALC": (63.0, "CALCIUM", 1.0),
    "VD": (364.0, "VITAMIN D", 2.0),
    "PHOS": (282.0, "PHOSPHORUS", 1.0),
    "POTA": (285.0, "POTASSIUM", 1.0),
    "ZINC": (384.0, "ZINC", 1.0),
    "FIBE": (458.0, "DIETARY FIBER", 5.0),
    "VC": (893.0, "VITAMIN C", 1.0),
}
"""Ending of DSQT... -> number of the ingredient, its name, and its unit (1 mg, 2 IU, 5 g)."""
UG_PER_IU = 1 / 40


@dataclass(frozen=True)
class Product:
    """A made-up product: its number, name, the label's serving, and what a serving holds in the label's units."""

    number: float
    name: str
    unit: float
    holds: Mapping[str, float]

    @property
    def key(self) -> str:
        """The older key, text of ten figures."""
        return f"{int(1_000_000_000 + 100 * self.number)}"


MG_PER_GRAM = 25.0
"""So that people take grams within the range that CDC publishes."""
MAGNESIUM_POWDER = Product(1.0, "SYNTHETIC MAGNESIUM POWDER", GRAM_OF_POWDER, {"MAGN": MG_PER_GRAM})
MAGNESIUM_ANTACID = Product(
    2.0, "SYNTHETIC ANTACID WITH MAGNESIUM", GRAM_OF_POWDER, {"MAGN": MG_PER_GRAM, "CALC": 50.0}
)
OTHERS = (
    Product(
        3.0, "SYNTHETIC MULTIVITAMIN", TABLET, {"CALC": 160.0, "VD": 800.0, "PHOS": 40.0, "ZINC": 11.0, "VC": 60.0}
    ),
    Product(4.0, "SYNTHETIC CALCIUM WITH VITAMIN D", TABLET, {"CALC": 500.0, "VD": 400.0}),
    Product(5.0, "SYNTHETIC VITAMIN C", TABLET, {"VC": 500.0}),
    Product(6.0, "SYNTHETIC VITAMIN D", TABLET, {"VD": 1000.0}),
    Product(7.0, "SYNTHETIC POTASSIUM WITH ZINC", TABLET, {"POTA": 99.0, "ZINC": 15.0}),
    Product(8.0, "SYNTHETIC FIBRE", TABLET, {"FIBE": 1.5}),
    Product(9.0, "SYNTHETIC HERBS", TABLET, {}),
)
PRODUCTS = (MAGNESIUM_POWDER, MAGNESIUM_ANTACID, *OTHERS)
SHARES = (0.4, 0.15, 0.12, 0.12, 0.06, 0.05, 0.1)


def labels() -> dict[str, pd.DataFrame]:
    """Return the database of labels: DSPI, one row a product, and DSII, one an ingredient of a product."""
    listed = [(product, *INGREDIENTS[name], amount) for product in PRODUCTS for name, amount in product.holds.items()]
    products = {
        "DSDPID": [product.number for product in PRODUCTS],
        "DSDSUPP": [product.name for product in PRODUCTS],
        "DSDSERVQ": [1.0 for _ in PRODUCTS],
        "DSDSERVU": [product.unit for product in PRODUCTS],
        "DSDSUPID": [product.key for product in PRODUCTS],
    }
    ingredients = {
        "DSDPID": [product.number for product, *_ in listed],
        "DSDSUPP": [product.name for product, *_ in listed],
        "DSDIID": [number for _, number, _, _, _ in listed],
        "DSDINGR": [name for _, _, name, _, _ in listed],
        "DSDQTY": [amount for *_, amount in listed],
        "DSDUNIT": [unit for _, _, _, unit, _ in listed],
    }
    return {"DSPI.xpt": pd.DataFrame(products), "DSII.xpt": pd.DataFrame(ingredients)}


@dataclass(frozen=True, eq=False)
class Taken:
    """Products that people take, one row each, by person: position of the person (n,), of the product in `PRODUCTS` (-1
    for one that is not in the database), amount on a day of use, days of the past 30; NaN where not known."""

    person: Ints
    product: Ints
    amount: Floats
    days: Floats

    @property
    def antacid(self) -> Mask:
        """Whether a row is an antacid."""
        return np.asarray(self.product == PRODUCTS.index(MAGNESIUM_ANTACID))

    def total(self, nutrient: str, people: int) -> Floats:
        """Return the sum over each person's products of a nutrient (an ending of DSQT...) a day; NaN for none known."""
        per_serving = np.array([product.holds.get(nutrient, 0.0) for product in PRODUCTS] + [0.0])
        amounts = per_serving[self.product] * self.amount * self.days / DAILY
        known = ~np.isnan(amounts) & (per_serving[self.product] > 0)
        sums = np.bincount(self.person[known], weights=amounts[known], minlength=people)
        found = np.bincount(self.person[known], minlength=people) > 0
        return np.where(found, sums * (UG_PER_IU if nutrient == "VD" else 1.0), np.nan)


def draw_products(one: People, supplements: Ints, no_supplement: Mask, rng: np.random.Generator) -> Taken:
    """Return the products of everybody: how many supplements each takes (people,), and who told that they take none.

    Magnesium, where a person takes it, is the first supplement, or an antacid beside none; its days and amount are
    known.
    """
    magnesium = one.intake.supplement_magnesium
    antacid = no_supplement & (magnesium > 0)
    person = np.repeat(np.arange(one.sample.size), supplements + antacid)
    first = np.ones(person.size, dtype=bool)
    first[1:] = person[1:] != person[:-1]
    of_magnesium = first & (magnesium[person] > 0)
    lost = rng.random((3, person.size))
    other = 2 + rng.choice(len(OTHERS), size=person.size, p=SHARES)
    other = np.where(lost[2] < PRODUCT_UNKNOWN, -1, other)
    days = np.where(rng.random(person.size) < 0.6, DAILY, rng.integers(1, 31, size=person.size))
    amount = rng.choice([0.5, 1.0, 2.0], size=person.size, p=[0.1, 0.75, 0.15])
    return Taken(
        person=person,
        product=np.where(of_magnesium, np.where(antacid[person], 1, 0), other),
        amount=np.where(
            of_magnesium, magnesium[person] / MG_PER_GRAM, np.where(lost[0] < AMOUNT_UNKNOWN, np.nan, amount)
        ),
        days=np.where(of_magnesium, DAILY, np.where(lost[1] < DAYS_UNKNOWN, np.nan, days)),
    )


def product_table(one: People, taken: Taken) -> dict[str, pd.DataFrame]:
    """Return the product file of the cycle under its stem, with the columns that the cycle has."""
    year = one.plan.year
    columns: dict[str, npt.ArrayLike] = {"SEQN": one.sample.seqn[taken.person].astype(np.float64)}
    columns |= _keys(taken, by_number=year >= 2017) | {"DSDANTA": np.where(taken.antacid, ANTACID, SUPPLEMENT)}
    unit = np.where(taken.product < 2, GRAMS, PIECES)
    unit = np.where(np.isnan(taken.amount) | (taken.product < 0), np.nan, unit)
    if year < 2001:
        columns |= _times(taken) | {"DSD120Q": taken.amount, "DSD120U": unit}
        return {"DSQFILE2": pd.DataFrame(columns)}
    columns |= {"DSD103": np.where(np.isnan(taken.days), DAYS_CODE_UNKNOWN, taken.days)}
    columns |= {"DSD122Q": taken.amount, "DSD122U": unit}
    if year < 2007:
        return {"DSQ2": pd.DataFrame(columns)}
    servings = np.where(taken.product < 0, np.nan, taken.amount)
    return {"DSQIDS": pd.DataFrame(columns | {"DSDACTSS": servings})}


def _keys(taken: Taken, *, by_number: bool) -> dict[str, npt.ArrayLike]:
    """The key of the database: a number since 2017, before that text."""
    if by_number:
        numbers = np.array([product.number for product in PRODUCTS] + [NO_PRODUCT])
        return {"DSDPID": numbers[taken.product]}
    keys = np.array([product.key for product in PRODUCTS] + [f"{NO_PRODUCT:.0f}"], dtype=object)
    return {"DSDSUPID": keys[taken.product]}


def _times(taken: Taken) -> dict[str, npt.ArrayLike]:
    """1999-2000 asked how often: once a day, or so many times in the month."""
    daily = taken.days == DAILY
    known = ~np.isnan(taken.days)
    return {
        "DSD090": np.full(taken.days.size, LONG_AGO),
        "DSD100Q": np.where(known, np.where(daily, PER_DAY, taken.days), np.nan),
        "DSD100U": np.where(known, np.where(daily, 1.0, 3.0), np.nan),
    }
