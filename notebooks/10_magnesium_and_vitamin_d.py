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
# # 10 Must magnesium and vitamin D be judged together?
#
# Popular texts say that vitamin D does little without magnesium, and that people high in both die least. This
# notebook puts that to American survey data with deaths followed for up to 19 years. After it you can
#
# - read a whole study as one value: population, exposures, models, and what it declares as an answer;
# - say what a claim predicts, in numbers, before you see the numbers;
# - run the study, and read its first screen against what was declared;
# - tell "no interaction" from "an interval that allows one", and say what data could not show.

# %%
# %matplotlib inline
import tempfile
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

from cofactor import synthetic_nhanes
from cofactor.report import plot_curve, plot_forest, plot_survival
from cofactor.study import load_study, run_study
from cofactor.teach import check, data, question

# %% [markdown]
# ## The data
#
# NHANES 2001 to 2018. Bring the files once, in a terminal, with `cofactor fetch --cycles 2001-2018 --data nhanes`,
# and write `DATA = "nhanes"` below. As it stands, files are made up on the spot: hazards are planted in them, and
# **nothing below says anything about people**.

# %%
DATA = "synthetic"

made_up = DATA == "synthetic"
if made_up:
    DATA = Path(tempfile.mkdtemp()) / "nhanes"
    synthetic_nhanes(DATA, people=1500, seed=10, cycles="2001-2018")

# %% [markdown]
# ## The study is a value
#
# `analyses/mg_vitd_mortality.py` declares everything, and running it changes nothing of it. Who is in?

# %%
study = load_study("mg_vitd_mortality")
for step in study.population:
    print(f"{step.words:40s} {step.condition}")

# %% [markdown]
# And what would count as an answer? It is declared beside the models, and is part of the study's hash.

# %%
print("The claim is supported by", study.supports)
print("The claim is contradicted by", study.contradicts)

# %% [markdown]
# "Supported" goes both ways here: that the two must be judged together would be true of a ratio above 1 as well,
# though the popular texts expect one below.
#
# ## What the claim predicts
#
# If vitamin D needs magnesium, more 25(OH)D should lower the hazard of death more in people who eat enough magnesium:
# their hazard ratio divided by that of the others, the **ratio of hazard ratios**, should lie below 1. By how much
# before it matters? The study says 0.90. The picture shows what each answer would look like.

# %%
# Picture: Forest plot of four imagined ratios of hazard ratios with intervals, one for each answer (supports it, speaks
# against a large one, leaves it open, contradicts it), with a line at 1 and the margin about it shaded.
predicted = pd.DataFrame(
    {
        "label": ["supports it", "speaks against a large one", "leaves it open", "contradicts it"],
        "ratio": [0.80, 1.01, 0.97, 1.25],
        "low": [0.72, 0.95, 0.80, 1.12],
        "high": [0.88, 1.07, 1.18, 1.40],
    }
)
plot_forest(predicted, margin=study.headline.margin).figure

# %% [markdown]
# ## Run
#
# The whole study fits a hundred models (`cofactor run mg_vitd_mortality` writes its report). Here are its first
# screen and what it rests on. A frozen dataclass is changed by `replace`.

# %%
asked = study.headline
WANTED = {asked.model, asked.additive_model, asked.picture_model, *asked.companions}
short = replace(
    study,
    models=tuple(model for model in study.models if model.name in WANTED),
    incidence=None,
    missing_data=None,
)
result = run_study(short, data=DATA, variants=False, quality=False)

# %% [markdown]
# ## Who is left
#
# Most of those who leave are children. Of the others, ask at each step whether those who go differ from those who
# stay.

# %%
# Picture: Bars of the people left after each step of the study's population, from everyone in the files to those with a
# positive analysis weight, with their numbers.
flow = result.flow
figure, axes = plt.subplots(figsize=(7.5, 3.2), layout="constrained")
axes.barh(flow["step"], flow["people"], color="#0072B2")
axes.bar_label(axes.containers[0], fmt="{:,.0f}", padding=4)
axes.invert_yaxis()
axes.margins(x=0.14)
axes.spines[["top", "right"]].set_visible(False)
axes.set_xlabel("people left")
# %% [markdown]
# ## Crude survival
#
# Weighted, adjusted for nothing: age and circumstances speak here, and no claim does.

