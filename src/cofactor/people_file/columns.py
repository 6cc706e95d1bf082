"""The columns of a loaded frame with their words, as every format needs them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from cofactor.errors import FileError

if TYPE_CHECKING:
    import pandas as pd

PERSON = "SEQN"

Kind = Literal["number", "flag", "category"]

_FRAME_LABELS = {
    PERSON: "Respondent sequence number",
    "cycle": "Cycle of NHANES",
    "strata": "Masked variance stratum",
    "psu": "Masked variance unit, numbered within its stratum",
}


@dataclass(frozen=True, eq=False)
class FileColumn:
    """One column to be written.

    Attributes
    ----------
    name : str
        As in the frame.
    label, unit : str
        In the catalogue's words; "" for none.
    kind : {"number", "flag", "category"}
    levels : tuple of str
        Of a category, in their order; ("no", "yes") of a flag.
    values : Series
        (n,) as in the frame.
    """

    name: str
    label: str
    unit: str
    kind: Kind
    levels: tuple[str, ...]
    values: pd.Series

    def described(self, room: int | None = None) -> str:
        """Return label and unit in at most `room` characters: the label is cut, never the unit.

        >>> import pandas as pd
        >>> iron = FileColumn("iron_mg", "Iron from food and supplements", "mg", "number", (), pd.Series(dtype=float))
        >>> iron.described(), iron.described(room=20)
        ('Iron from food and supplements (mg)', 'Iron from food… (mg)')
        """
        label = self.label or self.name
        unit = f" ({self.unit})" if self.unit else ""
        if room is None or len(label) + len(unit) <= room:
            return label + unit
        return label[: room - len(unit) - 1].rstrip(" ,") + "…" + unit


def file_columns(frame: pd.DataFrame) -> tuple[FileColumn, ...]:
    """Return the columns of a frame of `load` in its order, the respondent's number first.

    Raises
    ------
    FileError
        A column that is neither number, flag nor category, or an index of more than one level.
    """
    labels, units = frame.attrs.get("labels", {}), frame.attrs.get("units", {})
    known = _FRAME_LABELS | {"analysis_weight": _weight_label(frame)} | labels
    person = frame.index.to_series(name=PERSON)
    return tuple(
        FileColumn(
            str(name), known.get(name, ""), units.get(name, ""), kind := _kind(values), _levels(values, kind), values
        )
        for name, values in [(PERSON, person), *frame.items()]
    )


def _weight_label(frame: pd.DataFrame) -> str:
    name = frame.attrs.get("weight_name")
    return f"Analysis weight, persons: {name}, scaled to the pool" if name else "Analysis weight, persons"


def _kind(values: pd.Series) -> Kind:
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    if hasattr(values.dtype, "categories"):
        return "category"
    if is_bool_dtype(values.dtype):
        return "flag"
    if is_numeric_dtype(values.dtype):
        return "number"
    raise FileError(
        f"column {values.name!r} holds {values.dtype} values, and a file of people holds numbers, flags and "
        "categories; convert it or leave it out"
    )


def _levels(values: pd.Series, kind: Kind) -> tuple[str, ...]:
    if kind == "flag":
        return ("no", "yes")
    return tuple(str(level) for level in values.cat.categories) if kind == "category" else ()
