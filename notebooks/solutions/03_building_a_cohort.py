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
# # 03 Building a cohort: solutions
#
# `SEED` is the number on your sheet.

# %%
from cofactor import SurveyDesign, weighted_ratio
from cofactor.teach import check, data

SEED = 1

# %% [markdown]
# ## 03.1
#
# State what must be true. `in_domain` holds people of whom it is known to be true, and whose weight is positive.

# %%
people = data("03.1", seed=SEED)
condition = "age_years >= 40 and age_years < 80 and mortality_eligible and vitd_25oh_nmol_l >= 50"
inside = SurveyDesign(people, domain=condition).in_domain
deaths = people.loc[inside, "died"].fillna(False).sum()
print(check("03.1", (inside.sum(), deaths), seed=SEED))

# %% [markdown]
# ## 03.2

# %%
recalls = data("03.2", seed=SEED)
design = SurveyDesign(recalls.assign(thousands=recalls["energy_diet_kcal"] / 1000), domain="age_years >= 20")
print(check("03.2", weighted_ratio(design, "magnesium_diet_mg", "thousands"), seed=SEED))

# %% [markdown]
# ## 03.3

# %%
people = data("03.3", seed=SEED)
old = people[people["age_years"] >= 40]
complete = old[["bmi_kg_m2", "smoking", "poverty_income_ratio"]].notna().all(axis=1)
print(check("03.3", 100 * old.loc[complete, "analysis_weight"].sum() / old["analysis_weight"].sum(), seed=SEED))

# %% [markdown]
# ## To think about
#
# 1. Of people who have reached that age without heart disease. If magnesium lowers the risk of heart disease
#    and something unmeasured does so too, those free of it who eat little magnesium have more of the other:
#    selection makes the two depend on each other.
# 2. How many lacked which variable; the weighted share of the population and of the deaths that they are; and
#    how they differ from those who stayed.
