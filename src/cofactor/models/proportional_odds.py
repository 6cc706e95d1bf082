"""A design-based test of proportional odds: are the odds ratios of an ordinal fit the same at every split?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.display import notes_html, table_html
from cofactor.errors import FitError
from cofactor.models.columns import level_codes
from cofactor.models.factors import Level
from cofactor.models.fit import Fit
from cofactor.models.glm import fit_glm
from cofactor.survey.estimate import Estimate, joint, linear
from cofactor.survey.wald import WaldTest, wald_f

Floats = npt.NDArray[np.float64]

GLOBAL = "global"


@dataclass(frozen=True, eq=False, repr=False)
class ProportionalOddsTest:
    """Tests that the odds ratios of an ordinal regression are the same wherever its levels are split.

    Attributes
    ----------
    slopes : Estimate
        Log odds ratios of a separate logistic regression at each split; labels: split, term.
    tests : tuple of WaldTest
        One a formula term, and last, where the degrees of freedom allow it, of all of them.
    notes : tuple of str
    """

    slopes: Estimate
    tests: tuple[WaldTest, ...]
    notes: tuple[str, ...] = ()

    def table(self) -> pd.DataFrame:
        """Return one row a formula term and one for all: term, f, df1, df2, p."""
        return pd.concat([test.table() for test in self.tests], ignore_index=True)

    def __repr__(self) -> str:
        """Return the tests as text."""
        notes = "".join(f"\nnote: {note}" for note in self.notes)
        return f"Proportional odds\n{self.table().to_string(index=False)}{notes}"

    def _repr_html_(self) -> str:
        return table_html(self.table(), caption="Tests of proportional odds") + notes_html(self.notes)


def proportional_odds_test(fit: Fit) -> ProportionalOddsTest:
    r"""Test proportional odds by separate logistic regressions at every split of the levels.

    At split j the regression of :math:`Y > j` gives log odds ratios :math:`b_j`; their joint design covariance comes
    from their influence. A term's test is the Wald test that its :math:`b_j - b_1` are 0, on F as `wald_test`.

    Parameters
    ----------
    fit : Fit
        Of `fit_ordinal`.

    Returns
    -------
    ProportionalOddsTest
        Its `slopes` show where a term departs.

    Raises
    ------
    FitError
        No proportional-odds regression; a term with more differences than degrees of freedom; a split at which the
        regression cannot be fitted.

    Notes
    -----
    Brant R (1990), Assessing proportionality in the proportional odds model for ordinal logistic regression.
    Biometrics 46:1171-1178. doi:10.2307/2532457. Where all terms together have more differences than the design has
    degrees of freedom, they are tested one by one alone, and a note says so.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from cofactor.models import fit_ordinal
    >>> from cofactor.survey import SurveyDesign
    >>> i = np.arange(120)
    >>> people = pd.DataFrame({
    ...     "analysis_weight": 1.0 + i % 3, "strata": i % 6, "psu": i // 6 % 2, "x": i * 7 % 11 / 10})
    >>> people["health"] = pd.cut(people["x"] + i * 13 % 17 / 10, [-1, 0.9, 1.6, 9], labels=["poor", "fair", "good"])
    >>> proportional_odds_test(fit_ordinal(SurveyDesign(people), "health ~ x")).table()["term"].tolist()
    ['x', 'global']
    """
    if fit.kind != "ordinal":
        raise FitError(f"proportional odds are tested of a fit of fit_ordinal; {fit.formula!r} is a {fit.kind} fit")
    levels, p = fit.extra["levels"], len(fit.terms)
    slopes = _separate_slopes(fit, levels)
    tests = [_test(fit, slopes, positions, term) for term, positions in fit.spec.terms.items()]
    if p * (len(levels) - 2) > fit.df:
        note = f"all terms together have {p * (len(levels) - 2)} differences, the design {fit.df:g} degrees of freedom"
        return ProportionalOddsTest(slopes, tuple(tests), (f"{note}: tested one by one alone",))
    return ProportionalOddsTest(slopes, (*tests, _test(fit, slopes, tuple(range(p)), GLOBAL)))


def _separate_slopes(fit: Fit, levels: tuple[Level, ...]) -> Estimate:
    """Return the slopes of the logistic regressions of Y above each level, split by split."""
    used = fit.design.within(fit.used_rows)
    name, right, p = str(fit.outcome["outcome"]), fit.formula.rpartition("~")[2], len(fit.terms)
    codes = np.full(fit.used_rows.size, np.nan)
    codes[fit.used_rows] = level_codes(used.data.loc[fit.used_rows, name], levels, name, fit.formula)
    parts, splits = [], []
    for j in range(1, len(levels)):
        data = used.data.assign(above_split=(codes >= j).astype(np.float64))
        made = fit_glm(replace(used, data=data), f"above_split ~ {right}", family="binomial", like=fit.spec)
        parts.append(linear(made.estimate, np.eye(p + 1)[1:], list(fit.terms)))
        splits += [f"above {levels[j - 1]}"] * p
    together = joint(*parts)
    return replace(together, labels=pd.DataFrame({"split": splits, "term": list(together.labels["term"])}))


def _test(fit: Fit, slopes: Estimate, positions: tuple[int, ...], term: str) -> WaldTest:
    p, splits = len(fit.terms), len(slopes.values) // len(fit.terms)
    chosen = np.eye(p)[list(positions)]
    against = np.hstack([-np.ones((splits - 1, 1)), np.eye(splits - 1)])
    matrix = np.kron(against, chosen)
    differences = linear(slopes, matrix, [term] * len(matrix))
    return wald_f(differences.values, differences.covariance, fit.df, (term,))
