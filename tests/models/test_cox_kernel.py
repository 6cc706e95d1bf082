"""The kernel of the Cox fit by hand, by numerical derivatives, and by what must not change its answers."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import optimize

from cofactor.errors import FitError
from cofactor.models.cox_kernel import solve_cox, state_at
from cofactor.models.cox_matrix import centred
from cofactor.models.cox_pass import scores
from cofactor.models.cox_slots import risk_slots

CONFIGURATIONS = list(itertools.product(["efron", "breslow"], [False, True], [False, True]))


def people(delayed: bool, strata: bool, n: int = 400, seed: int = 5):
    """Return matrix, and the arguments of `risk_slots`, with heavy ties and some zero weights."""
    rng = np.random.default_rng(seed)
    X = np.column_stack([rng.normal(size=n), rng.random(n) < 0.4, rng.normal(size=n)]).astype(float)
    time = np.ceil(rng.exponential(6.0, n) * np.exp(-0.5 * X[:, 0])).clip(1, 15)
    entry = np.floor(rng.random(n) * time) if delayed else None
    weights = np.where(rng.random(n) < 0.1, 0.0, rng.lognormal(0.0, 0.7, n))
    stratum = rng.integers(0, 3, n) if strata else None
    return X, {"time": time, "event": rng.random(n) < 0.6, "weights": weights, "entry": entry, "stratum": stratum}


def slots_of(follow_up, ties="efron"):
    follow_up = dict(follow_up)
    return risk_slots(follow_up.pop("time"), follow_up.pop("event"), follow_up.pop("weights"), ties=ties, **follow_up)


def matrix_of(X):
    return centred(X, X.mean(axis=0))


def fit(X, follow_up, ties="efron"):
    return solve_cox(matrix_of(X), slots_of(follow_up, ties), [f"x{j}" for j in range(X.shape[1])], "the model")


def brute_force(X, time, event, weights, entry, stratum, ties, b):
    """The weighted log partial likelihood as its definition has it: a loop over times and steps of the ladder."""
    entry = np.full(len(time), -np.inf) if entry is None else entry
    stratum = np.zeros(len(time), dtype=int) if stratum is None else stratum
    risk = weights * np.exp(X @ b)
    total = 0.0
    for s in np.unique(stratum):
        for t in np.unique(time[event & (weights > 0) & (stratum == s)]):
            at_risk = (stratum == s) & (entry < t) & (t <= time)
            dead = at_risk & (time == t) & event & (weights > 0)
            d, mean = dead.sum(), weights[dead].mean()
            total += weights[dead] @ (X[dead] @ b)
            for step in range(d):
                share = step / d if ties == "efron" else 0.0
                total -= mean * np.log(risk[at_risk].sum() - share * risk[dead].sum())
    return total


@pytest.mark.parametrize(("ties", "delayed", "strata"), CONFIGURATIONS)
def test_log_likelihood_equals_its_definition(ties, delayed, strata):
    X, follow_up = people(delayed, strata)
    b = np.array([0.3, -0.4, 0.1])
    state = state_at(matrix_of(X), slots_of(follow_up, ties), b)
    np.testing.assert_allclose(state.log_likelihood, brute_force(X, **follow_up, ties=ties, b=b), rtol=1e-12)


@pytest.mark.parametrize(("ties", "delayed", "strata"), CONFIGURATIONS)
def test_score_and_information_are_its_derivatives(ties, delayed, strata):
    X, follow_up = people(delayed, strata)
    slots, matrix, b, h = slots_of(follow_up, ties), matrix_of(X), np.array([0.3, -0.4, 0.1]), 1e-5
    state = state_at(matrix, slots, b)
    for j, unit in enumerate(np.eye(3) * h):
        up, down = (state_at(matrix, slots, b + sign * unit) for sign in (1, -1))
        np.testing.assert_allclose(
            state.score[j], (up.log_likelihood - down.log_likelihood) / (2 * h), rtol=1e-6, atol=1e-6
        )
        np.testing.assert_allclose(state.information[j], (down.score - up.score) / (2 * h), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(("ties", "delayed", "strata"), CONFIGURATIONS)
def test_influence_is_what_a_change_of_a_weight_does_to_the_coefficients(ties, delayed, strata):
    X, follow_up = people(delayed, strata, n=150)
    solution = fit(X, follow_up, ties)
    influence = solution.influence(matrix_of(X), slots_of(follow_up, ties))
    for i in np.flatnonzero(follow_up["weights"])[[0, 10, 50, 90]]:
        ends = []
        for factor in (1 + 1e-4, 1 - 1e-4):
            weights = follow_up["weights"].copy()
            weights[i] *= factor
            ends.append(fit(X, {**follow_up, "weights": weights}, ties).coefficients)
        np.testing.assert_allclose(influence[i], (ends[0] - ends[1]) / 2e-4, atol=1e-8)


@pytest.mark.parametrize(("ties", "delayed", "strata"), CONFIGURATIONS)
def test_at_the_maximum_scores_sum_to_zero_and_hazards_account_for_all_deaths(ties, delayed, strata):
    X, follow_up = people(delayed, strata)
    solution, slots = fit(X, follow_up, ties), slots_of(follow_up, ties)
    total = np.concatenate(list(solution.scores(matrix_of(X), slots))).sum(axis=0)
    np.testing.assert_allclose(total, 0.0, atol=1e-8)
    at = solution.hazards
    np.testing.assert_allclose(at.a @ at.s0 - at.b @ at.e0, slots.death_weight.sum(), rtol=1e-13)


@pytest.mark.parametrize(("ties", "delayed", "strata"), CONFIGURATIONS)
def test_the_information_of_predicted_hazards_is_the_exact_one_at_the_maximum(ties, delayed, strata):
    X, follow_up = people(delayed, strata)
    solution, slots = fit(X, follow_up, ties), slots_of(follow_up, ties)
    exact = state_at(matrix_of(X), slots, solution.coefficients)
    np.testing.assert_allclose(solution.inverse_information @ exact.information, np.eye(3), atol=1e-10)


def test_seven_people_by_hand():
    # Exits 1 (death), 2 (two deaths), 3, 4 (death), 5, 6; x = 1 for the first, third and fifth; all weights 1. With
    # r = exp(b): at 1 the risk set has 3 r + 4; at 2, 2 r + 4 with the deaths r + 1 tied; at 4, r + 2 with death x = 0.
    x = np.array([1.0, 0, 1, 0, 1, 0, 0])[:, np.newaxis]
    time = np.array([1.0, 2, 2, 3, 4, 5, 6])
    event = np.array([True, True, True, False, False, True, False])
    b = 0.7
    r = np.exp(b)
    # deaths: at 1 (x = 1), at 2 (x = 0 and x = 1), at 5 (x = 0)
    expected = 2 * b - np.log(3 * r + 4) - np.log(2 * r + 4) - np.log(2 * r + 4 - (r + 1) / 2) - np.log(2)
    slots = risk_slots(time, event, np.ones(7))
    state = state_at(centred(x, np.zeros(1)), slots, np.array([b]))
    np.testing.assert_allclose(state.log_likelihood, expected, rtol=1e-14)
    score = 2 - 3 * r / (3 * r + 4) - 2 * r / (2 * r + 4) - 1.5 * r / (1.5 * r + 3.5)
    np.testing.assert_allclose(state.score, score, rtol=1e-14)
    information = sum(q * (1 - q) for q in (3 * r / (3 * r + 4), 2 * r / (2 * r + 4), 1.5 * r / (1.5 * r + 3.5)))
    np.testing.assert_allclose(state.information, information, rtol=1e-13)
    hazard = [1 / (3 * r + 4), 1 / (2 * r + 4) + 1 / (1.5 * r + 3.5), 1 / 2]
    np.testing.assert_allclose(state.hazards.a[slots.live], hazard, rtol=1e-14)
    first = next(scores(centred(x, np.zeros(1)), slots, np.array([b]), state.hazards))[0]
    np.testing.assert_allclose(first, 1 - 3 * r / (3 * r + 4) - hazard[0] * r * (1 - 3 * r / (3 * r + 4)), rtol=1e-13)


@pytest.mark.parametrize(("ties", "delayed", "strata"), CONFIGURATIONS)
def test_shift_scale_and_order_change_nothing(ties, delayed, strata):
    X, follow_up = people(delayed, strata)
    reference = fit(X, follow_up, ties)
    order = np.random.default_rng(1).permutation(len(X))
    changed = [
        (X + 1e4 * np.array([1.0, -1.0, 1.0]), follow_up),
        (X, {**follow_up, "weights": 1e3 * follow_up["weights"]}),
        (X[order], {name: value if value is None else value[order] for name, value in follow_up.items()}),
    ]
    for values, other in changed:
        np.testing.assert_allclose(fit(values, other, ties).coefficients, reference.coefficients, rtol=1e-9)


def test_a_scaled_column_has_the_scaled_coefficient():
    X, follow_up = people(delayed=False, strata=False)
    scale = np.array([1e-6, 1.0, 1e6])
    np.testing.assert_allclose(
        fit(X * scale, follow_up).coefficients * scale, fit(X, follow_up).coefficients, rtol=1e-10
    )


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_one_cox_stratum_is_none_and_zero_weights_are_nobody(ties):
    X, follow_up = people(delayed=True, strata=False)
    reference = fit(X, follow_up, ties)
    single = fit(X, {**follow_up, "stratum": np.zeros(len(X), dtype=int)}, ties)
    np.testing.assert_array_equal(single.coefficients, reference.coefficients)
    kept = follow_up["weights"] > 0
    fewer = fit(X[kept], {k: v if v is None else v[kept] for k, v in follow_up.items()}, ties)
    np.testing.assert_allclose(fewer.coefficients, reference.coefficients, rtol=1e-11)
    np.testing.assert_allclose(fewer.inverse_information, reference.inverse_information, rtol=1e-11)


@pytest.mark.parametrize("delayed", [False, True])
@pytest.mark.parametrize("strata", [False, True])
def test_whole_months_half_months_and_any_numbers_make_the_same_risk_sets(delayed, strata):
    X, follow_up = people(delayed, strata)
    reference = fit(X, follow_up)
    entry = follow_up["entry"]
    for change in (lambda t: t / 2, lambda t: np.exp(t / 7.0), lambda t: t * 1e5, lambda t: t * 1e7):
        moved = {**follow_up, "time": change(follow_up["time"]), "entry": None if entry is None else change(entry)}
        np.testing.assert_allclose(fit(X, moved).coefficients, reference.coefficients, rtol=1e-12)


@pytest.mark.parametrize("strata", [False, True])
def test_entry_before_the_first_event_is_no_late_entry(strata):
    X, follow_up = people(delayed=False, strata=strata)
    reference = fit(X, follow_up)
    early = fit(X, {**follow_up, "entry": np.zeros(len(X))})
    np.testing.assert_allclose(early.coefficients, reference.coefficients, rtol=1e-12)
    np.testing.assert_allclose(early.inverse_information, reference.inverse_information, rtol=1e-12)


def test_integer_weights_are_repeated_rows_under_breslow():
    X, follow_up = people(delayed=True, strata=True)
    weights = np.random.default_rng(2).integers(1, 4, len(X))
    repeated = {k: np.repeat(v, weights) for k, v in follow_up.items()} | {"weights": np.ones(weights.sum())}
    once = fit(X, {**follow_up, "weights": weights.astype(float)}, "breslow")
    again = fit(np.repeat(X, weights, axis=0), repeated, "breslow")
    np.testing.assert_allclose(once.coefficients, again.coefficients, rtol=1e-11)


def test_a_small_risk_set_at_young_ages_keeps_its_digits():
    # One pair alone at the youngest ages, with a weight of 1e-9 of the rest, who all enter later.
    X, follow_up = people(delayed=False, strata=False, n=300)
    follow_up["entry"] = 100.0 + np.zeros(300)
    follow_up["time"] = follow_up["time"] + 100.0
    weights = np.append(follow_up["weights"] * 1e9, [1.0, 2.0])
    early = {
        "time": np.append(follow_up["time"], [3.0, 5.0]), "entry": np.append(follow_up["entry"], [0.0, 0.0]),
        "event": np.append(follow_up["event"], [True, False]), "weights": weights, "stratum": None,
    }  # fmt: skip
    values = np.vstack([X, [[1.0, 0, 0], [0.0, 1, 0]]])
    slots = slots_of(early)
    at = state_at(matrix_of(values), slots, np.zeros(3)).hazards
    np.testing.assert_allclose(at.s0[1], 3.0, rtol=1e-12)


def test_a_heavy_tailed_covariate_converges_by_halving_steps():
    X, follow_up = people(delayed=False, strata=False)
    heavy = np.column_stack([X, np.random.default_rng(4).standard_cauchy(len(X)) ** 3])
    solution = fit(heavy, follow_up)
    assert np.isfinite(solution.coefficients).all()
    np.testing.assert_allclose(
        solution.score / np.sqrt(np.diag(np.linalg.inv(solution.inverse_information))), 0, atol=1e-6
    )


def test_a_group_without_events_is_flagged_and_leaves_the_others_alone():
    X, follow_up = people(delayed=False, strata=False)
    immune = (np.arange(len(X)) % 10 == 0).astype(float)
    follow_up["event"] = follow_up["event"] & (immune == 0)
    solution = fit(np.column_stack([X, immune]), follow_up)
    assert solution.monotone == (3,)
    assert solution.coefficients[3] < -10
    rest = {k: v if v is None else v[immune == 0] for k, v in follow_up.items()}
    np.testing.assert_allclose(solution.coefficients[:3], fit(X[immune == 0], rest).coefficients, rtol=1e-6)


def test_collinear_columns_are_named():
    X, follow_up = people(delayed=False, strata=False)
    with pytest.raises(FitError, match="x3 depends on x0, x1"):
        fit(np.column_stack([X, X[:, 0] - 2 * X[:, 1]]), follow_up)


def test_a_column_constant_within_cox_strata_is_named():
    X, follow_up = people(delayed=False, strata=True)
    with pytest.raises(FitError, match="x3 of 'the model' does not vary among those at risk together"):
        fit(np.column_stack([X, follow_up["stratum"] * 2.5]), follow_up)


def test_a_long_first_step_does_not_lose_the_fit():
    """The information predicted after it is none (it has a negative direction): the exact one must take its place."""
    rng = np.random.default_rng(29)
    n = 200
    x, z = rng.normal(size=n), rng.normal(size=n)
    hazard = np.exp(0.8 * x + 0.8 * z + 1.5 * x * z)
    time, end = rng.exponential(1 / hazard), rng.uniform(0.5, 4, n)
    died, weights = time <= end, rng.lognormal(0, 0.4, n)
    columns = np.column_stack([x, z, x * z])
    order = np.argsort(np.minimum(time, end))
    columns, died, weights = columns[order], died[order], weights[order] / weights.mean()

    def loss(b):
        eta = columns @ b
        at_risk = np.cumsum((weights * np.exp(eta))[::-1])[::-1]
        return -float(weights[died] @ (eta[died] - np.log(at_risk[died])))

    slots = risk_slots(np.sort(np.minimum(time, end)), died, weights, ties="efron")
    found = solve_cox(centred(columns, np.zeros(3)), slots, ("x", "z", "x:z"), "x*z")
    best = optimize.minimize(loss, found.coefficients, method="BFGS", options={"gtol": 1e-9})
    np.testing.assert_allclose(found.coefficients, best.x, rtol=1e-5)
    assert np.abs(found.score).max() < 1e-6
