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
# # 07 Missing data: solutions
#
# Each ends with a check that says right. `SEED` is the number on your sheet.

# %%
import numpy as np

from cofactor import SurveyDesign, response_weights, weighted_mean
from cofactor.report.figures import plot_response_weights
from cofactor.teach import check, data, question

SEED = 1
people = data("07.1", seed=SEED)

# %%
print(question("07.1"))

# %% [markdown]
# A person is lost who lacks any of the three, and stands for as many as the weight says.

# %%
adults = people[(people["age_years"] >= 20) & (people["analysis_weight"] > 0)]
lost = adults[["income", "body_mass_index", "drinks"]].isna().any(axis=1)
print(check("07.1", 100 * np.average(lost, weights=adults["analysis_weight"]), seed=SEED))

# %%
print(question("07.2"))

# %% [markdown]
# In each level of education those who told their income carry the weight of those who did not. The weights were
# estimated from these people, which `adjusted` puts into the error.

# %%
made = response_weights(SurveyDesign(people, domain="age_years >= 20"), "income", by="education")
plot_response_weights(made).figure

# %%
print(check("07.2", made.adjusted(weighted_mean(made.design, "income")), seed=SEED))

# %%
print(question("07.3"))

# %% [markdown]
# Rubin's rules: the mean of the estimates; the mean variance within, plus 1 + 1/m times the variance between.

# %%
copies = data("07.3", seed=SEED)
within, between = (copies["se"] ** 2).mean(), copies["estimate"].var(ddof=1)
print(check("07.3", (copies["estimate"].mean(), (within + (1 + 1 / len(copies)) * between) ** 0.5), seed=SEED))
