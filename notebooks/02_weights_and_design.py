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
# # 02 Weights and design
#
# A row of NHANES is not a person drawn from a hat. It stands for as many people as its weight says, and it came
# with its neighbours. After this notebook you can
#
# - say what weight, stratum and PSU are, and see each of them in a picture;
# - show what goes wrong without weights (the number) and without the design (its interval);
# - describe a group without breaking the design of the survey;
# - choose and scale weights when cycles are pooled.
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

from cofactor import SurveyDesign, load, synthetic_nhanes, weighted_mean, weighted_proportion
from cofactor.report.figures import new_axes
from cofactor.report.figures.style import COLOURS, GREY
from cofactor.teach import check, data, question

logging.getLogger("cofactor").setLevel(logging.ERROR)

# %% [markdown]
# ## The data
#
# For the real files: `cofactor fetch --cycles 2011-2014 --data nhanes` in a terminal, and `DATA = "nhanes"`
# below.

# %%
DATA = "synthetic"
CYCLES = "2011-2014"
SEED = 1  # of the exercises: the number on your sheet

if DATA == "synthetic":
    DATA = Path(tempfile.mkdtemp()) / "nhanes"
    synthetic_nhanes(DATA, people=3000, seed=1, cycles=CYCLES)

names = ["age_years", "sex", "race_ethnicity", "vitd_25oh_nmol_l", "magnesium_diet_mg", "bmi_kg_m2", "smoking"]
people = load(names, cycles=CYCLES, data=DATA)
print(people.attrs["weight_reason"])

# %% [markdown]
# ## Weights: whom a row stands for
#
# NHANES draws some groups more often than their share, so that each has people enough to be described. The
# weights undo that. Here are the shares of the sample and of the population among adults.

# %%
# Picture: Shares of adults in percent for five groups by race and ethnicity, in each row a circle for the share of the
# rows and a diamond for the weighted share of the population, joined by a line.
design = SurveyDesign(people, domain="age_years >= 20")
of_population = weighted_proportion(design, "race_ethnicity").table()
adults = people[(people["age_years"] >= 20) & (people["analysis_weight"] > 0)]
of_sample = adults["race_ethnicity"].value_counts(normalize=True).reindex(of_population["level"])

ax = new_axes(2.6)
place = np.arange(len(of_population))
ax.hlines(place, 100 * of_sample, 100 * of_population["estimate"], color=GREY, lw=1)
ax.plot(100 * of_sample, place, "o", color=COLOURS[1], label="of the rows")
ax.plot(100 * of_population["estimate"], place, "D", color=COLOURS[0], label="of the population (weighted)")
ax.set_yticks(place, of_population["level"])
ax.invert_yaxis()
ax.set_xlim(0, None)
ax.set_xlabel("share of adults, %")
ax.legend(frameon=False, fontsize=8, loc="lower right")
ax.figure

# %% [markdown]
# Whatever differs between these groups comes out wrong when rows are counted. A weight runs from some thousand
# people to more than a hundred thousand.

# %%
# Picture: Histogram of the weights of adults: across, on a logarithmic axis, the thousands of people that a row stands
# for, and upwards the number of rows.
ax = new_axes(2.2)
ax.hist(adults["analysis_weight"] / 1000, bins=np.geomspace(3, 400, 40), color=COLOURS[0])
ax.set_xscale("log")
ax.set_xticks([3, 10, 30, 100, 300], ["3", "10", "30", "100", "300"])
ax.set_xlabel("people that a row stands for, in thousands (log axis)")
ax.set_ylabel("rows")
ax.figure

# %% [markdown]
# ## Strata and PSUs: who came with whom
#
# First counties are drawn (the *primary sampling units*, PSUs), two from each *stratum* of counties that are
# alike; then people in them. Neighbours are alike: they share sun, shops and wages. Here is the mean 25(OH)D of
# each PSU; a line joins the PSUs of a stratum.

# %%
# Picture: Mean serum 25(OH)D of each PSU in nmol/L, the dots of a stratum joined by an upright line, the strata in the
# order of their means; a dashed line marks the weighted mean of all adults.
known = adults.dropna(subset=["vitd_25oh_nmol_l"])
total = (known["vitd_25oh_nmol_l"] * known["analysis_weight"]).groupby([known["strata"], known["psu"]]).sum()
of_psu = total / known["analysis_weight"].groupby([known["strata"], known["psu"]]).sum()
order = of_psu.groupby("strata").mean().sort_values().index

ax = new_axes(2.6)
for number, stratum in enumerate(order):
    ax.plot([number] * len(of_psu[stratum]), of_psu[stratum], "o-", color=COLOURS[0], ms=4, lw=1)
