"""Names that other tools can bear: Stata allows 32 characters, SPSS 64, and both keep some words for themselves."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping

from cofactor.errors import FileError

_MARK = 5
"""Characters of the mark that a changed name ends in: an underscore and four hexadecimal digits."""

_OF_SPSS = frozenset({"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"})
_OF_STATA = frozenset({"byte", "double", "float", "if", "in", "int", "long", "strl", "using"})
"""Words that they keep for themselves; those of Stata that begin with _ begin with no letter anyway."""


def short_name(name: str, room: int) -> str:
    """Return `name` where it can stand, else its beginning and a mark made from the whole name.

    The mark depends on the name alone, so a variable has the same short name in every file.

    >>> short_name("magnesium_diet_mg", 32)
    'magnesium_diet_mg'
    >>> short_name("recall_energy_within_500_6000_kcal", 32)
    'recall_energy_within_500_60_8c87'
    """
    clean = re.sub(r"[^A-Za-z0-9_]", "_", name)
    if clean == name and len(name) <= room and re.match(r"[A-Za-z]", name) and name.lower() not in _OF_SPSS | _OF_STATA:
        return name
    beginning = clean if re.match(r"[A-Za-z]", clean) else f"v{clean}"
    mark = hashlib.sha256(name.encode()).hexdigest()[: _MARK - 1]
    return f"{beginning[: room - _MARK].rstrip('_')}_{mark}"


def short_names(rooms: Mapping[str, int]) -> dict[str, str]:
    """Return name -> short name of the columns of a file, given the room that each has.

    Raises
    ------
    FileError
        Two columns would bear one name; SPSS does not tell capitals from small letters.
    """
    found = {name: short_name(name, room) for name, room in rooms.items()}
    counts = Counter(short.lower() for short in found.values())
    if twice := [name for name, short in found.items() if counts[short.lower()] > 1]:
        raise FileError(f"the columns {', '.join(twice)} would have one name in the file; rename one")
    return found
