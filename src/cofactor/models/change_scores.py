r"""The score of a change of slope at each place, in a model that has none.

With the hinge :math:`h_k = (v - c_k)_+`, the score of its coefficient at 0 is :math:`U_k = \sum_i \psi_{ik}`, all other
coefficients being those of the model without it; row i's share of it, their estimation included, is

.. math:: s_{ik} = \psi_{ik} - \psi_{i\beta} I_{\beta\beta}^{-1} I_{\beta k},

whose sum is :math:`U_k` and whose design covariance is that of U. Nothing is fitted but the model without a change.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cofactor.models.cox_kernel import state_at
from cofactor.models.cox_matrix import CentredMatrix, weighted_centre
from cofactor.models.cox_pass import scores
from cofactor.models.cox_rows import rows_of
from cofactor.models.families import family_of
from cofactor.models.fit import Fit
from cofactor.models.formula import response_values
from cofactor.models.irls import working_parts
from cofactor.models.threads import one_blas_thread

Floats = npt.NDArray[np.float64]


def change_scores(plain: Fit, seen: Floats, places: Floats) -> Floats:
    """Return the effective scores (n, K) of a change of slope at each place; 0 for rows that are not used.

    plain : a Cox model, or a generalised linear model. seen : values (m,) of the variable on the rows used. places : K.
    """
    hinges = np.maximum(seen[:, np.newaxis] - places, 0.0) / float(np.std(seen))
    with one_blas_thread():
        used = (_of_cox if plain.kind == "cox" else _of_glm)(plain, hinges)
    made = np.zeros((plain.used_rows.size, len(places)))
    made[plain.used_rows] = used
    return made


def _of_cox(plain: Fit, hinges: Floats) -> Floats:
    matrix, slots = rows_of(plain, "a change point")
    more = hinges - weighted_centre(hinges, slots.weights)
    both = CentredMatrix(np.hstack([matrix.rows, more]), np.zeros(matrix.rows.shape[1] - 1 + hinges.shape[1]))
    b = np.append(plain.estimate.values, np.zeros(hinges.shape[1]))
    state = state_at(both, slots, b)
    psi = np.concatenate(list(scores(both, slots, b, state.hazards)))
    return _effective(psi, state.information, len(plain.terms))


def _of_glm(plain: Fit, hinges: Floats) -> Floats:
    """The information is the expected one, as in the fit; a dispersion is orthogonal to the means."""
    design, rows = plain.design, plain.used_rows
    family, link = family_of(str(plain.family), plain.link)
    x = plain.spec.new_rows(design.data.loc[rows])
    y = response_values(plain.spec.parsed, design.data, rows)[rows]
    weights = design.weights[rows] / design.weights[rows].mean()
    model = family.model(link, plain.extra.get("alpha", 1.0))
    share, residual, _ = working_parts(y, weights, x @ plain.estimate.values, model)
    both = np.hstack([x, hinges])
    return _effective(both * residual[:, np.newaxis], (both * share[:, np.newaxis]).T @ both, x.shape[1])


def _effective(psi: Floats, information: Floats, p: int) -> Floats:
    """Return the scores (m, K) of the last columns, less their projection on those of the first p."""
    return np.asarray(psi[:, p:] - psi[:, :p] @ np.linalg.solve(information[:p, :p], information[:p, p:]))
