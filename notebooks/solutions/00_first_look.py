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
# # 00 A first look: the solution
#
# `SEED` is the number on your sheet.

# %%
from cofactor import SurveyDesign, weighted_mean
from cofactor.teach import check, data, question

SEED = 1

# %% [markdown]
# ## 00.1

# %%
print(question("00.1"))

# %% [markdown]
# Everyone goes into the design; the adults are its domain.

# %%
people = data("00.1", seed=SEED)
design = SurveyDesign(people, domain="age_years >= 20")
print(check("00.1", weighted_mean(design, "magnesium_diet_mg"), seed=SEED))
