"""How often the 95% intervals of a change point hold the truth, under a design of strata, PSUs and weights.

Each seed draws people whose slope changes at 70, from -0.03 to 0; what is left over is alike within PSUs, by a normal
copula, so that the model holds exactly for the population. The level of the test of no change is in `level.py`.

    python benchmarks/change_point_coverage/run.py --seeds 120 --people 4000
"""

from __future__ import annotations

import argparse
import platform
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from cofactor import SurveyDesign
from cofactor.errors import CofactorWarning
from cofactor.models import change_point

STRATA = 40
ALIKE = 0.05  # share of the variance of what is left over that lies between PSUs
PLACE, SLOPE = 70.0, -0.03
RESULTS = Path(__file__).parents[1] / "results"
MODELS = {
    "gaussian": ("y ~ x + z", {}),
    "logistic": ("event ~ x + z", {"family": "binomial"}),
    "cox": ("x + z", {"time": "months", "event": "died"}),
}


def people(seed: int, n: int, change: float, strata: int = STRATA) -> pd.DataFrame:
    """Return n people of strata of two PSUs, with a number, an event and a follow-up that follow one predictor."""
    rng = np.random.default_rng(seed)
    cluster = np.arange(n) * 2 * strata // n
    x = np.clip(rng.gamma(8.0, 8.0, n) + 8.0 * rng.normal(size=2 * strata)[cluster], 5.0, 200.0)
    z = rng.normal(size=n)
    e = np.sqrt(ALIKE) * rng.normal(size=2 * strata)[cluster] + np.sqrt(1.0 - ALIKE) * rng.normal(size=n)
    eta = SLOPE * (x - PLACE) + change * np.maximum(x - PLACE, 0.0) + 0.3 * z
    uniform = stats.norm.cdf(e)
    time_of_death = np.ceil(-np.log(uniform) * 100.0 * np.exp(-eta))
    censored = rng.integers(30, 150, n)
    return pd.DataFrame({
        "strata": cluster // 2, "psu": cluster, "analysis_weight": np.exp(0.5 * rng.normal(size=n)), "x": x, "z": z,
        "y": eta + e, "event": uniform < 1.0 / (1.0 + np.exp(-eta)),
        "months": np.minimum(time_of_death, censored), "died": time_of_death <= censored,
    })  # fmt: skip


def one_seed(seed: int, n: int, kind: str, points: int) -> dict[str, float]:
    """Return what a seed shows of one model: estimate, errors, whether the intervals hold 70, whether tests reject."""
    formula, model = MODELS[kind]
    made = change_point(SurveyDesign(people(seed, n, -SLOPE)), formula, "x", points=points, **model)
    low, high = made.profile.interval(0.95)
    place, se = float(made.estimate.values[0]), float(made.estimate.se[0])
    reach = float(stats.t.ppf(0.975, made.estimate.df[0])) * se
    below = made.estimate.table().loc[1]
    true_slope = np.exp(SLOPE) if kind != "gaussian" else SLOPE
    return {
        "place": place,
        "se": se,
        "profile holds": not (low > PLACE or high < PLACE),
        "t holds": abs(place - PLACE) <= reach,
        "slope holds": below["low"] <= true_slope <= below["high"],
        "open": bool(np.isnan(low) or np.isnan(high)),
        "finds a change": made.no_change.p < 0.05,
    }


def report(found: dict[str, pd.DataFrame], seeds: int, n: int, seconds: float) -> str:
    """Return the page of results."""
    error = 100.0 * np.sqrt(0.05 * 0.95 / seeds)
    lines = [
        "# Coverage of the 95% intervals of a change point",
        "",
        f"{seeds:,} seeds, {n:,} people in {STRATA} strata of two PSUs ({STRATA} degrees of freedom), slope {SLOPE:g} "
        f"up to {PLACE:g} and 0 above. The Monte Carlo standard error of a coverage of 95% is {error:.1f} points; "
        f"Python {platform.python_version()}, {seconds / 60:.0f} minutes.",
        "",
        "| model | mean place | spread | mean se | profile, % | estimate -/+ t se, % | slope below, % | open, % |"
        " change found, % |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for kind, table in found.items():
        share = 100.0 * table.mean()
        lines.append(
            f"| {kind} | {table['place'].mean():.2f} | {table['place'].std():.2f} | {table['se'].mean():.2f} | "
            f"{share['profile holds']:.1f} | {share['t holds']:.1f} | {share['slope holds']:.1f} | "
            f"{share['open']:.1f} | {share['finds a change']:.1f} |"
        )
    return "\n".join([*lines, ""])


def main() -> None:
    """Run all models and write results/change_point_coverage.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=120)
    parser.add_argument("--people", type=int, default=1200)
    parser.add_argument("--points", type=int, default=21)
    parser.add_argument("--out", type=Path, default=RESULTS)
    asked = parser.parse_args()
    warnings.simplefilter("ignore", CofactorWarning)
    begun = time.perf_counter()
    found = {
        kind: pd.DataFrame([one_seed(s, asked.people, kind, asked.points) for s in range(1, asked.seeds + 1)])
        for kind in MODELS
    }
    page = report(found, asked.seeds, asked.people, time.perf_counter() - begun)
    (asked.out / "change_point_coverage.md").write_text(page)


if __name__ == "__main__":
    main()
