"""The choice between numpy and the compiled kernel for reading a Cox fit's matrix, and the compiled readings.

numba is an extra (``pip install "cofactor[fast]"``). Where it is installed, fits of many rows take the compiled
readings by themselves; smaller ones stay with numpy, since bringing numba into a process costs more than they take.
The environment variable ``COFACTOR_KERNEL`` decides otherwise: ``numpy`` never compiles, ``compiled`` always does and
is an error where numba is absent. The two agree to rounding. The first compiled fit on a computer compiles for some
seconds; numba keeps the result beside the package, or in the user's cache where that folder cannot be written.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from cofactor.errors import FitError
from cofactor.models.cox_matrix import CentredMatrix, CoxMatrix, StreamedMatrix
from cofactor.models.cox_slots import RiskSlots

if TYPE_CHECKING:
    from cofactor.models.cox_sums import Hazards, Ladder

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.integer]

SWITCH = "COFACTOR_KERNEL"
MANY_ROWS = 500_000  # bringing numba and the kernel into a process takes half a second; each such fit saves a tenth
RANGE = 65_536  # rows that are added up by themselves; never by the number of threads, so that no digit depends on it


def compiled_wanted(n: int) -> bool:
    """Return whether a fit of n rows takes the compiled kernel.

    Raises
    ------
    FitError
        ``COFACTOR_KERNEL`` is neither "numpy" nor "compiled", or is "compiled" without numba.
    """
    wanted = os.environ.get(SWITCH, "")
    if wanted not in ("", "numpy", "compiled"):
        raise FitError(f"{SWITCH}={wanted!r} is unknown; there are numpy and compiled, or leave it unset")
    if wanted == "compiled" and not _numba_is_there():
        raise FitError(
            f"{SWITCH}=compiled needs numba, which is not installed or does not fit this numpy: "
            f'pip install "cofactor[fast]", or unset {SWITCH} (numpy gives the same results)'
        )
    return wanted == "compiled" or (wanted == "" and n >= MANY_ROWS and _numba_is_there())


@cache
def _numba_is_there() -> bool:
    """Whether the kernel can be used; a numba that does not fit the numpy installed is an ImportError, too."""
    try:
        _kernel()
    except ImportError:
        return False
    return True


def _kernel() -> Any:
    return import_module("cofactor.models.cox_compiled_pass")


def _slot_kernel() -> Any:
    return import_module("cofactor.models.cox_compiled_slots")


def gather(matrix: CoxMatrix, slots: RiskSlots, b: Floats, a_of: Floats, b_of: Floats) -> tuple[Floats, Floats]:
    """Read the matrix once at the coefficients b; as `cofactor.models.cox_pass.gather`."""
    kernel, q = _kernel(), len(b) + 1
    width, size = _width(q), slots.size
    cumulated = slots.cumulated(a_of)
    by_group = np.concatenate([cumulated, cumulated - b_of])
    groups = (2 if slots.entry is None else 3) * size
    coefficients = _padded(np.insert(b, 0, 0.0), width)

    def read(rows: slice) -> tuple[Floats, ...]:
        sums, gram = np.zeros((groups, width)), np.zeros((width, width))
        kernel.gather(
            *_numbers(matrix, rows), coefficients, slots.exposure[rows], _codes(slots.group, rows),
            _codes(slots.entry, rows), by_group, cumulated, sums, gram,
        )  # fmt: skip
        return sums, gram

    sums, gram = _added(read, len(matrix), groups)
    lower = np.tril(gram[1:q, 1:q])
    return sums[:, :q], lower + np.tril(lower, -1).T


def psu_scores(matrix: CoxMatrix, slots: RiskSlots, b: Floats, at: Hazards, psu_index: Codes, n_psu: int) -> Floats:
    """Return the sums of the weighted score residuals by PSU, (G, p); psu_index (n,)."""
    kernel, q = _kernel(), len(b) + 1
    width = _width(q)
    by_group = np.concatenate([at.cumulated, at.cumulated - at.b])
    drift = _beside_ones(np.concatenate([at.cumulated_xa, at.cumulated_xa - at.xb]), width)
    at_death, coefficients = _beside_ones(at.xd, width), _padded(np.insert(b, 0, 0.0), width)

    def read(rows: slice) -> tuple[Floats, ...]:
        total = np.zeros((n_psu, width))
        kernel.psu_scores(
            *_numbers(matrix, rows), coefficients, slots.exposure[rows], slots.weights[rows],
            _codes(slots.group, rows), _codes(slots.entry, rows), _codes(psu_index, rows), by_group, at.cumulated,
            drift, at_death, total,
        )  # fmt: skip
        return (total,)

    (total,) = _added(read, len(matrix), n_psu)
    return total[:, 1:q]


def over_steps(deaths: npt.NDArray[np.intp], ratio: Floats) -> Floats:
    """Return sums over the steps of Efron's ladders, (6, L); as `cofactor.models.cox_sums.over_steps`."""
    made = np.empty((6, len(deaths)))
    _slot_kernel().ladder(deaths, ratio, made)
    return made


