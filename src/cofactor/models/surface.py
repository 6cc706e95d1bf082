"""The surface of two numbers: ratios or differences over a grid against one pair of values, and a test of its twist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.display import lines_html, notes_html, table_html
from cofactor.errors import FitError
from cofactor.models.contrast import contrast_rows
from cofactor.models.dose_response import TESTED, between_percentiles, finite, number_of, telling_values
from cofactor.models.fit import Fit
from cofactor.models.interaction import check_product
from cofactor.models.shape import joint_test, twists
from cofactor.survey.estimate import Estimate, linear
from cofactor.survey.wald import WaldTest

Floats = npt.NDArray[np.float64]

POINTS = 25


@dataclass(frozen=True, eq=False, repr=False)
class Surface:
    """Ratios or differences over a grid of two numbers, against one pair of values.

    Attributes
    ----------
    variables : (str, str)
    values : (array (s,), array (t,))
        The grid.
    reference : (float, float)
        Where the ratio is 1, or the difference 0, by definition.
    estimate : Estimate
        s t rows, the second variable moving fastest, on the scale of the linear predictor.
    people : array (s, t)
        How many rows used lie nearest to each point of the grid; nobody outside the grid's own cells counts.
    interaction : WaldTest or None
        That the surface is the sum of a curve of each variable: no product. None where it takes more coefficients than
        the design has degrees of freedom.
    notes : tuple of str
    """

    variables: tuple[str, str]
    values: tuple[Floats, Floats]
    reference: tuple[float, float]
    estimate: Estimate
    people: npt.NDArray[np.intp]
    interaction: WaldTest | None
    notes: tuple[str, ...]

    def table(self, level: float = 0.95) -> pd.DataFrame:
        """Return one row a point: both variables, estimate, se, low, high, p, df, people.

        The estimate and its limits are ratios where the model has them (se is that of the logarithm), else differences.
        """
        made = self.estimate.table(level=level, exponentiate=self.estimate.log_scale)
        return made.drop(columns="term").assign(people=self.people.ravel())

    def __repr__(self) -> str:
        """Return the corners and the middle of the surface, the test and the notes as text."""
        s, t = self.people.shape
        at = [i * t + j for i in sorted({0, s // 2, s - 1}) for j in sorted({0, t // 2, t - 1})]
        kind = "ratios" if self.estimate.log_scale else "differences"
        where = ", ".join(f"{name} = {value:g}" for name, value in zip(self.variables, self.reference, strict=True))
        tests = [] if self.interaction is None else [str(self.interaction)]
        lines = [f"{kind} against {where}", self.table().iloc[at].to_string(index=False), *tests]
        return "\n".join([*lines, *(f"note: {note}" for note in self.notes)])

    def _repr_html_(self) -> str:
        kind = "Ratios" if self.estimate.log_scale else "Differences"
        where = ", ".join(f"{name} = {value:g}" for name, value in zip(self.variables, self.reference, strict=True))
        tests = [] if self.interaction is None else [str(self.interaction)]
        table = table_html(self.table(), caption=f"{kind} against {where}", row_headers=2)
        return table + lines_html(tests) + notes_html(self.notes)


def surface(
    fit: Fit,
    first: str,
    second: str,
    first_values: npt.ArrayLike | None = None,
    second_values: npt.ArrayLike | None = None,
    *,
    reference: Sequence[float],
    at: Mapping[str, Any] | None = None,
) -> Surface:
    r"""Return the surface of two numbers against one pair of values, by the model's own description.

    With :math:`x(u, v)` the row of the model, :math:`g(u, v) = (x(u, v) - x(u_0, v_0))'b`. The formula's
    ``rcs(first) * rcs(second)`` makes a tensor product of the two bases; any other product will do.

    Parameters
    ----------
    fit : Fit
        With a product of the two.
    first, second : str
        Numbers of the formula.
    first_values, second_values : array (s,), array (t,), optional
        Rising, in the variables' units; else 25 between the weighted 1st and 99th percentile of the rows used.
    reference : two numbers
        The pair of values that all is set against, fixed beforehand.
    at : mapping, optional
        Values of variables that interact with either.

    Returns
    -------
    Surface

    Raises
    ------
    UnknownVariableError
        A variable that the formula does not use.
    FitError
        A category or flag; no product; values that do not rise; a reference that is not two numbers; a variable that
        interacts and is not given.

    Notes
    -----
    The test of interaction is the Wald F of the combinations of coefficients that are 0 exactly where
    :math:`g(u, v) = g(u, v_0) + g(u_0, v)`: the coefficients of the products. Where few people have both values
    (`people`), the surface is the model's and not the data's. Harrell FE (2015), Regression Modeling Strategies, 2nd
    ed., section 2.7.2. doi:10.1007/978-3-319-19425-7

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from cofactor.models import fit_glm
    >>> from cofactor.survey import SurveyDesign
    >>> a, b = (v.ravel() for v in np.meshgrid(np.arange(8.0), np.arange(10.0), indexing="ij"))
    >>> data = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": np.arange(80) % 5, "psu": np.arange(80) // 5 % 2, "a": a, "b": b,
    ...     "y": a + b + 0.5 * a * b + np.sin(9 * a + 5 * b)})
    >>> made = surface(fit_glm(SurveyDesign(data), "y ~ a * b"), "a", "b", [0, 4], [0, 5], reference=(0, 0))
    >>> made.estimate.values.round(1).reshape(2, 2).tolist()
    [[0.0, 5.0], [4.0, 19.0]]
    """
    seen = number_of(fit, first), number_of(fit, second)
    check_product(fit, first, second)
    u, v = (
        between_percentiles(fit, known, POINTS) if asked is None else rising(asked, name)
        for asked, known, name in zip((first_values, second_values), seen, (first, second), strict=True)
    )
    start = finite(reference, f"the reference of {first} and {second}")
    if start.size != 2:
        raise FitError(f"the reference is a value of {first} and one of {second}; got {start.size} numbers")
    names, held = (first, second), dict(at or {})
    rows, terms = _rows(fit, names, (u, v), start, held)
    made = linear(fit.estimate, rows, terms)
    labels = pd.DataFrame({first: np.repeat(u, v.size), second: np.tile(v, u.size), "term": terms})
    notes = () if not held else ("the surface is that at " + ", ".join(f"{n} = {x}" for n, x in held.items()),)
    return Surface(
        variables=names,
        values=(u, v),
        reference=(float(start[0]), float(start[1])),
        estimate=replace(made, labels=labels),
        people=_people(seen, (u, v)),
        interaction=_interaction(fit, names, seen, start, held),
        notes=(*fit.notes, *notes),
    )


def rising(values: npt.ArrayLike, name: str) -> Floats:
    """Return two or more rising values, or raise FitError."""
    made = finite(values, name)
    if made.size < 2 or np.any(np.diff(made) <= 0.0):
        raise FitError(f"the values of {name} are two or more, each above the one before; got {made.tolist()}")
    return made


def _rows(
    fit: Fit, names: tuple[str, str], values: tuple[Floats, Floats], start: Floats, held: Mapping[str, Any]
) -> tuple[Floats, list[str]]:
    u, v = np.repeat(values[0], values[1].size), np.tile(values[1], values[0].size)
    high = {names[0]: list(u), names[1]: list(v), **held}
    return contrast_rows(fit, high, {names[0]: start[0], names[1]: start[1], **held})


def _interaction(
    fit: Fit, names: tuple[str, str], seen: tuple[Floats, Floats], start: Floats, held: Mapping[str, Any]
) -> WaldTest | None:
    u, v = (telling_values(fit, name, known, TESTED // 3) for name, known in zip(names, seen, strict=True))
    rows, _ = _rows(fit, names, (u, v), start, held)
    twisted = twists(rows.reshape(u.size, v.size, -1))
    return joint_test(fit.estimate, twisted, fit.df, f"interaction of {' and '.join(names)}")


def _people(seen: tuple[Floats, Floats], values: tuple[Floats, Floats]) -> npt.NDArray[np.intp]:
    """Return the rows nearest to each point, (s, t); the outer cells reach as far out as in."""
    edges = []
    for grid in values:
        middle = (grid[1:] + grid[:-1]) / 2.0
        edges.append(np.concatenate([[2.0 * grid[0] - middle[0]], middle, [2.0 * grid[-1] - middle[-1]]]))
    counted, _, _ = np.histogram2d(*seen, bins=edges)
    return np.asarray(counted, dtype=np.intp)
