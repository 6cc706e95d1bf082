"""Intake from supplements and antacids of the past 30 days, in total, and of the day of the first recall."""

import pandas as pd

from cofactor.cohort.derive import Case, Derived, derived
from cofactor.cohort.logic import is_true, known

SOURCE = (
    "NHANES 30-day dietary supplement use: total file (DSQTOT) from 2007 on, before it the product files with the "
    "NHANES Dietary Supplement Database (DSPI, DSII)"
)
PRODUCTS = (
    "NHANES 30-day dietary supplement use, product files, with the NHANES Dietary Supplement Database (DSPI, DSII)"
)
DAY1 = "NHANES 24-hour dietary supplement use, first day, total file (DS1TOT), 2007-2018"

MAGNESIUM = ("magnesium", "Magnesium", "mg")
CALCIUM = ("calcium", "Calcium", "mg")
VITAMIN_D = ("vitamin_d", "Vitamin D", "µg")
PHOSPHORUS = ("phosphorus", "Phosphorus", "mg")
POTASSIUM = ("potassium", "Potassium", "mg")
ZINC = ("zinc", "Zinc", "mg")
FIBRE = ("fibre", "Fibre", "g")
VITAMIN_C = ("vitamin_c", "Vitamin C", "mg")
NUTRIENTS = (MAGNESIUM, CALCIUM, VITAMIN_D, PHOSPHORUS, POTASSIUM, ZINC, FIBRE, VITAMIN_C)
"""Stem of the names, words, unit."""
OF_ANTACIDS = (MAGNESIUM, CALCIUM)
ANY_PRODUCT = (MAGNESIUM, CALCIUM, VITAMIN_D, ZINC)
OF_DAY1 = (MAGNESIUM, CALCIUM, VITAMIN_D, ZINC, POTASSIUM)

HOW_FAR = (
    "From the products in every cycle, by one rule: label amount × servings on a day of use × days / 30, summed; 0 for "
    "people who took none of it. The usual variable is {usual}, which has CDC's total where there is one; this one "
    "exists to compare the two (`compare_supplements`), and is the same as the other before 2007. From 2007 on the two "
    "are equal, within the rounding of the totals, for 94% or more of people with an amount in every cycle, and their "
    "means are within 0.5% (fibre: 79% and 3%). What is left: CDC's totals hold the labels of their day, and the "
    "database those of February 2025, with corrections; of antacids whose label states a compound alone, CDC took "
    "magnesium at 0.41 of the hydroxide (here 0.417) and no calcium of the carbonate in 2007-2008; CDC counted salts "
    "in a few multivitamins that we do not; and where the interview's unit does not meet the label's, the amount is "
    "unknown here."
)


def nothing_is_zero(taken: pd.Series, told: pd.Series) -> pd.Series:
    """The amount taken; 0 for people without one who told whether they take any; else missing.

    The files have a missing value for people who took nothing, and for users of products without the nutrient.
    """
    return taken.mask(taken.isna() & known(told), 0.0)


def sum_of_both(diet: pd.Series, supplement: pd.Series) -> pd.Series:
    """Diet and supplements added up; missing where either is."""
    return diet + supplement


def no_where_told(listed: pd.Series, told: pd.Series) -> pd.Series:
    """Yes where a product has it; no for people who told whether they take any, and have no such product."""
    yes = is_true(listed)
    return yes.where(yes | known(told))


