"""What a loaded frame says of itself: plain values, so that it can be saved, and quick to copy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from cofactor.cohort.availability import subsamples_of
from cofactor.cohort.reading import People
from cofactor.cohort.registry import variables
from cofactor.cohort.weights import APART, SUBSAMPLES, WeightChoice
from cofactor.loaders.store import InputFile


class Input(NamedTuple):
    """One file that was read. A tuple, since pandas writes attributes as JSON when a frame is saved."""

    file: str
    sha256: str
    status: str
    published: str
    note: str

    def __deepcopy__(self, memo: dict[int, Any]) -> Input:
        """Return itself: pandas copies attributes in nearly every operation, 2 ms each with a hundred plain records."""
        return self


def attributes(
    asked: dict[str, str], choice: WeightChoice | None, inputs: Sequence[InputFile], people: People
) -> dict[str, object]:
    """Return the attributes of a loaded frame: weight and why, inputs, and what is known of each name as asked."""
    found = {shown: variables()[name] for shown, name in asked.items()}
    return {
        "weight_name": choice.name if choice else None,
        "weight_reason": (choice.reason + _without_blood(people, choice, asked))
        if choice
        else "no weight was asked for",
        "weight_variables": choice.variables if choice else (),
        "inputs": tuple(Input(i.file, i.sha256, i.status, i.published, i.note) for i in inputs),
        "references": {shown: v.reference for shown, v in found.items() if v.reference},
        "labels": {shown: v.label for shown, v in found.items()},
        "units": {shown: v.unit for shown, v in found.items() if v.unit},
    }


def _without_blood(people: People, choice: WeightChoice, asked: dict[str, str]) -> str:
    """In 2021-2023, when blood meets a recall: the weighted share of people with a recall and no blood drawn."""
    uses_blood = any("phlebotomy" in subsamples_of(name, APART) for name in asked.values())
    if APART not in people.cycles or not uses_blood or choice.columns[APART] == SUBSAMPLES["phlebotomy"].weight:
        return ""
    rows = people.cycle == people.cycles.index(APART)
    weight = np.nan_to_num(people.columns[choice.columns[APART]].to_numpy()[rows])
    blood = np.nan_to_num(people.columns["weight_phlebotomy"].to_numpy()[rows])
    share = weight[blood <= 0].sum() / weight.sum()
    return f"; in {APART} {100 * share:.1f}% of it belongs to people whose blood was not drawn"
