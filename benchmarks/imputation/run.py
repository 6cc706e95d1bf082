"""How multiple imputation does when covariates are missing at random, and how long it takes.

Draws people of a clustered survey anew for each seed, takes values of a number, a flag and a category away with
probabilities that depend on the outcome and a known covariate, imputes them, and counts the intervals that hold the
truth: beside the same people with nothing missing, and the complete cases.

    python benchmarks/imputation/run.py --seeds 100 --jobs 2
"""

from __future__ import annotations

import argparse
import contextlib
import platform
import time
import warnings
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from scipy import special
from threadpoolctl import threadpool_limits

from cofactor.errors import CofactorWarning, FitError
from cofactor.models import fit_cox, fit_glm, impute, pool
from cofactor.survey import SurveyDesign

RESULTS = Path(__file__).parents[1] / "results"
PEOPLE, STRATA = 1500, 15
TRUTH = {"z": 0.3, "x": 0.3, "flag": 0.4, "group[b]": 0.3, "group[c]": 0.5, "x:z": 0.4, "flag:z": 0.5}
MODELS = {
    "linear": ("y ~ z + x + flag + group", False),
    "Cox": ("z + x + flag + group", False),
    "linear, products": ("y ~ x * z + flag * z + group", True),
    "Cox, products": ("x * z + flag * z + group", True),
}


