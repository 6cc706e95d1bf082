"""Replicate weights made from a design: by what the weights of each PSU are multiplied in each replicate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from cofactor.display import facts_html
from cofactor.errors import DesignError
from cofactor.survey.hadamard import hadamard_matrix

if TYPE_CHECKING:
    from cofactor.survey.design import SurveyDesign

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
Method: TypeAlias = Literal["jackknife", "brr", "fay", "bootstrap"]
OPTIONS: dict[str, tuple[str, ...]] = {"jackknife": (), "brr": (), "fay": ("rho",), "bootstrap": ("number", "seed")}


@dataclass(frozen=True, eq=False)
class ReplicateWeights:
    """R sets of weights that differ from a design's by a factor for each PSU.

    Attributes
    ----------
    method : str
        How they were made, in words.
    names : tuple of R str
        Which replicate each is.
    scales : array (R,)
        What the squared deviation of each replicate counts in the variance.
    multiplier : function
        From the number of a replicate to the factors of the PSUs, (G,). Picklable.
    """

    method: str
    names: tuple[str, ...]
    scales: Floats
    multiplier: Callable[[int], Floats]

    def __len__(self) -> int:
        """How many replicates there are, R."""
        return len(self.names)

    def _repr_html_(self) -> str:
        scales = f"{self.scales.min():.4g} to {self.scales.max():.4g}"
        return facts_html(
            {"method": self.method, "replicates": f"{len(self):,}", "scales": scales}, caption="Replicate weights"
        )


def replicate_weights(
    design: SurveyDesign,
    method: Method = "jackknife",
    *,
    rho: float | None = None,
    number: int | None = None,
    seed: int | None = None,
) -> ReplicateWeights:
    r"""Make replicate weights from the strata and PSUs of a design.

    Parameters
    ----------
    design : SurveyDesign
        Its whole, not its domain: G PSUs, H strata with two PSUs or more each; exactly two for "brr" and "fay".
    method : {"jackknife", "brr", "fay", "bootstrap"}
        See Notes.
    rho : float
        Of "fay", 0 <= rho < 1: by what the half that is left out is multiplied.
    number, seed : int
        Of "bootstrap": how many replicates, and what the draws start from.

    Raises
    ------
    DesignError
        A stratum has too few or too many PSUs; an unknown method; an option absent, out of range, or of another method.

    Notes
    -----
    *jackknife* (JKn): replicate g leaves out PSU g of stratum h and multiplies the others of h by
    :math:`n_h/(n_h-1)`; its square counts :math:`(n_h-1)/n_h`. *brr*: each replicate keeps one PSU of each stratum,
    times 2, chosen by the signs of a Hadamard matrix of order R > H; each square counts 1/R. *fay*: the half that is
    left out counts `rho` and the other 2 - rho; 1/(R (1 - rho)^2). *bootstrap* (Rao-Wu, rescaled): :math:`n_h-1` PSUs
    drawn with replacement, PSU g drawn m times is multiplied by :math:`m\,n_h/(n_h-1)`; 1/(R - 1), as R's survey has
    it. Deviations are always from the estimate of the whole design (R: ``mse = TRUE``).

    Wolter KM (2007), doi:10.1007/978-0-387-35099-8. Judkins DR (1990), Fay's method for variance estimation, Journal of
    Official Statistics 6:223-239. Rao JNK, Wu CFJ (1988), doi:10.1080/01621459.1988.10478591. R: ``as.svrepdesign``
    with type "JKn", "BRR", "Fay", "subbootstrap".

    Examples
    --------
    >>> import pandas as pd
    >>> from cofactor.survey import SurveyDesign
    >>> data = pd.DataFrame({"analysis_weight": 1.0, "strata": [1, 1, 2, 2], "psu": [1, 2, 1, 2]})
    >>> made = replicate_weights(SurveyDesign(data), "fay", rho=0.5)
    >>> [made.multiplier(r).tolist() for r in range(len(made))]
    [[1.5, 0.5, 1.5, 0.5], [0.5, 1.5, 1.5, 0.5], [1.5, 0.5, 0.5, 1.5], [0.5, 1.5, 0.5, 1.5]]
    """
    _check_options(method, {"rho": rho, "number": number, "seed": seed})
    size = np.bincount(design.stratum_of_psu, minlength=design.n_strata)
    _refuse_sizes(design, size == 1, "one PSU", "join it with a similar stratum, or take the linearised errors")
    if method == "jackknife":
        return _jackknife(design, size)
    if method == "bootstrap":
        return _bootstrap(design, size, int(number or 0), int(seed or 0))
    _refuse_sizes(design, size > 2, "more than two PSUs", 'half-samples need exactly two; take "jackknife"')
    return _half_samples(design, 0.0 if rho is None else float(rho))


def from_matrix(method: str, factors: Floats, scale: float) -> ReplicateWeights:
    """Return the replicate weights whose factors are the rows of a matrix (R, G), each counting `scale`."""
    names = tuple(f"{i}" for i in range(len(factors)))
    return ReplicateWeights(method, names, np.full(len(factors), scale), partial(_row, factors))


def _row(factors: Floats, replicate: int) -> Floats:
    return np.asarray(factors[replicate])


def _jackknife(design: SurveyDesign, size: Indices) -> ReplicateWeights:
    # One replicate at a time: where each row is a PSU the matrix of all factors would be rows by rows.
    of_stratum = size[design.stratum_of_psu].astype(np.float64)
    return ReplicateWeights(
        f"jackknife (JKn), {design.n_psu} replicates",
        _names_of_psus(design),
        (of_stratum - 1.0) / of_stratum,
        partial(_without, design.stratum_of_psu, of_stratum / (of_stratum - 1.0)),
    )


def _without(stratum_of_psu: Indices, others: Floats, psu: int) -> Floats:
    factors = np.where(stratum_of_psu == stratum_of_psu[psu], others[psu], 1.0)
    factors[psu] = 0.0
    return factors


def _names_of_psus(design: SurveyDesign) -> tuple[str, ...]:
    first = np.unique(design.psu_index, return_index=True)[1]
    labels = design.data.index[first] if design.psu is None else design.data[design.psu].iloc[first]
    strata = [design.stratum_label(int(stratum)) for stratum in design.stratum_of_psu]
    if design.strata is None:
        return tuple(f"without PSU {label}" for label in labels)
    return tuple(f"without PSU {label} of stratum {stratum}" for label, stratum in zip(labels, strata, strict=True))


def _half_samples(design: SurveyDesign, rho: float) -> ReplicateWeights:
    # The first column is the same for all replicates: without it the replicates' weights average to the design's.
    signs = hadamard_matrix(design.n_strata + 1)[:, 1 : design.n_strata + 1]
    second = _rank_within_stratum(design.stratum_of_psu) == 1
    factors = 1.0 + (1.0 - rho) * np.where(second, -1.0, 1.0) * signs[:, design.stratum_of_psu]
    name = "balanced repeated replication" if rho == 0.0 else f"half-samples by Fay, rho = {rho:g}"
    return from_matrix(f"{name}, {len(signs)} replicates", factors, 1.0 / (len(signs) * (1.0 - rho) ** 2))


def _bootstrap(design: SurveyDesign, size: Indices, number: int, seed: int) -> ReplicateWeights:
    random = np.random.default_rng(seed)
    factors = np.empty((number, design.n_psu))
    order = np.argsort(design.stratum_of_psu, kind="stable")
    for n in np.unique(size):  # strata of one size are drawn together
        psus = order[size[design.stratum_of_psu[order]] == n]
        drawn = random.multinomial(n - 1, np.full(n, 1.0 / n), size=(number, len(psus) // n))
        factors[:, psus] = drawn.reshape(number, -1) * (n / (n - 1.0))
    return from_matrix(f"rescaled bootstrap, {number} replicates, seed {seed}", factors, 1.0 / (number - 1))


def _rank_within_stratum(stratum_of_psu: Indices) -> Indices:
    order = np.argsort(stratum_of_psu, kind="stable")
    ordered = stratum_of_psu[order]
    rank = np.empty(len(order), dtype=np.intp)
    rank[order] = np.arange(len(order)) - np.searchsorted(ordered, ordered)
    return rank


def _check_options(method: str, given: dict[str, float | int | None]) -> None:
    if method not in get_args(Method):
        raise DesignError(f"method={method!r} is unknown; there are {', '.join(map(repr, get_args(Method)))}")
    foreign = [name for name, value in given.items() if value is not None and name not in OPTIONS[method]]
    absent = [name for name in OPTIONS[method] if given[name] is None]
    if foreign:
        raise DesignError(f"method={method!r} takes no {' or '.join(foreign)}; leave it out")
    if absent:
        raise DesignError(f"method={method!r} needs {' and '.join(absent)}: e.g. {_example(method)}")
    rho, number = given["rho"], given["number"]
    if rho is not None and not 0.0 <= rho < 1.0:
        raise DesignError(f"rho={rho} is no factor of Fay's method; give 0 <= rho < 1, as 0.3")
    if number is not None and number < 2:
        raise DesignError(f"number={number} replicates give no variance; give 2 or more, as 500")


def _example(method: str) -> str:
    return 'method="fay", rho=0.3' if method == "fay" else 'method="bootstrap", number=500, seed=1'


def _refuse_sizes(design: SurveyDesign, wrong: npt.NDArray[np.bool_], what: str, mend: str) -> None:
    strata: Sequence[int] = np.flatnonzero(wrong).tolist()
    if strata:
        shown = ", ".join(str(design.stratum_label(stratum)) for stratum in strata[:10])
        more = f" and {len(strata) - 10} more" if len(strata) > 10 else ""
        raise DesignError(f"{len(strata)} strata have {what}: {shown}{more} (of {design.strata!r}); {mend}")
