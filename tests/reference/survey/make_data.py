"""Write data.csv, a synthetic survey with all that makes designs hard: `python make_data.py` in this folder.

Strata of two and three PSUs; stratum 9 has one PSU; stratum 8 has nobody of the domain (age 40 and over); in stratum 7
the second PSU has weights of 0 only; missing values in x, group and flag; ties in z.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

SEED = 20261125
PSUS = {1: 2, 2: 3, 3: 2, 4: 2, 5: 3, 6: 2, 7: 2, 8: 2, 9: 1}
PEOPLE = 11  # in each PSU


def survey() -> pd.DataFrame:
    """Return the survey, one row a person."""
    rng = np.random.default_rng(SEED)
    cells = [(stratum, psu) for stratum, n in PSUS.items() for psu in range(1, n + 1)]
    stratum, psu = np.repeat(np.array(cells), PEOPLE, axis=0).T
    n = len(stratum)
    shift = 0.3 * stratum + 0.5 * psu
    age = rng.integers(20, 81, n)
    age[stratum == 8] = rng.integers(20, 40, (stratum == 8).sum())
    weight = rng.lognormal(3.0, 0.6, n).round(6)
    weight[rng.random(n) < 0.08] = 0.0
    weight[(stratum == 7) & (psu == 2)] = 0.0
    x = (shift + 0.02 * age + rng.normal(0.0, 1.0, n)).round(6)
    y = (10.0 + shift + rng.gamma(2.0, 1.0, n)).round(6)
    group = rng.choice(["low", "middle", "high"], n, p=[0.5, 0.3, 0.2]).astype(object)
    flag = (rng.random(n) < 0.2 + 0.05 * psu).astype(float)
    x[rng.random(n) < 0.10] = np.nan
    group[rng.random(n) < 0.07] = None
    flag[rng.random(n) < 0.05] = np.nan
    z = rng.poisson(3.0, n) + 1
    columns = {"stratum": stratum, "psu": psu, "weight": weight, "age": age, "x": x, "y": y, "z": z}
    data = pd.DataFrame({**columns, "group": group, "flag": flag})
    return data.sample(frac=1.0, random_state=SEED).reset_index(drop=True)


if __name__ == "__main__":
    survey().to_csv(Path(__file__).parent / "data.csv", index=False, na_rep="NA")
