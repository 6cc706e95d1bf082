"""The families of generalised linear models: links, what an outcome may be, and how they are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from cofactor.errors import FitError

Floats = npt.NDArray[np.float64]

LINKS = MappingProxyType({"identity": "Identity", "logit": "Logit", "cloglog": "CLogLog", "log": "Log",
                          "inverse": "InversePower"})  # fmt: skip
"""Our names of links, and statsmodels'."""
RATIOS = frozenset({"logit", "cloglog", "log"})
"""Links whose coefficients are logarithms of ratios (odds, hazards, risks or means)."""


@dataclass(frozen=True)
class Family:
    """A family: its statsmodels class, links (the default first), and whether it has a dispersion of its own.

    event : the outcome counts events, so that events are counted. check : raises FitError, given the outcome and words
    for where it stands, where the family cannot have it.
    """

    name: str
    of_statsmodels: str
    links: tuple[str, ...]
    dispersion: bool
    event: bool
    check: Callable[[Floats, str, str], None]

    def model(self, link: str, alpha: float = 1.0) -> Any:
        """Return the statsmodels family with the link; alpha is the dispersion of a negative binomial."""
        from statsmodels.genmod import families

        made = getattr(families.links, LINKS[link])()
        kind = getattr(families, self.of_statsmodels)
        return kind(made, alpha=alpha) if self.of_statsmodels == "NegativeBinomial" else kind(made, check_link=False)


def family_of(name: str, link: str | None) -> tuple[Family, str]:
    """Return the family and link of these names (None: the family's default); raises FitError with what there is."""
    if name not in FAMILIES:
        raise FitError(f"unknown family {name!r}; there are: {', '.join(sorted(FAMILIES))}")
    family = FAMILIES[name]
    if link is not None and link not in family.links:
        raise FitError(f"the {name} family has no link {link!r}; there are: {', '.join(family.links)}")
    return family, link or family.links[0]


def _any(y: Floats, name: str, where: str) -> None:
    """A gaussian outcome is any number."""


def _binary(y: Floats, name: str, where: str) -> None:
    other = np.unique(y[(y != 0.0) & (y != 1.0)])
    if other.size:
        shown = ", ".join(f"{value:g}" for value in other[:3])
        raise FitError(f"{where} must be 0 or 1, false or true; it also has {shown}. Use I({name} == value)")
    if y.min() == y.max():
        raise FitError(f"{where} is {y[0]:g} in all {y.size} rows used: there is nothing to explain")


def _count(y: Floats, name: str, where: str) -> None:
    if y.min() < 0.0:
        raise FitError(f"{where} has negative values ({y.min():g}); a model of counts begins at 0")
    if y.max() == 0.0:
        raise FitError(f"{where} is 0 in all {y.size} rows used: there are no events")


def _positive(y: Floats, name: str, where: str) -> None:
    if y.min() <= 0.0:
        raise FitError(f"{where} has values of 0 or below ({y.min():g}); a gamma model needs positive ones")


FAMILIES = MappingProxyType({
    family.name: family
    for family in (
        Family("gaussian", "Gaussian", ("identity", "log"), True, False, _any),
        Family("binomial", "Binomial", ("logit", "cloglog", "log"), False, True, _binary),
        Family("poisson", "Poisson", ("log",), False, True, _count),
        Family("negative binomial", "NegativeBinomial", ("log",), False, True, _count),
        Family("gamma", "Gamma", ("log", "inverse"), True, False, _positive),
    )
})  # fmt: skip
