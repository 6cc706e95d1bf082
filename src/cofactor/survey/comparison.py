"""Whether groups differ: in their means, in their ranks, or steadily from group to group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from cofactor.display import lines_html, notes_html, table_html
from cofactor.errors import DesignError
from cofactor.survey.estimate import Estimate, from_influence, linear
from cofactor.survey.grouped import grouped_estimate, known_rows
from cofactor.survey.groups import groups_of, level_codes, number_of
from cofactor.survey.mean import mean_of, weighted_mean
from cofactor.survey.wald import WaldTest, wald_f

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Floats = npt.NDArray[np.float64]
Score = Literal["wilcoxon", "van der waerden", "median"]
ROUNDING = 1e-12


def t_test(design: SurveyDesign, name: str, by: str) -> Estimate:
    r"""Compare the means of two or more groups of the domain: each other group less the first.

    Parameters
    ----------
    design : SurveyDesign
    name : str
        A number, or a flag, whose mean is the share of yes.
    by : str
        A category, flag or text; the first of its levels that anybody has is the one compared with.

    Returns
    -------
    Estimate
        One row a further group: the difference, its interval and p, on the degrees of freedom of both groups' PSUs.

    Raises
    ------
    UnknownVariableError
        A name that the data do not have.
    DesignError
        A name that is no number, or fewer than two groups.

    Notes
    -----
    A difference of domain means with their joint covariance; the same as the slope of a weighted regression on the
    group. R: ``svyttest``, which takes one degree of freedom less.

    Examples
    --------
    >>> import pandas as pd
    >>> from cofactor.survey import SurveyDesign
    >>> data = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": 1, "psu": [1, 1, 2, 2, 3, 3], "sex": ["f", "m"] * 3,
    ...     "x": [1.0, 2, 2, 4, 3, 5]})
    >>> t_test(SurveyDesign(data), "x", "sex").table().round(4)[["term", "estimate", "se", "df"]]
            term  estimate      se   df
    0  m minus f    1.6667  0.3333  2.0
    """
    means = weighted_mean(design, name, by=by)
    return replace(_against_first(means, by), notes=means.notes)


@dataclass(frozen=True, eq=False)
class RankTest:
    """A rank test: differences of mean rank scores from the first group, and their joint test.

    Attributes
    ----------
    differences : Estimate
        Each other group's mean score less the first's.
    joint : WaldTest
        That all differences are 0; with two groups, F = t squared.
    """

    differences: Estimate
    joint: WaldTest

    def table(self, level: float = 0.95) -> pd.DataFrame:
        """Return one row a difference: term, estimate, se, low, high, p, df."""
        return self.differences.table(level=level)

    def __repr__(self) -> str:
        """Return the joint test and the differences as text."""
        return f"{self.joint!r}\n{self.differences!r}"

    def _repr_html_(self) -> str:
        table = table_html(self.table(), caption="Differences of mean rank scores")
        return lines_html([repr(self.joint)]) + table + notes_html(self.differences.notes)


def rank_test(design: SurveyDesign, name: str, by: str, *, score: Score = "wilcoxon") -> RankTest:
    r"""Compare the ranks of two or more groups of the domain.

    The rank of row i is the weight below it and half of that of its equals. Its score is rank / N for "wilcoxon" (with
    several groups Kruskal and Wallis's test), the normal quantile of that for "van der waerden", and whether it is
    above one half for "median". The groups' mean scores are compared.

    Parameters
    ----------
    design, name, by
        As in `t_test`.
    score : {"wilcoxon", "van der waerden", "median"}

    Raises
    ------
    UnknownVariableError, DesignError
        As in `t_test`; a score that does not exist.
    FitError
        More groups than degrees of freedom.

    Notes
    -----
    The ranks are taken as given, which is right to first order where the groups do not differ. Lumley T, Scott AJ
    (2013), Two-sample rank tests under complex sampling. Biometrika 100:831-842. doi:10.1093/biomet/ast027. R:
    ``svyranktest``, whose ranks of ties depend on the order of the rows.

    Examples
    --------
    >>> import pandas as pd
    >>> from cofactor.survey import SurveyDesign
    >>> data = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": 1, "psu": [1, 1, 2, 2, 3, 3], "sex": ["f", "m"] * 3,
    ...     "x": [1.0, 2, 2, 4, 3, 5]})
    >>> round(float(rank_test(SurveyDesign(data), "x", "sex").differences.values[0]), 3)
    0.333
    """
    if score not in get_args(Score):
        raise DesignError(f"score={score!r} is unknown; there are: {', '.join(get_args(Score))}")
    values = number_of(design, name)
    groups = groups_of(design, by)
    known, notes = known_rows(design, groups, ~np.isnan(values), name)
    scores = _scores(values[known.rows], known.weights, score)
    means = grouped_estimate(design, groups, [name], [mean_of(known, scores)], notes)
    differences = replace(_against_first(means, by), notes=means.notes)
    freedom = float(differences.df.min())
    return RankTest(differences, wald_f(differences.values, differences.covariance, freedom, differences.terms))


def trend_test(design: SurveyDesign, name: str, by: str, *, scores: Sequence[float] | None = None) -> Estimate:
    r"""Test for a steady change of a mean or share over ordered groups: the slope of a weighted line on their scores.

    :math:`b = \sum w_i (s_i - \bar s) y_i / \sum w_i (s_i - \bar s)^2`; row i's influence is
    :math:`w_i (s_i - \bar s)(y_i - \bar y - b (s_i - \bar s)) / \sum w_j (s_j - \bar s)^2`.

    Parameters
    ----------
    design, name : as in `t_test`
    by : str
        A category whose levels are in order.
    scores : sequence of float, optional
        One a level, in order; 1, 2, 3 ... if not given.

    Returns
    -------
    Estimate
        The slope a unit of score.

    Raises
    ------
    UnknownVariableError, DesignError
        As in `t_test`; another number of scores than levels.

    Examples
    --------
    >>> import pandas as pd
    >>> from cofactor.survey import SurveyDesign
    >>> data = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": 1, "psu": [1, 1, 2, 2, 3, 3], "dose": [0, 1, 0, 2, 1, 2],
    ...     "x": [1.0, 2, 2, 4, 3, 5]})
    >>> trend_test(SurveyDesign(data), "x", "dose").values.tolist()
    [1.5]
    """
    codes, levels = level_codes(design, by, "by")
    given = np.arange(1.0, len(levels) + 1) if scores is None else np.asarray(scores, dtype=np.float64)
    if given.shape != (len(levels),):
        raise DesignError(f"{by!r} has {len(levels)} levels, but {given.size} scores are given; give one a level")
    y = number_of(design, name)
    inside = design.in_domain & (codes >= 0) & ~np.isnan(y)
    weights, x, outcome = design.weights[inside], given[codes[inside]], y[inside]
    if not inside.any() or x.min() == x.max():
        raise DesignError(f"{by!r} has fewer than two levels where {name!r} is known: there is no trend to see")
    x = x - np.average(x, weights=weights)
    spread = float(weights @ x**2)
    slope = float(weights @ (x * outcome)) / spread
    influence = np.zeros((len(inside), 1))
    influence[inside, 0] = weights * x * (outcome - np.average(outcome, weights=weights) - slope * x) / spread
    return from_influence(design, [f"{name} by {by}"], [slope], influence, rows=inside, tested=True)


def _against_first(means: Estimate, by: str) -> Estimate:
    """Return each other group's mean less the first's, with the degrees of freedom of all groups' PSUs."""
    names = [str(level) for level in means.labels[by]]
    if len(names) < 2:
        raise DesignError(f"{by!r} has one group in the domain, {names[0]!r}: there is nothing to compare")
    matrix = np.hstack([-np.ones((len(names) - 1, 1)), np.eye(len(names) - 1)])
    made = linear(means, matrix, [f"{other} minus {names[0]}" for other in names[1:]])
    return replace(made, tested=True)


def _scores(values: Floats, weights: Floats, score: Score) -> Floats:
    """Return the score of each row (m,): of the weight below it and half of that of its equals."""
    _, tied = np.unique(values, return_inverse=True)
    equal = np.bincount(tied, weights=weights)
    share = ((np.cumsum(equal) - equal / 2.0) / equal.sum())[tied]
    if score == "median":
        # The share at the median can be a half but for rounding, which depends on the scale of the weights.
        return np.asarray(share > 0.5 + ROUNDING, dtype=np.float64)
    return share if score == "wilcoxon" else np.asarray(stats.norm.ppf(share))
