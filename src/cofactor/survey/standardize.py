"""Direct standardisation: means and shares as they would be if every group had the ages of a standard population."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.errors import DesignError
from cofactor.survey.estimate import Estimate, linear
from cofactor.survey.groups import level_codes
from cofactor.survey.mean import weighted_mean

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Floats = npt.NDArray[np.float64]


def standardize(
    design: SurveyDesign,
    names: str | Sequence[str],
    *,
    over: str,
    population: Mapping[Any, float] | Sequence[float] | Floats,
    by: str | Sequence[str] | None = None,
) -> Estimate:
    r"""Estimate means or shares standardised to a population's levels of a category, as age groups.

    :math:`\sum_a \pi_a \bar y_a`, with the standard's shares :math:`\pi_a` and the mean of each level; its influence
    is the like sum of theirs.

    Parameters
    ----------
    design : SurveyDesign
    names : str or sequence of str
        Numbers; or flags, whose mean is the share of yes.
    over : str
        The category to standardise by: age groups.
    population : mapping of level to size, or sequence of sizes in the order of the levels
        Sizes or shares; `us2000_population` gives those of the U.S. in 2000. Levels of size 0 need nobody.
    by : str or sequence of str, optional
        A standardised mean in each of their groups.

    Returns
    -------
    Estimate
        One row a group and name, in the units of the variable.

    Raises
    ------
    UnknownVariableError
        A name that the data do not have.
    DesignError
        Sizes that do not fit the levels, or a level of the standard that a group has nobody of.

    Notes
    -----
    R: ``svymean`` or ``svyby`` after ``svystandardize(by = over, over = by)``, whose variance by post-stratification is
    the same. Klein RJ, Schoenborn CA (2001), Healthy People Statistical Notes 20. Lumley T (2010), Complex Surveys,
    doi:10.1002/9780470580066.

    Examples
    --------
    >>> import pandas as pd
    >>> from cofactor.survey import SurveyDesign
    >>> data = pd.DataFrame({
    ...     "analysis_weight": 1.0, "strata": 1, "psu": [1, 1, 2, 2, 3, 3], "x": [1.0, 4, 2, 5, 3, 6],
    ...     "ages": pd.Categorical(["young", "old"] * 3, categories=["young", "old"])})
    >>> standardize(SurveyDesign(data), "x", over="ages", population={"young": 300, "old": 100}).values.tolist()
    [2.75]
    """
    groups = [] if by is None else [by] if isinstance(by, str) else list(by)
    sizes = _sizes(design, over, population)
    wanted = sizes[sizes > 0.0]
    cells = weighted_mean(_within_standard(design, over, sizes), names, by=[*groups, over])
    keys = [*groups, "term"]
    labels = cells.labels[keys].drop_duplicates(ignore_index=True)
    matrix = np.zeros((len(labels), len(cells.values)))
    group = pd.MultiIndex.from_frame(labels.astype(object)).get_indexer(
        pd.MultiIndex.from_frame(cells.labels[keys].astype(object))
    )
    shares = (wanted / wanted.sum()).reindex(cells.labels[over].astype(object)).to_numpy()
    matrix[group, np.arange(len(group))] = shares
    _refuse_empty(labels, cells.labels[over], group, wanted, over)
    made = linear(cells, matrix, list(labels["term"]))
    return replace(made, labels=labels, notes=cells.notes)


def _sizes(design: SurveyDesign, over: str, population: Any) -> pd.Series[float]:
    """Return the size of each level."""
    _, levels = level_codes(design, over, "over")
    if isinstance(population, Mapping):
        if strange := [level for level in population if level not in set(levels)]:
            raise DesignError(f"{over!r} has no level {strange[0]!r}; there are {', '.join(map(str, levels))}")
        sizes = np.array([float(population.get(level, 0.0)) for level in levels])
    else:
        sizes = np.asarray(population, dtype=np.float64)
        if sizes.shape != (len(levels),):
            raise DesignError(
                f"{over!r} has {len(levels)} levels ({', '.join(map(str, levels))}), but the population has "
                f"{sizes.size} sizes; give one a level, in order"
            )
    if not (np.isfinite(sizes).all() and (sizes >= 0.0).all() and sizes.sum() > 0.0):
        raise DesignError(f"the sizes of the population by {over!r} must be 0 or more, and not all 0")
    return pd.Series(sizes, index=pd.Index(list(levels), dtype=object))


def _within_standard(design: SurveyDesign, over: str, sizes: pd.Series[float]) -> SurveyDesign:
    """Return the design within the levels that the standard has."""
    codes, _ = level_codes(design, over, "over")
    kept = np.append(sizes.to_numpy() > 0.0, False)[codes]
    return design.within(pd.Series(kept, index=design.data.index))


def _refuse_empty(
    labels: pd.DataFrame, level: pd.Series[Any], group: npt.NDArray[np.intp], wanted: pd.Series[float], over: str
) -> None:
    for number in range(len(labels)):
        absent = wanted.index.difference(pd.Index(level[group == number].astype(object)), sort=False)
        if len(absent):
            where = ", ".join(f"{name} = {value}" for name, value in labels.iloc[number].items() if name != "term")
            raise DesignError(
                f"nobody{' with ' + where if where else ''} has {over} = {absent[0]} and the variable known, which the "
                "standard population has; join levels, or give it size 0"
            )
