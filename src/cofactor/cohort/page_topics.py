"""Which topic a variable belongs to, for the index of its documentation."""

from __future__ import annotations

import pkgutil
import tomllib
from functools import cache

from cofactor.cohort import derived as derived_package
from cofactor.cohort.catalogue_files import FOLDER, NO_VARIABLES
from cofactor.cohort.derive import Derived
from cofactor.cohort.registry import declared_in, variables

TOPICS: dict[str, tuple[str, ...]] = {
    "Design and weights": ("design",),
    "People and households": ("demographics", "household", "women"),
    "Diet": ("diet", "diet_macronutrients", "diet_trace_elements", "diet_vitamins", "recalls"),
    "Diet: requirements, density and ratios": ("diet_adequacy", "diet_density", "diet_ratios", "requirements"),
    "Supplements and antacids": ("supplements", "upper_levels"),
    "Vitamin D": ("vitamin_d",),
    "Smoking, alcohol and activity": ("smoking", "alcohol", "activity"),
    "Body": ("body",),
    "Blood pressure": ("blood_pressure", "hypertension"),
    "Blood and urine": ("examination", "laboratory"),
    "Kidney": ("kidney", "depletion"),
    "Glucose, diabetes and the metabolic syndrome": ("glycaemia", "metabolic_syndrome"),
    "Bone and aorta": ("bone", "fractures", "aorta"),
    "Muscle and cognition": ("function", "grip", "cognition"),
    "Mood, sleep and infections": ("depression", "sleep", "infection"),
    "Diagnoses and general health": ("conditions", "questionnaires", "health", "cancers"),
    "Medicines": ("medicines",),
    "Mortality": ("mortality",),
}
"""Topic -> names of the catalogue's files and of the modules of rules, without ending; topics as in the index."""

OTHER = "Others"


def by_topic() -> dict[str, tuple[str, ...]]:
    """Return the names of the variables by topic, measured ones first; a topic without variables is left out.

    >>> "died" in by_topic()["Mortality"]
    True
    """
    found: dict[str, tuple[str, ...]] = {}
    topic_of = {stem: topic for topic, stems in TOPICS.items() for stem in stems}
    for name in variables():
        topic = topic_of.get(_stem(name), OTHER)
        found[topic] = (*found.get(topic, ()), name)
    return {topic: found[topic] for topic in (*TOPICS, OTHER) if topic in found}


def _stem(name: str) -> str:
    """The file of the catalogue, or the module of rules, that states a variable."""
    return _derived_stems()[name] if isinstance(variables()[name], Derived) else _measured_stems()[name]


@cache
def _measured_stems() -> dict[str, str]:
    files = [path for path in FOLDER.glob("*.toml") if path.name not in NO_VARIABLES]
    return {name: path.stem for path in files for name in tomllib.loads(path.read_text(encoding="utf-8"))}


@cache
def _derived_stems() -> dict[str, str]:
    """The module that declares each rule; a module that takes one from another comes second."""
    found: dict[str, str] = {}
    for module in pkgutil.iter_modules(derived_package.__path__):
        for made in declared_in(module.name):
            if made.function.__module__.endswith(f".{module.name}"):
                found[made.name] = module.name
            else:
                found.setdefault(made.name, module.name)
    return found
