"""The parts of a study: steps of the population, columns and cut points, outcomes, adjustment sets, models.

All are frozen data, in the words of a protocol; none holds a function.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cofactor.errors import StudyError

Given = tuple[tuple[str, str | float | bool], ...]
"""Values given to variables, as pairs: (("vitd_25oh_nmol_l", 75.0), ("sex", "female"))."""


@dataclass(frozen=True)
class Step:
    """One condition of the population, in words and as an expression of the domain language."""

    words: str
    condition: str


@dataclass(frozen=True)
class Cut:
    """Cut points or knots: weighted quantiles (`probs`) of a variable in the population, or given `values`.

    Quantiles are taken before complete-case loss, over the rows where the variable is known, apart for each level of
    `by` where one is named. They stay fixed in every model.
    """

    name: str
    of: str
    probs: tuple[float, ...] = ()
    values: tuple[float, ...] = ()
    by: str | None = None

    def __post_init__(self) -> None:
        if bool(self.probs) == bool(self.values):
            raise StudyError(f"cut {self.name!r}: give either probs or values, and not both")


@dataclass(frozen=True)
class Flag:
    """A yes-no column made by an expression; unknown where the expression is unknown."""

    name: str
    condition: str
    label: str


@dataclass(frozen=True)
class Scaled:
    """A number divided by `per`, after values above `cap` are set to it."""

    name: str
    of: str
    per: float
    label: str
    cap: float | None = None


@dataclass(frozen=True)
class Groups:
    """A category made by cutting a number at a `Cut`; groups are closed on the left."""

    name: str
    cut: str
    levels: tuple[str, ...]
    label: str


@dataclass(frozen=True)
class Score:
    """The number of a category's level, 1 for the first: the exposure of a trend test."""

    name: str
    of: str
    label: str


@dataclass(frozen=True)
class Residual:
    """Residual of the weighted linear regression of one number on another in the population, within levels of `by`."""

    name: str
    of: str
    on: str
    by: str
    label: str


@dataclass(frozen=True)
class Crossed:
    """A category of two flags together; `levels` names (no, no), (no, yes), (yes, no), (yes, yes)."""

    name: str
    first: str
    second: str
    levels: tuple[str, str, str, str]
    label: str


Column = Flag | Scaled | Groups | Score | Residual | Crossed


@dataclass(frozen=True)
class Outcome:
    """A time to an event in months, and the part of the follow-up that counts.

    At risk from `start` to `stop` months of follow-up; later events are censored at `stop`. With `origin`, a column of
    months at the start of follow-up, age is the time scale and everyone enters at `origin`.
    """

    name: str
    label: str
    event: str
    time: str = "followup_months_exam"
    origin: str | None = None
    strata: tuple[str, ...] = ()
    start: float = 0.0
    stop: float | None = None


@dataclass(frozen=True)
class Covariate:
    """One term of an adjustment set, the columns behind it in words, and its role."""

    term: str
    words: str
    role: Literal["confounder", "mediator", "precision"] = "confounder"


@dataclass(frozen=True)
class Adjustment:
    """A named set of covariates."""

    name: str
    label: str
    covariates: tuple[Covariate, ...] = ()

    def plus(self, name: str, label: str, *covariates: Covariate) -> Adjustment:
        """Return a set with more covariates under another name."""
        return Adjustment(name, label, (*self.covariates, *covariates))

    def without(self, name: str, label: str, *terms: str) -> Adjustment:
        """Return a set that lacks the covariates of these terms; a term that is not there is an error."""
        present = [covariate.term for covariate in self.covariates]
        for term in terms:
            if term not in present:
                raise StudyError(f"adjustment {self.name!r} has no term {term!r}; it has {', '.join(present)}")
        return Adjustment(name, label, tuple(c for c in self.covariates if c.term not in terms))


@dataclass(frozen=True)
class Comparison:
    """A contrast of two settings of the variables, on the log hazard scale: `high` against `low`."""

    label: str
    high: Given
    low: Given


