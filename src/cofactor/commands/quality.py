"""`cofactor quality`: the data-quality page of variables, of a study, or of the whole catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cofactor.commands.options import Data
from cofactor.terminal import say, tell

if TYPE_CHECKING:
    from cofactor.study.quality import DataQuality


def quality(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAMES | STUDY]", help="Variables, or one study; by default all.")
    ] = None,
    cycles: Annotated[
        str | None, typer.Option("--cycles", help="A cycle, or a span; by default the study's, else 1999-2018.")
    ] = None,
    data: Data = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder of the page.")] = Path("output/quality"),
) -> None:
    """Count what each cycle has of each variable, and find where variables break between cycles."""
    from cofactor.report.folder import check_folder
    from cofactor.report.quality_page import ENTRIES, write_quality
    from cofactor.study.quality import data_quality

    title, wanted, span = whose(names)
    tell(f"data quality of {title}, {cycles or span}")
    check_folder(output, ENTRIES)
    found = data_quality(wanted, cycles=cycles or span, data=data, title=title)
    files = write_quality(found, output)
    _say(found)
    say(f"page: {files.html.absolute()}")


def whose(names: list[str] | None) -> tuple[str, list[str] | None, str]:
    """Return a title, the variables (None for all) and the cycles of what was asked: variables, a study, or nothing.

    Raises UnknownVariableError for a name that is neither, and StudyError for a study that cannot be read.
    """
    from cofactor.cohort import canonical
    from cofactor.cohort.catalogue_files import aliases
    from cofactor.cohort.registry import variables
    from cofactor.study.finding import find_study_file, load_study
    from cofactor.study.names import names_to_load
    from cofactor.study.quality import with_inputs

    if not names:
        return "the variables of the catalogue", None, "1999-2018"
    if len(names) == 1 and names[0] not in {**variables(), **aliases()} and _is_study(names[0]):
        study = load_study(find_study_file(names[0]))
        return f"the variables of the study {study.name}", list(with_inputs(names_to_load(study))), study.cycles
    own = [canonical(name, "cofactor quality") for name in names]
    few = ", ".join(own[:3]) + (f" and {len(own) - 3} more" if len(own) > 3 else "")
    return few, own, "1999-2018"


def _is_study(name: str) -> bool:
    from cofactor.errors import StudyError
    from cofactor.study.finding import find_study_file

    try:
        return name.endswith(".py") or find_study_file(name).is_file()
    except StudyError:
        return False


def _say(found: DataQuality) -> None:
    """Say the notable steps, the largest first, and how many there are."""
    if any(one["status"] == "synthetic" for one in found.provenance["used"]):
        say("SYNTHETIC DATA: nothing below says anything about people")
    steps = found.steps[found.steps["notable"] & ~found.steps["by_construction"]]
    largest = "; the largest:" if len(steps) else ""
    say(f"{len(found.steps):,} steps between cycles, {len(steps):,} notable{largest}")
    order = steps["step_sd"].abs().sort_values(ascending=False, kind="stable").index[:10]
    for row in steps.loc[order].to_dict("records"):
        why = row["causes"] or "no known change"
        say(f"  {row['variable']}, {row['from']} to {row['to']}: {row['step_sd']:+.2f} SD ({why})")
