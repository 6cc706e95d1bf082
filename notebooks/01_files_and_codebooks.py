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
# # 01 Reading a file and its codebook
#
# NHANES is published as hundreds of small files in an old format, SAS transport (XPT), each with a page that
# says what its codes mean. After this notebook you can
#
# - say what an XPT file holds, from its bytes on;
# - read one with its labels, and tell a true zero from what `pandas.read_sas` makes of it;
# - read a codebook: which numbers are amounts, which are "refused" and "don't know", what is missing and why;
# - let `load` do all this, and check what it did against CDC's counts.
#
# It takes fifteen minutes and needs no download. **The data are made up on the spot; nothing below says
# anything about people until you switch to the real files.**

# %%
# %matplotlib inline
import logging
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat

from cofactor import load, synthetic_nhanes
from cofactor.cohort import describe, published_counts
from cofactor.report.figures import new_axes
from cofactor.report.figures.style import COLOURS, GREY
from cofactor.teach import check, data, question

logging.getLogger("cofactor").setLevel(logging.ERROR)

# %% [markdown]
# ## The data
#
# For the real files, bring them once, in a terminal, with `cofactor fetch --cycles 2005-2006 --data nhanes`,
# and write `DATA = "nhanes"`. As it stands, `synthetic_nhanes` writes files with CDC's names, columns and
# codes.

# %%
DATA = "synthetic"
CYCLE = "2005-2006"
SEED = 1  # of the exercises: the number on your sheet

if DATA == "synthetic":
    DATA = Path(tempfile.mkdtemp()) / "nhanes"
    synthetic_nhanes(DATA, people=2000, seed=1, cycles=CYCLE)

path = next(Path(DATA).rglob("DR1TOT_D.[xX][pP][tT]"))
print(path.name, f"{path.stat().st_size:,} bytes")

# %% [markdown]
# `DR1TOT_D`: **d**ietary **r**ecall of the first day, **tot**als, cycle **D** (2005-2006). The letter is the
# cycle's, and a file without one is of 1999-2000.
#
# ## What is in it
#
# Records of 80 bytes. The first ones are text: who wrote the file, and the name of the table.

# %%
raw = path.read_bytes()
for start in range(0, 5 * 80, 80):
    print(raw[start : start + 80].decode("ascii", errors="replace").rstrip())

# %% [markdown]
# A file that begins with `<` instead is a web page: the server's way of saying "not here". Then come a
# description of each column, 140 bytes long, and the numbers, 8 bytes each, in the floating point of IBM's
# mainframes. Here is where the bytes of this file go.

# %%
# Picture: One bar as long as the file in kilobytes, cut into the header, the descriptions of the columns and the
# numbers; the numbers take up nearly all of it.
columns = int(raw[: 80 * 8].decode("ascii", errors="replace").split("NAMESTR HEADER RECORD!!!!!!!")[1][:10])
header = raw.index(b"HEADER RECORD*******OBS") + 80
parts = {"header": 8 * 80, f"{columns} columns described": header - 8 * 80, "numbers": len(raw) - header}
ax = new_axes(1.3)
left = 0.0
for (name, size), colour in zip(parts.items(), COLOURS, strict=False):
    ax.barh([0], [size / 1000], left=left, color=colour, label=f"{name}: {size / 1000:,.1f} kB")
    left += size / 1000
ax.set_yticks([])
ax.set_xlabel("position in the file, kB")
ax.legend(loc="lower center", bbox_to_anchor=(0.45, 1.0), ncols=1, frameon=False, fontsize=8)
ax.figure

# %% [markdown]
# `pyreadstat` reads all of it, labels included. `SEQN` is the person's number, the same in every file of the
# cycle: it is how files are joined.

# %%
table, meta = pyreadstat.read_xport(str(path))
print(f"{len(table):,} rows, {table.shape[1]} columns")
pd.Series(meta.column_names_to_labels)[["SEQN", "WTDRD1", "DR1DRSTZ", "DR1TKCAL", "DR1TMAGN"]].to_frame("label")

# %% [markdown]
# ## The zero that is not zero
#
# Many tutorials read these files with `pandas.read_sas`. How many people drank no alcohol on the day of the
# recall?

# %%
by_pandas = pd.read_sas(path, format="xport")
print("pandas.read_sas:", (by_pandas["DR1TALCO"] == 0).sum(), "people with 0 g")
print("pyreadstat:     ", (table["DR1TALCO"] == 0).sum(), "people with 0 g")

# %% [markdown]
# Nobody? Look at the values themselves, each person a dot, on an axis of powers of ten.

# %%
# Picture: Dots, one a person, over the grams of alcohol on an axis of powers of ten that goes down to 1e-80: the true
# zeros, read as 5.4e-79, stand in a column at the far left, apart from the people who drank.
grams = by_pandas["DR1TALCO"].dropna().to_numpy()
jitter = np.random.default_rng(0).uniform(-1, 1, grams.size)
ax = new_axes(2.0)
ax.scatter(np.log10(grams), jitter, s=5, alpha=0.4, color=np.where(grams < 1e-70, COLOURS[1], COLOURS[0]))
ax.annotate("every one a true 0,\nread as 5.4e-79", (-77, 0), color=COLOURS[1], fontsize=9, va="center")
ax.annotate("people\nwho drank", (-4, 0), color=COLOURS[0], fontsize=9, va="center", ha="right")
ax.set_yticks([])
ax.set_xlim(-82, 8)
ax.set_xticks([-80, -60, -40, -20, 0], [r"$10^{-80}$", r"$10^{-60}$", r"$10^{-40}$", r"$10^{-20}$", "1 g"])
ax.set_xlabel("alcohol of the first recall, by pandas.read_sas")
ax.figure

