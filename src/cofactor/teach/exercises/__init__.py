"""The exercises of each notebook: a module a notebook, in which `EXERCISES` lists them in order."""

from __future__ import annotations

from cofactor.teach.exercise import Exercise
from cofactor.teach.exercises import (
    cohort,
    confounding,
    dose,
    files,
    first_look,
    interaction,
    main_question,
    missing,
    replication,
    survival,
    weights,
)

EXERCISES: dict[str, Exercise] = {
    exercise.name: exercise
    for notebook in (
        first_look,  # 00
        files,  # 01
        weights,  # 02
        cohort,  # 03
        survival,  # 04
        interaction,  # 05
        dose,  # 06
        missing,  # 07
        confounding,  # 08
        replication,  # 09
        main_question,  # 10
    )
    for exercise in notebook.EXERCISES
}
"""Every exercise by its name."""

__all__ = ["EXERCISES"]
