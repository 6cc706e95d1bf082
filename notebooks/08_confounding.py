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
# # 08 Confounding, negative controls and E-values
#
# People who eat enough magnesium smoke less, earn more and see a doctor more often. Which of these does a hazard
# ratio speak of? After this notebook you can
#
# - watch an estimate move as covariates come in, and say what that movement tells;
# - choose a negative control, and read what it can and cannot find;
# - compute an E-value, set it beside a confounder that was measured, and say what it is not;
# - make a confounder of your own, and see how well adjusting for a poor measurement of it works.

# %%
# %matplotlib inline
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from cofactor import SurveyDesign, e_value, fit_cox, load, synthetic_nhanes, weighted_proportion
from cofactor.report.figures import plot_e_value, plot_forest
from cofactor.teach import check, data, question

# %% [markdown]
# ## The data
#
# To work on the real files, bring them once, in a terminal, with `cofactor fetch --cycles 2003-2014 --data nhanes`,
# and write `DATA = "nhanes"` below. As it stands, files are made up on the spot, and **nothing below says anything
# about people**.

# %%
DATA = "synthetic"
CYCLES = "2003-2014"

if DATA == "synthetic":
    DATA = Path(tempfile.mkdtemp()) / "nhanes"
    synthetic_nhanes(DATA, people=2000, seed=8, cycles=CYCLES)

people = load(
    ["age_years", "sex", "race_ethnicity", "education", "poverty_income_ratio", "smoking", "bmi_kg_m2",
     "energy_diet_kcal", "magnesium_below_ear", "mortality_eligible", "died", "died_accident", "followup_months_exam"],
    cycles=CYCLES,
    data=DATA,
)  # fmt: skip
ADULTS = "age_years >= 20 and mortality_eligible and known(magnesium_below_ear)"
COMPLETE = f"{ADULTS} and known(smoking) and known(education) and known(poverty_income_ratio) and known(bmi_kg_m2)"
design = SurveyDesign(people, domain=COMPLETE)
TIME = "followup_months_exam"

# %% [markdown]
# ## Who eats enough?
#
# The share of smokers among people below and above the requirement. They are different people: a little in the
# made-up data, more in the real ones.

# %%
# Picture: Pairs of bars of the weighted percentage of people in each level of smoking (never, former, current under 15
# a day, current 15 or more), for those at or above the magnesium requirement and those below it.
shares = weighted_proportion(design, "smoking", by="magnesium_below_ear").table()
wide = shares.pivot_table(index="level", columns="magnesium_below_ear", values="estimate", observed=True)
axes = (100 * wide).plot.barh(color=["#0072B2", "#D55E00"], figsize=(7, 2.8))
axes.legend(["at or above the EAR", "below the EAR"], frameon=False)
axes.set(xlabel="% of the population", ylabel="")
axes.invert_yaxis()
axes.spines[["top", "right"]].set_visible(False)

# %% [markdown]
# ## An estimate that moves
#
# The hazard ratio of death, below the requirement against at or above it. Each line adds to the one before; all have
# the same people, so that only the adjustment changes.

# %%
# Picture: Forest plot of the hazard ratio of death, magnesium below the requirement against at or above it, with 95%
# intervals, crude, then adding age, sex and race, smoking, education and income, energy, body mass index.
STEPS = {
    "crude": "",
    "+ age, sex, race": " + rcs(age_years) + sex + race_ethnicity",
    "+ smoking": " + smoking",
    "+ education and income": " + education + poverty_income_ratio",
    "+ energy": " + rcs(energy_diet_kcal)",
    "+ body mass index": " + rcs(bmi_kg_m2)",
}
terms, rows, fits = "magnesium_below_ear", [], {}
for label, added in STEPS.items():
    terms += added
    fits[label] = fit_cox(design, terms, time=TIME, event="died")
    row = fits[label].table(exponentiate=True).iloc[0]
    rows.append({"label": label, "ratio": row["estimate"], "low": row["low"], "high": row["high"]})
steps = pd.DataFrame(rows)
plot_forest(steps, xlabel="hazard ratio, below the EAR against at or above it (logarithmic axis)").figure

# %% [markdown]
# An estimate that moves with each thing that we could measure may move again with what we could not. One that stands
# still has met no confounder among those it was shown; it does not know the others. (Whether body mass index belongs
# in is another question: if magnesium changes it, adjusting takes away a part of the answer.)
#
# ## A negative control
#
# Magnesium should not keep anybody from dying in an accident. If people below the requirement die of accidents more
# often, after all adjusting, then something else travels with magnesium, and may travel to heart disease as well.

# %%
# Picture: Forest plot of hazard ratios for magnesium below the requirement with 95% intervals on a logarithmic axis, in
# two rows: death from any cause, and death in an accident, the control, with the wider interval.
control = []
for label, event in (("death from any cause", "died"), ("death in an accident (control)", "died_accident")):
    row = fit_cox(design, terms, time=TIME, event=event).table(exponentiate=True).iloc[0]
    control.append({"label": label, "ratio": row["estimate"], "low": row["low"], "high": row["high"]})
