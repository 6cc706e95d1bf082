"""Options that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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