def from_supplements(stem: str, words: str, unit: str) -> tuple[Derived, ...]:
    """Declare what each nutrient has: its supplements, the same from products in all cycles, and with the diet.

    >>> [made.name for made in from_supplements("zinc", "Zinc", "mg")]
    ['zinc_supplement_mg', 'zinc_supplement_products_mg', 'zinc_total_mg']
    """
    ending = unit.replace("µ", "u")
    usual, diet = f"{stem}_supplement_{ending}", f"{stem}_diet_{ending}"
    return (
        _zeros_set(
            usual,
            f"{words} from supplements and antacids",
            unit,
            f"{stem}_supplement_released_{ending}",
            "Mean a day of the past 30, antacids included; 0 for people who took none of it. A product of unknown "
            "amount or days is left out (who has no other with it gets 0), and makes `supplement_incomplete` yes.",
            SOURCE,
        ),
        _zeros_set(
            f"{stem}_supplement_products_{ending}",
            f"{words} from supplements and antacids, from the products in every cycle",
            unit,
            f"{stem}_supplement_listed_{ending}",
            HOW_FAR.format(usual=usual),
            PRODUCTS,
        ),
        _with_diet(
            f"{stem}_total_{ending}",
            f"{words} from food, drink and supplements",
            unit,
            (diet, usual),
            "Diet (mean of the reliable recalls) and supplements added up.",
            SOURCE,
        ),
    )


def of_antacids(stem: str, words: str, unit: str) -> Derived:
    """Declare the amount from antacids alone."""
    return _zeros_set(
        f"{stem}_antacid_{unit}",
        f"{words} from antacids",
        unit,
        f"{stem}_antacid_listed_{unit}",
        "The part of the supplements' amount that antacids give, from the products; 0 for people who took none.",
        PRODUCTS,
    )


def any_product(stem: str, words: str) -> Derived:
    """Declare whether a person took any product with the nutrient."""
    listed = f"{stem}_supplement_listed_any"
    return Derived(
        name=f"{stem}_supplement_any",
        label=f"Took any supplement or antacid with {words[0].lower()}{words[1:]} in the past 30 days",
        kind="flag",
        source=PRODUCTS,
        rule="Yes for a product with it, whatever its amount and days. A product that is not in the database counts as "
        "one without it, as in the totals: see `supplement_incomplete`.",
        inputs=(listed, "supplement_any"),
        cases=(
            Case(**{listed: True}, supplement_any=True, gives=True, why="a product has it"),
            Case(**{listed: True}, supplement_any=False, gives=True, why="antacids count"),
            Case(**{listed: False}, supplement_any=True, gives=False, why="no product of theirs has it"),
            Case(**{listed: None}, supplement_any=False, gives=False, why="took nothing"),
            Case(**{listed: None}, supplement_any=None, gives=None, why="not known"),
        ),
        function=no_where_told,
    )


def unclear_product(stem: str, words: str) -> Derived:
    """Declare whether a product with the nutrient has no known amount: its total is then too low, or 0."""
    listed = f"{stem}_supplement_listed_unclear"
    return Derived(
        name=f"{stem}_supplement_unclear",
        label=f"Took a product with {words[0].lower()}{words[1:]} of unknown amount or days",
        kind="flag",
        source=PRODUCTS,
        rule="Yes where the total from supplements lacks a product that is known to have the nutrient: for a "
        "sensitivity without these people. 1% to 5% of takers since 2003, but 10% to 26% in 2001-2002 and 20% to 30% "
        "in 1999-2000, where days or amounts are missing for many, antacids above all.",
        inputs=(listed, "supplement_any"),
        cases=(
            Case(**{listed: True}, supplement_any=True, gives=True, why="the total lacks it"),
            Case(**{listed: False}, supplement_any=True, gives=False, why="all that have it are known"),
            Case(**{listed: None}, supplement_any=False, gives=False, why="took nothing"),
            Case(**{listed: None}, supplement_any=None, gives=None, why="not known"),
        ),
        function=no_where_told,
    )


