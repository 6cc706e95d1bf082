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
# # 09 Replicating a paper
#
# Tarleton and Littenberg (2015) reported that American adults with the least magnesium are more often depressed, and
# that in people of 65 and over it is the other way round. Their data are public. After this notebook you can
#
# - rebuild a published population and exposure, and find out where yours begin to differ;
# - set the paper's figure beside yours, on the same scale, with both intervals;
# - say why two honest analyses of the same data differ;
# - test "it is reversed in the old" instead of reading it off two intervals.
#
# The paper: Tarleton EK, Littenberg B (2015), Magnesium intake and depression in adults. *J Am Board Fam Med*
# 28:249-256, [doi:10.3122/jabfm.2015.02.140176](https://doi.org/10.3122/jabfm.2015.02.140176).

# %%
# %matplotlib inline
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

from cofactor import SurveyDesign, fit_glm, load, synthetic_nhanes, weighted_proportion
from cofactor.report import plot_forest
from cofactor.teach import check, data, question

# %% [markdown]
# ## The data
#
# The paper used NHANES 2007 to 2010. Bring these files once, in a terminal, with `cofactor fetch --cycles 2007-2010
# --data nhanes`, and write `DATA = "nhanes"` below. As it stands, files are made up on the spot, in which magnesium
# and depression have **nothing to do with each other**: whatever you see in them is chance.

# %%
DATA = "synthetic"
CYCLES = "2007-2010"

made_up = DATA == "synthetic"
if made_up:
    DATA = Path(tempfile.mkdtemp()) / "nhanes"
    synthetic_nhanes(DATA, people=2500, seed=9, cycles=CYCLES)

# %% [markdown]
# ## What they did
#
# Exposure: magnesium from food, drink and supplements on the day of the first recall, in fifths. Outcome: a PHQ-9
# score of 5 or more, depressive symptoms that are at least mild. Adjustment: sex, age, race, education, marital
# status, income, body mass index, smoking, alcohol and diabetes, as far as an abstract and a table say. Here is what
# they found, lowest fifth against all others.

# %%
theirs = pd.DataFrame(
    {
        "label": ["aged 20 and over", "below 65", "65 and over"],
        "ratio": [1.16, 1.22, 0.75],
        "low": [1.06, 1.06, 0.56],
        "high": [1.30, 1.40, 0.98],
        "group": "Tarleton and Littenberg (2015)",
    }
)
THEIR_CUTS = [183.5, 246.5, 315.5, 417.5]
THEIR_MEANS = [138, 216, 281, 361, 581]
THEIR_PEOPLE = 8894

# %% [markdown]
# ## The population, step by step
#
# A replication goes wrong at the first step or not at all. So count, before anything is fitted.

# %%
# Picture: Bars of the people left after each of five steps, from those with a first recall to those with all covariates
# known, with their numbers, and a dashed line at the 8,894 people of the paper.
COVARIATES = [
    "sex",
    "age_years",
    "race_ethnicity",
    "education",
    "marital_status",
    "poverty_income_ratio",
    "bmi_kg_m2",
    "smoking",
    "alcohol",
    "diabetes",
]
people = load(["magnesium_total_day1_mg", "phq9_score", "phq9_ge5", *COVARIATES], cycles=CYCLES, data=DATA)

STEPS = {
    "with a first recall": "age_years >= 0",
    "aged 20 and over": "age_years >= 20",
    "PHQ-9 complete": "known(phq9_score)",
    "magnesium known": "known(magnesium_total_day1_mg)",
    "all covariates known": " and ".join(f"known({name})" for name in COVARIATES),
}
everyone = SurveyDesign(people)
left, domain = {}, "age_years >= 0"
for step, condition in STEPS.items():
    domain = f"{domain} and {condition}"
    left[step] = int(everyone.within(domain).in_domain.sum())

