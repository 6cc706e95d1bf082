"""One chain of imputations: variable after variable from all others, round after round."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.models.imputation_compatible import draw_compatible, drawn_likelihood
from cofactor.models.imputation_problem import Problem, filled, start_values
from cofactor.models.imputation_regression import Mode, Rows
from cofactor.models.imputation_targets import draw_values
from cofactor.models.threads import one_blas_thread

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Chain:
    """The last round's values of each target (r,), the mean of every round's (rounds, targets), and the last modes."""

    values: tuple[Floats, ...]
    trace: Floats
    modes: tuple[dict[int, Mode], ...]


def run_chain(
    problem: Problem, rounds: int, rng: np.random.Generator, warm: tuple[dict[int, Mode], ...] | None = None
) -> Chain:
    """Run a chain from values drawn at random from the known ones.

    Parameters
    ----------
    problem : Problem
        It is left as it is.
    rounds : int
    rng : Generator
        The chain's own.
    warm : tuple of dict, optional
        Modes of another chain to step from. Their information matrices serve until steps with them shrink slowly.
    """
    targets = problem.targets
    values = [start_values(target, rng) for target in targets]
    frame = filled(problem.frame, targets, values)
    rows = replace(problem.rows, columns=problem.rows.columns.copy())
    for number in range(len(targets)):
        _bring_up(problem, number, frame, rows)
    modes = tuple({} for _ in targets) if warm is None else tuple(dict(one) for one in warm)
    trace = np.full((rounds, len(targets)), np.nan)
    with one_blas_thread():
        likelihood = None
        for turn in range(rounds):
            if problem.analysis is not None:
                likelihood = drawn_likelihood(problem.analysis, targets, values, likelihood, rng)
            for number, target in enumerate(targets):
                if not len(target.missing):
                    continue
                use, last = problem.use[number], modes[number]
                if likelihood is not None and problem.compatible[number]:
                    values[number] = draw_compatible(target, values[number], rows, use, last, likelihood, frame, rng)
                else:
                    values[number] = draw_values(target, rows, use, last, rng)
                frame = filled(frame, [target], [values[number]])
                _bring_up(problem, number, frame, rows)
                trace[turn, number] = values[number].mean()
    return Chain(tuple(values), trace, modes)


def _bring_up(problem: Problem, number: int, frame: pd.DataFrame, rows: Rows) -> None:
    """Make the columns of a target's terms anew, in the rows that lack it."""
    target, own = problem.targets[number], problem.own[number]
    if not len(target.missing):
        return
    made = problem.spec.new_rows(frame.iloc[target.missing], touching=target.names)[:, own]
    rows.columns[np.ix_(target.missing, own)] = (made - problem.centre[own]) / problem.scale[own]
