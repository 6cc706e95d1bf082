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
# # 09 Replicating a paper: solutions
#
# Each ends with a check that says right. `SEED` is the number on your sheet.

# %%
from cofactor import SurveyDesign, fit_glm
from cofactor.teach import check, data, question

SEED = 1
people = data("09.1", seed=SEED)
adults = SurveyDesign(people, domain="age_years >= 20")

# %%
print(question("09.1"))

# %% [markdown]
# A quarter or more of the people has the outcome, so that odds and risks part. A Poisson fit of a yes or no has a log
# link, and its coefficient is the logarithm of a ratio of risks; the standard error comes from the design, not from the
# Poisson distribution, which does not hold.

# %%
table = fit_glm(adults, "depressed ~ low_magnesium + rcs(age_years) + sex", family="poisson").table(exponentiate=True)
row = table[table["term"].str.startswith("low_magnesium")].iloc[0]
print(check("09.1", row["estimate"], seed=SEED))

# %%
print(question("09.2"))

# %% [markdown]
# One model with the product: its row compares the two ratios, and tests whether they differ.

# %%
formula = "depressed ~ low_magnesium * aged_65_or_over + rcs(age_years) + sex"
table = fit_glm(adults, formula, family="poisson").table(exponentiate=True)
product = table[table["term"].str.contains(":")].iloc[0]
print(check("09.2", (product["estimate"], product["p"]), seed=SEED))

# %%
print(question("09.3"))

# %% [markdown]
# Below 5% the data speak for a difference. Above it they leave the question open, whatever the tests within each group
# say; "no difference" would need an interval too narrow to hold one that matters.

# %%
print(check("09.3", "a" if product["p"] < 0.05 else "b", seed=SEED))
