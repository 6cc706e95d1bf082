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
# # 04 Survival under a design
#
# The linked files tell who died, and when. After this notebook you can
#
# - draw survival curves with the numbers at risk, and read a risk from them when people are lost;
# - fit a Cox model with weights, strata and PSUs, and say in words what its hazard ratio means;
# - show what the usual tools (PHReg, "weights" in a model that knows no design) make of the same data;
# - test whether hazards are proportional, and see when they are not;
# - turn a hazard ratio into what people understand: deaths per 1,000 in ten years.
#
# It takes twenty-five minutes and needs no download. **The data are made up on the spot; nothing below says
# anything about people until you switch to the real files.**

# %%
# %matplotlib inline
import logging
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from statsmodels.duration.hazard_regression import PHReg

from cofactor import (
    SurveyDesign,
    fit_cox,
    kaplan_meier,
    load,
    proportional_hazards_test,
    standardized_risk,
    synthetic_nhanes,
)
from cofactor.models import coefficients_over_time
from cofactor.report.figures import new_axes, plot_forest, plot_proportional_hazards, plot_survival
from cofactor.report.figures.style import COLOURS, GREY
from cofactor.teach import check, data, question

logging.getLogger("cofactor").setLevel(logging.ERROR)

# %% [markdown]
# ## The data
#
# For the real files: `cofactor fetch --cycles 2003-2010 --data nhanes` in a terminal, and `DATA = "nhanes"`
# below.

# %%
DATA = "synthetic"
CYCLES = "2003-2010"
SEED = 1  # of the exercises: the number on your sheet

if DATA == "synthetic":
    DATA = Path(tempfile.mkdtemp()) / "nhanes"
    synthetic_nhanes(DATA, people=2500, seed=1, cycles=CYCLES)

names = ["age_years", "sex", "smoking", "vitd_status", "mortality_eligible", "died", "followup_months_exam"]
people = load(names, cycles=CYCLES, data=DATA)
design = SurveyDesign(people, domain="age_years >= 40 and mortality_eligible")
FOLLOW_UP = {"time": "followup_months_exam", "event": "died"}

# %% [markdown]
# ## Curves
#
# Kaplan and Meier's estimate multiplies, over the months, the share of those still there who survive the month.
# Somebody whose follow-up ends is not dead and not alive from then on: they leave the count. Below the curves
# stand the people at risk, who are what an estimate rests on.

# %%
# Picture: Weighted Kaplan-Meier curves of the percentage alive over the years since the examination, with 95% bands,
# for deficient, insufficient and sufficient vitamin D; the numbers at risk stand below.
curves = kaplan_meier(design, by="vitd_status", **FOLLOW_UP)
plot_survival(curves, years=4).figure

# %% [markdown]
# Crude curves compare people who differ in age, too. That is what a model is for.
#
# ## A Cox model
#
# The hazard is the rate of death at a time, among those who are alive then. A hazard ratio of 2 says that at
# any time the rate is twice as high, if the model holds. It is no ratio of risks: in the end everybody dies.

# %%
# Picture: Forest plot of six hazard ratios of death with 95% intervals on a logarithmic axis: two levels of vitamin D
# status, three levels of smoking and female sex, each against its reference, with a line at 1.
fit = fit_cox(design, "vitd_status + smoking + sex + rcs(age_years)", **FOLLOW_UP)
ratios = fit.table(exponentiate=True)
ratios = ratios[~ratios["term"].str.startswith("rcs")].rename(columns={"term": "label", "estimate": "ratio"})
plot_forest(ratios, xlabel="hazard ratio of death (logarithmic axis)").figure

# %% [markdown]
# An interval that crosses 1 is compatible with no difference. It does not show that there is none: look at how
# far it reaches.
#
# ## The same data by other tools
#
# `PHReg` of statsmodels takes no sampling weights: it describes the sample, and its error takes people as drawn
# one by one. Some tools take weights and leave the design out. The data of exercise 04.1 show what either does:
# here smoking harms more in groups that were drawn more often than their share.

# %%
# Picture: Forest plot of the hazard ratio of smoking with its 95% interval from three fits: PHReg without weights,
# weights without the design, and weights with the design; the last two have the same estimate.
cohort = data("04.1", seed=SEED)
adult = cohort[(cohort["age_years"] >= 20) & (cohort["analysis_weight"] > 0)]
plain = PHReg(adult["months"], adult[["smoker", "age_years"]], status=adult["died"].astype(int)).fit()
survey = SurveyDesign(cohort, domain="age_years >= 20")
right = fit_cox(survey, "smoker + age_years", time="months", event="died")
alone = fit_cox(
    SurveyDesign(cohort, strata=None, psu=None, domain="age_years >= 20"),
    "smoker + age_years",
    time="months",
    event="died",
)

