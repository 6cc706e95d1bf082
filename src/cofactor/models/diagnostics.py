"""What the design costs each coefficient: design effect, effective number of people and of events."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cofactor.models.fit import Fit


def design_effects(fit: Fit) -> pd.DataFrame:
    """Return the design effect of every coefficient: its design variance over its naive variance.

    The naive variance is the inverse information with the weights scaled to mean 1: what a program that takes the
    weights for counts would print. The design effect therefore holds the clustering, the stratification and the
    spread of the weights. Effective sizes are the sizes divided by it.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    DataFrame
        One row a coefficient: term, se, naive_se, design_effect, n_effective, events, events_effective (missing where
        the outcome is no event).

    Notes
    -----
    Kish L (1965), Survey Sampling, section 8.2; Skinner CJ (1989), misspecification effects of regression
    coefficients, in Analysis of Complex Surveys, chapter 2.

    Examples
    --------
    >>> import pandas as pd
    >>> from cofactor.models import fit_glm
    >>> from cofactor.survey import SurveyDesign
    >>> data = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": [1] * 4 + [2] * 4, "psu": [1, 1, 2, 2] * 2,
    ...     "y": [1.0, 2, 3, 4, 2, 3, 4, 6], "x": [0.0, 1, 2, 3, 1, 2, 3, 4]})
    >>> list(design_effects(fit_glm(SurveyDesign(data), "y ~ x")).columns)
    ['term', 'se', 'naive_se', 'design_effect', 'n_effective', 'events', 'events_effective']
    """
    naive = np.diag(fit.naive_covariance)
    with np.errstate(divide="ignore", invalid="ignore"):
        effect = np.diag(fit.covariance) / naive
        n_effective = fit.counts.n_used / effect
        events = np.nan if fit.counts.events is None else float(fit.counts.events)
        events_effective = events / effect
    return pd.DataFrame({
        "term": list(fit.terms),
        "se": fit.estimate.se,
        "naive_se": np.sqrt(naive),
        "design_effect": effect,
        "n_effective": n_effective,
        "events": events,
        "events_effective": events_effective,
    })  # fmt: skip
