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
# # 10 Must magnesium and vitamin D be judged together? Solutions
#
# Each ends with a check that says right. `SEED` is the number on your sheet.

# %%
import math

from cofactor import SurveyDesign, fit_cox
from cofactor.teach import check, data, question

SEED = 1
people = data("10.1", seed=SEED)

# %%
print(question("10.1"))

# %% [markdown]
# The interval holds 1, and it holds ratios beyond 0.90 and 1.11: these data leave it open. A p above 5% only says the
# first half of that sentence.

# %%
design = SurveyDesign(people, domain="age_years >= 20")
fit = fit_cox(design, "vitamin_d_per_25 * enough_magnesium + age_years", time="months", event="died")
ratios = fit.table(exponentiate=True)
product = ratios[ratios["term"].str.contains(":")].iloc[0]
print(f"{product['estimate']:.2f} ({product['low']:.2f} to {product['high']:.2f})")

# %%
if product["high"] < 1:
    verdict = "a"
elif product["low"] > 1:
    verdict = "d"
elif product["low"] >= 0.90 and product["high"] <= 1 / 0.90:
    verdict = "b"
else:
    verdict = "c"
print(check("10.1", verdict, seed=SEED))

# %%
print(question("10.2"))

# %% [markdown]
# A test of 5% needs an estimate 1.96 standard errors from none; for it to fall beyond there in 80% of surveys, the
# truth has to lie 0.84 standard errors further out.

# %%
logarithms = fit.table()
se = logarithms.loc[logarithms["term"].str.contains(":"), "se"].iloc[0]
print(check("10.2", math.exp(-(1.96 + 0.84) * se), seed=SEED))
