"""Supplements and antacids by product: what people took, joined to the database of labels."""

from __future__ import annotations

from cofactor.cohort.products.asking import ProductQuestion
from cofactor.cohort.products.files import LABEL_FILES, ProductFile, product_files
from cofactor.cohort.products.intake import answer
from cofactor.cohort.products.labels import ProductLabels, read_labels
from cofactor.cohort.products.rows import ProductRows, product_rows

__all__ = [
    "LABEL_FILES",
    "ProductFile",
    "ProductLabels",
    "ProductQuestion",
    "ProductRows",
    "answer",
    "product_files",
    "product_rows",
    "read_labels",
]