# %%
# Picture: Weighted Kaplan-Meier curves of the percentage alive over the years since the examination, with 95% bands and
# the numbers at risk, for four groups: both high, only magnesium low, only 25(OH)D low, both low.
plot_survival(result.curves).figure

# %% [markdown]
# ## The shape
#
# The hazard over 25(OH)D, in people below and at or above the magnesium requirement. If the claim holds, the two
# curves part on the right.

# %%
# Picture: Two curves of the hazard ratio over serum 25(OH)D against 75 nmol/L, on a logarithmic axis with 95% bands:
# people with magnesium below the requirement (solid) and at or above it (dashed).
spline = result.models["spline"]
asked_curve = spline.model.curve
words = {"False": "magnesium below the EAR", "True": "magnesium at or above the EAR"}
curve = spline.curve.assign(magnesium=spline.curve[asked_curve.modifier].astype(str).map(words))
plot_curve(curve, xlabel="serum 25(OH)D, nmol/L", by="magnesium", reference=asked_curve.reference).figure

# %% [markdown]
# Do not trust your eye with that. A joint test says whether the curves differ:

# %%
spline.tests[["label", "f", "df1", "df2", "p"]].round(3)

# %% [markdown]
# ## The answer
#
# The primary ratio first, then the same question asked in other ways.

# %%
# Picture: Forest plot of ratios of hazard ratios with 95% intervals: the primary one first, as a diamond, then the same
# question asked in three other ways, with a line at 1 and the margin about it shaded.
rows = []
for name in (asked.model, *asked.companions, asked.picture_model):
    item = result.models[name]
    table = item.hazard_ratios
    products = table[table["term"].str.contains(":")]
    if len(products) == 1:
        row = products.iloc[0]
        rows.append(
            {
                "label": item.model.label,
                "ratio": row["hazard_ratio"],
                "low": row["ratio_low"],
                "high": row["ratio_high"],
                "main": name == asked.model,
            }
        )
plot_forest(pd.DataFrame(rows), margin=asked.margin).figure

# %%
for sentence in result.headline["answer"]:
    print("-", sentence)

# %% [markdown]
# On the real files the primary ratio is 1.03 (0.89 to 1.20): **not what the claim predicts, and not narrow enough to
# exclude a modest interaction in either direction.** That is what "open" means. The ratio that these data could have
# shown with a power of 80% stands in the last sentence: 0.81 or less. More 25(OH)D goes with a lower hazard in both
# groups alike; a survey cannot say whether vitamin D is the reason, or being well enough to be out in the sun.
#
# ## The other scale
#
# A ratio of ratios of 1 is not "no interaction": hazards that multiply do not add. The four groups, each against
# people high in both:

# %%
# Picture: Forest plot of hazard ratios of death with 95% intervals on a logarithmic axis, against people high in both,
# in three rows: magnesium low, 25(OH)D low, and low in both, with a line at 1.
table = result.models[asked.additive_model].interaction.table()
cells = table[table["part"] == "cell"].iloc[1:].assign(label=["magnesium low", "25(OH)D low", "low in both"])
plot_forest(
    cells.rename(columns={"estimate": "ratio"}), xlabel="hazard ratio against high in both (logarithmic axis)"
).figure

# %%
additive = result.headline["additive"]
print(f"RERI {additive['reri']:.2f} (95% interval {additive['low']:.2f} to {additive['high']:.2f})")

# %% [markdown]
# On the real files those low in both die most (1.51 times the hazard of those high in both), which is what the
# popular texts say. It is also what two separate associations give, each going its own way: an excess from being
# together (RERI 0.16, -0.10 to 0.42) is not shown; in one of the sensitivity analyses of the whole study, from 2005
# on, it is (0.32, 0.01 to 0.64). **"People high in both die least" and "they must be judged together" are two
# claims.**

# %% [markdown]
# ## What this cannot show
#
# The study lists its own limits. Read them before you quote it.

# %%
for sentence in result.headline["limits"]:
    print("-", sentence)

# %% [markdown]
# ## Exercises
#
# The people of the exercises are made up, with a truth that is known. With another `seed` they are others.

# %%
student = 20
people = data("10.1", seed=student)
print(question("10.1"))

# %% [markdown]
# A first try, as it is often written: p is above 5%, so there is no interaction.

# %%
check("10.1", "b", seed=student)

# %% [markdown]
# Was that right? Look at the interval, and try again. Then:

# %%
print(question("10.2"))
