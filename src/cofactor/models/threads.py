"""One BLAS thread for many small matrix products.

The blocks of a Cox fit are too small to share: on a busy machine a second BLAS thread, which waits spinning, made a
pass twenty times slower, and on a quiet one it gained nothing. Whole fits are what runs side by side.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache

from threadpoolctl import ThreadpoolController


@cache
def _controller() -> ThreadpoolController:
    """Look for the BLAS libraries once: the search takes longer than a pass."""
    return ThreadpoolController()


def one_blas_thread() -> AbstractContextManager[object]:
    """Return a context in which BLAS uses one thread."""
    limit: AbstractContextManager[object] = _controller().limit(limits=1, user_api="blas")
    return limit
