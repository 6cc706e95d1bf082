"""The compiled readings give numpy's results, by themselves where there are many rows, and their switch says so."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys

import numpy as np
import pytest

from cofactor.errors import FitError
from cofactor.models import cox_compiled
from cofactor.models.cox_compiled import MANY_ROWS, compiled_wanted
from cofactor.models.cox_kernel import solve_cox, state_at
from cofactor.models.cox_matrix import StreamedMatrix, centred
from cofactor.models.cox_slots import risk_slots

pytest.importorskip("numba")

COLUMNS = ["age", "smoker", "dose", "income", "distance"]
CONFIGURATIONS = list(itertools.product(["efron", "breslow"], [False, True], [False, True], ["months", "days"]))


def people(*, delayed=False, strata=False, unit="months", n=3000, seed=3, deaths=0.5, offset=True, zero=0.2):
    """Return matrix, the arguments of `risk_slots`, and the PSU of each of n people."""
    rng = np.random.default_rng(seed)
    X = np.column_stack([rng.normal(size=(n, 4)), rng.random(n) < 0.4]).astype(float)
    scale = 12 if unit == "months" else 3000
    time = np.ceil(rng.exponential(scale, n) * np.exp(-0.4 * X[:, 0])).clip(1, 2 * scale)
    follow_up = {
        "time": time,
        "event": rng.random(n) < deaths,
        "weights": np.where(rng.random(n) < zero, 0.0, rng.lognormal(0.0, 0.7, n)),
        "entry": np.floor(rng.random(n) * time) if delayed else None,
        "stratum": rng.integers(0, 3, n) if strata else None,
        "offset": rng.normal(0.0, 0.2, n) if offset else None,
    }
    return X, follow_up, rng.integers(0, 40, n)


def fitted(monkeypatch, kernel, X, follow_up, psu, ties="efron"):
    """Return coefficients, inverse information, log-likelihood and PSU totals of the influence by a kernel."""
    monkeypatch.setenv("COFACTOR_KERNEL", kernel)
    slots = risk_slots(**follow_up, ties=ties)
    matrix = centred(X, X.mean(axis=0))
    solution = solve_cox(matrix, slots, [f"x{j}" for j in range(X.shape[1])], "the model")
    totals = solution.psu_totals(matrix, slots, psu, 40)
    return solution.coefficients, solution.inverse_information, np.array([solution.log_likelihood]), totals


def assert_same(monkeypatch, *given, ties="efron", relative=1e-10):
    pairs = zip(*(fitted(monkeypatch, kernel, *given, ties) for kernel in ("numpy", "compiled")), strict=True)
    for by_numpy, by_compiled in pairs:
        np.testing.assert_allclose(by_compiled, by_numpy, rtol=0, atol=relative * np.abs(by_numpy).max())


@pytest.mark.parametrize(("ties", "delayed", "strata", "unit"), CONFIGURATIONS)
def test_both_kernels_agree(monkeypatch, ties, delayed, strata, unit):
    # With an offset and a fifth of the rows at weight 0, as outside a domain.
    assert_same(monkeypatch, *people(delayed=delayed, strata=strata, unit=unit), ties=ties)


@pytest.mark.parametrize(
    "case",
    [
        {"n": 63}, {"n": 64}, {"n": 65, "delayed": True},  # around a tile
        {"deaths": 1.0, "zero": 0.0},  # hundreds of tied deaths a month
        {"offset": False, "delayed": True},
    ],
    ids=lambda case: ", ".join(f"{name}={value}" for name, value in case.items()),
)  # fmt: skip
def test_both_kernels_agree_on(monkeypatch, case):
    assert_same(monkeypatch, *people(**case), relative=1e-9 if case.get("n", 3000) < 100 else 1e-10)


@pytest.mark.parametrize("p", [1, 7, 8, 15, 16, 17])
def test_any_number_of_columns(monkeypatch, p):
    X, follow_up, psu = people()
    wide = np.random.default_rng(8).normal(size=(len(X), p))
    assert_same(monkeypatch, wide, follow_up, psu)


def test_columns_far_from_zero_keep_their_digits(monkeypatch):
    X, follow_up, psu = people(delayed=True)
    assert_same(monkeypatch, X + 1e4 * np.array([1.0, -1.0, 0.0, 1.0, 1.0]), follow_up, psu, relative=1e-9)


def test_ranges_and_threads_change_no_digit(monkeypatch):
    # Sums are taken over ranges of rows whose bounds depend on the data alone.
    given = people(delayed=True, n=6000)
    monkeypatch.setattr(cox_compiled, "RANGE", 512)
    made = []
    for count in (1, 2, 5):
        monkeypatch.setattr(cox_compiled, "threads", lambda count=count: count)
        made.append(fitted(monkeypatch, "compiled", *given))
    for other in made[1:]:
        for one, two in zip(made[0], other, strict=True):
            np.testing.assert_array_equal(one, two)
    for by_ranges, whole in zip(made[0], fitted(monkeypatch, "numpy", *given), strict=True):
        np.testing.assert_allclose(by_ranges, whole, rtol=0, atol=1e-10 * np.abs(whole).max())


def test_an_absurd_step_is_not_finite_or_unlikely(monkeypatch):
    X, follow_up, _ = people()
    matrix, slots, b = centred(X, X.mean(axis=0)), risk_slots(**follow_up), np.full(5, 1e3)
    states = []
    for kernel in ("numpy", "compiled"):
        monkeypatch.setenv("COFACTOR_KERNEL", kernel)
        with np.errstate(all="ignore"):
            states.append(state_at(matrix, slots, b))
    assert not states[0].finite
    assert not states[1].finite or states[1].log_likelihood < -1e5
    with np.errstate(all="ignore"):
        assert not state_at(matrix, slots, np.array([0.0, np.nan, 0.0, 0.0, 0.0])).finite


@pytest.mark.parametrize(
    ("value", "n", "wanted"),
    [
        ("", 10, False), ("", MANY_ROWS - 1, False), ("", MANY_ROWS, True),
        ("numpy", 10 * MANY_ROWS, False), ("compiled", 10, True),
    ],
)  # fmt: skip
def test_which_kernel_is_taken(monkeypatch, value, n, wanted):
    monkeypatch.setenv("COFACTOR_KERNEL", value)
    assert compiled_wanted(n) is wanted


def test_without_numba_numpy_is_taken_unless_the_compiled_one_is_asked_for(monkeypatch):
    monkeypatch.setattr(cox_compiled, "_numba_is_there", lambda: False)
    monkeypatch.delenv("COFACTOR_KERNEL", raising=False)
    assert not compiled_wanted(MANY_ROWS)
    monkeypatch.setenv("COFACTOR_KERNEL", "compiled")
    with pytest.raises(FitError, match=r"cofactor\[fast\]"):
        compiled_wanted(10)


def test_an_unknown_kernel_is_refused(monkeypatch):
    monkeypatch.setenv("COFACTOR_KERNEL", "fortran")
    with pytest.raises(FitError, match="numpy and compiled"):
        compiled_wanted(10)


def test_a_small_fit_does_not_bring_numba_into_the_process():
    code = (
        "import sys, numpy as np, pandas as pd\n"
        "from cofactor.models import fit_cox\n"
        "from cofactor.survey import SurveyDesign\n"
        "i = np.arange(60)\n"
        "people = pd.DataFrame({'analysis_weight': 1.0, 'strata': i % 6, 'psu': i // 6 % 2,\n"
        "    'months': 1 + i * 7 % 12, 'died': i % 4 > 0, 'x': i * 5 % 11})\n"
        "fit_cox(SurveyDesign(people), 'x', time='months', event='died')\n"
        "assert 'numba' not in sys.modules\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != "COFACTOR_KERNEL"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)


@pytest.mark.parametrize(
    "layout",
    [
        np.ascontiguousarray, np.asfortranarray,
        lambda X: np.column_stack([X, X])[:, : X.shape[1]],  # columns of a wider matrix
        lambda X: np.asfortranarray(np.column_stack([X, X]))[::2, : X.shape[1]].repeat(2, axis=0)[: len(X)],
    ],
    ids=["rows", "columns", "part", "copied"],
)  # fmt: skip
def test_a_matrix_that_is_not_copied_gives_what_its_centred_copy_gives(monkeypatch, layout):
    X, follow_up, psu = people(delayed=True)
    values = layout(X)
    values.flags.writeable = False
    slots, centre = risk_slots(**follow_up), values.mean(axis=0)
    monkeypatch.setenv("COFACTOR_KERNEL", "numpy")
    copied, expected = centred(values, centre), solve_cox(centred(values, centre), slots, COLUMNS, "the model")
    for kernel in ("numpy", "compiled"):
        monkeypatch.setenv("COFACTOR_KERNEL", kernel)
        matrix = StreamedMatrix(values, centre)
        solution = solve_cox(matrix, slots, COLUMNS, "the model")
        np.testing.assert_allclose(solution.coefficients, expected.coefficients, rtol=1e-10)
        np.testing.assert_allclose(
            solution.psu_totals(matrix, slots, psu, 40), expected.psu_totals(copied, slots, psu, 40), atol=1e-12
        )


def test_where_no_folder_can_keep_compiled_code_it_is_compiled_for_this_process(monkeypatch):
    from cofactor.models import cox_compiled_pass

    asked = []

    def njit(signature, **options):
        asked.append(options.get("cache", False))
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return lambda function: function

    monkeypatch.setattr(cox_compiled_pass, "njit", njit)
    assert cox_compiled_pass.compiled("contract")(len) is len
    assert asked == [True, False]
