"""The Python that makes what the page shows, as text to copy; the tests run it and compare every number."""

from __future__ import annotations

from dataclasses import dataclass

from cofactor.explore.answer import QUARTILES
from cofactor.explore.offered import CAUSE
from cofactor.explore.plan import TIME, Grouped, Plan


@dataclass(frozen=True)
class DataSource:
    """Where the people are read from.

    folder : as `load` takes it; None for its default. people, seed : of synthetic files that the code makes first.
    """

    folder: str | None = None
    people: int | None = None
    seed: int | None = None


def python_code(plan: Plan, source: DataSource) -> str:
    """Return a script that loads, groups, describes and fits what the plan says, and prints it.

    >>> from cofactor.explore.choices import Choices
    >>> from cofactor.explore.plan import plan_of
    >>> print(python_code(plan_of(Choices()), DataSource()).splitlines()[3])
    from cofactor import (
    """
    parts = [_imports(plan, source), _people(plan, source), _groups(plan), _distributions(plan), _covariates(plan)]
    if plan.exposure.number:
        parts.append(_curves(plan))
    parts.append(_table(plan))
    return "\n\n".join(part for part in parts if part) + "\n"


def _imports(plan: Plan, source: DataSource) -> str:
    number = plan.exposure.number or plan.modifier.number
    names = {
        "SurveyDesign", "interaction_table", "load", "wald_test", "weighted_proportion", _fit_name(plan),
        *(["dose_response"] if plan.exposure.number else []),
        *(["synthetic_nhanes"] if source.people is not None else []),
        *(["weighted_quantile"] if number else []),
    }  # fmt: skip
    listed = "".join(f"    {name},\n" for name in sorted(names, key=_import_order))
    libraries = "import numpy as np\nimport pandas as pd\n\n" if number else ""
    return f"{libraries}from cofactor import (\n{listed})"


def _import_order(name: str) -> tuple[bool, str]:
    return (name[0].islower(), name)


def _people(plan: Plan, source: DataSource) -> str:
    lines = []
    if source.people is not None:
        made = f"synthetic_nhanes({_quoted(str(source.folder))}, people={source.people}, seed={source.seed})"
        lines.append(f"{made}  # made-up people")
    names = "".join(f"        {_quoted(name)},\n" for name in plan.names)
    data = "" if source.folder is None else f"    data={_quoted(source.folder)},\n"
    lines.append(f"people = load(\n    [\n{names}    ],\n    cycles={_quoted(plan.cycles)},\n{data})")
    lines.append('print(people.attrs["weight_reason"])')
    lines.append(f"domain = {_quoted(plan.domain) if plan.domain else None}")
    lines.append("design = SurveyDesign(people, domain=domain)  # a mask: nobody is dropped")
    return "\n".join(lines)


def _groups(plan: Plan) -> str:
    numbers = [one for one in (plan.exposure, plan.modifier) if one.number]
    if not numbers:
        return ""
    lines = ["# Numbers are cut in two, closed on the left"]
    for one in numbers:
        cut = _cut_name(plan, one)
        at = f"float(weighted_quantile(design, {_quoted(one.variable)}, 0.5).values[0])  # the weighted median"
        lines.append(f"{cut} = {at if one.cut is None else repr(one.cut)}")
    for one in numbers:
        cut = _cut_name(plan, one)
        lines.append(
            f"people[{_quoted(one.column)}] = pd.cut(\n    people[{_quoted(one.variable)}], [-np.inf, {cut}, np.inf], "
            'right=False, labels=["lower", "higher"]\n)'
        )
    lines.append("design = SurveyDesign(people, domain=domain)")
    return "\n".join(lines)


def _distributions(plan: Plan) -> str:
    by = f", by={_quoted(plan.modifier.column)}"
    lines = [
        "# Distributions: quartiles of numbers, shares of levels",
        f"exposure = {_distribution(plan.exposure, by)}",
        f"modifier = {_distribution(plan.modifier, '')}",
        'print(exposure, modifier, sep="\\n\\n")',
    ]
    return "\n".join(lines)


def _distribution(one: Grouped, by: str) -> str:
    if one.number:
        return f"weighted_quantile(design, {_quoted(one.variable)}, {list(QUARTILES)}{by})"
    return f"weighted_proportion(design, {_quoted(one.variable)}{by})"


def _covariates(plan: Plan) -> str:
    return f"covariates = {_quoted(plan.covariates)}" if plan.covariates else ""


def _curves(plan: Plan) -> str:
    exposure, modifier = plan.exposure, plan.modifier
    return "\n".join([
        f"# The curve of the {plan.measure} in each group, 1 at {_cut_name(plan, exposure)}",
        f"curve_fit = {_fit(plan, plan.curve_terms)}",
        "curves = {",
        "    level: dose_response(",
        f"        curve_fit, {_quoted(exposure.variable)}, reference={_cut_name(plan, exposure)}, "
        f"at={{{_quoted(modifier.column)}: level}}",
        "    )",
        f"    for level in {_listed(modifier.ordered)}",
        "}",
        f'curves_differ = wald_test(curve_fit, "rcs({exposure.variable}):{modifier.column}")',
        'print(*curves.values(), curves_differ, sep="\\n\\n")',
    ])  # fmt: skip


def _table(plan: Plan) -> str:
    exposure, modifier = plan.exposure, plan.modifier
    return "\n".join([
        "# The interaction: cells against the reference, RERI, and the product term",
        f"fit = {_fit(plan, plan.table_terms)}",
        "table = interaction_table(",
        "    fit,",
        f"    {_quoted(exposure.column)},",
        f"    {_quoted(modifier.column)},",
        f"    exposure_levels={_listed(exposure.levels)},  # the reference first",
        f"    modifier_levels={_listed(modifier.levels)},",
        ")",
        f'product = wald_test(fit, "{exposure.column}:{modifier.column}")',
        'print(table, product, sep="\\n\\n")',
    ])  # fmt: skip


def _fit(plan: Plan, terms: str) -> str:
    formula = f"{terms} + {{covariates}}" if plan.covariates else terms
    if not plan.survival:
        formula = f"{plan.outcome} ~ {formula}"
    how = [f'f"{formula}"' if plan.covariates else f'"{formula}"']
    if plan.survival:
        how += [f'time="{TIME}"', 'event="died"']
    if plan.cause:
        how += [f'cause="{CAUSE}"', f"of={_quoted(plan.cause)}"]
    if not plan.survival:
        how += ['family="poisson"']  # prevalence ratios
    return f"{_fit_name(plan)}(\n    design,\n" + "".join(f"    {one},\n" for one in how) + ")"


def _fit_name(plan: Plan) -> str:
    if plan.cause:
        return "fit_cause_specific"
    return "fit_cox" if plan.survival else "fit_glm"


def _cut_name(plan: Plan, one: Grouped) -> str:
    return "exposure_cut" if one is plan.exposure else "modifier_cut"


def _listed(levels: tuple[object, ...]) -> str:
    return "[" + ", ".join(_quoted(level) if isinstance(level, str) else repr(level) for level in levels) + "]"


def _quoted(text: str) -> str:
    """Return a text as Python writes it, with double quotes where that needs no escape."""
    return f'"{text}"' if text.isprintable() and not set(text) & {'"', "\\"} else repr(text)
