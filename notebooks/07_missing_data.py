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
# # 07 Missing data
#
# One person in ten does not tell an income. Whoever fits a model leaves them out, mostly without noticing. After this
# notebook you can
#
# - say how many people a model loses, and who they are;
# - tell three kinds of holes apart, and which of them the data can show;
# - mend a hole by weights, or by imputing many times, and give the answer one honest error;
# - say what no method can mend.
#
# The trick of this notebook: we take people of whom everything is known, **make the holes ourselves**, and compare
# each method with the answer from before.

# %%
# %matplotlib inline
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from cofactor import SurveyDesign, fit_cox, impute, load, pool, response_weights, synthetic_nhanes, weighted_mean
from cofactor.report.figures import plot_forest, plot_imputations, plot_missing_information
from cofactor.teach import check, data, question

# %% [markdown]
# ## The data
#
# To work on the real files, bring them once, in a terminal, with `cofactor fetch --cycles 2007-2012 --data nhanes`,
# and write `DATA = "nhanes"` below. As it stands, files are made up on the spot, and **nothing below says anything
# about people**; about the methods it says the same.

# %%
DATA = "synthetic"
CYCLES = "2007-2012"

if DATA == "synthetic":
    DATA = Path(tempfile.mkdtemp()) / "nhanes"
    synthetic_nhanes(DATA, people=3000, seed=7, cycles=CYCLES)

people = load(
    ["age_years", "sex", "education", "smoking", "poverty_income_ratio", "bmi_kg_m2", "alcohol", "mortality_eligible",
     "died", "followup_months_exam"],
    cycles=CYCLES,
    data=DATA,
)  # fmt: skip
ADULTS = "age_years >= 20 and mortality_eligible and known(followup_months_exam)"
design = SurveyDesign(people, domain=ADULTS)

# %% [markdown]
# ## Who is missing?
#
# Variable by variable the holes look small. A model needs all of them at once.

# %%
# Picture: Bars of the weighted percentage of the population that lacks education, smoking, the ratio of income to
# poverty, body mass index or alcohol, and that lacks any of these, which is at least as much as each.
NEEDED = ["education", "smoking", "poverty_income_ratio", "bmi_kg_m2", "alcohol"]
for name in NEEDED:
    people[f"no_{name}"] = people[name].isna()
people["no_one_of_them"] = people[NEEDED].isna().any(axis=1)
flags = [f"no_{name}" for name in NEEDED] + ["no_one_of_them"]
shares = weighted_mean(SurveyDesign(people, domain=ADULTS), flags).table()

figure, axes = plt.subplots(figsize=(7, 2.8), layout="constrained")
axes.barh([*NEEDED, "any of these"], 100 * shares["estimate"], color=["#56B4E9"] * len(NEEDED) + ["#D55E00"])
axes.bar_label(axes.containers[0], fmt="{:.1f}", padding=4)
axes.invert_yaxis()
axes.spines[["top", "right"]].set_visible(False)
axes.set_xlabel("missing, % of the population")
# %% [markdown]
# ## An experiment
#
# The question: how does the hazard of death change with income (the ratio of family income to the poverty line),
# given age, sex, education and smoking? First the answer with everybody of whom all is known. It is our truth.

# %%
FORMULA = "poverty_income_ratio + age_years + sex + smoking"
OUTCOME = {"time": "followup_months_exam", "event": "died"}
KNOWN = f"{ADULTS} and known(poverty_income_ratio) and known(smoking) and known(education)"

whole = SurveyDesign(people, domain=KNOWN)
truth = fit_cox(whole, FORMULA, **OUTCOME)
truth

# %% [markdown]
# Now the holes. In each of three worlds incomes are lost, for another reason:
#
# - **completely at random**: a drawer of the archive burned;
# - **at random**: of those with little schooling who later died, hardly anybody had told theirs. Whether an income is
#   missing depends on what we *do* know;
# - **not at random**: of the poor who later died, hardly anybody had told theirs. It depends on the income itself,
#   which we do not know.

# %%
# Picture: Forest plot of the hazard ratio per unit of income with 95% intervals, in three worlds (lost completely at
# random, at random, not at random), each with four rows: the truth, complete cases, imputed, and weights.
random = np.random.default_rng(7)
died = people["died"].fillna(False).to_numpy(dtype=bool)
income = people["poverty_income_ratio"].to_numpy(dtype=float, na_value=np.nan)
little_schooling = (people["education"].cat.codes <= 1).to_numpy()
WORLDS = {
    "completely at random": np.full(len(people), 0.4),
    "at random, given death and schooling": np.where(died & little_schooling, 0.9, 0.3),
    "not at random": np.where(died & (income < 1.5), 0.85, 0.3),
}
people["died_or_not"] = died
people["little_schooling"] = little_schooling

