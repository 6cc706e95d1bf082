"""The exercises of each notebook: a module a notebook, in which `EXERCISES` lists them in order."""

from __future__ import annotations

from cofactor.teach.exercise import Exercise
from cofactor.teach.exercises import first_look, replication

EXERCISES: dict[str, Exercise] = {
    exercise.name: exercise
    for notebook in (first_look, replication)
    for exercise in notebook.EXERCISES
}  # fmt: skip
"""Every exercise by its name."""

__all__ = ["EXERCISES"]
