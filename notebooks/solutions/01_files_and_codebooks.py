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
# # 01 Reading a file and its codebook: solutions
#
# `SEED` is the number on your sheet.

# %%
from cofactor.teach import check, data

SEED = 1

# %% [markdown]
# ## 01.1
#
# First the zeros, which are below anything that a recall can hold; then those without a recall go.

# %%
grams = data("01.1", seed=SEED)["DR1TALCO"]
grams = grams.mask(grams.abs() < 1e-70, 0.0).dropna()
print(check("01.1", (100 * (grams == 0).mean(), grams.mean()), seed=SEED))

# %% [markdown]
# ## 01.2

# %%
drinks = data("01.2", seed=SEED)["ALQ130"].replace([777.0, 999.0], float("nan")).dropna()
print(check("01.2", (drinks.mean(), len(drinks)), seed=SEED))

# %% [markdown]
# ## To think about
#
# 1. Every mean of a column with true zeros is too high, every share of people above 0 too; medians as well,
#    where many are zero. Models lose the people without intake, who are not like the others.
# 2. In the notes of the page of the file, and in `cofactor catalogue magnesium_diet_mg`. The mean rises from
#    one cycle to the next though nobody eats otherwise: a trend has a step there that is none of the diet.
