"""A local page to explore exposure, modifier and outcome: what is chosen, what is computed, and how it is served."""

from cofactor.explore.choices import Choices
from cofactor.explore.code import DataSource, python_code
from cofactor.explore.command import open_page
from cofactor.explore.plan import Plan, plan_of

__all__ = ["Choices", "DataSource", "Plan", "open_page", "plan_of", "python_code"]
