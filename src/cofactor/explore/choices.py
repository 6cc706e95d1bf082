"""What a reader of the page chooses, as one frozen value that an address can hold."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from urllib.parse import urlencode

from cofactor.errors import StudyError, UnknownVariableError

LONGEST = 500
"""Letters of a condition at most: a longer one is no question that somebody typed."""

ADJUST = ("age_years", "sex", "race_ethnicity", "cycle", "education", "poverty_income_ratio", "smoking", "bmi_kg_m2")
"""Covariates that the page offers and begins with."""


@dataclass(frozen=True)
class Choices:
    """A question as it is chosen on the page.

    Attributes
    ----------
    exposure, modifier : str
        Names of the catalogue: a number, a flag or a category.
    outcome : str
        ``"died"``, ``"cause_of_death:heart disease"`` and so on, or a flag of the catalogue.
    cycles : str
        A cycle, or a span of them.
    subgroup : str
        A condition, "" for everybody.
    adjust : tuple of str
        Names out of `ADJUST`.
    exposure_cut, modifier_cut : float or None
        Where a number is cut in two, in its unit; None for its weighted median.
    exposure_reference, modifier_reference : str
        The level that the others are set against: "lower" or "higher" of a number, "no" or "yes" of a flag, a level of
        a category; "" for the catalogue's reference, else the first.
    """

    exposure: str = "vitd_25oh_nmol_l"
    modifier: str = "magnesium_below_ear"
    outcome: str = "died"
    cycles: str = "2001-2018"
    subgroup: str = "age_years >= 20"
    adjust: tuple[str, ...] = ADJUST
    exposure_cut: float | None = None
    modifier_cut: float | None = None
    exposure_reference: str = ""
    modifier_reference: str = ""

    def to_address(self) -> str:
        """Return the choices as the part of an address behind the question mark.

        >>> Choices(adjust=("sex",)).to_address()[:48]
        'exposure=vitd_25oh_nmol_l&modifier=magnesium_bel'
        """
        texts = {field.name: _text(getattr(self, field.name)) for field in fields(self)}
        return urlencode(texts)


FIRST = Choices(exposure_cut=50.0, exposure_reference="higher")
"""What the page opens with: both deficits, against having neither."""


def from_address(pairs: Iterable[tuple[str, str]]) -> Choices:
    """Return the choices that an address holds; what it does not say is as the page opens with.

    Raises
    ------
    UnknownVariableError
        A name that is no choice.
    StudyError
        A choice made twice, or a cut that is no number.

    Examples
    --------
    >>> from_address([("exposure", "magnesium_diet_mg"), ("adjust", "age_years,sex")]).adjust
    ('age_years', 'sex')
    """
    found: dict[str, str] = {}
    names = [field.name for field in fields(Choices)]
    for name, text in pairs:
        if name not in names:
            raise UnknownVariableError.suggest(shortened(name), names, "the address")
        if name in found:
            raise StudyError(f"the address gives {name} twice; give it once")
        found[name] = text
    return choices_of(found)


def choices_of(texts: Mapping[str, str]) -> Choices:
    """Return choices from texts by name, as a form and an address have them; raises as `from_address`."""
    begun = {field.name: _text(getattr(FIRST, field.name)) for field in fields(Choices)}
    if {"exposure", "exposure_cut", "exposure_reference"} & set(texts):  # a cut belongs to its exposure
        begun |= {"exposure_cut": "", "exposure_reference": ""}
    made = {**begun, **texts}
    return Choices(
        exposure=made["exposure"].strip(),
        modifier=made["modifier"].strip(),
        outcome=made["outcome"].strip(),
        cycles=made["cycles"].strip(),
        subgroup=made["subgroup"].strip(),
        adjust=tuple(name for name in made["adjust"].split(",") if name),
        exposure_cut=_cut(made["exposure_cut"], "exposure"),
        modifier_cut=_cut(made["modifier_cut"], "modifier"),
        exposure_reference=made["exposure_reference"],
        modifier_reference=made["modifier_reference"],
    )


def shortened(text: str, most: int = 60) -> str:
    """Return a text that a message can quote.

    >>> shortened("x" * 100, most=5)
    'xxxxx...'
    """
    return text if len(text) <= most else text[:most] + "..."


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(value)
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _cut(text: str, role: str) -> float | None:
    if not text.strip():
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise StudyError(f"the {role} cannot be cut at {shortened(text)!r}; give a number, or nothing for the median")
    return value
