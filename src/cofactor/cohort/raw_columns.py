"""Which raw columns the catalogue reads, file by file."""

from __future__ import annotations

from cofactor.cohort.catalogue_files import file_name, measured_variables

Place = tuple[str, str]
"""A raw column: the file's name as in the manifest, and the column's."""


def raw_columns() -> dict[Place, tuple[str, ...]]:
    """Return every raw column that the catalogue reads, with the names of the variables read from it.

    >>> raw_columns()["DEMO_D.xpt", "RIDAGEYR"]
    ('age_years',)
    """
    found: dict[Place, tuple[str, ...]] = {}
    for variable in measured_variables().values():
        for place in places_of(variable.name):
            found[place] = (*found.get(place, ()), variable.name)
    return found


def places_of(name: str) -> tuple[Place, ...]:
    """Return the raw columns of a measured variable, in the order of its sources and cycles.

    >>> places_of("bmi_kg_m2")[0]
    ('BMX.xpt', 'BMXBMI')
    """
    sources = measured_variables()[name].sources
    return tuple(
        (file_name(source.file, cycle), column)
        for source in sources
        if source.file is not None
        for cycle in source.cycles
        for column in source.columns
    )
