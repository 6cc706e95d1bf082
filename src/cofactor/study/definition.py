"""A question as frozen data, complete: its hash names the analysis.

A study holds no function and runs nothing: `run_study` reads it. Everything that could move a number stands in it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pandas as pd

from cofactor.display import facts_html, table_html
from cofactor.errors import StudyError
from cofactor.study.parts import Adjustment, Column, Cut, Headline, Incidence, MissingData, Model, Outcome, Step

Part = TypeVar("Part")


@dataclass(frozen=True)
class Study:
    """A question, complete: what is asked, of whom, how, and what would count for and against."""

    name: str
    title: str
    question: str
    cycles: str
    population: tuple[Step, ...]
    columns: tuple[Column, ...]
    cuts: tuple[Cut, ...]
    outcomes: tuple[Outcome, ...]
    adjustments: tuple[Adjustment, ...]
    models: tuple[Model, ...]
    complete_on: tuple[str, ...]
    characteristics: tuple[str, ...]
    groups: str
    headline: Headline
    supports: str
    contradicts: str
    counted: tuple[Step, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    limits: tuple[str, ...] = ()
    incidence: Incidence | None = None
    missing_data: MissingData | None = None
    variants: tuple[Study, ...] = field(default=())

    def __post_init__(self) -> None:
        for what, items in (
            ("column", self.columns),
            ("cut", self.cuts),
            ("outcome", self.outcomes),
            ("adjustment", self.adjustments),
            ("model", self.models),
            ("variant", self.variants),
        ):
            names = [item.name for item in items]
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise StudyError(f"study {self.name!r}: {what} named twice: {', '.join(twice)}")
        for model in self.models:
            self._check(model)
        asked, there = self.headline, [model.name for model in self.models]
        for wanted in (asked.model, asked.additive_model, asked.picture_model, *asked.companions):
            if wanted not in there:
                raise StudyError(
                    f"study {self.name!r}: its headline names the model {wanted!r}; there are: {', '.join(there)}"
                )

    def _check(self, model: Model) -> None:
        for what, wanted, items in (
            ("adjustment", model.adjustment, self.adjustments),
            ("outcome", model.outcome, self.outcomes),
        ):
            names = [item.name for item in items]
            if wanted not in names:
                raise StudyError(
                    f"study {self.name!r}, model {model.name!r}: no {what} {wanted!r}; there are: {', '.join(names)}"
                )

    def outcome(self, name: str) -> Outcome:
        """Return the outcome of this name."""
        return next(item for item in self.outcomes if item.name == name)

    def adjustment(self, name: str) -> Adjustment:
        """Return the adjustment set of this name."""
        return next(item for item in self.adjustments if item.name == name)

    def model(self, name: str) -> Model:
        """Return the model of this name."""
        return next(item for item in self.models if item.name == name)

    def formula(self, model: Model) -> str:
        """Return the right-hand side of a model: its exposure terms and its adjustment set."""
        covariates = [covariate.term for covariate in self.adjustment(model.adjustment).covariates]
        return " + ".join([*model.terms, *covariates])

    def _repr_html_(self) -> str:
        asked = {
            "question": self.question,
            "cycles": self.cycles,
            "outcomes": "; ".join(outcome.label for outcome in self.outcomes),
            "would support": self.supports,
            "would contradict": self.contradicts,
            "hash": self.hash,
        }
        steps = pd.DataFrame({
            "population": [step.words for step in self.population],
            "condition": [step.condition for step in self.population],
        })  # fmt: skip
        models = pd.DataFrame({
            "model": [model.label for model in self.models],
            "formula": [self.formula(model) for model in self.models],
        })  # fmt: skip
        parts = [
            facts_html(asked, caption=f"Study: {self.title}"),
            table_html(steps, caption="Who is in"),
            table_html(models, caption="Models"),
        ]
        return "".join(parts)

    @property
    def hash(self) -> str:
        """SHA-256 of the study's canonical JSON: equal for equal studies, whatever the machine."""
        return hashlib.sha256(canonical_json(self).encode()).hexdigest()


def renamed_variables(part: Part, names: Mapping[str, str]) -> Part:
    """Return a study, or a part of one, with variables renamed wherever it mentions them.

    A name is renamed only where it stands as a whole word; the words of labels stay.
    """
    pattern = re.compile(r"\b(" + "|".join(map(re.escape, names)) + r")\b")

    def renamed(value: Any) -> Any:
        if isinstance(value, str):
            return pattern.sub(lambda match: names[match[0]], value)
        if isinstance(value, tuple):
            return tuple(renamed(item) for item in value)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            parts = {item.name: renamed(getattr(value, item.name)) for item in dataclasses.fields(value)}
            return type(value)(**parts)
        return value

    result: Part = renamed(part)
    return result


def canonical_json(study: Study) -> str:
    """Return the study as JSON with sorted keys and no spaces; each part names its kind."""
    return json.dumps(_plain(study), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = {item.name: _plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
        return {"kind": type(value).__name__, **parts}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise StudyError(f"a study holds text, numbers and flags, not {type(value).__name__}: {value!r}")
