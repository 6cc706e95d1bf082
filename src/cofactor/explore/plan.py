"""From choices to what is done: which variables, whom, and which models; everything that a wrong choice can be."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

from cofactor.cohort import canonical, variable
from cofactor.cohort.availability import cycles_of, is_measured
from cofactor.cohort.listing import spans
from cofactor.errors import FormulaError, StudyError
from cofactor.explore.choices import LONGEST, Choices, shortened
from cofactor.explore.offered import (
    CAUSE,
    COVARIATES,
    DEATH,
    default_reference,
    exposures,
    is_number,
    label,
    levels_of,
    outcomes,
)
from cofactor.loaders.cycles import parse_cycles
from cofactor.survey.expression import names_in

TIME = "followup_months_exam"
ELIGIBLE = "mortality_eligible"
APART = "2021-2023"


@dataclass(frozen=True)
class Grouped:
    """An exposure or modifier, and the column that puts people into its groups.

    Attributes
    ----------
    variable, column : str
        The column is the variable itself, or for a number ``<variable>_group``.
    number : bool
    cut : float or None
        Where a number is cut; None for its weighted median.
    levels : tuple
        Values of the column, the reference first.
    """

    variable: str
    column: str
    number: bool
    cut: float | None
    levels: tuple[Any, ...]

    @property
    def ordered(self) -> tuple[Any, ...]:
        """The levels in their own order, whichever is the reference."""
        return tuple(sorted(self.levels, key=_own_order(self)))


@dataclass(frozen=True)
class Plan:
    """What is loaded and fitted.

    Attributes
    ----------
    names : tuple of str
        Variables to load.
    cycles : str
    domain : str or None
        The condition of the people in question; None for everybody.
    exposure, modifier : Grouped
    outcome : str
        ``died``, ``cause_of_death``, or a flag.
    cause : str
        The level of ``cause_of_death``, or "".
    covariates : str
        Terms with plus signs between, "" for none.
    """

    names: tuple[str, ...]
    cycles: str
    domain: str | None
    exposure: Grouped
    modifier: Grouped
    outcome: str
    cause: str
    covariates: str

    @property
    def survival(self) -> bool:
        """Whether the outcome is a time to death."""
        return self.outcome in (DEATH, CAUSE)

    @property
    def measure(self) -> str:
        """The ratio that the models estimate."""
        return "hazard ratio" if self.survival else "prevalence ratio"

    @property
    def table_terms(self) -> str:
        """The terms of the interaction of groups."""
        return f"{self.exposure.column} * {self.modifier.column}"

    @property
    def curve_terms(self) -> str:
        """The terms of the curve: a spline of the exposure, one for each group of the modifier."""
        return f"rcs({self.exposure.variable}) * {self.modifier.column}"


def plan_of(choices: Choices) -> Plan:
    """Return what the choices ask for.

    Raises
    ------
    UnknownVariableError
        A name that the catalogue does not have, in the choices or in the condition.
    FormulaError
        A condition that cannot be read.
    StudyError
        A variable that cannot play its part, or that a cycle lacks; cycles that are none or not to be pooled.

    Examples
    --------
    >>> plan = plan_of(Choices(adjust=("age_years", "sex")))
    >>> plan.domain, plan.covariates
    ('mortality_eligible and age_years >= 20', 'rcs(age_years) + sex')
    >>> plan.table_terms
    'vitd_25oh_nmol_l_group * magnesium_below_ear'
    """
    pool = parse_cycles(choices.cycles)
    if APART in pool and len(pool) > 1:
        raise StudyError(f"{APART} had another sample and recalls by telephone: choose it by itself, or leave it out")
    exposure = _grouped(choices.exposure, "exposure", choices.exposure_cut, choices.exposure_reference)
    modifier = _grouped(choices.modifier, "modifier", choices.modifier_cut, choices.modifier_reference)
    outcome, cause = _outcome(choices.outcome)
    _all_different({"exposure": exposure.variable, "modifier": modifier.variable, "outcome": outcome})
    subgroup, mentioned = _subgroup(choices.subgroup)
    covariates = _covariates(choices.adjust, {exposure.variable, modifier.variable, outcome}, len(pool))
    follow_up = (DEATH, *([CAUSE] if cause else []), TIME, ELIGIBLE) if outcome in (DEATH, CAUSE) else (outcome,)
    asked = (exposure.variable, modifier.variable, *follow_up, *covariates, *mentioned)
    names = tuple(dict.fromkeys(name for name in asked if name != "cycle"))
    _check_measured(names, pool)
    return Plan(
        names=names,
        cycles=choices.cycles,
        domain=_both(ELIGIBLE if outcome in (DEATH, CAUSE) else None, subgroup),
        exposure=exposure,
        modifier=modifier,
        outcome=outcome,
        cause=cause,
        covariates=" + ".join(COVARIATES[name].term for name in covariates),
    )


def _grouped(name: str, role: str, cut: float | None, reference: str) -> Grouped:
    if not name:
        raise StudyError(f"no {role} is chosen; choose one")
    name = canonical(shortened(name), f"the {role}")
    if not any(name in names for names in exposures().values()):
        raise StudyError(
            f"{name} cannot be the {role}: it is {_why_not(name)}; choose a number, a yes/no variable or a category of "
            "up to six levels"
        )
    shown = levels_of(name)
    if reference and reference not in shown:
        raise StudyError(
            f"{name} has no level {shortened(reference)!r} to be the reference; there are {', '.join(shown)}"
        )
    first = reference or default_reference(name)
    order = (first, *(level for level in shown if level != first))
    number = is_number(name)
    flag = variable(name).kind == "flag"
    return Grouped(
        variable=name,
        column=f"{name}_group" if number else name,
        number=number,
        cut=cut if number else None,
        levels=tuple(level == "yes" for level in order) if flag else order,
    )


def _why_not(name: str) -> str:
    many = variable(name).kind == "category" and len(variable(name).levels)
    return f"a category of {many} levels" if many else "part of the design, the follow-up or the outcome"


def _outcome(text: str) -> tuple[str, str]:
    """Return the variable and the cause of an outcome."""
    if any(text in group for group in outcomes().values()):
        name, _, cause = text.partition(":")
        return name, cause
    if not text:
        raise StudyError("no outcome is chosen; choose one")
    name = canonical(shortened(text), "the outcome")
    if variable(name).kind == "flag" and any(name in group for group in outcomes().values()):
        return name, ""
    raise StudyError(f"{name} cannot be the outcome; choose a death or a yes/no variable")


def _all_different(roles: dict[str, str]) -> None:
    taken: dict[str, str] = {}
    for role, name in roles.items():
        if name in taken:
            raise StudyError(f"{label(name)} is both {taken[name]} and {role}; choose another for one of them")
        taken[name] = role


def _subgroup(text: str) -> tuple[str | None, tuple[str, ...]]:
    """Return a condition written anew as it was read, on one line, and the variables that it names."""
    if not text.strip():
        return None, ()
    if len(text) > LONGEST:
        raise FormulaError(f"the condition has {len(text)} letters; {LONGEST} are the most")
    names = names_in(text)
    for name in names:
        if name != "cycle":
            canonical(name, "the condition")
    return ast.unparse(ast.parse(text.strip(), mode="eval")), names


def _both(first: str | None, second: str | None) -> str | None:
    if first is None or second is None:
        return second or first
    return f"{first} and ({second})" if _is_joined(second) else f"{first} and {second}"


def _is_joined(condition: str) -> bool:
    return isinstance(ast.parse(condition, mode="eval").body, ast.BoolOp | ast.UnaryOp | ast.IfExp | ast.Lambda)


def _covariates(names: tuple[str, ...], taken: set[str], cycles: int) -> tuple[str, ...]:
    """Return the covariates that are left: none that has a part already, and no cycle where there is but one."""
    unknown = [name for name in names if name not in COVARIATES]
    if unknown:
        raise StudyError(f"{shortened(unknown[0])!r} is no covariate here; there are {', '.join(COVARIATES)}")
    return tuple(name for name in COVARIATES if name in names and name not in taken and (name != "cycle" or cycles > 1))


def _check_measured(names: tuple[str, ...], pool: tuple[str, ...]) -> None:
    for name in names:
        lacking = tuple(cycle for cycle in pool if not is_measured(name, cycle))
        if lacking:
            has = spans(cycles_of(name))
            raise StudyError(f"{label(name)} ({name}) is not in {spans(lacking)}; it is in {has}: choose among those")


def _own_order(grouped: Grouped) -> Any:
    shown = levels_of(grouped.variable)
    return lambda level: shown.index({True: "yes", False: "no"}.get(level, level))
