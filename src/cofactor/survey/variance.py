"""The one variance of the house: stratified with-replacement PSU totals of influence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy import sparse

from cofactor.errors import DesignError

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


def psu_totals(design: SurveyDesign, influence: Floats | Iterable[Floats]) -> Floats:
    """Add the influence of the rows up to totals of PSUs.

    Parameters
    ----------
    design : SurveyDesign
        n rows in G PSUs.
    influence : array (n, k) or (n,), or an iterable of row blocks
        Blocks follow one another in the order of the rows and are never held together.

    Returns
    -------
    array (G, k)

    Raises
    ------
    DesignError
        The rows are not as many as the design's.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from cofactor.survey import SurveyDesign
    >>> data = pd.DataFrame({"analysis_weight": 1.0, "strata": 1, "psu": [1, 2, 1, 2]})
    >>> psu_totals(SurveyDesign(data), np.array([1.0, 2.0, 10.0, 20.0])).tolist()
    [[11.0], [22.0]]
    """
    blocks = [influence] if isinstance(influence, np.ndarray) else influence
    n, start = len(design.psu_index), 0
    totals: Floats | None = None
    for block in blocks:
        rows = np.atleast_2d(np.asarray(block, dtype=np.float64).T).T
        stop = start + len(rows)
        if stop > n:
            raise DesignError(f"influence of at least {stop:,} rows for a design of {n:,}")
        added = _block_totals(design.psu_index[start:stop], design.n_psu, rows)
        totals = added if totals is None else totals + added
        start = stop
    if totals is None or start != n:
        raise DesignError(f"influence of {start:,} rows for a design of {n:,}")
    return totals


def _block_totals(psu: npt.NDArray[np.intp], n_psu: int, rows: Floats) -> Floats:
    # An indicator matrix (PSU by row) in compressed columns is the PSU index itself: nothing is sorted or copied.
    indicator = sparse.csc_matrix((np.ones(len(psu)), psu, np.arange(len(psu) + 1)), shape=(n_psu, len(psu)))
    return np.asarray(indicator @ rows)


def covariance(
    design: SurveyDesign,
    totals: Floats,
    other: Floats | None = None,
    *,
    rows: Mask | None = None,
    other_rows: Mask | None = None,
) -> Floats:
    r"""Return the design covariance of estimates from the PSU totals of their influence.

    With :math:`n_h` PSUs in stratum h and :math:`z_{hg}` their totals,
    :math:`V = \sum_h \frac{n_h}{n_h-1} \sum_g (z_{hg}-\bar z_h)(z_{hg}-\bar z_h)'`. All PSUs of the design count,
    whether they hold members of the domain or not. A stratum with one PSU in the whole design, if it holds members, is
    an error that names it ("error"), adds nothing ("certainty"), adds its deviation from the mean over all PSUs
    ("adjust"), or adds the mean over the other strata that hold members ("average").

    Parameters
    ----------
    design : SurveyDesign
        G PSUs.
    totals : array (G, k)
    other : array (G, k2), optional
        For covariances between two sets of estimates of one design.
    rows, other_rows : bool array, optional
        Whose influence the totals hold: rows (n,), or PSUs (G,) or, for each estimate, (G, k). Default: the domain.

    Returns
    -------
    array (k, k) or (k, k2)

    Raises
    ------
    DesignError
        A stratum with one PSU, under "error"; or no stratum that could stand for it, under "average".

    Notes
    -----
    Binder DA (1983), On the variances of asymptotically normal estimators from complex surveys. International
    Statistical Review 51:279-292. doi:10.2307/1402588

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from cofactor.survey import SurveyDesign
    >>> data = pd.DataFrame({"analysis_weight": 1.0, "strata": [1, 1, 2, 2], "psu": [1, 2, 1, 2]})
    >>> covariance(SurveyDesign(data), np.array([[1.0], [3.0], [2.0], [2.0]])).round(9).tolist()
    [[4.0]]
    """
    left = _deviations(design, np.asarray(totals, dtype=np.float64), rows)
    if other is None:
        return left.T @ left
    return left.T @ _deviations(design, np.asarray(other, dtype=np.float64), rows if other_rows is None else other_rows)


def standard_errors(design: SurveyDesign, totals: Floats, held: Mask) -> Floats:
    """Return standard errors (k,) of totals (G, k) alone, some at a time.

    The joint covariance of the thousands of values of some curves would be large; `held` (G, k) as in `covariance`.
    """
    parts = [slice(start, start + 64) for start in range(0, totals.shape[1], 64)]
    variances = [np.diag(covariance(design, totals[:, part], rows=held[:, part])) for part in parts]
    return np.asarray(np.sqrt(np.concatenate(variances)))


def _deviations(design: SurveyDesign, totals: Floats, rows: Mask | None) -> Floats:
    """Return totals (G, k) centred and scaled so that their cross products are covariances."""
    if totals.ndim != 2 or len(totals) != design.n_psu:
        raise DesignError(f"PSU totals of shape {totals.shape} for a design of {design.n_psu:,} PSUs; (G, k) is needed")
    stratum = design.stratum_of_psu
    size = np.bincount(stratum, minlength=design.n_strata)
    mean = _block_totals(stratum, design.n_strata, totals) / size[:, np.newaxis]
    lonely = size == 1
    scale = np.sqrt(size / np.maximum(size - 1, 1))
    if not lonely.any():
        return np.asarray((totals - mean[stratum]) * scale[stratum, np.newaxis])
    held = _strata_held(design, rows)
    if design.lonely_psu == "error":
        _refuse_lonely(design, lonely & held.any(axis=1))
    if design.lonely_psu == "adjust":
        # Strata that hold nobody stay at zero: their single PSU has nothing to deviate.
        mean[lonely] = np.where(held[lonely], totals.mean(axis=0), mean[lonely])
    deviations = (totals - mean[stratum]) * scale[stratum, np.newaxis]
    if design.lonely_psu == "average":
        deviations = deviations * np.sqrt(_average_factor(lonely, held))
    return np.asarray(deviations)


def _strata_held(design: SurveyDesign, rows: Mask | None) -> Mask:
    """Return which strata hold one of the rows: (H, 1), or (H, k) where PSUs are given for each estimate."""
    # Where there are as many PSUs as rows each row is its own PSU, so a mask of either means the same.
    psus = design.psus_holding(rows) if rows is None or rows.shape == design.in_domain.shape else rows
    columns = psus[:, np.newaxis] if psus.ndim == 1 else psus
    return _block_totals(design.stratum_of_psu, design.n_strata, columns.astype(np.float64)) > 0.0


def _refuse_lonely(design: SurveyDesign, lonely: Mask) -> None:
    strata = np.flatnonzero(lonely)
    if not len(strata):
        return
    shown = ", ".join(str(design.stratum_label(int(stratum))) for stratum in strata[:10])
    more = f" and {len(strata) - 10} more" if len(strata) > 10 else ""
    plural = "strata have" if len(strata) > 1 else "stratum has"
    raise DesignError(
        f"{len(strata)} {plural} one PSU in the whole design, so its variance is unknown: {shown}{more} (of "
        f"{design.strata!r}). Were rows dropped? Give everyone and a domain. Else merge it with a similar stratum, or "
        'choose lonely_psu="adjust", "average" or "certainty"'
    )


def _average_factor(lonely: Mask, held: Mask) -> Floats:
    """Return by what the sum over strata grows so that lonely ones count as the mean of the others: (1,) or (k,)."""
    all_held = held.sum(axis=0)
    others = (held & ~lonely[:, np.newaxis]).sum(axis=0)
    if (all_held[others == 0] > 0).any():
        raise DesignError(
            'lonely_psu="average": all strata that hold members have one PSU; there is nothing to average'
        )
    return np.asarray(all_held / np.maximum(others, 1), dtype=np.float64)
