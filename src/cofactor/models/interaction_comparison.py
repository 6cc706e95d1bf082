"""Whether interactions differ: across subgroups, between two pairs of exposures, within one model or across two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cofactor.display import lines_html, notes_html, table_html
from cofactor.errors import FitError
from cofactor.models.fit import Fit
from cofactor.models.interaction import MEASURES, check_product, reri
from cofactor.models.levels import levels_of
from cofactor.models.shape import joint_test
from cofactor.survey.estimate import Estimate, joint, linear
from cofactor.survey.wald import WaldTest

Floats = npt.NDArray[np.float64]

RATIOS = ("S", "multiplicative")  # measures that are judged on their logarithm, and shown as ratios


@dataclass(frozen=True, eq=False, repr=False)
class InteractionComparison:
    """Interactions side by side, and what they differ by.

    Attributes
    ----------
    measure : str
        RERI, AP, S or multiplicative.
    interactions : Estimate
        Each of them; labels interaction, exposure, modifier, term. Logarithms of S and multiplicative, shown as ratios.
    differences : Estimate
        Each less the first, pair of levels by pair of levels; of logarithms, so ratios of ratios, for S and
        multiplicative.
    test : WaldTest or None
        That all are the same; None where that takes more differences than the design has degrees of freedom, or
        where an interaction stands beside itself.
    notes : tuple of str
    """

    measure: str
    interactions: Estimate
    differences: Estimate
    test: WaldTest | None
    notes: tuple[str, ...]

    def table(self, level: float = 0.95) -> pd.DataFrame:
        """Return the interactions, then their differences: interaction, exposure, modifier, term, estimate, se ...."""
        parts = [self.interactions.table(level=level), self.differences.table(level=level)]
        return pd.concat(parts, ignore_index=True)

    def __repr__(self) -> str:
        """Return the table, the test and the notes as text."""
        tests = [] if self.test is None else [str(self.test)]
        return "\n".join([self.table().to_string(index=False), *tests, *(f"note: {note}" for note in self.notes)])

    def _repr_html_(self) -> str:
        tests = [] if self.test is None else [str(self.test)]
        table = table_html(self.table(), caption=f"Interactions compared: {self.measure}", row_headers=4)
        return table + lines_html(tests) + notes_html(self.notes)


def compare_interactions(
    interactions: Mapping[str, Estimate], measure: str = "multiplicative"
) -> InteractionComparison:
    r"""Compare interactions that `reri` measured, in one model or in several of one survey.

    Their influence stands on the same people and PSUs, so their joint covariance is known, whatever models they come
    from: :math:`V(\theta_2-\theta_1) = V_{22} + V_{11} - V_{12} - V_{21}`, the covariances included.

    Parameters
    ----------
    interactions : mapping
        Name to the result of `reri`; two or more, each with as many pairs of levels. The first is compared with.
        Models fitted ``design.within(...)`` different people may be compared too; of two interactions in one model,
        `reri` takes the third variable's value by `at`.
    measure : {"multiplicative", "RERI", "AP", "S"}

    Returns
    -------
    InteractionComparison

    Raises
    ------
    FitError
        Fewer than two; something that `reri` did not make; different numbers of pairs of levels; an unknown measure; S
        that is undefined.
    DesignError
        The fits stand on different surveys.

    Notes
    -----
    Whether two interactions differ is judged by their difference and its interval, not by whether one is "significant"
    and the other is not. Gelman A, Stern H (2006), The difference between "significant" and "not significant" is not
    itself statistically significant. American Statistician 60:328-331. doi:10.1198/000313006X152649. Interactions of
    exposures in different units are compared between the levels that `reri` was given.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from cofactor.models import fit_glm
    >>> from cofactor.survey import SurveyDesign
    >>> rng = np.random.default_rng(5)
    >>> data = pd.DataFrame(rng.integers(0, 2, (800, 3)), columns=["magnesium", "calcium", "vitamin_d"])
    >>> data = data.assign(analysis_weight=1.0, strata=np.arange(800) % 20, psu=np.arange(800) // 20 % 2,
    ...                    y=rng.poisson(np.exp(0.7 * data["magnesium"] * data["vitamin_d"])))
    >>> design = SurveyDesign(data)
    >>> pairs = {}
    >>> for name in ("magnesium", "calcium"):
    ...     fit = fit_glm(design, f"y ~ {name} * vitamin_d", family="poisson")
    ...     pairs[f"{name} and vitamin D"] = reri(fit, name, "vitamin_d")
    >>> compare_interactions(pairs).differences.table()["term"].tolist()
    ['calcium and vitamin D against magnesium and vitamin D']
    """
    if len(interactions) < 2:
        raise FitError(f"comparing takes two interactions or more; got {', '.join(interactions) or 'none'}")
    chosen = {name: _rows_of(name, estimate, measure) for name, estimate in interactions.items()}
    sizes = {name: len(part.values) for name, part in chosen.items()}
    if len(set(sizes.values())) > 1:
        shown = ", ".join(f"{name} has {size}" for name, size in sizes.items())
        raise FitError(
            f"the interactions have different numbers of pairs of levels ({shown}); name the levels in reri()"
        )
    stacked = joint(*chosen.values())
    ratio = np.full(len(stacked.values), measure in RATIOS)
    labels = stacked.labels.assign(interaction=np.repeat(list(chosen), next(iter(sizes.values()))))
    together = replace(stacked, labels=labels[_LABELS], shown_as_ratio=ratio)
    notes = tuple(dict.fromkeys(note for estimate in interactions.values() for note in estimate.notes))
    differences = _differences(together, list(chosen), ratio)
    return InteractionComparison(measure, together, differences, _all_alike(differences, measure), notes)


def interaction_heterogeneity(
    fit: Fit,
    exposure: str,
    modifier: str,
    subgroup: str,
    *,
    measure: str = "multiplicative",
    exposure_levels: Sequence[Any] | None = None,
    modifier_levels: Sequence[Any] | None = None,
    subgroup_levels: Sequence[Any] | None = None,
    at: Mapping[str, Any] | None = None,
) -> InteractionComparison:
    """Measure an interaction within each subgroup of one model, and test whether it is the same in all.

    Parameters
    ----------
    fit : Fit
        With the product of all three, ``exposure * modifier * subgroup``: without it the multiplicative interaction is
        the same in all subgroups by assumption.
    exposure, modifier, exposure_levels, modifier_levels, at
        As `reri` takes them.
    subgroup : str
        A variable of the formula; of a number give `subgroup_levels`.
    measure : {"multiplicative", "RERI", "AP", "S"}
        Of "multiplicative" and all levels the test is the Wald F of the three-way product.
    subgroup_levels : sequence, optional
        The one compared with first.

    Returns
    -------
    InteractionComparison

    Raises
    ------
    FitError
        As `reri`; no product of the three.
    UnknownVariableError
        A variable that the formula does not use.

    Notes
    -----
    Each subgroup has a reference cell of its own. VanderWeele TJ, Knol MJ (2014), A tutorial on interaction.
    Epidemiologic Methods 3:33-72. doi:10.1515/em-2013-0005

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from cofactor.models import fit_glm
    >>> from cofactor.survey import SurveyDesign
    >>> rng = np.random.default_rng(5)
    >>> data = pd.DataFrame(rng.integers(0, 2, (800, 3)), columns=["a", "b", "old"])
    >>> data = data.assign(analysis_weight=1.0, strata=np.arange(800) % 20, psu=np.arange(800) // 20 % 2,
    ...                    y=rng.poisson(np.exp(0.7 * data["a"] * data["b"])))
    >>> fit = fit_glm(SurveyDesign(data), "y ~ a * b * old", family="poisson")
    >>> interaction_heterogeneity(fit, "a", "b", "old").interactions.labels["interaction"].tolist()
    ['old = 0', 'old = 1']
    """
    groups = levels_of(fit, subgroup, subgroup_levels)
    check_product(fit, exposure, modifier)
    _check_three(fit, {exposure, modifier, subgroup})
    within = {
        f"{subgroup} = {level}": reri(
            fit, exposure, modifier, exposure_levels=exposure_levels, modifier_levels=modifier_levels,
            at={**(at or {}), subgroup: level},
        )
        for level in groups.all
    }  # fmt: skip
    return compare_interactions(within, measure)


_LABELS = ["interaction", "exposure", "modifier", "term"]


def _check_three(fit: Fit, names: set[str]) -> None:
    for term in fit.spec.parsed.terms:
        if names <= {name for factor in term.factors for name in factor.variables}:
            return
    shown = " * ".join(sorted(names))
    raise FitError(
        f"{fit.formula!r} has no product of the three, so it holds that the interaction is the same in all subgroups; "
        f"write {shown}"
    )


def _rows_of(name: str, estimate: Estimate, measure: str) -> Estimate:
    """Return the rows of one measure, labels exposure, modifier, term."""
    if measure not in MEASURES:
        raise FitError(f"there is no measure {measure!r}; there are {', '.join(MEASURES)}")
    labels = getattr(estimate, "labels", None)
    if labels is None or list(labels.columns) != _LABELS[1:] or not set(labels["term"]) <= set(MEASURES):
        raise FitError(f"{name!r} is no result of reri(); give reri(fit, exposure, modifier)")
    at = np.flatnonzero(labels["term"] == measure)
    if not at.size:
        raise FitError(f"{name!r} was measured without {measure}; add it to measures=, or leave that out")
    if not np.isfinite(estimate.values[at]).all():
        raise FitError(f"{measure} of {name!r} is undefined (an excess risk is not positive); compare another measure")
    # Rows that are undefined in another measure must not spread: 0 times missing is missing.
    return replace(
        estimate, values=estimate.values[at], psu_totals=estimate.psu_totals[:, at],
        held=None if estimate.held is None or estimate.held.ndim == 1 else estimate.held[:, at],
        df=np.asarray(estimate.df)[at], labels=labels.iloc[at].reset_index(drop=True),
        influence_rows=_Columns(estimate, at), shown_as_ratio=None, extra=None, limits=None,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Columns:
    """Gives some columns of the influence of an estimate when asked."""

    estimate: Estimate
    columns: npt.NDArray[np.intp]

    def __call__(self) -> Floats:
        return np.asarray(self.estimate.influence()[:, self.columns])


def _differences(together: Estimate, names: list[str], ratio: npt.NDArray[np.bool_]) -> Estimate:
    each = len(together.values) // len(names)
    rows = np.hstack([-np.tile(np.eye(each), (len(names) - 1, 1)), np.eye(each * (len(names) - 1))])
    terms = [f"{name} against {names[0]}" for name in names[1:] for _ in range(each)]
    made = linear(together, rows, terms)
    labels = together.labels.iloc[each:].reset_index(drop=True).assign(term=terms)
    return replace(made, labels=labels, shown_as_ratio=ratio[each:])


def _all_alike(differences: Estimate, measure: str) -> WaldTest | None:
    if not differences.se.all():  # an interaction beside itself
        return None
    freedom = float(np.min(differences.df))
    return joint_test(differences, np.eye(len(differences.values)), freedom, f"equal {measure} interactions")
