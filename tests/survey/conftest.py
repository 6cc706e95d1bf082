"""What the tests of surveys share: the reference surveys, and R's answers about them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cofactor.survey import SurveyDesign

REFERENCE = Path(__file__).parents[1] / "reference" / "survey"
POLICIES = {"fail": "error", "adjust": "adjust", "average": "average", "certainty": "certainty"}
DOMAINS = {"everyone": None, "older": "age >= 40", "larger": "enroll > 300"}


@pytest.fixture(scope="session")
def synthetic() -> pd.DataFrame:
    """The synthetic survey of tests/reference/survey/make_data.py."""
    data = pd.read_csv(REFERENCE / "data.csv")
    data["group"] = pd.Categorical(data["group"], categories=["low", "middle", "high"])
    data["flag"] = data["flag"].astype("boolean")
    return data


@pytest.fixture(scope="session")
def make_design(synthetic: pd.DataFrame) -> Callable[[str], SurveyDesign]:
    """A function that makes the design of a case "data/policy/domain" of expected.csv."""

    def make(case: str) -> SurveyDesign:
        name, policy, domain = case.split("/")
        if name == "synthetic":
            data = synthetic[synthetic["stratum"] != 9] if policy == "fail" else synthetic
            return SurveyDesign(
                data, weight="weight", strata="stratum", domain=DOMAINS[domain], lonely_psu=POLICIES[policy]
            )
        api = pd.read_csv(REFERENCE / f"{name}.csv", dtype={"cds": str})
        api["stype"] = pd.Categorical(api["stype"], categories=["E", "H", "M"])
        api["improved"] = api["comp.imp"] == "Yes"
        strata, psu = ("stype", None) if name == "apistrat" else (None, "dnum")
        return SurveyDesign(api, weight="pw", strata=strata, psu=psu, domain=DOMAINS[domain])

    return make


@pytest.fixture(scope="session")
def expected() -> Callable[[str, str], np.ndarray]:
    """A function that gives R's values of a case and an item."""
    table = pd.read_csv(REFERENCE / "expected.csv", dtype={"value": float})
    found = {key: part["value"].to_numpy() for key, part in table.groupby(["case", "item"], sort=False)}
    return lambda case, item: found[case, item]
