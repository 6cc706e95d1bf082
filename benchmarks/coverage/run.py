"""How often the 95% intervals of the primary model hold the planted truth: the coverage study.

Draws synthetic people anew for each seed, fits the primary model of ``analyses/mg_vitd_mortality.py`` in set 2 just as
the study does (population, cut points, rows), and counts the intervals that hold the truth.

    python benchmarks/coverage/run.py --seeds 1000 --people 3000 --jobs 2
"""

from __future__ import annotations

import argparse
import importlib.util
import platform
import time
from dataclasses import dataclass
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from cofactor import SurveyDesign, fit_cox
from cofactor.resources import resource_folder
from cofactor.study.columns import make_columns
from cofactor.study.definition import Study
from cofactor.study.parts import Model
from cofactor.study.population import known_rows, population_flow
from cofactor.synthetic import Truth, synthetic_people

FIRST_SEED = 1
RESULTS = Path(__file__).parents[1] / "results"
COLUMNS = ("vitd_capped_per_25", "magnesium_adequate", "energy_per_1000", "activity_third")
CUTS = ("age_knots", "bmi_knots", "activity_cuts")
CYCLES = "2001-2018"


@dataclass(frozen=True)
class Settings:
    """What a run of the study is made with."""

    people: int
    truth: Truth


def main_study() -> tuple[Study, Model]:
    """Return the main study and its primary model."""
    path = resource_folder("analyses") / "mg_vitd_mortality.py"
    spec = importlib.util.spec_from_file_location("mg_vitd_mortality", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.MAIN, module.PRIMARY


def fit_seed(seed: int, settings: Settings) -> pd.DataFrame:
    """Return one row a parameter: term, estimate, se, low, high, df, and the events of the fit."""
    study, primary = main_study()
    frame = synthetic_people(people=settings.people, seed=seed, truth=settings.truth, cycles=CYCLES)
    population, _ = population_flow(frame, study.population, "died")
    columns = tuple(column for column in study.columns if column.name in COLUMNS)
    cuts = tuple(cut for cut in study.cuts if cut.name in CUTS)
    frame, points = make_columns(frame, population, columns, cuts)
    design = SurveyDesign(frame, domain=pd.Series(population, index=frame.index))
    fit = fit_cox(
        design.within(known_rows(frame, study.complete_on)),
        study.formula(primary),
        time="followup_months_exam",
        event="died",
        cuts={name: levels[""] for name, levels in points.items() if "" in levels},
    )
    return fit.table().assign(seed=seed, events=fit.counts.events, used=fit.counts.n_used)


def fit_seeds(seeds: range, settings: Settings) -> pd.DataFrame:
    """Return the rows of several seeds, on one thread, so that processes do not crowd each other."""
    with threadpool_limits(limits=1):
        return pd.concat([fit_seed(seed, settings) for seed in seeds], ignore_index=True)


def summarise(fits: pd.DataFrame, truth: dict[str, float]) -> pd.DataFrame:
    """Return one row a parameter: truth, mean estimate, bias in standard errors, spread, mean se, coverage."""
    fits = fits.assign(truth=fits["term"].map(truth))
    held = (fits["low"] <= fits["truth"]) & (fits["truth"] <= fits["high"])
    groups = fits.assign(held=held).groupby("term", sort=False)
    table = groups.agg(
        truth=("truth", "first"),
        mean=("estimate", "mean"),
        spread=("estimate", "std"),
        mean_se=("se", "mean"),
        coverage=("held", "mean"),
        seeds=("held", "size"),
    )
    bias = (table["mean"] - table["truth"]) / table["spread"]
    return table.assign(bias_in_se=bias, se_ratio=table["mean_se"] / table["spread"]).reset_index()


def as_markdown(table: pd.DataFrame, fits: pd.DataFrame, arguments: argparse.Namespace, seconds: float) -> str:
    """Return the page of results."""
    error = np.sqrt(0.95 * 0.05 / arguments.seeds)
    low, high = table["coverage"].min(), table["coverage"].max()
    per_seed = fits.groupby("seed")[["events", "used"]].first().mean()
    outside = table.loc[~table["coverage"].between(0.93, 0.97), "term"]
    verdict = f"Outside 93-97%: {', '.join(outside)}." if len(outside) else "Every parameter lies within 93-97%."
    lines = [
        "# Coverage of the primary model's 95% intervals",
        "",
        f"{arguments.seeds:,} seeds ({FIRST_SEED} to {FIRST_SEED + arguments.seeds - 1}), {arguments.people:,} "
        f"synthetic people a cycle, {CYCLES}; on average {per_seed['used']:,.0f} people and {per_seed['events']:,.0f} "
        f"deaths in the fit, {int(fits['df'].iloc[0])} degrees of freedom, {len(table)} parameters.",
        "",
        f"Coverage runs from {100 * low:.1f}% to {100 * high:.1f}%, mean {100 * table['coverage'].mean():.2f}%; the "
        f"Monte Carlo standard error of one coverage is {100 * error:.2f} points. {verdict}",
        "",
        "`bias` is the mean error over the spread of the estimates; `se / spread` is the mean standard error over that "
        "spread.",
        "",
        "| parameter | truth | mean estimate | bias | se / spread | coverage, % |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| `{row.term}` | {row.truth:.3f} | {row.mean:.3f} | {row.bias_in_se:+.3f} | {row.se_ratio:.3f} | "
        f"{100 * row.coverage:.1f} |"
        for row in table.itertuples()
    ]
    where = f"{platform.python_implementation()} {platform.python_version()}, {arguments.jobs} processes"
    command = f"--seeds {arguments.seeds} --people {arguments.people} --jobs {arguments.jobs}"
    lines += ["", f"`python benchmarks/coverage/run.py {command}`: {seconds:,.0f} s of wall clock ({where}).", ""]
    return "\n".join(lines)


def parsed() -> argparse.Namespace:
    """Return the arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--people", type=int, default=3000, help="a cycle, of all ages")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--output", type=Path, default=RESULTS, help="folder of coverage.md and coverage.csv")
    return parser.parse_args()


def main() -> None:
    """Run the study and write coverage.md and coverage.csv."""
    arguments = parsed()
    settings = Settings(arguments.people, Truth())
    size = max(1, min(25, arguments.seeds // (4 * arguments.jobs)))
    last = FIRST_SEED + arguments.seeds
    blocks = [range(begin, min(begin + size, last)) for begin in range(FIRST_SEED, last, size)]
    started = time.perf_counter()
    parts = joblib.Parallel(n_jobs=arguments.jobs)(joblib.delayed(fit_seeds)(block, settings) for block in blocks)
    fits = pd.concat(parts, ignore_index=True)
    table = summarise(fits, settings.truth.parameters(CYCLES))
    page = as_markdown(table, fits, arguments, time.perf_counter() - started)
    arguments.output.mkdir(parents=True, exist_ok=True)
    (arguments.output / "coverage.md").write_text(page, encoding="utf-8")
    table.to_csv(arguments.output / "coverage.csv", index=False)
    print(page)


if __name__ == "__main__":
    main()
