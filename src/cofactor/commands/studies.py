"""`cofactor run`, `cofactor demo`, and a study's own script."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from cofactor.commands.options import Data, Imputations, ImputationSeed, Output, Variants
from cofactor.terminal import CHECK_FAILED, finish, say, table_text, tell

if TYPE_CHECKING:
    from cofactor.report import ReportFiles
    from cofactor.study import StudyResult


def run(
    study: Annotated[str, typer.Argument(metavar="NAME|PATH", help="A study that ships, or a file that binds STUDY.")],
    data: Data = None,
    output: Output = None,
    variants: Variants = True,
    imputations: Imputations = None,
    seed: ImputationSeed = None,
) -> None:
    """Run a study on the data folder and write its report."""
    if seed is not None and imputations is None:
        raise typer.BadParameter("--seed is that of the imputations; give --imputations 20 too")
    from cofactor.study import load_study

    asked = load_study(study)
    tell(f"study {asked.name}, hash {asked.hash[:12]}")
    from joblib import parallel_config

    from cofactor.report import check_report_folder, write_report
    from cofactor.study import run_study

    folder = output or Path("output") / asked.name
    check_report_folder(folder)
    with parallel_config(n_jobs=-1):  # the chains of imputations may have every core
        result = run_study(asked, data=data, variants=variants, imputations=imputations, seed=seed)
    _say_report(result, write_report(result, folder))


def demo(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder of the report.")] = Path("output/demo"),
    people: Annotated[
        int | None, typer.Option("--people", help="People in each cycle; below 1,000 some models lack deaths.")
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Seed of the synthetic files.")] = None,
    imputations: Imputations = None,
) -> None:
    """Run the main study on synthetic files whose truth is known, and set the results beside it. Needs no data."""
    from joblib import parallel_config

    from cofactor.demo import agrees, run_demo

    tell("synthetic files, and the main study on them: about half a minute")
    if imputations is not None:
        tell(f"then {imputations} imputations, some seconds each")
    with parallel_config(n_jobs=-1):  # the chains of imputations may have every core
        done = run_demo(output, people=people, seed=seed, imputations=imputations)
    _say_report(done.result, done.files)
    say()
    say("the main model's log hazard ratios beside the truth that was planted:")
    say(table_text(done.shown()))
    if not agrees(done.parameters):
        say("an estimate lies more than 4 standard errors from the truth: something is wrong")
        raise typer.Exit(CHECK_FAILED)


def _say_report(result: StudyResult, files: ReportFiles) -> None:
    """Say the answer as the report's first screen does, and where the report is."""
    if any(one["status"] == "synthetic" for one in result.provenance["used"]):
        say("SYNTHETIC DATA: nothing below says anything about people")
    say(result.study.question)
    for sentence in result.headline["answer"]:
        say(f"  {sentence}")
    say(f"report: {files.html.absolute()}")


def run_study_script(path: str) -> NoReturn:
    """Run the study of a script file with the options of `cofactor run`; for its ``if __name__ == "__main__"``."""
    script = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

    @script.command(help=f"Run the study of {Path(path).name} on the data folder and write its report.")
    def _script(
        data: Data = None,
        output: Output = None,
        variants: Variants = True,
        imputations: Imputations = None,
        seed: ImputationSeed = None,
    ) -> None:
        run(path, data, output, variants, imputations, seed)

    finish(script, f"python {sys.argv[0]}")
