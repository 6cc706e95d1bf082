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
# # 03 Building a cohort, with its flow
#
# Half of what goes wrong in an analysis of NHANES has happened before the first model: somebody was let in,
# left out or counted twice. After this notebook you can
#
# - state a population as steps that others can read and check, and draw its flow;
# - tell "no" from "unknown", and see what happens where they are mixed up;
# - say who is lost with missing covariates, and whether they are like the others;
# - tell a ratio of means from a mean of ratios, and choose.
#
# It takes twenty minutes and needs no download. **The data are made up on the spot; nothing below says anything
# about people until you switch to the real files.**

# %%
# %matplotlib inline
import logging
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from cofactor import SurveyDesign, load, synthetic_nhanes, weighted_mean, weighted_ratio
from cofactor.report.figures import new_axes, plot_flow
from cofactor.report.figures.style import COLOURS, GREY
from cofactor.study.parts import Step
from cofactor.study.population import population_flow
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
    synthetic_nhanes(DATA, people=1500, seed=1, cycles=CYCLES)

names = [
    "age_years",
    "pregnant",
    "mortality_eligible",
    "died",
    "followup_months_exam",
    "vitd_25oh_nmol_l",
    "magnesium_diet_mg",
    "calcium_diet_mg",
    "bmi_kg_m2",
    "smoking",
    "education",
    "poverty_income_ratio",
]
people = load(names, cycles=CYCLES, data=DATA)
print(f"{len(people):,} people; {people.attrs['weight_reason']}")

# %% [markdown]
# ## A population in steps
#
# Each step is a condition, in words for the reader and as an expression for the program. Whoever comes to a
# step and does not meet it leaves there, and the flow says why: because the condition is false, or because
# nobody knows.

# %%
# Picture: Flow of the cohort in seven horizontal bars: everyone in the files, the five conditions one after the other,
# and a positive analysis weight, each with the number of people left and of those who leave there.
steps = (
    Step("aged 40 or over", "age_years >= 40"),
    Step("not known to be pregnant", "not_true(pregnant)"),
    Step("linkable to the death index", "mortality_eligible"),
    Step("25(OH)D measured", "known(vitd_25oh_nmol_l)"),
    Step("a reliable recall of diet", "known(magnesium_diet_mg)"),
)
inside, flow = population_flow(people, steps, event="died")
plot_flow(flow).figure

# %% [markdown]
# The table behind it, with the people that the rows stand for and the deaths, which are what a survival model
# lives on:

# %%
flow.assign(millions=flow["weighted"] / 1e6)[
    ["step", "people", "millions", "deaths", "left_false", "left_unknown"]
].round(1)

# %% [markdown]
# Two decisions are worth a word. Pregnancy is "not known to be": men, and women past 60, are not asked. And
# nobody was thrown away: the flow made a mask, and the design keeps everyone.

# %%
design = SurveyDesign(people, domain=pd.Series(inside, index=people.index))
design

# %% [markdown]
# ## "Not low" is not "sufficient"
#
# A colleague wants people whose 25(OH)D is not below 50 nmol/L, and writes `~(people["vitd_25oh_nmol_l"] <
# 50)`. In pandas a comparison with a missing value is False, and its opposite True.

