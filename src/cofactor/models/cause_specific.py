"""Cox regression of the hazard of one cause, who has an event of another being censored there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from cofactor.errors import FitError
from cofactor.models.causes import Causes, cause_words, read_causes
from cofactor.models.cox import fit_cox
from cofactor.models.cox_slots import Ties
from cofactor.models.fit import Fit
from cofactor.models.follow_up import event_values
from cofactor.models.formula import Cuts, MatrixSpec

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

KIND = "cause-specific hazard ratios: for aetiology; for prognosis read Fine-Gray's or the cumulative incidence"


def fit_cause_specific(
    design: SurveyDesign,
    formula: str,
    *,
    time: str,
    event: str,
    cause: str,
    of: Any | Sequence[Any],
    entry: str | None = None,
    strata: str | Sequence[str] | None = None,
    offset: str | None = None,
    person: str | None = None,
    ties: Ties = "efron",
    penalty: Literal["firth"] | None = None,
    cuts: Cuts | None = None,
    like: MatrixSpec | None = None,
    start: Mapping[str, float] | None = None,
) -> Fit:
    """Fit a Cox model of the hazard of one cause, with design-based covariance.

    `fit_cox` with a flag of the cause: events of other causes, and events without a cause, end the follow-up there, and
    are counted in the notes. The hazard ratios say how the rate of the cause differs among those still alive: they are
    for aetiology, and say nothing of how many will die of it, for that depends on the other causes too.

    Parameters
    ----------
    design, formula, time, entry, strata, offset, person, ties, penalty, cuts, like, start
        As in `fit_cox`.
    event : str
        Column: whether an event of any cause happened at the exit (a flag, or 0 and 1), as ``died``.
    cause : str
        Column of the cause, as ``cause_of_death``, read where the event happened.
    of : level or sequence of levels
        The cause, or causes, in question.

    Returns
    -------
    Fit
        Its design is the one given with a column more, the flag of the cause; ``joint`` takes it with others.

    Raises
    ------
    FitError
        No event of the cause; a cause that the column does not have; and as in `fit_cox`.
    FormulaError, UnknownVariableError, DesignError
        As in `fit_cox`; causes that are numbers with fractions.

    Notes
    -----
    Prentice RL and others (1978), The analysis of failure times in the presence of competing risks. Biometrics
    34:541-554. doi:10.2307/2530374. Lau B, Cole SR, Gange SJ (2009), doi:10.1093/aje/kwp107, on which kind to read.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from cofactor.survey import SurveyDesign
    >>> i = np.arange(60)
    >>> people = pd.DataFrame({
    ...     "analysis_weight": 1.0 + i % 3, "strata": i % 6, "psu": i // 6 % 2, "months": 1 + i * 7 % 12,
    ...     "died": i % 4 > 0, "why": np.where(i % 5 > 1, "heart", "cancer"), "x": (i * 5 % 11) / 10})
    >>> fit = fit_cause_specific(SurveyDesign(people), "x", time="months", event="died", cause="why", of="heart")
    >>> fit.table()[["term", "hazard"]]
      term          hazard
    0    x  cause-specific
    """
    where = f"the cause-specific Cox model {formula!r}"
    causes = read_causes(design, event, cause, where)
    main = causes.among(of, where)
    name = f"{event}: {cause_words(of)}"
    values = event_values(design.data, event, where)
    flag = pd.Series(np.where(np.isnan(values), np.nan, main), index=design.data.index)
    if not (main & design.in_domain).any():
        raise FitError(f"{where} has no event of {cause_words(of)} in the domain; widen it")
    fit = fit_cox(
        replace(design, data=design.data.assign(**{name: flag})), formula, time=time, event=name, entry=entry,
        strata=strata, offset=offset, person=person, ties=ties, penalty=penalty, cuts=cuts, like=like, start=start,
    )  # fmt: skip
    notes = (*_notes(fit, causes, main), *fit.notes)
    kind = pd.DataFrame({"hazard": ["cause-specific"] * len(fit.terms)})
    return replace(fit, estimate=replace(fit.estimate, extra=kind, notes=notes), notes=notes)


def _notes(fit: Fit, causes: Causes, main: Any) -> tuple[str, ...]:
    unknown = int((causes.unknown & fit.used_rows).sum())
    others = int(((causes.codes >= 0) & ~main & fit.used_rows).sum()) - unknown
    said = (f"{others:,} events of other causes end the follow-up without this one",)
    return (KIND, *said, *([f"events without a cause: {unknown:,}; censored there, too"] if unknown else []))
