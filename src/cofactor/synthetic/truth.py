"""The truth that is planted: log hazard ratios of the main model's set 2, under the names of its fitted terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

from cofactor.errors import StudyError, UnknownVariableError
from cofactor.loaders.cycles import first_year, parse_cycles
from cofactor.synthetic.levels import ALCOHOL, EDUCATIONS, RACES, SMOKING

AGE_SPLINE = "rcs(age_years)"
BMI_SPLINE = "rcs(bmi_kg_m2)"
FIRST_CYCLE_YEAR = 2001
_LEVELS = {"race_ethnicity": RACES, "education": EDUCATIONS, "smoking": SMOKING, "alcohol": ALCOHOL}


@dataclass(frozen=True)
class Truth:
    """Log hazard ratios of death, each given all the others.

    Attributes
    ----------
    vitd_capped_per_25 : float
        25(OH)D up to 75 nmol/L, per 25 nmol/L, in people whose magnesium intake is below the EAR.
    magnesium_adequate : float
        Magnesium intake at or above the EAR, at a 25(OH)D of 0.
    product : float
        What 25 nmol/L do more with magnesium at or above the EAR: the logarithm of the ratio of hazard ratios.
    age_per_year, female, female_age_per_year : float
        Age (up to 80) in men; women at age 0; and what a year of age does more in women.
    age_80_plus : float
        The indicator of age 80.
    race_ethnicity, education, smoking, alcohol : mapping of level to float
        Against the first level, which is not named.
    may_october : float
        Season of the examination, against November-April.
    per_cycle : float
        A step from one cycle to the next.
    poverty_income_ratio, poverty_income_ratio_top : float
        Per unit, and the indicator of the top code 5.
    bmi_per_unit, energy_per_1000_kcal : float

    Raises
    ------
    UnknownVariableError
        A level that the variable does not have.
    StudyError
        A number that is not finite, or so large that the hazards overflow.

    Notes
    -----
    Physical activity has no effect: its thirds are cut at quantiles of the people drawn, so that an effect of a third
    would have no fixed meaning. Age and body mass index act linearly, which the restricted cubic splines of the fitted
    model contain, whatever their knots. All causes of death have the same hazard ratios.

    Examples
    --------
    >>> Truth(product=0.0).parameters("2001-2018")["vitd_capped_per_25:magnesium_adequate"]
    0.0
    """

    vitd_capped_per_25: float = -0.15
    magnesium_adequate: float = 0.20
    product: float = -0.12
    age_per_year: float = 0.075
    female: float = -0.60
    female_age_per_year: float = 0.003
    age_80_plus: float = 0.40
    race_ethnicity: Mapping[str, float] = field(
        default_factory=lambda: dict(zip(RACES[1:], (-0.20, -0.25, 0.10, -0.15), strict=True))
    )
    may_october: float = 0.05
    per_cycle: float = -0.02
    education: Mapping[str, float] = field(
        default_factory=lambda: dict(zip(EDUCATIONS[1:], (0.10, 0.15, 0.25, 0.20), strict=True))
    )
    poverty_income_ratio: float = -0.10
    poverty_income_ratio_top: float = -0.05
    smoking: Mapping[str, float] = field(
        default_factory=lambda: dict(zip(SMOKING[1:], (0.25, 0.75, 0.95), strict=True))
    )
    alcohol: Mapping[str, float] = field(
        default_factory=lambda: dict(zip(ALCOHOL[1:], (0.15, -0.15, -0.10, 0.20), strict=True))
    )
    bmi_per_unit: float = 0.005
    energy_per_1000_kcal: float = -0.03

    def __post_init__(self) -> None:
        for name, levels in _LEVELS.items():
            for level in getattr(self, name):
                if level not in levels[1:]:
                    raise UnknownVariableError.suggest(str(level), levels[1:], f"the levels of {name} in Truth")
        for one in fields(self):
            value = getattr(self, one.name)
            numbers = value.values() if isinstance(value, Mapping) else (value,)
            if not all(abs(number) <= 5.0 for number in numbers):
                raise StudyError(f"Truth: {one.name}={value!r} is no log hazard ratio between -5 and 5")

    def of_levels(self, name: str) -> tuple[float, ...]:
        """Return the log hazard ratios of all levels of `name` in order; 0 for the reference and levels not named."""
        return tuple(float(getattr(self, name).get(level, 0.0)) for level in _LEVELS[name])

    def of_cycle(self, year: int) -> float:
        """Return the log hazard ratio of the cycle that begins in `year`, against 2001-2002."""
        return self.per_cycle * (year - FIRST_CYCLE_YEAR) / 2

    def parameters(self, cycles: str | Sequence[str]) -> dict[str, float]:
        """Return the truth of each coefficient of the primary model in set 2, by the name of the fitted term.

        Raises
        ------
        StudyError
            Cycles that there are none of.
        """
        return {**self._exposures(), **self._people(), **self._levels(), **self._cycles(cycles), **self._habits()}

    def _exposures(self) -> dict[str, float]:
        return {
            "vitd_capped_per_25": self.vitd_capped_per_25,
            "magnesium_adequate": self.magnesium_adequate,
            "vitd_capped_per_25:magnesium_adequate": self.product,
        }

    def _people(self) -> dict[str, float]:
        ages = (self.age_per_year, 0.0, 0.0)
        more_in_women = (self.female_age_per_year, 0.0, 0.0)
        return {
            **{f"{AGE_SPLINE}[{i}]": value for i, value in enumerate(ages, start=1)},
            "sex[female]": self.female,
            **{f"{AGE_SPLINE}[{i}]:sex[female]": value for i, value in enumerate(more_in_women, start=1)},
            "age_80_plus": self.age_80_plus,
        }

    def _levels(self) -> dict[str, float]:
        return {
            f"{name}[{level}]": value
            for name, levels in _LEVELS.items()
            for level, value in zip(levels[1:], self.of_levels(name)[1:], strict=True)
        }

    def _cycles(self, cycles: str | Sequence[str]) -> dict[str, float]:
        first, *others = parse_cycles(cycles)
        base = self.of_cycle(first_year(first))
        return {f"cycle[{cycle}]": self.of_cycle(first_year(cycle)) - base for cycle in others}

    def _habits(self) -> dict[str, float]:
        return {
            "season[May-October]": self.may_october,
            "poverty_income_ratio": self.poverty_income_ratio,
            "poverty_income_ratio_top": self.poverty_income_ratio_top,
            **{f"{BMI_SPLINE}[{i}]": value for i, value in enumerate((self.bmi_per_unit, 0.0, 0.0), start=1)},
            "energy_per_1000": self.energy_per_1000_kcal,
            "activity_third[middle]": 0.0,
            "activity_third[high]": 0.0,
        }
