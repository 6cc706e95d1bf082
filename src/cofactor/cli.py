"""The command line: thin. Each command calls what the package hands out, and says what came of it."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn, TypedDict

import typer

import cofactor
from cofactor.quality_command import quality
from cofactor.teach_command import teach
from cofactor.terminal import CHECK_FAILED, exit_code, say, table_text, tell, text_width

if TYPE_CHECKING:
    from cofactor.report import ReportFiles
    from cofactor.study import StudyResult

HOW = {"bytes": "CDC's own bytes", "content": "content", "accepted": "accepted by you"}
"""What the statuses of a verified file are called on the screen."""

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Data folder; by default what COFACTOR_DATA names, else the platform's cache folder."),
]
Cycles = Annotated[str | None, typer.Option("--cycles", help="A cycle (2005-2006), or a span of them (2001-2018).")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Folder of the report; by default output/NAME.")]
Variants = Annotated[bool, typer.Option("--variants/--no-variants", help="Run the study's second populations too.")]
Imputations = Annotated[
    int | None,
    typer.Option(
        "--imputations",
        metavar="M",
        help="Set imputed and weighted answers beside the complete cases: M imputations, 20 or more in a report.",
    ),
]
ImputationSeed = Annotated[
    int | None, typer.Option("--seed", help="Seed of the imputations; the study's own where none is given.")
]
AcceptChanged = Annotated[
    bool,
    typer.Option("--accept-changed", help="Take files that differ from the manifest; every report will say so."),
]


class LoadOptions(TypedDict):
    """What `load` is asked beside the names and the folder."""

    cycles: str
    weight: str | None
    absent: Literal["error", "missing"]
    pool_2021: bool


app = typer.Typer(
    name="cofactor",
    help="Magnesium, vitamin D and mortality on public NHANES data.",
    epilog="Start with `cofactor demo`: it needs no data. An error ends with 2, a check that failed with 1;"
    " --debug, anywhere, shows where an error arose.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        say(f"cofactor {cofactor.__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error; works anywhere.")] = False,
) -> None:
    """Magnesium, vitamin D and mortality on public NHANES data."""


@app.command()
def fetch(
    cycles: Cycles = None,
    data: Data = None,
    mirror: Annotated[
        str | None, typer.Option("--mirror", help="A folder or address laid out as CDC's; by default CDC itself.")
    ] = None,
    accept_changed: AcceptChanged = False,
    files: Annotated[
        str | None, typer.Option("--files", help="Only these of the files, with commas: DEMO_D.xpt,BMX_D.xpt.")
    ] = None,
) -> None:
    """Bring files of NHANES and its linked mortality into the data folder, verified; without --cycles all of them."""
    from cofactor.loaders import fetch as fetch_files
    from cofactor.loaders.folder_layout import default_root

    named = None if files is None else [name.strip() for name in files.split(",") if name.strip()]
    if named == []:
        raise typer.BadParameter("--files names no file; give them with commas, as DEMO_D.xpt,BMX_D.xpt")
    done = fetch_files(cycles, data=data, mirror=mirror, files=named, accept_changed=accept_changed)
    counts = Counter(HOW.get(one.status, one.status) for one in done)
    told = ", ".join(f"{count} {how}" for how, count in counts.items())
    say(f"{len(done)} files in {(data or default_root()).absolute()}: {told}")


@app.command()
def verify(
    data: Data = None,
    cycles: Cycles = None,
    accept_changed: AcceptChanged = False,
    codebook: Annotated[
        bool, typer.Option("--codebook", help="Hold the columns that the catalogue reads against CDC's counts instead.")
    ] = False,
) -> None:
    """Verify the files of the data folder, each anew; with --cycles, absent files of those cycles count as missing."""
    from cofactor.loaders import verify as verify_folder

    if codebook and accept_changed:
        raise typer.BadParameter("--codebook accepts nothing; give --accept-changed alone")
    if codebook:
        _verify_codebook(data, cycles)
        return
    found = verify_folder(data, cycles, accept_changed=accept_changed)
    if found.synthetic:
        say("SYNTHETIC DATA: made by cofactor, no file of CDC")
    if found.verifications:
        table = found.table().replace({"cycle": {"": "other"}})
        counts = table.groupby(["cycle", "status"]).size().unstack(fill_value=0).reset_index()
        say(table_text(counts))
    bad = [one for one in found.verifications if not one.is_good]
    for one in bad:
        say(f"{one.status}: {one.file}: {one.note}")
    if found.is_good:
        statuses = Counter(str(one.status) for one in found.verifications)
        say(f"{len(found.verifications)} files in {found.root}: {_none_is_wrong(statuses)}")
        return
    if bad:
        say(f"{len(bad)} of {len(found.verifications)} files in {found.root} are not right")
    else:
        say(f"{found.root} holds no file of NHANES; `cofactor fetch --data {found.root}` brings them")
    raise typer.Exit(CHECK_FAILED)


def _verify_codebook(data: Path | None, cycles: str | None) -> None:
    from cofactor.cohort import verify_codebook
    from cofactor.cohort.codebook_words import explained_words, summary, unexplained_words

    report = verify_codebook(data, cycles)
    for line in (*explained_words(report), *unexplained_words(report), summary(report)):
        say(line)
    if not report.is_good:
        raise typer.Exit(CHECK_FAILED)


def _none_is_wrong(counts: Counter[str]) -> str:
    """Say what is known of files of which none was refused."""
    unsure = {
        "unverified": "known to no manifest",
        "accepted": "as you accepted them, and not as the manifest has them",
    }
    kept = [f"{counts[status]} {words}" for status, words in unsure.items() if counts[status]]
    return "every one is right" if not kept else f"none is wrong, but {' and '.join(kept)}"


@app.command()
def catalogue(
    name: Annotated[
        str | None, typer.Argument(help="A variable: label, unit, levels, sources, codes with CDC's counts, rule.")
    ] = None,
    find: Annotated[str | None, typer.Option("--find", help="List only variables that mention this word.")] = None,
    cycle: Annotated[
        str | None, typer.Option("--cycle", help="What this cycle has, and what is not mapped in it, with the reason.")
    ] = None,
) -> None:
    """List the variables, say all about one, or what a cycle has of them."""
    from cofactor.cohort import catalogue as variables
    from cofactor.cohort import coverage, describe
    from cofactor.cohort.coverage_words import coverage_text
    from cofactor.cohort.not_here import why_not

    if sum(one is not None for one in (name, find, cycle)) > 1:
        raise typer.BadParameter("give a variable, or --find, or --cycle")
    if name is not None:
        say(describe(name, width=text_width()))
        return
    if cycle is not None:
        say(coverage_text(coverage(cycle), width=text_width()))
        return
    table = variables()
    if find is not None:
        mentions = table.apply(lambda column: column.str.contains(find, case=False, regex=False)).any(axis=1)
        table = table[mentions]
    if table.empty:
        reason = why_not(str(find))
        say(f"no variable mentions {find!r}" + (f": {reason}" if reason else ""))
        raise typer.Exit(CHECK_FAILED)
    say(table_text(table[["name", "label", "unit", "cycles"]]))


@app.command()
def load(
    names: Annotated[list[str] | None, typer.Argument(help="Variables of the catalogue.")] = None,
    cycles: Cycles = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="people.parquet, .feather, .csv, .dta (Stata) or .sav (SPSS): R reads all."
        ),
    ] = None,
    data: Data = None,
    weight: Annotated[
        str, typer.Option("--weight", help="auto, none, or a weight of the catalogue, as weight_exam.")
    ] = "auto",
    everything: Annotated[
        bool, typer.Option("--all", help="Every variable, missing where a cycle lacks it, without a weight.")
    ] = False,
    absent: Annotated[
        Literal["error", "missing"], typer.Option("--absent", help="What a variable is in a cycle that lacks it.")
    ] = "error",
    pool_2021: Annotated[bool, typer.Option("--pool-2021", help="Pool 2021-2023 with earlier cycles.")] = False,
) -> None:
    """Write variables of everybody in some cycles, with design and weight, to a file; its sources stand beside it."""
    from cofactor.people_file import check_ending, shortened_names, write_people

    if cycles is None or output is None or bool(names) == everything:
        raise typer.BadParameter("give NAMES (or --all), --cycles 2005-2006 and --output people.parquet")
    check_ending(output)
    from cofactor.cohort import load as load_people
    from cofactor.cohort import variables

    options: LoadOptions = {
        "cycles": cycles,
        "weight": None if everything or weight == "none" else weight,
        "absent": "missing" if everything else absent,
        "pool_2021": pool_2021,
    }
    wanted = list(variables()) if everything else names or []
    frame = load_people(wanted, data=data, **options)
    sources = write_people(frame, output, asked={"names": wanted, **options})
    say(f"{len(frame):,} people × {frame.shape[1]} columns: {output}")
    say(f"where they are from, and the weight: {sources}")
    if short := shortened_names(frame, output):
        tell(f"{len(short)} names are too long for {output.suffix} and shortened: see name_in_file in {sources.name}")
    tell(str(frame.attrs["weight_reason"]))


@app.command()
def run(
    study: Annotated[str, typer.Argument(metavar="NAME|PATH", help="A study that ships, or a file that binds STUDY.")],
    data: Data = None,
    output: Output = None,
    variants: Variants = True,
    imputations: Imputations = None,
    seed: ImputationSeed = None,
) -> None:
    """Run a study on the data folder and write its report."""
    _run(study, data, output, variants, imputations, seed)


app.command()(quality)


@app.command()
def explore(
    data: Data = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; 0 takes any that is free.")] = 0,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")] = True,
) -> None:
    """Open a local page: choose exposure, modifier and outcome, see pictures, interaction and the Python for them."""
    from cofactor.explore import open_page

    open_page(data, port, browser=browser, say=say, tell=tell)


app.add_typer(teach, name="teach")


@app.command()
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


def _run(
    study: str,
    data: Path | None,
    output: Path | None,
    variants: bool,
    imputations: int | None,
    seed: int | None,
) -> None:
    if seed is not None and imputations is None:
        raise typer.BadParameter("--seed is that of the imputations; give --imputations 20 too")
    from cofactor.study import load_study

    asked = load_study(study)
    tell(f"study {asked.name}, hash {asked.hash[:12]}")
    from joblib import parallel_config

    from cofactor.report import write_report
    from cofactor.study import run_study

    with parallel_config(n_jobs=-1):  # the chains of imputations may have every core
        result = run_study(asked, data=data, variants=variants, imputations=imputations, seed=seed)
    _say_report(result, write_report(result, output or Path("output") / asked.name))


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
        _run(path, data, output, variants, imputations, seed)

    _finish(script, f"python {sys.argv[0]}")


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    _finish(app, "cofactor")


def _finish(commands: typer.Typer, program: str) -> NoReturn:
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    debug = len(arguments) < len(sys.argv) - 1
    sys.exit(exit_code(lambda: commands(args=arguments, prog_name=program), debug=debug))
