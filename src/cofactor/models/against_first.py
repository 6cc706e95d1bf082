"""Cells against the first of them, time by time: differences and ratios with their covariance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cofactor.survey.estimate import Estimate, delta, linear


def against_first(cells: Estimate, size: int) -> tuple[Estimate, Estimate | None]:
    """Return differences, and ratios by their logarithm, of each cell against the first of its block.

    The ratios are None where a value is not positive.

    Parameters
    ----------
    cells : Estimate
        Blocks of `size` values one after the other; the labels end in term.
    size : int
        Two or more.
    """
    blocks = len(cells.values) // size
    matrix = np.kron(np.eye(blocks), np.hstack([-np.ones((size - 1, 1)), np.eye(size - 1)]))
    terms = np.reshape(cells.terms, (blocks, size))
    names = [f"{other} against {row[0]}" for row in terms for other in row[1:]]
    labels = cells.labels[np.tile(np.arange(size) > 0, blocks)].reset_index(drop=True).assign(term=names)
    differences = replace(linear(cells, matrix, names), labels=labels, tested=True)
    if not (cells.values > 0.0).all():
        return differences, None
    logs = replace(delta(cells, np.log, list(cells.terms)), limits=None)
    return differences, replace(linear(logs, matrix, names), labels=labels, tested=True, log_scale=True)
