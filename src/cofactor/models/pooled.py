"""What pooling over imputations ends in: estimates with their covariance within and between, and their table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from cofactor.display import notes_html, table_html
from cofactor.errors import DesignError, FitError, UnknownVariableError
from cofactor.models.formula import MatrixSpec
from cofactor.models.pooling_rules import (
    Moments,
    barnard_rubin,
    joint_statistic,
    missing_information,
    relative_increase,
)
from cofactor.survey.table import t_quantile
from cofactor.survey.wald import WaldTest

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False, repr=False)
class Pooled:
    """Estimates pooled over imputations.

    Attributes
    ----------
    labels : DataFrame (k rows)
        The last column is ``term``.
    moments : Moments
        Mean of the estimates, covariance within and between imputations, and their number.
    complete_df : array (k,)
        Degrees of freedom that complete data would have: PSUs - strata of the rows used.
    tested, log_scale : bool
        As those of `Estimate`.
    shown_as_ratio, unbounded : bool array (k,), optional
        As those of `Estimate`.
    spec : MatrixSpec, optional
        Of pooled regressions: which coefficients belong to which term.
    complete_case : result, optional
        The same estimator on the people whose variables are all known.
    notes : tuple of str
    """

    labels: pd.DataFrame
    moments: Moments
    complete_df: Floats
    tested: bool
    log_scale: bool
    shown_as_ratio: Mask | None = None
    unbounded: Mask | None = None
    spec: MatrixSpec | None = None
    complete_case: Any = None
    notes: tuple[str, ...] = ()

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms, one a value."""
        return tuple(map(str, self.labels["term"]))

    @property
    def values(self) -> Floats:
        """Mean of the estimates, (k,)."""
        return self.moments.mean

    @property
    def covariance(self) -> Floats:
        """Total covariance, (k, k)."""
        return self.moments.total

    @property
    def se(self) -> Floats:
        """Standard errors on the scale of the values, (k,)."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))

    @property
    def df(self) -> Floats:
        """Barnard and Rubin's degrees of freedom, (k,)."""
        return barnard_rubin(relative_increase(self.moments), self.moments.m, self.complete_df)

    @property
    def missing_information(self) -> Floats:
        """Fraction of the information on each value that is missing, (k,)."""
        return missing_information(relative_increase(self.moments), self.df)

    @property
    def relative_efficiency(self) -> Floats:
        """Precision with m imputations over that with infinitely many, 1 / (1 + missing information / m), (k,)."""
        return np.asarray(1.0 / (1.0 + self.missing_information / self.moments.m))

    def table(self, level: float = 0.95, exponentiate: bool = False) -> pd.DataFrame:
        """Return one row a value: term, estimate, se, low, high, p, df, missing_information, relative_efficiency.

        `exponentiate` turns estimate, low and high into ratios; `se` stays on the scale of logarithms.

        Raises
        ------
        DesignError
            A level outside 0 to 1.
        """
        if not 0.0 < level < 1.0:
            raise DesignError(f"level={level} is no level of an interval; give one between 0 and 1, as 0.95")
        se, df = self.se, self.df
        reach = t_quantile(level, df) * se
        with np.errstate(divide="ignore", invalid="ignore"):
            p = 2.0 * stats.t.sf(np.abs(self.values) / se, df) if self.tested else np.full(len(se), np.nan)
        hidden = np.zeros(len(se), dtype=bool) if self.unbounded is None else self.unbounded
        ratio = np.full(len(se), exponentiate) if self.shown_as_ratio is None else self.shown_as_ratio
        made: pd.DataFrame = self.labels.reset_index(drop=True).copy()
        made["estimate"] = _shown(self.values, ratio)
        made["se"] = se
        made["low"] = np.where(hidden, np.nan, _shown(self.values - reach, ratio))
        made["high"] = np.where(hidden, np.nan, _shown(self.values + reach, ratio))
        made["p"] = np.where(hidden, np.nan, p)
        made["df"] = df
        made["missing_information"] = self.missing_information
        made["relative_efficiency"] = self.relative_efficiency
        return made

    def beside(self, level: float = 0.95, exponentiate: bool = False) -> pd.DataFrame:
        """Return the tables of the complete cases and of the imputed people, one below the other, by ``rows``.

        Raises
        ------
        FitError
            There is no fit of the complete cases.
        """
        if self.complete_case is None:
            raise FitError("no fit of the complete cases stands beside; pool(imputations, function) makes it")
        plain = self.complete_case.table(level=level, exponentiate=exponentiate)
        pooled = self.table(level=level, exponentiate=exponentiate)
        both = {"complete cases": plain[[name for name in plain if name in pooled]], "imputed": pooled}
        made: pd.DataFrame = pd.concat(both, names=["rows", None]).reset_index(level="rows")
        return made.reset_index(drop=True)

    def wald_test(self, terms: str | Sequence[str]) -> WaldTest:
        """Test that all coefficients of formula terms, or values named as in the table, are 0.

        The statistic D1 on Li, Raghunathan and Rubin's degrees of freedom in Reiter's form for small samples; see
        `cofactor.models.pooling_rules.joint_statistic`.

        Raises
        ------
        UnknownVariableError
            A term that is not there.
        FitError
            More values than degrees of freedom, or a singular covariance.
        """
        asked = (terms,) if isinstance(terms, str) else tuple(terms)
        if not asked:
            raise FitError(f"no term is named; test some of {', '.join(self.terms)}")
        at = self._positions(asked)
        block = np.ix_(at, at)
        part = Moments(self.values[at], self.moments.within[block], self.moments.between[block], self.moments.m)
        found = joint_statistic(part, float(self.complete_df[at].min()))
        p = float(stats.f.sf(found.f, len(at), found.df2))
        return WaldTest(asked, found.f, float(len(at)), found.df2, p)

    def _positions(self, asked: Sequence[str]) -> list[int]:
        found: list[int] = []
        for name in asked:
            if name in self.terms:
                found.append(self.terms.index(name))
            elif self.spec is not None:
                found.extend(self.spec.positions(name))
            else:
                raise UnknownVariableError.suggest(name, self.terms, "the pooled values")
        return list(dict.fromkeys(found))

    def __repr__(self) -> str:
        """Return the table and the notes as text."""
        return "\n".join([self.table().to_string(index=False), *(f"note: {note}" for note in self.notes)])

    def _repr_html_(self) -> str:
        table = table_html(
            self.table(),
            caption=f"Estimates pooled over {self.moments.m} imputations",
            row_headers=len(self.labels.columns),
        )
        return table + notes_html(self.notes)


def _shown(values: Floats, ratio: Mask) -> Floats:
    with np.errstate(over="ignore"):
        return np.where(ratio, np.exp(np.where(ratio, values, 0.0)), values)
