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
# # 06 Dose-response and thresholds
#
# "Below 30 ng/mL vitamin D is too low"; "a calcium to magnesium ratio above 2.8 is harmful". Cut points like these
# fill popular texts. After this notebook you can
#
# - draw a hazard over a continuous exposure, against a reference that you choose and say;
# - test whether a curve is a line, and see what a choice of knots does;
# - see what is lost when a number is cut into groups;
# - look for a threshold, and say how well the data know where it is;
# - read a surface over two exposures, and where it is guesswork.

# %%
# %matplotlib inline
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt

from cofactor import SurveyDesign, change_point, dose_response, fit_cox, load, surface, synthetic_nhanes
from cofactor.report.figures import plot_curve, plot_profile, plot_surface
from cofactor.teach import check, data, question

# %% [markdown]
# ## The data
#
# To work on the real files, bring them once, in a terminal, with `cofactor fetch --cycles 2007-2018 --data nhanes`,
# and write `DATA = "nhanes"` below. As it stands, files are made up on the spot, and **nothing below says anything
# about people**. In them the logarithm of the hazard falls in a straight line up to 75 nmol/L, and not at all after.

# %%
DATA = "synthetic"
CYCLES = "2007-2018"

if DATA == "synthetic":
    DATA = Path(tempfile.mkdtemp()) / "nhanes"
    synthetic_nhanes(DATA, people=2000, seed=6, cycles=CYCLES)

people = load(
    [
        "age_years",
        "sex",
        "race_ethnicity",
        "smoking",
        "vitd_25oh_nmol_l",
        "magnesium_diet_mg",
        "ca_mg_ratio",
        "energy_diet_kcal",
        "mortality_eligible",
        "died",
        "followup_months_exam",
    ],
    cycles=CYCLES,
    data=DATA,
)
design = SurveyDesign(people, domain="age_years >= 20 and mortality_eligible")
OUTCOME = {"time": "followup_months_exam", "event": "died"}
COVARIATES = " + rcs(age_years) + sex + race_ethnicity + smoking"
NAME = "serum 25(OH)D, nmol/L"

# %% [markdown]
# ## A curve and its reference
#
# A restricted cubic spline bends between its knots and is straight beyond the outer ones, where few people are. A
# curve of ratios needs a reference: the value against which everything is compared, where the interval has no width.
# The same fit, with two references:

# %%
# Picture: Two panels of the same curve of the hazard ratio (logarithmic axis) over serum 25(OH)D with its 95% band,
# against 50 nmol/L and against 75, where the ratio is 1 and the band has no width.
fit = fit_cox(design, "rcs(vitd_25oh_nmol_l, 4)" + COVARIATES, **OUTCOME)
figure, panels = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
for axes, reference in zip(panels, (50, 75), strict=True):
    curve = dose_response(fit, "vitd_25oh_nmol_l", reference=reference)
    plot_curve(curve, axes, xlabel=NAME)
    axes.set_title(f"against {reference} nmol/L")
lowest, highest = zip(*(axes.get_ylim() for axes in panels), strict=True)
plt.setp(panels, ylim=(min(lowest), max(highest)))

# %% [markdown]
# It is one curve, moved up or down; only what the interval is about has changed. **Choose the reference before you
# see the curve**: at a dip of the curve, everything else looks harmful.
#
# ## Is it a curve at all?
#
# A straight line is one of the shapes that a spline can take. The test asks whether the rest of it is needed.

# %%
curve = dose_response(fit, "vitd_25oh_nmol_l", reference=75)
print("any association:", curve.association)
print("bend:           ", curve.non_linearity)

# %% [markdown]
# ## How many knots?
#
# Three, four or five, at quantiles of the population. What moves is the shape where people are few.

# %%
# Picture: Three curves of the hazard ratio against 75 nmol/L, on a logarithmic axis, over serum 25(OH)D, from splines
# with 3, 4 and 5 knots; all of them pass through 1 at 75 nmol/L.
figure, axes = plt.subplots(figsize=(6.5, 3.6), layout="constrained")
for knots, colour, dash in ((3, "#0072B2", "-"), (4, "#D55E00", "--"), (5, "#009E73", ":")):
    other = fit_cox(design, f"rcs(vitd_25oh_nmol_l, {knots})" + COVARIATES, **OUTCOME)
    table = dose_response(other, "vitd_25oh_nmol_l", reference=75).table()
    axes.plot(table["vitd_25oh_nmol_l"], table["estimate"], color=colour, ls=dash, label=f"{knots} knots")
axes.axhline(1, color="grey", lw=0.8)
axes.set(xlabel=NAME, ylabel="hazard ratio against 75 nmol/L", yscale="log")
axes.set_yticks([0.5, 0.75, 1, 1.5, 2], ["0.5", "0.75", "1", "1.5", "2"])
axes.minorticks_off()
axes.legend(frameon=False)
axes.spines[["top", "right"]].set_visible(False)

