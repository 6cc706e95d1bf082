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
# # 05 Interaction on two scales: solutions
#
# `SEED` is the number on your sheet.

# %%
import numpy as np

from cofactor import SurveyDesign, fit_cox, reri, standardized_risk
from cofactor.teach import check, data

SEED = 1

design = SurveyDesign(data("05.1", seed=SEED), domain="age_years >= 20")
fit = fit_cox(design, "low_magnesium * low_vitamin_d + age_years", time="months", event="died")

# %% [markdown]
# ## 05.1
#
# The variables are numbers, so that `reri` asks which values to compare: the reference first.

# %%
measures = reri(fit, "low_magnesium", "low_vitamin_d", exposure_levels=(0, 1), modifier_levels=(0, 1)).table()
measures = measures.set_index("term")
print(check("05.1", measures.loc["RERI", ["estimate", "se"]], seed=SEED))

# %% [markdown]
# ## 05.2

# %%
ratios = np.exp(fit.table().set_index("term")["estimate"])
print(check("05.2", (ratios["low_magnesium"] - 1) * (ratios["low_vitamin_d"] - 1), seed=SEED))

# %% [markdown]
# ## 05.3
#
# Each scale by its own interval, RERI against 0 and the ratio against 1.

# %%
adding = measures.loc["RERI", "low"] > 0 or measures.loc["RERI", "high"] < 0
multiplying = measures.loc["multiplicative", "low"] > 1 or measures.loc["multiplicative", "high"] < 1
letter = {(True, True): "a", (True, False): "b", (False, True): "c", (False, False): "d"}[adding, multiplying]
print(check("05.3", letter, seed=SEED))

# %% [markdown]
# ## 05.4

# %%
risks = standardized_risk(fit, "low_magnesium", (0, 1), at=120, modifier="low_vitamin_d", modifier_levels=(0, 1))
both = risks.table().query("low_magnesium == 1 and low_vitamin_d == 1")["estimate"].iloc[0]
print(check("05.4", (1000 * both, 1000 * risks.interaction.values[0]), seed=SEED))

# %% [markdown]
# ## To think about
#
# 1. The comparison of the two ratios: 1.4 / 1.2 with its interval. That one is significant and the other is not
#    does not show that they differ. And that was the multiplicative scale alone.
# 2. With another reference all ratios are below 1, and RERI is another number, maybe of another sign. It
#    measures an excess over a floor, so that the floor must be the lowest; choosing it after a look makes the
#    result a choice.
# 3. Odds ratios multiply up faster than risk ratios, so that a RERI of odds ratios is too large. Use risk
#    ratios (`family="poisson"`) or hazard ratios.
