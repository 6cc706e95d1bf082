"""E-values of a study's ratios and of its steps of adjustment."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from cofactor.models import e_value
from cofactor.study.confounding import e_values


def item(name: str, group: str, ratios: dict[str, tuple[float, float, float]], share: float = 0.1, people: int = 100):
    """A model's result as far as E-values read it: people, of whom a share had the event."""
    table = pd.DataFrame(
        [(term, *values) for term, values in ratios.items()],
        columns=["term", "hazard_ratio", "ratio_low", "ratio_high"],
    )
    data = pd.DataFrame({"event": np.arange(people) < share * people})
    design = SimpleNamespace(data=data, weights=np.ones(people))
    fit = SimpleNamespace(
        design=design, used_rows=np.ones(people, dtype=bool), extra={"roles": SimpleNamespace(event="event")}
    )
    model = SimpleNamespace(name=name, group=group)
    return SimpleNamespace(model=model, hazard_ratios=table, fit=fit, people=people, events=int(share * people))


def results(share: float = 0.1) -> dict:
    made = [
        item("primary", "primary", {"d:mg": (1.2, 0.9, 1.6)}, share),
        item("both", "main effects", {"d": (0.8, 0.7, 0.9), "mg": (0.9, 0.8, 1.05)}, share),
        item("crude", "trust", {"d": (0.5, 0.4, 0.6), "mg": (0.6, 0.5, 0.7)}, share),
        item("smoking", "trust", {"d": (0.6, 0.5, 0.7), "mg": (0.75, 0.6, 0.9)}, share),
        item("healthy", "trust", {"d": (0.9, 0.5, 1.7), "mg": (0.95, 0.6, 1.9)}, share, people=50),
    ]
    return {one.model.name: one for one in made}


STUDY = SimpleNamespace(headline=SimpleNamespace(model="primary", term="d:mg"))


def test_rows_are_the_primary_ratio_the_exposures_and_the_steps_on_the_same_people():
    table = e_values(STUDY, results())
    assert list(zip(table["kind"], table["model"], table["term"], strict=True)) == [
        ("interaction", "primary", "d:mg"), ("association", "both", "d"), ("association", "both", "mg"),
        ("step", "smoking", "d"), ("step", "smoking", "mg"),
    ]  # fmt: skip


def test_values_are_those_of_the_ratios():
    table = e_values(STUDY, results()).set_index(["kind", "term"])
    made = e_value(0.8, 0.7, 0.9)
    assert table.loc[("association", "d"), ["e_value", "e_value_limit"]].tolist() == [made.estimate, made.limit]
    assert table.loc[("association", "mg"), "e_value_limit"] == 1.0
    assert table.loc[("step", "d"), "ratio"] == pytest.approx(0.5 / 0.6)
    assert table.loc[("step", "d"), "e_value"] == pytest.approx(e_value(0.6 / 0.5).estimate)


def test_a_common_event_takes_the_approximation_of_the_risk_ratio():
    rare, common = (e_values(STUDY, results(share))["e_value"][1] for share in (0.1, 0.4))
    assert common == pytest.approx(e_value(0.8, measure="hazard ratio", common=True).estimate)
    assert common < rare


def test_a_study_without_steps_has_none():
    assert e_values(STUDY, {"primary": results()["primary"]}).empty
