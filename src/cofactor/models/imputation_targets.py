"""The variables that are imputed, and how values of each kind are drawn.

A number is matched: its value is that of a donor, one of the five people whose predicted values lie nearest, so that
whole numbers, top codes and bounds stay what they are. A flag is a logistic regression. A category is a sequence of
questions, "this level, or a later one?", each a logistic regression among those whom the question reaches: their
likelihoods separate, and together they can describe any probabilities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from cofactor.errors import FitError
from cofactor.models.columns import is_category, levels_present, numbers
from cofactor.models.factors import Level
from cofactor.models.imputation_regression import Mode, Rows, draw, predictor, solve_mode
from cofactor.survey.expression import evaluate

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]
Kind = Literal["number", "flag", "category"]

DONORS = 5
FEWEST = 10  # people with a known value, below which nothing can be learnt from them


@dataclass(frozen=True)
class Follower:
    """A flag that follows from imputed variables: its name, and the expression that makes it."""

    name: str
    expression: str


@dataclass(frozen=True, eq=False)
class Target:
    """A variable to impute.

    Attributes
    ----------
    name : str
    kind : {"number", "flag", "category"}
    levels : tuple
        Of a category, those that occur.
    values : array (n,)
        Numbers, 0 and 1, or positions of levels; NaN where missing.
    missing : int array
        Positions of the rows that lack it.
    followers : tuple of Follower
        Flags that are made anew with it.
    """

    name: str
    kind: Kind
    levels: tuple[Level, ...]
    values: Floats
    missing: Indices
    followers: tuple[Follower, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The variable and those that follow from it."""
        return (self.name, *(follower.name for follower in self.followers))

    @property
    def known(self) -> Mask:
        """Which rows have it, (n,)."""
        return ~np.isnan(self.values)

    @property
    def questions(self) -> int:
        """How many regressions a draw needs."""
        return len(self.levels) - 1 if self.kind == "category" else 1


def read_target(column: pd.Series[Any], name: str) -> Target:
    """Return what is to be imputed of a column.

    Raises
    ------
    FitError
        Fewer than ten known values, or one value alone.
    """
    levels: tuple[Level, ...] = ()
    kind: Kind = "number"
    if is_category(column):
        levels, kind = levels_present(column), "category"
        codes = pd.Index(list(levels)).get_indexer(pd.Index(column.astype(object)))
        values = np.where(codes < 0, np.nan, codes.astype(np.float64))
    else:
        values = np.array(numbers(column, name, f"the imputation of {name}"))
        seen = values[~np.isnan(values)]
        kind = "flag" if ((seen == 0.0) | (seen == 1.0)).all() else "number"
    known = values[~np.isnan(values)]
    if len(known) < FEWEST or len(np.unique(known)) < 2:
        raise FitError(
            f"{name!r} cannot be imputed: {len(known):,} people of {len(values):,} have it known, with "
            f"{len(np.unique(known))} different values; leave it out of the variables"
        )
    return Target(name, kind, levels, values, np.flatnonzero(np.isnan(values)))


def typed(column: pd.Series[Any], values: Floats, levels: tuple[Level, ...]) -> Any:
    """Return imputed values as a column has them: levels for positions, True and False for a flag, or numbers."""
    if levels:
        named = np.array(levels, dtype=object)[values.astype(np.intp)]
        kind = column.dtype
        return pd.Categorical(named, dtype=kind) if isinstance(kind, pd.CategoricalDtype) else named
    if pd.api.types.is_bool_dtype(column.dtype):
        return pd.array(values == 1.0, dtype="boolean")
    return pd.array(values).astype(column.dtype)


def follow(frame: pd.DataFrame, followers: Sequence[Follower]) -> pd.DataFrame:
    """Return a frame with its flags made anew wherever they can be told."""
    for follower in followers:
        answer = evaluate(follower.expression, frame)
        told = answer.notna().to_numpy()
        made = frame[follower.name].copy()
        made[told] = typed(made, answer[told].to_numpy(dtype=np.float64), ())
        frame = frame.assign(**{follower.name: made})
    return frame


def with_followers(data: pd.DataFrame, filled: Sequence[tuple[Indices, tuple[Follower, ...]]]) -> pd.DataFrame:
    """Return data with flags made anew in the rows (positions) where what they follow from was filled in."""
    for rows, followers in filled:
        if not followers or not len(rows):
            continue
        part = follow(data.iloc[rows], followers)
        made = {}
        for follower in followers:
            column = data[follower.name].copy()
            column.iloc[rows] = part[follower.name].array
            made[follower.name] = column
        data = data.assign(**made)
    return data


def draw_values(target: Target, rows: Rows, use: Indices, modes: dict[int, Mode], rng: np.random.Generator) -> Floats:
    """Draw values (r,) for the rows that lack a target; `modes` holds each question's last mode and is brought up."""
    if target.kind == "number":
        return _matched(target, rows, use, modes, rng)
    return np.asarray(choose(log_probabilities(target, rows, use, modes, rng), rng), dtype=np.float64)


