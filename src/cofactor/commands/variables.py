"""`cofactor catalogue` and `cofactor load`: what there is, and a file of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypedDict

import typer

from cofactor.commands.options import Cycles, Data
from cofactor.terminal import CHECK_FAILED, say, table_text, tell, text_width


class LoadOptions(TypedDict):
    """What `load` is asked beside the names and the folder."""

    cycles: str
    weight: str | None
    absent: Literal["error", "missing"]
    pool_2021: bool


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
