"""Raw columns into variables of people: knows meaning, not statistics."""

from cofactor.cohort.listing import catalogue, describe
from cofactor.cohort.loading import load
from cofactor.cohort.pages import write_pages
from cofactor.cohort.registry import canonical, variable, variables
from cofactor.cohort.weights import WeightChoice, choose_weight

__all__ = [
    "WeightChoice",
    "canonical",
    "catalogue",
    "choose_weight",
    "describe",
    "load",
    "variable",
    "variables",
    "write_pages",
]