# %%
# Picture: Two bars of people aged 40 and over: "x >= 50" holds those known to be at 50 nmol/L or more, and "~(x < 50)"
# holds the same people and, added to them, those whose value is unknown.
value = people.loc[people["age_years"] >= 40, "vitd_25oh_nmol_l"]
wrong = ~(value < 50)
parts = {"50 or more": (value >= 50).sum(), "unknown": (wrong & value.isna()).sum()}
ax = new_axes(1.6)
ax.barh(["~(x < 50)"], [parts["50 or more"]], color=COLOURS[0], label="50 or more")
ax.barh(["~(x < 50)"], [parts["unknown"]], left=[parts["50 or more"]], color=COLOURS[1], label="unknown, let in")
ax.barh(["x >= 50"], [parts["50 or more"]], color=COLOURS[0])
ax.set_xlabel("people aged 40 and over")
ax.legend(frameon=False, fontsize=8, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
ax.figure

# %% [markdown]
# The domain's own language knows three answers: true, false and unknown, and only true is inside. `not
# (vitd_25oh_nmol_l < 50)` is unknown for an unknown value there, so that the mistake cannot be made.

# %%
careful = SurveyDesign(people, domain="age_years >= 40 and not (vitd_25oh_nmol_l < 50)")
print((careful.in_domain & people["vitd_25oh_nmol_l"].isna()).sum(), "unknown people inside")

# %% [markdown]
# ## Who is lost with missing covariates
#
# A model drops whoever lacks one of its variables. Each gap is small; together they add up. Are those who go
# like those who stay? Here for each variable the share that is missing, by weight, and the mean 25(OH)D of the
# two.

# %%
# Picture: Bars of the weighted percentage of the population that lacks body mass index, smoking, education or the ratio
# of income to poverty, and that lacks any of them, which is at least as much as each.
covariates = ["bmi_kg_m2", "smoking", "education", "poverty_income_ratio"]
frame = people.assign(**{f"no_{name}": people[name].isna() for name in covariates})
frame["no_any"] = people[covariates].isna().any(axis=1)
within = SurveyDesign(frame, domain=pd.Series(inside, index=frame.index))
shares = weighted_mean(within, [f"no_{name}" for name in covariates] + ["no_any"]).table()
ax = new_axes(2.2)
words = [*covariates, "any of them"]
ax.barh(words, 100 * shares["estimate"], color=[COLOURS[0]] * 4 + [COLOURS[1]])
ax.invert_yaxis()
ax.set_xlabel("missing, % of the population")
ax.figure

# %%
# Picture: Mean serum 25(OH)D in nmol/L with its 95% interval in two rows: people who have all four covariates, and
# people who lack something.
by_completeness = weighted_mean(within, "vitd_25oh_nmol_l", by="no_any").table()
ax = new_axes(1.5)
colours = [COLOURS[0], COLOURS[1]]
ax.hlines([0, 1], by_completeness["low"], by_completeness["high"], color=colours, lw=2)
ax.scatter(by_completeness["estimate"], [0, 1], color=colours, zorder=3)
ax.set_yticks([0, 1], ["complete", "something missing"])
ax.set_ylim(1.5, -0.5)
ax.set_xlabel("mean 25(OH)D, nmol/L, with 95% interval")
ax.figure

# %% [markdown]
# Where the two differ, complete cases describe other people. Notebook 07 says what can be done.
#
# ## Where follow-up begins
#
# Blood was drawn at the examination, so follow-up begins there (`followup_months_exam`) and not at the
# interview some weeks before: nobody who was examined can have died in between, and to count that time as time
# at risk is to give everybody some weeks of immortality. A follow-up of 0 months is real, and becomes half a
# month.

# %%
# Picture: Stacked histogram of the years since the examination, in half years: people alive at the end of 2019 below,
# people who died on top of them; in the first years there are only deaths.
months = people.loc[inside, "followup_months_exam"] / 12
dead = people.loc[inside, "died"].astype(bool)
ax = new_axes(2.4)
bins = np.arange(0, 17.5, 0.5)
ax.hist([months[~dead], months[dead]], bins=bins, stacked=True, color=[COLOURS[4], COLOURS[1]])
ax.annotate("alive at the end of 2019", (8.2, 0.75 * ax.get_ylim()[1]), fontsize=8, ha="right")
ax.annotate("died", (0.3, 0.2 * ax.get_ylim()[1]), fontsize=8, color=COLOURS[1])
ax.set_xlabel("years since the examination")
ax.set_ylabel("people")
ax.figure

# %% [markdown]
# ## A ratio of means, or a mean of ratios
#
# "The calcium to magnesium ratio of the diet" can be two things: all calcium over all magnesium (a **ratio of
# means**), or each person's ratio, averaged (a **mean of ratios**). They differ, because a small denominator
# makes a wild ratio.

# %%
# Picture: Scatter plot of adults, with magnesium of the recalls in mg across and calcium over magnesium upwards; a
# solid line marks the ratio of means, and a dashed line the mean of ratios.
grown = people.assign(
    ratio=people["calcium_diet_mg"] / people["magnesium_diet_mg"].where(people["magnesium_diet_mg"] > 0)
)
within = SurveyDesign(grown, domain="age_years >= 20")
of_means = weighted_ratio(within, "calcium_diet_mg", "magnesium_diet_mg").values[0]
of_ratios = weighted_mean(within, "ratio").values[0]

adults = grown[within.in_domain & grown["ratio"].notna()]
ax = new_axes(3.0)
ax.scatter(adults["magnesium_diet_mg"], adults["ratio"], s=3, alpha=0.25, color=GREY)
ax.axhline(of_means, color=COLOURS[0], label=f"ratio of means: {of_means:.2f}")
ax.axhline(of_ratios, color=COLOURS[1], ls="dashed", label=f"mean of ratios: {of_ratios:.2f}")
ax.set_xlim(0, 800)
ax.set_ylim(0, 10)
ax.set_xlabel("magnesium of the recalls, mg")
ax.set_ylabel("calcium over magnesium")
ax.legend(frameon=False, fontsize=9)
ax.figure

# %% [markdown]
# Neither is wrong. The first answers what a population eats; the second what a person's ratio is on average, on
# the days of the recalls. What is wrong is to compute one and to compare it with somebody's other.
#
# ## Exercises
#
# ### 03.1

# %%
print(question("03.1"))
cohort = data("03.1", seed=SEED)
kept = cohort["age_years"].between(40, 79) & cohort["mortality_eligible"] & ~(cohort["vitd_25oh_nmol_l"] < 50)
kept &= cohort["analysis_weight"] > 0
check("03.1", (kept.sum(), (kept & cohort["died"].fillna(False)).sum()), seed=SEED)

# %% [markdown]
# ### 03.2
#
# The trap is the ratio of each person.

# %%
print(question("03.2"))
recalls = data("03.2", seed=SEED)
density = 1000 * recalls["magnesium_diet_mg"] / recalls["energy_diet_kcal"]
tried = weighted_mean(SurveyDesign(recalls.assign(density=density), domain="age_years >= 20"), "density")
check("03.2", tried, seed=SEED)

# %% [markdown]
# Mend it: `check("03.2", your_estimate, seed=SEED)`.
#
# ### 03.3

# %%
print(question("03.3"))
gaps = data("03.3", seed=SEED)
old = gaps["age_years"] >= 40
complete = gaps[["bmi_kg_m2", "smoking", "poverty_income_ratio"]].notna().all(axis=1)
check("03.3", 100 * complete[old & (gaps["analysis_weight"] > 0)].mean(), seed=SEED)

# %% [markdown]
# ### To think about
#
# 1. A paper excludes people with heart disease at baseline from a study of magnesium and death. Whom does it
#    speak of then, and can the exclusion make a bias of its own?
# 2. A flow says "excluded: 4,212 with missing data". Which three numbers would you ask the authors for?
#
# Next: `04_survival_under_a_design`.
