"""What random error of a told intake does to an estimate: at assumed reliabilities, and at the measured one."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cofactor.errors import FitError
from cofactor.models import Fit, Reliability, error_dial, regression_calibration, reliability
from cofactor.study.parts import ErrorDial
from cofactor.study.recalls import recalls_in

ASSUMED, TOLD, MEASURED, CORRECTED = "assumed", "as told", "measured reliability", "corrected for all intakes"


def error_dial_table(fit: Fit, asked: ErrorDial) -> pd.DataFrame:
    """Return the dial of an estimate, the measured reliabilities, and the estimates corrected for all intakes.

    Returns
    -------
    DataFrame
        quantity ("assumed", and where it was measured "as told", "measured reliability", "corrected for all intakes"),
        term, reliability, estimate, se, low, high, p, df; of the measured ones people_with_two and share_with_two
        recalls. Estimates are logarithms of ratios, but of the measured reliability they are that itself. Without a
        second recall nothing is measured; where nothing true is left in an intake nothing is corrected.
    """
    parts = [error_dial(fit, asked.term).table().assign(quantity=ASSUMED)]
    pairs = recalls_in(fit.design.data, asked)
    measured = None if pairs is None or not _told_twice(fit, pairs) else reliability(fit, pairs)
    if measured is not None:
        parts.append(_as_told(fit, measured))
        parts.append(_measured(measured))
        parts.append(_corrected(fit, measured))
    table = pd.concat([part for part in parts if len(part)], ignore_index=True)
    lead = ["quantity", "term", "reliability"]
    return table[[*lead, *(name for name in table.columns if name not in lead)]]


def _told_twice(fit: Fit, pairs: Mapping[str, tuple[str, str]]) -> bool:
    seconds = [second for _, second in pairs.values()]
    return int(fit.design.data.loc[fit.used_rows, seconds].notna().all(axis=1).sum()) > 1


def _as_told(fit: Fit, found: Reliability) -> pd.DataFrame:
    table = fit.table().set_index("term", drop=False).loc[list(found.terms)]
    return table.reset_index(drop=True).assign(quantity=TOLD, reliability=1.0)


def _measured(found: Reliability) -> pd.DataFrame:
    table = found.table().assign(quantity=MEASURED, p=np.nan)
    return table.assign(
        reliability=table["estimate"], people_with_two=found.n_two_recalls, share_with_two=found.two_recalls
    )


def _corrected(fit: Fit, found: Reliability) -> pd.DataFrame:
    try:
        made = regression_calibration(fit, found)
    except FitError:  # some intake differs no more between people than between days
        return pd.DataFrame()
    return made.table().assign(quantity=CORRECTED, reliability=found.of_terms.values)
