"""Write data.csv: 1,200 people of 20 strata in whole months, so that ties are heavy. Run: python make_inputs.py"""

from pathlib import Path

import numpy as np
import pandas as pd

rng = np.random.default_rng(20260)
n = 1200
strata = np.repeat(np.arange(20), n // 20)
psu = 1 + rng.integers(0, np.where(strata % 5 == 0, 3, 2))
cluster = rng.normal(0.0, 0.3, (20, 4))[strata, psu]
data = pd.DataFrame({
    "strata": strata,
    "psu": psu,
    "weight": np.round(np.exp(rng.normal(8.0, 0.7, n)), 3),
    "age": np.round(rng.uniform(20.0, 85.0, n), 1),
    "x": np.round(rng.normal(50.0, 12.0, n), 2),
    "flag": (rng.random(n) < 0.4).astype(int),
    "group": rng.choice(["low", "middle", "high"], n, p=[0.3, 0.5, 0.2]),
    "site": rng.choice(["north", "east", "south"], n),
    "domain": (rng.random(n) < 0.7).astype(int),
})  # fmt: skip
eta = 0.05 * (data["age"] - 50) + 0.02 * (data["x"] - 50) + 0.5 * data["flag"] - 0.3 * (data["group"] == "high")
death = rng.exponential(1.0, n) / (0.006 * np.exp(eta + cluster))
censored = rng.integers(6, 97, n)
data["died"] = (death <= censored).astype(int)
data["time"] = np.round(np.minimum(death, censored), 9)  # untied, no whole months
data["months"] = np.maximum(np.ceil(data["time"]), 1.0).astype(int)
data["period"] = (data["months"] + 11) // 12  # eight of them, with up to 155 deaths
data["entry"] = np.floor(12 * data["age"]).astype(int)  # age in months
data["exit"] = data["entry"] + data["months"]
data["late"] = np.minimum(rng.integers(0, 40, n), data["months"] - 1)  # months before people came under observation
data["weight_some"] = np.where(rng.random(n) < 0.3, 0.0, data["weight"])
data["psu_lonely"] = np.where(data["strata"].isin([3, 11]), 1, data["psu"])
data.loc[(data["strata"] == 7) & (data["psu"] == 2), "domain"] = 0  # a PSU without members of the domain
data.loc[data["strata"] == 9, "domain"] = 0  # a stratum without
data.to_csv(Path(__file__).parent / "data.csv", index=False)