rows = [["PHReg: no weights", plain.params[0], plain.bse[0], 1.96]]
for label, one in (("weights, no design", alone), ("weights and design", right)):
    estimate, se, _, high = one.table()[["estimate", "se", "low", "high"]].iloc[0]
    rows.append([label, estimate, se, (high - estimate) / se])
compared = pd.DataFrame(rows, columns=["label", "estimate", "se", "t"])
compared["ratio"] = np.exp(compared["estimate"])
compared["low"] = np.exp(compared["estimate"] - compared["t"] * compared["se"])
compared["high"] = np.exp(compared["estimate"] + compared["t"] * compared["se"])
compared["main"] = [False, False, True]
plot_forest(compared, xlabel="hazard ratio of smoking").figure

# %% [markdown]
# The first is an answer about the sample, not about the country. The second has the right number, and an error
# that knows nothing of counties.
#
# ## Are the hazards proportional?
#
# A Cox model says that a ratio is the same at all times. The test sets a slope in time against that; the
# picture shows where it bends. A coefficient that drifts does not make the model useless: it makes the one
# number an average over the follow-up, and the average depends on how long that was.

# %%
test = proportional_hazards_test(fit)
test

# %%
# Picture: Scaled Schoenfeld residuals of smoking 15 or more a day over the years since the examination, their smooth
# with its 95% band, and a dashed line at the model's log hazard ratio, about which the smooth wanders.
term = "smoking[current 15 or more]"
over_time = coefficients_over_time(fit, [term])
average = fit.table().set_index("term")["estimate"][term]
plot_proportional_hazards(over_time.table(), over_time.residuals, title="15 or more a day", average=average).figure

# %% [markdown]
# Grey are the deaths, blue their smooth with its band, dashed the one number of the model. The synthetic data
# were made with proportional hazards, so the blue line wanders about the dashed one and the test finds nothing.

# %% [markdown]
# ## Deaths per 1,000 in ten years
#
# Whoever is to decide something wants risks. `standardized_risk` gives everybody of the population each level
# in turn, keeps the rest of each person as it is, and averages the risks that the model predicts. Beside them
# the crude risks, by group.

# %%
# Picture: Deaths per 1,000 in ten years with 95% intervals for deficient, insufficient and sufficient vitamin D, in
# each row a circle for the crude risk and a diamond for the standardised risk.
levels = list(people["vitd_status"].cat.categories)
risks = standardized_risk(fit, "vitd_status", levels, at=120)
standardised = risks.table()
crude = kaplan_meier(design, by="vitd_status", times=[120], **FOLLOW_UP).table().set_index("vitd_status").loc[levels]

ax = new_axes(2.4)
place = np.arange(len(levels))
ax.hlines(place - 0.12, 1000 * (1 - crude["high"]), 1000 * (1 - crude["low"]), color=GREY, lw=2)
ax.plot(1000 * (1 - crude["survival"]), place - 0.12, "o", color=GREY, ms=5, label="crude")
ax.hlines(place + 0.12, 1000 * standardised["low"], 1000 * standardised["high"], color=COLOURS[0], lw=2)
ax.plot(1000 * standardised["estimate"], place + 0.12, "D", color=COLOURS[0], ms=5, label="standardised")
ax.set_yticks(place, levels)
ax.invert_yaxis()
ax.set_xlim(0, None)
ax.set_xlabel("deaths per 1,000 in ten years")
ax.legend(frameon=False, fontsize=8, loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=2)
ax.figure

# %% [markdown]
# And how many deaths of 1,000 lie between each level and the first, which is what would be saved if the
# association were a cause and 1,000 deficient people reached that level:

# %%
(1000 * risks.differences.table()[["estimate", "low", "high"]]).round(1).set_axis(levels[1:])

# %% [markdown]
# ## Exercises
#
# ### 04.1

# %%
print(question("04.1"))

# %% [markdown]
# The trap: the fit of `PHReg` from above.

# %%
check("04.1", (np.exp(plain.params[0]), plain.bse[0]), seed=SEED)

# %% [markdown]
# Mend it: `check("04.1", (ratio, se), seed=SEED)`, with the standard error of the logarithm, as `fit.table()`
# has it.
#
# ### 04.2

# %%
print(question("04.2"))
short = data("04.2", seed=SEED)
grown = short[(short["age_years"] >= 20) & (short["analysis_weight"] > 0)]
soon = grown["died"].astype(bool) & (grown["months"] <= 60)
check("04.2", 100 * np.average(soon, weights=grown["analysis_weight"]), seed=SEED)

# %% [markdown]
# ### 04.3

# %%
print(question("04.3"))
check("04.3", "a", seed=SEED)

# %% [markdown]
# ### To think about
#
# 1. Follow-up is in whole months, so that many die "at the same time". Why do Breslow's and Efron's handling of
#    ties then differ, and in which direction does Breslow's pull a hazard ratio?
# 2. Somebody takes age as the time scale. When does a person enter, and why may the months before not be
#    counted?
#
# Next: `05_interaction_on_two_scales`.
