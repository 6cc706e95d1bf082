"""Whatever happens to the bytes: through the verified door comes the right answer or an error of the house."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cofactor.errors import CofactorError
from cofactor.loaders.lockfile import Lock
from cofactor.loaders.raw import read_raw
from cofactor.loaders.verify import Trust, examine, require_good

FILES = ("DEMO_D.xpt", "DEMO_E.xpt", "DSPI.xpt", "NHANES_2005_2006_MORT_2019_PUBLIC.dat")

places = st.floats(0, 1, exclude_max=True)


@st.composite
def damages(draw):
    """A function of the bytes: flip some, cut, drop or double a piece, swap two records of 80, blank or zero one."""
    kind = draw(st.sampled_from(["flip", "cut", "drop", "double", "swap", "fill"]))
    spots = draw(st.lists(places, min_size=2, max_size=4))
    byte = draw(st.integers(1, 255))
    length = draw(st.sampled_from([1, 8, 80, 160, 400]))

    def damage(raw):
        at = sorted(int(spot * len(raw)) for spot in spots)
        first, last = at[0], at[-1]
        if kind == "flip":
            changed = bytearray(raw)
            for one in at:
                changed[one] ^= byte
            return bytes(changed)
        if kind == "cut":
            return raw[: first // length * length]
        if kind == "drop":
            return raw[:first] + raw[first + length :]
        if kind == "double":
            return raw[:first] + raw[first : first + length] + raw[first:]
        if kind == "fill":
            return raw[:first] + bytes([byte % 2 * 32]) * len(raw[first : first + length]) + raw[first + length :]
        a, b = first // 80 * 80, last // 80 * 80
        if b + 80 > len(raw) or a == b:
            return raw[::-1]
        return raw[:a] + raw[b : b + 80] + raw[a + 80 : b] + raw[a : a + 80] + raw[b + 80 :]

    return damage


def attempt(file, path, world):
    """Return the table that comes through the verified door and no error, or nothing and the error."""
    try:
        examined = examine(file, path, Trust(world.manifest, Lock({})))
        require_good(examined.verification)
        return examined.table if examined.table is not None else read_raw(path), None
    except CofactorError as error:
        return None, error


def assert_same(found, expected):
    assert list(found.columns) == list(expected.columns)
    for name in expected.columns:
        if expected[name].dtype == np.float64:
            allowed = 1e-9 * np.nansum(np.abs(expected[name])) + 1e-300
            np.testing.assert_allclose(found[name].astype(float), expected[name], rtol=0, atol=allowed)
        else:
            assert found[name].equals(expected[name])


@pytest.mark.parametrize("file", FILES)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damage=damages())
def test_damaged_bytes_give_an_error_or_the_right_answer(world, tmp_path, file, damage):
    whole = world.path(file)
    path = tmp_path / file
    path.write_bytes(damage(whole.read_bytes()))
    table, error = attempt(file, path, world)
    if table is None:
        assert file in str(error)
    else:
        expected = read_raw(whole).frame
        assert_same(table.frame[list(expected.columns)], expected)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damage=damages())
def test_a_file_that_nobody_knows_gives_an_error_of_the_house_or_a_table(world, tmp_path, damage):
    path = tmp_path / "MINE.xpt"
    path.write_bytes(damage(world.path("DEMO_D.xpt").read_bytes()))
    table, error = attempt("MINE.xpt", path, world)
    assert table is not None or "MINE.xpt" in str(error)
