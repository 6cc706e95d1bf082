"""Complex survey designs and design-based estimates: weights, strata, PSUs, domains, and the one variance."""

from cofactor.survey.chi_square import ChiSquareTest, chi_square_test
from cofactor.survey.comparison import RankTest, rank_test, t_test, trend_test
from cofactor.survey.design import SurveyDesign
from cofactor.survey.estimate import Estimate, delta, from_influence, joint, linear
from cofactor.survey.mean import weighted_mean, weighted_total
from cofactor.survey.proportion import weighted_proportion
from cofactor.survey.quantile import weighted_quantile
from cofactor.survey.ratio import weighted_ratio
from cofactor.survey.replicate import Replicated, replicate
from cofactor.survey.replicate_weights import ReplicateWeights, replicate_weights
from cofactor.survey.standard_population import us2000_population
from cofactor.survey.standardize import standardize
from cofactor.survey.wald import WaldTest

__all__ = [
    "ChiSquareTest",
    "Estimate",
    "RankTest",
    "ReplicateWeights",
    "Replicated",
    "SurveyDesign",
    "WaldTest",
    "chi_square_test",
    "delta",
    "from_influence",
    "joint",
    "linear",
    "rank_test",
    "replicate",
    "replicate_weights",
    "standardize",
    "t_test",
    "trend_test",
    "us2000_population",
    "weighted_mean",
    "weighted_proportion",
    "weighted_quantile",
    "weighted_ratio",
    "weighted_total",
]
