"""What differs between the cycles of NHANES 1999-2018, as far as its files show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cofactor.errors import StudyError
from cofactor.loaders.cycles import first_year, parse_cycles

END_OF_FOLLOW_UP = 2020
"""Deaths are linked up to the last day before this year."""

FEWEST_PEOPLE = 300
"""Per cycle: some thirty PSUs with ten people each."""


@dataclass(frozen=True)
class CyclePlan:
    """A cycle: the ending of its file names, its strata, and the people whom its weights stand for.

    Attributes
    ----------
    cycle, suffix : str
    position : int
        0 for 1999-2000, and so on: SDDSRVYR is one more.
    first_stratum, last_stratum : int
        Strata are numbered on over the cycles.
    with_three_psus : int or None
        The stratum that has three PSUs; all others have two.
    population : float
        Persons; the sum of the weights (of WTINT2YR, WTMEC2YR and WTDRD1 alike).
    """

    cycle: str
    suffix: str
    position: int
    first_stratum: int
    last_stratum: int
    with_three_psus: int | None
    population: float

    @property
    def year(self) -> int:
        """The first year."""
        return first_year(self.cycle)

    @property
    def has_four_year_weights(self) -> bool:
        """1999-2002."""
        return self.year < 2003

    @property
    def has_second_recall(self) -> bool:
        """From 2003 on."""
        return self.year >= 2003

    @property
    def has_vitamin_d(self) -> bool:
        """Serum 25(OH)D exists from 2001 on."""
        return self.year >= 2001

    @property
    def asks_past_30_days(self) -> bool:
        """The instrument of physical activity: the past 30 days up to 2006, a typical week since."""
        return self.year < 2007

    @property
    def has_supplement_totals(self) -> bool:
        """From 2007 on."""
        return self.year >= 2007

    @property
    def oldest_age(self) -> int:
        """The top code of age in years."""
        return 85 if self.year < 2007 else 80

    def file(self, stem: str) -> str:
        """Return the name of an XPT file of the cycle: "DEMO" -> "DEMO_D.xpt"."""
        return f"{stem}{self.suffix}.xpt"

    @property
    def mortality_file(self) -> str:
        """The name of the linked mortality file."""
        return f"NHANES_{self.cycle.replace('-', '_')}_MORT_2019_PUBLIC.dat"


PLANS: tuple[CyclePlan, ...] = (
    CyclePlan("1999-2000", "", 0, 1, 13, 7, 272_156_833),
    CyclePlan("2001-2002", "_B", 1, 14, 28, None, 279_972_786),
    CyclePlan("2003-2004", "_C", 2, 29, 43, None, 286_222_757),
    CyclePlan("2005-2006", "_D", 3, 44, 58, None, 291_616_892),
    CyclePlan("2007-2008", "_E", 4, 59, 74, None, 297_136_095),
    CyclePlan("2009-2010", "_F", 5, 75, 89, 80, 301_943_719),
    CyclePlan("2011-2012", "_G", 6, 90, 103, 96, 306_590_681),
    CyclePlan("2013-2014", "_H", 7, 104, 118, None, 311_204_216),
    CyclePlan("2015-2016", "_I", 8, 119, 133, None, 316_481_044),
    CyclePlan("2017-2018", "_J", 9, 134, 148, None, 320_842_721),
)
"""Populations: the sums of the published weights. One stratum with three PSUs where the real cycles have some."""

FOUR_YEAR_POPULATION = {"1999-2000": 129_032_263.0, "2001-2002": 149_619_980.0}
"""What each of the two files holds of a four-year weight."""


def plans_of(cycles: str | Sequence[str], people: int) -> tuple[CyclePlan, ...]:
    """Return the plans of the cycles asked for.

    Raises
    ------
    StudyError
        A cycle without linked mortality, or fewer people a cycle than its design can hold.
    """
    if isinstance(people, bool) or not isinstance(people, int) or people < FEWEST_PEOPLE:
        raise StudyError(
            f"people={people!r}: synthetic cycles need a whole number of people each, at least {FEWEST_PEOPLE}, "
            "so that every PSU of every stratum has somebody"
        )
    known = {plan.cycle: plan for plan in PLANS}
    asked = parse_cycles(cycles)
    unknown = [cycle for cycle in asked if cycle not in known]
    if unknown:
        raise StudyError(f"there are no synthetic files for {', '.join(unknown)}; ask for cycles within 1999-2018")
    return tuple(known[cycle] for cycle in asked)