# %% [markdown]
# ## What cutting does
#
# Three groups say that the hazard jumps at two values, and is flat between them. Nobody believes that of a body. The
# steps are the same people as the curve.

# %%
# Picture: Curve of the hazard ratio (logarithmic axis) over serum 25(OH)D against 75 nmol/L with its 95% band, and over
# it the steps of a model of three groups, cut at 50 and 75, with the highest as reference.
people["group"] = "sufficient"
people.loc[people["vitd_25oh_nmol_l"] < 75, "group"] = "insufficient"
people.loc[people["vitd_25oh_nmol_l"] < 50, "group"] = "deficient"
people["group"] = people["group"].astype("category").cat.reorder_categories(["sufficient", "insufficient", "deficient"])
people.loc[people["vitd_25oh_nmol_l"].isna(), "group"] = None
grouped = fit_cox(
    SurveyDesign(people, domain="age_years >= 20 and mortality_eligible"), "group" + COVARIATES, **OUTCOME
).table(exponentiate=True)
steps = {
    level: grouped.loc[grouped["term"].str.contains(level), "estimate"].iloc[0]
    for level in ("insufficient", "deficient")
}

axes = plot_curve(curve, xlabel=NAME)
axes.step(
    [20, 50, 75, 140],
    [steps["deficient"], steps["deficient"], steps["insufficient"], 1.0],
    color="black",
    where="pre",
    label="three groups",
)
axes.legend(frameon=False)
axes.figure

# %% [markdown]
# ## A threshold
#
# "It stops at 30 ng/mL" (75 nmol/L) is a claim about a place: the slope changes there. A broken line has such a
# place, and its likelihood says how well the data know it. The picture shows, for each place, the p-value of a break
# there; the places where it stays above the line at 0.05 make the 95% interval.

# %%
# Picture: Line of the p-value of a break at each value of serum 25(OH)D that was searched; the shaded part, above a
# line at 0.05, makes the 95% interval of the change point.
found = change_point(design, "vitd_25oh_nmol_l" + COVARIATES, "vitd_25oh_nmol_l", candidates=[75], points=15, **OUTCOME)
plot_profile(found, xlabel=NAME).figure

# %%
print(found.table().round(3).to_string(index=False))
print(f"p of a break at 75 nmol/L: {found.p_value(75):.2f}")

# %% [markdown]
# That 75 is compatible with the data (on the real files p is 0.11) does not make it the threshold: so is every other
# value in the interval, 38 to 82 there, and a smooth bend has no threshold at all.
#
# The ratio of calcium to magnesium, and its 2.8:

# %%
# Picture: Line of the p-value of a break at each ratio of calcium to magnesium that was searched; the shaded part,
# above a line at 0.05, makes the 95% interval of the change point.
ratio = change_point(design, "ca_mg_ratio" + COVARIATES, "ca_mg_ratio", candidates=[2.8], points=15, **OUTCOME)
plot_profile(ratio, xlabel="calcium to magnesium, mg per mg").figure

# %%
print(ratio.table().round(3).to_string(index=False))
print(f"p of a break at 2.8: {ratio.p_value(2.8):.2f}")

# %% [markdown]
# On the real files no place is excluded: the slope changes by so little that these data cannot say where, or whether
# it does at all. 2.8 is as good as any number, and no better.
#
# ## Two exposures at once
#
# The product of two splines makes a surface. It shows where hazards are high and low, and hatches the corners where
# nobody is: there the shape is the model's.

# %%
# Picture: Contours of the hazard ratio over serum 25(OH)D (across) and magnesium intake (upwards), with a cross at the
# reference, dots where the 95% interval excludes 1, and strokes where fewer than 10 people are near.
both = fit_cox(
    design, "rcs(vitd_25oh_nmol_l, 3) * rcs(magnesium_diet_mg, 3) + rcs(energy_diet_kcal)" + COVARIATES, **OUTCOME
)
made = surface(both, "vitd_25oh_nmol_l", "magnesium_diet_mg", reference=(75, 300))
plot_surface(made, xlabel=NAME, ylabel="magnesium intake, mg a day").figure

# %% [markdown]
# ## Exercises
#
# The people of the exercises are made up, with a truth that is known. With another `seed` they are others.

# %%
student = 6
class_data = data("06.1", seed=student)
print(question("06.1"))

# %% [markdown]
# A first try, with one slope for all values:

# %%
line = fit_cox(
    SurveyDesign(class_data, domain="age_years >= 20"), "vitd_25oh_nmol_l + age_years", time="months", event="died"
)
straight = dose_response(line, "vitd_25oh_nmol_l", [25], reference=75).table()
check("06.1", straight["estimate"].iloc[0], seed=student)

# %% [markdown]
# Mend it, and check again. Then two more.

# %%
print(question("06.2"))

# %%
print(question("06.3"))
