"""The table and the picture of the Cox benchmark, from its measurements.

python benchmarks/cox/table.py FOLDER/times.csv
"""

from __future__ import annotations

import json
import platform
import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
from picture import draw

HERE = Path(__file__).parent
RESULT = HERE.parent / "results" / "cox_speed.md"
PICTURE = HERE.parents[1] / "docs" / "images" / "cox_speed.png"
FORMS = {"delayed": "delayed entry", "right": "right-censored", "days": "delayed entry, in days"}
OURS = ("compiled", "numpy")
TWO = "compiled, 2 threads"
RIVALS = ("svycoxph", "coxph", "PHReg", "lifelines")
BYTES_A_ROW = 8 * 15
AIMS = (  # kernel, rival, form, n, figure, at least
    ("numpy", "svycoxph", "delayed", 50_000, "alone", 60),
    ("numpy", "svycoxph", "delayed", 500_000, "alone", 100),
    ("numpy", "coxph", "delayed", 50_000, "alone", 20),
    ("numpy", "coxph", "delayed", 500_000, "alone", 20),
    ("numpy", "svycoxph", "delayed", 50_000, "whole", 35),
    ("numpy", "svycoxph", "delayed", 500_000, "whole", 70),
    ("compiled", "svycoxph", "delayed", 50_000, "alone", 110),
    ("compiled", "svycoxph", "delayed", 500_000, "alone", 160),
)
LIMITS = (("numpy", 4.0, 1024.0), ("compiled", 1.5, 100.0))  # seconds and MiB over the data, of five million people
DAYS_RATIO = 3.0


def bandwidth(mib: int = 512, repeats: int = 7) -> float:
    """Return how many bytes a second one thread reads from memory: the best sum over an array far above the cache."""
    values = np.ones(mib * 2**17)
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        values.sum()
        seconds.append(time.perf_counter() - start)
    return values.nbytes / min(seconds)


def medians(times: pd.DataFrame) -> pd.DataFrame:
    """Return one row a tool, form and size: medians over its runs, and how many there were."""
    keys = ["tool", "form", "n"]
    figures = ["alone", "alone_again", "alone_wall", "alone_wall_again", "whole", "whole_again", "mib", "slots",
               "iterations"]  # fmt: skip
    grouped = times.groupby(keys)
    made = grouped[figures].median()
    made["runs"] = grouped.size()
    made["spread"] = grouped["alone"].max() / grouped["alone"].min()
    first = grouped[["coefficients", "se"]].first()
    return made.join(first)


def exponent(found: pd.DataFrame, tool: str, form: str, figure: str = "alone", lowest: int = 50_000) -> float:
    """Return the power of n with which time or memory grows, by least squares in logarithms; missing below 2 sizes."""
    if (tool, form) not in found.index.droplevel("n"):
        return float("nan")
    mine = found.loc[tool, form]
    mine = mine[(mine.index >= lowest) & mine[figure].notna()]
    if len(mine) < 2:
        return float("nan")
    return float(np.polyfit(np.log(mine.index), np.log(mine[figure]), 1)[0])


def difference(found: pd.DataFrame, tool: str, form: str, n: int, field: str) -> float:
    """Return the largest difference to ours, relative to the largest value of ours."""
    mine, theirs = (np.array(json.loads(found.loc[(name, form, n), field])) for name in ("numpy", tool))
    return float(np.abs(mine - theirs).max() / np.abs(mine).max())


def shown(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.3g} s" if value >= 1.0 else f"{1000 * value:.3g} ms"


def value_of(found: pd.DataFrame, tool: str, form: str, n: int, name: str) -> float:
    return float(found.loc[(tool, form, n), name]) if (tool, form, n) in found.index else float("nan")


def times_table(found: pd.DataFrame, form: str, name: str) -> list[str]:
    """Return the lines of a table of times, a row a tool and a column a size."""
    sizes = sorted(found.xs(form, level="form").index.get_level_values("n").unique())
    heads = [f"{n:,}" for n in sizes]
    lines = ["| | " + " | ".join(heads) + " | exponent |", "|---|" + "---|" * (len(sizes) + 1)]
    for tool in (*OURS, *RIVALS):
        values = [value_of(found, tool, form, n, name) for n in sizes]
        if np.isnan(values).all():
            continue
        rises = exponent(found, tool, form, name)
        cells = [shown(value) for value in values]
        lines.append(f"| {tool} | {' | '.join(cells)} | {'' if np.isnan(rises) else f'{rises:.2f}'} |")
    return lines


