"""Complex survey designs and design-based estimates: weights, strata, PSUs, domains, and the one variance."""

from cofactor.survey.design import SurveyDesign
from cofactor.survey.estimate import Estimate, delta, from_influence, joint, linear

__all__ = ["Estimate", "SurveyDesign", "delta", "from_influence", "joint", "linear"]