@dataclass(frozen=True)
class Test:
    """A joint Wald test of formula terms."""

    __test__ = False  # not a test case for pytest

    label: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Incidence:
    """The crude cumulative incidence of each cause by some months, in the study's groups."""

    cause: str
    months: float


@dataclass(frozen=True)
class DoseResponse:
    """A curve of hazard ratios over a number, against a reference, drawn between two population quantiles."""

    variable: str
    reference: float
    modifier: str | None = None
    probs: tuple[float, float] = (0.01, 0.99)
    points: int = 61


@dataclass(frozen=True)
class SurfaceOf:
    """The surface of hazard ratios over two numbers, against one pair of values."""

    first: str
    second: str
    reference: tuple[float, float]


@dataclass(frozen=True)
class Recalls:
    """The two days on which an intake was told: `of` is the model's column, the mean of those that there are.

    `first` and `second` are variables of the catalogue, divided by `per` as the column is. A cycle may lack the second.
    """

    of: str
    first: str
    second: str
    per: float = 1.0


@dataclass(frozen=True)
class ErrorDial:
    """A coefficient against the assumed reliability of its intake, with the reliability that two days give marked.

    `label` says what its ratio is. `recalls` are all intakes of the model that were told on the same days: their errors
    go together.
    """

    term: str
    label: str
    recalls: tuple[Recalls, ...] = ()


@dataclass(frozen=True)
class Model:
    """One Cox model, and what is read from it.

    `terms` are the exposure's; the adjustment set is added. `standardized` is a time in months at which risks are
    standardised over the four cells of the two flags in `additive`. `rows` is "common" (complete on everything that the
    study names in `complete_on`) or "own" (every row that this model can use). `product` names the coefficient that
    answers the headline's question in the headline's units, where it is not the headline's own term.
    """

    name: str
    label: str
    group: str
    terms: tuple[str, ...]
    adjustment: str
    outcome: str
    rows: Literal["common", "own"] = "common"
    subset: str | None = None
    coefficients: tuple[str, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    tests: tuple[Test, ...] = ()
    additive: tuple[str, str] | None = None
    standardized: float | None = None
    curve: DoseResponse | None = None
    surface: SurfaceOf | None = None
    error_dial: ErrorDial | None = None
    proportional_hazards: bool = False
    product: str | None = None


@dataclass(frozen=True)
class MissingData:
    """How answers are sought that do not rest on complete rows alone, on request: by imputation and by weights.

    `models` are those that are fitted again. `variables` are the covariates to impute: never an exposure, an outcome or
    what a cycle did not ask; those that a model does not use help to predict the others. `derived` are pairs of a flag
    of the catalogue and the expression by which it follows from them; the study's own columns that rest on them are
    made again from each set of imputed values, with the cut points of the population. `cells` are the categories and
    flags within which people with complete rows stand for those without. `measured` are conditions of the population
    that ask whether an exposure was measured: the weights are made a second time for the people that these leave out.
    `seed` is used where a run gives none.
    """

    models: tuple[str, ...]
    variables: tuple[str, ...]
    cells: tuple[str, ...]
    derived: tuple[tuple[str, str], ...] = ()
    measured: tuple[str, ...] = ()
    cycle: str = "cycle"
    rounds: int = 10
    seed: int = 1


@dataclass(frozen=True)
class Headline:
    """Which numbers answer the question, in which words, and the margin inside which a ratio is too near 1 to matter.

    `model` and `term` name the ratio of hazard ratios; `high` and `low` are the comparisons of that model within the
    modifier's two levels. `additive_model` gives RERI, `picture_model` the contrast people can picture, `companions`
    the pre-specified models beside the primary one.
    """

    model: str
    term: str
    exposure: str
    high: str
    low: str
    additive_model: str
    picture_model: str
    picture_term: str
    picture: str
    companions: tuple[str, ...] = ()
    margin: float = 0.90
