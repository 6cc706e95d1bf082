"""Time and memory of the Cox fits against the number of people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

LOOKS = {  # colour-blind safe (Okabe & Ito), and a marker each
    "compiled": ("#0072B2", "o", "cofactor, compiled"),
    "numpy": ("#56B4E9", "s", "cofactor, numpy"),
    "svycoxph": ("#D55E00", "^", "R svycoxph"),
    "coxph": ("#E69F00", "v", "R coxph, no design"),
    "PHReg": ("#009E73", "D", "statsmodels PHReg, no weights"),
    "lifelines": ("#CC79A7", "P", "lifelines"),
}
GREY = "#666666"


def draw(found: pd.DataFrame, exponent: Callable[..., float], rows_a_second: float, path: Path) -> None:
    """Draw time (left) and memory above the data (right) of delayed entry, with exponents and the floor."""
    figure = Figure(figsize=(10.5, 4.8), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    _lines(left, found, exponent, "alone", LOOKS)
    sizes = np.array(sorted(found.xs("delayed", level="form").index.get_level_values("n").unique()), dtype=float)
    left.plot(sizes, sizes / rows_a_second, color=GREY, ls=":")
    left.annotate(
        "one reading of the columns\nat memory's speed", (sizes[-1], sizes[-1] / rows_a_second), (4, 0),
        textcoords="offset points", va="center", fontsize=8, color=GREY,
    )  # fmt: skip
    left.set(ylabel="CPU seconds, one thread", title="Fit and design-based covariance, delayed entry")
    _lines(right, found, exponent, "mib", {name: LOOKS[name] for name in ("compiled", "numpy")})
    right.set(ylabel="MiB above the data", title="Memory")
    for axes in (left, right):
        axes.set(xscale="log", yscale="log", xlabel="people")
        axes.set_xlim(sizes[0] * 0.8, sizes[-1] * 30)
        axes.set_xticks(sizes, [f"{n:,.0f}" for n in sizes], fontsize=8)
        axes.minorticks_off()
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
    path.parent.mkdir(exist_ok=True)
    figure.savefig(path, dpi=150)


def _lines(axes: Axes, found: pd.DataFrame, exponent: Callable[..., float], figure: str, looks: dict) -> None:
    ends = []
    for tool, (colour, marker, name) in looks.items():
        if (tool, "delayed") not in found.index.droplevel("n"):
            continue
        mine = found.loc[tool, "delayed"][figure].dropna()
        axes.plot(mine.index, mine, color=colour, marker=marker, ms=5)
        rises = exponent(found, tool, "delayed", figure)
        label = name if np.isnan(rises) else f"{name}, $n^{{{rises:.2f}}}$"
        ends.append((float(mine.index[-1]), float(mine.iloc[-1]), label, colour))
    for x, y, label, colour in ends:
        close = [other for at, other, *_ in ends if at == x and other != y and max(other, y) < 1.5 * min(other, y)]
        up = 0 if not close else 6 if y > close[0] else -6
        axes.annotate(label, (x, y), (6, up), textcoords="offset points", va="center", fontsize=8, color=colour)
