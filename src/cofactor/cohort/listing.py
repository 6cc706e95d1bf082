"""The catalogue as a table, and one variable in words."""

from __future__ import annotations

import pandas as pd

from cofactor.cohort.availability import cycles_of, subsamples_of
from cofactor.cohort.catalogue_files import aliases
from cofactor.cohort.derive import Derived
from cofactor.cohort.measured import Measured, Number, Recode, Source
from cofactor.cohort.registry import Variable, variables
from cofactor.cohort.weights import SUBSAMPLES, smallest

COLUMNS = (
    "name",
    "label",
    "unit",
    "kind",
    "levels",
    "reference",
    "subsample",
    "cycles",
    "sources",
    "origin",
    "inputs",
    "note",
    "aliases",
)


def catalogue() -> pd.DataFrame:
    """Return every variable, one row each, measured ones first.

    Returns
    -------
    DataFrame of text: name, label, unit, kind, levels (in order), reference (level that models compare with), subsample
    (whom it was measured on), cycles, sources (files and columns), origin (of a derived
    rule), inputs (of a derived rule; optional ones in brackets), note and aliases.

    Examples
    --------
    >>> table = catalogue().set_index("name")
    >>> table.loc["magnesium_diet_day1_mg", "sources"]
    '1999-2002 DRXTOT: DRXTMAGN; 2003-2018, 2021-2023 DR1TOT: DR1TMAGN'
    """
    rows = [_row(found) for found in variables().values()]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=str)


def shown(value: object) -> str:
    """Return a value of a case as a reader expects it.

    >>> shown(None), shown(True), shown(6.5), shown(30.0), shown("former")
    ('missing', 'yes', '6.5', '30', 'former')
    """
    if value is None:
        return "missing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def spans(cycles: tuple[str, ...]) -> str:
    """Return cycles as spans of neighbours.

    >>> spans(("1999-2000", "2001-2002", "2007-2008", "2021-2023"))
    '1999-2002, 2007-2008, 2021-2023'
    """
    runs: list[list[str]] = []
    for cycle in cycles:
        if runs and int(runs[-1][-1][-4:]) + 1 == int(cycle[:4]):
            runs[-1].append(cycle)
        else:
            runs.append([cycle])
    return ", ".join(f"{run[0][:4]}-{run[-1][-4:]}" for run in runs)


def measured_on(name: str) -> str:
    """Return whom a variable was measured on, with the cycles where that changed.

    >>> measured_on("hba1c_pct")
    'people examined (1999-2018); people whose blood was drawn (2021-2023)'
    """
    cycles: dict[str, tuple[str, ...]] = {}
    for cycle in cycles_of(name):
        words = SUBSAMPLES[smallest(subsamples_of(name, cycle))].words
        cycles[words] = (*cycles.get(words, ()), cycle)
    if len(cycles) == 1:
        return next(iter(cycles))
    return "; ".join(f"{words} ({spans(those)})" for words, those in cycles.items())


def codes_in_words(recode: Recode) -> str:
    """Return what the codes of a column become.

    >>> codes_in_words(Recode(missing=((77, 77), (99, 99)), top=15.0))
    'missing: 77, 99; above 15 → 15'
    """
    parts = [f"{name}: {_spans(codes)}" for name, codes in recode.outcomes]
    parts += [f"{code:g} → {value:g}" for code, value in recode.values]
    if recode.missing:
        parts.append(f"missing: {_spans(recode.missing)}")
    return "; ".join([*parts, changes_in_words(recode)] if changes_in_words(recode) else parts)


def changes_in_words(recode: Recode) -> str:
    """Return what is done to the numbers of a column, beside its single codes.

    >>> changes_in_words(Recode(top=15.0, scale=0.5))
    'above 15 → 15; × 0.5'
    """
    parts = [] if recode.top is None else [f"above {recode.top:g} → {recode.top:g}"]
    if recode.zero is not None:
        parts.append(f"0 → {recode.zero:g}")
    if recode.scale != 1:
        parts.append(f"× {recode.scale:g}")
    return "; ".join(parts)


def missing_codes(found: Measured) -> str:
    """Return the codes that stand for a missing value, with the cycles where that changes.

    >>> from cofactor.cohort.registry import variable
    >>> missing_codes(variable("education"))
    '7, 9'
    """
    codes: dict[str, tuple[str, ...]] = {}
    for cycle in found.cycles:
        source = found.source(cycle)
        if source is not None and source.recode.missing:
            words = _spans(source.recode.missing)
            codes[words] = (*codes.get(words, ()), cycle)
    if len(codes) == 1 and set(*codes.values()) == set(found.cycles):
        return next(iter(codes))
    return "; ".join(f"{words} ({spans(cycles)})" for words, cycles in codes.items())


def put_together(source: Source) -> str:
    """Return how a person's rows or columns become one value; nothing where there is one of each.

    >>> put_together(Source((), "interview", "RXQ_RX", ("A", "B"), Recode(), rows="any of class", classes=((40, 49),)))
    'any medicine of class 40/49'
    """
    if source.rows == "one":
        return ""
    if source.rows == "same":
        return "each of a person's rows says the same"
    if source.rows == "any of class":
        but_not = f", but none of {_classes(source.classes_not)}" if source.classes_not else ""
        return f"any medicine of class {_classes(source.classes)}{but_not}"
    if source.question is not None:
        return f"{source.question}, by their labels in DSPI and DSII"
    return f"{source.rows} over a person's rows"


def _classes(classes: tuple[tuple[float, ...], ...]) -> str:
    return ", ".join("/".join(f"{level:g}" for level in one) for one in classes)


def _spans(codes: tuple[Number, ...]) -> str:
    return ", ".join(f"{low:g}" if low == high else f"{low:g}-{high:g}" for low, high in codes)


def _row(found: Variable) -> dict[str, str]:
    cycles = cycles_of(found.name)
    return {
        "name": found.name,
        "label": found.label,
        "unit": found.unit,
        "kind": found.kind,
        "levels": ", ".join(found.levels),
        "reference": found.reference or "",
        "subsample": measured_on(found.name),
        "cycles": spans(cycles),
        "sources": "; ".join(_span_of(source) for source in found.sources) if isinstance(found, Measured) else "",
        "origin": "" if isinstance(found, Measured) else found.source,
        "inputs": "" if isinstance(found, Measured) else ", ".join(_inputs(found)),
        "note": found.note if isinstance(found, Measured) else found.rule.replace("\n", " "),
        "aliases": ", ".join(alias for alias, name in aliases().items() if name == found.name),
    }


def _inputs(found: Derived) -> list[str]:
    return [f"({name})" if name in found.optional else name for name in found.inputs]


def _span_of(source: Source) -> str:
    if source.file is None:
        return f"{spans(source.cycles)} {source.level or 'the cycle itself'}"
    return f"{spans(source.cycles)} {source.file}: {', '.join(source.columns)}"
