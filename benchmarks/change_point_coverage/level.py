"""How often the test of no change of slope calls one in surveys that have none.

The surveys are those of `run.py` with one slope throughout, in strata of two PSUs: degrees of freedom are the strata.

    python benchmarks/change_point_coverage/level.py --seeds 1000 --people 4000
"""

from __future__ import annotations

import argparse
import platform
import warnings
from pathlib import Path

import numpy as np
from run import MODELS, RESULTS, people

from cofactor import SurveyDesign
from cofactor.errors import CofactorWarning
from cofactor.models import fit_cox, fit_glm
from cofactor.models.change_profile import search_grid, search_range
from cofactor.models.change_test import no_change_test

LEVELS = (0.01, 0.05, 0.10)
FIRST_SEED = 10_001


def no_change_p(seed: int, n: int, strata: int, kind: str, points: int) -> float:
    """Return p of the test in a survey without a change."""
    formula, model = MODELS[kind]
    data = people(seed, n, 0.0, strata)
    plain = (fit_cox if kind == "cox" else fit_glm)(SurveyDesign(data), formula, **model)
    grid = search_grid(*search_range(plain, "x", None), points, None)
    return no_change_test(plain, data["x"].to_numpy(), grid, seed).p


def report(found: dict[tuple[int, str], np.ndarray], n: int, points: int) -> str:
    """Return the page of results."""
    lines = [
        "# Level of the test that there is no change point",
        "",
        f"Surveys of {n:,} people without a change of slope, in strata of two PSUs; {points} places searched. Share of "
        f"surveys in which p is below a nominal level, -/+ its Monte Carlo error; Python {platform.python_version()}.",
        "",
        "| degrees of freedom | model | surveys | " + " | ".join(f"p < {level:g}, %" for level in LEVELS) + " |",
        "|---:|---|---:|" + "---:|" * len(LEVELS),
    ]
    for (strata, kind), p in found.items():
        shares = [(p < level).mean() for level in LEVELS]
        shown = " | ".join(f"{100 * s:.1f} -/+ {100 * np.sqrt(s * (1 - s) / len(p)):.1f}" for s in shares)
        lines.append(f"| {strata} | {kind} | {len(p):,} | {shown} |")
    return "\n".join([*lines, ""])


def main() -> None:
    """Run all models and write results/change_point_level.md, anew after each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--people", type=int, default=4000)
    parser.add_argument("--strata", type=int, nargs="+", default=[40, 15])
    parser.add_argument("--models", nargs="+", choices=list(MODELS), default=list(MODELS))
    parser.add_argument("--points", type=int, default=21)
    parser.add_argument("--out", type=Path, default=RESULTS)
    asked = parser.parse_args()
    warnings.simplefilter("ignore", CofactorWarning)
    seeds = range(FIRST_SEED, FIRST_SEED + asked.seeds)
    found: dict[tuple[int, str], np.ndarray] = {}
    for strata in asked.strata:
        for kind in asked.models:
            made = [no_change_p(seed, asked.people, strata, kind, asked.points) for seed in seeds]
            found[strata, kind] = np.array(made)
            (asked.out / "change_point_level.md").write_text(report(found, asked.people, asked.points))


if __name__ == "__main__":
    main()
