"""Hadamard matrices: orthogonal signs, a constant first column, and few more rows than asked."""

from __future__ import annotations

import numpy as np
import pytest

from cofactor.survey.hadamard import hadamard_matrix


@pytest.mark.parametrize("at_least", [*range(1, 70), 90, 120, 152, 200])
def test_columns_are_orthogonal_signs(at_least):
    made = hadamard_matrix(at_least)
    order = len(made)
    assert at_least <= order <= at_least + 8
    np.testing.assert_array_equal(np.abs(made), 1.0)
    np.testing.assert_array_equal(made.T @ made, order * np.eye(order))
    np.testing.assert_array_equal(made[:, 0], 1.0)
