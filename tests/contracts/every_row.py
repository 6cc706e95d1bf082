"""All rows of the contract. A new estimator adds a row to one of the tables, under its public name, and no test."""

from __future__ import annotations

from .described import DESCRIBED
from .events import EVENTS
from .questions import QUESTIONS
from .regressions import REGRESSIONS

ROWS = {**DESCRIBED, **REGRESSIONS, **EVENTS, **QUESTIONS}

NO_ESTIMATORS = {
    "adjust_pvalues": "from p to p: knows no design",
    "e_value": "from a ratio and its limit: knows no design",
    "rcs": "columns of a formula; see the spline among the rows of fit_glm",
    "replicate_weights": "weights for `replicate`, which has a row",
    "us2000_population": "numbers of a standard population",
}


def public_name(row: str) -> str:
    """Return the name of the function that a row is about: what stands before the colon."""
    return row.split(":")[0]
