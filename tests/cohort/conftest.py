"""A small folder of files in CDC's layout, of six made-up people a cycle, and the real one."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from cofactor.cohort import drug_classes
from cofactor.cohort.catalogue_files import file_name, measured_variables
from cofactor.loaders.cycles import CYCLES
from cofactor.loaders.manifest import load_manifest
from cofactor.loaders.store import DataFolder

PEOPLE = 6
Columns = dict[str, list[float | None]]
Made = dict[str, Columns]


def _files_of(cycle: str) -> dict[str, set[str]]:
    """Every file and column that the catalogue reads in a cycle."""
    files: dict[str, set[str]] = {}
    for variable in measured_variables().values():
        source = variable.source(cycle)
        if source is not None and source.file is not None:
            files.setdefault(file_name(source.file, cycle), set()).update(source.columns)
    return files


def _frame(cycle: str, columns: set[str], given: Columns) -> pd.DataFrame:
    first = 100 * (CYCLES.index(cycle) + 1) + 1
    seqn = given.get("SEQN", [float(first + i) for i in range(PEOPLE)])
    values = {name: given.get(name, [None] * len(seqn)) for name in sorted(columns)}
    return pd.DataFrame({"SEQN": seqn} | values, dtype=float)


DESIGN: Columns = {
    "SDMVSTRA": [1, 1, 1, 2, 2, 2],
    "SDMVPSU": [1, 2, 2, 1, 1, 2],
    "RIDAGEYR": [25, 40, 55, 85, 10, 61],
    "RIAGENDR": [1, 2, 1, 2, 1, 2],
    "RIDRETH1": [1, 2, 3, 4, 5, 3],
    "RIDSTATR": [2, 2, 2, 2, 2, 1],
    "WTINT2YR": [10, 20, 30, 40, 50, 60],
    "WTMEC2YR": [11, 21, 31, 41, 51, 0],
    "WTINT4YR": [5, 10, 15, 20, 25, 30],
    "WTMEC4YR": [6, 11, 16, 21, 26, 0],
}


def _line(row: pd.Series) -> str:
    """A line of a linked mortality file: blanks and dots where nothing is known, as NCHS writes them."""

    def cell(name: str, width: int, none: str, form: str = "d") -> str:
        value = row[name]
        return none.rjust(width) if pd.isna(value) else format(int(value), form).rjust(width)

    head = f"{int(row['SEQN']):05d}".ljust(14) + cell("ELIGSTAT", 1, "2") + cell("MORTSTAT", 1, ".")
    causes = cell("UCOD_LEADING", 3, "", "03d") + ".."
    return head + causes + " " * 21 + cell("PERMTH_INT", 3, ".") + cell("PERMTH_EXM", 3, ".")


def _write_dictionary(root: Path) -> dict[str, str]:
    """The dictionary of medicines, with one thiazide."""
    columns = [column for three in drug_classes.CLASSES for column in three]
    given = {drug_classes.KEY: "d00253", **dict(zip(columns, (40.0, 49.0, 156.0), strict=False))}
    frame = pd.DataFrame([given], columns=[drug_classes.KEY, *columns])
    path = root / _path_of(drug_classes.FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    pyreadstat.write_xport(frame, str(path), file_format_version=5, table_name="RXQ_DRUG")
    return {drug_classes.FILE: hashlib.sha256(path.read_bytes()).hexdigest()}


def _write_labels(root: Path) -> dict[str, str]:
    """The database of labels, with one product of four: tablets of 100 mg of magnesium."""
    tables = {
        "DSPI": {"DSDPID": [4.0], "DSDSUPID": ["1000000400"], "DSDSERVQ": [1.0], "DSDSERVU": [18.0]},
        "DSII": {"DSDPID": [4.0], "DSDIID": [231.0], "DSDQTY": [100.0], "DSDUNIT": [1.0]},
    }
    hashes = {}
    for name, columns in tables.items():
        path = root / _path_of(f"{name}.xpt")
        path.parent.mkdir(parents=True, exist_ok=True)
        pyreadstat.write_xport(pd.DataFrame(columns), str(path), file_format_version=5, table_name=name)
        hashes[f"{name}.xpt"] = hashlib.sha256(path.read_bytes()).hexdigest()
    return hashes


def _path_of(file: str) -> str:
    record = load_manifest().get(file)
    assert record is not None, file
    return record.path


@pytest.fixture
def make_folder(tmp_path: Path) -> Callable[..., DataFolder]:
    """Return a function that writes the files of some cycles, with the columns given, and opens the folder."""

    def make(*cycles: str, without: tuple[str, ...] = (), **given: Columns) -> DataFolder:
        hashes = _write_dictionary(tmp_path) | _write_labels(tmp_path)
        for cycle in cycles:
            for file, columns in _files_of(cycle).items():
                stem = file.split(".")[0]
                if stem in without:
                    continue
                own = (DESIGN if stem.startswith("DEMO") else {}) | given.get(stem, {})
                path = tmp_path / _path_of(file)
                path.parent.mkdir(parents=True, exist_ok=True)
                frame = _frame(cycle, columns - {name for name in without if name.isupper()}, own)
                if file.endswith(".dat"):
                    path.write_text("\r\n".join(_line(row) for _, row in frame.iterrows()) + "\r\n", encoding="ascii")
                else:
                    pyreadstat.write_xport(frame, str(path), file_format_version=5, table_name=stem[:8])
                hashes[file] = hashlib.sha256(path.read_bytes()).hexdigest()
        marker = {"seed": 0, "people": PEOPLE, "files": hashes}
        (tmp_path / "cofactor-synthetic.json").write_text(json.dumps(marker), encoding="utf-8")
        return DataFolder(tmp_path)

    return make


@pytest.fixture(scope="session")
def real(mirror: Path) -> DataFolder:
    """The real files. What is made from them goes elsewhere, to a place that later runs and other workers share."""
    scratch = Path(os.environ.get("COFACTOR_TEST_SCRATCH", Path.home() / ".cache" / "cofactor-tests"))
    return DataFolder(mirror, state=scratch / "state")


@pytest.fixture(scope="session")
def codebook() -> pd.DataFrame:
    """CDC's counts: file, cycle, variable, code_or_value, count."""
    path = Path(os.environ.get("COFACTOR_TEST_MIRROR", "")) / "codebook.csv.xz"
    if not path.is_file():
        pytest.skip("COFACTOR_TEST_MIRROR names no folder with codebook.csv.xz: nothing to count against")
    table = pd.read_csv(path, dtype=str, usecols=["file", "cycle", "variable", "code_or_value", "count"])
    return table.assign(count=pd.to_numeric(table["count"], errors="coerce").replace(np.nan, 0))
