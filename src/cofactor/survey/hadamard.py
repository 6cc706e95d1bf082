"""Hadamard matrices: signs whose columns are orthogonal, so that few half-samples stand for all."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def hadamard_matrix(at_least: int) -> Floats:
    r"""Return a Hadamard matrix, +1 and -1 with :math:`H'H = mI`, whose first column is all +1.

    Its order m is the smallest, `at_least` or more, that Sylvester's doubling and Paley's two constructions over primes
    give: at most a few multiples of 4 above the smallest there is.

    Parameters
    ----------
    at_least : int
        1 or more.

    Returns
    -------
    array (m, m)

    Notes
    -----
    Paley REAC (1933), On orthogonal matrices. Journal of Mathematics and Physics 12:311-320.
    doi:10.1002/sapm1933121311

    Examples
    --------
    >>> hadamard_matrix(3).astype(int).tolist()
    [[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]]
    """
    order = max(at_least, 1)
    while (made := _of_order(order)) is None:
        order += 1
    return made * made[:, :1]


def _of_order(order: int) -> Floats | None:
    """Return a matrix of this very order, or None where these constructions have none."""
    if order == 1:
        return np.ones((1, 1))
    if order % 2 or (order > 2 and order % 4):
        return None
    half = _of_order(order // 2)
    if half is not None:
        return np.block([[half, half], [half, -half]])
    if _is_prime(order - 1):
        return _bordered(order - 1, -1.0) + np.eye(order)
    if _is_prime(order // 2 - 1) and order // 2 % 4 == 2:
        plus, turned = np.array([[1.0, 1.0], [1.0, -1.0]]), np.array([[1.0, -1.0], [-1.0, -1.0]])
        return np.asarray(np.kron(_bordered(order // 2 - 1, 1.0), plus) + np.kron(np.eye(order // 2), turned))
    return None


def _bordered(prime: int, corner: float) -> Floats:
    """Return the matrix of quadratic residues of the differences, bordered by 1 above and `corner` at the left."""
    numbers = np.arange(prime)
    residue = np.full(prime, -1.0)
    residue[numbers**2 % prime] = 1.0
    residue[0] = 0.0
    made = np.zeros((prime + 1, prime + 1))
    made[0, 1:], made[1:, 0] = 1.0, corner
    made[1:, 1:] = residue[(numbers[:, np.newaxis] - numbers) % prime]
    return made


def _is_prime(number: int) -> bool:
    return number > 1 and all(number % divisor for divisor in range(2, int(number**0.5) + 1))