figure, axes = plt.subplots(figsize=(7, 2.6), layout="constrained")
axes.barh(list(left), list(left.values()), color="#0072B2")
axes.bar_label(axes.containers[0], fmt="{:,.0f}", padding=4)
axes.axvline(THEIR_PEOPLE, color="#D55E00", ls="--")
axes.text(THEIR_PEOPLE, -0.75, f" theirs: {THEIR_PEOPLE:,}", color="#D55E00")
axes.invert_yaxis()
axes.margins(x=0.12)
axes.spines[["top", "right"]].set_visible(False)
axes.set_xlabel("people left")
# %% [markdown]
# On the real files 8,964 people are left, 70 more than in the paper: close, and not equal. Somewhere their rule for a
# covariate is stricter than ours by 0.8% of the people. The paper does not say where, so the difference stays.
#
# ## The exposure
#
# Do the fifths lie where theirs do? People are counted, not weighted, because the paper's fifths are.

# %%
# Picture: Pairs of bars of the mean magnesium in mg a day in each fifth of the paper, from the lowest to the highest:
# theirs beside ours.
taken = people.loc[everyone.within(domain).in_domain, "magnesium_total_day1_mg"]
FIFTHS = ["lowest", "second", "third", "fourth", "highest"]
fifth = pd.cut(taken, [-1, *THEIR_CUTS, 1e5], labels=FIFTHS)
ours = taken.groupby(fifth, observed=False).mean()
means = pd.DataFrame({"theirs": THEIR_MEANS, "ours": ours.to_numpy()}, index=FIFTHS)

axes = means.plot.bar(color=["#D55E00", "#0072B2"], rot=0, figsize=(7, 3))
axes.set(xlabel="fifth of the paper", ylabel="mean magnesium, mg a day")
axes.spines[["top", "right"]].set_visible(False)

# %% [markdown]
# On the real files the means agree within 2%. The exposure is theirs.
#
# ## The outcome
#
# The share of people with a score of 5 or more, in each fifth, weighted now: what is this share in the population?

# %%
people["fifth"] = pd.cut(people["magnesium_total_day1_mg"], [-1, *THEIR_CUTS, 1e5], labels=FIFTHS)
shares = weighted_proportion(SurveyDesign(people, domain=domain), "phq9_ge5", by="fifth").table()
shares = shares[shares["level"].astype(bool)]
shares.round(3)

# %%
# Picture: Weighted percentage of people with a PHQ-9 score of 5 or more, a dot with its 95% interval for each fifth of
# magnesium from the lowest to the highest.
figure, axes = plt.subplots(figsize=(7, 3), layout="constrained")
axes.errorbar(
    shares["fifth"].astype(str),
    100 * shares["estimate"],
    yerr=[100 * (shares["estimate"] - shares["low"]), 100 * (shares["high"] - shares["estimate"])],
    fmt="o",
    color="#0072B2",
    capsize=3,
)
axes.set(ylim=(0, None), xlabel="fifth of magnesium", ylabel="PHQ-9 of 5 or more, %")
axes.spines[["top", "right"]].set_visible(False)

# %% [markdown]
# ## The ratio
#
# The paper reports risk ratios, and a quarter of the people has the outcome: a logistic model would give odds ratios,
# which lie further from 1. A Poisson fit of a yes or no has the ratio of risks as its coefficient.

# %%
people["lowest_fifth"] = people["magnesium_total_day1_mg"] < THEIR_CUTS[0]
ADJUSTMENTS = {
    "no adjustment": "",
    "age and sex": " + rcs(age_years) + sex",
    "all that the paper names": " + rcs(age_years) + " + " + ".join(COVARIATES).replace("age_years + ", ""),
}
AGES = {"aged 20 and over": "age_years >= 20", "below 65": "age_years < 65", "65 and over": "age_years >= 65"}

rows = []
for ages, condition in AGES.items():
    design = SurveyDesign(people, domain=f"{domain} and {condition}")
    for adjustment, covariates in ADJUSTMENTS.items():
        fit = fit_glm(design, "phq9_ge5 ~ lowest_fifth" + covariates, family="poisson")
        table = fit.table(exponentiate=True)
        ours = table[table["term"].str.startswith("lowest_fifth")].iloc[0]
        rows.append(
            {
                "ages": ages,
                "adjustment": adjustment,
                "ratio": ours["estimate"],
                "low": ours["low"],
                "high": ours["high"],
            }
        )
