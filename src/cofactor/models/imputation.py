"""Multiple imputation of covariates by chained equations, for the analyses of a survey design."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import joblib
import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.display import notes_html, table_html
from cofactor.errors import FitError
from cofactor.models.factors import Level
from cofactor.models.follow_up import read_roles
from cofactor.models.formula import Cuts
from cofactor.models.imputation_chain import Chain, run_chain
from cofactor.models.imputation_problem import Problem, Question, make_problem
from cofactor.models.imputation_targets import Follower, Kind, typed, with_followers
from cofactor.progress import progress

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]

PILOT = 2  # rounds of a first chain, which is thrown away: the others step from its modes
METHODS = {
    "number": "predictive mean matching",
    "flag": "logistic regression",
    "category": "a logistic regression a level",
}


@dataclass(frozen=True, eq=False)
class Imputed:
    """The imputed values of one variable.

    `rows` (r,) are positions in the data; `values` (m, r) are numbers, 0 and 1, or positions among `levels`; `trace`
    (m, rounds) is their mean after each round; `followers` are flags that follow from it.
    """

    kind: Kind
    rows: Indices
    values: Floats
    levels: tuple[Level, ...]
    trace: Floats
    followers: tuple[Follower, ...] = ()


@dataclass(frozen=True, eq=False, repr=False)
class Imputations:
    """A design and m sets of values for what its covariates lack.

    Attributes
    ----------
    design : SurveyDesign
        As it was, with what is missing.
    imputed : mapping of variable to Imputed
    m : int
    people : int
        Rows of the domain that are complete in every imputation.
    notes : tuple of str
    """

    design: SurveyDesign
    imputed: Mapping[str, Imputed]
    m: int
    people: int
    notes: tuple[str, ...] = ()

    def designs(self) -> Iterator[SurveyDesign]:
        """Yield the design with each set of imputed values in its data, one after the other."""
        for number in range(self.m):
            yield replace(self.design, data=self.data(number))

    def data(self, number: int) -> pd.DataFrame:
        """Return the data with the imputed values `number` (0 .. m - 1)."""
        filled = {}
        for name, found in self.imputed.items():
            column = self.design.data[name].copy()
            if len(found.rows):
                column.iloc[found.rows] = typed(column, found.values[number], found.levels)
            filled[name] = column
        parts = [(found.rows, found.followers) for found in self.imputed.values()]
        return with_followers(self.design.data.assign(**filled), parts)

    def table(self) -> pd.DataFrame:
        """Return one row a variable: variable, kind, method, missing, share, r_hat.

        `share` is of the people; `r_hat` compares the chains' means over the second half of the rounds (Gelman and
        Rubin; near 1 when the chains have mixed).
        """
        return pd.DataFrame([
            {
                "variable": name, "kind": found.kind, "method": METHODS[found.kind], "missing": len(found.rows),
                "share": len(found.rows) / self.people, "r_hat": potential_reduction(found.trace),
            }
            for name, found in self.imputed.items()
        ])  # fmt: skip

    def __repr__(self) -> str:
        """Return the table and the notes as text."""
        title = f"{self.m} imputations of {len(self.imputed)} variables for {self.people:,} people"
        return "\n".join([title, self.table().to_string(index=False), *(f"note: {note}" for note in self.notes)])

    def _repr_html_(self) -> str:
        table = table_html(self.table(), caption=f"{self.m} imputations for {self.people:,} people")
        return table + notes_html(self.notes)


def impute(
    design: SurveyDesign,
    variables: str | Sequence[str],
    *,
    formula: str,
    seed: int | np.random.Generator,
    time: str | None = None,
    event: str | None = None,
    entry: str | None = None,
    strata: str | Sequence[str] | None = None,
    family: str = "gaussian",
    also: Sequence[str] = (),
    derived: Mapping[str, str] | None = None,
    cycle: str | None = None,
    cuts: Cuts | None = None,
    m: int = 20,
    rounds: int = 10,
) -> Imputations:
    r"""Impute missing covariates of an analysis m times, by chained equations that hold the analysis and the design.

    Each variable in turn is drawn from its distribution given all others, with parameters drawn from their posterior.
    Its predictors are the terms of the analysis that it is not in (their splines and products), the outcome, the
    logarithm of the weight, the stratum (by effects that are shrunk towards 0), the cycle and what is in `also`. The
    outcome is the event with the Nelson-Aalen cumulative hazard of a Cox model, else the response. A variable in a
    product with another is drawn so that it suits the analysis; see `cofactor.models.imputation_compatible`.

    Parameters
    ----------
    design : SurveyDesign
    variables : str or sequence of str
        Covariates to impute. Exposures and outcomes are not: who lacks what is not named here stays out.
    formula : str
        Of the analysis, with its splines and products: the right-hand side (Cox), or ``"outcome ~ terms"``.
    seed : int or Generator
        Chain k depends on the seed and k alone.
    time, event, entry, strata
        Of a Cox model; see `fit_cox`.
    family : str
        Of a generalised linear model; see `fit_glm`. It is needed where a variable stands in a product.
    also : sequence of str
        Further variables that predict what is missing.
    derived : mapping, optional
        Flags of the model that follow from imputed variables, by an expression: ``{"income_top": "income >= 5"}``.
        They are made anew from the imputed values, never drawn.
    cycle : str, optional
        Column of the survey's cycles. A variable that nobody has in a cycle was not asked, and is not imputed there.
    cuts : mapping, optional
        Knots by name, as in the analysis.
    m : int
        Imputations; 20 or more in a report.
    rounds : int
        Of each chain, every one from its own start.

    Returns
    -------
    Imputations
        ``pool(imputations, function)`` estimates from them.

    Raises
    ------
    UnknownVariableError, FormulaError
        A name that the data or the model do not have; a formula that cannot be understood.
    FitError
        An outcome among the variables; a variable with fewer than ten known values; a derived flag that is not what its
        expression says; nobody left; m < 2 or rounds < 1; half of a Cox model's time and event.

    Notes
    -----
    van Buuren S (2007), Multiple imputation of discrete and continuous data by fully conditional specification.
    doi:10.1177/0962280206074463. White IR, Royston P (2009), doi:10.1002/sim.3618 (event and hazard). Reiter JP,
    Raghunathan TE, Kinney SK (2006), The importance of modeling the sampling design in multiple imputation for missing
    data. Survey Methodology 32:143-149. Zeros that a questionnaire's skips imply are no missing values: set them first.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from cofactor.models import fit_glm, impute, pool
    >>> from cofactor.survey import SurveyDesign
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=80)
    >>> data = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": np.repeat(range(4), 20), "psu": np.tile([1, 2], 40),
    ...     "y": x + rng.normal(size=80), "x": np.where(rng.random(80) < 0.2, np.nan, x)})
    >>> imputations = impute(SurveyDesign(data), "x", formula="y ~ x", m=3, seed=1)
    >>> imputations.table()[["variable", "kind", "missing"]]
      variable    kind  missing
    0        x  number       17
    >>> pool(imputations, lambda one: fit_glm(one, "y ~ x")).terms
    ('Intercept', 'x')
    """
    names = (variables,) if isinstance(variables, str) else tuple(dict.fromkeys(variables))
    _check_numbers(names, m, rounds)
    if (time is None) != (event is None) or (time is None and "~" not in formula):
        raise FitError(
            f"what {formula!r} explains is unknown, and imputation needs it: give time= and event= of a Cox model, or "
            "write 'outcome ~ terms'"
        )
    roles = None if time is None or event is None else read_roles(time, event, entry, strata)
    question = Question(names, formula, roles, tuple(also), cycle, family, dict(derived or {}))
    first, *chains = np.random.default_rng(seed).spawn(m + 1)
    problem, notes = make_problem(design, question, cuts, first)
    warm = run_chain(problem, PILOT, first).modes
    run = joblib.Parallel(return_as="generator")
    made = run(joblib.delayed(run_chain)(problem, rounds, rng, warm) for rng in chains)
    shown = progress(made, label="imputations", unit="imputation", total=m)
    return _imputations(design, problem, list(shown), notes)


def _check_numbers(names: Sequence[str], m: int, rounds: int) -> None:
    if not names:
        raise FitError("no variable is named; name the covariates to impute")
    if m < 2 or rounds < 1:
        raise FitError(f"m={m} imputations of {rounds} rounds: pooling needs m of 2 or more, and a chain a round")


def _imputations(design: SurveyDesign, problem: Problem, chains: list[Chain], notes: tuple[str, ...]) -> Imputations:
    imputed = {
        target.name: Imputed(
            target.kind,
            problem.order[target.missing],
            np.stack([chain.values[number] for chain in chains]),
            target.levels,
            np.stack([chain.trace[:, number] for chain in chains]),
            target.followers,
        )
        for number, target in enumerate(problem.targets)
    }
    lacked = ", ".join(f"{name} {len(found.rows):,}" for name, found in imputed.items())
    said = f"imputed by chained equations, {len(chains)} times, for {len(problem.order):,} people: {lacked}"
    return Imputations(design, imputed, len(chains), len(problem.order), (said, *notes))


def potential_reduction(trace: Floats) -> float:
    """Return the potential scale reduction of chains (m, rounds) over the second half of the rounds; NaN under two.

    Gelman A, Rubin DB (1992), doi:10.1214/ss/1177011136.

    Examples
    --------
    >>> import numpy as np
    >>> round(potential_reduction(np.array([[0.0, 0, 1, 2], [0.0, 0, 2, 1]])), 3)
    0.707
    """
    half = trace[:, trace.shape[1] // 2 :]
    length = half.shape[1]
    within = float(half.var(axis=1, ddof=1).mean()) if length > 1 else 0.0
    if not within > 0.0:
        return float("nan")
    between = float(half.mean(axis=1).var(ddof=1))
    return float(np.sqrt((length - 1.0) / length + between / within))
