"""The levels of the covariates, in the order of their positions in the generator's arrays; the first is reference."""

from __future__ import annotations

RACES = ("non-Hispanic White", "Mexican American", "other Hispanic", "non-Hispanic Black", "other")
RACE_CODES = (3, 1, 2, 4, 5)
SEASONS = ("November-April", "May-October")
EDUCATIONS = ("college graduate", "some college", "high school or GED", "grades 9-11", "less than 9th grade")
EDUCATION_CODES = (5, 4, 3, 2, 1)
SMOKING = ("never", "former", "current under 15 a day", "current 15 or more")
ALCOHOL = ("never", "former", "light", "moderate", "heavy")
SEXES = ("male", "female")
INSTRUMENTS = ("past 30 days", "typical week")

WHITE, MEXICAN, HISPANIC, BLACK, OTHER = range(5)
NEVER, FORMER, UNDER_15, FROM_15 = range(4)
TEETOTAL, FORMER_DRINKER, LIGHT, MODERATE, HEAVY = range(5)