ours = pd.DataFrame(rows)

# %% [markdown]
# First, how much the adjustment does (adults of all ages).

# %%
# Picture: Forest plot of the risk ratio of depressive symptoms, lowest fifth of magnesium against the others, with 95%
# intervals, in three rows: no adjustment, age and sex, and all that the paper names.
whole = ours[ours["ages"] == "aged 20 and over"]
plot_forest(
    whole.rename(columns={"adjustment": "label"}), xlabel="risk ratio, lowest fifth against others (logarithmic axis)"
).figure

# %% [markdown]
# On the real files the crude risk of the lowest fifth is half as large again as that of the others (1.52). Age and
# sex take a quarter of that away, and circumstances of life (income, education, smoking, weight) most of the rest:
# 1.12. The paper's number is of the last kind. **An estimate that an adjustment moves this far depends on what could
# not be adjusted for.**
#
# ## Theirs and ours

# %%
# Picture: Forest plot of the risk ratio, lowest fifth of magnesium against the others, with 95% intervals for ages 20
# and over, below 65, and 65 and over, in two groups of rows: the paper's, and this notebook's.
full = ours[ours["adjustment"] == "all that the paper names"].rename(columns={"ages": "label"})
both = pd.concat([theirs, full.assign(group="made up: nothing to find" if made_up else "this notebook")])
plot_forest(both, xlabel="risk ratio, lowest fifth against others (logarithmic axis)").figure

# %% [markdown]
# On the real files ours are 1.12 (1.02 to 1.22) for all, 1.18 (1.07 to 1.30) below 65, and 0.81 (0.64 to 1.04) at 65
# and over. The direction is theirs in each line, each of ours is nearer 1, and the last interval now holds 1. Why?
#
# - **People**: 70 more here; their exclusions are not all told.
# - **Weights and design**: here everything stands for the population, with PSUs and strata in each interval. The paper
#   does not say in full how its weights entered.
# - **Covariates**: "smoking" and "alcohol" can be coded in many ways. Age is a smooth curve here.
# - **Files**: CDC released some of them anew after 2015.
#
# None of these is a mistake. A difference of 0.04 in a ratio with an interval 0.2 wide is what analysts' choices do,
# and a claim that hangs on whether an interval touches 1 is weaker than it looks.
#
# ## Is it reversed in the old?
#
# Two intervals, one above 1 and one below, do not answer that. One model with the product does.

# %%
people["aged_65_or_over"] = people["age_years"] >= 65
fit = fit_glm(
    SurveyDesign(people, domain=domain),
    "phq9_ge5 ~ lowest_fifth * aged_65_or_over" + ADJUSTMENTS["all that the paper names"],
    family="poisson",
)
table = fit.table(exponentiate=True)
table[table["term"].str.contains(":")].round(3)

# %% [markdown]
# The estimate is the ratio at 65 and over, divided by the ratio below. On the real files it is clearly below 1: the
# two ages do differ, in these people. Whether magnesium is the reason, a survey of one day cannot tell: depressed
# people also eat less.
#
# ## Exercises
#
# The people of the exercises are made up, with a truth that is known. With another `seed` they are others.

# %%
student = 9
class_data = data("09.1", seed=student)
print(question("09.1"))

# %% [markdown]
# A first try, by habit: a logistic model.

# %%
habit = fit_glm(
    SurveyDesign(class_data, domain="age_years >= 20"),
    "depressed ~ low_magnesium + rcs(age_years) + sex",
    family="binomial",
).table(exponentiate=True)
odds_ratio = habit.loc[habit["term"].str.startswith("low_magnesium"), "estimate"].iloc[0]
check("09.1", odds_ratio, seed=student)

# %% [markdown]
# Mend it, and check again. Then two more.

# %%
print(question("09.2"))

# %%
print(question("09.3"))
