"""A result made by hand: every table that a page reads, with the documented columns and made-up numbers."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cofactor.models import InteractionTable
from cofactor.models.fit import Counts
from cofactor.study import ModelResult, Study, StudyResult, find_study_file, load_study
from cofactor.study.headline import headline
from cofactor.study.methods import methods
from cofactor.study.modelling import with_ratios
from cofactor.study.parts import ErrorDial, Model

RANDOM = np.random.default_rng(20011231)
LEVELS = {
    "reference(vitd_status, 'sufficient')": ["vitd_status[deficient]", "vitd_status[insufficient]"],
    "magnesium_quarter": [f"magnesium_quarter[{x} quarter]" for x in ("second", "third", "highest")],
    "vitd_capped_per_25:magnesium_adjusted_quarter": [
        f"vitd_capped_per_25:magnesium_adjusted_quarter[{x} quarter]" for x in ("second", "third", "highest")
    ],
    "rcs(vitd_25oh_nmol_l, knots=vitd_knots)": [f"rcs(vitd_25oh_nmol_l, knots=vitd_knots)[{i}]" for i in (1, 2, 3)],
}
PAIRS = {
    ("vitd_status", "magnesium_quarter"): (
        ("sufficient", "deficient", "insufficient"),
        ("highest quarter", "lowest quarter", "second quarter", "third quarter"),
    )
}


@dataclass(frozen=True)
class StubFit:
    """The part of a Fit that a page reads."""

    counts: Counts
    df: float = 131.0
    ties: str = "efron"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class StubCurve:
    """The part of a Curve that a page reads."""

    frame: pd.DataFrame
    by: tuple[str, ...]

    def table(self) -> pd.DataFrame:
        return self.frame


def log_ratios(terms: list[str], size: float = 0.08) -> pd.DataFrame:
    estimate = RANDOM.normal(0, size, len(terms))
    se = RANDOM.uniform(0.7, 1.3, len(terms)) * size
    table = pd.DataFrame(
        {
            "term": terms,
            "estimate": estimate,
            "se": se,
            "low": estimate - 1.98 * se,
            "high": estimate + 1.98 * se,
            "p": RANDOM.uniform(0, 1, len(terms)),
            "df": 131.0,
        }
    )
    return with_ratios(table)


def interaction(exposure: str, modifier: str) -> tuple[InteractionTable, pd.DataFrame]:
    xs, ys = PAIRS.get((exposure, modifier), ((False, True), (False, True)))
    numbers = ["estimate", "se", "low", "high", "p", "df"]

    def ratios(pairs: list[tuple[Any, Any]]) -> pd.DataFrame:
        table = log_ratios([f"{x}, {y}" for x, y in pairs], 0.2)
        table["estimate"], table["low"], table["high"] = (
            table["hazard_ratio"], table["ratio_low"], table["ratio_high"],
        )  # fmt: skip
        labels = pd.DataFrame({"exposure": [x for x, _ in pairs], "modifier": [y for _, y in pairs]})
        return pd.concat([labels, table[["term", *numbers]]], axis=1)

    cells = ratios([(x, y) for x in xs for y in ys]).drop(columns="term")
    cells.insert(2, "n", RANDOM.integers(500, 9000, len(cells)))
    cells.insert(3, "events", RANDOM.integers(50, 400, len(cells)))
    cells.insert(4, "weighted_share", 1 / len(cells))
    cells.loc[0, numbers] = [1.0, 0.0, np.nan, np.nan, np.nan, np.nan]
    measures = pd.concat(
        [ratios([(x, y)] * 4).assign(term=["RERI", "AP", "S", "multiplicative"]) for x in xs[1:] for y in ys[1:]],
        ignore_index=True,
    )
    made = InteractionTable(
        exposure,
        modifier,
        cells,
        ratios([(x, y) for y in ys for x in xs[1:]]),
        ratios([(x, y) for x in xs for y in ys[1:]]),
        measures,
        ("age_years", "sex"),
        (f"reference cell: {exposure} = {xs[0]}, {modifier} = {ys[0]}",),
    )
    return made, measures


def model_result(study: Study, model: Model) -> ModelResult:
    terms = [column for term in model.coefficients or model.terms for column in LEVELS.get(term, [term])]
    hazard_ratios = log_ratios(terms)
    additive = table = curve = hazards = diagnostics = None
    if model.additive:
        table, additive = interaction(*model.additive)
    if model.curve:
        value = np.linspace(17, 130, model.curve.points)
        parts = []
        for level in ("False", "True") if model.curve.modifier else ("",):
            part = pd.DataFrame({"value": value, "estimate": 0.6 * np.exp(-(value - 17) / 25) - 0.6 * np.exp(-58 / 25)})
            part["se"] = 0.02 + np.abs(value - 75) / 400
            part["low"], part["high"] = part["estimate"] - 2 * part["se"], part["estimate"] + 2 * part["se"]
            part["p"], part["df"] = 0.5, 131.0
            if model.curve.modifier:
                part.insert(0, model.curve.modifier, level)
            parts.append(with_ratios(part))
        curve = pd.concat(parts, ignore_index=True)
    if model.proportional_hazards:
        hazards = pd.DataFrame({"term": [*model.coefficients, "global"], "f": 1.2, "df1": 1.0, "df2": 131.0, "p": 0.3})
        hazards = hazards.astype({"term": str})
        diagnostics = pd.DataFrame(
            {
                "term": terms, "se": 0.05, "naive_se": 0.04, "design_effect": 1.56, "n_effective": 20_000.0,
                "events": 4_000.0, "events_effective": 2_560.0,
            }
        )  # fmt: skip
    dial = None if model.error_dial is None else error_dial(model.error_dial)
    course = over_time(terms) if model.proportional_hazards else None
    counts = Counts(34_000, 31_234, {"education": 30}, 0.07, 4_321, 500)
    comparisons = log_ratios([item.label for item in model.comparisons]) if model.comparisons else pd.DataFrame()
    tests = pd.DataFrame(
        [
            {"label": t.label, "terms": ", ".join(t.terms), "f": 1.7, "df1": 1.0, "df2": 131.0, "p": 0.19}
            for t in model.tests
        ]
    )
    return ModelResult(
        model, study.formula(model), StubFit(counts), hazard_ratios, comparisons,
        tests, additive, table, curve, hazards, diagnostics, error_dial=dial, over_time=course,
    )  # fmt: skip


def error_dial(asked: ErrorDial) -> pd.DataFrame:
    """The dial of an estimate of 0.07, at a measured reliability of 0.5 of it and of 0.6 of another intake."""
    given = np.linspace(0.3, 1.0, 15)
    dial = pd.DataFrame({"quantity": "assumed", "term": asked.term, "reliability": given, "estimate": 0.07 / given})
    others = pd.DataFrame(
        [
            {"quantity": quantity, "term": term, "reliability": at, "estimate": estimate}
            for term, told, reliability in ((asked.term, 0.07, 0.5), ("energy_per_1000", 0.03, 0.6))
            for quantity, at, estimate in (
                ("as told", 1.0, told),
                ("measured reliability", reliability, reliability),
                ("corrected for all intakes", reliability, told / reliability),
            )
        ]
    )
    table = pd.concat([dial, others], ignore_index=True)
    table["se"] = 0.02 / table["reliability"]
    table["low"], table["high"] = table["estimate"] - 2 * table["se"], table["estimate"] + 2 * table["se"]
    return table.assign(p=0.1, df=131.0, people_with_two=20_000, share_with_two=0.8)


@dataclass(frozen=True)
class StubOverTime:
    """The part of an OverTime that a page reads."""

    residuals: pd.DataFrame
    frame: pd.DataFrame

    def table(self) -> pd.DataFrame:
        return self.frame


def over_time(terms: list[str]) -> StubOverTime:
    time = np.linspace(3, 200, 61)
    smooth = pd.concat([
        pd.DataFrame({"time": time, "term": term, "estimate": 0.1, "se": 0.05, "low": 0.0, "high": 0.2, "df": 131.0})
        for term in terms
    ])  # fmt: skip
    residuals = pd.concat([
        pd.DataFrame({"term": term, "time": time, "residual": RANDOM.normal(0, 2, len(time)), "weight": 1.0})
        for term in terms
    ])  # fmt: skip
    return StubOverTime(residuals, smooth)


def characteristics(study: Study) -> pd.DataFrame:
    rows = []
    levels = {"sex": ("male", "female"), "smoking": ("never", "former", "current"), "cvd_history": ("False", "True")}
    groups = ["all", "both high", "only magnesium low", "only 25(OH)D low", "both low"]
    for name in study.characteristics:
        for level in levels.get(name, ("",)):
            for group in groups:
                rows.append(
                    {
                        "variable": name, "level": level, "group": group,
                        "statistic": "mean" if level == "" else "proportion",
                        "estimate": 50.123 if level == "" else 1 / len(levels[name]), "se": 0.43, "low": 0.1,
                        "high": 0.9, "people": 8_000 if group != "all" else 32_000, "missing": 12 * (name != "sex"),
                    }
                )  # fmt: skip
    return pd.DataFrame(rows)


def survival_curves(study: Study) -> StubCurve:
    time = np.arange(1.0, 219.0)
    parts = []
    for number, group in enumerate(("both high", "only magnesium low", "only 25(OH)D low", "both low")):
        survival = np.exp(-0.0007 * (1 + 0.35 * number) * time)
        parts.append(
            pd.DataFrame(
                {
                    study.groups: group,
                    "time": time,
                    "at_risk": np.linspace(9000 - 2000 * number, 60, len(time)),
                    "survival": survival,
                    "se": 0.004,
                    "low": survival - 0.01,
                    "high": survival + 0.008,
                }
            )
        )
    return StubCurve(pd.concat(parts, ignore_index=True), (study.groups,))


def followed() -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"cycle": cycle, "years": years, "people": max(4_500 - 400 * years, 0), "deaths": max(900 - 60 * years, 0)}
            for cycle in ("2001-2002", "2017-2018")
            for years in (0, 5, 10, 15)
        ]
    )


def made_up(study: Study, status: str = "bytes") -> StudyResult:
    """Return a result of the study with made-up numbers, its variants with it."""
    steps = ["everyone in the files of these cycles", *(s.words for s in study.population), "positive weight"]
    flow = pd.DataFrame(
        {
            "step": steps, "condition": ["", *(s.condition for s in study.population), ""],
            "people": np.linspace(91_000, 34_000, len(steps)).astype(int),
            "weighted": np.linspace(3.0e8, 2.1e8, len(steps)),
            "deaths": np.linspace(9_000, 4_900, len(steps)).astype(int), "left_false": 1_000, "left_unknown": 12,
        }
    )  # fmt: skip
    missing = pd.DataFrame(
        {
            "variable": [*study.complete_on, "any of these"], "people": 120, "percent": 0.4,
            "weighted_percent": 0.03, "deaths": 20,
        }
    )  # fmt: skip
    cuts = pd.DataFrame(
        [
            {"cut": cut.name, "of": cut.of, "level": "", "prob": prob, "value": 20.0 + 100 * prob}
            for cut in study.cuts
            for prob in cut.probs
        ]
    )
    used = [
        {"file": f"DEMO_{letter}.xpt", "sha256": "ab" * 32, "status": status, "published": "2005-09", "note": ""}
        for letter in "BCD"
    ]
    made = {
        "cofactor": "0.1.0", "revision": "c0ffee" * 6, "python": "3.11.2", "platform": "Linux x86_64",
        "libraries": {"numpy": "2.4.6"}, "started": "2026-01-01T00:00:00+00:00",
        "finished": "2026-01-01T00:00:12+00:00",
    }  # fmt: skip
    partial = StudyResult(
        study=study, flow=flow, cut_points=cuts, characteristics=characteristics(study), curves=survival_curves(study),
        at_risk_by_cycle=followed(),
        counted=pd.DataFrame({"words": ["people counted"], "condition": ["died"], "people": [8]}),
        models={model.name: model_result(study, model) for model in study.models}, headline={}, methods=(),
        provenance={
            "study": {"name": study.name, "hash": study.hash}, "wasGeneratedBy": made, "used": used,
            "options": {"data": "a folder of NHANES files"},
        },
        weight_reason="weight_diet_day1: the smallest subsample used is people with a first dietary recall"
        " (magnesium_below_ear); 9 two-year cycles pooled: each weight / 9", missing=missing,
        variants={variant.name: made_up(variant, status) for variant in study.variants},
    )  # fmt: skip
    return dataclasses.replace(partial, headline=headline(partial), methods=methods(partial))


@pytest.fixture(scope="session")
def study() -> Study:
    return load_study(find_study_file("mg_vitd_mortality"))


@pytest.fixture(scope="session")
def result(study: Study) -> StudyResult:
    """The main study with made-up numbers; its input files count as verified."""
    return made_up(study)


@pytest.fixture(scope="session")
def make_result() -> Callable[..., StudyResult]:
    """Make results of other studies, or of input files with another status."""
    return made_up
