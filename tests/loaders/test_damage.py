"""Whatever happens to the bytes: through the verified door comes the right answer or an error of the house."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cofactor
from cofactor.errors import CofactorError, VerificationError
from cofactor.loaders import load_manifest
from cofactor.loaders.lockfile import Lock
from cofactor.loaders.raw import read_raw
from cofactor.loaders.store import DataFolder
from cofactor.loaders.verify import Trust, examine, require_good

from .damages import assert_same, damages

MORTALITY = "NHANES_2005_2006_MORT_2019_PUBLIC.dat"
FILES = ("DEMO_D.xpt", "DEMO_E.xpt", "DSPI.xpt", MORTALITY)

quietly = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def attempted(file, work):
    """Return what `work` returns, or None where an error of the house says which file is wrong."""
    try:
        return work()
    except CofactorError as error:
        said = str(error)
    assert file in said
    return None


def examined_table(file, path, world):
    """The table that comes through the verified door."""
    examined = examine(file, path, Trust(world.manifest, Lock({})))
    require_good(examined.verification)
    return examined.table if examined.table is not None else read_raw(path)


@pytest.mark.parametrize("file", FILES)
@settings(quietly, max_examples=120)
@given(damage=damages())
def test_damaged_bytes_give_an_error_or_the_right_answer(world, tmp_path, file, damage):
    whole = world.path(file)
    path = tmp_path / file
    path.write_bytes(damage(whole.read_bytes()))
    table = attempted(file, lambda: examined_table(file, path, world))
    if table is not None:
        expected = read_raw(whole).frame
        assert_same(table.frame[list(expected.columns)], expected)


@pytest.mark.parametrize("file", ["MINE.xpt", "MINE.dat"])
@settings(quietly, max_examples=80)
@given(damage=damages())
def test_a_file_that_nobody_knows_gives_an_error_of_the_house_or_a_table(world, tmp_path, file, damage):
    path = tmp_path / file
    path.write_bytes(damage(world.path("DEMO_D.xpt" if file.endswith("xpt") else MORTALITY).read_bytes()))
    attempted(file, lambda: examined_table(file, path, world))


# The door itself: a folder that serves columns, by a cache that it fills


def through_the_door(world, root, file, raw):
    """Put `raw` in place of `file` in a folder of its own, and ask for all columns; the frame, or the error."""
    shutil.rmtree(root, ignore_errors=True)
    record = world.manifest.get(file)
    path = root / (record.path if record else file)
    path.parent.mkdir(parents=True)
    path.write_bytes(raw)
    folder = DataFolder(root, manifest=world.manifest)
    return folder, attempted(file, lambda: everything(folder, file))


def everything(folder, file):
    """All columns of a file."""
    return folder.columns(file, folder.names(file), one_row_per_person=False)


@pytest.mark.parametrize("file", FILES)
@settings(quietly, max_examples=60)
@given(damage=damages())
def test_the_door_serves_no_damaged_number(world, tmp_path, file, damage):
    whole = world.path(file).read_bytes()
    _, found = through_the_door(world, tmp_path / "damaged", file, damage(whole))
    if found is not None:
        _, expected = through_the_door(world, tmp_path / "whole", file, whole)
        assert_same(found[list(expected)], expected)


@pytest.mark.parametrize("file", FILES)
@settings(quietly, max_examples=40)
@given(garbage=st.binary(max_size=4000))
def test_garbage_is_refused(world, tmp_path, file, garbage):
    assert through_the_door(world, tmp_path / "garbage", file, garbage)[1] is None


@pytest.mark.parametrize(("file", "other"), [(a, b) for a in FILES for b in FILES if a != b])
def test_one_file_under_the_name_of_another_is_refused(world, tmp_path, file, other):
    assert through_the_door(world, tmp_path / "swapped", file, world.path(other).read_bytes())[1] is None


@pytest.mark.parametrize("file", ["MINE.xpt", "MINE.dat"])
@settings(quietly, max_examples=40)
@given(damage=damages())
def test_what_nobody_knows_is_marked_unverified_wherever_it_goes(world, tmp_path, file, damage):
    raw = damage(world.path("DEMO_D.xpt" if file.endswith("xpt") else MORTALITY).read_bytes())
    folder, found = through_the_door(world, tmp_path / "mine", file, raw)
    if found is not None:
        assert [(one.file, one.status) for one in folder.inputs()] == [(file, "unverified")]
        assert "only its structure" in folder.verification(file).note


@settings(quietly, max_examples=40)
@given(damage=damages())
def test_a_damaged_parsed_form_is_made_anew(world, tmp_path, damage):
    """The cache is no door of its own: what happens to it changes no answer."""
    root = tmp_path / "cached"
    _, expected = through_the_door(world, root, "DEMO_D.xpt", world.path("DEMO_D.xpt").read_bytes())
    [parsed] = root.rglob("*.parquet")
    parsed.write_bytes(damage(parsed.read_bytes()))
    pd.testing.assert_frame_equal(everything(DataFolder(root, manifest=world.manifest), "DEMO_D.xpt"), expected)


def test_two_columns_that_change_names_in_the_parsed_form_are_seen(world, tmp_path):
    """Parquet has a checksum for its pages and none for its footer, where the names are."""
    root = tmp_path / "cached"
    _, expected = through_the_door(world, root, "DEMO_D.xpt", world.path("DEMO_D.xpt").read_bytes())
    [parsed] = root.rglob("*.parquet")
    raw = parsed.read_bytes()
    changed = raw.replace(b"RIDAGEYR", b"--------").replace(b"INDFMPIR", b"RIDAGEYR").replace(b"--------", b"INDFMPIR")
    assert changed != raw
    parsed.write_bytes(changed)
    pd.testing.assert_frame_equal(everything(DataFolder(root, manifest=world.manifest), "DEMO_D.xpt"), expected)


# The whole way, on real files

NAMES = ["age_years", "sex", "poverty_income_ratio", "died", "followup_months_exam"]


@pytest.fixture(scope="module")
def real_cycle(mirror, tmp_path_factory):
    """DEMO_D and the deaths of 2005-2006 in a folder that may be damaged; what `load` makes of them."""
    root = tmp_path_factory.mktemp("real") / "data"
    for file in ("DEMO_D.xpt", MORTALITY):
        place = load_manifest().records[file].path
        (root / place).parent.mkdir(parents=True)
        shutil.copyfile(mirror / place, root / place)
    return root, cofactor.load(NAMES, cycles="2005-2006", data=root)


@pytest.mark.real_data
@pytest.mark.parametrize("file", ["DEMO_D.xpt", MORTALITY])
@settings(quietly, max_examples=20)
@given(damage=damages())
def test_load_gives_the_right_people_or_an_error(real_cycle, file, damage):
    root, expected = real_cycle
    path = root / load_manifest().records[file].path
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    try:
        found = attempted(file, lambda: cofactor.load(NAMES, cycles="2005-2006", data=root))
    finally:
        path.write_bytes(whole)
    if found is not None:
        pd.testing.assert_frame_equal(found, expected, rtol=1e-6)


@pytest.mark.real_data
@pytest.mark.parametrize("file", ["RXQ_DRUG.xpt", "DSPI.xpt"])
@settings(quietly, max_examples=8)
@given(damage=damages())
def test_dictionaries_of_medicines_and_products_are_right_or_refused(mirror, tmp_path, file, damage):
    place = load_manifest().records[file].path
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(damage((mirror / place).read_bytes()))
    found = attempted(file, lambda: everything(DataFolder(tmp_path), file))
    if found is not None:
        assert_same(found, read_raw(mirror / place).frame[list(found)])


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("file", "other"), [("DSII.xpt", "DSPI.xpt"), ("DSPI.xpt", "RXQ_DRUG.xpt"), ("RXQ_DRUG.xpt", "DSPI.xpt")]
)
def test_a_dictionary_under_the_name_of_another_is_refused_by_its_columns(mirror, tmp_path, file, other):
    path = tmp_path / load_manifest().records[file].path
    path.parent.mkdir(parents=True)
    path.symlink_to(mirror / load_manifest().records[other].path)
    with pytest.raises(VerificationError, match=f"{file}.*content differs from the manifest"):
        DataFolder(tmp_path).columns(file, [], one_row_per_person=False)