def of_the_day(stem: str, words: str, unit: str) -> tuple[Derived, Derived]:
    """Declare what was taken in the 24 hours of the first recall: in supplements, and with that recall."""
    ending = unit.replace("µ", "u")
    name, diet = f"{stem}_supplement_day1_{ending}", f"{stem}_diet_day1_{ending}"
    released = f"{stem}_supplement_day1_released_{ending}"
    reliable = {diet: 250.0, "recall_reliable_day1": True}
    taken = _zeros_set(
        name,
        f"{words} from supplements and antacids in the 24 hours of the first recall",
        unit,
        released,
        "As released; 0 for people who took none of it that day.",
        DAY1,
        told="supplement_day1_any",
    )
    total = Derived(
        name=f"{stem}_total_day1_{ending}",
        label=f"{words} from food, drink and supplements on the day of the first recall",
        unit=unit,
        source=DAY1,
        rule="The first recall and the supplements of the same 24 hours: another variable than "
        f"`{stem}_total_{ending}`, which has the supplements of a month.",
        inputs=(diet, "recall_reliable_day1", name),
        cases=(
            Case(**reliable, **{name: 50.0}, gives=300.0, why="the sum"),
            Case(**reliable, **{name: 0.0}, gives=250.0, why="took nothing that day"),
            Case(**reliable | {"recall_reliable_day1": False}, **{name: 0.0}, gives=None, why="not reliable"),
            Case(**reliable, **{name: None}, gives=None, why="supplements not known"),
        ),
        function=_of_reliable_day,
    )
    return taken, total


def _of_reliable_day(diet: pd.Series, reliable: pd.Series, supplement: pd.Series) -> pd.Series:
    return (diet + supplement).where(is_true(reliable))


def _zeros_set(
    name: str, label: str, unit: str, taken: str, rule: str, source: str, told: str = "supplement_any"
) -> Derived:
    """A measured amount of people who took some, with its zeros."""
    return Derived(
        name=name,
        label=label,
        unit=unit,
        source=source,
        rule=rule,
        inputs=(taken, told),
        cases=(
            Case(**{taken: 50.0, told: True}, gives=50.0, why="as it is"),
            Case(**{taken: 30.0, told: False}, gives=30.0, why="antacids count"),
            Case(**{taken: None, told: False}, gives=0.0, why="took nothing"),
            Case(**{taken: None, told: True}, gives=0.0, why="products without it"),
            Case(**{taken: None, told: None}, gives=None, why="not known"),
        ),
        function=nothing_is_zero,
    )


def _with_diet(name: str, label: str, unit: str, parts: tuple[str, str], rule: str, source: str) -> Derived:
    diet, supplement = parts
    return Derived(
        name=name,
        label=label,
        unit=unit,
        source=source,
        rule=rule,
        inputs=parts,
        cases=(
            Case(**{diet: 250.0, supplement: 50.0}, gives=300.0, why="the sum"),
            Case(**{diet: 250.0, supplement: 0.0}, gives=250.0, why="takes none of it"),
            Case(**{diet: 250.0, supplement: None}, gives=None, why="supplements not known"),
            Case(**{diet: None, supplement: 50.0}, gives=None, why="no reliable recall"),
        ),
        function=sum_of_both,
    )


@derived(
    "A supplement or antacid of unknown amount, days or product",
    kind="flag",
    source="NHANES 30-day dietary supplement use, product files",
    cases=(
        Case(supplement_any=True, supplement_product_unclear=True, gives=True, why="the total is short of a product"),
        Case(supplement_any=True, supplement_product_unclear=False, gives=False, why="every product is clear"),
        Case(supplement_any=False, supplement_product_unclear=True, gives=True, why="an antacid is unclear"),
        Case(supplement_any=False, supplement_product_unclear=None, gives=False, why="no products"),
        Case(supplement_any=None, supplement_product_unclear=None, gives=None, why="not known whether any was taken"),
    ),
)
def supplement_incomplete(supplement_any: pd.Series, supplement_product_unclear: pd.Series) -> pd.Series:
    """Yes where any product lacks its amount or its days, or is unknown: totals of supplements are then too low."""
    return no_where_told(supplement_product_unclear, supplement_any)


SUPPLEMENTS = tuple(made for one in NUTRIENTS for made in from_supplements(*one))
ANTACIDS = tuple(of_antacids(*one) for one in OF_ANTACIDS)
ANY = tuple(any_product(stem, words) for stem, words, _ in ANY_PRODUCT)
UNCLEAR = tuple(unclear_product(stem, words) for stem, words, _ in ANY_PRODUCT)
DAY = tuple(made for one in OF_DAY1 for made in of_the_day(*one))
