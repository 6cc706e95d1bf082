"""Weighted quantiles with Woodruff's interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import DesignError
from cofactor.survey.estimate import Estimate
from cofactor.survey.grouped import Floats, KnownRows, Quantity, cells, grouped_estimate, known_rows
from cofactor.survey.groups import By, groups_of, number_of
from cofactor.survey.quantiles import quantiles_of, sorted_distribution
from cofactor.survey.table import t_quantile

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign


def weighted_quantile(design: SurveyDesign, name: str, probs: float | Sequence[float], *, by: By = None) -> Estimate:
    r"""Estimate quantiles in the domain, among those for whom the variable is known.

    The quantile is the smallest value q whose cumulated share of the weight is at least p (R's ``math`` rule). Its
    limits are the quantiles of :math:`F(q) \pm t_{df}\,se(F(q))` (Woodruff), its standard error their distance at 95%
    over :math:`2 t_{df}`. The influence is that of F(q) over the density which this standard error implies:
    :math:`-w_i ([y_i \le q] - F(q)) / (f \sum w_j)`.

    Parameters
    ----------
    design : SurveyDesign
    name : str
        A number.
    probs : float or sequence of float
        Between 0 and 1, both excluded.
    by : str or sequence of str, optional
        As in `weighted_mean`.

    Returns
    -------
    Estimate
        One row a group and probability, which the table adds as prob. Limits and standard error are missing where the
        interval leaves the data.

    Raises
    ------
    UnknownVariableError
        A name that the data do not have.
    DesignError
        A variable that is no number or known for nobody; a probability outside 0 to 1.

    Notes
    -----
    Woodruff RS (1952), Confidence intervals for medians and other position measures. Journal of the American
    Statistical Association 47:635-646. doi:10.1080/01621459.1952.10483443

    Examples
    --------
    >>> import pandas as pd
    >>> from cofactor.survey import SurveyDesign
    >>> data = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": 1, "psu": list(range(10)) * 10, "x": [float(i) for i in range(100)]})
    >>> weighted_quantile(SurveyDesign(data), "x", [0.25, 0.5]).values.tolist()
    [24.0, 49.0]
    """
    asked = [float(p) for p in np.atleast_1d(np.asarray(probs, dtype=np.float64))]
    if not asked or not all(0.0 < p < 1.0 for p in asked):
        raise DesignError(f"probabilities of quantiles lie between 0 and 1; got {', '.join(map(str, asked)) or 'none'}")
    values = number_of(design, name)
    groups = groups_of(design, by)
    known, notes = known_rows(design, groups, ~np.isnan(values), name)
    x = values[known.rows]
    distributions = _distributions(known, x)
    found = [_at(known, x, distributions, p) for p in asked]
    reached = grouped_estimate(design, groups, [name] * len(asked), [shares for shares, _ in found], notes)
    quantiles = cells([shares for shares, _ in found], [q for _, q in found])
    group = cells([shares for shares, _ in found], [np.arange(len(groups))] * len(asked))
    woodruff = _Woodruff(reached.values, reached.se, reached.df, tuple(distributions[int(k)] for k in group))
    prob = pd.DataFrame({"prob": np.tile(asked, len(quantiles) // len(asked))})
    return _as_quantiles(reached, quantiles, woodruff, prob)


def _distributions(known: KnownRows, x: Floats) -> dict[int, tuple[Floats, Floats]]:
    """Return the values in order and the cumulated weights of each group."""
    made = {}
    order = np.argsort(known.groups, kind="stable")
    for part in np.split(order, np.cumsum(known.counts)[:-1]):
        if len(part):
            made[int(known.groups[part[0]])] = sorted_distribution(x[part], known.weights[part])
    return made


def _at(
    known: KnownRows, x: Floats, distributions: dict[int, tuple[Floats, Floats]], prob: float
) -> tuple[Quantity, Floats]:
    """Return the share F(q) of each group as a quantity, and its quantiles q (K,)."""
    q = np.full(len(known.counts), np.nan)
    for group, (values, cumulated) in distributions.items():
        q[group] = quantiles_of(values, cumulated, np.array([prob]))[0]
    below = (x <= q[known.groups]).astype(np.float64)
    with np.errstate(invalid="ignore"):
        weight = known.totals(known.weights)
        share = known.totals(known.weights * below) / weight
    influence = known.weights * (below - share[known.groups]) / weight[known.groups]
    return Quantity(known, share, influence), q


@dataclass(frozen=True, eq=False)
class _Woodruff:
    """Gives the limits of quantiles for a level: shares F(q), their errors and degrees of freedom, distributions."""

    shares: Floats
    se: Floats
    df: Floats
    distributions: tuple[tuple[Floats, Floats], ...]

    def __call__(self, level: float) -> tuple[Floats, Floats]:
        reach = t_quantile(level, self.df) * self.se
        return self.values(self.shares - reach), self.values(self.shares + reach)

    def values(self, shares: Floats) -> Floats:
        """Return the values at shares; missing where a share lies outside 0 to 1."""
        made = np.full(len(shares), np.nan)
        for i, ((x, cumulated), share) in enumerate(zip(self.distributions, shares, strict=True)):
            if 0.0 <= share <= 1.0:
                made[i] = quantiles_of(x, cumulated, np.array([share]))[0]
        return made


def _as_quantiles(reached: Estimate, quantiles: Floats, woodruff: _Woodruff, prob: pd.DataFrame) -> Estimate:
    low, high = woodruff(0.95)
    se = (high - low) / (2.0 * t_quantile(0.95, reached.df))
    # dq/dF: with it the covariance from influence has the squared standard errors on its diagonal.
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.where(se == 0.0, 0.0, -se / reached.se)
    notes = reached.notes
    if np.isnan(se).any():
        notes = (*notes, f"{int(np.isnan(se).sum())} intervals leave the data: their limits are missing")
    return replace(
        reached,
        values=quantiles,
        psu_totals=reached.psu_totals * slope,
        influence_rows=partial(_scaled, reached.influence_rows, slope),
        limits=woodruff,
        extra=prob,
        notes=notes,
    )


def _scaled(influence_rows: object, slope: npt.NDArray[np.float64]) -> Floats:
    assert callable(influence_rows)
    return np.asarray(influence_rows() * slope)
