"""`cofactor teach`: exercises for a class, their key, and the grades."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cofactor.errors import FileError
from cofactor.terminal import say, table_text, tell

teach = typer.Typer(no_args_is_help=True, help="Exercises for a class: seeds and key, grades, notebooks.")

SEEDS, KEY = "seeds.csv", "answer_key.csv"


@teach.command("list")
def list_exercises() -> None:
    """List the exercises, and what an answer to each holds."""
    from cofactor.teach.exercise_set import exercise_list

    say(table_text(exercise_list()))


@teach.command("new")
def new_set(
    students: Annotated[Path, typer.Option("--students", help="Roster: a CSV file with a column name.")],
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the set: another one gives everybody other data.")] = 1,
    exercises: Annotated[
        str | None, typer.Option("--exercises", help="Notebooks or exercises with commas (02,05.2); by default all.")
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder of the two files.")] = Path("exercises"),
) -> None:
    """Give each student of a roster a seed, and write the key: seeds.csv to hand out, answer_key.csv to keep."""
    from cofactor.teach.exercise_set import answer_key, chosen_exercises, seed_sheet, write_class_table
    from cofactor.teach.roster import read_roster, with_seeds

    named = None if exercises is None else [name.strip() for name in exercises.split(",") if name.strip()]
    if named == []:
        raise typer.BadParameter("--exercises names none; give them with commas, as 02,05.2")
    chosen = chosen_exercises(named)
    people = with_seeds(read_roster(students), seed)
    there = [name for name in (SEEDS, KEY) if (output / name).exists()]
    if there:
        raise FileError(f"{output} holds {' and '.join(there)} already, maybe handed out; give another --output")
    tell(f"{len(people)} students, {len(chosen)} exercises")
    key = answer_key(people, chosen)
    write_class_table(seed_sheet(people), output / SEEDS)
    write_class_table(key, output / KEY)
    say(f"to hand out: {output / SEEDS}")
    say(f"to keep:     {output / KEY}")


@teach.command("grade")
def grade_answers(
    answers: Annotated[
        list[Path], typer.Argument(help="CSV files (exercise,answer,se), each called by a name or seed; or folders.")
    ],
    seeds: Annotated[Path, typer.Option("--seeds", help="What teach new wrote.")] = Path("exercises") / SEEDS,
    output: Annotated[Path, typer.Option("--output", "-o", help="The grades.")] = Path("grades.csv"),
) -> None:
    """Grade answers: per student and exercise right, or the kind of mistake; what cannot be read is told."""
    from cofactor.teach.exercise_set import write_class_table
    from cofactor.teach.grading import grade
    from cofactor.teach.roster import read_seeds

    done = grade(answers, read_seeds(seeds))
    write_class_table(done.table, output)
    say(table_text(done.summary))
    for problem in done.problems:
        tell(problem)
    if done.problems:
        tell(f"{len(done.problems)} lines or files to look at; they count only where it says so")
    say(f"grades: {output}")


@teach.command("notebooks")
def notebooks(
    folder: Annotated[Path, typer.Argument(help="Where to; made if it is not there.")] = Path("notebooks"),
    solutions: Annotated[
        bool, typer.Option("--solutions", help="The solutions too, in a folder of their own.")
    ] = False,
) -> None:
    """Copy the notebooks as .ipynb into a folder."""
    from cofactor.teach.notebooks import copy_notebooks

    files = copy_notebooks(folder, solutions=solutions)
    say(f"{len(files)} notebooks in {folder.absolute()}: jupyter lab {folder}")