def agreement(found: pd.DataFrame) -> list[str]:
    """Return the lines of a table of differences to the numpy kernel at each rival's largest size."""
    lines = ["| | data | people | log hazard ratios | standard errors |", "|---|---|---|---|---|"]
    for tool in ("compiled", "svycoxph", "coxph", "lifelines"):
        for form in FORMS:
            sizes = [n for (name, data, n) in found.index if (name, data) == (tool, form)]
            for n in sorted(sizes)[-1:]:
                if ("numpy", form, n) not in found.index:
                    continue
                b, se = (difference(found, tool, form, n, field) for field in ("coefficients", "se"))
                error = "model-based" if tool == "coxph" else f"{se:.0e}"
                lines.append(f"| {tool} | {FORMS[form]} | {n:,} | {b:.0e} | {error} |")
    return lines


def aims(found: pd.DataFrame) -> list[str]:
    """Return the lines of what was asked for and what was seen, of first fits and of the same again."""
    lines = ["| asked | first fit | again | |", "|---|---|---|---|"]
    for kernel, rival, form, n, name, least in AIMS:
        theirs, ours = (first_and_again(found, tool, form, n, name) for tool in (rival, kernel))
        ratios = theirs / ours
        what = {"alone": "fit and covariance", "whole": "data frame to table"}[name]
        asked = f"{kernel}, {what}, {FORMS[form]}, {n:,} people: {least} times as fast as {rival}"
        lines.append(aim(asked, [f"{ratio:.3g} times" for ratio in ratios], ratios >= least, ratios))
    for kernel, seconds, mib in LIMITS:
        held = value_of(found, kernel, "delayed", 5_000_000, "mib")
        took = first_and_again(found, kernel, "delayed", 5_000_000)
        asked = f"{kernel}, 5,000,000 people: under {seconds:g} s and {mib:,.0f} MiB over the data"
        met = (took < seconds) & (held < mib)
        lines.append(aim(asked, [f"{one:.2f} s, {held:,.0f} MiB" for one in took], met, took))
    for kernel in ("numpy", "compiled"):
        days, months = (first_and_again(found, kernel, form, 500_000) for form in ("days", "delayed"))
        slots = value_of(found, kernel, "days", 500_000, "slots")
        asked = (
            f"{kernel}, days ({slots:,.0f} of them with deaths) against months, 500,000 people: at most "
            f"{DAYS_RATIO:g} times"
        )
        ratios = days / months
        lines.append(aim(asked, [f"{ratio:.1f} times" for ratio in ratios], ratios <= DAYS_RATIO, ratios))
    return lines


def first_and_again(found: pd.DataFrame, tool: str, form: str, n: int, name: str = "alone") -> np.ndarray:
    """Return the seconds of the first fit and of the same again, (2,)."""
    return np.array([value_of(found, tool, form, n, which) for which in (name, f"{name}_again")])


def aim(asked: str, shown: list[str], met: np.ndarray, seen: np.ndarray) -> str:
    """Return a line: what was asked, the first fit and the same again in words, and which of them met it."""
    verdict = {(True, True): "met", (True, False): "first fit alone", (False, True): "again alone"}
    said = "not measured" if np.isnan(seen).any() else verdict.get(tuple(met.tolist()), "**not met**")
    return f"| {asked} | {' | '.join(shown)} | {said} |"


