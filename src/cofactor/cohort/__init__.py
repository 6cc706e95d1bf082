"""Raw columns into variables of people: knows meaning, not statistics."""

from cofactor.cohort.codebook import CodebookReport, verify_codebook
from cofactor.cohort.coverage import Coverage, coverage, unmapped
from cofactor.cohort.describing import describe
from cofactor.cohort.listing import catalogue
from cofactor.cohort.loading import load
from cofactor.cohort.pages import write_pages
from cofactor.cohort.published import published_counts
from cofactor.cohort.registry import canonical, variable, variables
from cofactor.cohort.weights import WeightChoice, choose_weight

__all__ = [
    "CodebookReport",
    "Coverage",
    "WeightChoice",
    "canonical",
    "catalogue",
    "choose_weight",
    "coverage",
    "describe",
    "load",
    "published_counts",
    "unmapped",
    "variable",
    "variables",
    "verify_codebook",
    "write_pages",
]
