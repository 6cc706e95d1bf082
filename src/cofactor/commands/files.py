"""`cofactor fetch` and `cofactor verify`: the files of a data folder."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from cofactor.commands.options import AcceptChanged, Cycles, Data
from cofactor.terminal import CHECK_FAILED, say, table_text

HOW = {"bytes": "CDC's own bytes", "content": "content", "accepted": "accepted by you"}
"""What the statuses of a verified file are called on the screen."""


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
