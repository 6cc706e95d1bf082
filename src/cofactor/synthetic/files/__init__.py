"""The files of a cycle, made from its people: names, columns and codes as CDC has them."""

from __future__ import annotations

from cofactor.synthetic.files.common import common_tables
from cofactor.synthetic.files.cycle import tables_of
from cofactor.synthetic.files.mortality import mortality_lines

__all__ = ["common_tables", "mortality_lines", "tables_of"]
