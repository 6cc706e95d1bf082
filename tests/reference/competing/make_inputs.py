"""Write data.csv: 900 people of 15 strata and three cycles that end at different times. Run: python make_inputs.py"""

from pathlib import Path

import numpy as np
import pandas as pd

rng = np.random.default_rng(20261)
n = 900
strata = np.repeat(np.arange(15), n // 15)
cycle = strata // 5
psu = 1 + rng.integers(0, np.where(strata % 5 == 0, 3, 2))
cluster = rng.normal(0.0, 0.3, (15, 4))[strata, psu]
data = pd.DataFrame({
    "strata": strata,
    "psu": psu,
    "weight": np.round(np.exp(rng.normal(8.0, 0.7, n)), 3),
    "cycle": np.array(["1999-2000", "2001-2002", "2003-2004"])[cycle],
    "age": np.round(rng.uniform(20.0, 85.0, n), 1),
    "x": np.round(rng.normal(50.0, 12.0, n), 2),
    "flag": (rng.random(n) < 0.4).astype(int),
    "group": rng.choice(["low", "middle", "high"], n, p=[0.3, 0.5, 0.2]),
    "domain": (rng.random(n) < 0.7).astype(int),
})  # fmt: skip
eta = {
    "heart": 0.06 * (data["age"] - 50) + 0.02 * (data["x"] - 50) + 0.4 * data["flag"],
    "cancer": 0.04 * (data["age"] - 50) - 0.01 * (data["x"] - 50),
    "other": 0.03 * (data["age"] - 50) + 0.3 * (data["group"] == "high"),
}
rates = {"heart": 0.004, "cancer": 0.004, "other": 0.002}
deaths = np.stack([rng.exponential(1.0, n) / (rates[cause] * np.exp(eta[cause] + cluster)) for cause in eta])
censored = np.where(rng.random(n) < 0.2, rng.uniform(3.0, 70.0, n), 96.0 - 24.0 * cycle + rng.uniform(-12.0, 0.0, n))
first = deaths.min(axis=0)
data["died"] = (first <= censored).astype(int)
data["cause"] = np.where(data["died"] == 1, np.array(list(eta))[deaths.argmin(axis=0)], "")
data["time"] = np.round(np.minimum(first, censored), 6)  # untied, no whole months
data["months"] = np.maximum(np.ceil(data["time"]), 1.0).astype(int)
data["late"] = np.minimum(rng.integers(0, 30, n), data["months"] - 1)  # months before people came under observation
data.loc[(data["strata"] == 7) & (data["psu"] == 2), "domain"] = 0  # a PSU without members of the domain
data.to_csv(Path(__file__).parent / "data.csv", index=False)
