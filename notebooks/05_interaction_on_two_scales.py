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
# # 05 Interaction on two scales
#
# "Do the two deficits act together?" has no answer until one says: together as compared with what? After this
# notebook you can
#
# - say what adding up and multiplying would predict for people with both;
# - measure the departure from each, with an interval: RERI, and the product term;
# - show when the two scales disagree, and why that is no paradox;
# - set the observed RERI beside the one that hazards which multiply would give anyway;
# - say it in deaths per 1,000, which is the scale of people.
#
# It takes thirty minutes and needs no download. **The data are made up on the spot; nothing below says anything
# about people until you switch to the real files.**

# %%
# %matplotlib inline
import logging
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from cofactor import SurveyDesign, fit_cox, interaction_table, load, reri, standardized_risk, synthetic_nhanes
from cofactor.report.figures import new_axes, plot_interaction
from cofactor.report.figures.style import COLOURS, GREY, PALE
from cofactor.teach import check, data, question

logging.getLogger("cofactor").setLevel(logging.ERROR)

# %% [markdown]
# ## The data
#
# For the real files: `cofactor fetch --cycles 2001-2018 --data nhanes` in a terminal, and `DATA = "nhanes"`
# below, with `CYCLES = "2001-2018"`.

# %%
DATA = "synthetic"
CYCLES = "2003-2010"
SEED = 1  # of the exercises: the number on your sheet

if DATA == "synthetic":
    DATA = Path(tempfile.mkdtemp()) / "nhanes"
    synthetic_nhanes(DATA, people=4000, seed=1, cycles=CYCLES)

# %% [markdown]
# ## Two predictions
#
# Say people with low magnesium alone die at 2.0 times the rate of those with neither deficit, people with low
# vitamin D alone at 2.2 times. What do we expect of people with both, if the two "do not interact"?
#
# - If excesses **add up**: 1 + 1.0 + 1.2 = 3.2.
# - If ratios **multiply**: 2.0 × 2.2 = 4.4.
#
# Both are answers to the same question. Where each deficit does something, they cannot both be right.

# %%
# Picture: Bars of hazard ratios: neither deficit 1, low magnesium 2.0, low vitamin D 2.2, both if excesses add up 3.2,
# and both if ratios multiply 4.4, with its topmost piece of 1.2 marked as the excess over adding up.
first, second = 2.0, 2.2
ax = new_axes(2.8)
ax.bar(["neither", "magnesium", "vitamin D"], [1, first, second], color=[GREY, COLOURS[0], COLOURS[4]], width=0.6)
ax.bar(["both:\nadding up"], [1], color=GREY, width=0.6)
ax.bar(["both:\nadding up"], [first - 1], bottom=[1], color=COLOURS[0], width=0.6)
ax.bar(["both:\nadding up"], [second - 1], bottom=[first], color=COLOURS[4], width=0.6)
ax.bar(["both:\nmultiplying"], [first + second - 1], color=PALE, width=0.6)
ax.bar(["both:\nmultiplying"], [(first - 1) * (second - 1)], bottom=[first + second - 1], color=COLOURS[1], width=0.6)
ax.annotate("(2.0-1)(2.2-1)\n= 1.2 more", (4.36, 3.8), fontsize=8, color=COLOURS[1], va="center")
ax.tick_params(axis="x", labelsize=8)
ax.set_xlim(-0.5, 5.6)
ax.set_ylabel("hazard ratio")
ax.figure

# %% [markdown]
# **RERI**, the relative excess risk due to interaction, is what the observed ratio of both lies above adding
# up: R11 - R10 - R01 + 1. The **product term** of a Cox model is what it lies above multiplying, as a ratio:
# R11 / (R10 × R01). If hazards multiply exactly, the product term is 1, and RERI is (R10 - 1)(R01 - 1): the
# orange piece.
#
# ## Three worlds
#
# Here are three made-up cohorts. In the first the hazards multiply, in the second the excesses add up, in the
# third both together are more than either.

