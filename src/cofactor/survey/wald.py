"""Joint tests: a Wald statistic against the F distribution of the design's degrees of freedom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import linalg, stats

from cofactor.display import table_html
from cofactor.errors import FitError

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class WaldTest:
    """A joint test that coefficients are all 0: the F statistic on `df1` and `df2` degrees of freedom."""

    terms: tuple[str, ...]
    f: float
    df1: float
    df2: float
    p: float

    def table(self) -> pd.DataFrame:
        """Return one row: term, f, df1, df2, p."""
        return pd.DataFrame(
            {"term": [" + ".join(self.terms)], "f": [self.f], "df1": [self.df1], "df2": [self.df2], "p": [self.p]}
        )

    def __repr__(self) -> str:
        """Say the test in one line."""
        return f"Wald test of {' + '.join(self.terms)}: F({self.df1:g}, {self.df2:g}) = {self.f:.4g}, p = {self.p:.4g}"

    def _repr_html_(self) -> str:
        return table_html(self.table(), caption="Wald test")


def wald_f(values: Floats, covariance: Floats, freedom: float, terms: Sequence[str]) -> WaldTest:
    r"""Test that q values are all 0.

    :math:`W = b' V^{-1} b`; with d degrees of freedom of the design, :math:`F = W (d - q + 1) / (q d)` on q and
    d - q + 1. Korn EL, Graubard BI (1990), doi:10.1080/00031305.1990.10475737.

    Raises
    ------
    FitError
        More values than degrees of freedom, or a singular covariance.
    """
    asked, q = " + ".join(terms), len(values)
    if q > freedom:
        raise FitError(
            f"testing {asked} takes {q} coefficients, and the design has {freedom:g} degrees of freedom: "
            "test fewer terms, or pool more cycles"
        )
    spread = np.sqrt(np.diag(covariance))
    try:
        factor = linalg.cho_factor(covariance / np.outer(spread, spread))
    except (linalg.LinAlgError, ValueError):
        raise FitError(
            f"the covariance of {asked} is singular; some of its coefficients cannot be told apart"
        ) from None
    scaled = values / spread
    f = float(scaled @ linalg.cho_solve(factor, scaled)) * (freedom - q + 1) / (q * freedom)
    return WaldTest(tuple(terms), f, float(q), freedom - q + 1.0, float(stats.f.sf(f, q, freedom - q + 1)))
