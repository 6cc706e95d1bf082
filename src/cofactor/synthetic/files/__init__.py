"""The files of a cycle, made from its people: names, columns and codes as CDC has them."""

from __future__ import annotations

from cofactor.synthetic.files.cycle import tables_of
from cofactor.synthetic.files.mortality import mortality_lines

__all__ = ["mortality_lines", "tables_of"]
