"""Progress bars on long work, in a terminal and in a notebook."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any, TypeVar

Item = TypeVar("Item")

AFTER_SECONDS = 2.0
"""A bar appears on work that takes longer."""


def bars_are_seen() -> bool:
    """Return whether somebody can see a bar: in a terminal or a notebook, and not in a worker of joblib.

    A bar in a file or a pipe is noise, and two processes that draw in one terminal write over each other.
    """
    if multiprocessing.parent_process() is not None:
        return False
    return sys.stderr.isatty() or in_notebook()


def in_notebook() -> bool:
    """Return whether this runs in the kernel of a notebook."""
    return notebook_shell() is not None


def notebook_shell() -> Any | None:
    """Return the shell of the notebook that this runs in, or None."""
    # Whoever runs in a notebook has IPython loaded; to ask for it must not load it.
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    return shell if shell is not None and "IPKernelApp" in shell.config else None


def progress(
    items: Iterable[Item], *, label: str, unit: str, total: int | None = None, wanted: bool = True
) -> Iterator[Item]:
    """Yield the items beside a bar that shows how many are done; without one where nobody would see it.

    Parameters
    ----------
    items : iterable
    label : str
        What is being done.
    unit : str
        What an item is, in the singular.
    total : int, optional
        How many there are, where `items` does not know its length.
    wanted : bool
        False: no bar anywhere.

    Examples
    --------
    >>> list(progress([1, 2, 3], label="models", unit="model"))
    [1, 2, 3]
    """
    if not (wanted and bars_are_seen()):
        yield from items
        return
    yield from _bar_class()(items, total=total, desc=label, unit=unit, delay=AFTER_SECONDS, leave=False)


@contextmanager
def progress_bar(total: int, *, label: str, unit: str) -> Iterator[Callable[[int], object]]:
    """Give a function that is told how many more are done, for work that comes in batches.

    Examples
    --------
    >>> with progress_bar(10, label="replicates", unit="replicate") as done:
    ...     _ = done(10)
    """
    if not bars_are_seen():
        yield _nowhere
        return
    with _bar_class()(total=total, desc=label, unit=unit, delay=AFTER_SECONDS, leave=False) as bar:
        yield bar.update


def _bar_class() -> Any:
    """Return tqdm's bar for a terminal or a notebook; in a notebook without widgets the one of text, without a word."""
    if in_notebook() and find_spec("ipywidgets") is None:
        from tqdm import tqdm as of_text

        return of_text
    from tqdm.auto import tqdm

    return tqdm


def _nowhere(count: int) -> None:
    """Take the count where nobody looks."""
