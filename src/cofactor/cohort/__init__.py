"""Raw columns into variables of people: knows meaning, not statistics."""

from cofactor.cohort.loading import load
from cofactor.cohort.registry import canonical, variable, variables
from cofactor.cohort.weights import WeightChoice, choose_weight

__all__ = ["WeightChoice", "canonical", "choose_weight", "load", "variable", "variables"]