# %%
# Picture: Two panels of estimates with 95% intervals in three made-up worlds (multiplying, adding up, more than both):
# RERI excludes 0 unless excesses add up, and the ratio to multiplying excludes 1 unless hazards multiply.
rows = []
for seed, world in ((1, "multiplying"), (2, "adding up"), (3, "more than both")):
    cohort = SurveyDesign(data("05.1", seed=seed), domain="age_years >= 20")
    fitted = fit_cox(cohort, "low_magnesium * low_vitamin_d + age_years", time="months", event="died")
    levels = {"exposure_levels": (0, 1), "modifier_levels": (0, 1)}
    rows.append(reri(fitted, "low_magnesium", "low_vitamin_d", **levels).table().assign(world=world))
worlds = pd.concat(rows).set_index(["term", "world"])

ax = new_axes(2.6, width=6.4)
left, right = ax.figure.subplots(1, 2, sharey=True)
ax.remove()
for panel, term, null, title in (
    (left, "RERI", 0, "RERI\n(0: adding up)"),
    (right, "multiplicative", 1, "ratio to multiplying\n(1: multiplying)"),
):
    part = worlds.loc[term]
    clear = (part["low"] > null) | (part["high"] < null)
    colours = np.where(clear, COLOURS[1], COLOURS[0])
    panel.hlines(part.index, part["low"], part["high"], color=colours, lw=2)
    panel.scatter(part["estimate"], part.index, color=colours, zorder=3)
    panel.axvline(null, color=GREY, lw=1)
    panel.set_title(title, fontsize=9)
    panel.spines[["top", "right"]].set_visible(False)
right.set_xscale("log")
right.set_xticks([0.5, 1, 2, 4], ["0.5", "1", "2", "4"])
right.minorticks_off()
left.set_ylim(2.6, -0.6)
left.figure.get_layout_engine().set(wspace=0.06)
left.figure

# %% [markdown]
# Orange intervals exclude their null. In the first world a paper with the product term alone says "no
# interaction", and one with RERI says "interaction"; both report the same data. **A product term that is not
# significant does not say that there is no interaction**: it says that multiplying is compatible with the data,
# which may mean many more deaths than adding up.

# %% [markdown]
# ## The question of this package
#
# 25(OH)D below 50 nmol/L, and magnesium below the average requirement. The reference is neither, fixed before
# looking.

# %%
# Picture: Hazard ratios with 95% intervals on a logarithmic axis, by 25(OH)D below 50 nmol/L (across) and magnesium
# below the requirement (circle no, square yes); marks show both if excesses added up or ratios multiplied.
names = [
    "age_years",
    "sex",
    "smoking",
    "vitd_25oh_below_50",
    "magnesium_below_ear",
    "mortality_eligible",
    "died",
    "followup_months_exam",
]
people = load(names, cycles=CYCLES, data=DATA)
design = SurveyDesign(people, domain="age_years >= 20 and mortality_eligible")
fit = fit_cox(
    design,
    "vitd_25oh_below_50 * magnesium_below_ear + rcs(age_years) * sex + smoking",
    time="followup_months_exam",
    event="died",
)
cells = interaction_table(fit, "vitd_25oh_below_50", "magnesium_below_ear")
plot_interaction(cells).figure

# %%
measured = cells.measures
measured[["term", "estimate", "low", "high"]].round(2)

# %% [markdown]
# ## Beside what multiplying would give anyway
#
# RERI is rarely 0 even if nothing special happens between the two, because hazards often multiply. So set it
# beside the RERI of hazards that multiply exactly, made from the ratio of each deficit alone: (R10 - 1)(R01 -
# 1).

# %%
# Picture: RERI in two rows, with a line at 0, where excesses add up: the observed one as a diamond with its 95%
# interval, and as a circle the one that hazards would give if they multiplied.
table = cells.cells.set_index(["exposure", "modifier"])["estimate"]
by_multiplying = (table[True, False] - 1) * (table[False, True] - 1)
observed = measured.set_index("term").loc["RERI"]