plot_forest(pd.DataFrame(control), xlabel="hazard ratio, below the EAR (logarithmic axis)").figure

# %% [markdown]
# Accidents are few, so the interval is wide: a control that shows nothing has not cleared anybody. (And it is no
# perfect control: weak bones and muscles fall.)
#
# ## The E-value
#
# How strongly would a confounder, one that nobody measured, have to be tied both to magnesium and to death, to make
# the adjusted ratio out of nothing? At least this strongly:

# %%
# Picture: Curve of the confounders just strong enough to explain the estimate away, with the risk ratio for the
# exposure across and for the outcome upwards; a dot marks the E-value, where both are alike.
row = steps.iloc[-1]
value = e_value(row["ratio"], row["low"], row["high"], measure="hazard ratio")
print(f"E-value {value.estimate:.2f}; of the limit of the interval {value.limit:.2f}")
plot_e_value(value).figure

# %% [markdown]
# Every point on or above the line is a confounder that would do. Set one beside it that we know: how strongly is
# smoking tied to both? On the risk-ratio scale, current smokers of 15 or more a day against those who never smoked:

# %%
mortality = fits["+ body mass index"].table(exponentiate=True)
deaths = mortality[mortality["term"].str.contains("15 or more")]["estimate"].iloc[0]
heavy = shares[shares["level"].astype(str).str.contains("15 or more")].set_index("magnesium_below_ear")["estimate"]
print(
    f"heavy smoking: risk ratio with low magnesium {heavy.max() / heavy.min():.2f}, hazard ratio of death {deaths:.2f}"
)

# %% [markdown]
# An E-value is a question: *is a confounder like this likely, beyond what is adjusted for?* It is no evidence that
# there is none, and a large sample does not make it larger.
#
# ## Make a confounder
#
# Adjusting works as well as the confounder is measured. Here a made-up trait, "looks after health", makes people eat
# more magnesium and die less; magnesium does nothing. The trait is measured better and better, from left to right.

# %%
# Picture: Hazard ratio of magnesium with its 95% band over the reliability of the measured trait: it rises from near a
# dashed line, not adjusted at all, towards the truth, a line at 1, as the trait is measured better.
random = np.random.default_rng(8)
n = 20_000
trait = random.normal(size=n)
magnesium = (0.8 * trait + random.normal(size=n) > 0).astype(float)
death = random.exponential(size=n) * np.exp(0.6 * trait) * 150
end = random.uniform(60, 180, n)
made = pd.DataFrame(
    {"analysis_weight": 1.0, "strata": np.arange(n) % 50, "psu": np.arange(n) // 50 % 2, "magnesium": magnesium,
     "months": np.minimum(death, end), "died": death < end}
)  # fmt: skip

reliability, found = [0.1, 0.3, 0.5, 0.7, 0.9, 1.0], []
for share in reliability:
    noise = np.sqrt((1 - share) / share) * random.normal(size=n)
    survey = SurveyDesign(made.assign(measured=trait + noise))
    found.append(fit_cox(survey, "magnesium + measured", time="months", event="died").table(exponentiate=True).iloc[0])
table = pd.DataFrame(found)
nothing = fit_cox(SurveyDesign(made), "magnesium", time="months", event="died").table(exponentiate=True).iloc[0]

figure, axes = plt.subplots(figsize=(6.5, 3.2), layout="constrained")
axes.fill_between(reliability, table["low"], table["high"], alpha=0.2, color="#0072B2")
axes.plot(reliability, table["estimate"], marker="o", color="#0072B2")
axes.axhline(1, color="grey", lw=0.8)
axes.axhline(nothing["estimate"], color="#D55E00", ls="--")
axes.text(0.75, nothing["estimate"] + 0.01, "not adjusted at all", color="#D55E00")
axes.text(0.1, 1.01, "the truth", color="grey")
axes.set(xlabel="reliability of the measured trait", ylabel="hazard ratio of magnesium")
axes.spines[["top", "right"]].set_visible(False)

# %% [markdown]
# "Adjusted for diet quality" means: for what a questionnaire of it caught.
#
# ## Exercises
#
# The people of the exercises are made up, with a truth that is known. With another `seed` they are others.

# %%
student = 9
class_data = data("08.1", seed=student)
print(question("08.1"))

# %% [markdown]
# A first try: surely a confounder as strong as the association would do?

# %%
age_alone = fit_cox(
    SurveyDesign(class_data, domain="age_years >= 20"), "enough_magnesium + age_years", time="months", event="died"
).table(exponentiate=True)
check("08.1", 1 / age_alone["estimate"].iloc[0], seed=student)

# %% [markdown]
# Mend it, and check again. Then two more.

# %%
print(question("08.2"))

# %%
print(question("08.3"))
