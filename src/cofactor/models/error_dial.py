"""An estimate corrected for random error of an intake: at assumed reliabilities, and at the measured one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import FitError, UnknownVariableError
from cofactor.models.columns import has_levels
from cofactor.models.fit import Fit
from cofactor.models.reliability import Reliability
from cofactor.survey.estimate import Estimate, delta, joint, linear

Floats = npt.NDArray[np.float64]

ASSUMED = tuple(np.round(np.arange(0.30, 1.001, 0.05), 2).tolist())
"""Reliabilities of the dial: 0.3, as bad as one day of some nutrients, to 1, no error."""


def error_dial(fit: Fit, term: str, reliabilities: Sequence[float] = ASSUMED) -> Estimate:
    r"""Return what a coefficient would be if its intake had an assumed reliability: :math:`b/\lambda`.

    Estimate and limits are divided alike: the interval of a ratio excludes 1 at every reliability, or at none.

    Parameters
    ----------
    fit : Fit
    term : str
        A coefficient of a number told with error, or of its product with a variable measured well.
    reliabilities : sequence of float
        Above 0 and at most 1: the share of the variance, given the model's other columns, that is not error.

    Returns
    -------
    Estimate
        One row a reliability, on the model's scale; labels: reliability, term.

    Raises
    ------
    UnknownVariableError
        A coefficient that the fit does not have.
    FitError
        A reliability out of range; a coefficient of flags or categories, or one of several of a spline.

    Notes
    -----
    Assumes that the error is random (as `reliability` says), that it is the only one of the model, that the reliability
    is known without error, and, in a hazard or logistic model, that the event is rare or the association weak. Flags
    made from an intake are misclassified: nothing divides that out. Rosner B, Willett WC, Spiegelman D (1989),
    doi:10.1002/sim.4780080905; for hazards Prentice RL (1982), doi:10.1093/biomet/69.2.331.

    Examples
    --------
    >>> import pandas as pd
    >>> from cofactor.models import fit_glm
    >>> from cofactor.survey import SurveyDesign
    >>> people = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": [1] * 4 + [2] * 4, "psu": [1, 1, 2, 2] * 2,
    ...     "y": [1.0, 2, 3, 4, 2, 3, 4, 6], "x": [0.0, 1, 2, 3, 1, 2, 3, 4]})
    >>> error_dial(fit_glm(SurveyDesign(people), "y ~ x"), "x", [0.5, 1]).values.round(3).tolist()
    [2.333, 1.167]
    """
    _check_term(fit, term)
    given = np.asarray(reliabilities, dtype=np.float64)
    if given.ndim != 1 or not given.size or not ((given > 0.0) & (given <= 1.0)).all():
        raise FitError("reliabilities lie above 0 and are at most 1; give one or more")
    matrix = np.zeros((len(given), len(fit.terms)))
    matrix[:, fit.terms.index(term)] = 1.0 / given
    made = linear(fit.estimate, matrix, [term] * len(given))
    return replace(made, labels=pd.DataFrame({"reliability": given, "term": term}))


def regression_calibration(fit: Fit, measured: Reliability) -> Estimate:
    r"""Correct the coefficients of told intakes for their measured random error, all together.

    :math:`b^* = \Lambda^{-1} b`, with the factors of `reliability`. The influence is that of the coefficients and of
    the factors, so that the intervals hold the uncertainty of both.

    Parameters
    ----------
    fit : Fit
    measured : Reliability
        Of this fit.

    Returns
    -------
    Estimate
        One row a column that holds an intake, on the model's scale.

    Raises
    ------
    FitError
        The factors belong to another fit; or some combination of the intakes is told with nothing but error.

    Notes
    -----
    First order in the error and in the coefficients, and under the assumptions of `reliability`. The other coefficients
    change with these and are not given. Rosner B, Spiegelman D, Willett WC (1990),
    doi:10.1093/oxfordjournals.aje.a115715; Rosner B, Spiegelman D, Willett WC (1992),
    doi:10.1093/oxfordjournals.aje.a116453.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from cofactor.models import fit_glm, reliability
    >>> from cofactor.survey import SurveyDesign
    >>> i = np.arange(8)
    >>> people = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": i % 2, "psu": i // 2, "first": [1.0, 2, 3, 4, 5, 6, 7, 8],
    ...     "second": [2.0, 1, 4, 3, 6, 5, 8, 7], "y": [1.0, 2, 2, 4, 3, 5, 6, 6]})
    >>> people["intake"] = (people["first"] + people["second"]) / 2
    >>> fit = fit_glm(SurveyDesign(people), "y ~ intake")
    >>> made = regression_calibration(fit, reliability(fit, {"intake": ("first", "second")}))
    >>> bool(np.isclose(made.values[0], fit.coefficient("intake") / 0.95))
    True
    """
    factors = measured.attenuation
    if factors.design is not fit.design or not set(measured.terms) <= set(fit.terms):
        raise FitError("the factors were measured for another fit; give reliability(fit, ...) of this one")
    if np.linalg.eigvals(measured.matrix).real.min() <= 0.0:
        raise FitError(
            f"some combination of {', '.join(measured.terms)} differs no more between people than between the days of "
            "one person: nothing true is left in it, and it cannot be corrected"
        )
    q = len(measured.terms)
    chosen = linear(fit.estimate, np.eye(len(fit.terms))[[fit.terms.index(name) for name in measured.terms]], list(
        measured.terms
    ))  # fmt: skip
    both = joint(replace(chosen, log_scale=False), factors)
    made = delta(both, lambda v: np.linalg.solve(v[q:].reshape(q, q), v[:q]), list(measured.terms), jacobian=_slopes(
        measured.matrix, chosen.values
    ))  # fmt: skip
    return replace(made, tested=fit.estimate.tested, log_scale=fit.estimate.log_scale)


def _slopes(factors: Floats, b: Floats) -> Floats:
    """Return the derivatives of the corrected coefficients in b and in the factors, (q, q + q q)."""
    inverse = np.linalg.inv(factors)
    of_factors = -np.einsum("ij,k->ijk", inverse, inverse @ b)
    return np.hstack([inverse, of_factors.reshape(len(b), -1)])


def _check_term(fit: Fit, term: str) -> None:
    if term not in fit.terms:
        raise UnknownVariableError.suggest(term, fit.terms, f"the coefficients of {fit.formula!r}")
    position = fit.terms.index(term)
    name = next(name for name, positions in fit.spec.terms.items() if position in positions)
    if len(fit.spec.terms[name]) > 1:
        raise FitError(f"{term!r} is one of several coefficients of {name!r}; one number alone cannot correct them")
    factors = next(item for item in fit.spec.parsed.terms if item.name == name).factors
    variables = [variable for factor in factors for variable in factor.variables]
    data = fit.design.data
    if all(has_levels(data[item]) for item in variables):
        raise FitError(
            f"{term!r} is a flag or category: made from an intake, it is misclassified, which no reliability divides "
            "out; use the intake itself"
        )
