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
# # 08 Confounding, negative controls and E-values: solutions
#
# Each ends with a check that says right. `SEED` is the number on your sheet.

# %%
from cofactor import SurveyDesign, e_value, fit_cox
from cofactor.report.figures import plot_e_value
from cofactor.teach import check, data, question

SEED = 1
people = data("08.1", seed=SEED)
design = SurveyDesign(people, domain="age_years >= 20")

# %%
print(question("08.1"))

# %% [markdown]
# A confounder has to be tied to the exposure and to death, and loses strength in each tie. Both together must reach
# the ratio: R + root of R (R - 1), after a ratio below 1 was turned over.

# %%
age_alone = fit_cox(design, "enough_magnesium + age_years", time="months", event="died").table(exponentiate=True)
value = e_value(age_alone["estimate"].iloc[0])
plot_e_value(value).figure

# %%
print(check("08.1", value.estimate, seed=SEED))

# %%
print(question("08.2"))

# %% [markdown]
# One covariate more. Where the ratio moves to 1, the association was that covariate's.

# %%
formula = "enough_magnesium + health_conscious + age_years"
with_trait = fit_cox(design, formula, time="months", event="died").table(exponentiate=True)
print(check("08.2", (age_alone["estimate"].iloc[0], with_trait["estimate"].iloc[0]), seed=SEED))

# %%
print(question("08.3"))

# %% [markdown]
# The outcome was chosen because magnesium cannot reach it. A link tells of something else; no link tells little, for
# crashes are few.

# %%
crash = fit_cox(design, "enough_magnesium + age_years", time="months", event="died_in_a_crash").table(exponentiate=True)
print(check("08.3", "a" if crash["p"].iloc[0] < 0.05 else "b", seed=SEED))
