"""Cumulative incidences by cause as a result: their table, and groups set beside the first of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.display import notes_html, table_html
from cofactor.errors import DesignError, FitError
from cofactor.models.against_first import against_first
from cofactor.models.compared_risks import ComparedRisks
from cofactor.models.follow_up import Roles
from cofactor.models.log_log import risk_limits
from cofactor.survey.estimate import Estimate
from cofactor.survey.variance import standard_errors

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False, repr=False)
class CumulativeIncidence:
    """Cumulative incidences of competing causes, in one or several groups of a design.

    Attributes
    ----------
    estimate : Estimate
        One value a group, cause and time, with the joint covariance of all; labels: by-variables, cause, time, term.
    counts : DataFrame (a row a value)
        at_risk and at_risk_weighted: just before the time; events and events_weighted: of the cause, since the time
        before.
    by : tuple of str
    cause : str
        Column of the causes.
    roles : Roles
        Columns of the follow-up.
    n_groups : int
    comparable : bool
        The groups have the same times, for they were asked for.
    """

    estimate: Estimate
    counts: pd.DataFrame
    by: tuple[str, ...]
    cause: str
    roles: Roles
    n_groups: int
    comparable: bool

    @property
    def design(self) -> SurveyDesign:
        """The design that the incidences stand on."""
        return self.estimate.design

    @property
    def covariance(self) -> Floats:
        """Joint design covariance of all values, (k, k)."""
        return self.estimate.covariance

    @property
    def notes(self) -> tuple[str, ...]:
        """What was decided."""
        return self.estimate.notes

    def influence(self) -> Floats:
        """Return the weighted influence of each row on each value, (n, k), made on demand."""
        return self.estimate.influence()

    def table(self, level: float = 0.95) -> pd.DataFrame:
        """Return one row a group, cause and time: by-variables, cause, time, cumulative_incidence, se, low, high, df.

        The counts follow. The interval is that of log(-log(1 - F)): missing where F is 0 or 1.
        """
        if not 0.0 < level < 1.0:
            raise DesignError(f"level={level} is no level of an interval; give one between 0 and 1, as 0.95")
        made, e = self.estimate.labels.drop(columns="term"), self.estimate
        se = standard_errors(e.design, e.psu_totals, np.asarray(e.held))
        low, high = risk_limits(e.values, se, e.df, level)
        values = {"cumulative_incidence": e.values, "se": se, "low": low, "high": high, "df": e.df}
        return pd.concat([made.assign(**values), self.counts], axis=1)

    def compared(self) -> ComparedRisks:
        """Return the groups set beside the first of them, cause by cause and time by time: differences and ratios.

        Ratios are None where an incidence is 0.

        Raises
        ------
        FitError
            One group alone; no times asked for; a time after a group's last exit.
        """
        self._refuse_comparison()
        n_groups, of = self.n_groups, self.estimate
        order = np.arange(len(of.values)).reshape(n_groups, -1).T.ravel()  # causes and times outside, groups inside
        labels = of.labels.iloc[order].reset_index(drop=True)
        named = [", ".join(f"{name} = {value}" for name, value in zip(self.by, row, strict=True))
                 for row in labels[list(self.by)].itertuples(index=False)]  # fmt: skip
        labels["term"] = named
        assert of.held is not None
        risks = replace(
            of, labels=labels, values=of.values[order], psu_totals=of.psu_totals[:, order], df=of.df[order],
            held=of.held[:, order], influence_rows=partial(_ordered, of, order), limits=None,
        )  # fmt: skip
        risks = replace(risks, limits=partial(risk_limits, risks.values, risks.se, risks.df))
        return ComparedRisks(risks, *against_first(risks, n_groups), None)

    def _refuse_comparison(self) -> None:
        what = "comparing cumulative incidences"
        if self.n_groups < 2:
            raise FitError(f"{what} needs two groups or more: give `by` to cumulative_incidence()")
        if not self.comparable:
            raise FitError(f"{what} needs the times at which to compare: give `times` to cumulative_incidence()")
        unknown = self.estimate.labels[np.isnan(self.estimate.values)]
        if len(unknown):
            first = unknown.iloc[0]
            who = ", ".join(f"{name} = {first[name]}" for name in self.by)
            raise FitError(f"nobody with {who} is followed up to {first['time']:g}; ask for an earlier time")

    def __repr__(self) -> str:
        """Return the table and the notes as text."""
        return "\n".join([self.table().to_string(index=False), *(f"note: {note}" for note in self.notes)])

    def _repr_html_(self) -> str:
        table = table_html(self.table(), caption="Cumulative incidence", row_headers=len(self.by) + 2)
        return table + notes_html(self.notes)


def incidence_limits(
    design: SurveyDesign, values: Floats, totals: Floats, df: Floats, held: Mask, level: float
) -> tuple[Floats, Floats]:
    """Return low and high (k,) of cumulative incidences, on the scale of log(-log(1 - F))."""
    return risk_limits(values, standard_errors(design, totals, held), df, level)


def _ordered(estimate: Estimate, order: npt.NDArray[np.intp]) -> Floats:
    return estimate.influence()[:, order]
