"""Which raw columns the catalogue reads, file by file."""

from __future__ import annotations

from cofactor.cohort import drug_classes
from cofactor.cohort.catalogue_files import file_name, measured_variables
from cofactor.cohort.measured import Rows
from cofactor.cohort.products.files import LABEL_FILES

Place = tuple[str, str]
"""A raw column: the file's name as in the manifest, and the column's."""

_PRODUCTS, _INGREDIENTS = LABEL_FILES
_DATABASES: dict[Rows, tuple[Place, ...]] = {
    "any of class": tuple(
        (drug_classes.FILE, column)
        for column in (drug_classes.KEY, *(name for levels in drug_classes.CLASSES for name in levels))
    ),
    "products": (
        *((_PRODUCTS, column) for column in ("DSDPID", "DSDSUPID", "DSDSERVQ", "DSDSERVU")),
        *((_INGREDIENTS, column) for column in ("DSDPID", "DSDIID", "DSDQTY", "DSDUNIT")),
    ),
}
"""What is read beside a person's own rows, for sources that look something up: files of no one cycle."""


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
    own = [
        (file_name(source.file, cycle), column)
        for source in sources
        if source.file is not None
        for cycle in source.cycles
        for column in source.columns
    ]
    looked_up = [place for source in sources for place in _DATABASES.get(source.rows, ())]
    return tuple(dict.fromkeys([*own, *looked_up]))
