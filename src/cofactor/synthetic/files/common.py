"""Files that belong to no one cycle: dictionaries of products and medicines. Fixed tables, whatever the seed."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from cofactor.synthetic.files.medicines import dictionary
from cofactor.synthetic.files.products import labels

COMMON_MAKERS: tuple[Callable[[], dict[str, pd.DataFrame]], ...] = (labels, dictionary)
"""Each returns tables by the name of the file, ending included: numbers, and texts as `str`."""


def common_tables() -> dict[str, pd.DataFrame]:
    """Return every XPT file of no one cycle by name ("RXQ_DRUG.xpt")."""
    made: dict[str, pd.DataFrame] = {}
    for make in COMMON_MAKERS:
        made |= make()
    return made
