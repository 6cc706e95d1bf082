"""Run many small tasks on the workers of joblib, with a progress bar."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, TypeVar

from cofactor.progress import progress as shown_progress

Result = TypeVar("Result")

WORTH_A_POOL = 12
"""Tasks below which starting processes costs more than it saves."""


def with_bar(results: Iterable[Result], *, total: int, label: str, progress: bool) -> Iterator[Result]:
    """Yield `results` of files beside a bar, which is off where nobody would see it."""
    yield from shown_progress(results, total=total, label=label, unit="file", wanted=progress)


def in_parallel(
    function: Callable[..., Result],
    arguments: Sequence[tuple[object, ...]],
    *,
    jobs: int,
    label: str,
    progress: bool = True,
    prefer: Literal["processes", "threads"] = "processes",
) -> list[Result]:
    """Return `function(*one)` for each of `arguments`, in their order; the first error ends it.

    The backend is joblib's, so `joblib.parallel_config` moves the work to another one.
    """
    from joblib import Parallel, delayed

    if prefer == "processes" and len(arguments) < WORTH_A_POOL:
        jobs = 1
    run = Parallel(n_jobs=jobs, prefer=prefer, return_as="generator")
    results = run(delayed(function)(*one) for one in arguments)
    return list(with_bar(results, total=len(arguments), label=label, progress=progress))
