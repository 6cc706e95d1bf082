"""The whole door works on synthetic files: verification, the catalogue's rules, weights."""

from __future__ import annotations

import math
import shutil

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import cofactor
from cofactor.cohort.availability import cycles_of
from cofactor.cohort.catalogue_files import file_name
from cofactor.cohort.derive import Derived
from cofactor.cohort.registry import variable, variables
from cofactor.errors import FileError, VerificationError
from cofactor.loaders.codes import published_codes
from cofactor.loaders.manifest import load_manifest
from cofactor.synthetic import synthetic_nhanes, synthetic_people
from cofactor.synthetic.levels import ALCOHOL, EDUCATIONS, RACES, SEASONS, SEXES, SMOKING
from cofactor.synthetic.plan import PLANS

from .conftest import PEOPLE, SEED

DESIGN = ("cycle", "strata", "psu", "analysis_weight")
EVERYBODY_HAS = ("age_years", "sex", "mortality_eligible")


def test_frame_in_memory_is_what_load_makes_of_the_files(made):
    """Two roads: the people as drawn, and the catalogue's rules on the codes in the files."""
    drawn = synthetic_people(people=PEOPLE, seed=SEED, cycles="2001-2018")
    names = [name for name in drawn.columns if name not in DESIGN]
    loaded = cofactor.load(names, cycles="2001-2018", data=made.path)
    for name in drawn.columns:
        pd.testing.assert_series_equal(drawn[name], loaded[name], check_dtype=False, rtol=1e-12)


def test_pool_with_1999_takes_the_four_year_weight_as_load_does(made):
    drawn = synthetic_people(people=PEOPLE, seed=SEED, cycles="1999-2004")
    loaded = cofactor.load(["magnesium_diet_mg"], cycles="1999-2004", data=made.path)
    pd.testing.assert_series_equal(drawn["analysis_weight"], loaded["analysis_weight"], rtol=1e-12)


@pytest.fixture(scope="module")
def everything(made):
    """Every variable of the catalogue, of all synthetic people."""
    names = [name for name in variables() if name not in DESIGN]
    return cofactor.load(names, cycles="1999-2018", data=made.path, absent="missing", weight=None)


def people_who_answer(name: str) -> float:
    """How many people of 1999-2018 CDC counts in the rarest column that a variable needs; infinite if uncounted."""
    found = variable(name)
    if isinstance(found, Derived):
        return min((people_who_answer(part) for part in found.required), default=math.inf)
    places = [(file_name(s.file, p.cycle), s) for p in PLANS if (s := found.source(p.cycle)) and s.file]
    if not places or any(source.rows != "one" for _, source in places):
        return math.inf
    lines = [line for file, source in places for line in published_codes().get((file, source.columns[0]), ())]
    return sum(line.count for line in lines if line.kind != "missing") if lines else math.inf


def test_every_variable_of_the_catalogue_loads(everything):
    assert len(everything) == 10 * PEOPLE


def test_every_variable_of_1999_2018_is_known_of_somebody_unless_it_is_rare(everything):
    """Rare: CDC has it of fewer than 200 of 101,316 people. Synthetic antacids hold magnesium alone."""
    nobody = {name for name in everything if everything[name].isna().all()} - {"calcium_antacid_listed_mg"}
    later = {name for name in nobody if cycles_of(name) == ("2021-2023",)}
    assert {"weight_phlebotomy", "smoking_days_of_daily_smokers"} <= later
    assert {name: people_who_answer(name) for name in nobody - later if people_who_answer(name) >= 200} == {}


def test_every_input_is_called_synthetic(made):
    frame = cofactor.load(list(EVERYBODY_HAS), cycles="2005-2008", data=made.path)
    assert {file.status for file in frame.attrs["inputs"]} == {"synthetic"}


def test_an_altered_file_is_refused(made, tmp_path):
    folder = tmp_path / "altered"
    shutil.copytree(made.path, folder, ignore=shutil.ignore_patterns("*.parquet", ".*"))
    path = folder / load_manifest().records["DEMO_D.xpt"].path
    content = bytearray(path.read_bytes())
    content[-200] ^= 1
    path.write_bytes(content)
    with pytest.raises(VerificationError, match="make the files again"):
        cofactor.load(["age_years"], cycles="2005-2006", data=folder)


@pytest.mark.parametrize(
    ("name", "levels"),
    [("race_ethnicity", RACES), ("education", EDUCATIONS), ("smoking", SMOKING), ("alcohol", ALCOHOL),
     ("season", SEASONS), ("sex", SEXES)],
)  # fmt: skip
def test_levels_are_those_of_the_catalogue(name, levels):
    assert tuple(variables()[name].levels) == levels


@pytest.mark.parametrize("name", ["vitd_25oh_nmol_l", "magnesium_diet_mg"])
def test_intake_and_serum_are_clustered_in_psus(made, name):
    """Analysis of variance between the PSUs of each stratum: people of a PSU are alike."""
    frame = cofactor.load([name], cycles="2001-2018", data=made.path).dropna(subset=[name])
    values = np.log(frame[name].clip(lower=1))
    stratum = values.groupby(frame["strata"]).transform("mean")
    psu = values.groupby([frame["strata"], frame["psu"]]).transform("mean")
    psus, strata = frame.groupby(["strata", "psu"]).ngroups, frame["strata"].nunique()
    between = ((psu - stratum) ** 2).sum() / (psus - strata)
    within = ((values - psu) ** 2).sum() / (len(values) - psus)
    assert stats.f.sf(between / within, psus - strata, len(values) - psus) < 1e-6


# Files of products and medicines that are not right

LOOKED_UP = {"DSII.xpt": "magnesium_supplement_products_mg", "DSPI.xpt": "magnesium_supplement_products_mg",
             "DSQ2_D.xpt": "magnesium_supplement_products_mg", "RXQ_DRUG.xpt": "medicine_statin",
             "RXQ_RX_D.xpt": "medicine_statin"}  # fmt: skip
each_file = pytest.mark.parametrize(("file", "name"), LOOKED_UP.items())


@pytest.fixture
def one_cycle(tmp_path):
    """A folder of 2005-2006 that may be damaged, and the place of a file in it."""
    synthetic_nhanes(tmp_path / "data", people=300, seed=5, cycles="2005-2006")
    return tmp_path / "data", lambda file: tmp_path / "data" / load_manifest().records[file].path


@each_file
def test_a_missing_file_is_named_with_the_way_to_bring_it(one_cycle, file, name):
    folder, place = one_cycle
    place(file).unlink()
    with pytest.raises(FileError, match=rf"{file}.* is not in .*cofactor fetch"):
        cofactor.load([name], cycles="2005-2006", data=folder)


@each_file
def test_a_damaged_file_is_refused(one_cycle, file, name):
    folder, place = one_cycle
    content = bytearray(place(file).read_bytes())
    content[len(content) // 2] ^= 1
    place(file).write_bytes(content)
    with pytest.raises(VerificationError, match=file):
        cofactor.load([name], cycles="2005-2006", data=folder)


@pytest.mark.parametrize(("file", "other"), [("DSII.xpt", "DSPI.xpt"), ("RXQ_DRUG.xpt", "RXQ_RX_D.xpt")])
def test_files_that_changed_places_are_refused(one_cycle, file, other):
    folder, place = one_cycle
    first, second = place(file).read_bytes(), place(other).read_bytes()
    place(file).write_bytes(second)
    place(other).write_bytes(first)
    with pytest.raises(VerificationError, match=f"{file}|{other}"):
        cofactor.load([LOOKED_UP[file]], cycles="2005-2006", data=folder)
