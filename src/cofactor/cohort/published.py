"""CDC's published counts of a variable, with what the catalogue makes of each code."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cofactor.cohort.catalogue_files import file_name
from cofactor.cohort.measured import Measured, Number, Source
from cofactor.cohort.registry import variable
from cofactor.errors import CofactorError
from cofactor.loaders.codes import CodeCount, published_codes
from cofactor.loaders.disagreements import known_disagreements

MISSING = "missing"


@dataclass(frozen=True)
class PublishedCount:
    """One line of a codebook page, and what it becomes: a level, yes or no, a number, or missing."""

    cycle: str
    file: str
    column: str
    line: CodeCount
    becomes: str


def published_counts(name: str) -> pd.DataFrame:
    """Return CDC's counts of every code of the raw columns of a measured variable, in every cycle.

    Parameters
    ----------
    name : str
        A measured variable, or its alias.

    Returns
    -------
    DataFrame
        cycle, file, column, code (a number, a range, a text or "missing"), becomes (a level, yes, no, a number,
        "missing", or "" where the value stands for itself), count (rows of the file).

    Raises
    ------
    UnknownVariableError
        With the nearest names that there are.
    CofactorError
        The variable is derived: CDC counts raw columns alone.

    Examples
    --------
    >>> table = published_counts("sex")
    >>> table[table["cycle"] == "2005-2006"][["code", "becomes", "count"]].values.tolist()
    [['1', 'male', 5080], ['2', 'female', 5268], ['missing', 'missing', 0]]
    """
    found = variable(name, "published_counts")
    if not isinstance(found, Measured):
        raise CofactorError(f"{found.name} is derived; CDC counts raw columns: ask for {', '.join(found.inputs)}")
    rows = [(one.cycle, one.file, one.column, one.line.words, one.becomes, one.line.count) for one in counts_of(found)]
    return pd.DataFrame(rows, columns=["cycle", "file", "column", "code", "becomes", "count"])


def counts_of(found: Measured) -> tuple[PublishedCount, ...]:
    """Return the codebook's lines of a variable, by cycle and column; none for a column that no page counts."""
    return tuple(
        PublishedCount(cycle, file, column, line, becomes(line, source, found.kind))
        for cycle, source, file in files_of(found)
        for column in source.columns
        for line in published_codes().get((file, column), ())
    )


def files_of(found: Measured) -> tuple[tuple[str, Source, str], ...]:
    """Return cycle, source and file of each cycle that reads the variable from a file."""
    placed = [(cycle, found.source(cycle)) for cycle in found.cycles]
    return tuple((cycle, s, file_name(s.file, cycle)) for cycle, s in placed if s is not None and s.file is not None)


def becomes(line: CodeCount, source: Source, kind: str) -> str:
    """Return what a code becomes; "" where the number stands for itself, or rows and columns are put together first.

    >>> from cofactor.cohort.measured import Recode
    >>> source = Source((), "exam", "A", ("X",), Recode(missing=((7, 9),), values=((1, 0.5),)))
    >>> [becomes(CodeCount("code", code, code, "", 0), source, "number") for code in (1.0, 2.0, 7.0)]
    ['0.5', '', 'missing']
    """
    recode = source.recode
    if line.kind == "missing" or _inside(line, recode.missing):
        return MISSING
    for level, codes in recode.outcomes:
        if _inside(line, codes):
            return level
    for code, value in recode.values:
        if line.low == code:
            return f"{value:g}"
    return ""


def notes_of(found: Measured) -> tuple[str, ...]:
    """Return what a reader of the counts must know: columns that no page counts, and where file and page disagree."""
    known = known_disagreements()
    notes: dict[str, None] = {}
    for _, source, file in files_of(found):
        for column in source.columns:
            if reason := known.uncounted.get((file, column)):
                notes[f"{file}, {column}: {reason}"] = None
    places = {(file, column) for _, source, file in files_of(found) for column in source.columns}
    for (file, column, differs), reason in known.reasons.items():
        if (file, column) in places:
            published = "not on the page" if differs.published is None else f"{differs.published:,} on the page"
            notes[f"{file}, {column}, {differs.code}: {published}, {differs.found:,} in the file. {reason}"] = None
    if any(file.endswith(".dat") for _, _, file in files_of(found)):
        notes["Linked mortality has no codebook of counts."] = None
    return tuple(notes)


def _inside(line: CodeCount, spans: tuple[Number, ...]) -> bool:
    """Whether a code, or a whole range of them, lies in one of the spans."""
    if line.low is None or line.high is None:
        return False
    return any(low <= line.low and line.high <= high for low, high in spans)
