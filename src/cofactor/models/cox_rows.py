"""The rows of a Cox fit once more: its centred matrix and risk sets, for later questions to the fit."""

from __future__ import annotations

from cofactor.errors import FitError
from cofactor.models.cox_matrix import CentredMatrix, centred
from cofactor.models.cox_slots import RiskSlots, risk_slots
from cofactor.models.fit import Fit
from cofactor.models.follow_up import follow_up


def rows_of(fit: Fit, question: str) -> tuple[CentredMatrix, RiskSlots]:
    """Return matrix and risk sets of the m rows used, with weights of mean 1.

    Raises
    ------
    FitError
        No Cox model; `question` says what was asked of it.
    """
    if fit.kind != "cox":
        raise FitError(f"{question} needs a Cox model; {fit.formula!r} is a {fit.kind} fit")
    design, rows = fit.design, fit.used_rows
    people = follow_up(design, rows, fit.extra["roles"], f"the Cox model {fit.formula!r}")
    weights = design.weights[rows]
    slots = risk_slots(
        people.exit, people.event, weights / weights.mean(), entry=people.entry, stratum=people.stratum,
        offset=people.offset, ties="breslow" if fit.ties == "breslow" else "efron",
    )  # fmt: skip
    return centred(fit.spec.new_rows(design.data.loc[rows]), fit.extra["centre"].to_numpy()), slots
