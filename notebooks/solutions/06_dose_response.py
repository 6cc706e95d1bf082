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
# # 06 Dose-response and thresholds: solutions
#
# Each ends with a check that says right. `SEED` is the number on your sheet.

# %%
from cofactor import SurveyDesign, change_point, dose_response, fit_cox
from cofactor.report.figures import plot_curve, plot_profile
from cofactor.teach import check, data, question

SEED = 1
people = data("06.1", seed=SEED)
design = SurveyDesign(people, domain="age_years >= 20")

# %%
print(question("06.1"))

# %% [markdown]
# One slope for all values averages over a steep part and a flat one. The spline keeps them apart.

# %%
fit = fit_cox(design, "rcs(vitd_25oh_nmol_l, 4) + age_years", time="months", event="died")
curve = dose_response(fit, "vitd_25oh_nmol_l", reference=75)
plot_curve(curve, xlabel="serum 25(OH)D, nmol/L").figure

# %%
ratio = dose_response(fit, "vitd_25oh_nmol_l", [25], reference=75).table()
print(check("06.1", ratio["estimate"].iloc[0], seed=SEED))

# %%
print(question("06.2"))

# %% [markdown]
# A spline of 4 knots has 3 terms. A straight line is one direction of them; the other two are the bend.

# %%
bend = curve.non_linearity
print(check("06.2", (bend.f, bend.df1), seed=SEED))

# %%
print(question("06.3"))

# %% [markdown]
# The profile of the likelihood has its top at the break, and its interval is what lies near the top.

# %%
found = change_point(
    design,
    "vitd_25oh_nmol_l + age_years",
    "vitd_25oh_nmol_l",
    between=(35, 95),
    points=7,
    time="months",
    event="died",
)
plot_profile(found, xlabel="serum 25(OH)D, nmol/L").figure

# %%
print(check("06.3", found.table()["estimate"].iloc[0], seed=SEED))
