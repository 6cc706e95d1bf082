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
# # 04 Survival under a design: solutions
#
# `SEED` is the number on your sheet.

# %%
import numpy as np

from cofactor import SurveyDesign, fit_cox, kaplan_meier
from cofactor.teach import check, data

SEED = 1

# %% [markdown]
# ## 04.1

# %%
design = SurveyDesign(data("04.1", seed=SEED), domain="age_years >= 20")
smoking = fit_cox(design, "smoker + age_years", time="months", event="died").table().iloc[0]
print(check("04.1", (np.exp(smoking["estimate"]), smoking["se"]), seed=SEED))

# %% [markdown]
# ## 04.2

# %%
design = SurveyDesign(data("04.2", seed=SEED), domain="age_years >= 20")
survival = kaplan_meier(design, time="months", event="died", times=[60]).table()["survival"].iloc[0]
print(check("04.2", 100 * (1 - survival), seed=SEED))

# %% [markdown]
# ## 04.3

# %%
print(check("04.3", "b", seed=SEED))

# %% [markdown]
# ## To think about
#
# 1. Breslow keeps everybody who dies in a month at risk for each of its deaths, so that risk sets are too large
#    by those already dead, who have the higher hazards. The ratio is pulled towards 1. Efron takes them out by
#    parts.
# 2. At the age of the examination (delayed entry). Whoever died younger could not have been examined; to count
#    those years as time at risk without death is immortal time.