def text(found: pd.DataFrame, speed: float) -> str:
    """Return the page."""
    runs = found["runs"]
    cpu = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                if line.startswith("model name")), platform.processor())  # fmt: skip
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "numba"))
    parts = [
        "# The survey Cox fit beside other programs",
        "",
        "15 columns, 100 strata of 2 PSUs, monthly ties, Efron, about 15% deaths. CPU seconds on one thread, medians "
        f"of {counted(runs)} interleaved runs in fresh processes. A run fits 5,000 people, which loads what is needed, "
        "then all of them, and where that takes less than half a minute the same people again: the first fit of many "
        "people also pays for the first touch of memory (much on this virtual machine) and for R's growing heap. The "
        "tables show the first fit where they do not say again. "
        f"{cpu}, Python {platform.python_version()}, {packages}; R's survey and survival from Debian; "
        "lifelines and PHReg in an environment of their own. Made by `python benchmarks/cox/run.py`.",
        "",
        "svycoxph also computes concordance and martingale residuals; coxph has weights and a model-based covariance, "
        "and none of a design; PHReg has no weights at all; lifelines has weights and clusters, and no strata of a "
        "design. R is given Surv(entry, time, died) for right-censored people too, which spares it a quadratic path. A "
        "program is measured up to the size where it takes ten minutes; an empty cell was not measured.",
        "",
        "This is a virtual machine with neighbours: from 50,000 people on, the slowest run of a program took up to "
        f"{spread(found):.1f} times as long as its fastest; all runs stand in the medians. The compiled kernel comes "
        "first in each round, on memory that the programs before gave back, and so pays most for touching it.",
        "",
        "![Time and memory against the number of people](../../docs/images/cox_speed.png)",
        "",
        "## What was asked for",
        "",
        *aims(found),
    ]
    for form, name in FORMS.items():
        if form in found.index.get_level_values("form"):
            parts += ["", f"## The fit and its covariance, {name}", "", *times_table(found, form, "alone")]
    for name, words in (("alone_again", "The fit and its covariance again"), ("whole", "From data frame to table"),
                        ("whole_again", "From data frame to table again")):  # fmt: skip
        parts += ["", f"## {words}, delayed entry", "", *times_table(found, "delayed", name)]
    parts += ["", "## How far from memory's speed", "", floor(found, speed)]
    if TWO in found.index.get_level_values("tool"):
        parts += ["", "## Two threads", "", threads(found)]
    parts += ["", "## The same numbers", "", "Largest difference to the numpy kernel's, relative to its largest value.",
              "lifelines' errors know clusters and no strata.", "", *agreement(found)]  # fmt: skip
    return "\n".join(parts) + "\n"


def spread(found: pd.DataFrame) -> float:
    return float(found.loc[found.index.get_level_values("n") >= 50_000, "spread"].max())


def counted(runs: pd.Series) -> str:
    return f"{runs.min()}" if runs.min() == runs.max() else f"{runs.min()} to {runs.max()}"


def floor(found: pd.DataFrame, speed: float) -> str:
    """Return the sentence on the physical floor."""
    form, n = "delayed", int(found.xs("delayed", level="form").index.get_level_values("n").max())
    read = 1e9 * BYTES_A_ROW / speed
    said = []
    for kernel in ("numpy", "compiled"):
        if (kernel, form, n) in found.index:
            passes = value_of(found, kernel, form, n, "iterations") + 2  # one at 0, and one for the PSU totals
            row = 1e9 * value_of(found, kernel, form, n, "alone_again") / n
            said.append(f"{kernel} {row:.0f} ns a person ({row / (passes * read):.0f} times the floor)")
    return (
        f"One thread reads {speed / 1e9:.0f} GB/s here, so that the 120 bytes of a person's columns take {read:.1f} ns "
        f"a reading. At {n:,} people with {int(passes)} readings: {'; '.join(said)}. It is arithmetic that takes the "
        "time, not memory."
    )


def threads(found: pd.DataFrame) -> str:
    """Return the sentence on two threads."""
    said = []
    for _, form, n in [key for key in found.index if key[0] == TWO]:
        one, two = (value_of(found, tool, form, n, "alone_wall_again") for tool in ("compiled", TWO))
        said.append(f"{n:,} people ({FORMS[form]}): {shown(one)} by one, {shown(two)} by two ({one / two:.2f} times)")
    return f"Wall time of the compiled fit and its covariance, again. {'; '.join(said)}."


def report(csv: Path) -> None:
    """Write the page and its picture, and print the page."""
    found, speed = medians(pd.read_csv(csv)), bandwidth()
    draw(found, exponent, speed / BYTES_A_ROW, PICTURE)
    made = text(found, speed)
    RESULT.write_text(made)
    print(made)


if __name__ == "__main__":
    report(Path(sys.argv[1]))
