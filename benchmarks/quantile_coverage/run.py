"""How often the 95% intervals of quantile regression hold the truth, under a design of strata, PSUs and weights.

Each seed draws people whose quantiles are exactly linear: y = 1 + x + (1 + x / 2) e, with e standard normal and alike
within PSUs, so that the slope at the quantile tau is 1 + qnorm(tau) / 2. Weights depend on x. In the setting "even" x
is uniform on 0 to 4; in "skewed" it is gamma with mean 2, so that a few people far out, of great weight, decide.

    python benchmarks/quantile_coverage/run.py --seeds 1000 --people 3000 --jobs 2
"""

from __future__ import annotations

import argparse
import platform
import time
from itertools import pairwise, product
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from scipy import stats
from threadpoolctl import threadpool_limits

from cofactor import SurveyDesign
from cofactor.models import fit_quantile, slope_difference
from cofactor.models.quantile_regression import QUANTILES

FIRST_SEED = 1
STRATA = 30
ALIKE = 0.05  # share of the variance of e that lies between PSUs
RESULTS = Path(__file__).parents[1] / "results"
SETTINGS = ("even", "skewed")
DENSITIES = ("local", "kernel")
DIFFERENCE = "slope, 0.9 - 0.1"


def people(seed: int, n: int, setting: str) -> pd.DataFrame:
    """Return n people of 30 strata of two PSUs."""
    rng = np.random.default_rng(seed)
    cluster = np.arange(n) * 2 * STRATA // n
    x = rng.uniform(0.0, 4.0, n) if setting == "even" else rng.gamma(2.0, 1.0, n)
    shared = rng.normal(size=2 * STRATA)[cluster]
    e = np.sqrt(ALIKE) * shared + np.sqrt(1.0 - ALIKE) * rng.normal(size=n)
    weights = np.exp(0.3 * (x - 2.0) + 0.5 * rng.normal(size=n))
    return pd.DataFrame({
        "strata": cluster // 2, "psu": cluster, "analysis_weight": weights, "x": x, "y": 1.0 + x + (1.0 + x / 2.0) * e,
    })  # fmt: skip


def truth() -> dict[str, float]:
    """Return the true coefficients by the label of their row."""
    made = {}
    for prob in QUANTILES:
        z = float(stats.norm.ppf(prob))
        made |= {f"intercept at {prob:g}": 1.0 + z, f"slope at {prob:g}": 1.0 + z / 2.0}
    return made | {DIFFERENCE: float(stats.norm.ppf(0.9) - stats.norm.ppf(0.1)) / 2.0}


def fit_seed(seed: int, n: int, setting: str, density: str) -> pd.DataFrame:
    """Return one row a coefficient: label, estimate, se, low, high."""
    fit = fit_quantile(SurveyDesign(people(seed, n, setting)), "y ~ x", density=density)
    table = fit.table()
    names = table["term"].map({"Intercept": "intercept", "x": "slope"})
    table["label"] = [f"{name} at {prob:g}" for name, prob in zip(names, table["prob"], strict=True)]
    difference = slope_difference(fit, "x").table().assign(label=DIFFERENCE)
    rows = pd.concat([table, difference])[["label", "estimate", "se", "low", "high"]]
    return rows.assign(setting=setting, density=density)


def fit_seeds(seeds: range, n: int) -> pd.DataFrame:
    """Return the rows of several seeds, on one thread."""
    with threadpool_limits(limits=1):
        parts = [fit_seed(seed, n, *case) for seed in seeds for case in product(SETTINGS, DENSITIES)]
    return pd.concat(parts, ignore_index=True)


def summarise(fits: pd.DataFrame) -> pd.DataFrame:
    """Return one row a setting, density and coefficient: truth, mean, spread, se over spread, coverage."""
    fits = fits.assign(truth=fits["label"].map(truth()))
    held = (fits["low"] <= fits["truth"]) & (fits["truth"] <= fits["high"])
    groups = fits.assign(held=held).groupby(["setting", "density", "label"], sort=False)
    table = groups.agg(
        truth=("truth", "first"), mean=("estimate", "mean"), spread=("estimate", "std"), mean_se=("se", "mean"),
        coverage=("held", "mean"),
    )  # fmt: skip
    return table.assign(se_ratio=table["mean_se"] / table["spread"]).reset_index()


def as_markdown(table: pd.DataFrame, arguments: argparse.Namespace, seconds: float) -> str:
    """Return the page of results."""
    error = np.sqrt(0.95 * 0.05 / arguments.seeds)
    lines = [
        "# Coverage of the 95% intervals of quantile regression",
        "",
        f"{arguments.seeds:,} seeds ({FIRST_SEED} to {FIRST_SEED + arguments.seeds - 1}), {arguments.people:,} people "
        f"in {STRATA} strata of two PSUs ({STRATA} degrees of freedom), weights that depend on x, errors wider with x, "
        f"and alike within PSUs. The Monte Carlo standard error of one coverage is {100 * error:.2f} points; "
        "`se / spread` is the mean standard error over the spread of the estimates.",
        "",
    ]
    for setting in SETTINGS:
        lines += [
            f"Setting: {setting}",
            "",
            "| coefficient | truth | mean | local: se / spread | coverage, % | kernel: se / spread | coverage, % |",
            "|---|---:|---:|---:|---:|---:|---:|",
        ]
        both = table[table["setting"] == setting]
        local, kernel = (both[both["density"] == density].itertuples() for density in DENSITIES)
        lines += [
            f"| {row.label} | {row.truth:.3f} | {row.mean:.3f} | {row.se_ratio:.3f} | {100 * row.coverage:.1f} | "
            f"{other.se_ratio:.3f} | {100 * other.coverage:.1f} |"
            for row, other in zip(local, kernel, strict=True)
        ]
        lines.append("")
    command = f"--seeds {arguments.seeds} --people {arguments.people} --jobs {arguments.jobs}"
    where = f"{seconds:,.0f} s of wall clock, Python {platform.python_version()}"
    return "\n".join([*lines, f"`python benchmarks/quantile_coverage/run.py {command}`: {where}.", ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--people", type=int, default=3000)
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    start = time.perf_counter()
    ends = np.linspace(FIRST_SEED, FIRST_SEED + arguments.seeds, 4 * arguments.jobs + 1).astype(int)
    tasks = [joblib.delayed(fit_seeds)(range(a, b), arguments.people) for a, b in pairwise(ends)]
    fits = pd.concat(joblib.Parallel(n_jobs=arguments.jobs)(tasks), ignore_index=True)
    page = as_markdown(summarise(fits), arguments, time.perf_counter() - start)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "quantile_coverage.md").write_text(page, encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()