def people(seed: int, products: bool, cox: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return people with nothing missing, and with covariates missing at random."""
    rng = np.random.default_rng(seed)
    n = PEOPLE
    strata, psu = rng.integers(0, STRATA, n), rng.integers(1, 3, n)
    z = rng.normal(size=n)
    x = 0.4 * z + rng.normal(0, 0.3, (STRATA, 3))[strata, psu] + rng.normal(size=n)
    flag = rng.random(n) < special.expit(0.5 * z - 0.3)
    group = np.digitize(0.7 * x + rng.logistic(size=n), [-1.0, 1.0])
    eta = 0.3 * z + 0.3 * x + 0.4 * flag + np.array([0.0, 0.3, 0.5])[group] + products * (0.4 * x + 0.5 * flag) * z
    y = 1.0 + eta + rng.normal(size=n)
    failure, censoring = rng.exponential(np.exp(1.0 - eta)), rng.uniform(0.3, 4.0, n)
    died = failure < censoring
    whole = pd.DataFrame({
        "strata": strata, "psu": psu, "analysis_weight": np.exp(0.3 * z + rng.normal(0, 0.3, n)), "z": z, "x": x,
        "flag": pd.array(flag, dtype="boolean"), "group": pd.Categorical(np.array(["a", "b", "c"])[group]), "y": y,
        "time": np.ceil(240 * np.minimum(failure, censoring)), "died": died,
    })  # fmt: skip
    drive = (2.0 * died - 1.0 if cox else y - 1.0) * 0.6 + 0.3 * z - 1.4
    return whole, whole.assign(
        **{v: whole[v].mask(rng.random(n) < special.expit(drive)) for v in ("x", "flag", "group")}
    )


def fit_seed(seed: int, model: str, m: int, rounds: int) -> pd.DataFrame:
    """Return the tables of one seed: nothing missing, complete cases, imputed; no row where a fit fails."""
    formula, products = MODELS[model]
    cox = model.startswith("Cox")
    whole, data = people(seed, products, cox)
    outcome = {"time": "time", "event": "died"} if cox else {}

    def fit(design: SurveyDesign):
        return fit_cox(design, formula, **outcome) if cox else fit_glm(design, formula)

    with warnings.catch_warnings(), threadpool_limits(limits=1), contextlib.suppress(FitError):
        warnings.simplefilter("ignore", CofactorWarning)
        made = impute(
            SurveyDesign(data), ["x", "flag", "group"], formula=formula, **outcome, m=m, rounds=rounds, seed=seed
        )
        pooled = pool(made, fit)
        tables = {
            "nothing missing": fit(SurveyDesign(whole)),
            "complete cases": pooled.complete_case,
            "imputed": pooled,
        }
        rows = pd.concat([one.table().assign(rows=name) for name, one in tables.items()])
        return rows.assign(seed=seed, model=model, complete=1.0 - data.isna().any(axis=1).mean())
    return pd.DataFrame()


def summarise(fits: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each model, parameter and kind of rows: bias, spread, mean se, coverage, missing information."""
    fits = fits.assign(truth=fits["term"].map(TRUTH)).dropna(subset=["truth"])
    fits = fits.assign(
        held=(fits["low"] <= fits["truth"]) & (fits["truth"] <= fits["high"]), bias=fits["estimate"] - fits["truth"]
    )
    groups = fits.groupby(["model", "term", "rows"], sort=False)
    return groups.agg(
        seeds=("seed", "size"),
        bias=("bias", "mean"), spread=("estimate", "std"), mean_se=("se", "mean"), coverage=("held", "mean"),
        missing_information=("missing_information", "mean"),
    ).reset_index()  # fmt: skip


def seconds_of_imputation(m: int, n: int = 35_000) -> float:
    """Return CPU seconds, on one thread, of m imputations of 15 variables (numbers, flags, five levels)."""
    rng = np.random.default_rng(3)
    strata, age = rng.integers(0, 135, n), rng.uniform(20, 80, n)
    latent = rng.normal(size=n) + 0.02 * (age - 50)
    data = pd.DataFrame({
        "strata": strata, "psu": rng.integers(1, 3, n), "analysis_weight": rng.lognormal(9, 0.7, n), "age": age,
        "sex": pd.Categorical(rng.choice(["female", "male"], n)), "cycle": strata // 15, "x": rng.normal(size=n),
    })  # fmt: skip
    names = []
    for i in range(5):
        data[f"number{i}"] = (latent + rng.normal(size=n)).round(3)
        data[f"flag{i}"] = pd.array(rng.random(n) < special.expit(latent + 0.3 * i - 2), dtype="boolean")
        codes = np.digitize(latent + rng.logistic(size=n), [-1, 0, 1, 2])
        data[f"category{i}"] = pd.Categorical(np.array(list("abcde"))[codes])
        names += [f"number{i}", f"flag{i}", f"category{i}"]
    time_to = rng.exponential(120 / np.exp(0.05 * (age - 50) + 0.3 * latent))
    data["time"], data["died"] = np.ceil(np.minimum(time_to, 180)), time_to < 180
    for name in names:
        data[name] = data[name].mask(rng.random(n) < 0.08)
    formula = "rcs(age, 4) * sex + x + " + " + ".join(names)
    design = SurveyDesign(data)
    with threadpool_limits(limits=1):
        started = time.process_time()
        impute(design, names, formula=formula, time="time", event="died", cycle="cycle", m=m, seed=1)
        return time.process_time() - started


def share(value: float) -> str:
    """Return a share with two digits, nothing where there is none."""
    return "" if np.isnan(value) else f"{value:.2f}"


def as_markdown(table: pd.DataFrame, fits: pd.DataFrame, arguments: argparse.Namespace, seconds: float) -> str:
    """Return the page of results."""
    error = np.sqrt(0.95 * 0.05 / arguments.seeds)
    lines = [
        "# Multiple imputation: bias and coverage of 95% intervals, and time",
        "",
        f"{arguments.seeds} seeds, {PEOPLE:,} people in {STRATA} strata of two PSUs, {arguments.m} imputations of "
        f"{arguments.rounds} rounds; three covariates missing at random by the outcome and z: "
        f"{100 * fits['complete'].mean():.0f}% of the people are complete. The Monte Carlo standard error of one "
        f"coverage is {100 * error:.1f} points. `seeds` are those whose fits all converged.",
        "",
        f"35,000 people, 15 variables with 8% missing each, 135 strata, 20 imputations of ten rounds: {seconds:.0f} s "
        "of CPU on one thread.",
        "",
        "| model | seeds | parameter | rows | bias | spread | mean se | coverage, % | missing information |",
        "|---|---:|---|---|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row.model} | {row.seeds} | `{row.term}` | {row.rows} | {row.bias:+.3f} | {row.spread:.3f} | "
        f"{row.mean_se:.3f} | {100 * row.coverage:.1f} | {share(row.missing_information)} |"
        for row in table.itertuples()
    ]
    where = f"{platform.python_implementation()} {platform.python_version()}"
    command = f"--seeds {arguments.seeds} --m {arguments.m} --rounds {arguments.rounds}"
    return "\n".join([*lines, "", f"`python benchmarks/imputation/run.py {command}` ({where}).", ""])


def main() -> None:
    """Run the study and write imputation.md and imputation.csv."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--m", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--output", type=Path, default=RESULTS, help="folder of imputation.md and imputation.csv")
    arguments = parser.parse_args()
    tasks = [(seed, model) for model in MODELS for seed in range(1, arguments.seeds + 1)]
    parts = joblib.Parallel(n_jobs=arguments.jobs)(
        joblib.delayed(fit_seed)(seed, model, arguments.m, arguments.rounds) for seed, model in tasks
    )
    fits = pd.concat(parts, ignore_index=True)
    table = summarise(fits)
    page = as_markdown(table, fits, arguments, seconds_of_imputation(20))
    arguments.output.mkdir(parents=True, exist_ok=True)
    (arguments.output / "imputation.md").write_text(page, encoding="utf-8")
    table.to_csv(arguments.output / "imputation.csv", index=False, float_format="%.6g")
    print(page)


if __name__ == "__main__":
    main()
