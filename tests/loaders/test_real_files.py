"""The real public files: what NCHS and the codebooks say of them."""

import numpy as np
import pandas as pd
import pytest

from cofactor.loaders.cycles import CYCLES
from cofactor.loaders.header import read_header
from cofactor.loaders.inspection import verify
from cofactor.loaders.lockfile import Lock
from cofactor.loaders.manifest import load_manifest
from cofactor.loaders.mortality import read_mortality
from cofactor.loaders.store import DataFolder
from cofactor.loaders.transport import read_transport
from cofactor.loaders.verify import Trust, examine

pytestmark = pytest.mark.real_data

DEATHS = dict(zip(CYCLES, (1675, 1624, 1420, 1027, 1126, 861, 628, 467, 276, 145), strict=False))


@pytest.fixture(scope="module")
def copy(mirror, tmp_path_factory):
    """A data folder of links, so that the mirror is never written to."""
    root = tmp_path_factory.mktemp("real")
    for path in mirror.rglob("*"):
        if path.suffix in (".xpt", ".dat"):
            link = root / path.relative_to(mirror)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(path)
    return root


@pytest.fixture(scope="module")
def folder(copy):
    return DataFolder(copy)


@pytest.fixture(scope="module")
def trust():
    return Trust(load_manifest(), Lock({}))


def path_of(file, mirror):
    return mirror / load_manifest().records[file].path


@pytest.mark.parametrize("cycle", DEATHS)
def test_deaths_by_cycle(folder, cycle):
    frame = folder.columns(f"NHANES_{cycle.replace('-', '_')}_MORT_2019_PUBLIC.dat", ["ELIGSTAT", "MORTSTAT"])
    assert frame["MORTSTAT"].sum() == DEATHS[cycle]


def test_causes_of_death_over_all_cycles(mirror):
    files = sorted(mirror.rglob("*_MORT_2019_PUBLIC.dat"))
    frames = [read_mortality(path) for path in files]
    causes = pd.concat(frames)["UCOD_LEADING"].value_counts().sort_index()
    assert causes.tolist() == [2406, 2012, 484, 290, 519, 333, 325, 203, 217, 2458]
    assert sum(len(frame) for frame in frames) == 101_316
    assert sum(int((frame["ELIGSTAT"] == 1).sum()) for frame in frames) == 59_064
    assert sum(int((frame["PERMTH_EXM"] == 0).sum()) for frame in frames) == 11
    assert sum(int((frame["PERMTH_INT"] == 0).sum()) for frame in frames) == 7


@pytest.mark.parametrize(("file", "total"), [("DEMO.xpt", 272_156_833), ("DEMO_J.xpt", 320_842_721)])
def test_sums_of_examination_weights(folder, file, total):
    assert folder.columns(file, ["WTMEC2YR"])["WTMEC2YR"].sum() == pytest.approx(total, abs=0.5)


def test_exact_zeros_of_real_files_are_zeros(folder):
    diastolic = folder.columns("BPX_D.xpt", ["BPXDI1", "BPXDI2", "BPXDI3", "BPXDI4"]).drop(columns="SEQN")
    assert 119 <= int((diastolic == 0).sum().sum()) <= 394  # readings of 0 mmHg in a cycle, as the codebooks count them
    assert not ((diastolic.abs() > 0) & (diastolic.abs() < 1)).any().any()


@pytest.mark.parametrize("file", ["BIOPRO_E.xpt", "DSPI.xpt", "DSII.xpt", "RXQ_RX_H.xpt"])
def test_files_that_are_not_utf_8_are_read_as_windows_1252(mirror, file):
    assert read_transport(path_of(file, mirror)).encoding == "WINDOWS-1252"


def test_accents_survive(folder):
    reasons = folder.columns("RXQ_RX_H.xpt", ["RXDRSD1"], one_row_per_person=False)["RXDRSD1"]
    assert reasons.dropna().str.contains("Sjögren|Ménière").any()


@pytest.mark.parametrize("file", ["PAQIAF.xpt", "DSQFILE2.xpt", "DSQ2_D.xpt", "DSQIDS_E.xpt", "RXQ_RX_D.xpt"])
def test_files_with_several_rows_a_person_are_served(folder, file):
    frame = folder.columns(file, folder.names(file)[1:4], one_row_per_person=False)
    assert frame["SEQN"].duplicated().any()


@pytest.mark.parametrize("file", ["DSPI.xpt", "DSII.xpt", "DSBI.xpt", "RXQ_DRUG.xpt"])
def test_files_without_persons_are_served(folder, file):
    names = folder.names(file)
    assert "SEQN" not in names
    assert len(folder.columns(file, names[:2], one_row_per_person=False)) == load_manifest().records[file].rows


def test_a_rewritten_file_of_cdc_s_bytes_passes_by_its_content(mirror, trust, tmp_path, xpt):
    file = next(f for f, r in trust.manifest.records.items() if f.startswith("DEMO") and r.sha256 is not None)
    frame = read_transport(path_of(file, mirror)).frame
    assert examine(file, path_of(file, mirror), trust).verification.status == "bytes"
    numbers = frame.select_dtypes("number")
    decimal = numbers.map(lambda value: float(f"{value:.15g}") if np.isfinite(value) else value)
    texts = {name: frame[name].fillna("") + "  " for name in frame.columns.difference(numbers.columns)}
    path = xpt(frame.assign(**{name: decimal[name] for name in numbers.columns}, **texts), tmp_path / file)
    assert examine(file, path, trust).verification.status == "content"


def test_a_file_cut_in_half_is_refused_although_the_parser_takes_it(mirror, trust, tmp_path):
    whole, half = path_of("DR1TOT_D.xpt", mirror), tmp_path / "DR1TOT_D.xpt"
    header = read_header(whole)
    rows = header.data_bytes // header.row_bytes // 160 * 80  # 80 rows are whole records of 80 bytes, whatever a row is
    raw = whole.read_bytes()
    half.write_bytes(raw[: len(raw) - header.data_bytes + rows * header.row_bytes])
    assert len(read_transport(half).frame) == rows
    found = examine("DR1TOT_D.xpt", half, trust).verification
    assert found.status == "refused"
    assert ("SEQN", "present", str(rows)) in {(one.column, one.figure, one.found) for one in found.differences}


@pytest.mark.slow
def test_all_458_files_of_the_mirror_verify(copy):
    report = verify(copy, "1999-2023", jobs=2)
    assert report.is_good
    assert len(report.verifications) == 458
    assert set(report.counts) == {"bytes", "content"}
    assert report.counts["bytes"] >= 188
