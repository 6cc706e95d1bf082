"""Intake adjusted for energy by the residual method."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import DesignError
from cofactor.survey.groups import level_codes, number_of

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Floats = npt.NDArray[np.float64]


def energy_adjusted(design: SurveyDesign, nutrient: str, energy: str, *, by: str | None = None) -> pd.Series:
    r"""Return a nutrient's residual on energy: how much more somebody takes than people of as much energy.

    Within each level of `by`, :math:`a` and :math:`b` solve :math:`\sum w_i (y_i - a - b x_i)(1, x_i) = 0` over the
    domain, with the design's weights; the residual :math:`y_i - a - b x_i` is then taken for everybody. A study states
    the same as `Residual`, with its population as the domain.

    Parameters
    ----------
    design : SurveyDesign
        Its domain is the population in which the line is fitted.
    nutrient, energy : str
        Numbers of the data, as `magnesium_diet_mg` and `energy_diet_kcal`: of the same days.
    by : str, optional
        A category, flag or integer; as a rule `sex`, since men and women differ in both.

    Returns
    -------
    Series (n,) of the data's index, in units of the nutrient; missing where either number or `by` is missing. Its
    weighted mean over the domain is 0 within each level.

    Raises
    ------
    DesignError
        A level without two different values of energy in the domain; a column that is no number.
    UnknownVariableError
        A name that the data do not have.

    References
    ----------
    Willett, Howe & Kushi (1997), doi:10.1093/ajcn/65.4.1220S.

    Examples
    --------
    >>> from cofactor.survey import SurveyDesign
    >>> people = pd.DataFrame({"analysis_weight": 1.0, "strata": 1, "psu": [1, 1, 2, 2],
    ...     "magnesium_diet_mg": [200.0, 300, 310, 410], "energy_diet_kcal": [1500.0, 2000, 2000, 2500]})
    >>> energy_adjusted(SurveyDesign(people), "magnesium_diet_mg", "energy_diet_kcal").tolist()
    [0.0, -5.0, 5.0, 0.0]
    """
    y, x = number_of(design, nutrient), number_of(design, energy)
    codes = np.zeros(len(y), dtype=np.intp) if by is None else level_codes(design, by, "by")[0]
    inside = design.in_domain & np.isfinite(x) & np.isfinite(y) & (design.weights > 0)
    residual = np.full(len(y), np.nan)
    for code in np.unique(codes[codes >= 0]):
        group = codes == code
        fitted = group & inside
        if not (group & design.in_domain).any():
            continue  # nobody of this level is asked about
        if len(np.unique(x[fitted])) < 2:
            raise DesignError(_no_line(nutrient, energy, by, design, group))
        residual[group] = _residual(x, y, design.weights, fitted)[group]
    return pd.Series(residual, index=design.data.index, name=f"{nutrient}_energy_adjusted")


def _residual(x: Floats, y: Floats, weights: Floats, fitted: npt.NDArray[np.bool_]) -> Floats:
    w = weights[fitted]
    center, mean = np.average(x[fitted], weights=w), np.average(y[fitted], weights=w)
    gap = x[fitted] - center
    slope = (w * gap) @ (y[fitted] - mean) / ((w * gap) @ gap)
    return np.asarray(y - mean - slope * (x - center), dtype=np.float64)


def _no_line(nutrient: str, energy: str, by: str | None, design: SurveyDesign, group: npt.NDArray[np.bool_]) -> str:
    where = f" with {by} = {design.data.loc[group, by].iloc[0]}" if by else ""
    return (
        f"energy_adjusted: the domain{where} has no two values of {energy!r} with {nutrient!r} known, so no line; "
        "widen the domain or leave by= out"
    )
