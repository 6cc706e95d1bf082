"""The cycles of NHANES, and how a user may ask for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cofactor.errors import StudyError

CYCLES: tuple[str, ...] = (
    "1999-2000",
    "2001-2002",
    "2003-2004",
    "2005-2006",
    "2007-2008",
    "2009-2010",
    "2011-2012",
    "2013-2014",
    "2015-2016",
    "2017-2018",
    "2021-2023",
)
"""In order. The pre-pandemic file 2017-March 2020 is not a cycle: it overlaps 2017-2018."""

_SPAN = re.compile(r"\s*(\d{4})\s*[-–]\s*(\d{4})\s*")


def first_year(cycle: str) -> int:
    """Return the first year of a cycle.

    >>> first_year("2005-2006")
    2005
    """
    return int(cycle[:4])


def last_year(cycle: str) -> int:
    """Return the last year of a cycle.

    >>> last_year("2021-2023")
    2023
    """
    return int(cycle[-4:])


def _cycles_of_span(span: str) -> tuple[str, ...]:
    match = _SPAN.fullmatch(span)
    if match is None:
        raise StudyError(f"{span!r} is neither a cycle nor a span of cycles; write one as '2001-2018'")
    first, last = int(match[1]), int(match[2])
    starts, ends = {first_year(c) for c in CYCLES}, {last_year(c) for c in CYCLES}
    if first not in starts or last not in ends:
        raise StudyError(f"the span {span!r} does not begin and end with a cycle; the cycles are {', '.join(CYCLES)}")
    if first > last:
        raise StudyError(f"the span {span!r} ends before it begins; the earlier cycle comes first")
    return tuple(c for c in CYCLES if first <= first_year(c) and last_year(c) <= last)


def parse_cycles(cycles: str | Sequence[str]) -> tuple[str, ...]:
    """Return the cycles that are asked for, in order and each once.

    Parameters
    ----------
    cycles : str or sequence of str
        A cycle, a span of cycles, or several of either. A span takes the cycles that lie wholly inside it,
        and its ends must be the first year of a cycle and the last year of one.

    Raises
    ------
    StudyError
        Something that is no span, ends that are no ends of cycles, or nothing at all.

    Examples
    --------
    >>> parse_cycles("2003-2006")
    ('2003-2004', '2005-2006')
    >>> parse_cycles(["2017-2018", "1999-2000"])
    ('1999-2000', '2017-2018')
    """
    spans = [cycles] if isinstance(cycles, str) or not isinstance(cycles, Iterable) else list(cycles)
    for span in spans:
        if not isinstance(span, str):
            raise StudyError(f"{span!r} is no cycle; write it as '2005-2006', or a span as '2001-2018'")
    if not spans:
        raise StudyError("no cycle is asked for; give one, as '2005-2006', or a span, as '2001-2018'")
    asked = {cycle for span in spans for cycle in _cycles_of_span(span)}
    return tuple(cycle for cycle in CYCLES if cycle in asked)
