"""What the standard errors of a fit would be under other readings of its weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.display import table_html
from cofactor.models.fit import Fit

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class Covariances:
    """Covariances (p, p) of the coefficients of a fit, by what the weights are taken for.

    Attributes
    ----------
    terms : tuple of str
        The coefficients.
    counted : array
        Inverse information with the weights as they are: each row stands for so many people who were all observed.
    scaled : array
        The same with weights of mean 1: as many people as rows.
    robust : array
        Sandwich of independent rows: right for case weights without a design.
    design : array
        Of the design: strata, clusters and weights.
    """

    terms: tuple[str, ...]
    counted: Floats
    scaled: Floats
    robust: Floats
    design: Floats

    def table(self) -> pd.DataFrame:
        """Return the standard errors: one row a coefficient, term and one column a covariance."""
        columns = {name: np.sqrt(np.diag(getattr(self, name))) for name in ("counted", "scaled", "robust", "design")}
        return pd.DataFrame({"term": list(self.terms), **columns})

    def __repr__(self) -> str:
        """Return the standard errors as text."""
        return f"Standard errors by what the weights are taken for\n{self.table().to_string(index=False)}"

    def _repr_html_(self) -> str:
        return table_html(self.table(), caption="Standard errors by what the weights are taken for")


def covariances(fit: Fit) -> Covariances:
    r"""Return the covariance of a fit by its model, robust for independent rows, and by its design.

    By the model it is the inverse information :math:`I^{-1}`, once with the weights as they are and once with weights
    of mean 1. The robust one is :math:`\sum_i u_i u_i'`, with :math:`u_i` the weighted influence of row i; the design
    adds up the influence of the rows of a PSU first. Only the last is an error of a survey; the robust one is right for
    case weights without a design, the counted one for weights that are frequencies.

    Parameters
    ----------
    fit : Fit
        A Cox model, a generalised linear model, or any other with a naive covariance.

    Returns
    -------
    Covariances

    Notes
    -----
    R: ``coxph(weights, robust = FALSE)``, ``coxph(weights, robust = TRUE)`` and ``svycoxph``. Lin DY, Wei LJ (1989),
    doi:10.1080/01621459.1989.10478874; Binder DA (1992), doi:10.1093/biomet/79.1.139.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from cofactor.models import fit_cox
    >>> from cofactor.survey import SurveyDesign
    >>> i = np.arange(60)
    >>> people = pd.DataFrame({
    ...     "analysis_weight": 1.0 + i % 3, "strata": i % 6, "psu": i // 6 % 2, "months": 1 + i * 7 % 12,
    ...     "died": i % 4 > 0, "x": (i * 5 % 11) / 10})
    >>> covariances(fit_cox(SurveyDesign(people), "x", time="months", event="died")).table().round(2)
      term  counted  scaled  robust  design
    0    x     0.35    0.49    0.51    0.32
    """
    influence = fit.influence()
    mean_weight = float(fit.design.weights[fit.used_rows].mean())
    return Covariances(
        terms=fit.terms,
        counted=fit.naive_covariance / mean_weight,
        scaled=fit.naive_covariance,
        robust=influence.T @ influence,
        design=fit.covariance,
    )
