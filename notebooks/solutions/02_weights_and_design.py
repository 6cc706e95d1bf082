# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 02 Weights and design: solutions
#
# `SEED` is the number on your sheet.

# %%
from cofactor import SurveyDesign, weighted_mean
from cofactor.teach import check, data

SEED = 1

# %% [markdown]
# ## 02.1
#
# Everybody in the design, the group as its domain. No option for lonely PSUs is needed: none is lonely.

# %%
design = SurveyDesign(data("02.1", seed=SEED), domain="age_years >= 78")
print(check("02.1", weighted_mean(design, "vitd_25oh_nmol_l"), seed=SEED))

# %% [markdown]
# ## 02.2

# %%
people = data("02.2", seed=SEED)
adults = people[people["age_years"] >= 20]
group = adults[adults["race_ethnicity"] == "non-Hispanic Black"]
print(check("02.2", 100 * group["two_year_weight"].sum() / adults["two_year_weight"].sum(), seed=SEED))

# %% [markdown]
# A share alone needs no design, an interval does: `weighted_proportion`.
#
# ## 02.3
#
# Three cycles, so a third of each weight.

# %%
people = data("02.3", seed=SEED)
old = people[people["age_years"] >= 65]
print(check("02.3", (old["two_year_weight"] / 3).sum() / 1e6, seed=SEED))

# %% [markdown]
# ## To think about
#
# 1. When the model holds for everybody alike, given what is in it, and what decided who is drawn (age, race,
#    income) is in it. Whether it holds for everybody alike is seldom known, and a mean over the population
#    needs the weights anyway.
# 2. The covariance of the coefficients comes from 60 - 30 = 30 independent pieces. Forty coefficients cannot be
#    tested jointly, and each interval is wider than 1.96 standard errors to either side.
