"""Tables of the page: words in cells, made from the tidy tables of a result."""

from cofactor.report.tables.basis import basis_of, population_basis
from cofactor.report.tables.model import Column, Row, Table

__all__ = ["Column", "Row", "Table", "basis_of", "population_basis"]
