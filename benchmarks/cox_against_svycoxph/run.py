"""How much faster is the survey Cox fit than R's svycoxph, with the same coefficients and standard errors?

    python benchmarks/cox_against_svycoxph/run.py [--people 50000] [--runs 5]

People with 15 columns (8 continuous, 7 binary), 100 strata of 2 PSUs, months with heavy ties, Efron. Ours and R's runs
take turns, each in a fresh process with one thread, after a small fit that loads and compiles what is needed; CPU
seconds, medians. "Whole": from data frame to table (R: svydesign, svycoxph, summary). "Alone": columns in, covariance
out (R: svycoxph on a design that is there). Writes benchmarks/results/cox_against_svycoxph.md. Needs R with survey,
survival and jsonlite.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
RESULT = HERE.parent / "results" / "cox_against_svycoxph.md"
COLUMNS = [f"x{i}" for i in range(15)]
FORMS = {
    "delayed": ("delayed entry (age as time, Surv(entry, time, died))", 30.0, 50.0),
    "right": ("right-censored (Surv(time, died))", 250.0, 400.0),
    "zero": ("right-censored, R given Surv(zero, time, died)", None, None),
}
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
PARITY = 1e-8


def people(n: int, delayed: bool, seed: int = 20260) -> pd.DataFrame:
    """Return n people: columns, months, death, weight, stratum, PSU; with delayed entry, age in months as time."""
    rng = np.random.default_rng(seed)
    x = np.round(np.hstack([rng.normal(size=(n, 8)), rng.random((n, 7)) < 0.4]), 6)
    log_ratio = x @ np.round(rng.normal(0.0, 0.2, 15), 2)
    rate = 0.0011 * np.exp(log_ratio - log_ratio.mean())
    death, censored = np.ceil(rng.exponential(1.0, n) / rate), rng.integers(1, 241, n)
    months = np.minimum(death, censored)
    entry = rng.integers(240, 900, n) if delayed else np.zeros(n, dtype=int)
    return pd.DataFrame(x, columns=COLUMNS).assign(
        entry=entry.astype(float), time=entry + months, died=(death <= censored).astype(int),
        weight=np.round(rng.lognormal(8.0, 0.7, n), 3), strata=rng.integers(0, 100, n), psu=rng.integers(1, 3, n),
    )  # fmt: skip


def measure(rows: pd.DataFrame, delayed: bool) -> dict[str, object]:
    """Time one fit, whole and alone, and return its coefficients and standard errors."""
    from cofactor.models import fit_cox
    from cofactor.models.cox_kernel import solve_cox
    from cofactor.models.cox_matrix import centred, weighted_centre
    from cofactor.models.cox_slots import risk_slots
    from cofactor.survey import SurveyDesign
    from cofactor.survey.variance import covariance

    formula, entry = " + ".join(COLUMNS), "entry" if delayed else None
    start = time.process_time()
    fit = fit_cox(SurveyDesign(rows, weight="weight"), formula, time="time", event="died", entry=entry)
    table = fit.table()
    whole = time.process_time() - start

    design = fit.design
    values = rows[COLUMNS].to_numpy()
    exits, events = rows["time"].to_numpy(), rows["died"].to_numpy() == 1
    entries = rows["entry"].to_numpy() if delayed else None
    start = time.process_time()
    slots = risk_slots(exits, events, design.weights / design.weights.mean(), entry=entries)
    matrix = centred(values, weighted_centre(values, slots.weights))
    solution = solve_cox(matrix, slots, COLUMNS, formula)
    made = covariance(design, solution.psu_totals(matrix, slots, design.psu_index, design.n_psu))
    alone = time.process_time() - start
    assert np.allclose(np.sqrt(np.diag(made)), table["se"], rtol=1e-10)
    return {"whole": whole, "alone": alone, "coefficients": [*table["estimate"]], "se": [*table["se"]]}


def ours(file: Path, form: str) -> dict[str, object]:
    return last_line([sys.executable, __file__, "--measure", str(file), "--form", form])


def theirs(file: Path, form: str) -> dict[str, object]:
    return last_line(["Rscript", str(HERE / "svycoxph.R"), str(file), form])


def last_line(command: list[str]) -> dict[str, object]:
    """Return what a command prints last, as JSON (R's summary of a fit prints the design first)."""
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ | ONE_THREAD)
    return json.loads(done.stdout.splitlines()[-1])


def difference(a: dict[str, object], b: dict[str, object], name: str) -> float:
    mine, other = np.array(a[name]), np.array(b[name])
    return float(np.abs(mine - other).max() / np.abs(other).max())


def compare(form: str, n: int, runs: int, folder: Path) -> dict[str, object]:
    """Run both in turn and return medians, ratios and the largest difference."""
    file = folder / f"{form}.csv"
    rows = people(n, form == "delayed")
    rows.to_csv(file, index=False)
    pairs = [(ours(file, form), theirs(file, form)) for _ in range(runs)]
    made: dict[str, object] = {"form": FORMS[form][0], "events": f"{100 * rows['died'].mean():.0f}%"}
    for what, target in (("whole", FORMS[form][1]), ("alone", FORMS[form][2])):
        mine, other = (statistics.median(float(str(pair[i][what])) for pair in pairs) for i in (0, 1))
        made |= {f"{what} ms": 1e3 * mine, f"{what} R s": other, f"{what} ratio": other / mine, f"{what} aim": target}
    for name in ("coefficients", "se"):
        made[name] = max(difference(a, b, name) for a, b in pairs)
        assert made[name] < PARITY, f"{form}: {name} differ by {made[name]}"
    return made


def write(results: list[dict[str, object]], n: int, runs: int) -> str:
    lines = [
        "# The survey Cox fit against R's svycoxph",
        "",
        f"{n:,} people, 15 columns, 100 strata of 2 PSUs, monthly ties, Efron. CPU seconds on one thread, medians of",
        f"{runs} interleaved runs in fresh processes, Python {platform.python_version()}, numpy {np.__version__}; R's",
        "survey and survival from Debian. Whole: from data frame to table; alone: columns in, covariance out.",
        "Made by `python benchmarks/cox_against_svycoxph/run.py`.",
        "",
        "| data | events | whole: ours, ms | R, s | ratio | alone: ours, ms | R, s | ratio | log HR differ | se |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for one in results:
        whole, alone = (
            f"{one[f'{what} ms']:.0f} | {one[f'{what} R s']:.2f} | {one[f'{what} ratio']:.0f}"
            + (f" (aim {one[f'{what} aim']:.0f})" if one[f"{what} aim"] else "")
            for what in ("whole", "alone")
        )
        lines.append(
            f"| {one['form']} | {one['events']} | {whole} | {alone} | {one['coefficients']:.0e} | {one['se']:.0e} |"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--form", choices=FORMS, help="only this one")
    options = parser.parse_args()
    if options.measure:
        measure(people(2000, options.form == "delayed"), options.form == "delayed")
        print(json.dumps(measure(pd.read_csv(options.measure), options.form == "delayed")))
        return
    with tempfile.TemporaryDirectory() as folder:
        forms = [options.form] if options.form else list(FORMS)
        results = [compare(form, options.people, options.runs, Path(folder)) for form in forms]
    text = write(results, options.people, options.runs)
    print(text)
    if not options.form:
        RESULT.parent.mkdir(exist_ok=True)
        RESULT.write_text(text)


if __name__ == "__main__":
    main()