# %% [markdown]
# Zero is stored as eight zero bytes; `read_sas` takes them for the smallest number that the format can write.
# The mean hardly moves, so nobody notices. A share of zeros, a logarithm, or a cut at "more than 0" is badly
# wrong. And projects that do notice often "clean" the tiny numbers to missing, which is worse: then the mean is
# that of drinkers alone.

# %%
# Picture: Bars of the percentage of people without alcohol on that day, read in three ways, with the mean in grams
# beside each: zeros kept as 0 show such people, read_sas and zeros "cleaned" to missing show none.
truth = table["DR1TALCO"].dropna()
cleaned = truth[truth > 0]
ways = ["0 is 0\n(right)", "as read_sas has it", '"cleaned" to missing']
ax = new_axes(2.2)
none = [100 * (truth == 0).mean(), 100 * (grams == 0).mean(), 0.0]
ax.barh(ways, none, color=[COLOURS[0], GREY, COLOURS[1]])
for place, (share, mean) in enumerate(zip(none, (truth.mean(), grams.mean(), cleaned.mean()), strict=True)):
    ax.annotate(f"{share:.0f}%; mean {mean:.1f} g", (share + 1, place), fontsize=9, va="center")
ax.set_xlim(0, 80)
ax.invert_yaxis()
ax.set_xlabel("people without alcohol on that day, %")
ax.figure

# %% [markdown]
# ## The codebook
#
# The page of each file lists every column: label, who was asked, each code with its meaning and how many people
# gave it. Some codes are not amounts. `ALQ130` asks for the drinks on a day with drinks; 777 means refused and
# 999 don't know.

# %%
counts = published_counts("alcohol_drinks_drinking_day").query("cycle == @CYCLE")
counts[["file", "column", "code", "becomes", "count"]].reset_index(drop=True)

# %% [markdown]
# These are CDC's own counts, which come with the package. What do the codes do to a mean? Here 1,000 made-up
# answers, of which three in a hundred are a code.

# %%
# Picture: Histogram of 1,000 answers on drinks, counts on a logarithmic axis: amounts lie near 0, the codes 777 and 999
# at the far right; dashed lines mark the mean of the amounts and the larger mean with codes.
rng = np.random.default_rng(2)
drinks = 1.0 + rng.poisson(1.5, 1000)
with_codes = np.where(rng.random(1000) < 0.03, rng.choice([777.0, 999.0], 1000), drinks)
ax = new_axes(2.0)
ax.hist(with_codes, bins=np.arange(0, 1010, 10), color=COLOURS[0])
ax.set_yscale("log")
marks = ((drinks.mean(), "mean of amounts", COLOURS[0], 500), (with_codes.mean(), "mean with codes", COLOURS[1], 100))
for value, name, colour, height in marks:
    ax.axvline(value, color=colour, ls="dashed")
    ax.annotate(f"{name}: {value:.1f}", (50, height), color=colour, fontsize=9)
ax.annotate("refused, don't know", (888, 45), fontsize=9, color=GREY, ha="center")
ax.set_ylim(1, 2000)
ax.set_xlabel("ALQ130 as it stands in the file")
ax.set_ylabel("people (log axis)")
ax.figure

# %% [markdown]
# Missing has kinds, too. *Not asked*: whoever had fewer than 12 drinks in life is not asked how many a day, and
# their zero follows from the skip. *Not measured*: no blood was drawn. *Not eligible*: children. The page says
# which. Never fill a missing value with 0 because the column "looks like an amount".
#
# ## What the catalogue says
#
# The catalogue of this package holds what the pages say, for every cycle, checked against CDC's counts.

# %%
print(describe("alcohol_diet_day1_g")[:700])

# %% [markdown]
# So `load` gives zeros as zeros, codes as missing, and a name that is the same in all cycles.

# %%
people = load(["alcohol_diet_day1_g", "age_years"], cycles=CYCLE, data=DATA)
alcohol = people["alcohol_diet_day1_g"]
print(f"0 g: {(alcohol == 0).sum()}; missing: {alcohol.isna().sum()}; known: {alcohol.notna().sum()}")
assert (alcohol == 0).sum() <= (table["DR1TALCO"] == 0).sum()

# %% [markdown]
# Where there are fewer zeros than in the file, `load` has left out recalls that CDC calls unreliable
# (`DR1DRSTZ` other than 1). On real files, `cofactor verify --codebook` holds each column that is read against
# CDC's counts.
#
# ## Exercises
#
# ### 01.1

# %%
print(question("01.1"))
recalls = data("01.1", seed=SEED)
recalls.head()

# %% [markdown]
# The trap, as it is often fallen into:

# %%
amount = recalls["DR1TALCO"].dropna()
check("01.1", (100 * (amount == 0).mean(), amount.mean()), seed=SEED)

# %% [markdown]
# And the "cleaning" that makes it worse:

# %%
tiny_gone = amount[amount > 1e-70]
check("01.1", (0.0, tiny_gone.mean()), seed=SEED).more()

# %% [markdown]
# Now mend it: `check("01.1", (share, mean), seed=SEED)`. Where you are stuck, add `.more()` for a further hint,
# and once more for the next one.
#
# ### 01.2

# %%
print(question("01.2"))
answers = data("01.2", seed=SEED)
check("01.2", (answers["ALQ130"].mean(), answers["ALQ130"].count()), seed=SEED)

# %% [markdown]
# ### To think about
#
# 1. A colleague's script has `df[df < 1e-70] = np.nan`. Which of her results can be wrong, and in which
#    direction?
# 2. Until 2004 plain water was not counted in the totals of nutrients; from 2005 on it is. Where would you
#    find that out, and what does it do to a trend in magnesium?
#
# Next: `02_weights_and_design`, on whom a row of these files stands for.