ax.axhline(weighted_mean(design, "vitd_25oh_nmol_l").values[0], color=GREY, ls="dashed")
ax.set_xticks([])
ax.set_xlabel(f"{len(order)} strata, in the order of their means")
ax.set_ylabel("mean 25(OH)D, nmol/L")
ax.figure

# %% [markdown]
# PSUs differ by more than people drawn one by one would let them. So a further neighbour tells less than a
# stranger: the sample is worth fewer people than it has rows.
#
# ## Naive against design-based intervals
#
# For each mean, in grey, what a spreadsheet gives: the mean of the rows, ± 1.96 × SD / √n. In blue the weighted
# mean, with an interval that knows strata and PSUs. To have one axis, everything is relative to the weighted
# mean.

# %%
# Picture: Means of four variables in men and in women as differences from the weighted mean in percent, each row with
# two 95% intervals: a circle for the naive one, and a diamond at 0 for the design-based one.
labels = {"vitd_25oh_nmol_l": "25(OH)D", "magnesium_diet_mg": "magnesium", "bmi_kg_m2": "BMI", "age_years": "age"}
rows = []
for sex in ("male", "female"):
    within = SurveyDesign(people, domain=f"age_years >= 20 and sex == '{sex}'")
    for name, label in labels.items():
        found = weighted_mean(within, name).table().iloc[0]
        values = adults.loc[adults["sex"] == sex, name].dropna()
        naive = (values.mean(), 1.96 * values.std() / len(values) ** 0.5)
        rows.append([f"{label}, {sex}", found["estimate"], found["low"], found["high"], *naive])
means = pd.DataFrame(rows, columns=["label", "mean", "low", "high", "naive", "half"])
percent = means[["mean", "low", "high", "naive"]].div(means["mean"], axis=0) * 100 - 100
half = 100 * means["half"] / means["mean"]

ax = new_axes(3.4)
place = np.arange(len(means))
ax.hlines(place + 0.16, percent["low"], percent["high"], color=COLOURS[0], lw=2)
ax.plot(percent["mean"], place + 0.16, "D", ms=4, color=COLOURS[0], label="design-based")
ax.hlines(place - 0.16, percent["naive"] - half, percent["naive"] + half, color=GREY, lw=2)
ax.plot(percent["naive"], place - 0.16, "o", ms=4, color=GREY, label="naive")
ax.set_yticks(place, means["label"])
ax.invert_yaxis()
ax.set_xlabel("difference from the weighted mean, %")
ax.legend(frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(0, 1.13), ncols=2)
ax.figure

# %% [markdown]
# Two things are wrong with the grey ones: they stand elsewhere (weights), and most are too short (design).
#
# ## How often does an interval hold the truth?
#
# With a made-up country we can ask. It has 30 strata of 20 counties, and two groups of people; in the second
# the value is lower. Two counties of each stratum are drawn, and in each 8 people of either group, so that the
# second has more than its share. Weights put that right. We know the true mean, and draw eighty surveys. A good
# 95% interval misses about 4 times in 80.

# %%
rng = np.random.default_rng(7)
county = rng.normal(0, 15, (30, 1)) + rng.normal(300, 30, (30, 20))
second_share = rng.uniform(0.05, 0.35, (30, 20))
truth = float((county - 40 * second_share).mean())

rows = []
for _ in range(80):
    drawn = np.array([rng.choice(20, 2, replace=False) for _ in range(30)])
    stratum, psu, person = np.meshgrid(np.arange(30), [0, 1], np.arange(16), indexing="ij")
    place = drawn[stratum, psu]
    second = person >= 8
    share = np.where(second, second_share[stratum, place], 1 - second_share[stratum, place])
    value = county[stratum, place] - 40 * second + rng.normal(0, 60, share.shape)
    columns = {"strata": stratum, "psu": psu, "value": value, "analysis_weight": share}
    survey = pd.DataFrame({name: column.ravel() for name, column in columns.items()})
    found = weighted_mean(SurveyDesign(survey), "value").table().iloc[0]
    mean, error = value.mean(), 1.96 * value.std(ddof=1) / value.size**0.5
    weights_alone = weighted_mean(SurveyDesign(survey, strata=None, psu=None), "value").table().iloc[0]
    rows.append([mean - error, mean + error, *weights_alone[["low", "high"]], *found[["low", "high"]]])
ways = ["naive", "weights alone", "weights and design"]
surveys = pd.DataFrame(rows, columns=pd.MultiIndex.from_product([ways, ["low", "high"]]))