ax = new_axes(1.5)
ax.hlines([0], [observed["low"]], [observed["high"]], color=COLOURS[0], lw=2)
ax.plot([observed["estimate"]], [0], "D", color=COLOURS[0])
ax.plot([by_multiplying], [1], "o", color=COLOURS[1])
ax.axvline(0, color=GREY, lw=1)
ax.set_yticks([0, 1], ["observed", "if hazards\nmultiplied"])
ax.set_ylim(1.5, -0.5)
ax.set_xlabel("RERI (0: excesses add up)")
ax.figure

# %% [markdown]
# Where the orange point lies well inside the blue interval, these data do not tell the two apart. That is an
# answer, too: it is not the same as "there is none".
#
# ## Deaths per 1,000
#
# Standardised to the ages, sexes and smoking of all adults: what would happen in ten years in 1,000 people of
# each kind? The dotted line is where adding up the two excesses puts people with both.

# %%
# Picture: Bars of standardised deaths per 1,000 in ten years with 95% intervals for neither deficit, low magnesium, low
# 25(OH)D and both; at both a dotted line marks where adding up the two excesses would put them.
flags = {"modifier": "magnesium_below_ear", "modifier_levels": (False, True)}
risks = standardized_risk(fit, "vitd_25oh_below_50", (False, True), at=120, **flags)
deaths = risks.table().set_index(["vitd_25oh_below_50", "magnesium_below_ear"])
order = [(False, False), (False, True), (True, False), (True, True)]
words = ["neither", "low\nmagnesium", "low\n25(OH)D", "both"]
value = 1000 * deaths.loc[order, ["estimate", "low", "high"]].to_numpy()

ax = new_axes(2.8)
ax.bar(words, value[:, 0], color=[GREY, COLOURS[0], COLOURS[4], COLOURS[1]], width=0.6)
ax.vlines(words, value[:, 1], value[:, 2], color="black", lw=1.5)
added = value[1, 0] + value[2, 0] - value[0, 0]
ax.hlines([added], [2.6], [3.4], color="black", lw=2, ls="dotted")
ax.annotate("adding up", (3.45, added), va="center", fontsize=8)
ax.set_xlim(-0.5, 4.3)
ax.set_ylabel("deaths per 1,000 in ten years")
ax.figure

# %%
(1000 * risks.interaction.table()[["estimate", "low", "high"]]).round(1).set_axis(["more than adding up, per 1,000"])

# %% [markdown]
# ## Exercises
#
# ### 05.1

# %%
print(question("05.1"))
cohort = SurveyDesign(data("05.1", seed=SEED), domain="age_years >= 20")
yours = fit_cox(cohort, "low_magnesium * low_vitamin_d + age_years", time="months", event="died")
product = yours.table().set_index("term").loc["low_magnesium:low_vitamin_d"]
check("05.1", (np.exp(product["estimate"]), product["se"]), seed=SEED)

# %% [markdown]
# ### 05.2

# %%
print(question("05.2"))
check("05.2", 0.0, seed=SEED)

# %% [markdown]
# ### 05.3
#
# The trap: look at the product term's p, and stop.

# %%
print(question("05.3"))
print(f"p of the product term: {product['p']:.2f}")
check("05.3", "e", seed=SEED)

# %% [markdown]
# Mend it: look at both intervals, of `reri(yours, ...).table()`, and answer with a letter.
#
# ### 05.4

# %%
print(question("05.4"))
both = cohort.data.query("low_magnesium == 1 and low_vitamin_d == 1 and age_years >= 20")
soon = both["died"].astype(bool) & (both["months"] <= 120)
check("05.4", (1000 * np.average(soon, weights=both["analysis_weight"]), 0.0), seed=SEED)

# %% [markdown]
# ### To think about
#
# 1. "The hazard ratio of vitamin D was 1.4 (p = 0.01) with low magnesium and 1.2 (p = 0.20) with high
#    magnesium, so that magnesium modifies the effect." What is missing?
# 2. Take "both high" as people with *neither* deficit, and make those with *both* the reference instead. What
#    happens to RERI, and why should the reference be the group at the lowest risk, chosen beforehand?
# 3. An odds ratio of a common outcome is far from a risk ratio. What does that do to a RERI made of odds
#    ratios?