results, kept = [], {}
for world, chance in WORLDS.items():
    holes = people.assign(poverty_income_ratio=np.where(random.random(len(people)) < chance, np.nan, income))
    holed = SurveyDesign(holes, domain=f"{ADULTS} and known(smoking) and known(education)").within(whole.in_domain)
    complete = fit_cox(holed, FORMULA, **OUTCOME)
    copies = impute(
        holed, "poverty_income_ratio", formula=FORMULA, also=["education"], m=5, rounds=5, seed=7, **OUTCOME
    )
    pooled = pool(copies, lambda one: fit_cox(one, FORMULA, **OUTCOME))
    weights = response_weights(holed, "poverty_income_ratio", by=["died_or_not", "little_schooling"])
    weighted = weights.adjusted(fit_cox(weights.design, FORMULA, **OUTCOME))
    kept[world] = (copies, pooled)
    for method, found in {
        "everything known: the truth": truth,
        "complete cases": complete,
        "imputed 5 times": pooled,
        "weights by death and schooling": weighted,
    }.items():
        table = found.table(exponentiate=True).set_index("term").loc["poverty_income_ratio"]
        results.append(
            {"label": method, "group": f"lost {world}", "ratio": table["estimate"], "low": table["low"],
             "high": table["high"], "main": method.startswith("everything")}
        )  # fmt: skip

plot_forest(pd.DataFrame(results), xlabel="hazard ratio per unit of income (logarithmic axis)").figure

# %% [markdown]
# Read the picture from top to bottom.
#
# - **Completely at random**: complete cases are right, and pay with width. Nothing needs mending.
# - **At random**: complete cases are far off, because the poor who died are missing: income looks more protective than
#   it is. Imputation, which knows death, its time and education, brings the answer back, and so do weights.
# - **Not at random**: each of them is off, and nothing in the data says so. Whoever imputes assumes that those who did
#   not tell look like those who did, given what is known of both.
#
# Which world you live in, **the data cannot tell you**: the second and the third look the same from inside.
#
# ## What imputing does
#
# What was drawn, beside what is known. The imputed values may lie elsewhere, since the people who lack them are other
# people.

# %%
# Picture: Histograms of the ratio of family income to the poverty line in percent of people: a filled one of the known
# values, and over it five outlines of the imputed values, one for each imputation.
copies, pooled = kept["at random, given death and schooling"]
plot_imputations(copies, variable="poverty_income_ratio").figure

# %% [markdown]
# Each copy gives an answer. They differ, and how much they differ says how little is known of what was drawn. The
# share of an estimate's uncertainty that comes from the holes:

# %%
# Picture: Missing information in percent for each of the six coefficients of the model, a dot at the end of a line:
# income, age, female sex and three levels of smoking.
plot_missing_information(pooled).figure

# %% [markdown]
# Five copies are for a notebook. In a report take 20 or more, and at least as many as the per cent that are missing;
# say the seed.
#
# ## Three mistakes
#
# - **The mean for the missing.** One number for everybody makes the variable narrower and the error too small.
# - **Leaving out the outcome.** Whoever imputes a covariate without the outcome plants "no association" in the holes.
# - **Zero for unknown.** A supplement nobody asked about is not a supplement that nobody took.
#
# The first of them, and what it does to the spread of income:

# %%
# Picture: Histogram of the ratio of income to the poverty line, two bars side by side in each bin: people as told, and
# with holes filled with the mean, which pile up in the bin that holds the mean.
known = people.loc[whole.in_domain, "poverty_income_ratio"].astype(float)
lost = random.random(len(known)) < 0.4
mean_filled = known.where(~lost, known[~lost].mean())
figure, axes = plt.subplots(figsize=(7, 2.8), layout="constrained")
axes.hist(
    [known, mean_filled],
    bins=np.arange(0, 5.51, 0.5),
    color=["#0072B2", "#D55E00"],
    label=["as told", "holes filled with the mean"],
)
axes.set(xlabel="ratio of income to the poverty line", ylabel="people")
axes.legend(frameon=False)
axes.spines[["top", "right"]].set_visible(False)
print(f"standard deviation {known.std():.2f} as told, {mean_filled.std():.2f} filled")

# %% [markdown]
# ## Exercises
#
# The data of the exercises are made up, with a truth that is known. With another `seed` they are others.

# %%
student = 7
class_data = data("07.1", seed=student)
print(question("07.1"))

# %% [markdown]
# A first try: add up what each variable lacks.

# %%
adults = class_data[(class_data["age_years"] >= 20) & (class_data["analysis_weight"] > 0)]
weight = adults["analysis_weight"] / adults["analysis_weight"].sum()
guess = sum(100 * (adults[name].isna() * weight).sum() for name in ("income", "body_mass_index", "drinks"))
check("07.1", guess, seed=student)

# %% [markdown]
# Mend it, and check again. Then two more.

# %%
print(question("07.2"))

# %%
print(question("07.3"))
