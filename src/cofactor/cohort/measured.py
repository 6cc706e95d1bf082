"""What a measured variable is: its words, its kind, and where each cycle keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cofactor.cohort.products.asking import ProductQuestion
from cofactor.cohort.products.files import ProductFile

Kind = Literal["number", "flag", "category", "months"]
Rows = Literal["one", "same", "sum of products", "any missing", "any of class", "products"]
Given = Literal["cycle_first_year"]
Number = tuple[float, float]
"""A span of codes, ends included: (7.0, 7.0) is one code."""


@dataclass(frozen=True)
class Recode:
    """How the codes of a column become values.

    missing : codes that stand for refused, don't know and the like.
    outcomes : for a category its levels in order, for a flag "no" and "yes", each with its codes.
    values : for a number whose codes are classes: code -> value, with the codes of a class.
    top : larger values are set to it. scale : what a value is multiplied with, at the end.
    zero : what an exact zero becomes (a follow-up of 0 months is half a month).
    """

    missing: tuple[Number, ...] = ()
    outcomes: tuple[tuple[str, tuple[Number, ...]], ...] = ()
    values: tuple[tuple[float, float], ...] = ()
    top: float | None = None
    scale: float = 1.0
    zero: float | None = None


@dataclass(frozen=True)
class Source:
    """Where some cycles keep a variable.

    cycles : the cycles of this source. subsample : who was asked or measured (see `weights.SUBSAMPLES`).
    file : name of the file without the cycle's suffix, or a template with {years}; None where nothing is read.
    columns : the columns read, one but where several rows or columns are put together.
    rows : "one" row a person; "same" where each of a person's rows says the same; "sum of products" adds up, over a
    person's rows, the product of the columns; "any missing" says whether any column of any of a person's rows is
    missing; "any of class" whether any of the medicines of the first column is of `classes` and of none of
    `classes_not`: the second column, to which the recode belongs, says whether the person takes any.
    "products" asks `question` of a person's supplements, listed in `product_file`.
    level : a category's level that everybody of these cycles has. given : a fact of the cycle itself.
    """

    cycles: tuple[str, ...]
    subsample: str
    file: str | None
    columns: tuple[str, ...]
    recode: Recode
    rows: Rows = "one"
    level: str | None = None
    given: Given | None = None
    classes: tuple[tuple[float, ...], ...] = ()
    classes_not: tuple[tuple[float, ...], ...] = ()
    question: ProductQuestion | None = None
    product_file: ProductFile | None = None


@dataclass(frozen=True)
class Measured:
    """A variable of the catalogue: label in our words, unit, kind, levels in order, and its sources."""

    name: str
    label: str
    unit: str
    kind: Kind
    levels: tuple[str, ...]
    reference: str | None
    sources: tuple[Source, ...]
    note: str = ""

    def source(self, cycle: str) -> Source | None:
        """Return where `cycle` keeps the variable, or None where it has none."""
        return next((source for source in self.sources if cycle in source.cycles), None)

    @property
    def cycles(self) -> tuple[str, ...]:
        """The cycles that have the variable, in order."""
        return tuple(sorted(cycle for source in self.sources for cycle in source.cycles))