# %%
# Picture: Upright 95% intervals of a mean from 80 simulated surveys, in three blocks (naive, weights alone, weights and
# design), with a line at the true mean; above each block stands how many of the 80 miss it.
ax = new_axes(2.8, width=6.4)
for number, way in enumerate(ways):
    low, high = surveys[way, "low"], surveys[way, "high"]
    missed = (low > truth) | (high < truth)
    ax.vlines(90 * number + surveys.index, low, high, color=np.where(missed, COLOURS[1], COLOURS[0]), lw=0.9)
    ax.annotate(f"{missed.sum()} of 80 miss", (90 * number + 40, surveys.to_numpy().max() + 2), ha="center", fontsize=9)
ax.axhline(truth, color=GREY, lw=1)
ax.set_xticks([40, 130, 220], ways)
ax.set_ylabel("mean (line: the truth)")
ax.figure

# %% [markdown]
# ## A group is a domain, not a filter
#
# Suppose that only people of 78 and over are of interest, in a survey of 1,000 people. The reflex is to take
# them out of the file, and to make the design of what is left. But some PSUs have nobody of that age, and
# vanish.

# %%
# Picture: Bars of the number of PSUs in each stratum of the survey, and before them bars of those with somebody of 78
# or over: in some strata PSUs have vanished, in some all have.
few = data("02.1", seed=SEED)
oldest = few[few["age_years"] >= 78]
whole = few.groupby("strata")["psu"].nunique()
left = oldest.groupby("strata")["psu"].nunique().reindex(whole.index, fill_value=0)
ax = new_axes(2.0)
place, some = np.arange(len(whole)), (left < whole).to_numpy()
ax.bar(place, whole, color="#dde3e6", label="all ages")
ax.bar(place[~some], left[~some], color=COLOURS[0], label="78+ in all of them")
ax.bar(place[some], left[some], color=COLOURS[1], hatch="///", edgecolor="white", label="78+ in some")
ax.set_yticks([0, 1, 2, 3])
ax.legend(frameon=False, fontsize=8, loc="lower left", bbox_to_anchor=(0, 1), ncols=3)
ax.set_xlabel("strata")
ax.set_ylabel("PSUs")
ax.figure

# %% [markdown]
# That a PSU has nobody of the group is part of what the sample says. It counts, with a total of 0.
# `SurveyDesign(people, domain=...)` keeps it; whoever filters first is told of the lonely PSUs that this makes,
# and then told by some forum to set an option. In the exercise you do this, and see what it does to the
# standard error.

# %% [markdown]
# ## Pooling cycles
#
# Each cycle's two-year weights add up to the whole country once. Two cycles pooled count everybody twice,
# unless each weight is halved; `load` does that.

# %%
# Picture: Two bars of the sum of the weights in millions of people, each cut into the cycles 2011-2012 and 2013-2014:
# the weights as they are in the files add up to twice as many as those divided by two.
weights = people.groupby("cycle", observed=True)["analysis_weight"].sum() / 1e6
ax = new_axes(1.9)
ax.barh([0, 0], weights, left=[0, weights.iloc[0]], color=COLOURS[:2])
ax.barh([1, 1], 2 * weights, left=[0, 2 * weights.iloc[0]], color=COLOURS[:2])
ax.set_yticks([0, 1], ["divided by two\n(analysis_weight)", "as they are in\nthe files"])
for left_end, cycle in zip((0, weights.iloc[0]), weights.index, strict=True):
    ax.annotate(cycle, (left_end + 12, 0), color="white", fontsize=8, va="center")
ax.set_xlabel("sum of the weights, millions of people")
ax.figure

# %% [markdown]
# ## Exercises
#
# ### 02.1

# %%
print(question("02.1"))

# %% [markdown]
# The trap: filter, and silence the complaint.

# %%
filtered = few[few["age_years"] >= 78]
wrong = weighted_mean(SurveyDesign(filtered, lonely_psu="certainty"), "vitd_25oh_nmol_l")
check("02.1", wrong, seed=SEED)

# %% [markdown]
# The mean is right, so nobody notices. Mend it: `check("02.1", your_estimate, seed=SEED)`.
#
# ### 02.2

# %%
print(question("02.2"))
shares = data("02.2", seed=SEED)
grown = shares[shares["age_years"] >= 20]
check("02.2", 100 * (grown["race_ethnicity"] == "non-Hispanic Black").mean(), seed=SEED)

# %% [markdown]
# ### 02.3

# %%
print(question("02.3"))
pooled = data("02.3", seed=SEED)
check("02.3", pooled.loc[pooled["age_years"] >= 65, "two_year_weight"].sum() / 1e6, seed=SEED)

# %% [markdown]
# ### To think about
#
# 1. When is an unweighted regression right although the sample is unequal? Who has to be in the model?
# 2. The design has 60 PSUs in 30 strata or so. What does that say about a model with 40 coefficients?
#
# Next: `03_building_a_cohort`.
