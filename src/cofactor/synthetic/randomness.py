"""Random numbers by name: each topic of each cycle has a stream of its own, so that one topic never moves another."""

from __future__ import annotations

import zlib

import numpy as np
import numpy.typing as npt

from cofactor.errors import StudyError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def stream(seed: int, *topic: str) -> np.random.Generator:
    """Return the generator of a topic, the same for the same seed and names.

    Raises
    ------
    StudyError
        A seed that is not a whole number from 0 up.

    Examples
    --------
    >>> bool(stream(1, "2005-2006", "diet").random() == stream(1, "2005-2006", "diet").random())
    True
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise StudyError(f"the seed of synthetic people is a whole number from 0 up, and not {seed!r}")
    return np.random.default_rng([seed, *(zlib.crc32(name.encode()) for name in topic)])


def choose(rng: np.random.Generator, logits: Floats) -> Ints:
    """Return for each row (n, k) of `logits` one of 0..k-1, with probabilities in proportion to exp(logit)."""
    # The largest of logits with Gumbel noise falls on each place with just these probabilities.
    return np.asarray(np.argmax(logits + rng.gumbel(size=logits.shape), axis=1))


def draw(rng: np.random.Generator, probabilities: tuple[float, ...], size: int) -> Ints:
    """Return `size` numbers of 0..k-1 with these probabilities (scaled to add up to 1)."""
    shares = np.asarray(probabilities)
    return rng.choice(shares.size, size=size, p=shares / shares.sum())
