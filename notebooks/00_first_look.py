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
# # 00 A first look
#
# NHANES examines about 5,000 people a year all over the United States, some groups more than their share, in
# about 15 counties. This notebook goes once through everything that such data ask for. After it you can
#
# - load variables of several cycles, and say which weight they ask for and why;
# - describe a population with a table whose standard errors know how the people were drawn;
# - fit a survival model, read its hazard ratios, and draw them;
# - tell a right standard error from a wrong one (the exercise at the end).
#
# It takes ten minutes, and needs no download: the data are made up on the spot. **Nothing below says anything
# about people until you switch to the real files.**

# %%
# %matplotlib inline
import tempfile
from pathlib import Path

from cofactor import SurveyDesign, contrast, fit_cox, load, synthetic_nhanes, weighted_mean, weighted_proportion
from cofactor.report import plot_forest
from cofactor.teach import check, question

# %% [markdown]
# ## The data
#
# To work on the real files, bring them once, in a terminal, with `cofactor fetch --cycles 2007-2018 --data nhanes`,
# and write `DATA = "nhanes"` below. Everything after it stays as it is. As it stands, `synthetic_nhanes` writes
# files that look like CDC's, column by column, into a folder that your system clears away.

# %%
DATA = "synthetic"
CYCLES = "2007-2018"

if DATA == "synthetic":
    DATA = Path(tempfile.mkdtemp()) / "nhanes"
    synthetic_nhanes(DATA, people=2000, seed=1, cycles=CYCLES)

# %% [markdown]
# ## Load
#
# `load` is the only door: names in, people out. It finds the files and columns of each cycle, and chooses the
# weight of the smallest group that any of the variables was measured on. Nobody is dropped.

# %%
people = load(
    [
        "age_years",
        "sex",
        "magnesium_diet_mg",
        "vitd_25oh_nmol_l",
        "vitd_status",
        "smoking",
        "mortality_eligible",
        "died",
        "followup_months_exam",
    ],
    cycles=CYCLES,
    data=DATA,
)
people.head()

# %% [markdown]
# Which weight, and why?

# %%
print(people.attrs["weight_reason"])

# %% [markdown]
# ## Whom the question is about
#
# A population is a *domain*: a condition, not a filter. The children stay in the design, because they too tell
# from how many counties the sample was drawn. A condition that cannot be answered for someone ("25(OH)D below
# 50", where it was not measured) leaves them outside, and the design counts them.

# %%
design = SurveyDesign(people, domain="age_years >= 20 and mortality_eligible and known(vitd_25oh_nmol_l)")
design

# %% [markdown]
# ## A weighted table
#
# Mean serum 25(OH)D by sex, in nmol/L. `se` is the standard error, `low` and `high` the 95% interval, `df` the
# degrees of freedom: PSUs (counties, more or less) minus strata.

# %%
weighted_mean(design, "vitd_25oh_nmol_l", by="sex")

# %% [markdown]
# How many are deficient (below 30 nmol/L), insufficient (30 to below 50) and sufficient? `reliability` says
# whether NCHS would print the number.

# %%
weighted_proportion(design, "vitd_status").table().round(3)

# %% [markdown]
# ## A fit
#
# A Cox model of death from any cause, since the examination, with weights, strata and PSUs in every standard
# error. Age enters as a smooth curve. On the screen are log hazard ratios; `exponentiate=True` turns them into
# hazard ratios.

# %%
fit = fit_cox(
    design,
    "vitd_status + rcs(age_years) + sex + smoking",
    time="followup_months_exam",
    event="died",
)
fit.table(exponentiate=True).round(3)

# %% [markdown]
# Any question to the fit is a contrast: two settings of the variables, one against the other.

# %%
contrast(fit, {"smoking": "current 15 or more"}, {"smoking": "former"}).table(exponentiate=True).round(3)

# %% [markdown]
# ## A picture
#
# The same hazard ratios, each with its interval. An interval that crosses 1 is compatible with no difference. It
# does not show that there is none.

# %%
# Picture: Forest plot of six hazard ratios of death with 95% intervals on a logarithmic axis, for two levels of vitamin
# D status, female sex and three levels of smoking, each against its reference, with a line at 1.
ratios = fit.table(exponentiate=True)
ratios = ratios[~ratios["term"].str.startswith("rcs")].rename(columns={"term": "label", "estimate": "ratio"})
plot_forest(ratios, xlabel="hazard ratio (logarithmic axis)").figure

# %% [markdown]
# ## The exercise

# %%
print(question("00.1"))

# %% [markdown]
# A first try, as it is often done: take the adults out of the file, and average.

# %%
adults = people[people["age_years"] >= 20]
mean = adults["magnesium_diet_mg"].mean()
naive_se = adults["magnesium_diet_mg"].std() / adults["magnesium_diet_mg"].count() ** 0.5
feedback = check("00.1", (mean, naive_se), data=people)
feedback

# %% [markdown]
# That was not it. One more hint, before you read on? (`check(...).more()` does the same.)

# %%
feedback.more()

# %% [markdown]
# A second try: the weights are in, and still the adults were taken out of the file before the design was made.

# %%
check("00.1", weighted_mean(SurveyDesign(adults), "magnesium_diet_mg"), data=people)

# %% [markdown]
# And the right way: everyone in the design, the adults as its domain.

# %%
answer = weighted_mean(SurveyDesign(people, domain="age_years >= 20"), "magnesium_diet_mg")
print(check("00.1", answer, data=people))
answer

# %% [markdown]
# ## Where to go from here
#
# - `01_files_and_codebooks` begins at the bytes of a file; the notebooks after it go on from there to the question of
#   this package. Their exercises give each student data of their own.
# - `catalogue()` lists every variable; `cofactor catalogue vitd_status`, in a terminal, says all about one.
# - `cofactor demo` runs the whole study of this package on made-up data, and writes its report.
# - `analyses/mg_vitd_mortality.py` is that study, as a value that you can copy and change.
