"""The command line: thin. Each command calls what the package hands out, and says what came of it."""

from __future__ import annotations

from typing import Annotated, NoReturn

import typer

import cofactor
from cofactor.commands.explore import explore
from cofactor.commands.files import fetch, verify
from cofactor.commands.quality import quality
from cofactor.commands.studies import demo, run, run_study_script
from cofactor.commands.teach import teach
from cofactor.commands.variables import catalogue, load
from cofactor.terminal import finish, say

__all__ = ["app", "main", "run_study_script"]

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


for _command in (fetch, verify, catalogue, load, run, quality, explore, demo):
    app.command()(_command)
app.add_typer(teach, name="teach")


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    finish(app, "cofactor")
