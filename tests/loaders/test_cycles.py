import itertools

import pytest

from cofactor.errors import StudyError
from cofactor.loaders.cycles import CYCLES, first_year, last_year, parse_cycles


@pytest.mark.parametrize(
    ("asked", "cycles"),
    [
        ("2005-2006", ("2005-2006",)),
        ("2001-2004", ("2001-2002", "2003-2004")),
        ("2001 – 2004", ("2001-2002", "2003-2004")),
        ("1999-2018", CYCLES[:10]),
        ("1999-2023", CYCLES),
        (["2017-2018", "1999-2002", "2001-2002"], ("1999-2000", "2001-2002", "2017-2018")),
        (("2021-2023",), ("2021-2023",)),
    ],
)
def test_a_span_takes_the_cycles_that_lie_wholly_inside(asked, cycles):
    assert parse_cycles(asked) == cycles


@pytest.mark.parametrize(
    "asked", ["2000-2018", "2001-2019", "2005", "2018-1999", "2006-2006", "all", "", [], 2005, None, [2005]]
)
def test_ends_that_are_no_ends_of_cycles_are_refused(asked):
    with pytest.raises(StudyError, match=r"2001-2018|2021-2023"):
        parse_cycles(asked)


def test_cycles_follow_one_another():
    assert list(CYCLES) == sorted(CYCLES)
    assert all(last_year(a) < first_year(b) for a, b in itertools.pairwise(CYCLES))