def at_risk(slots: RiskSlots, leaving: Floats, entering: Floats) -> Floats:
    """Return the sums over those at risk from those by exit and by entry slot, (T, q) all."""
    made = np.empty_like(leaving)
    _slot_kernel().at_risk(leaving, np.ascontiguousarray(entering), slots.starts, made)
    return made


def means(slots: RiskSlots, s1: Floats, e1: Floats, made: Ladder) -> tuple[Floats, ...]:
    """Return xa, xb, xd, cumulated_xa (T, p) and score_loss (p,); as `cofactor.models.cox_sums.means`."""
    weight = np.where(slots.deaths > 0, slots.death_weight, 1.0)
    xa, xb, xd, cumulated = np.empty((4, *s1.shape))
    loss = np.zeros(s1.shape[1])
    sums = (np.ascontiguousarray(part) for part in (s1, e1))
    _slot_kernel().means(*sums, *made[:5], weight, slots.starts, xa, xb, xd, cumulated, loss)
    return xa, xb, xd, cumulated, loss


def _numbers(matrix: CoxMatrix, rows: slice) -> tuple[Floats, int, int, Floats, bool]:
    """Return numbers of some rows as they lie in memory, the steps to the next row and column, the shift, and ones.

    Only what is neither by rows nor by columns, or not of doubles, is copied: range by range.
    """
    if isinstance(matrix, CentredMatrix):
        part, shift = matrix.rows[rows], np.zeros(matrix.rows.shape[1])
    else:
        part, shift = matrix.values[rows], matrix.centre
    if part.dtype != np.float64 or not (part.strides[1] == 8 or part.strides[0] == 8) or min(part.strides) < 0:
        part = np.ascontiguousarray(part, dtype=np.float64)
    row_step, column_step = (stride // 8 for stride in part.strides)
    extent = (part.shape[0] - 1) * row_step + (part.shape[1] - 1) * column_step + 1
    flat = np.lib.stride_tricks.as_strided(part, (extent,), (8,), writeable=False)
    return flat, row_step, column_step, shift, isinstance(matrix, StreamedMatrix)


def _added(read: Callable[[slice], tuple[Floats, ...]], n: int, groups: int) -> tuple[Floats, ...]:
    """Return the sums of what `read` gives for range after range of n rows, added in the order of the ranges."""
    size = max(RANGE, 8 * groups)  # a range's own table must be small beside its rows
    ranges = [slice(start, min(start + size, n)) for start in range(0, n, size)]
    total: tuple[Floats, ...] = ()
    for made in _in_order(read, ranges):
        if not total:
            total = made
            continue
        for sums, more in zip(total, made, strict=True):
            sums += more
    return total


def _in_order(read: Callable[[slice], tuple[Floats, ...]], ranges: list[slice]) -> Iterator[tuple[Floats, ...]]:
    workers = min(threads(), len(ranges))
    if workers < 2:
        yield from map(read, ranges)
        return
    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(read, ranges)


@cache
def threads() -> int:
    """Return how many threads read the matrix: OMP_NUM_THREADS, as in BLAS, else the processors of this process."""
    asked = os.environ.get("OMP_NUM_THREADS", "")
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return int(asked) if asked.isdigit() and int(asked) > 0 else there


def _width(q: int) -> int:
    """Return q up to a multiple of 8."""
    return -(-q // 8) * 8


def _padded(values: Floats, width: int) -> Floats:
    made = np.zeros(width)
    made[: len(values)] = values
    return made


def _beside_ones(values: Floats, width: int) -> Floats:
    made = np.zeros((len(values), width))
    made[:, 1 : 1 + values.shape[1]] = values
    return made


def _codes(codes: Codes | None, rows: slice) -> npt.NDArray[np.uint32]:
    """Return codes as unsigned integers: compiled code need not ask whether they count from the end."""
    signed = np.zeros(0, np.int32) if codes is None else np.ascontiguousarray(codes[rows], dtype=np.int32)
    return signed.view(np.uint32)
