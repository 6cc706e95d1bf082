"""The command line: what it says, where, and with which exit code it ends."""

from __future__ import annotations

import errno
import json
import math
import os
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from cofactor import CofactorWarning, FileError, StudyError, __version__, catalogue, load
from cofactor.cli import main, run_study_script
from cofactor.demo import agrees, beside_truth
from cofactor.people_file import write_people
from cofactor.synthetic import Truth
from cofactor.terminal import exit_code, table_text

WIDE = {"COLUMNS": "200", "NO_COLOR": "1"}


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


Command = Callable[..., Ended]


@pytest.fixture
def cofactor(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """Run the command line in this process, in an empty folder, without a data folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COFACTOR_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name, value in WIDE.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: object) -> Ended:
        monkeypatch.setattr(sys, "argv", ["cofactor", *map(str, arguments)])
        with warnings.catch_warnings(), pytest.raises(SystemExit) as end:
            main()
        said = capsys.readouterr()
        assert isinstance(end.value.code, int)
        return Ended(end.value.code, said.out, said.err)

    return run


def in_a_shell(words: str, **options: object) -> subprocess.CompletedProcess[str]:
    command = words.replace("cofactor", f"{sys.executable} -m cofactor", 1)
    return subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload,no-any-return]


# Help and usage


@pytest.mark.parametrize("command", ["fetch", "verify", "catalogue", "load", "run", "demo", "teach"])
def test_each_command_has_help_and_the_overview_names_it(command: str, cofactor: Command) -> None:
    assert command in cofactor("--help").out
    own = cofactor(command, "--help")
    assert (own.code, own.err) == (0, "")
    assert "Usage: cofactor " + command in own.out


def test_version_is_the_package_s(cofactor: Command) -> None:
    assert cofactor("--version") == Ended(0, f"cofactor {__version__}\n", "")


def test_python_m_is_the_same_command() -> None:
    assert in_a_shell("cofactor --version").stdout == f"cofactor {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("fecth",), "No such command 'fecth'"),
        (("run",), "Missing argument"),
        (("fetch", "--cycle", "2005-2006"), "No such option: --cycle"),
        (("demo", "--people", "many"), "--people"),
        (("load", "age_years", "--cycles", "2005-2006"), "--output people.parquet"),
        (("load", "--cycles", "2005-2006", "-o", "people.csv"), "NAMES"),
        (("fetch", "--files", ","), "--files"),
        (("run", "mg_vitd_mortality", "--seed", "3"), "give --imputations 20 too"),
        (("run", "mg_vitd_mortality", "--imputations", "five"), "--imputations"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what(arguments: tuple[str, ...], says: str, cofactor: Command) -> None:
    ended = cofactor(*arguments)
    assert ended.code == 2
    assert ended.out == ""
    assert says in ended.err


# Errors of the house


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("catalogue", "vitd_statu"), "did you mean vitd_status"),
        (("verify", "--data", "nowhere"), "there is no data folder"),
        (("verify",), "cofactor fetch"),
        (("fetch", "--cycles", "2001-2019"), "the cycles are 1999-2000"),
        (("fetch", "--cycles", "2005-2006", "--mirror", "nowhere"), "nowhere"),
        (("fetch", "--cycles", "2005-2006", "--files", "DEMO_E.xpt"), "belongs to 2007-2008"),
        (("run", "mg_vitd_mortalty"), "studies that ship: mg_vitd_mortality"),
        (("run", "mine.py"), "there is no study file mine.py"),
        (("run", "mg_vitd_mortality"), "cofactor fetch"),
        (("run", "mg_vitd_mortality", "--imputations", "1"), "give a whole number from 2 to 1,000"),
        (("run", "mg_vitd_mortality", "--imputations", "-5"), "give a whole number from 2 to 1,000"),
        (("run", "mg_vitd_mortality", "--imputations", "2", "--seed", "-1"), "whole number of 0 or more"),
        (("demo", "--imputations", "0"), "give a whole number from 2 to 1,000"),
        (("run", "mg_vitd_mortality", "--data", "nowhere"), "nowhere"),
        (("load", "age_yaers", "--cycles", "2005-2006", "-o", "people.csv"), "did you mean age_years"),
        (("load", "age_years", "--cycles", "2005-2006", "-o", "people.xlsx"), "neither .parquet nor .csv"),
    ],
)
def test_error_of_the_house_is_a_message_and_2(arguments: tuple[str, ...], says: str, cofactor: Command) -> None:
    ended = cofactor(*arguments)
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err.splitlines()[-1].startswith("error: ")
    assert says in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("arguments", [("--debug", "catalogue", "nothing"), ("catalogue", "nothing", "--debug")])
def test_debug_shows_the_traceback_wherever_it_stands(arguments: tuple[str, ...], cofactor: Command) -> None:
    ended = cofactor(*arguments)
    assert ended.code == 2
    assert "Traceback" in ended.err
    assert ended.err.splitlines()[-1].startswith("error: unknown variable 'nothing'")


def raises(error: BaseException) -> Callable[[], None]:
    def command() -> None:
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (FileError("x.xpt is cut"), 2, "error: x.xpt is cut"),
        (OSError(errno.ENOSPC, "No space left on device"), 2, "No space left on device"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (SystemExit(1), 1, ""),
        (SystemExit(130), 130, "interrupted"),
        (ZeroDivisionError("division by zero"), 70, "please report"),
    ],
)
def test_exit_codes(error: BaseException, code: int, says: str, capfd: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        assert exit_code(raises(error)) == code
    err = capfd.readouterr().err
    assert says in err
    assert ("Traceback" in err) == (code == 70)


def test_warning_is_a_line_without_code(capsys: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        exit_code(lambda: warnings.warn("three strata are thin", CofactorWarning, stacklevel=1))
    assert capsys.readouterr().err == "warning: three strata are thin\n"


# The system around it


def test_reader_that_goes_away_is_no_error() -> None:
    done = in_a_shell("cofactor catalogue | head -n 1; echo ${PIPESTATUS[0]}")
    assert done.stdout.splitlines()[1:] == ["0"]
    assert done.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_full_output_is_an_error_of_one_line() -> None:
    done = in_a_shell("cofactor catalogue > /dev/full")
    assert done.returncode == 2
    assert done.stderr == "error: the system reports: [Errno 28] No space left on device\n"


def test_interrupt_ends_with_130_and_a_line(tmp_path: Path) -> None:
    """Ctrl-C while the files are being made: as a terminal does, the signal goes to the whole process group."""
    command = [sys.executable, "-m", "cofactor", "demo", "--output", str(tmp_path / "demo")]
    with subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a job in the background is deaf to it
    ) as running:
        assert running.stderr is not None
        assert running.stderr.readline().startswith("synthetic files")
        limit = time.monotonic() + 60
        while not list(tmp_path.rglob("*.xpt")):  # an import that is interrupted may take it for a missing library
            assert time.monotonic() < limit
            time.sleep(0.02)
        os.killpg(running.pid, signal.SIGINT)
        rest = running.stderr.read()
    # Where Ctrl-C meets CPython compiling text (a dataclass being made), it leaves by the signal itself, though the
    # interrupt was caught: a shell shows 130 for either.
    assert running.returncode in (130, -signal.SIGINT)
    assert rest.splitlines()[-1].startswith("interrupted")
    assert "Traceback" not in rest
    assert not (tmp_path / "demo" / "report.html").exists()


# The catalogue


def test_catalogue_lists_every_variable(cofactor: Command) -> None:
    out = cofactor("catalogue").out
    assert len(out.splitlines()) == 1 + len(catalogue())


def test_catalogue_tells_label_unit_and_sources_by_cycle(cofactor: Command) -> None:
    out = cofactor("catalogue", "magnesium_diet_day1_mg").out
    assert "unit           mg" in out
    assert "1999-2000  DRXTOT.xpt    DRXTMAGN" in out
    assert "2005-2006  DR1TOT_D.xpt  DR1TMAGN" in out


def test_catalogue_tells_codes_with_cdc_s_counts(cofactor: Command) -> None:
    out = cofactor("catalogue", "sex").out
    assert "1      male" in out
    assert "4883" in out


def test_catalogue_tells_what_a_cycle_has_and_lacks(cofactor: Command) -> None:
    out = cofactor("catalogue", "--cycle", "2021-2023").out
    assert "Mortality is linked for the cycles to 2017-2018." in out
    assert "INQ_L.xpt" in out


def test_catalogue_refuses_two_questions_at_once(cofactor: Command) -> None:
    ended = cofactor("catalogue", "sex", "--cycle", "2021-2023")
    assert ended.code == 2
    assert "give a variable, or --find, or --cycle" in ended.err


@pytest.mark.real_data
def test_verify_codebook_holds_the_mirror_against_cdc_s_counts(cofactor: Command, real_data_folder: Path) -> None:
    ended = cofactor("verify", "--codebook", "--cycles", "2003-2004", "--data", real_data_folder)
    assert ended.code == 0, ended.out
    assert "held against CDC's codebook" in ended.out


def test_verify_codebook_accepts_nothing(cofactor: Command, tmp_path: Path) -> None:
    ended = cofactor("verify", "--codebook", "--accept-changed", "--data", tmp_path)
    assert ended.code == 2
    assert "--codebook accepts nothing" in ended.err


def test_verify_codebook_of_an_empty_folder_fails(cofactor: Command, tmp_path: Path) -> None:
    ended = cofactor("verify", "--codebook", "--data", tmp_path)
    assert ended.code == 1
    assert "holds no file that the catalogue reads" in ended.out


def test_catalogue_tells_levels_and_cases_of_a_rule(cofactor: Command) -> None:
    out = cofactor("catalogue", "vitd_status").out
    assert "deficient, insufficient, sufficient" in out
    assert "vitd_25oh_nmol_l = 30: insufficient" in out


def test_find_lists_what_mentions_a_word(cofactor: Command) -> None:
    out = cofactor("catalogue", "--find", "MAGNESIUM").out
    assert "magnesium_supplement_mg" in out
    assert "smoking" not in out


def test_find_without_a_hit_is_a_check_that_failed(cofactor: Command) -> None:
    assert cofactor("catalogue", "--find", "plutonium") == Ended(1, "no variable mentions 'plutonium'\n", "")


def test_table_is_text_as_it_stands() -> None:
    """No markup is read, no cell is cut: names with brackets are names."""
    table = pd.DataFrame({"term": ["x[b]", "[red]y"], "note": ["a" * 150, ""]})
    assert table_text(table).splitlines() == ["term    note", f"x[b]    {'a' * 150}", "[red]y"]


# Data


def test_verify_of_an_empty_folder_fails_and_says_how_to_fill_it(tmp_path: Path, cofactor: Command) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    ended = cofactor("verify", "--data", folder)
    assert ended.code == 1
    assert "holds no file of NHANES; `cofactor fetch" in ended.out


def test_verify_names_a_page_in_place_of_a_file(tmp_path: Path, cofactor: Command) -> None:
    place = tmp_path / "data/wwwn.cdc.gov/Nchs/Data/Nhanes/Public/2005/DataFiles"
    place.mkdir(parents=True)
    (place / "DEMO_D.xpt").write_text("<!DOCTYPE html><html>Page not found</html>")
    ended = cofactor("verify", "--data", tmp_path / "data")
    assert ended.code == 1
    assert "damaged: DEMO_D.xpt" in ended.out
    assert "1 of 1 files" in ended.out


def test_verify_of_synthetic_files_says_that_they_are(synthetic_folder: Path, cofactor: Command) -> None:
    ended = cofactor("verify", "--data", synthetic_folder)
    assert ended.code == 0
    assert ended.out.startswith("SYNTHETIC DATA")
    assert "2005-2006" in ended.out
    assert "every one is right" in ended.out


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_load_writes_what_load_returns(ending: str, synthetic_folder: Path, cofactor: Command, tmp_path: Path) -> None:
    names, path = ["age_years", "smoking", "vitd_25oh_nmol_l", "died"], tmp_path / f"people.{ending}"
    ended = cofactor("load", *names, "--cycles", "2005-2008", "--data", synthetic_folder, "-o", path)
    assert ended.code == 0
    wanted = load(names, cycles="2005-2008", data=synthetic_folder)
    found = pd.read_csv(path, index_col="SEQN", dtype={"died": "boolean"}) if ending == "csv" else pd.read_parquet(path)
    pd.testing.assert_frame_equal(
        found, wanted, check_dtype=ending == "parquet", check_categorical=ending == "parquet", check_exact=True
    )


def test_load_says_where_each_number_is_from(synthetic_folder: Path, cofactor: Command, tmp_path: Path) -> None:
    cofactor("load", "magnesium_diet_mg", "--cycles", "2005-2006", "--data", synthetic_folder, "-o", tmp_path / "p.csv")
    sources = json.loads((tmp_path / "p.csv.json").read_text())
    assert sources["cycles"] == ["2005-2006"]
    assert sources["columns"]["magnesium_diet_mg"]["unit"] == "mg"
    assert "weight_diet_day1" in sources["weight_reason"]
    assert {"DEMO_D.xpt", "DR1TOT_D.xpt"} <= {one["file"] for one in sources["inputs"]}
    assert {one["status"] for one in sources["inputs"]} == {"synthetic"}


@pytest.fixture
def linked_cycle(mirror: Path, tmp_path: Path) -> Path:
    """The real files of 2005-2006, and those of no one cycle, in a folder of its own: nothing is written beside it."""
    from cofactor.loaders import load_manifest

    manifest = load_manifest()
    files = (*manifest.files_of("2005-2006"), *manifest.common_files)
    for path in (manifest.records[file].path for file in files):
        if (mirror / path).is_file():
            (tmp_path / "real" / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "real" / path).symlink_to(mirror / path)
    return tmp_path / "real"


@pytest.mark.real_data
def test_load_all_has_every_variable_and_no_weight(linked_cycle: Path, cofactor: Command, tmp_path: Path) -> None:
    path = tmp_path / "all.parquet"
    ended = cofactor("load", "--all", "--cycles", "2005-2006", "--data", linked_cycle, "-o", path)
    assert ended.code == 0, ended.err
    found = pd.read_parquet(path)
    assert len(found) == 10_348  # the codebook of DEMO_D
    assert set(catalogue()["name"]) <= set(found.columns)
    assert "analysis_weight" not in found.columns


def test_full_disk_leaves_neither_people_nor_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(frame: pd.DataFrame, path: Path, **_: object) -> None:
        path.write_text("SEQN,age")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_csv", full)
    frame = pd.DataFrame({"cycle": pd.Categorical(["2005-2006"])}, index=pd.Index([1], name="SEQN"))
    with pytest.raises(FileError, match="No space left on device; nothing is left behind"):
        write_people(frame, tmp_path / "people.csv")
    assert list(tmp_path.iterdir()) == []


# Studies

SMALL_STUDY = """
from dataclasses import replace
from cofactor.study import load_study

MAIN = load_study("mg_vitd_mortality")
KEPT = ("primary", "deficits", "picture")
STUDY = replace(
    MAIN,
    name="small",
    models=tuple(model for model in MAIN.models if model.name in KEPT),
    outcomes=MAIN.outcomes[:1],
    headline=replace(MAIN.headline, companions=()),
    missing_data=replace(MAIN.missing_data, models=("primary",), rounds=2),
    variants=(),
)

if __name__ == "__main__":
    from cofactor.cli import run_study_script

    run_study_script(__file__)
"""


@pytest.fixture
def small_study(tmp_path: Path) -> Path:
    path = tmp_path / "small.py"
    path.write_text(SMALL_STUDY, encoding="utf-8")
    return path


def test_run_writes_the_report_and_says_the_answer(
    small_study: Path, synthetic_folder: Path, cofactor: Command, tmp_path: Path
) -> None:
    ended = cofactor("run", small_study, "--data", synthetic_folder)
    assert ended.code == 0, ended.err
    assert ended.out.startswith("SYNTHETIC DATA")
    assert "ratio of the two hazard ratios" in ended.out
    report = tmp_path / "output" / "small" / "report.html"
    assert ended.out.splitlines()[-1] == f"report: {report}"
    assert report.is_file()


def test_script_of_a_study_takes_the_same_options(small_study: Path, synthetic_folder: Path, tmp_path: Path) -> None:
    words = [sys.executable, str(small_study), "--data", str(synthetic_folder), "--output", str(tmp_path / "there")]
    words += ["--imputations", "2", "--seed", "4"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "there" / "report.html").is_file()
    answers = pd.read_csv(tmp_path / "there" / "tables" / "missing_data.csv")
    assert {"complete cases", "imputed", "weighted for response"} <= set(answers["approach"])
    options = json.loads((tmp_path / "there" / "provenance.json").read_text(encoding="utf-8"))["options"]
    assert (options["imputations"], options["seed of the imputations"]) == (2, 4)


def test_script_of_a_study_has_help(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["analyses/mine.py", "--help"])
    with pytest.raises(SystemExit, match="0"):
        run_study_script("analyses/mine.py")
    out = capsys.readouterr().out
    assert "Usage: python analyses/mine.py [OPTIONS]" in out
    assert "--no-variants" in out
    assert "--imputations" in out


def test_file_that_binds_no_study_is_told_so(tmp_path: Path, cofactor: Command) -> None:
    (tmp_path / "mine.py").write_text("ANSWER = 42\n")
    ended = cofactor("run", "mine.py")
    assert ended.code == 2
    assert "binds no module-level STUDY" in ended.err


# The demonstration


@dataclass(frozen=True)
class FakeDemo:
    """Results as the demonstration hands them over, with one parameter of a given z."""

    z: float

    @property
    def parameters(self) -> pd.DataFrame:
        return pd.DataFrame({"term": ["x"], "truth": [0.0], "estimate": [self.z / 10], "se": [0.1], "z": [self.z]})


@pytest.mark.parametrize(("z", "fine"), [(3.99, True), (-4.0, True), (4.01, False), (-5.0, False), (math.nan, False)])
def test_estimates_agree_within_four_standard_errors_of_the_truth(z: float, fine: bool) -> None:
    assert agrees(FakeDemo(z).parameters) is fine


def test_truth_of_a_term_that_the_model_lacks_is_an_error() -> None:
    with pytest.raises(StudyError, match="names y, which the main model does not have"):
        beside_truth(FakeDemo(1.0).parameters, {"y": 0.0})


@pytest.mark.slow
def test_demo_finds_the_planted_truth_and_writes_a_report(cofactor: Command, tmp_path: Path) -> None:
    ended = cofactor("demo", "--people", 1500, "--seed", 4, "--output", "there")
    assert ended.code == 0, ended.err
    lines = ended.out.splitlines()
    assert f"report: {tmp_path / 'there' / 'report.html'}" in lines
    assert "SYNTHETIC DATA" in (tmp_path / "there" / "report.html").read_text(encoding="utf-8")
    product = next(line.split() for line in lines if line.startswith("vitd_capped_per_25:magnesium_adequate"))
    truth, estimate, se, z = map(float, product[1:])
    assert truth == Truth().product
    assert z == pytest.approx((estimate - truth) / se, abs=0.05)
    assert cofactor("verify", "--data", "there/synthetic_nhanes").code == 0