def choose(log_weights: Floats, rng: np.random.Generator) -> Indices:
    """Draw a column (r,) of each row with probabilities proportional to the exponentials of log weights (r, k)."""
    return np.asarray(np.argmax(log_weights + rng.gumbel(size=log_weights.shape), axis=1), dtype=np.intp)


def log_probabilities(
    target: Target, rows: Rows, use: Indices, modes: dict[int, Mode], rng: np.random.Generator
) -> Floats:
    """Return the log probabilities of no and yes, or of the levels, (r, k), with coefficients drawn anew."""
    if target.kind == "flag":
        logits = _drawn_predictor(target, target.values, target.known, rows, use, modes, 0, rng)
        return np.column_stack([special.log_expit(-logits), special.log_expit(logits)])
    made = np.zeros((len(target.missing), len(target.levels)))
    for level in range(target.questions):
        reached = target.values >= level  # missing values are not
        logits = _drawn_predictor(target, target.values == level, reached, rows, use, modes, level, rng)
        made[:, level] += special.log_expit(logits)
        made[:, level + 1 :] += special.log_expit(-logits)[:, np.newaxis]
    return made


def _drawn_predictor(
    target: Target, y: npt.NDArray[Any], known: Mask, rows: Rows, use: Indices, modes: dict[int, Mode], question: int,
    rng: np.random.Generator,
) -> Floats:  # fmt: skip
    """Solve a question, draw its coefficients, and return the linear predictor of the rows that lack the target."""
    mode = solve_mode(rows, use, np.asarray(y, dtype=np.float64), known, True, modes.get(question))
    modes[question] = mode
    return predictor(rows, draw(rows, use, mode, 1.0, rng), target.missing)


def proposals(
    target: Target, rows: Rows, use: Indices, modes: dict[int, Mode], number: int, rng: np.random.Generator
) -> Floats:
    """Return proposed values (r, number): a drawn prediction and others' residuals, moved to a value that occurs."""
    seen, predicted, wanted, inflation = _predictions(target, rows, use, modes, rng)
    residuals = inflation * (seen - predicted)
    drawn = wanted[:, np.newaxis] + rng.choice(residuals, size=(len(wanted), number))
    values = np.unique(seen)
    middles = (values[1:] + values[:-1]) / 2.0
    return np.asarray(values[np.searchsorted(middles, drawn)])


def _matched(target: Target, rows: Rows, use: Indices, modes: dict[int, Mode], rng: np.random.Generator) -> Floats:
    """Draw numbers by predictive mean matching, predictions of donors at the mode and of the others as drawn.

    Type 1 matching: van Buuren S (2018), Flexible Imputation of Missing Data, section 3.4.2. doi:10.1201/9780429492259
    """
    seen, predicted, wanted, _ = _predictions(target, rows, use, modes, rng)
    return nearest_donors(predicted, seen, wanted, rng)


def _predictions(
    target: Target, rows: Rows, use: Indices, modes: dict[int, Mode], rng: np.random.Generator
) -> tuple[Floats, Floats, Floats, float]:
    """Return known values, their predictions at the mode, drawn predictions of the others, and drawn sd over sd."""
    known = target.known
    seen = target.values[known]
    centre, spread = float(seen.mean()), float(seen.std())
    mode = solve_mode(rows, use, (target.values - centre) / spread, known, False, modes.get(0))
    modes[0] = mode
    freedom = max(len(seen) - len(use), 1)
    inflation = freedom / rng.chisquare(freedom)
    star = draw(rows, use, mode, mode.variance * inflation, rng)
    drawn = centre + spread * predictor(rows, star, target.missing)
    return seen, centre + spread * predictor(rows, mode)[known], drawn, float(np.sqrt(inflation))


def nearest_donors(predicted: Floats, values: Floats, wanted: Floats, rng: np.random.Generator) -> Floats:
    """Return for each wanted prediction (r,) the value of one of the five donors whose predictions are nearest.

    Examples
    --------
    >>> import numpy as np
    >>> donors = np.arange(20.0)
    >>> found = nearest_donors(donors, 10 * donors, np.array([3.1, 19.0]), np.random.default_rng(1))
    >>> bool(10 <= found[0] <= 50), bool(found[1] >= 150)
    (True, True)
    """
    order = np.argsort(predicted, kind="stable")
    ranked = predicted[order]
    donors = min(DONORS, len(ranked))
    place = np.searchsorted(ranked, wanted)[:, np.newaxis] + np.arange(-donors, donors)
    inside = np.clip(place, 0, len(ranked) - 1)
    distance = np.where(inside == place, np.abs(ranked[inside] - wanted[:, np.newaxis]), np.inf)
    near = np.argpartition(distance, donors - 1, axis=1)[:, :donors]
    chosen = np.take_along_axis(near, rng.integers(donors, size=(len(wanted), 1)), axis=1)
    return np.asarray(values[order[np.take_along_axis(inside, chosen, axis=1)[:, 0]]])
