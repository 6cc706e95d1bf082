"""`synthetic_nhanes`: a folder of files like NHANES's, with a known truth."""

from __future__ import annotations

import json
import logging
import os
import shutil
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cofactor.errors import FileError
from cofactor.loaders.atomic import UNFINISHED, write_text_whole
from cofactor.loaders.digest import sha256_of
from cofactor.loaders.manifest import load_manifest
from cofactor.loaders.synthetic_marker import MARKER
from cofactor.progress import progress
from cofactor.synthetic.files import common_tables, mortality_lines, tables_of
from cofactor.synthetic.people import People, draw_people
from cofactor.synthetic.plan import plans_of
from cofactor.synthetic.transport import write_transport
from cofactor.synthetic.truth import Truth

DEFAULT_PEOPLE = 4000
DEFAULT_SEED = 20191231
DEFAULT_CYCLES = "1999-2018"
TREES = ("wwwn.cdc.gov", "ftp.cdc.gov")
"""What a data folder holds of CDC's layout, and what is replaced when a synthetic folder is made again."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class SyntheticNhanes:
    """What `synthetic_nhanes` wrote.

    Attributes
    ----------
    path : Path
        The data folder: give it to `load`, `run_study` or ``cofactor run --data``.
    people : int
        People interviewed in each cycle.
    seed : int
    cycles : tuple of str
    truth : Truth
        What was planted.
    files : mapping of str to str
        SHA-256 by name; also in the marker that lies in the folder.
    """

    path: Path
    people: int
    seed: int
    cycles: tuple[str, ...]
    truth: Truth
    files: Mapping[str, str]

    def parameters(self, cycles: str | Sequence[str] = "2001-2018") -> dict[str, float]:
        """Return the true coefficients of the primary model in set 2, fitted to `cycles`, by the name of the term."""
        return self.truth.parameters(cycles)


def synthetic_nhanes(
    path: str | Path,
    *,
    people: int = DEFAULT_PEOPLE,
    seed: int = DEFAULT_SEED,
    truth: Truth | None = None,
    cycles: str | Sequence[str] = DEFAULT_CYCLES,
) -> SyntheticNhanes:
    """Write files like NHANES's into a data folder, and return the truth that was planted.

    Names, columns, codes, skips, weights and design are as in CDC's files of each cycle, so that everything that reads
    the real files reads these; the people are made up. Deaths follow a Cox model whose log hazard ratios are `truth`.
    What the main study does not use has no truth planted: each such column is drawn from CDC's published counts.

    Parameters
    ----------
    path : path
        A folder that is absent, empty, or holds synthetic files of an earlier call, which are replaced.
    people : int
        People interviewed in each cycle, of all ages; at least 300.
    seed : int
        The same arguments give the same bytes.
    truth : Truth, optional
        Log hazard ratios to plant; by default those of `Truth()`.
    cycles : span or list of cycles within 1999-2018

    Returns
    -------
    SyntheticNhanes
        With `.parameters("2001-2018")`: the true coefficients of the main model, by the name of the fitted term.

    Raises
    ------
    FileError
        The folder holds something else, or cannot be written to. Nothing half-written is left behind.
    StudyError
        A negative seed, too few people, or cycles that are not within 1999-2018.

    Notes
    -----
    The folder's marker, ``cofactor-synthetic.json``, names the seed and the hash of each file; verification then says
    "synthetic", and so does every report.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     made = synthetic_nhanes(folder, people=300, seed=1, truth=Truth(product=0.0), cycles="2005-2006")
    >>> made.parameters("2005-2006")["vitd_capped_per_25:magnesium_adequate"]
    0.0
    """
    target = Path(path)
    plans = plans_of(cycles, people)
    truth = Truth() if truth is None else truth
    _refuse_other_content(target)
    unfinished = target.parent / f".{target.name}.{os.getpid()}-{uuid.uuid4().hex[:8]}{UNFINISHED}"
    try:
        files: dict[str, str] = {}
        for plan in progress(plans, label="synthetic files", unit="cycle"):
            files |= _write_cycle(draw_people(plan, people, seed, truth), unfinished)
            logger.info("wrote synthetic files of %s", plan.cycle)
        files |= _write_tables(common_tables(), unfinished)
        _put_in_place(unfinished, target, json.dumps({"seed": seed, "people": people, "files": files}, indent=1) + "\n")
    except OSError as error:
        raise FileError(
            f"cannot write synthetic files into {target}: {error.strerror or error}; is there room on the disk, and "
            "may you write there?"
        ) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return SyntheticNhanes(target, people, seed, tuple(plan.cycle for plan in plans), truth, files)


def _refuse_other_content(target: Path) -> None:
    if target.is_file():
        raise FileError(f"{target} is a file; synthetic files need a folder, so give another path")
    if target.is_dir() and any(target.iterdir()) and not (target / MARKER).is_file():
        raise FileError(
            f"{target} is not empty and holds no synthetic files of before ({MARKER} is not there): real data could be "
            "overwritten; give an empty or a new folder"
        )


def _write_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> dict[str, str]:
    """Write tables in CDC's layout, and return the hashes of the files by name."""
    hashes: dict[str, str] = {}
    for name, table in tables.items():
        target = folder / load_manifest().records[name].path
        target.parent.mkdir(parents=True, exist_ok=True)
        write_transport(table, target)
        hashes[name] = sha256_of(target)
    return hashes


def _write_cycle(one: People, folder: Path) -> dict[str, str]:
    """Write the files of a cycle and return their hashes by name."""
    hashes = _write_tables(tables_of(one), folder)
    target = folder / load_manifest().records[one.plan.mortality_file].path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(mortality_lines(one).encode("ascii"))
    return hashes | {one.plan.mortality_file: sha256_of(target)}


def _put_in_place(unfinished: Path, target: Path, marker: str) -> None:
    """Move the finished trees to their place. The marker goes first and comes last: it vouches for no other file."""
    target.mkdir(parents=True, exist_ok=True)
    (target / MARKER).unlink(missing_ok=True)
    for tree in TREES:
        shutil.rmtree(target / tree, ignore_errors=True)
        (unfinished / tree).rename(target / tree)
    write_text_whole(target / MARKER, marker)
